"""The parts of a decision tree: forks of branches, each of which gives, asks, or forks again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from casewright.expressions import Condition
from casewright.machine.plan import Value
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
