"""A decision tree at work: deciding takes one way through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewright.expressions import Type
from casewright.machine.deciding import Given
from casewright.rules.decision_tree import showing
from casewright.rules.decision_tree.model import Ask, Branch, Fork, Leaf
from casewright.steps.showing import Fared, Layout, Looked


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
        way, end, otherwise = self.way(roots)
        if isinstance(end, Ask):
            given = end.decided.ask(roots)
            if given.is_decided:
                outputs = {name: given.outputs.get(name) for name in end.outputs}
                return Given(outputs, f"{_words(way)}; {end.decided.name} decided")
        elif end is not None:
            return Given(end.outputs(roots), _words(way))
        if otherwise is None:
            return Given(dict.fromkeys(self.outputs), _unheld(way, end, ", and nothing is given for that"), False)
        return Given(otherwise.outputs(roots), _unheld(way, end, f": otherwise{_of(otherwise)}"))

    def layout(self) -> Layout:
        """The tree on paper."""
        return showing.layout(self.fork, self.outputs)

    def fared(self, roots: Mapping[str, Any]) -> tuple[Fared, ...]:
        """How each branch fared on these roots."""
        return tuple(showing.fared(self.fork, roots))

    def looked(self) -> Looked:
        """What is never reached, and for what nothing is given."""
        return showing.looked(self.fork)

    def way(self, roots: Mapping[str, Any]) -> tuple[list[Branch], Leaf | Ask | None, Leaf | None]:
        """The branches entered, what stands at their end (None where no branch of a fork held), and `otherwise`."""
        fork = self.fork
        way: list[Branch] = []
        while True:
            number = fork.first(roots)
            if number == len(fork.branches):
                return way, None, fork.otherwise
            branch = fork.branches[number]
            way.append(branch)
            then = branch.then
            if not isinstance(then, Fork):
                return way, then, fork.otherwise
            fork = then


def _words(way: list[Branch]) -> str:
    """`branch vip > large because customer.segment == "VIP" and case.amount > 1000`."""
    conditions = [branch.when.name for branch in way if branch.when is not None]
    because = " and ".join(_bracketed(each) if len(conditions) > 1 else each for each in conditions)
    return f"branch {' > '.join(branch.id for branch in way)}" + (f" because {because}" if because else "")


def _bracketed(condition: str) -> str:
    return f"({condition})" if " or " in condition or "||" in condition or "?" in condition else condition


def _unheld(way: list[Branch], end: Leaf | Ask | None, then: str) -> str:
    where = f"{_words(way)}, where " if way else ""
    what = f"{end.decided.name} gives nothing" if isinstance(end, Ask) else "no branch holds"
    return f"{where}{what}{then}"


def _of(leaf: Leaf) -> str:
    return f" of branch {leaf.path.replace('.', ' > ')}" if leaf.path else ""
