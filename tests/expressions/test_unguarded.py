"""Empty fields are told of where they turn an answer around, and left in peace where empty means no."""

from __future__ import annotations

import pytest

from casewright.expressions import (
    BOOLEAN,
    DATE,
    DYNAMIC,
    INTEGER,
    MONEY,
    TEXT,
    Declared,
    Scope,
    compile_condition,
    compile_expression,
    compile_text,
    declared_as,
    list_of,
    record,
    review,
)
from casewright.values import Span

AT = Span("rule.yaml", 3, 9)
ITEM = record("item", {"amount": MONEY, "blocked": BOOLEAN})
FIELDS = {
    "amount": MONEY,
    "fee": MONEY,
    "rate": declared_as(MONEY, Declared(certain=True)),
    "age": INTEGER,
    "urgent": BOOLEAN,
    "name": TEXT,
    "opened": DATE,
    "closed": DATE,
    "tags": list_of(TEXT),
    "items": list_of(ITEM),
    "owner": record("owner", {"age": INTEGER}),
}
SCOPE = Scope({"case": record("case", FIELDS), "limit": INTEGER})


def told_in_condition(text: str) -> list[str]:
    """The references that W404 tells of in a condition."""
    condition, problems = compile_condition(text, SCOPE, at=AT)
    assert condition is not None, problems
    return [problem.message.split(" may be")[0] for problem in review(condition) if problem.code == "W404"]


def told_in_value(text: str) -> list[str]:
    """The references that W404 tells of in a value."""
    expression, problems = compile_expression(text, SCOPE, at=AT)
    assert expression is not None, problems
    return [problem.message.split(" may be")[0] for problem in review(expression) if problem.code == "W404"]


@pytest.mark.parametrize(
    "text",
    [
        "case.amount > 100",
        "case.amount > 100 and case.age >= 18",
        "case.amount > case.fee or case.urgent",
        "case.urgent",
        'case.name == "x"',
        "case.items.exists(i, i.amount > 10)",
        "size(case.tags) > 0",
        'case.name.contains("x")',
        "case.owner.age > 17",
    ],
)
def test_empty_means_no_where_a_condition_asks_outright(text: str) -> None:
    assert told_in_condition(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("not case.urgent", ["case.urgent"]),
        ("not (case.amount > 100)", ["case.amount"]),
        ("not (case.amount > 100 and case.age < 18)", ["case.amount", "case.age"]),
        ("not case.items.exists(i, i.blocked)", ["case.items", "i.blocked"]),
        ("case.urgent ? case.age > 3 : case.age > 5", ["case.urgent"]),
        ("case.amount + case.fee > 100", ["case.amount", "case.fee"]),
        ("case.rate - case.fee > 100", ["case.fee"]),
        ("size(case.tags) == 0", ["case.tags"]),
        ("size(case.tags) < 1", ["case.tags"]),
        ("0 == size(case.tags)", ["case.tags"]),
        ("lower(case.name) != 'bob'", ["case.name"]),
        ("case.items.exists_one(i, i.amount > 5)", ["i.amount"]),
        ("case.items.filter(i, i.blocked).exists(i, i.amount > 5)", ["i.blocked"]),
        ("not (limit > 5)", ["limit"]),
    ],
)
def test_a_field_is_told_of_where_its_emptiness_turns_the_answer_around(text: str, told: list[str]) -> None:
    assert told_in_condition(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "case.urgent != null and not case.urgent",
        "not case.urgent and case.urgent != null",
        "not case.urgent and has(case.urgent)",
        "case.urgent == null or not case.urgent",
        "not coalesce(case.urgent, false)",
        "not (case.urgent == true)",
        "not (case.urgent == null or case.urgent)",
        "case.age > 3 and not (case.age > 10)",
        "case.urgent != null ? not case.urgent : case.age > 3",
        "(case.urgent == null or case.age == null) ? case.age > 3 : not (case.urgent and case.age > 5)",
        "case.fee != null and case.rate + case.fee > 100",
        "case.items != null and not case.items.exists(i, i.amount == 5)",
        "case.items.filter(i, i.amount != null).filter(j, j.amount > 5).exists(k, k.amount > 9)",
        "case.name in ['a', 'b'] and lower(case.name) != 'c'",
        "not (case.rate > 5)",
    ],
)
def test_a_guard_a_given_value_and_a_required_field_say_enough(text: str) -> None:
    assert told_in_condition(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("case.amount * 2", []),
        ("round(case.amount) + 1", []),
        ("case.amount * case.age", []),
        ("days_between(case.opened, case.closed)", []),
        ("case.amount > 5", []),
        ("case.rate + case.fee", ["case.fee"]),
        ("max(case.rate, case.fee)", ["case.fee"]),
        ("'Dear ' + case.name", ["case.name"]),
        ("case.amount > 5 ? 'a' : 'b'", ["case.amount"]),
        ("sum(case.items.map(i, i.amount))", ["i.amount"]),
        ("case.items.map(i, i.amount * 2)", ["i.amount"]),
        ("case.items.map(i, i.amount != null, i.amount * 2)", []),
        ("case.items.map(i, i.amount)", []),
        ("coalesce(case.rate + case.fee, case.rate)", []),
        ("case.fee != null ? case.rate + case.fee : case.rate", []),
        ("case.amount + 1 + case.amount", []),
    ],
)
def test_a_value_is_told_of_where_one_field_takes_the_others_with_it(text: str, told: list[str]) -> None:
    assert told_in_value(text) == told


def test_the_message_says_what_happens_and_what_to_write() -> None:
    condition, _ = compile_condition("case.age > 3 and not case.urgent", SCOPE, at=AT)
    assert condition is not None
    (problem,) = review(condition)
    assert str(problem.span) == "rule.yaml:3:30"
    assert problem.message == (
        "case.urgent may be empty; then `not case.urgent` has no answer, and the condition does not hold"
    )
    assert problem.help == "ask first: `case.urgent != null and ...`, or give a value: coalesce(case.urgent, false)"


def test_a_field_is_told_of_once_in_an_expression() -> None:
    assert told_in_condition("not case.urgent and not (case.urgent and case.age == 3)") == ["case.urgent"]


def test_the_expressions_of_a_text_are_told_of_at_their_places() -> None:
    text, _ = compile_text("Hello {{ 'dear ' + case.name }}, {{ case.name }}", SCOPE, at=AT)
    assert text is not None
    assert [str(problem.span) for problem in review(text)] == ["rule.yaml:3:28"]


def test_what_is_declared_nowhere_is_left_in_peace() -> None:
    condition, _ = compile_condition("not (result.x > 5)", Scope({"result": DYNAMIC}), at=AT)
    assert condition is not None
    assert review(condition) == ()
