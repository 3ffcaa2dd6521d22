"""The table of what operators and functions give where an operand is empty, and how a case of it is carried out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from casewright.expressions import (
    BOOLEAN,
    CLOCK,
    DYNAMIC,
    Expression,
    Maybe,
    Scope,
    Type,
    compile_expression,
    list_of,
    map_of,
    named,
    record,
)
from casewright.expressions.interpreter import Unknown, interpret
from casewright.values import Duration, Span

SOURCE = Path(__file__).with_name("null_vectors.toml")
NOW = datetime(2026, 3, 2, 10, 15, tzinfo=UTC)
BINARY = ("neither", "left", "right", "both")
UNARY = ("value", "null", "unknown", "fault")
BARE = ("clock", "no_clock")
NULLED = {"left": "a", "right": "b", "both": "ab", "null": "a"}
"""Which operands a case leaves empty."""

INSTEAD = {"unknown": "(gap ? a : a)", "fault": "[a][9]"}
"""What stands for the operand in a case that nulls do not make."""


@dataclass(frozen=True, slots=True)
class Vector:
    """An operator or function in one form: its text, the types and values of a and b, and the result in each case."""

    of: str
    text: str
    types: tuple[str, ...]
    given: tuple[str, ...]
    results: Mapping[str, str]


def vectors() -> list[Vector]:
    """The whole table."""
    told = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["vector"]
    return [_vector(**each) for each in told]


def _vector(of: str, text: str, types: tuple[str, ...] = (), given: tuple[str, ...] = (), **results: str) -> Vector:
    return Vector(of, text, tuple(types), tuple(given), results)


def cases_of(vector: Vector) -> tuple[str, ...]:
    """The names of the cases, by how many operands there are."""
    return (BARE, UNARY, BINARY)[len(vector.types)]


def type_named(name: str) -> Type:
    """The type that the table names."""
    if name.startswith("list of "):
        return list_of(type_named(name.removeprefix("list of ")))
    if name.startswith("map of "):
        return map_of(type_named(name.removeprefix("map of ")))
    if name == "record":
        return record("record", {"field": type_named("integer")})
    return named(name) or DYNAMIC


def scope_of(vector: Vector) -> Scope:
    """The names that the text may use."""
    return Scope({**dict(zip("ab", map(type_named, vector.types), strict=False)), "gap": BOOLEAN})


def expression_of(vector: Vector, case: str) -> Expression:
    """The text of a case, compiled."""
    text = vector.text
    if case in INSTEAD:
        text = _with_operand(text, INSTEAD[case])
    return _compiled(text, scope_of(vector))


def _with_operand(text: str, operand: str) -> str:
    """The text with another operand for each `a` that stands alone."""
    return re.sub(r'(?<![\w".])a(?![\w"(])', operand, text)


def _compiled(text: str, scope: Scope, expect: Type | None = None) -> Expression:
    found, problems = compile_expression(text, scope, at=Span(text), expect=expect)
    assert problems == (), problems
    assert found is not None
    return found


def roots_of(vector: Vector, case: str) -> dict[str, Any]:
    """What the names hold in a case."""
    values = {
        name: _compiled(text, Scope({}), type_named(type_)).evaluate({})
        for name, text, type_ in zip("ab", vector.given, vector.types, strict=False)
    }
    emptied = dict.fromkeys(NULLED.get(case, ""))
    clock = {} if case == "no_clock" else {CLOCK: NOW}
    return {**values, **emptied, **clock, "gap": None}


def interpreted(vector: Vector, case: str) -> object:
    """What the interpreter makes of a case."""
    return interpret(expression_of(vector, case).checked, roots_of(vector, case))


def compiled(vector: Vector, case: str) -> object:
    """What the compiled form makes of it."""
    return expression_of(vector, case).evaluate(roots_of(vector, case))


def shown_outcome(outcome: object) -> str:
    """An outcome as the table writes it."""
    if isinstance(outcome, Unknown):
        return "fault" if outcome.fault else "unknown"
    return _shown(outcome)


def _shown(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_shown(name)}: {_shown(each)}' for name, each in value.items())}}}"
    if isinstance(value, Maybe):
        return f"optional.of({_shown(value.held[0])})" if value.held else "optional.none()"
    return _called(value)


def _called(value: Any) -> str:
    for type_, name in ((datetime, "datetime"), (date, "date"), (time, "time")):
        if isinstance(value, type_):
            return f'{name}("{value.isoformat()}")'
    if isinstance(value, Duration):
        return f'duration("{value}")'
    return f"double({value})" if isinstance(value, float) else str(value)
