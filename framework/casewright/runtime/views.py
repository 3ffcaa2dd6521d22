"""What the engine shows: cases, assignments, history, incidents and messages as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casewright.errors import NotOneAssignment
from casewright.machine.commands import Command
from casewright.machine.effects import PageRequest, Target
from casewright.machine.facts import Actor
from casewright.machine.screens import Screen
from casewright.machine.snapshot import ItemLife, ItemState


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """A step that waits for somebody. `operator` has it, where it is not the target's to share out.

    `goal_at` and `deadline_at` are the first clocks that run out for it, those of its stage and case included.
    `screen` is what to show. Work in a pass over a list has its `element` (of a record the key), and in `fields` the
    values of the pass's own fields. A worklist leaves all three out.
    """

    id: str
    case_id: str
    path: str
    visit: int
    label: str
    target: Target
    urgency: int
    text: str
    skills: tuple[str, ...]
    state: str
    operator: str
    outcome: str
    closed_by: str
    opened_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None
    goal_at: datetime | None
    deadline_at: datetime | None
    screen: Screen | None = None
    element: Any = None
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class ChildView:
    """A case that another one started, and the step that did."""

    id: str
    type: str
    status: str
    parent_path: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """Something that waits for an operator: a failed step (`path`), or work that was given up (`job_id`)."""

    id: str
    case_id: str
    path: str
    visit: int
    job_id: str
    error: str
    opened_at: datetime
    resolved_at: datetime | None
    resolution: str


@dataclass(frozen=True, slots=True)
class ListenerView:
    """An event that a visit of an item waits for, with these values in its payload (None: one that is not known yet, so
    that no event fits). `since`: those that were published from then on count too."""

    path: str
    visit: int
    listener: str
    event: str
    match: Mapping[str, Any]
    since: datetime | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item of a case with those inside it: the live ones, and of what runs side by side also those at their end.

    A pass over a list is called by its element; `element` is that (of a record the key), and `fields` its own fields.
    """

    path: str
    visit: int
    kind: str
    label: str
    state: ItemLife
    inside: tuple[ItemView, ...] = ()
    element: Any = None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One visit of an item, at its end or not; of a pass over a list with its `element`."""

    path: str
    visit: int
    kind: str
    state: ItemLife
    entered_at: datetime
    changed_at: datetime
    element: Any = None


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """A milestone that the case has reached, each time that it did."""

    path: str
    visit: int
    label: str
    reached_at: datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as it stands: `stage` is the id of the stage it is in, `items` are the live ones, `tree` the same as they
    lie in each other. `milestones` are those reached so far, the first one first, `listeners` the events waited for."""

    id: str
    type: str
    label: str
    status: str
    stage: str
    version: int
    urgency: int
    data: Mapping[str, Any]
    created_at: datetime
    created_by: str
    updated_at: datetime
    interaction: str
    parent: str
    release: str
    items: tuple[ItemState, ...]
    assignments: tuple[AssignmentView, ...]
    children: tuple[ChildView, ...]
    incidents: tuple[IncidentView, ...]
    tree: tuple[ItemView, ...] = ()
    milestones: tuple[MilestoneView, ...] = ()
    listeners: tuple[ListenerView, ...] = ()

    @property
    def is_resolved(self) -> bool:
        return self.status.startswith("Resolved")

    @property
    def waiting(self) -> AssignmentView:
        """The open assignment, where there is exactly one; raises NotOneAssignment otherwise."""
        if len(self.assignments) != 1:
            raise NotOneAssignment(self.id, self.status, [work.path for work in self.assignments])
        return self.assignments[0]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list."""

    id: str
    type: str
    status: str
    stage: str
    urgency: int
    created_at: datetime
    updated_at: datetime
    parent: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One step of a case: who commanded what, what was known, and what came of it. `seq` counts from 1 without a gap.

    The plan's `digest`, command, instant, actor, pages, bound hashes, interaction and event are all that a replay
    needs. `effects` are (type, words) pairs and `trace` (path, what, because) triples.
    """

    case_id: str
    seq: int
    at: datetime
    actor: Actor
    kind: str
    path: str
    key: str
    digest: str
    command: Command
    pages: Mapping[PageRequest, Any]
    bound: Mapping[str, str]
    interaction: Mapping[str, Any] | None
    event: Mapping[str, Any] | None
    status: str
    stage: str
    effects: tuple[tuple[str, str], ...]
    trace: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note on a case."""

    id: str
    case_id: str
    at: datetime
    author: str
    body: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message that a case has sent."""

    id: str
    case_id: str
    path: str
    visit: int
    at: datetime
    correspondence: str
    channel: str
    address: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class EventView:
    """A published event; `seq` grows in the order of publication, with gaps."""

    seq: int
    id: str
    name: str
    case_id: str
    at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class InteractionEntry:
    """One thing that was logged in an interaction."""

    id: str
    at: datetime
    author: str
    kind: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class InteractionView:
    """One engagement on one channel: who, since when, its words, its disposition, and the cases it belongs to."""

    id: str
    type: str
    channel: str
    customer_id: str
    operator: str
    status: str
    verified: bool
    reference: str
    disposition: str
    captured: Mapping[str, Any]
    opened_at: datetime
    closed_at: datetime | None
    entries: tuple[InteractionEntry, ...]
    cases: tuple[str, ...]
