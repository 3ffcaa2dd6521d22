"""One command on its way through the durable step, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from casewright.machine.commands import Command
from casewright.machine.decision import TraceEntry
from casewright.machine.facts import Actor
from casewright.machine.quick import quick


@dataclass(frozen=True, slots=True)
class Job:
    """Work that was promised in a step: taken under a lease, and done at least once.

    `attempts` counts the times it was taken, and with `worker` it proves on finishing that the lease still holds.
    """

    id: str
    kind: str
    case_id: str
    path: str
    visit: int
    name: str
    due: int
    ready: int
    worker: str
    attempts: int
    payload: Mapping[str, Any]
    last_error: str

    @property
    def key(self) -> str:
        """The idempotency key of what the job does, inside and outside."""
        return f"job:{self.id}"


@dataclass(frozen=True, slots=True)
class Request:
    """A command on a case: who gives it, under which key, and which job it finishes.

    `case_type` is set where the case begins with it. `interaction` is the engagement in which the command is given.
    `held` is the assignment that a submission completes, as it was when access was checked: id, operator, and target.
    """

    case_id: str
    command: Command
    actor: Actor
    key: str = ""
    job: Job | None = None
    case_type: str = ""
    interaction: str = ""
    event: Mapping[str, Any] | None = None
    held: tuple[str, ...] = ()


request_of = quick(Request)
"""A request, made for the hot path."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """An acknowledged step: it is on disk. `repeated`: it was so already, under the same key."""

    case_id: str
    version: int
    status: str
    repeated: bool = False
    trace: tuple[TraceEntry, ...] = field(default=(), compare=False)
