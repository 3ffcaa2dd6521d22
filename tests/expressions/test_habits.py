"""What other languages and people write is told at its place, with what is written here."""

from __future__ import annotations

import pytest

from casewright.expressions.parser import parse
from casewright.expressions.tokens import Refusal


@pytest.mark.parametrize(
    ("text", "place", "help"),
    [
        ("case.amount > 5 AND case.abroad", 16, "write `and`"),
        ("'a' IN case.names", 4, "write `in`"),
        ('name NOT IN ["a"]', 5, "write `not`"),
        ('name not_in ["a"]', 5, "write `not in`"),
        ("due is not null", 4, "write `!= null`"),
        ("due is None", 4, "write `== null`"),
        ("flag is true", 5, "write `==`; for empty, `== null`"),
        ("amount BETWEEN 5 AND 10", 7, "write `x >= low and x <= high`"),
        ('names contains "a"', 6, "write `item in list`, or `text.contains(part)`"),
        ("[t.amount for t in trips]", 10, "write `list.map(item, value)`"),
        ("trips.map(t => t.amount)", 12, "write a comma between the name of an item"),
        ("trips.map(t -> t.amount)", 13, "write a comma between the name of an item"),
        ("today() + 5 days", 12, 'write duration("5d")'),
        ("amount > 500 EUR", 13, "write the plain number; its unit is the field's"),
        ("amount > 1.000,50", 14, "write 1000.50"),
        ("amount > 1,5", 10, "write 1.5"),
        ("due < 31.01.2026", 11, 'a date is written date("2026-01-31")'),
        ("names.0", 5, "write [0] for an item of a list"),
        ("amount ** 2", 8, "there is no power operator"),
        ("amount ?? 0", 10, "write coalesce(x, y)"),
        ("amount !== 5", 9, "write `!=`"),
        ("amount === 5", 9, "write `==`"),
        ('name in {"a"}', 12, "write a list in square brackets: [a, b]; a map has a value for each key"),
        ("amount > 5)", 10, "no bracket is open that ')' could close"),
        ("amount ≥ 5", 7, "write `>=`"),
        ("amount ≠ 5", 7, "write `!=`"),
        ("amount – 5", 7, "write `-`"),
        ("${amount} > 5", 0, "write the name alone, without `${ }`"),
        ("case..amount", 4, "write one `.` before a field"),
        ("return amount > 5", 7, "an expression is its value: leave `return` out"),
        ("unless flag", 7, "write `not (condition)`"),
        ("upper name", 6, "write an operator between the two, or upper(...) where a function is meant"),
        ("case.a case.b", 7, "write an operator before it, or quotes"),
    ],
)
def test_a_habit_of_another_language_is_told_what_is_written_here(text: str, place: int, help: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(text)
    assert (refused.value.code, refused.value.start) == ("E401", place)
    assert refused.value.help.startswith(help)


def test_a_field_may_be_called_as_a_word_of_another_language() -> None:
    assert parse("order.for == order.is and customer.contains != null")
