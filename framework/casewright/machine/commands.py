"""What may be asked of a case: by people, by jobs, by timers and by other cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Create:
    """Begin the case with this data; where a rule begins it, in the name of `originator` (`""`: whoever commands)."""

    case_id: str
    data: Mapping[str, Any] = field(default_factory=dict)
    channel: str = "agent"
    interaction: str = ""
    parent: str = ""
    parent_path: str = ""
    parent_visit: int = 1
    originator: str = ""


@dataclass(frozen=True, slots=True)
class Submit:
    """Complete the assignment of an item: the fields (or `answer`) it fills, and the outcome chosen."""

    path: str
    visit: int = 1
    data: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = "done"


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a connector call: at which try it came, and how the one before failed."""

    path: str
    visit: int
    result: Any
    tries: int = 1
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """A connector call was given up after so many tries, the last of which failed like this."""

    path: str
    visit: int
    error: str
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Fire:
    """A timer is due."""

    timer: str


@dataclass(frozen=True, slots=True)
class ChildResolved:
    """A child case that the item waits for has ended."""

    path: str
    visit: int
    case_id: str
    status: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Occurred:
    """An event has arrived that a visit of an item listens for; `listener` is what the item called it."""

    path: str
    visit: int
    event: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    listener: str = ""


@dataclass(frozen=True, slots=True)
class StartItem:
    """Begin what waits to be started by hand: an item that is enabled (at its visit), or an optional action."""

    path: str
    visit: int = 0


@dataclass(frozen=True, slots=True)
class RetryItem:
    """Try a failed item again, from its entry."""

    path: str
    visit: int = 1


@dataclass(frozen=True, slots=True)
class SkipItem:
    """Pass over the item that is active now; refused where it must be done."""

    path: str
    visit: int = 1
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Goto:
    """Enter another stage, or an alternate stage, by hand."""

    target: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the case without completing it."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reopen:
    """Take up a resolved case again, at `target` or at its last stage."""

    target: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PagesLoaded:
    """The pages that a parked command needs can be read now."""


Command = (
    Create
    | Submit
    | Result
    | Failed
    | Fire
    | ChildResolved
    | Occurred
    | StartItem
    | RetryItem
    | SkipItem
    | Goto
    | Cancel
    | Reopen
    | PagesLoaded
)
