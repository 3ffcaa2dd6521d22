"""The rule kinds that are there, with the step types and the shapes that follow from both: the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casewright import rules
from casewright.expressions import STANDARD, Function
from casewright.layers.shapes import Shape, shape_of
from casewright.rules.contract import RuleKind
from casewright.rules.schemas import body_schema, definitions
from casewright.steps.contract import StepType
from casewright.steps.registry import discovered, known_functions, step_types


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that may be written: rule kinds and step types by name, the shape of each kind's body, and the functions
    and operators of expressions.
    """

    kinds: Mapping[str, RuleKind]
    steps: Mapping[str, StepType]
    shapes: Mapping[str, Shape]
    functions: Mapping[str, Function] = field(default_factory=lambda: STANDARD)


def vocabulary() -> Vocabulary:
    """The vocabulary of this installation: our folders, and the entry points of other packages."""
    kinds: dict[str, RuleKind] = discovered(rules, "KIND", "casewright.rule_kinds")
    steps = step_types()
    shared = definitions(steps)
    shapes = {name: shape_of(body_schema(kind), shared) for name, kind in kinds.items()}
    return Vocabulary(kinds, steps, shapes, known_functions())
