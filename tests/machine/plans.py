"""Plans made by hand, and the few doubles that tests of the machine need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from casewright.machine.commands import Command, Create, Submit
from casewright.machine.decide import decide
from casewright.machine.decision import Decision, Outcome, Refusal
from casewright.machine.effects import OpenAssignment, Target
from casewright.machine.facts import Actor, Bound, Facts
from casewright.machine.plan import Activity, Awaits, Constant, Emission, Field, Item, Plan, Sequence
from casewright.machine.side_by_side import Split
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


def stage(stage_id: str, *steps: Item, actions: tuple[Item, ...] = (), **more: Any) -> Item:
    """A stage whose steps and actions were made with `item`; their paths are put under it."""
    beside = tuple(under(stage_id, each) for each in actions)
    return group(stage_id, *steps, kind="stage", actions=beside, **more)


def group(group_id: str, *steps: Item, kind: str = "group", **more: Any) -> Item:
    """A sequence of its own, such as a group, a branch or an action; the paths of its steps are put under it."""
    placed = tuple(under(group_id, step) for step in steps)
    return item(group_id, kind=kind, body=Sequence(group_id, placed), **more)


def branch(branch_id: str, *steps: Item, **more: Any) -> Item:
    return group(branch_id, *steps, kind="branch", **more)


def action(action_id: str, *steps: Item, **more: Any) -> Item:
    return under("actions", group(action_id, *steps, kind="action", **more))


def parallel(split_id: str, *branches: Item, save: Mapping[str, Any] | None = None, **more: Any) -> Item:
    """Branches side by side; what is not an item's is the split's: `join`, `cancel_rest`, `at_once`, `done_when`."""
    placed = tuple(under(split_id, each) for each in branches)
    return _split(split_id, "parallel", {"branches": placed}, save, more)


def for_each(split_id: str, over: Any, *steps: Item, save: Mapping[str, Any] | None = None, **more: Any) -> Item:
    """One pass of the steps for each element; `data` are the fields of each pass's own."""
    passes = Plan("case_type/example", "digest", "Pass", Sequence("", steps), fields=more.pop("data", {}))
    return _split(split_id, "for_each", {"over": over, "passes": passes}, save, more)


def _split(
    split_id: str, kind: str, shape: Mapping[str, Any], save: Mapping[str, Any] | None, more: dict[str, Any]
) -> Item:
    names = [name for name in ("join", "cancel_rest", "at_once", "done_when") if name in more]
    split = Split(**shape, **{name: more.pop(name) for name in names})
    return item(split_id, Activity(save=save or {}), kind=kind, split=split, **more)


def under(path: str, step: Item) -> Item:
    """The item with everything inside it, its path put under another."""
    body, split = step.body, step.split
    if body is not None:
        body = Sequence(f"{path}.{body.path}", tuple(under(path, each) for each in body.items))
    if split is not None:
        split = replace(split, branches=tuple(under(path, each) for each in split.branches))
    handler = under(path, step.handler) if step.handler else None
    actions = tuple(under(path, each) for each in step.actions)
    return replace(step, path=f"{path}.{step.path}", body=body, split=split, handler=handler, actions=actions)


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


def refused(plan: Plan, snapshot: Snapshot | None, command: Command, given: Facts | None = None) -> Refusal:
    """Why a command that must be refused is."""
    outcome: Outcome = decide(plan, snapshot, command, given or facts())
    assert isinstance(outcome, Refusal), outcome
    return outcome


def played(plan: Plan, snapshot: Snapshot, *commands: Command, given: Facts | None = None) -> Snapshot:
    """The case after these commands, each of which must be decided."""
    for each in commands:
        snapshot = decided(plan, snapshot, each, given).snapshot
    return snapshot


def flag(name: str) -> Reads:
    """A condition that holds where this field of the case is set to "yes"."""
    return Reads(lambda roots: roots["case"][name] == "yes", f'case.{name} == "yes"')


def reading(path: str) -> Reads:
    """A value that is read along a path, such as `result.first` or `case.x`."""

    def value(roots: Mapping[str, Any]) -> Any:
        found: Any = roots
        for name in path.split("."):
            found = None if found is None else found.get(name)
        return found

    return Reads(value, path, frozenset({path.partition(".")[0]}))


def waiting(snapshot: Snapshot) -> list[str]:
    """The paths of the innermost live items: what the case rests at."""
    return [path for path in snapshot.items if not any(other.startswith(f"{path}.") for other in snapshot.items)]


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
