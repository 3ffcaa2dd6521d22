"""A decision tree at work: deciding takes one way through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from casewright.expressions import Constant, Type
from casewright.machine.deciding import Given
from casewright.machine.quick import quick
from casewright.rules.decision_tree import showing
from casewright.rules.decision_tree.model import Ask, Branch, Fork, Leaf
from casewright.steps.deciding import Decided
from casewright.steps.showing import Fared, Layout, Looked
from casewright.values import Span

_given = quick(Given)


@dataclass(frozen=True, slots=True)
class DecisionTree:
    """Decides by one way through a tree: at each fork the first branch that holds is entered, and no other.

    `outputs` are the types of what it gives.
    """

    id: str
    fork: Fork
    outputs: Mapping[str, Type]

    def decide(self, roots: Mapping[str, Any]) -> Given:
        """The outputs for these roots, and the way to them in words."""
        fork, last = self.fork, None
        while True:
            number = fork.first(roots)
            if number == len(fork.branches):
                return self._otherwise(fork, last, "no branch holds", roots)
            last = fork.branches[number]
            end = last.then
            if isinstance(end, Leaf):
                return _given(end.outputs(roots), last.words, True)
            if isinstance(end, Ask):
                return self._asked(fork, last, end, roots)
            fork = end

    def _asked(self, fork: Fork, last: Branch, end: Ask, roots: Mapping[str, Any]) -> Given:
        given = end.decided.ask(roots)
        if not given.is_decided:
            return self._otherwise(fork, last, f"{end.decided.name} gives nothing", roots)
        outputs = {name: given.outputs.get(name) for name in end.outputs}
        return Given(outputs, f"{last.words}; {end.decided.name} decided")

    def _otherwise(self, fork: Fork, last: Branch | None, what: str, roots: Mapping[str, Any]) -> Given:
        """What is given where nothing on the way decides."""
        where = f"{last.words}, where {what}" if last is not None else what
        otherwise = fork.otherwise
        if otherwise is None:
            return Given(dict.fromkeys(self.outputs), f"{where}, and nothing is given for that", False)
        of = f" of branch {otherwise.path.replace('.', ' > ')}" if otherwise.path else ""
        return Given(otherwise.outputs(roots), f"{where}: otherwise{of}")

    def constants(self, output: str) -> Iterator[tuple[object, Span]]:
        """The constants that are given as an output, each with its place."""
        for leaf in showing.leaves_of(self.fork):
            value = leaf.values.get(output)
            if isinstance(value, Constant) and value.value is not None:
                yield value.value, value.at

    def asks(self) -> tuple[Decided, ...]:
        """The rules that are asked by branches."""
        return tuple(showing.asked_by(self.fork))

    def layout(self) -> Layout:
        """The tree on paper."""
        return showing.layout(self.fork, self.outputs)

    def fared(self, roots: Mapping[str, Any]) -> tuple[Fared, ...]:
        """How each branch fared on these roots."""
        return tuple(showing.fared(self.fork, roots))

    def looked(self) -> Looked:
        """What is never reached, and for what nothing is given."""
        return showing.looked(self.fork)
