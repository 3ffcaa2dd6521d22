"""Waits for a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from casewright.machine.calendars import add
from casewright.machine.effects import StartTimer
from casewright.machine.plan import Activity, Awaits, Constant, Emission, Value
from casewright.steps.contract import Step, step_type
from casewright.steps.scope import Scope
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
    """A timer on entry; its firing completes the step."""
    length, until = step.node.get("for"), step.node.get("until")
    if (length is None) == (until is None):
        scope.report(
            "E514", step.node.span, "wait needs either for: or until:", help="add for: 2d, or until: =case.due"
        )
    due: Value = At(scope.value(until)) if until else After(_length(step), step.node.word("calendar"))
    return Activity(
        emissions=(Emission(StartTimer, {"due": due, "purpose": Constant("wait")}),),
        awaits=Awaits.TIMER,
    )


def _length(step: Step) -> Duration:
    node = step.node.get("for")
    return node.value if node is not None and isinstance(node.value, Duration) else Duration()


STEP = step_type("wait", __file__, lower)
