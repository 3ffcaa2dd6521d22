"""Lists of steps to sequences of items: what stages, processes, dialogs, branches and handlers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from casewright.machine.effects import NO_RETRY, Move, Resolve, Retry
from casewright.machine.plan import Activity, Item, Sequence
from casewright.machine.policies import Sla
from casewright.machine.quick import quick
from casewright.machine.side_by_side import ALL
from casewright.source.node import Node
from casewright.steps.clocks import lower_sla
from casewright.steps.contract import Step, StepType, Within
from casewright.steps.scope import Scope
from casewright.steps.sentries import Bounds, bounds_of
from casewright.steps.written import ACTIONS, HANDLER
from casewright.values import Related

Steps = Mapping[str, StepType]

_item_of = quick(Item)

RESERVED = {
    HANDLER: "that is what handlers of failed steps are called",
    ACTIONS: "that is where the optional actions of a stage or case lie",
}
"""Ids that no item may have, each with the reason."""

REFUSED = frozenset({"next", "goto"})
"""Keys of steps that other languages have and this one does not."""


def lower_sequence(node: Node | None, path: str, steps: Steps, scope: Scope) -> Sequence:
    """The sequence of a list of steps whose items lie at `path` (`""` for a dialog or process on its own)."""
    entries = node.value if node is not None and node.is_list else ()
    items = tuple(lower_item(each, path, steps, scope) for each in entries)
    _check_reach(items, scope)
    return Sequence(path, items)


def lower_item(node: Node, path: str, steps: Steps, scope: Scope) -> Item:
    """One step of a sequence."""
    step_id = own_id(node, "step", scope)
    return _item(node, step_id, f"{path}.{step_id}" if path else step_id, steps, scope)


def own_id(node: Node, noun: str, scope: Scope) -> str:
    """The id of an item; a problem where it is one that stands for something else in paths."""
    found = node.word("id")
    if found in RESERVED:
        message = f"no {noun} is called '{found}': {RESERVED[found]}"
        scope.report("E517", (node.get("id") or node).span, message, help="give it another id")
    return found


def lower_region(node: Node, path: str, kind: str, steps: Steps, scope: Scope) -> Item:
    """An item that holds steps in order and is no step itself: a stage or a branch."""
    return _region(node, path, kind, bounds_of(node, path, scope), steps, scope)


def _region(node: Node, path: str, kind: str, bounds: Bounds, steps: Steps, scope: Scope) -> Item:
    item_id = own_id(node, kind, scope)
    return _item_of(
        id=item_id,
        path=path,
        label=node.word("label") or item_id.replace("_", " ").capitalize(),
        kind=kind,
        at=node.span,
        when=scope.condition(node.get("when")),
        skip_when=scope.condition(node.get("skip_when")),
        body=lower_sequence(node.get("steps"), path, steps, scope),
        sla=sla_use(node, scope),
        entry=bounds.entry,
        exit=bounds.exit,
        manual=bounds.manual,
        started_by=bounds.started_by,
        repeat=bounds.repeat,
    )


def lower_actions(node: Node, path: str, steps: Steps, scope: Scope) -> tuple[Item, ...]:
    """The optional actions of the stage at `path`, or of the case (`""`)."""
    before = f"{path}.{ACTIONS}" if path else ACTIONS
    return tuple(_action(each, f"{before}.{each.word('id')}", steps, scope) for each in node.items("actions"))


def _action(node: Node, path: str, steps: Steps, scope: Scope) -> Item:
    started = Bounds(started_by=frozenset(node.words("by")))
    return replace(_region(node, path, "action", started, steps, scope), once=node.is_true("once"))


def _item(node: Node, step_id: str, path: str, steps: Steps, scope: Scope) -> Item:
    step = Step(step_id, path, node, steps)
    kind = node.word("do")
    _refuse_jumps(node, scope)
    made = steps[kind].lower(step, scope) if kind in steps else Activity()
    within = made if isinstance(made, Within) else Within(activity=made)
    bounds = bounds_of(node, path, scope)
    item = _item_of(
        id=step_id,
        path=path,
        label=step.label,
        kind=kind,
        at=node.span,
        when=scope.condition(step.node.get("when")),
        skip_when=scope.condition(step.node.get("skip_when")),
        must=node.is_true("must"),
        activity=within.activity,
        body=within.body,
        sla=sla_use(node, scope),
        entry=bounds.entry,
        exit=bounds.exit,
        manual=bounds.manual,
        started_by=bounds.started_by,
        repeat=bounds.repeat,
        split=within.split,
    )
    failure = step.node.get("on_failure")
    return item if failure is None else _with_failure(item, failure, steps, scope)


def _refuse_jumps(node: Node, scope: Scope) -> None:
    """Steps that say what comes next would make the order hang on every one of them."""
    for word in REFUSED.intersection(node.value):
        scope.report(
            "E550",
            node.value[word].key,
            f"a step has no {word}: steps run in the order written",
            help="to go side by side write do: parallel; to pass over a step give it a when:; "
            "to go back to a stage write do: move; for an end of its own add an alternate stage",
        )


def _with_failure(item: Item, failure: Node, steps: Steps, scope: Scope) -> Item:
    then = failure.get("then")
    handler = _item(then, f"{item.id}.{HANDLER}", f"{item.path}.{HANDLER}", steps, scope) if then else None
    return replace(item, retry=_retry(failure.get("retry")), handler=handler)


def _retry(node: Node | None) -> Retry:
    if node is None:
        return NO_RETRY
    times, backoff = node.get("times"), node.get("backoff")
    seconds = backoff.value.exact.total_seconds() if backoff else 1.0
    return Retry(times.value if times else 0, seconds)


def sla_use(node: Node, scope: Scope) -> str | Sla:
    """What an `sla:` names or says in place; `""` where there is none."""
    sla = node.get("sla")
    if sla is None:
        return ""
    return lower_sla(f"in place at {sla.span}", sla, scope) if sla.is_map else str(sla.value)


# -- what is never reached ---------------------------------------------------------------------------------------------


def _check_reach(items: tuple[Item, ...], scope: Scope) -> None:
    """A step behind one that always leaves the sequence is never reached."""
    for above, following in pairwise(items):
        leaving = _leaving(above)
        if leaving is not None:
            scope.report(
                "W705",
                following.at,
                f"step '{following.id}' is never reached: '{leaving.id}' above it always leaves",
                related=(Related(leaving.at, "it leaves here"),),
                help=f"give '{leaving.id}' a when:, or put '{following.id}' before it",
            )


def _leaving(item: Item) -> Item | None:
    """The step with which an item always leaves the sequence that it stands in: itself, or one inside it."""
    if item.when is not None or item.skip_when is not None or item.exit:
        return None
    if {each.effect for each in item.activity.emissions} & {Move, Resolve} if item.activity else False:
        return item
    inside = item.body.items if item.body is not None else ()
    if item.split is not None and item.split.join == ALL and item.split.done_when is None:
        inside = tuple(branch for branch in item.split.branches if branch.required)
    return next((found for each in inside if (found := _leaving(each)) is not None), None)
