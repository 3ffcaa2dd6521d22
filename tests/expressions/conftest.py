"""A small world that the tests of expressions share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from casewright.expressions import (
    BOOLEAN,
    DATE,
    DATETIME,
    DECIMAL,
    DURATION,
    DYNAMIC,
    INTEGER,
    MONEY,
    TEXT,
    Condition,
    Expression,
    Scope,
    Type,
    choice,
    compile_condition,
    compile_expression,
    list_of,
    record,
)
from casewright.values import Problem, Span

AT = Span("rule.yaml", 3, 9)


@pytest.fixture(scope="session")
def scope() -> Scope:
    """A customer, a case, some loose values, a list and something of unknown type."""
    address = record("address", {"city": TEXT})
    fields = {"segment": TEXT, "income": MONEY, "active": BOOLEAN, "age": INTEGER, "since": DATE, "address": address}
    payment = record("payment", {"amount": MONEY, "kind": TEXT})
    case = record("case", lambda: {"incident": choice(["lost", "stolen"]), "wait": DURATION, "opened": DATETIME})
    return Scope(
        {
            "customer": record("customer", fields),
            "case": case,
            "amount": INTEGER,
            "other": INTEGER,
            "ratio": DECIMAL,
            "flag": BOOLEAN,
            "mark": BOOLEAN,
            "name": TEXT,
            "due": DATE,
            "payments": list_of(payment),
            "tags": list_of(TEXT),
            "numbers": list_of(INTEGER),
            "anything": DYNAMIC,
        }
    )


@pytest.fixture(scope="session")
def expression(scope: Scope) -> Callable[..., Expression]:
    """Compiles a text that has no problems."""

    def compiled(text: str, expect: Type | None = None) -> Expression:
        found, problems = compile_expression(text, scope, at=AT, expect=expect)
        assert problems == ()
        assert found is not None
        return found

    return compiled


@pytest.fixture(scope="session")
def condition(scope: Scope) -> Callable[[str], Condition]:
    """Compiles a condition that has no problems."""

    def compiled(text: str) -> Condition:
        found, problems = compile_condition(text, scope, at=AT)
        assert problems == ()
        assert found is not None
        return found

    return compiled


@pytest.fixture(scope="session")
def problems(scope: Scope) -> Callable[..., tuple[Problem, ...]]:
    """The problems of a text that has some."""

    def found(text: str, **wanted: Any) -> tuple[Problem, ...]:
        compiled, problems = compile_expression(text, scope, at=AT, **wanted)
        assert compiled is None
        return problems

    return found
