"""Unary tests: what a cell says of a value."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    TIME,
    Scope,
    Type,
    UnaryTest,
    choice,
    compile_test,
    values,
)
from casewright.values import Duration, Problem, Span

AT = Span("rule.yaml", 3, 9)
SHIPPING = choice(["standard", "express", "pre-paid"])
ROOTS: dict[str, Any] = {
    "customer": {"segment": "VIP", "income": Decimal("500"), "age": None},
    "amount": 10,
    "name": "Ann",
    "flag": True,
}


def compiled(text: str, type_: Type, scope: Scope) -> UnaryTest:
    found, problems = compile_test(text, type_, scope, at=AT)
    assert problems == ()
    assert found is not None
    return found


MATCHES = [
    # text, type, what matches, what does not
    ("-", TEXT, ["a", None], []),
    ("", TEXT, ["a", None], []),
    ('"VIP","Private"', TEXT, ["VIP", "Private"], ["vip", None]),
    ("VIP, Private", TEXT, ["VIP", "Private"], ["vip", None]),
    ("waiting for customer", TEXT, ["waiting for customer"], ["waiting"]),
    ("007", TEXT, ["007"], ["7"]),
    ('"a,b","c|d"', TEXT, ["a,b", "c|d"], ["a", "b"]),
    ("'it (is)'", TEXT, ["it (is)"], ["it"]),
    ("express", SHIPPING, ["express"], ["standard", None]),
    ("pre-paid", SHIPPING, ["pre-paid"], ["standard"]),
    ("not(express)", SHIPPING, ["standard", "pre-paid", None], ["express"]),
    ('not("express", standard)', SHIPPING, ["pre-paid", None], ["express", "standard"]),
    ("null", TEXT, [None], ["null", ""]),
    ("not(null)", TEXT, ["", "a"], [None]),
    ("express, null", SHIPPING, ["express", None], ["standard"]),
    (">= 1000", MONEY, [Decimal("1000"), Decimal("1000.01")], [Decimal("999.99"), None]),
    ("> 5", INTEGER, [6], [5, None]),
    ("< 5", INTEGER, [4], [5, None]),
    ("<= -5", INTEGER, [-5], [-4, None]),
    ("not(> 5)", INTEGER, [5], [6, None]),
    ("> 5.5", INTEGER, [6], [5]),
    ("5", INTEGER, [5], [4, None]),
    ("5, 7, > 10", INTEGER, [5, 7, 11], [6, 10, None]),
    ("[1..5]", INTEGER, [1, 5], [0, 6, None]),
    ("(1..5)", INTEGER, [2, 4], [1, 5]),
    ("[1..5)", DECIMAL, [Decimal("1"), Decimal("4.99")], [Decimal("5")]),
    ("(1..5]", DECIMAL, [Decimal("1.01"), Decimal("5")], [Decimal("1")]),
    ("not([1..5])", DECIMAL, [Decimal("0.99")], [Decimal("1"), None]),
    ("[1..2],[4..5]", INTEGER, [1, 2, 4, 5], [3]),
    ("true", BOOLEAN, [True], [False, None]),
    ("not(true)", BOOLEAN, [False, None], [True]),
    ("2026-01-31", DATE, [date(2026, 1, 31)], [date(2026, 1, 30), None]),
    ("> 2026-01-31", DATE, [date(2026, 2, 1)], [date(2026, 1, 31)]),
    ('>= date("2026-01-31")', DATE, [date(2026, 1, 31)], [date(2026, 1, 30)]),
    ("[2026-01-01..2026-01-31]", DATE, [date(2026, 1, 31)], [date(2026, 2, 1)]),
    ("> 2h", DURATION, [Duration(exact=timedelta(hours=3))], [Duration(exact=timedelta(hours=2)), None]),
    ("> 2h", DURATION, [], [Duration(months=-1, exact=timedelta(days=60))]),
    # what reads roots
    ("> amount", INTEGER, [11], [10, None]),
    ("[amount..20]", INTEGER, [10, 20], [9]),
    ("> customer.age", INTEGER, [], [1, None]),
    ("not(> customer.age)", INTEGER, [], [1, None]),
    ("customer.segment", TEXT, ["VIP"], ["a", None]),
    ("=customer.segment", TEXT, ["VIP"], ["a", None]),
    ('=upper("a")', TEXT, ["A"], ["a"]),
    ("=min(amount, 20)", INTEGER, [10], [20]),
    ("=flag", TEXT, ["a", None], []),
    ("=flag", BOOLEAN, [True], [False]),
    ("? > 5 and ? < customer.income", MONEY, [Decimal("100")], [Decimal("5"), Decimal("500"), None]),
    ("=? > 5", INTEGER, [6], [5, None]),
    ('?.startsWith("A")', TEXT, ["Ab"], ["b", None]),
    ('? == null or ? == "x"', TEXT, [None, "x"], ["y"]),
    ("> 5", DYNAMIC, [6, Decimal("5.5")], [5, "a", None]),
]


@pytest.mark.parametrize(
    ("text", "type_", "inside", "outside"), MATCHES, ids=[f"{case[0]} of {case[1].name}" for case in MATCHES]
)
def test_a_test_matches_what_it_says(
    text: str, type_: Type, inside: list[object], outside: list[object], scope: Scope
) -> None:
    found = compiled(text, type_, scope)
    assert [found.matches(value, ROOTS) for value in inside] == [True] * len(inside)
    assert [found.matches(value, ROOTS) for value in outside] == [False] * len(outside)


WRONG = [
    (
        "expres",
        SHIPPING,
        0,
        "E404",
        "\"expres\" is not an option; did you mean 'express'?",
        "the options are standard, ",
    ),
    ('express,"gone"', SHIPPING, 8, "E404", '"gone" is not an option', "the options are"),
    ("[5..1]", INTEGER, 0, "E407", "no integer passes `[5..1]`", "write the lower bound first"),
    ("[1..5", INTEGER, 0, "E407", "`[1..5` has a quote or bracket that is not closed", ""),
    ('"a', TEXT, 0, "E407", '`"a` has a quote or bracket that is not closed', ""),
    ("!= 5", INTEGER, 3, "E407", "`!=` is not used in a test", "write not(5)"),
    ("== 5", INTEGER, 3, "E407", "`==` is not used in a test", "write 5 alone"),
    ("5,,6", INTEGER, 2, "E407", "there is nothing between the commas", "write `-` for any value"),
    (">", INTEGER, 1, "E407", "a value is missing here", ""),
    ("> null", INTEGER, 2, "E407", "`> null` is always unknown", "write null alone, or not(null)"),
    (
        "express or standard",
        TEXT,
        0,
        "E407",
        "`express or standard` reads as one text",
        "separate alternatives by commas",
    ),
    ("> standard", SHIPPING, 2, "E404", "one of standard, express, pre-paid has no order", ""),
    ('"a"', INTEGER, 0, "E404", "this is text; the value tested is an integer", ""),
    ("> amont", INTEGER, 2, "E402", "unknown name 'amont'; did you mean 'amount'?", ""),
    ("? > amont", INTEGER, 4, "E402", "unknown name 'amont'; did you mean 'amount'?", ""),
    ("= amont", INTEGER, 2, "E402", "unknown name 'amont'; did you mean 'amount'?", ""),
    ('? + "a"', INTEGER, 0, "E404", "`+` does not take an integer and text", ""),
    ("=name", INTEGER, 1, "E404", "this is text; the value tested is an integer", ""),
    (
        "0-14",
        INTEGER,
        0,
        "E407",
        "`0-14` is a difference, not a range",
        "write [0..14] for a range, or `= 0-14` for the difference",
    ),
    (
        "1, -5 - 5",
        INTEGER,
        3,
        "E407",
        "`-5 - 5` is a difference, not a range",
        "write [-5..5] for a range, or `= -5 - 5`",
    ),
    ("not(0.5-1)", MONEY, 4, "E407", "`0.5-1` is a difference, not a range", "write [0.5..1] for a range"),
    ("14-0", INTEGER, 0, "E407", "`14-0` is a calculation, not a value", "write `= 14-0` for its result"),
    ("2 * 3", DYNAMIC, 0, "E407", "`2 * 3` is a calculation, not a value", "write `= 2 * 3` for its result"),
    ("1d-3d", DURATION, 0, "E407", "`1d-3d` is no range", "write [1d..3d]"),
    ("2026-01-01-2026-01-31", DATE, 0, "E407", "`2026-01-01-2026-01-31` is", "write [2026-01-01..2026-01-31]"),
    ("0..14", INTEGER, 0, "E407", "a range stands in brackets", "write [0..14]"),
    ("[1, 2]", INTEGER, 0, "E404", "this is a list of integer; ", "write [low..high] for a range, and alternatives w"),
]


@pytest.mark.parametrize(("text", "type_", "column", "code", "message", "help"), WRONG, ids=[case[0] for case in WRONG])
def test_a_wrong_test_names_its_place_and_its_mend(
    text: str, type_: Type, column: int, code: str, message: str, help: str, scope: Scope
) -> None:
    found, problems = compile_test(text, type_, scope, at=AT)
    assert found is None
    problem: Problem = problems[0]
    assert (problem.code, str(problem.span)) == (code, f"rule.yaml:3:{9 + column}")
    assert problem.message.startswith(message)
    assert problem.help.startswith(help)


@pytest.mark.parametrize(
    ("text", "passes", "fails"),
    [("= 0 - 14", -14, 0), ("? > 0 - 14", 0, -14), (">= 2 * 3", 6, 5), ("amount - 1", 9, 10), ("-5", -5, 5)],
)
def test_a_calculation_that_is_marked_or_compared_or_reads_a_value_is_one(
    text: str, passes: int, fails: int, scope: Scope
) -> None:
    found, problems = compile_test(text, INTEGER, scope, at=AT)
    assert problems == ()
    assert found is not None
    assert (found.matches(passes, ROOTS), found.matches(fails, ROOTS)) == (True, False)


def test_a_test_says_what_it_reads_beside_its_value(scope: Scope) -> None:
    found = compiled("? > 5 and customer.income > ?", MONEY, scope)
    assert (found.roots, found.paths, found.region) == ({"customer"}, {"customer.income"}, None)
    assert compiled("> 5", INTEGER, scope).roots == frozenset()


@pytest.mark.parametrize(
    ("one", "other", "type_"),
    [
        ("> 17", ">= 18", INTEGER),
        ("(1..3)", "2", INTEGER),
        ("[1..2],[3..4]", "[1..4]", INTEGER),
        ("> 5.5", ">= 6", INTEGER),
        ("> 2026-01-31", ">= 2026-02-01", DATE),
        ("not(not(5))", "5", INTEGER),
        ("not(false)", "true,null", BOOLEAN),
        ('"a",b', 'b,"a"', TEXT),
        ("not(express)", "standard,pre-paid,null", SHIPPING),
        ("> 10,not(> 3)", "not([4..10])", INTEGER),
    ],
)
def test_tests_that_say_the_same_have_the_same_region(one: str, other: str, type_: Type, scope: Scope) -> None:
    assert compiled(one, type_, scope).region == compiled(other, type_, scope).region


def test_a_closed_type_has_no_values_beyond_its_own(scope: Scope) -> None:
    region = compiled("not(express)", SHIPPING, scope).region
    assert region == values("standard", "pre-paid", None)


PARTS = ["5", "null", "> 3", "<= 2", "[1..4]", "(0..3)", "7", "not(> 2)", "not(null)", "not(1,2)"]


@settings(max_examples=120, deadline=None)
@given(
    parts=st.lists(st.sampled_from(PARTS), min_size=1, max_size=3),
    negated=st.booleans(),
    value=st.sampled_from([None, *range(-1, 9)]),
)
def test_the_region_is_exactly_what_the_atoms_match(
    parts: list[str], negated: bool, value: int | None, compile_integer: Any
) -> None:
    text = f"not({','.join(parts)})" if negated else ",".join(parts)
    found = compile_integer(text)
    if found is not None:
        assert found.region.contains(value) == (found.atom.verdict(value, {}) is True)


@pytest.fixture(scope="module")
def compile_integer(scope: Scope) -> Any:
    return lambda text: compile_test(text, INTEGER, scope, at=AT)[0]


@pytest.mark.parametrize("type_", [TIME, DATETIME])
def test_moments_are_written_bare(type_: Type, scope: Scope) -> None:
    text = {"time": "09:30", "datetime": "2026-01-31T09:30:00Z"}[type_.name]
    region = compiled(f">= {text}", type_, scope).region
    assert region is not None
    assert region.contains(region.witness())
    assert str(region).startswith(f">= {text[:5]}")
