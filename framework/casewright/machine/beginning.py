"""How a case begins: who may start it where, what it is given, and which rules it pins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from casewright.machine.acting import UNASKED
from casewright.machine.charts import START
from casewright.machine.clocks import start_clocks
from casewright.machine.commands import Create
from casewright.machine.decision import Refusal
from casewright.machine.draft import Draft
from casewright.machine.facts import SYSTEM, Actor
from casewright.machine.plan import Context, Nested, Plan
from casewright.machine.roots import plain
from casewright.machine.settling import settle
from casewright.machine.submissions import check_fields, invalid


def create(draft: Draft, command: Create) -> Refusal | None:
    """Begins the case and takes it to its first rest."""
    actor = draft.facts.actor
    refused = _may_start(draft.plan, command, actor) or _may_give(draft.plan, command, actor)
    refused = refused or _fill(draft, command) or _holds(draft)
    if refused:
        return refused
    _pin(draft, draft.plan, set())
    draft.visits[""] = 1
    if draft.plan.sla:
        start_clocks(draft, draft.plan.sla, "", 1)
    return settle(draft, ("", draft.plan.tables[""].next[START]))


def _may_start(plan: Plan, command: Create, actor: Actor) -> Refusal | None:
    if actor.kind in UNASKED or command.parent:
        return None
    if plan.open_to and command.channel not in plan.open_to:
        channels = ", ".join(sorted(plan.open_to))
        return Refusal("channel", f"{plan.label} is open to {channels}, not to '{command.channel}'")
    if plan.start_by and actor.kind not in plan.start_by and not (actor.roles & plan.start_by):
        roles = ", ".join(sorted(plan.start_by))
        return Refusal("not_allowed", f"{plan.label} may be started by {roles}; '{actor.id}' is none of these")
    return None


def _may_give(plan: Plan, command: Create, actor: Actor) -> Refusal | None:
    """Refuses what only rules give: no caller may say that a customer is verified, or what a card costs."""
    if actor.kind == SYSTEM.kind or command.parent:
        return None
    internal = [name for name in command.data if name in plan.fields and plan.fields[name].internal]
    fault = "it is internal: only the rules of the case fill it, so leave it out"
    return invalid("", [(name, fault) for name in internal]) if internal else None


def _fill(draft: Draft, command: Create) -> Refusal | None:
    """Takes the data, and the defaults of the fields that were not given."""
    fields = draft.plan.fields
    accepted, faults = check_fields(fields, tuple(fields), frozenset(), command.data)
    if faults:
        return invalid("", faults)
    draft.save({name: value for name, value in accepted.items() if value is not None})
    for name, declared in fields.items():
        if declared.default is not None and name not in accepted:
            fault = _default(draft, name)
            if fault:
                return invalid("", [(name, fault)])
    return None


def _default(draft: Draft, name: str) -> str:
    declared = draft.plan.fields[name]
    assert declared.default is not None
    value: Any = plain(declared.default.evaluate(draft.roots))
    if value is None:
        return ""
    try:
        draft.save({name: declared.accept(value)})
    except ValueError as refused:
        return f"its default does not fit: {refused}"
    return ""


def _holds(draft: Draft) -> Refusal | None:
    condition = draft.plan.start_when
    if condition is None or condition.holds(draft.roots):
        return None
    read = [each for name, each in draft.plan.context.items() if name in condition.roots]
    missing = next((each for each in read if draft.roots[each.name] is None), None)
    because = _not_found(draft, missing) if missing is not None else f"{condition.name} does not hold"
    return Refusal("start_condition", f"{draft.plan.label} cannot be started: {because}")


def _not_found(draft: Draft, context: Context) -> str:
    """Which record of the context is not there."""
    given = [plain(value.evaluate(draft.roots)) for value in context.parameters.values()]
    keys = ", ".join(f"'{each}'" for each in given if each not in (None, ""))
    return f"there is no {context.name} {keys}" if keys else f"it names no {context.name}"


def _pin(draft: Draft, plan: Plan, seen: set[str]) -> None:
    """Binds the processes that the case can reach to what they are now."""
    for nested in _processes(plan):
        name = f"{nested.kind}/{nested.id}"
        if name in seen:
            continue
        seen.add(name)
        bound = draft.binder.bind(nested.kind, nested.id, draft.roots)
        draft.bindings = {**draft.bindings, name: bound.digest}
        _pin(draft, bound.value, seen)


def _processes(plan: Plan) -> Iterator[Nested]:
    for _, item in plan.every_item():
        activity = item.activity
        if activity is not None and activity.nested is not None and not activity.nested.late:
            yield activity.nested
