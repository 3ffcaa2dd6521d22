"""A decision tree: forks of branches, each of which gives, asks, or forks again. Deciding takes one way through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from casewright.machine.deciding import Given
from casewright.machine.plan import Condition, Value
from casewright.steps.deciding import Decided
from casewright.values import Span


@dataclass(frozen=True, slots=True)
class Leaf:
    """Outputs that are given, and the dotted path of the fork or branch where they are written (`""`: the top)."""

    path: str
    values: Mapping[str, Value]
    at: Span

    def outputs(self, roots: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs for these roots."""
        return {name: value.evaluate(roots) for name, value in self.values.items()}


@dataclass(frozen=True, slots=True)
class Ask:
    """Another table or tree, whose outputs are passed on: those of these names."""

    decided: Decided
    outputs: tuple[str, ...]
    at: Span


@dataclass(frozen=True, slots=True)
class Fork:
    """Branches beside each other, and what is given where none of them decides.

    `otherwise` is the fork's own, else that of the nearest fork around it that has one. `first(roots)` gives the
    number of the first branch that holds, the number of all where none does.
    """

    branches: tuple[Branch, ...]
    otherwise: Leaf | None
    at: Span
    first: Callable[[Mapping[str, Any]], int] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch: what must hold (None: nothing), and what follows."""

    id: str
    when: Condition | None
    then: Leaf | Ask | Fork
    at: Span


@dataclass(frozen=True, slots=True)
class DecisionTree:
    """Decides by one way through a tree: at each fork the first branch that holds is entered, and no other.

    `blank` are the outputs where nothing is given.
    """

    id: str
    fork: Fork
    blank: Mapping[str, None]

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
            return Given(dict(self.blank), _unheld(way, end, ", and nothing is given for that"), False)
        return Given(otherwise.outputs(roots), _unheld(way, end, f": otherwise{_of(otherwise)}"))

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
