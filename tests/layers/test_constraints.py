"""Constraints: what a value must keep within, and when two of them leave no room."""

from __future__ import annotations

import pytest

from casewright.layers.constraints import contradict, fails, parse
from casewright.layers.scalars import NotOfType, scalar
from casewright.layers.shapes import Shape
from casewright.source import Formula

DURATION, NUMBER, TEXT = (Shape("scalar", type=one) for one in ("duration", "decimal", "text"))


@pytest.mark.parametrize(
    ("shape", "test", "value", "holds"),
    [
        (DURATION, "<= 2d", "36h", True),
        (DURATION, "<= 2d", "3d", False),
        (DURATION, "< 1mo", "29d", True),
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
    assert fails(scalar(value, shape.type), parse(test, shape)) is not holds


@pytest.mark.parametrize("value", [None, Formula("case.x")])
def test_null_and_formulas_are_judged_when_they_run(value: object) -> None:
    assert not fails(value, parse("<= 2d", DURATION))


def test_a_value_of_another_type_fails() -> None:
    assert fails("x", parse("<= 2", NUMBER))


@pytest.mark.parametrize(
    ("shape", "one", "other", "expected"),
    [
        (DURATION, "<= 2d", "<= 1d", False),
        (DURATION, "<= 2d", ">= 3d", True),
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
