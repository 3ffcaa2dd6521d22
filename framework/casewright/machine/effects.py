"""The closed set of things that a decision asks of the world. A new one is an architecture decision (docs/adr)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Target:
    """Who an assignment is for: `kind` is operator, queue, role or customer; `id` names it."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One load of a data page: its id and the parameters in the order of their names."""

    page: str
    parameters: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, page: str, parameters: Mapping[str, Any]) -> PageRequest:
        return cls(page, tuple(sorted(parameters.items())))


@dataclass(frozen=True, slots=True)
class OpenAssignment:
    """A step waits for somebody: its screen is that of the plan's item at `path`; `text` is what a say or ask shows."""

    path: str
    visit: int
    target: Target
    label: str
    urgency: int = 10
    text: str = ""
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CloseAssignment:
    """The assignment of an item ends: `outcome` is done, approved, rejected, skipped or withdrawn."""

    path: str
    visit: int
    outcome: str


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Something is due at an instant: `name` is unique in the case; `purpose` is wait, goal or deadline."""

    name: str
    due: datetime
    purpose: str
    path: str = ""
    visit: int = 1


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """A timer of the case is void, whether it fired or not."""

    name: str


@dataclass(frozen=True, slots=True)
class AwaitEvent:
    """A visit of an item listens for an event whose payload has the values of `key`, sorted by their names.

    `listener` is unique in the visit and comes back in the `Occurred` command. An event that was published at `since`
    or later counts too (None: only from now on). Ends with `StopAwaiting`, not with the first event.
    """

    path: str
    visit: int
    event: str
    key: tuple[tuple[str, Any], ...] = ()
    listener: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class StopAwaiting:
    """A visit of an item listens for no event any more."""

    path: str
    visit: int


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a call is tried again, and how long it rests before the first; the rest doubles each time."""

    times: int = 0
    backoff_seconds: float = 1.0


NO_RETRY = Retry()


@dataclass(frozen=True, slots=True)
class CallConnector:
    """An outside call, made at least once after the commit; its answer comes back as a `Result` or `Failed` command."""

    path: str
    visit: int
    connector: str
    arguments: Mapping[str, Any]
    retry: Retry = NO_RETRY


@dataclass(frozen=True, slots=True)
class LoadPage:
    """A page that the decision needed could not be read; the command waits in the snapshot until it can."""

    request: PageRequest


@dataclass(frozen=True, slots=True)
class StartCase:
    """A child case begins; with `wait`, its end comes back as a `ChildResolved` command."""

    path: str
    visit: int
    case_type: str
    data: Mapping[str, Any]
    wait: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """A message goes out: the rendered text, by `channel`, to an address of the receiver."""

    path: str
    visit: int
    correspondence: str
    channel: str
    to: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class AddNote:
    """A note stays on the case for people to read."""

    text: str


@dataclass(frozen=True, slots=True)
class Publish:
    """An event for whoever listens: triggers, hosts, other applications."""

    event: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """The case goes to another stage or step of the same sequence, or to an alternate stage."""

    target: str


@dataclass(frozen=True, slots=True)
class Resolve:
    """The case ends with this status."""

    status: str


Effect = (
    OpenAssignment
    | CloseAssignment
    | StartTimer
    | CancelTimer
    | AwaitEvent
    | StopAwaiting
    | CallConnector
    | LoadPage
    | StartCase
    | Send
    | AddNote
    | Publish
    | Move
    | Resolve
)
