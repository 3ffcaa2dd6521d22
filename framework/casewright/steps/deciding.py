"""Asking a decision table or a decision tree, wherever a rule may: in a step, a routing rule, a trigger, a branch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from casewright.expressions import DATETIME, DYNAMIC, TEXT, Type, declared_as, record
from casewright.machine.deciding import Given
from casewright.source.node import Node
from casewright.steps.fields import check_type, field_type, lower_field, type_of
from casewright.steps.outline import Outline, Outlines
from casewright.steps.scope import Scope, listed

DECIDERS: Mapping[str, str] = {"table": "decision_table", "tree": "decision_tree"}
"""The kinds of rules that decide, by the word that names one of them."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a table or a tree gives for these roots; says to the trace what decided. It is bound when it is asked."""

    kind: str
    id: str
    roots: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The rule as `KIND/ID`."""
        return f"{self.kind}/{self.id}"

    def ask(self, roots: Mapping[str, Any]) -> Given:
        """What it gives, with the words for it; on the trace stands what decided."""
        given: Given = roots["$rules"].bind(self.kind, self.id, roots).value.decide(roots)
        roots["$rules"].note(self.name, given.because)
        return given

    def evaluate(self, roots: Mapping[str, Any]) -> Any:
        """Its outputs: a record, or a list of records."""
        outputs = self.ask(roots).outputs
        roots["$rules"].note("gave", in_words(outputs))
        return outputs


def in_words(outputs: Any) -> str:
    """Outputs as the trace shows them: `fee 15.00, reason two working days`; several records divided by `;`."""
    if isinstance(outputs, Mapping):
        return ", ".join(f"{name} {_word(value)}" for name, value in outputs.items())
    return "; ".join(in_words(each) for each in outputs) or "nothing"


def _word(value: Any) -> str:
    return "nothing" if value is None else " ".join(str(value).split())


def decided_by(node: Node, scope: Scope) -> Decided | None:
    """The table or tree that `table:` or `tree:` under a node names; None, with E540, unless it names exactly one."""
    named = [word for word in DECIDERS if node.get(word) is not None]
    if len(named) != 1:
        message = f"{listed(named)} are both named; one of them decides" if named else "nothing is named that decides"
        help_ = "write table: ID for a decision table, or tree: ID for a decision tree"
        scope.report("E540", node.span, message, help=help_)
        return None
    return Decided(DECIDERS[named[0]], node.word(named[0]))


def outline_of(decided: Decided | None, scope: Scope) -> Outline | None:
    """What may be known of the rule that decides; None where there is none (the linker reports it)."""
    return scope.outlines.find(decided.kind, decided.id) if decided else None


def result_of(decided: Decided | None, scope: Scope) -> Type:
    """The type of the root `result`: a record of outputs, or a list of them."""
    outline = outline_of(decided, scope)
    return outline.type if outline else DYNAMIC


def output_types(body: Node, scope: Scope) -> dict[str, Type]:
    """The type of each output of a rule that decides: written as a type, or as a field; E507 where there is none."""
    return {name: _output_type(name, node, scope) for name, node in body.entries("outputs").items()}


def _output_type(name: str, node: Node, scope: Scope) -> Type:
    if node.is_map:
        lower_field(name, node, scope)  # reports what is wrong with the declaration
        return type_of(node, scope)
    written = str(node.value)
    check_type(written.removeprefix("list of "), node.span, scope)
    if written.removeprefix("list of ") == "choice":
        help_ = f"write {name}: {{type: {written}, options: [first, second]}}"
        scope.report("E506", node.span, "a choice needs options", help=help_)
    return field_type(written, (), scope)


def event_type(outlines: Outlines) -> Type:
    """What `event` is to a rule that any trigger may ask: the payloads of all events, and an instant of a schedule.

    A field that two events declare with different types is of any type.
    """
    fields: dict[str, Type] = {"at": DATETIME, "trigger": TEXT}
    for event in outlines.ids("event"):
        outline = outlines.find("event", event)
        for name, type_ in (outline.type.fields if outline else {}).items():
            other = fields.get(name, type_)
            shared = declared_as(type_, type_.declared.shared_with(other.declared))
            fields[name] = shared if other == type_ else DYNAMIC
    return record("event", fields)


def deciding_scope(scope: Scope) -> Scope:
    """The scope of a rule that decides: what the case types offer, and `event` for the triggers that ask it."""
    return replace(scope, roots=_WithEvent(scope.roots, scope.outlines))


class _WithEvent(Mapping[str, Type]):
    """Roots with `event` beside them, whose type is worked out when a rule first asks for it: few do."""

    def __init__(self, roots: Mapping[str, Type], outlines: Outlines) -> None:
        self._roots, self._outlines = roots, outlines
        self._event: Type | None = None

    def __getitem__(self, name: str) -> Type:
        if name != "event":
            return self._roots[name]
        if self._event is None:
            self._event = event_type(self._outlines)
        return self._event

    def __iter__(self) -> Iterator[str]:
        yield from (name for name in self._roots if name != "event")
        yield "event"

    def __len__(self) -> int:
        return sum(1 for _ in self)
