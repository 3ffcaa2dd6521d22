"""Constraints: what a value must keep within, and when two of them leave no room."""

from __future__ import annotations

import pytest

from casewright.layers.constraints import contradict, keeps, parse
from casewright.layers.scalars import NotOfType, scalar
from casewright.layers.shapes import Shape
from casewright.source import Formula

DURATION, NUMBER, TEXT = (Shape("scalar", type=one) for one in ("duration", "decimal", "text"))


@pytest.mark.parametrize(
    ("shape", "test", "value", "holds"),
    [
        (DURATION, "<= 2d", "36h", True),
        (DURATION, "<= 2d", "3d", False),
        (DURATION, "< 1mo", "27d", True),
        (DURATION, "< 1mo", "31d", False),
        (DURATION, "<= 3bd", "2bd", True),
        (DURATION, "<= 3bd", "3bd1h", False),
        (DURATION, "< 3bd", "3bd", False),
        (DURATION, "== 60m", "1h", True),
        (DURATION, "!= 60m", "1h", False),
        (NUMBER, ">= 10", "10", True),
        (NUMBER, "> 10", "10", False),
        (NUMBER, "[1..10]", "10", True),
        (NUMBER, "[1..10)", "10", False),
        (NUMBER, "(0..1]", "0.5", True),
        (NUMBER, "!= 3", "3.0", False),
        (NUMBER, "1, 2, [5..6]", "5.5", True),
        (NUMBER, "1, 2, [5..6]", "3", False),
        (TEXT, '"a", "b"', "b", True),
        (TEXT, "a, b", "c", False),
    ],
)
def test_a_value_keeps_a_constraint_or_not(shape: Shape, test: str, value: str, holds: bool) -> None:
    assert keeps(scalar(value, shape.type), parse(test, shape)) is holds


@pytest.mark.parametrize(("test", "value"), [("<= 3bd", "4d"), ("<= 2d", "1bd"), ("< 1mo", "30d"), ("== 1mo", "30d")])
def test_lengths_that_only_a_calendar_can_compare_are_not_compared(test: str, value: str) -> None:
    assert keeps(scalar(value, "duration"), parse(test, DURATION)) is None


def test_an_alternative_that_holds_makes_up_for_one_that_cannot_be_compared() -> None:
    assert keeps(scalar("4h", "duration"), parse("<= 3bd, <= 1d", DURATION)) is True


@pytest.mark.parametrize("value", [None, Formula("case.x")])
def test_null_and_formulas_are_judged_when_they_run(value: object) -> None:
    assert keeps(value, parse("<= 2d", DURATION))


def test_a_value_of_another_type_fails() -> None:
    assert keeps("x", parse("<= 2", NUMBER)) is False


@pytest.mark.parametrize(
    ("shape", "one", "other", "expected"),
    [
        (DURATION, "<= 2d", "<= 1d", False),
        (DURATION, "<= 2d", ">= 3d", True),
        (DURATION, "<= 2bd", ">= 3bd", True),
        (DURATION, "> 2bd", "< 3bd", False),
        (DURATION, "<= 2d", ">= 3bd", False),
        (NUMBER, "< 2", "> 1", False),
        (NUMBER, "< 2", ">= 2", True),
        (NUMBER, "[1..3]", "(3..4]", True),
        (NUMBER, "!= 1", "== 1", True),
        (TEXT, "a, b", "b, c", False),
        (TEXT, "a, b", "c", True),
        (TEXT, "!= a", "!= b", False),
    ],
)
def test_two_constraints_contradict_where_no_value_keeps_both(
    shape: Shape, one: str, other: str, expected: bool
) -> None:
    assert contradict(parse(one, shape), parse(other, shape)) is expected


@pytest.mark.parametrize("text", ["<= two days", "", "[1..]"])
def test_a_constraint_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(NotOfType):
        parse(text, DURATION)
