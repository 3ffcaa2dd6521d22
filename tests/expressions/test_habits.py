"""What other languages and people write is told at its place, with what is written here."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casewright.expressions.parser import parse
from casewright.expressions.tokens import Refusal
from casewright.values import Problem


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
        ("names[80.00, 5]", 11, "write a list in square brackets: [a, b]"),
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


@pytest.mark.parametrize(
    ("text", "place", "code", "message", "help"),
    [
        ('amount > "5"', 0, "E404", "`>` does not take an integer and text", "write 5, without quotes"),
        ('due != ""', 0, "E404", "`!=` compares a date with text", "write null for what is empty"),
        ('due < "31.01.2026"', 0, "E404", "`<` does not take a date and text", 'write date("2026-01-31")'),
        ('case.wait > "5 days"', 0, "E404", "`>` does not take a duration and text", 'write duration("5d")'),
        ('flag == "yes"', 0, "E404", "`==` compares a boolean with text", "write true, without quotes"),
        ('weekday(due) == "Monday"', 0, "E404", "`==` compares an integer with text", "write 1: Monday is 1"),
        ('name == ["a", "b"]', 0, "E404", "`==` compares text with a list of text", "write `in` to look whether"),
        ('name == "a" or "b"', 15, "E404", '`or` takes true or false; "b" is text', "write the whole comparison again"),
        ("due > 18", 0, "E404", "`>` does not take a date and an integer", "write age(due) for the years since then"),
        (
            'tags["a"]',
            0,
            "E404",
            "`index` does not take a list of text and text",
            "an item of a list stands at a number",
        ),
        ("payments.length", 9, "E403", "payments is a list of payment", "write size(payments)"),
        ("customer.case", 9, "E403", "'customer' has no field 'case'", "'case' stands beside it: write case"),
        (
            "tags.includes(name)",
            5,
            "E405",
            "unknown function 'includes'",
            "write `item in list`, or text.contains(part)",
        ),
        ("days(5)", 0, "E405", "days does not take an integer", 'write duration("5d") for a length of time'),
        ("date(2026, 1, 31)", 0, "E405", "date does not take", 'write date("2026-01-31")'),
        ("flag == yes", 8, "E402", "unknown name 'yes'", "write true"),
        ("due == empty", 7, "E402", "unknown name 'empty'", "write null"),
        ("result == 1", 0, "E402", "unknown name 'result'", "`result` is known where a step keeps what it gave"),
    ],
)
def test_a_value_of_another_type_is_told_as_it_is_written_here(
    text: str, place: int, code: str, message: str, help: str, problems: Callable[..., tuple[Problem, ...]]
) -> None:
    (problem,) = problems(text)
    assert (problem.code, problem.span.column) == (code, 9 + place)
    assert problem.message.startswith(message)
    assert problem.help.startswith(help)
