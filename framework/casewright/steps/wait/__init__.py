"""Waits for a time, an event, a child case, or the first of several."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from casewright.expressions import DATE, DATETIME, DYNAMIC, NULL, Type, choice, record, type_name
from casewright.machine.calendars import add
from casewright.machine.effects import StartTimer
from casewright.machine.plan import Activity, Awaits, Constant, Emission, Value
from casewright.machine.side_by_side import Alternative
from casewright.source.node import Formula, Node
from casewright.steps.contract import Step, step_type
from casewright.steps.scope import Scope, listed
from casewright.steps.wait.alternatives import FORMS, check_when, ended_by, form_of
from casewright.values import Duration


@dataclass(frozen=True, slots=True)
class After:
    """The instant a length of time from now, in the hours of a calendar where one is named."""

    length: Duration
    calendar: str = ""
    roots: frozenset[str] = frozenset()

    def evaluate(self, roots: Mapping[str, Any]) -> datetime:
        calendar = roots["$rules"].bind("calendar", self.calendar, roots).value if self.calendar else None
        return add(roots["$now"], self.length, calendar)


@dataclass(frozen=True, slots=True)
class At:
    """The instant that a value gives: a date means its midnight; nothing means now."""

    value: Value

    @property
    def roots(self) -> frozenset[str]:
        return self.value.roots

    def evaluate(self, roots: Mapping[str, Any]) -> datetime:
        now: datetime = roots["$now"]
        due = self.value.evaluate(roots)
        if isinstance(due, datetime):
            return due
        return datetime.combine(due, time(), now.tzinfo) if isinstance(due, date) else now


def lower(step: Step, scope: Scope) -> Activity:
    """What ends the wait, and what is kept of it."""
    several, form = step.node.get("first_of"), form_of(step.node, scope)
    check_when(step.node, scope)
    if several is not None and form is None:
        return _first_of(step, scope)
    if (several is None) == (form is None):
        written = [name for name in (*FORMS, "first_of") if name in step.node.value]
        scope.report(
            "E514",
            step.node.span,
            f"a wait says {listed(written)}; it needs exactly one of {listed((*FORMS, 'first_of'))}",
            help="add for: 2d, until: =case.due, event: NAME or child: STEP; "
            "for several of them write first_of: [{id: paid, event: NAME}, {id: late, for: 2d}]",
        )
        return Activity(awaits=Awaits.TIMER)
    return _single(step, form or "for", scope)


def _single(step: Step, form: str, scope: Scope) -> Activity:
    node = step.node
    if form in ("for", "until"):
        saved = scope.saves(node.entries("save"), NULL)
        return Activity(emissions=(_timer(node, "", scope),), awaits=Awaits.TIMER, save=saved)
    alternative, result = ended_by(node, form, step.path, form, scope)
    return Activity(
        awaits=Awaits.EVENT if form == "event" else Awaits.CHILD,
        alternatives=(alternative,),
        save=scope.saves(node.entries("save"), result),
    )


def _first_of(step: Step, scope: Scope) -> Activity:
    """A timer for each length of time or instant, and an alternative for each of what may come."""
    timers: list[Emission] = []
    alternatives: list[Alternative] = []
    for each in step.node.items("first_of"):
        form, name = form_of(each, scope), each.word("id")
        if form is None:
            message = f"'{name}' needs exactly one of {listed(FORMS)}"
            scope.report("E514", each.span, message, help="add for: 2d, until: =case.due, event: NAME or child: STEP")
            continue
        alternative, result = ended_by(each, form, step.path, name, scope)
        saved = scope.saves(each.entries("save"), result)
        alternatives.append(replace(alternative, save=saved))
        if form in ("for", "until"):
            timers.append(_timer(each, name, scope))
    return Activity(
        emissions=tuple(timers),
        awaits=Awaits.FIRST,
        alternatives=tuple(alternatives),
        save=scope.saves(step.node.entries("save"), _first(alternatives)),
    )


def _first(alternatives: list[Alternative]) -> Type:
    return record("first_of", {"first": choice(each.id for each in alternatives)})


def _timer(node: Node, name: str, scope: Scope) -> Emission:
    """The timer of a length of time or an instant; `name` tells it apart from others of the step."""
    until = node.get("until")
    due: Value = At(_instant(until, scope)) if until else After(_length(node), node.word("calendar"))
    named = {"name": Constant(name)} if name else {}
    return Emission(StartTimer, {"due": due, "purpose": Constant("wait"), **named})


def _instant(node: Node, scope: Scope) -> Value:
    """The date or instant that is written, or given by an expression; a problem where it is neither."""
    if not isinstance(node.value, Formula):
        return scope.value(node, DATETIME if "T" in str(node.value) else DATE)
    value = scope.value(node)
    given: Type = getattr(value, "type", DYNAMIC)
    if given.kind not in ("date", "datetime", "dynamic", "null"):
        scope.report(
            "E404",
            node.span,
            f"this gives {type_name(given)}; a date or an instant is wanted here",
            help="a length of time is written under for:",
        )
    return value


def _length(node: Node) -> Duration:
    found = node.get("for")
    return found.value if found is not None and isinstance(found.value, Duration) else Duration()


STEP = step_type("wait", __file__, lower)
