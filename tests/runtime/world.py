"""A small application made by hand, and doubles for facts and connectors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from casewright.errors import ConnectorFailed
from casewright.machine import effects as fx
from casewright.machine.effects import PageRequest, Retry, Target
from casewright.machine.facts import Actor, Bound, Unavailable
from casewright.machine.plan import Activity, Awaits, Constant, Context, Emission, Field, Item, Nested, Plan, Sequence
from casewright.machine.policies import EventType, InteractionType, Milestone, Role, Sla, Trigger, WorkQueue
from casewright.machine.screens import Screen, Widget
from casewright.machine.side_by_side import Alternative, Split
from casewright.runtime.clock import MovableClock
from casewright.runtime.engine import Engine
from casewright.runtime.ports import StoredRelease
from casewright.runtime.store.store import Store
from casewright.values import Duration, Span

HERE = Span("plan.yaml")
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ANN = Actor("ann", "operator", frozenset({"csr"}))
BOB = Actor("bob", "operator", frozenset({"csr", "card_ops"}))
EVE = Actor("eve", "operator")


@dataclass(frozen=True, slots=True)
class Reads:
    """A value or condition that is a Python function of the roots."""

    function: Callable[[Mapping[str, Any]], Any]
    name: str = "a function"
    roots: frozenset[str] = frozenset()

    def evaluate(self, roots: Mapping[str, Any]) -> Any:
        return self.function(roots)

    def holds(self, roots: Mapping[str, Any]) -> bool:
        return bool(self.function(roots))


def text(name: str, *, required: bool = False) -> Field:
    return Field(name, "text", _text, name.title(), required)


def money(name: str) -> Field:
    return Field(name, "money", lambda value: Decimal(str(value)), name.title())


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is not a text")
    return value


def constants(**values: Any) -> dict[str, Constant]:
    return {name: Constant(value) for name, value in values.items()}


def to_queue(queue: str) -> Constant:
    return Constant(Target("queue", queue))


TO_ORIGINATOR = Reads(lambda roots: Target("operator", roots["case"]["created_by"]))


def collect(path: str, *fields: str, target: Any = TO_ORIGINATOR, **more: Any) -> Item:
    step = path.rpartition(".")[2]
    screen = Screen(step.title(), tuple(Widget("text", name, name.title()) for name in fields))
    activity = Activity(
        (Emission(fx.OpenAssignment, {"target": target, "label": Constant(step.title())}),),
        awaits=Awaits.SUBMISSION,
        fields=fields,
        required=frozenset(more.pop("required", ())),
        screen=screen,
        save=more.pop("save", {}),
    )
    return Item(step, path, step.title(), "collect", HERE, activity=activity, **more)


def call(path: str, connector: str, save: Mapping[str, Any] | None = None, *, retry: int = 0, **more: Any) -> Item:
    emission = Emission(fx.CallConnector, constants(connector=connector, arguments={"path": path}))
    activity = Activity((emission,), awaits=Awaits.RESULT, save=save or {})
    step = path.rpartition(".")[2]
    return Item(step, path, step.title(), "call", HERE, activity=activity, retry=Retry(retry, 2.0), **more)


def effect(path: str, kind: type[Any], **arguments: Any) -> Item:
    activity = Activity((Emission(kind, constants(**arguments)),))
    step = path.rpartition(".")[2]
    return Item(step, path, step.title(), "effect", HERE, activity=activity)


def wait(path: str, length: str) -> Item:
    emission = Emission(fx.StartTimer, constants(after=Duration.parse(length)))
    step = path.rpartition(".")[2]
    return Item(step, path, step.title(), "wait", HERE, activity=Activity((emission,), awaits=Awaits.TIMER))


def child(path: str, case_type: str, *, data: Mapping[str, Any] | None = None, waits: bool = True) -> Item:
    emission = Emission(fx.StartCase, constants(case_type=case_type, data=data or {}, wait=waits))
    step = path.rpartition(".")[2]
    awaits = Awaits.CHILD if waits else Awaits.NOTHING
    return Item(step, path, step.title(), "create", HERE, activity=Activity((emission,), awaits=awaits))


def hears(
    path: str,
    event: str,
    *,
    when: Any = None,
    remembered: bool = False,
    save: Mapping[str, Any] | None = None,
    **match: Any,
) -> Item:
    """A step that waits for an event whose payload has these values."""
    expected = {name: each if hasattr(each, "evaluate") else Constant(each) for name, each in match.items()}
    alternative = Alternative("event", event, expected, when, remembered)
    activity = Activity(awaits=Awaits.EVENT, alternatives=(alternative,), save=save or {})
    return step(path, "wait", activity=activity)


def child_wait(path: str, of: str, save: Mapping[str, Any] | None = None) -> Item:
    """A step that waits for the child case which another step began."""
    activity = Activity(awaits=Awaits.CHILD, alternatives=(Alternative("child", child=of),), save=save or {})
    return step(path, "wait", activity=activity)


def step(path: str, kind: str, **more: Any) -> Item:
    name = path.rpartition(".")[2]
    return Item(name, path, more.pop("label", name.title()), kind, HERE, **more)


def parallel(path: str, *branches: Item, save: Mapping[str, Any] | None = None, **split: Any) -> Item:
    """A step whose branches run side by side."""
    more = {name: split.pop(name) for name in ("handler", "entry", "exit", "repeat") if name in split}
    activity = Activity(save=save or {})
    return step(path, "parallel", activity=activity, split=Split(branches, **split), **more)


def branch(path: str, *steps: Item, **more: Any) -> Item:
    return step(path, "branch", body=Sequence(path, steps), **more)


def for_each(
    path: str, over: Any, *steps: Item, own: tuple[Field, ...] = (), save: Mapping[str, Any] | None = None, **more: Any
) -> Item:
    """A step that makes one pass over its steps, whose paths are those in the pass, for each element of a list."""
    passes = Plan(f"for_each/{path}", f"passes of {path}", path, Sequence("", steps), {each.name: each for each in own})
    activity = Activity(save=save or {})
    return step(path, "for_each", activity=activity, split=Split(over=over, passes=passes, **more))


def milestone(path: str, **more: Any) -> Item:
    return step(path, "milestone", activity=Activity(), **more)


def case_field(name: str) -> Reads:
    return Reads(lambda roots: roots["case"][name], f"case.{name}", frozenset({"case"}))


def dialog_step(path: str, dialog: str) -> Item:
    step = path.rpartition(".")[2]
    return Item(step, path, step.title(), "dialog", HERE, activity=Activity(nested=Nested("dialog", dialog)))


def stage(path: str, *steps: Item, **more: Any) -> Item:
    return Item(path, path, path.title(), "stage", HERE, body=Sequence(path, steps), **more)


def plan(name: str, *stages: Item, digest: str = "", kind: str = "case_type", **more: Any) -> Plan:
    fields = {f.name: f for f in (text("card"), text("reason"), text("reference"), text("note"), money("fee"))}
    more = {"fields": fields, **more} if kind == "case_type" else more
    return Plan(f"{kind}/{name}", digest or f"hash of {name}", name, Sequence("", stages), **more)


LOST_CARD = plan(
    "lost_card",
    stage("identify", collect("identify.details", "card", "reason", required=("card",))),
    stage(
        "block",
        call(
            "block.block_card",
            "cards.block",
            {"reference": Reads(lambda roots: roots["result"]["reference"])},
            retry=2,
            handler=None,
        ),
    ),
    stage("close", collect("close.confirm", "note", target=to_queue("card_ops"))),
)


@dataclass
class Book:
    """An application: rules by `KIND/ID`, policies by kind, and a release made of their digests."""

    rules: dict[str, Any] = field(default_factory=dict)
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    version: str = "1.0.0"

    @classmethod
    def of(cls, *plans: Plan, version: str = "1.0.0", **policies: Mapping[str, Any]) -> Book:
        return cls({each.rule: each for each in plans}, {k: dict(v) for k, v in policies.items()}, version)

    @property
    def release(self) -> StoredRelease:
        digests = {name: _digest(name, rule) for name, rule in self.rules.items()}
        trees = {digest: f"tree of {name}" for name, digest in digests.items()}
        return StoredRelease(f"release {self.version}", f"acme_bank@{self.version}", digests, trees)

    def bind(self, kind: str, rule_id: str, roots: Mapping[str, Any]) -> Bound:
        name = f"{kind}/{rule_id}"
        return Bound(name, "", _digest(name, self.rules[name]), self.rules[name])

    def by_digest(self, kind: str, rule_id: str, digest: str) -> Bound:
        found = self.rules[f"{kind}/{rule_id}"]
        if _digest(f"{kind}/{rule_id}", found) != digest:
            raise KeyError(digest)
        return Bound(f"{kind}/{rule_id}", "", digest, found)

    def policies(self, kind: str) -> Mapping[str, Any]:
        return self.known.get(kind, {})


def _digest(name: str, rule: Any) -> str:
    return getattr(rule, "digest", f"hash of {name}")


@dataclass
class Pages:
    """Pages by id, as functions of their parameters; an exception makes the page unavailable."""

    pages: dict[str, Callable[[Mapping[str, Any]], Any]] = field(default_factory=dict)
    reads: list[PageRequest] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def load(
        self, requests: Collection[PageRequest], *, interaction: str, actor: str
    ) -> Mapping[PageRequest, Any | Unavailable]:
        return {request: self._one(request) for request in requests}

    def _one(self, request: PageRequest) -> Any:
        self.reads.append(request)
        try:
            return self.pages[request.page](dict(request.parameters))
        except Exception as error:
            return Unavailable(str(error))

    def invalidate(self, event: str, payload: Mapping[str, Any]) -> None:
        self.heard.append(event)


@dataclass
class Connectors:
    """Answers every call with a reference; the next calls fail as often as `failing` says."""

    failing: int = 0
    retryable: bool = True
    calls: list[tuple[str, str]] = field(default_factory=list)
    answer: Any = field(default_factory=lambda: {"reference": "REF-1"})

    def call(self, name: str, arguments: Mapping[str, Any], *, key: str) -> Any:
        self.calls.append((name, key))
        if self.failing:
            self.failing -= 1
            raise ConnectorFailed(name, "the line is busy", retryable=self.retryable)
        return self.answer


QUEUES = {"card_ops": WorkQueue("card_ops", "Card operations", frozenset({"card_ops"}))}


@dataclass
class World:
    """An engine on a database of its own, with everything that a test may turn."""

    book: Book
    url: str = "sqlite://"
    pages: Pages = field(default_factory=Pages)
    connectors: Connectors = field(default_factory=Connectors)
    clock: MovableClock = field(default_factory=lambda: MovableClock(START))
    older: dict[str, Book] = field(default_factory=dict)
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = self.opened()

    def opened(self, book: Book | None = None) -> Engine:
        revive = lambda release: self.older[release.id]  # noqa: E731
        store = Store(self.url, durability="normal")
        return Engine(book or self.book, store, self.pages, self.connectors, revive, clock=self.clock)

    def pass_time(self, **length: float) -> int:
        return self.engine.settle(until=self.clock() + timedelta(**length))


def make_world(*plans: Plan, url: str = "sqlite://", **policies: Mapping[str, Any]) -> World:
    return World(Book.of(*plans, **{"work_queue": QUEUES, **policies}), url)


__all__ = [
    "ANN",
    "BOB",
    "EVE",
    "LOST_CARD",
    "START",
    "Book",
    "Context",
    "EventType",
    "InteractionType",
    "Milestone",
    "Role",
    "Sla",
    "Trigger",
    "World",
    "branch",
    "call",
    "case_field",
    "child",
    "child_wait",
    "collect",
    "dialog_step",
    "effect",
    "for_each",
    "hears",
    "milestone",
    "parallel",
    "plan",
    "stage",
    "to_queue",
    "wait",
    "make_world",
]
