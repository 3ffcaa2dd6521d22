"""Marks a point that the case has reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewright.machine.effects import Publish
from casewright.machine.plan import Activity, Constant, Emission
from casewright.steps.contract import Step, step_type
from casewright.steps.scope import Scope

EVENT = "case.milestone_reached"
"""What is published when a milestone is reached."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What the event tells: the case, and which milestone it is."""

    milestone: str
    roots: frozenset[str] = frozenset({"case"})

    def evaluate(self, roots: Mapping[str, Any]) -> dict[str, Any]:
        case = roots["case"]
        return {"case_id": case["id"], "case_type": case["type"], "milestone": self.milestone}


def lower(step: Step, scope: Scope) -> Activity:
    """The event; the step completes at once."""
    return Activity(emissions=(Emission(Publish, {"event": Constant(EVENT), "payload": Reached(step.path)}),))


STEP = step_type("milestone", __file__, lower)
