"""What a rule is lowered to: sequences of items with their guards, effects and waits. Immutable; knows no YAML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from casewright.machine.charts import Table
from casewright.machine.effects import NO_RETRY, Retry
from casewright.machine.places import Place, every_item, is_watched, places_of
from casewright.machine.reading import reads_of
from casewright.machine.remembering import Awaited, awaited_in
from casewright.machine.side_by_side import Alternative, Repeat, Sentry, Split
from casewright.values import Span

if TYPE_CHECKING:
    from casewright.machine.policies import Sla
    from casewright.machine.screens import Screen


class Value(Protocol):
    """Something that can be worked out from the roots: a constant, an expression, a text, a rule's decision."""

    @property
    def roots(self) -> frozenset[str]:
        """The names it reads."""

    def evaluate(self, roots: Mapping[str, Any]) -> Any:
        """Its value; None where it is unknown."""


class Condition(Protocol):
    """A guard: pure, named by its source, false where it is unknown."""

    @property
    def name(self) -> str: ...

    @property
    def roots(self) -> frozenset[str]: ...

    def holds(self, roots: Mapping[str, Any]) -> bool: ...


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that reads nothing."""

    value: Any
    roots: frozenset[str] = frozenset()

    def evaluate(self, roots: Mapping[str, Any]) -> Any:
        return self.value


@dataclass(frozen=True, slots=True)
class Field:
    """A declared field of a case: `accept` turns what a caller sends into the stored value, or raises ValueError.

    A field of a data type stores the record's key: `record_page` and `record_parameter` say through which page, and
    under which parameter, the record is read; `record_key` is the record's own key field. Only rules give an
    `internal` one to a new case: a parent, a trigger, a default. `most` is how many items a list takes, None for no
    bound of its own; `deprecated` says what to read instead.
    """

    name: str
    type: str
    accept: Callable[[Any], Any]
    label: str = ""
    required: bool = False
    options: tuple[str, ...] = ()
    default: Value | None = None
    record_page: str = ""
    record_parameter: str = ""
    record_key: str = "id"
    internal: bool = False
    help: str = ""
    most: int | None = None
    deprecated: str = ""


class Awaits(StrEnum):
    """What a step waits for after its entry; the command of that name ends the wait, `first` the first of several."""

    NOTHING = "nothing"
    SUBMISSION = "submission"
    RESULT = "result"
    TIMER = "timer"
    CHILD = "child"
    EVENT = "event"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Emission:
    """An effect to be made on entry: its type, and a value for each of its arguments (path and visit are filled in)."""

    effect: type[Any]
    arguments: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Nested:
    """A sequence entered inside a step. `late`: bound on entry to the active release, its hash kept on the item;
    otherwise (a process) to the hash that the case pinned when it was created."""

    kind: str
    id: str
    late: bool = True


@dataclass(frozen=True, slots=True)
class Activity:
    """What a step does: effects on entry, a pure result, a wait, and what is saved when it completes.

    `fields` are the case fields that a submission may fill; `required` those it must. An outcome that is `failing`
    fails the step, after what it saves is saved. `score` is an ask step's:
    the expected value and the points; the submitted `answer` is kept as evidence on the item. `alternatives` are what
    a wait for an event, a child case or the first of several ends with; the timer of one is named by its id.
    """

    emissions: tuple[Emission, ...] = ()
    result: Value | None = None
    awaits: Awaits = Awaits.NOTHING
    save: Mapping[str, Value] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    screen: Screen | None = None
    nested: Nested | None = None
    outcomes: tuple[str, ...] = ("done",)
    failing: tuple[str, ...] = ()
    answer: Field | None = None
    expect: Value | None = None
    score: int = 0
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A stage or a step of a sequence. `path` is its place in the whole plan, dots between ids.

    `when` must hold for it to be entered, `skip_when` must not; `must` forbids skipping it by hand. `handler` is
    entered when it fails for good: the item `PATH.failed`. `sla` are the clocks that run while it is
    active: the id of an sla rule, bound on entry, or the policy itself. `status` is an alternate stage's: what the
    case is resolved with when the stage is done.

    With `entry` it is available until one of these sentries fires, and with `manual` enabled until somebody whose role
    is among `started_by` (empty: anybody) starts it; `exit` ends it early. `split` is work side by side inside it,
    `actions` what may be started by hand while it is active. `required` is a branch's: whether its join waits for it
    though nobody has started it; `once` an action's: whether it may be completed only once.
    """

    id: str
    path: str
    label: str
    kind: str
    at: Span
    when: Condition | None = None
    skip_when: Condition | None = None
    must: bool = False
    activity: Activity | None = None
    body: Sequence | None = None
    handler: Item | None = None
    retry: Retry = NO_RETRY
    sla: str | Sla = ""
    status: str = ""
    entry: tuple[Sentry, ...] = ()
    exit: tuple[Sentry, ...] = ()
    manual: bool = False
    started_by: frozenset[str] = frozenset()
    required: bool = True
    once: bool = False
    repeat: Repeat | None = None
    split: Split | None = None
    actions: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items in order, and the alternates that only a move enters. `path` is `""` for the stages of a case."""

    path: str
    items: tuple[Item, ...]
    alternates: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """A root that comes from a data page: its name, the page, and the parameters worked out from `case`."""

    name: str
    page: str
    parameters: Mapping[str, Value]


Course = tuple["Plan", str, Table]
"""A running sequence: the plan it belongs to, the path under which that plan runs (`""`: the case's own), its chart."""

Located = tuple["Plan", str, Place]
"""An item found by its path: its plan, the path under which that plan runs, and its place in it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A case type, dialog or process, ready to be decided on.

    `rule` is `KIND/ID`, `digest` the hash of the resolved tree. Fields, context, `sla` and the statuses are a case
    type's, and so is `binds_created`: what its steps bind is that of the release in which the case began;
    `pass_mark` is a dialog's; `actions` may be started by hand as long as the case is open. `reads` lists for each path
    (and `""` for the start) the roots that a command there can read before the case rests again: a hint for loading
    ahead, never a limit; where none is given it is worked out from what the items read. `places` and `tables` are
    worked out from the sequence: every item by its path, and the chart of every sequence by its owner's path; so
    are `located` and `courses`, the same as a decision on the plan's own case looks them up. `record_fields` are
    the fields that refer to a record, `blank` holds None for every field; `watched` says whether what happens
    anywhere in the case may begin or end one of its items, `awaited` which states of them others wait for to begin.
    """

    rule: str
    digest: str
    label: str
    sequence: Sequence
    fields: Mapping[str, Field] = field(default_factory=dict)
    context: Mapping[str, Context] = field(default_factory=dict)
    start_when: Condition | None = None
    start_by: frozenset[str] = frozenset()
    open_to: frozenset[str] = frozenset()
    sla: str | Sla = ""
    urgency: int = 10
    resolved_status: str = "Resolved-Completed"
    cancelled_status: str = "Resolved-Cancelled"
    binds_created: bool = False
    pass_mark: int | None = None
    actions: tuple[Item, ...] = ()
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    places: Mapping[str, Place] = field(init=False, repr=False, compare=False)
    tables: Mapping[str, Table] = field(init=False, repr=False, compare=False)
    located: Mapping[str, Located] = field(init=False, repr=False, compare=False)
    courses: Mapping[str, Course] = field(init=False, repr=False, compare=False)
    record_fields: tuple[str, ...] = field(init=False, repr=False, compare=False)
    blank: Mapping[str, None] = field(init=False, repr=False, compare=False)
    watched: bool = field(init=False, repr=False, compare=False)
    awaited: Awaited = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        places, tables = places_of(self.sequence, self.actions)
        worked_out = {
            "places": places,
            "tables": tables,
            "located": {path: (self, "", place) for path, place in places.items()},
            "courses": {owner: (self, "", table) for owner, table in tables.items()},
            "record_fields": tuple(name for name, each in self.fields.items() if each.record_page),
            "blank": dict.fromkeys(self.fields),
            "watched": is_watched(places),
        }
        for name, value in worked_out.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "awaited", awaited_in(self))
        if not self.reads:
            object.__delattr__(self, "reads")

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Mapping[str, frozenset[str]]:
            """The reads, worked out when they are first asked for: rules that are only checked never need them."""
            if name != "reads":
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
            object.__setattr__(self, "reads", reads_of(self.sequence, self.actions))
            return self.reads

    def every_item(self) -> Iterator[tuple[str, Item]]:
        """Every item with its path: branches, actions, handlers, and the steps of passes under `PATH.*`."""
        return every_item(self)
