"""Which walks read, carry out and compile an expression in its dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewright.expressions.cel.checking import StrictChecker
from casewright.expressions.cel.evaluating import StrictEmitter, StrictInterpreter
from casewright.expressions.checker import Checker
from casewright.expressions.compiler import Emitter
from casewright.expressions.dialects import Dialect
from casewright.expressions.interpreter import Interpreter, outcome_of
from casewright.expressions.meaning import Checked


@dataclass(frozen=True, slots=True)
class Walks:
    """The three walks of a dialect, which mean the same."""

    checker: type[Checker]
    interpreter: type[Interpreter]
    emitter: type[Emitter]


def walks_of(dialect: Dialect) -> Walks:
    """The walks of the house, or of strict CEL."""
    return _OF_CEL if dialect.strict else _OF_HOUSE


_OF_HOUSE = Walks(Checker, Interpreter, Emitter)
_OF_CEL = Walks(StrictChecker, StrictInterpreter, StrictEmitter)


def exact_outcome(checked: Checked, roots: Mapping[str, Any]) -> object:
    """The value of an expression in its dialect, or Unknown."""
    return outcome_of(walks_of(checked.dialect).interpreter(checked, roots))
