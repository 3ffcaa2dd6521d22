"""Literals of rules become values of their types, and types say what goes where."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
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
    NULL,
    TEXT,
    TIME,
    Scope,
    Type,
    anything,
    choice,
    compile_value,
    domain_of,
    fits,
    list_of,
    named,
    plain,
    record,
    simple_names,
    type_name,
    type_of,
    values,
)
from casewright.values import Duration, Span

AT = Span("rule.yaml", 3, 9)
SHIPPING = choice(["standard", "express"])
CARD = record("card", {"id": TEXT})


@pytest.mark.parametrize(
    ("value", "type_", "fitted"),
    [
        ("a", TEXT, "a"),
        (None, INTEGER, None),
        (5, INTEGER, 5),
        ("5", INTEGER, 5),
        (5, MONEY, Decimal("5")),
        ("12.50", MONEY, Decimal("12.50")),
        (Decimal("0.10"), DECIMAL, Decimal("0.10")),
        (True, BOOLEAN, True),
        ("false", BOOLEAN, False),
        ("2026-01-31", DATE, date(2026, 1, 31)),
        (date(2026, 1, 31), DATE, date(2026, 1, 31)),
        ("09:30", TIME, time(9, 30)),
        ("2026-01-31T09:30:00Z", DATETIME, datetime(2026, 1, 31, 9, 30, tzinfo=UTC)),
        ("1d12h", DURATION, Duration(exact=timedelta(hours=36))),
        ("P1M", DURATION, Duration(months=1)),
        ("express", SHIPPING, "express"),
        (["1", 2], list_of(INTEGER), (1, 2)),
        ("C-1", CARD, "C-1"),
        ({"id": "C-1"}, CARD, {"id": "C-1"}),
        ([1, "a"], DYNAMIC, [1, "a"]),
    ],
)
def test_a_literal_becomes_a_value_of_its_type(value: Any, type_: Type, fitted: object) -> None:
    found, problems = compile_value(value, Scope({}), at=AT, expect=type_)
    assert problems == ()
    assert found is not None
    assert (found.evaluate({}), type(found.evaluate({}))) == (fitted, type(fitted))
    assert (found.type, found.roots, found.paths) == (type_, frozenset(), frozenset())


@pytest.mark.parametrize(
    ("value", "type_", "message", "help"),
    [
        ("a", INTEGER, "'a' is not an integer", "write 12"),
        ("1,50", MONEY, "'1,50' is not money", "write 1.50"),
        ("yes", BOOLEAN, "'yes' is not a boolean", "write true"),
        (1, BOOLEAN, "'1' is not a boolean", "write true or false"),
        (True, INTEGER, "'true' is not an integer", "write 12"),
        ("31.1.2026", DATE, "'31.1.2026' is not a date", "write 2026-01-31"),
        (5, TEXT, "'5' is not text", "write it in quotes, as a text"),
        ("expres", SHIPPING, "'expres' is not an option; did you mean 'express'?", "the options are standard, express"),
        (["a"], list_of(INTEGER), "'a' is not an integer", "write 12"),
        ([1], TEXT, "this list of integer is not text", ""),
    ],
)
def test_a_literal_that_does_not_fit_says_what_to_write(value: Any, type_: Type, message: str, help: str) -> None:
    found, problems = compile_value(value, Scope({}), at=AT, expect=type_)
    assert found is None
    assert [(problem.code, problem.message, problem.help) for problem in problems] == [("E404", message, help)]


def test_without_a_type_a_literal_is_what_it_is() -> None:
    found, _ = compile_value([1, 2], Scope({}), at=AT)
    assert found is not None
    assert (found.value, found.type, found.source) == ([1, 2], list_of(INTEGER), "[1, 2]")
    assert found.explain({}).reason == "written as [1, 2]"


@pytest.mark.parametrize(
    ("given", "wanted", "does"),
    [
        (INTEGER, DECIMAL, True),
        (DECIMAL, MONEY, True),
        (DECIMAL, INTEGER, False),
        (TEXT, SHIPPING, True),
        (SHIPPING, TEXT, True),
        (TEXT, INTEGER, False),
        (NULL, DATE, True),
        (DYNAMIC, DATE, True),
        (DATE, DATETIME, False),
        (TEXT, CARD, True),
        (CARD, TEXT, False),
        (CARD, CARD, True),
        (list_of(INTEGER), list_of(DECIMAL), True),
        (list_of(TEXT), list_of(DECIMAL), False),
    ],
)
def test_types_say_what_goes_where(given: Type, wanted: Type, does: bool) -> None:
    assert fits(given, wanted) is does


def test_every_simple_type_has_its_name() -> None:
    for name in simple_names():
        found = named(name)
        assert found is not None
        assert type_name(found) == name
    assert {"long_text", "id", "email", "phone", "address", "file"} <= set(simple_names())
    assert named("customer") is None
    assert type_name(list_of(TEXT)) == "list of text"
    assert type_name(SHIPPING) == "one of standard, express"


def test_a_domain_is_closed_for_booleans_and_choices() -> None:
    assert domain_of(BOOLEAN) == values(True, False, None)
    assert domain_of(SHIPPING) == values("standard", "express", None)
    assert domain_of(TEXT) == anything()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (Decimal("1E+2"), "100"),
        (Decimal("15.00"), "15.00"),
        (date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_values_are_plain_as_text(value: object, text: str) -> None:
    assert plain(value) == text


def test_a_literal_knows_its_type() -> None:
    assert type_of([1, None]) == list_of(INTEGER)
    assert type_of([]) == list_of(DYNAMIC)
    assert type_of(True) == BOOLEAN
    assert type_of(object()) == DYNAMIC


@pytest.mark.parametrize(
    ("value", "type_", "message", "help"),
    [
        (2**63, INTEGER, "'9223372036854775808' is not an integer", "an integer has at most 64 bits"),
        ([1, 2**63], list_of(INTEGER), "'9223372036854775808' is not an integer", "an integer has at most 64 bits"),
        (Decimal("9" * 35), MONEY, f"'{'9' * 35}' is not money", "a decimal has at most 34 digits"),
        (10**40 + 1, DECIMAL, f"'1{'0' * 39}1' is not a decimal", "a decimal has at most 34 digits"),
        (10**9_000, INTEGER, f"'1{'0' * 59}...' is not an integer", "an integer has at most 64 bits"),
    ],
    ids=["integer", "in a list", "money", "decimal", "very long"],
)
def test_a_literal_that_no_value_can_hold_is_refused(value: object, type_: Type, message: str, help: str) -> None:
    found, (problem,) = compile_value(value, Scope({}), at=Span("a"), expect=type_)
    assert (found, problem.code, problem.message, problem.help) == (None, "E404", message, help)


@pytest.mark.parametrize("digits", ["9" * 50, "9" * 9_000, "1e99999999999999999999", "9" * 50 + ".0"])
def test_a_text_of_very_many_digits_is_refused_as_any_other(digits: str) -> None:
    found, (problem,) = compile_value(digits, Scope({}), at=Span("a"), expect=INTEGER)
    assert (found, problem.code) == (None, "E404")
    assert problem.message.endswith("is not an integer")
