"""Cases that rules begin: what they are given, and whether somebody can do the work that they lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casewright.compiler.lowering import Lowered
from casewright.compiler.release import Edition
from casewright.machine.effects import OpenAssignment, StartCase
from casewright.machine.plan import Activity, Constant, Item, Plan
from casewright.machine.policies import Routing, Trigger
from casewright.rules.contract import Rule
from casewright.source.node import Node
from casewright.steps.assigning import Originator, Routed
from casewright.steps.review import filled_by
from casewright.steps.scope import MapValue, listed
from casewright.values import Problem, Related, Span

MOST_NAMED = 5
"""How many steps a warning names."""

Lowerings = Mapping[Edition, Lowered]


def of_begun_cases(rules: Mapping[Edition, Rule], lowered: Lowerings) -> Iterator[Problem]:
    """E505 for each case that begins without what it needs, W707 for each whose work is nobody's."""
    there = _There(lowered)
    for edition, each in lowered.items():
        if isinstance(each.value, Trigger):
            yield from _of_trigger(each.value, rules[edition], there)
        elif isinstance(each.value, Plan):
            yield from _of_children(each.value, there)


class _There:
    """The plans and routings that there are, by kind and id, variants and classes among them."""

    def __init__(self, lowered: Lowerings) -> None:
        self.plans: dict[tuple[str, str], list[Plan]] = {}
        self.routings: dict[str, list[Routing]] = {}
        for (name, language), each in lowered.items():
            if language:
                continue
            if isinstance(each.value, Plan):
                self.plans.setdefault((name.kind, name.id), []).append(each.value)
            elif isinstance(each.value, Routing):
                self.routings.setdefault(name.id, []).append(each.value)

    def steps(self, case_type: str, *, with_children: bool) -> list[_Found]:
        """The steps of a case type and of the dialogs and processes that it reaches, each once."""
        found: dict[Span, _Found] = {}
        waiting, seen = [("case_type", case_type)], {("case_type", case_type)}
        while waiting:
            rule = waiting.pop(0)
            for step in self._of(rule):
                found.setdefault(step.item.at, step)
                fresh = [each for each in _reached(step.activity, with_children) if each not in seen]
                seen.update(fresh)
                waiting += fresh
        return list(found.values())

    def _of(self, rule: tuple[str, str]) -> Iterator[_Found]:
        for plan in self.plans.get(rule, ()):
            for _, item in plan.every_item():
                if item.activity is not None:
                    yield _Found("/".join(rule), item, item.activity)


@dataclass(frozen=True, slots=True)
class _Found:
    """A step, and the rule that it stands in."""

    rule: str
    item: Item
    activity: Activity


def _reached(activity: Activity, with_children: bool) -> Iterator[tuple[str, str]]:
    if activity.nested is not None:
        yield activity.nested.kind, activity.nested.id
    child = _child_of(activity) if with_children else None
    if child is not None:
        yield "case_type", child[0]


def _child_of(activity: Activity) -> tuple[str, frozenset[str]] | None:
    """The type of the case that a step begins, and the fields that it hands over; None where it begins none."""
    for emission in activity.emissions:
        type_ = emission.arguments.get("case_type")
        if emission.effect is StartCase and isinstance(type_, Constant):
            data = emission.arguments.get("data")
            return str(type_.value), frozenset(data.entries if isinstance(data, MapValue) else ())
    return None


# -- what they are given -----------------------------------------------------------------------------------------------


def _of_children(plan: Plan, there: _There) -> Iterator[Problem]:
    for _, item in plan.every_item():
        child = _child_of(item.activity) if item.activity is not None else None
        if child is not None:
            yield from _lacks(child[0], child[1], item.at, there)


def _lacks(case_type: str, given: frozenset[str], at: Span, there: _There) -> Iterator[Problem]:
    """E505 where a case begins without a required field that none of its own steps fills."""
    plan = next(iter(there.plans.get(("case_type", case_type), ())), None)
    if plan is None:
        return
    filled = given | {name for step in there.steps(case_type, with_children=False) for name in filled_by(step.activity)}
    needed = [name for name, each in plan.fields.items() if each.required and each.default is None]
    missing = [name for name in needed if name not in filled]
    if missing:
        message = f"case_type/{case_type} needs {listed(missing)}, which none of its steps asks for"
        yield Problem(at, "E505", message, help=f"add with: {{{missing[0]}: =...}}")


# -- whose work it is --------------------------------------------------------------------------------------------------


def _of_trigger(trigger: Trigger, rule: Rule, there: _There) -> Iterator[Problem]:
    start: Node = rule.body.get("start") or rule.body
    yield from _lacks(trigger.case_type, frozenset(trigger.data), (start.get("with") or start).span, there)
    if trigger.originator is not None:
        return
    steps = [each for each in there.steps(trigger.case_type, with_children=True) if _is_originators(each, there)]
    if steps:
        related = tuple(
            Related(each.item.at, f"{each.rule}: '{each.item.path}' waits for him") for each in steps[:MOST_NAMED]
        )
        yield Problem(
            (start.get("case_type") or start).span,
            "W707",
            f"{rule.name} begins {trigger.case_type} in nobody's name, "
            f"but it has {_work(len(steps))} for the originator",
            related,
            "assign that step to a queue or role, or give the trigger an originator: =EXPRESSION",
        )


def _work(number: int) -> str:
    return "a step" if number == 1 else f"{number} steps"


def _is_originators(step: _Found, there: _There) -> bool:
    targets = [e.arguments.get("target") for e in step.activity.emissions if e.effect is OpenAssignment]
    for target in [*targets]:
        if isinstance(target, Routed):
            targets += [r.target for each in there.routings.get(target.routing, ()) for r in each.routes]
    return any(isinstance(target, Originator) for target in targets)
