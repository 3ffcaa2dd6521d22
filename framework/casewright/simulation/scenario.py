"""A scenario as a value: who acts, what the world answers, and the steps of the story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from casewright.machine.facts import Actor
from casewright.values import Duration, Span

DEEDS = (
    "create", "submit", "approve", "reject", "goto", "cancel", "reopen", "skip", "retry", "start", "publish",
    "open", "identify", "verify", "log", "wrap_up",
)  # fmt: skip
"""What a step of a scenario can do to the world."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page gives for these parameters; without parameters for any."""

    parameters: Mapping[str, Any]
    value: Any


@dataclass(frozen=True, slots=True)
class Fault:
    """The next `times` calls of an operation fail with `error`; `is_final`: no retry mends it."""

    call: str
    times: int
    error: str
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """One command: `word` is one of DEEDS and `says` what stands behind it: a case type, a path, an event, a reason.

    `case` names the case it is for, by name or type (`""`: the one created last), `interaction` the engagement it
    happens in (`""`: the one opened last and not wrapped up); `name` is how later steps call what is created.
    """

    number: int
    at: Span
    word: str
    says: str
    actor: Actor
    data: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = ""
    channel: str = ""
    case: str = ""
    name: str = ""
    because: str = ""
    interaction: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A command that must be refused, with a message that holds `because`."""

    number: int
    at: Span
    deed: Deed
    because: str


@dataclass(frozen=True, slots=True)
class Pass:
    """Time goes on."""

    number: int
    at: Span
    length: Duration


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that is to be seen: `what` is the key under `expect`, `wanted` what stands there, plainly."""

    what: str
    wanted: Any
    at: Span


@dataclass(frozen=True, slots=True)
class Expect:
    """Things that are to be seen at this moment, of one case."""

    number: int
    at: Span
    expectations: tuple[Expectation, ...]
    case: str = ""


Step = Deed | Refused | Pass | Expect


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story that can be played on an application."""

    title: str
    path: Path
    begins: datetime
    steps: tuple[Step, ...]
    facts: Mapping[str, tuple[Answer, ...]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
