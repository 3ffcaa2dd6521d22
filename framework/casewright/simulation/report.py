"""What comes of playing a scenario: the events, and every expectation that was not met. All of it is values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from casewright.simulation.scenario import Scenario
from casewright.values import Span


class Told(StrEnum):
    """What sort of thing an event tells."""

    CASE = "case"
    CHILD = "child"
    SAID = "said"
    SHOWN = "shown"
    ANSWERED = "answered"
    FILLED = "filled"
    DECIDED = "decided"
    VARIANT = "variant"
    SKIPPED = "skipped"
    WAITS = "waits"
    CALLED = "called"
    CALL_FAILED = "call_failed"
    GIVEN_UP = "given_up"
    INCIDENT = "incident"
    SAVED = "saved"
    SENT = "sent"
    NOTE = "note"
    EVENT = "event"
    HEARD = "heard"
    BEGINS = "begins"
    ENDED = "ended"
    MILESTONE = "milestone"
    TIMER = "timer"
    TIME = "time"
    MOVED = "moved"
    STATUS = "status"
    COMMAND = "command"
    REFUSED = "refused"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: when, in which case, at which path; who or what did it, and in what words.

    `because` is the reason where there is one; `detail` holds the values that a machine may want. `lanes` are the
    branches, passes and actions that it happens in, the outermost first, as they are called.
    """

    at: datetime
    told: Told
    text: str
    case_id: str = ""
    path: str = ""
    actor: str = ""
    because: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    lanes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Something that is not as the scenario says: where it says so, what of which case, wanted and found."""

    at: Span
    what: str
    wanted: str
    found: str
    case_id: str = ""

    def __str__(self) -> str:
        of = f" of {self.case_id}" if self.case_id else ""
        return f"{self.at}: {self.what}{of}: expected {self.wanted}, found {self.found}"


@dataclass(frozen=True, slots=True)
class Report:
    """How a scenario went. `resumed` counts the commands that an earlier run had done already."""

    scenario: Scenario
    events: tuple[Event, ...]
    mismatches: tuple[Mismatch, ...]
    checked: int
    resumed: int = 0
    cases: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything is as the scenario says."""
        return not self.mismatches
