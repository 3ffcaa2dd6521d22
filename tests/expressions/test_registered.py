"""A registered function: its guard gives values of its type or a fault, and its cost counts in macros."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from casewright.errors import FunctionRefused
from casewright.expressions import (
    BOOLEAN,
    DECIMAL,
    DYNAMIC,
    INTEGER,
    MONEY,
    STANDARD,
    TEXT,
    Expression,
    PureFunction,
    Scope,
    Type,
    choice,
    compile_expression,
    list_of,
    record,
    registered,
)
from casewright.values import Span

CUSTOMER = record("customer", {"name": TEXT})


def function(run: Callable[..., object], result: Type = INTEGER, cost: int = 1, **parameters: Type) -> PureFunction:
    return PureFunction("ours", parameters or {"x": INTEGER}, result, run, "what it gives", cost)


def compiled(text: str, given: PureFunction, **roots: Type) -> Expression:
    scope = Scope({"x": INTEGER, **roots}, {**STANDARD, given.name: registered(given)})
    found, problems = compile_expression(text, scope, at=Span("x"))
    assert problems == ()
    assert found is not None
    return found


def outcome(run: Callable[..., object], result: Type = INTEGER, roots: Mapping[str, Any] | None = None) -> Any:
    """The value of a call, or why it has none; compiled and interpreted alike."""
    found, known = compiled("ours(x)", function(run, result)), {"x": 2, **(roots or {})}
    value, told = found.evaluate(known), found.explain(known)
    assert told.value == value
    return told.reason.removeprefix("unknown because ours(x): ") if told.is_unknown else value


def test_it_gets_and_gives_values_of_its_types() -> None:
    found = compiled("ours(1, x)", function(lambda a, b: a + b, DECIMAL, a=MONEY, b=DECIMAL))
    result = found.evaluate({"x": 2})
    assert (result, type(result)) == (Decimal(3), Decimal)


@pytest.mark.parametrize(
    ("given", "result"),
    [
        (lambda x: "two", TEXT),
        (lambda x: None, TEXT),
        (lambda x: [1, None, 3], list_of(INTEGER)),
        (lambda x: {"name": "Ann"}, CUSTOMER),
        (lambda x: "lost", choice(["lost"])),
        (lambda x: [{"a": 1}], DYNAMIC),
    ],
)
def test_a_value_of_the_declared_type_passes(given: Callable[..., object], result: Type) -> None:
    assert outcome(given, result) == given(2)


def broken(x: int) -> int:
    raise KeyError("no such customer")


@pytest.mark.parametrize(
    ("given", "result", "reason"),
    [
        (broken, INTEGER, "failed with KeyError: 'no such customer'"),
        (lambda x: x / 0, INTEGER, "failed with ZeroDivisionError: division by zero"),
        (lambda x: "2", INTEGER, "gave str where an integer is declared"),
        (lambda x: True, INTEGER, "gave bool where an integer is declared"),
        (lambda x: 2.0, DECIMAL, "gave float where a decimal is declared"),
        (lambda x: 2**70, INTEGER, "an integer has at most 64 bits"),
        (lambda x: "a" * 1_000_001, TEXT, "makes a text of more than 1,000,000 characters"),
        (lambda x: [1, "a"], list_of(INTEGER), "gave str where an integer is declared"),
        (lambda x: [0] * 100_001, list_of(INTEGER), "makes a list of more than 100,000 items"),
        (lambda x: object(), DYNAMIC, "gave object where anything is declared"),
    ],
)
def test_whatever_else_it_does_is_unknown_and_told(given: Callable[..., object], result: Type, reason: str) -> None:
    assert outcome(given, result) == reason


def test_it_is_not_called_with_null() -> None:
    calls: list[object] = []
    found = compiled("ours(x)", function(lambda x: calls.append(x)))
    assert found.evaluate({"x": None}) is None
    assert calls == []


def test_what_it_has_no_answer_for_decides_nothing_that_is_decided() -> None:
    found = compiled("ours(x) or x == 2", function(broken, BOOLEAN))
    assert found.evaluate({"x": 2}) is True


def test_a_costly_one_is_stopped_where_it_is_called_too_often() -> None:
    found = compiled("xs.map(n, ours(n)).size()", function(lambda n: n, cost=10_000), xs=list_of(INTEGER))
    assert found.evaluate({"xs": list(range(90))}) == 90
    assert found.evaluate({"xs": list(range(110))}) is None
    assert "takes more than 1,000,000 steps" in found.explain({"xs": list(range(110))}).reason


def test_an_end_of_the_process_passes_through() -> None:
    def stop(x: int) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compiled("ours(x)", function(stop)).evaluate({"x": 1})


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"name": "creditBand"}, "words in small letters"),
        ({"name": "filter"}, "words in small letters"),
        ({"name": "and"}, "words in small letters"),
        ({"cost": 0}, "a number of steps from 1 to 1,000,000"),
        ({"says": " "}, "it has to say what it gives"),
    ],
)
def test_what_no_expression_could_call_is_refused(changed: dict[str, Any], why: str) -> None:
    given: dict[str, Any] = {"name": "ours", "parameters": {}, "result": TEXT, "run": str, "says": "nothing"}
    with pytest.raises(FunctionRefused, match=why):
        registered(PureFunction(**{**given, **changed}))
