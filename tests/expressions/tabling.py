"""A small world for the tests of tables: a customer, a case, and tables written in pipes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casewright.expressions import (
    BOOLEAN,
    DATE,
    DURATION,
    INTEGER,
    MONEY,
    TEXT,
    Constant,
    Declared,
    Expression,
    Scope,
    Table,
    Type,
    choice,
    compile_expression,
    compile_table,
    declared_as,
    read_rows,
    record,
)
from casewright.values import Problem, Span

AT = Span("fee.yaml", 5, 3)
SHIPPING = choice(["standard", "express", "courier"])
FIELDS = {
    "shipping": SHIPPING,
    "amount": INTEGER,
    "urgent": BOOLEAN,
    "word": TEXT,
    "day": DATE,
    "wait": DURATION,
    "price": MONEY,
    "sure": declared_as(SHIPPING, Declared(certain=True)),
}
SCOPE = Scope({"case": declared_as(record("case", FIELDS), Declared(certain=True)), "limit": INTEGER})


def inputs(*names: str) -> list[tuple[str, Expression]]:
    """The columns of these fields of the case."""
    found = [(name, compile_expression(f"case.{name}", SCOPE, at=AT)[0]) for name in names]
    return [(name, each) for name, each in found if each is not None]


def tried(
    text: str, hit: str, outputs: Mapping[str, Type], otherwise: Mapping[str, Any] | None = None
) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table whose header names fields of the case, or its problems."""
    names = [cell.strip() for cell in text.partition("||")[0].split("|")]
    rows, problems = read_rows(text, names, tuple(outputs), AT)
    assert problems == ()
    rest = {name: Constant(value, outputs[name], AT) for name, value in (otherwise or {}).items()}
    return compile_table(inputs(*names), list(outputs.items()), rows, hit, SCOPE, at=AT, otherwise=rest)


def made(text: str, hit: str, outputs: Mapping[str, Type], otherwise: Mapping[str, Any] | None = None) -> Table:
    """The table, which has no errors."""
    found, problems = tried(text, hit, outputs, otherwise)
    assert found is not None, problems
    return found


def roots(limit: int | None = 5, **case: Any) -> dict[str, Any]:
    """A case with these fields; all others are null."""
    return {"case": {**dict.fromkeys(FIELDS), **case}, "limit": limit}


def codes(problems: Sequence[Problem]) -> list[str]:
    """The codes of the problems, in order."""
    return [problem.code for problem in problems]
