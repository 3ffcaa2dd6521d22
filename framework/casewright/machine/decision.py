"""What comes of a command: a decision, the pages that are needed first, or a refusal. All three are values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from casewright.machine.effects import Effect, PageRequest
from casewright.machine.snapshot import ItemState, Snapshot


@dataclass(frozen=True, slots=True)
class TraceEntry:
    """One thing that happened on the way, and why: a step was skipped, a variant bound, a row of a table won."""

    path: str
    what: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The next snapshot and everything that it asks of the world.

    `items` are the rows that changed, keyed by path and visit; `bound` the hashes of the rules that were bound now
    (`KIND/ID`, and `KIND/ID#n` where the n-th binding of one command chose another variant); `pages` what was read.
    """

    snapshot: Snapshot
    effects: tuple[Effect, ...] = ()
    items: tuple[ItemState, ...] = ()
    trace: tuple[TraceEntry, ...] = ()
    bound: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[PageRequest, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Needs:
    """Pages to be read before it can be decided; with them in the facts, the same call goes on."""

    requests: frozenset[PageRequest]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command does not apply. `code` is stable; `details` are (field, message) pairs, every fault at once.

    | code | the command |
    |---|---|
    | `exists`, `unknown_case` | creates a case that is there, or means one that is not |
    | `channel`, `not_allowed`, `start_condition` | begins a case or an item where, by whom or when it may not begin |
    | `invalid` | carries values that do not fit; `details` has every fault |
    | `wrong_outcome` | chooses an outcome that the step does not have |
    | `unknown_item`, `not_entered`, `ended` | means an item that is not there, not yet, or no longer |
    | `not_waiting`, `not_failed`, `not_active`, `not_resolved` | does not fit the state of what it means |
    | `not_enabled`, `not_offered` | starts what does not wait to be started, or an action that is not offered now |
    | `running`, `once`, `no_room` | starts what runs already, was done for good, or would be one too many at once |
    | `must` | skips what must be done |
    | `unknown_target` | goes to a stage that there is not |
    | `resolved` | comes after the end of the case |
    | `parked` | waits already, or comes before the case could begin |
    | `stale` | is a timer, an event or a signal that is void; whoever sent it is done |
    | `restless` | would never come to rest: a mistake in the rules |
    """

    code: str
    message: str
    details: tuple[tuple[str, str], ...] = ()


Outcome = Decision | Needs | Refusal
