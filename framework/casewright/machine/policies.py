"""Frozen values that a kind lowers itself to and that exactly one unit consumes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from casewright.machine.plan import Condition, Field, Value
from casewright.values import Duration


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly opening periods in a time zone, without the holidays. `periods[0]` are Monday's (opens, closes) pairs."""

    id: str
    zone: str
    periods: tuple[tuple[tuple[time, time], ...], ...]
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Milestone:
    """A goal or a deadline of an SLA: how long after the start, and what its passing raises and publishes."""

    after: Duration
    urgency: int = 0
    event: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sla:
    """Consumed by the machine: urgency at the start, goal, deadline, and their calendar (`""`: all hours count)."""

    id: str
    urgency: int = 0
    goal: Milestone | None = None
    deadline: Milestone | None = None
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """One line of a routing rule: the first whose condition holds gives the target, unless that turns out empty.

    `skills` gives the skills that the work asks for, `urgency` the least urgency of the assignment.
    """

    when: Condition | None
    target: Value
    skills: Value | None = None
    id: str = ""
    urgency: Value | None = None


@dataclass(frozen=True, slots=True)
class Routing:
    """Consumed by the machine when an assignment opens. `decided` gives the root `result`, which its routes read."""

    id: str
    routes: tuple[Route, ...]
    decided: Value | None = None


@dataclass(frozen=True, slots=True)
class WorkQueue:
    """Consumed by the runtime's worklists: which roles may take from it."""

    id: str
    label: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Consumed by the send step: channel, subject and body as texts over the roots."""

    id: str
    channel: str
    subject: Value
    body: Value


@dataclass(frozen=True, slots=True)
class Simulation:
    """The answer that a simulated operation gives: one record, many, or a result worked out from `arguments`.

    `table` names the connector's records; `by` the columns that must equal these values (an empty one matches all).
    """

    table: str = ""
    by: Mapping[str, Value] = field(default_factory=dict)
    many: bool = False
    result: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a connector can do: its parameters, its simulated answer, how long it takes and may take."""

    parameters: Mapping[str, Field] = field(default_factory=dict)
    simulation: Simulation | None = None
    latency_seconds: float = 0.0
    timeout_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Connector:
    """Consumed by the data unit: `source` is simulated or callable (registered by the host); operations by name."""

    id: str
    source: str
    operations: Mapping[str, Operation]
    records: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """Consumed by the data unit: where a page's data comes from and how long it may be served."""

    id: str
    returns: str
    parameters: Mapping[str, Field]
    connector: str = ""
    arguments: Mapping[str, Value] = field(default_factory=dict)
    internal: str = ""
    scope: str = "interaction"
    fresh_seconds: float = 0.0
    stale_seconds: float = 0.0
    timeout_seconds: float = 5.0
    on_error: str = "fail"
    invalidate_on: tuple[str, ...] = ()
    record: str = ""
    fields: Mapping[str, Field] = field(default_factory=dict)
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """Consumed by the runtime: the event (with a condition) or the schedule (cron, in a zone) that starts a case.

    `originator` gives the id of the operator in whose name the case begins; without one it begins in nobody's.
    `decided` gives the root `result`, which everything else may read.
    """

    id: str
    event: str
    every: str
    zone: str
    when: Condition | None
    case_type: str
    data: Mapping[str, Value]
    originator: Value | None = None
    decided: Value | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """Consumed by the runtime's access check: what holders of the role may do."""

    id: str
    label: str
    may: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EventType:
    """Consumed by the runtime: the payload fields that an event may carry."""

    id: str
    payload: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class InteractionType:
    """Consumed by the contact centre: the channel of an engagement and the fields its wrap-up captures."""

    id: str
    label: str
    channel: str
    direction: str
    live: bool
    fields: Mapping[str, Field] = field(default_factory=dict)
    dispositions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordType:
    """Consumed by the data unit, which brings loaded records into its types: a data type's key and fields."""

    id: str
    key: str
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Dimension:
    """Consumed by the application when it chooses a variant: where a circumstance's fact is read."""

    id: str
    fact: Value
    source: str
