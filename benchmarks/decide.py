"""What does one decision cost beside a registered `transitions` model that fires the same two transitions?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from transitions import Machine

from benchmarks.harness import Contestant, Row, at_most, race
from casewright.machine.decide import decide
from casewright.machine.decision import Decision
from tests.machine.plans import TWO_STEP_SUBMIT, facts, two_step_plan, two_step_start


def rows() -> Iterator[Row]:
    """A submission that completes a step and opens the next, each transition with one guard."""
    turns = {"ours": Contestant(our_step(), repeat=50), "theirs": Contestant(their_step(), repeat=50)}
    taken = race(turns, turns=300)
    yield at_most(
        "decide: complete a step, open the next", taken["ours"], "registered transitions model", taken["theirs"], 1.0
    )


def our_step() -> Callable[[], None]:
    """The decision on a submission, from the plan that the tests of the machine use."""
    plan, snapshot, known = two_step_plan(), two_step_start(), facts()
    verdict = decide(plan, snapshot, TWO_STEP_SUBMIT, known)
    assert isinstance(verdict, Decision), verdict
    assert "work.second" in verdict.snapshot.items

    def step() -> None:
        decide(plan, snapshot, TWO_STEP_SUBMIT, known)

    return step


class Work:
    """The model that `transitions` is given: two steps, and what their guards look at."""

    def __init__(self) -> None:
        self.data = {"amount": 250, "segment": "VIP"}

    def is_answered(self, event: Any) -> bool:
        return event.kwargs["answer"] is not None

    def is_wanted(self, event: Any) -> bool:
        return bool(self.data["amount"] > 100)


def their_step() -> Callable[[], None]:
    """One step completed and the next opened, as its documentation shows it: a machine with a registered model."""
    work = Work()
    Machine(
        work,
        states=["first_active", "first_completed", "second_active"],
        transitions=[
            {"trigger": "complete", "source": "first_active", "dest": "first_completed", "conditions": "is_answered"},
            {"trigger": "open_next", "source": "first_completed", "dest": "second_active", "conditions": "is_wanted"},
        ],
        initial="first_active",
        auto_transitions=False,
        send_event=True,
    )

    def step() -> None:
        work.complete(answer="yes")  # type: ignore[attr-defined]
        work.open_next()  # type: ignore[attr-defined]
        work.state = "first_active"  # type: ignore[attr-defined]

    step()
    return step
