"""Plans made by hand, and the few doubles that tests of the machine need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from casewright.machine.commands import Command, Create, Submit
from casewright.machine.decide import decide
from casewright.machine.decision import Decision, Outcome
from casewright.machine.effects import OpenAssignment, Target
from casewright.machine.facts import Actor, Bound, Facts
from casewright.machine.plan import Activity, Awaits, Constant, Emission, Field, Item, Plan, Sequence
from casewright.machine.snapshot import Snapshot
from casewright.values import Span

HERE = Span("plan.yaml")
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
ANN = Actor("ann", "operator", frozenset({"csr"}))


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


@dataclass
class RuleBook:
    """Rules by `KIND/ID`, chosen by a function of the roots where a list of variants is given."""

    rules: dict[str, Any] = field(default_factory=dict)
    choose: Callable[[Mapping[str, Any]], str] = lambda roots: ""

    def bind(self, kind: str, rule_id: str, roots: Mapping[str, Any]) -> Bound:
        variant = self.choose(roots)
        name = f"{kind}/{rule_id}@{variant}"
        if not variant or name not in self.rules:
            name, variant = f"{kind}/{rule_id}", ""
        return Bound(f"{kind}/{rule_id}", variant, f"hash of {name}", self.rules[name])

    def by_digest(self, kind: str, rule_id: str, digest: str) -> Bound:
        name = digest.removeprefix("hash of ")
        return Bound(f"{kind}/{rule_id}", name.partition("@")[2], digest, self.rules[name])


def facts(rules: RuleBook | None = None, **more: Any) -> Facts:
    return Facts(**{"now": NOW, "actor": ANN, "rules": rules or RuleBook(), **more})


def text(value: Any) -> Any:
    if value is not None and not isinstance(value, str):
        raise ValueError("a text is expected")
    return value


def number(value: Any) -> Any:
    try:
        return None if value is None else Decimal(str(value))
    except ArithmeticError:
        raise ValueError("a number is expected") from None


def day(value: Any) -> Any:
    try:
        return value if value is None or isinstance(value, date) else date.fromisoformat(value)
    except ValueError:
        raise ValueError("a date is expected, as 2026-01-31") from None


def fields(*names: str, **accepts: Callable[[Any], Any]) -> dict[str, Field]:
    declared = {name: Field(name, "text", text) for name in names}
    return declared | {name: Field(name, "text", accept) for name, accept in accepts.items()}


def item(item_id: str, activity: Activity | None = None, *, path: str = "", kind: str = "collect", **more: Any) -> Item:
    return Item(item_id, path or item_id, item_id.capitalize(), kind, HERE, activity=activity, **more)


def collect(*names: str, required: tuple[str, ...] = (), target: Target | None = None, **more: Any) -> Activity:
    """A step that waits for somebody to fill these fields."""
    opening = Emission(OpenAssignment, {"target": Constant(target or Target("queue", "front"))})
    return Activity((opening,), awaits=Awaits.SUBMISSION, fields=names, required=frozenset(required), **more)


def emit(effect: type[Any], **arguments: Any) -> Emission:
    """An emission whose arguments are constants, or values where they are given as such."""
    return Emission(effect, {name: as_value(each) for name, each in arguments.items()})


def as_value(each: Any) -> Any:
    return each if hasattr(each, "evaluate") else Constant(each)


def stage(stage_id: str, *steps: Item, **more: Any) -> Item:
    """A stage whose steps were made with `item`; their paths are put under it."""
    placed = tuple(under(stage_id, step) for step in steps)
    return item(stage_id, kind="stage", body=Sequence(stage_id, placed), **more)


def under(path: str, step: Item) -> Item:
    handler = under(path, step.handler) if step.handler else None
    return replace(step, path=f"{path}.{step.path}", handler=handler)


def case_type(*stages: Item, alternates: tuple[Item, ...] = (), **more: Any) -> Plan:
    return Plan("case_type/example", "digest", "Example", Sequence("", stages, alternates), **more)


def dialog(rule_id: str, *steps: Item, pass_mark: int | None = None) -> Plan:
    return Plan(f"dialog/{rule_id}", f"hash of dialog/{rule_id}", rule_id, Sequence("", steps), pass_mark=pass_mark)


def created(plan: Plan, given: Facts | None = None, **data: Any) -> Decision:
    return decided(plan, None, Create("C-1", data), given)


def decided(plan: Plan, snapshot: Snapshot | None, command: Command, given: Facts | None = None) -> Decision:
    """The decision on a command that must be decided."""
    outcome: Outcome = decide(plan, snapshot, command, given or facts())
    assert isinstance(outcome, Decision), outcome
    return outcome


def linear(*names: str) -> Plan:
    """One stage whose steps each collect the field of their name."""
    return case_type(stage("work", *(item(name, collect(name)) for name in names)), fields=fields(*names))


def two_step_plan() -> Plan:
    """Two steps with a guard each, for measuring: `first` collects a name, `second` follows where it is not empty."""
    given = Reads(lambda roots: roots["case"]["name"] is not None, "case.name != null")
    first = item("first", collect("name"))
    second = item("second", collect("reason"), when=given)
    third = item("third", collect("reason"), skip_when=given)
    return case_type(stage("work", first, second, third), fields=fields("name", "reason"))


def two_step_start() -> Snapshot:
    return created(two_step_plan()).snapshot


TWO_STEP_SUBMIT = Submit("work.first", 1, {"name": "Ada"})
