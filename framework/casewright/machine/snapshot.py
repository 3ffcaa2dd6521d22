"""The state of one case between two decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from casewright.machine.commands import Command
from casewright.machine.effects import StartTimer
from casewright.machine.facts import Actor


class ItemLife(StrEnum):
    """The lifecycle of a stage or step. Completed, terminated and skipped are ends; failed waits for somebody."""

    AVAILABLE = "available"
    ENABLED = "enabled"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    FAILED = "failed"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    SKIPPED = "skipped"


LIVE = frozenset({ItemLife.AVAILABLE, ItemLife.ENABLED, ItemLife.ACTIVE, ItemLife.SUSPENDED, ItemLife.FAILED})
"""The states of the items that a snapshot carries. An item whose failure a handler takes up ends as terminated."""


@dataclass(frozen=True, slots=True)
class ItemState:
    """One visit of an item. `at` is the state of its inner sequence's chart, `bound` the hash of a nested plan.

    `values` keeps what belongs to the visit alone: a dialog's score and answers, an assignment's outcome, an error.
    """

    path: str
    visit: int
    kind: str
    state: ItemLife
    at: str = ""
    bound: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parked:
    """A command that waits for a page, and who gave it: it is taken up in that name."""

    command: Command
    actor: Actor


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A case at rest.

    `at` is the state of the stage chart; `items` holds the live item of each path (its state is in `LIVE`), ended ones
    are history; `visits` how often each path was entered, and as `PATH#completed` in which visit an action was done
    that may be done only once, and as `PATH#STATE@AROUND` during which visit of what is around it an item reached a
    state that another waits for; `timers` the running ones by name; `parked` the commands that wait for a page;
    `bindings` the hashes that the case pinned when it was created, by `KIND/ID`; `children` what became of the child
    cases that a step may still wait for, by `PATH#VISIT` of the step that began them: {id, status, data} of one that
    has ended, {error} of one that could not begin, None while it runs.
    """

    case_id: str
    case_type: str
    digest: str
    version: int
    status: str
    at: str
    data: Mapping[str, Any]
    items: Mapping[str, ItemState]
    visits: Mapping[str, int]
    created_at: datetime
    created_by: str
    timers: Mapping[str, StartTimer] = field(default_factory=dict)
    parked: tuple[Parked, ...] = ()
    urgency: int = 10
    interaction: str = ""
    parent: str = ""
    parent_path: str = ""
    parent_visit: int = 1
    bindings: Mapping[str, str] = field(default_factory=dict)
    children: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_resolved(self) -> bool:
        return self.status.startswith("Resolved")
