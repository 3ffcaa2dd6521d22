"""A case's state worked out again from its history: no clock, no source and no active release is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from casewright.machine.commands import Command
from casewright.machine.decide import decide
from casewright.machine.decision import Decision
from casewright.machine.facts import Facts
from casewright.machine.plan import Plan
from casewright.machine.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Entry:
    """One decided command as history keeps it: the hash of the plan, and the facts with the pages that were read and
    the hashes that were bound."""

    digest: str
    command: Command
    facts: Facts


class Diverged(Exception):
    """The history does not lead where it says: an entry was not decided again. `entry` is its number, from 1."""

    def __init__(self, entry: int, outcome: object) -> None:
        self.entry = entry
        self.outcome = outcome
        super().__init__(f"entry {entry} of the history is not decided again: {outcome}")


def replay(plan_of: Callable[[str], Plan], entries: Iterable[Entry]) -> Snapshot | None:
    """The snapshot that the entries lead to; None where there are none. Raises `Diverged`."""
    snapshot: Snapshot | None = None
    for number, entry in enumerate(entries, start=1):
        outcome = decide(plan_of(entry.digest), snapshot, entry.command, entry.facts)
        if not isinstance(outcome, Decision):
            raise Diverged(number, outcome)
        snapshot = outcome.snapshot
    return snapshot
