"""Every rule to its plan or policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewright.compiler.release import Edition
from casewright.compiler.scopes import fresh
from casewright.rules.contract import Ground, Rule
from casewright.rules.registry import Vocabulary
from casewright.steps.scope import Scope
from casewright.values import Problem, Span


@dataclass(frozen=True, slots=True)
class Lowered:
    """What a rule was lowered to, what is wrong with it, and the dotted paths that it reads with their places.

    `loose` counts the operators of its expressions whose operands have no known type.
    """

    value: Any
    problems: tuple[Problem, ...]
    reads: Mapping[str, Span]
    loose: int = 0


def lower(rule: Rule, words: Vocabulary, scope: Scope) -> Lowered:
    """One rule, with findings of its own."""
    own = fresh(scope)
    value = words.kinds[rule.name.kind].lower(rule, Ground(own, words.steps))
    return Lowered(value, tuple(own.findings.problems), own.findings.reads, own.findings.loose)


def lower_all(rules: Mapping[Edition, Rule], words: Vocabulary, scope: Scope) -> dict[Edition, Lowered]:
    """Every rule, with its editions in other languages where it is sound as it was written."""
    lowered: dict[Edition, Lowered] = {}
    for (name, language), rule in rules.items():
        written = lowered.get((name, "")) if language else None
        if written is None or not any(problem.is_error for problem in written.problems):
            lowered[name, language] = lower(rule, words, scope)
    return lowered
