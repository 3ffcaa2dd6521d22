"""The parts of a decision tree: forks of branches, each of which gives, asks, or forks again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from casewright.expressions import Condition
from casewright.expressions import Constant as Literal
from casewright.machine.plan import Constant, Value
from casewright.steps.deciding import Decided
from casewright.values import Span


@dataclass(frozen=True, slots=True)
class Leaf:
    """Outputs that are given, and the dotted path of the fork or branch where they are written (`""`: the top).

    `fixed` are their values where no roots are read for them.
    """

    path: str
    values: Mapping[str, Value]
    at: Span
    fixed: Mapping[str, Any] | None = None

    def outputs(self, roots: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs for these roots."""
        if self.fixed is not None:
            return {**self.fixed}
        return {name: value.evaluate(roots) for name, value in self.values.items()}


def leaf_of(path: str, values: Mapping[str, Value], at: Span) -> Leaf:
    """The leaf that gives these values."""
    is_fixed = all(isinstance(value, (Constant, Literal)) for value in values.values())
    return Leaf(path, values, at, {name: value.evaluate({}) for name, value in values.items()} if is_fixed else None)


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
    """One branch: what must hold (None: nothing), what follows, and the way to it in words."""

    id: str
    when: Condition | None
    then: Leaf | Ask | Fork
    at: Span
    words: str


@dataclass(frozen=True, slots=True)
class Way:
    """The way to a place in a tree: the ids of the branches that were entered, and what they asked for."""

    ids: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()

    def into(self, branch: str, when: Condition | None) -> Way:
        """The way that goes on into a branch."""
        conditions = self.conditions if when is None else (*self.conditions, " ".join(when.source.split()))
        return Way((*self.ids, branch), conditions)

    @property
    def path(self) -> str:
        """The ids with dots between them; empty at the top."""
        return ".".join(self.ids)

    @property
    def words(self) -> str:
        """`branch vip > large because customer.segment == "VIP" and case.amount > 1000`."""
        several = len(self.conditions) > 1
        because = " and ".join(_bracketed(each) if several else each for each in self.conditions)
        return f"branch {' > '.join(self.ids)}" + (f" because {because}" if because else "")


def _bracketed(condition: str) -> str:
    return f"({condition})" if any(mark in condition for mark in (" or ", "||", "? ")) else condition
