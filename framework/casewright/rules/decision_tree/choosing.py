"""Which branch of a fork holds first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casewright.machine.plan import Condition


def first_of(conditions: Sequence[Condition | None]) -> Callable[[Mapping[str, Any]], int]:
    """A function that gives the number of the first condition that holds, and of all where none does.

    None always holds.
    """
    tests = tuple(conditions)

    def first(roots: Mapping[str, Any]) -> int:
        for number, condition in enumerate(tests):
            if condition is None or condition.holds(roots):
                return number
        return len(tests)

    return first
