"""Conditions that are always true or never, and terms that add nothing, with the reason and both places."""

from __future__ import annotations

from typing import Any

import pytest

from casewright.expressions import (
    BOOLEAN,
    DATE,
    INTEGER,
    MONEY,
    TEXT,
    Scope,
    choice,
    compile_condition,
    compile_expression,
    list_of,
    record,
    review,
)
from casewright.values import Problem, Span

AT = Span("rule.yaml")
FIELDS = {
    "age": INTEGER,
    "kind": choice(["a", "b", "c"]),
    "amount": MONEY,
    "fee": MONEY,
    "flag": BOOLEAN,
    "name": TEXT,
    "due": DATE,
    "tags": list_of(TEXT),
    "items": list_of(record("item", {"amount": MONEY})),
}
SCOPE = Scope({"case": record("case", FIELDS)})


def reviewed(text: str) -> list[Problem]:
    condition, problems = compile_condition(text, SCOPE, at=AT)
    assert condition is not None, problems
    return [problem for problem in review(condition) if problem.code in ("W430", "W431")]


def only(text: str) -> Problem:
    (problem,) = reviewed(text)
    return problem


@pytest.mark.parametrize(
    "text",
    [
        "case.age > 18 and case.age < 10",
        "case.age > 18 and case.age < 19",
        'case.name == "x" and case.name == "y"',
        'case.kind == "a" and case.kind != "a"',
        "case.age > 5 and case.age == null",
        "case.amount > case.fee and case.fee >= case.amount",
        "case.age > 10 and case.age < 20 and case.age in [5, 30]",
        "case.flag and not case.flag",
        'case.name.contains("x") and not case.name.contains("x")',
        'case.due > date("2026-01-01") and case.due < date("2026-01-02")',
        "size(case.tags) < 0",
        "1 + 1 == 3",
        "case.amount < case.amount",
        "case.age in []",
    ],
)
def test_what_no_value_makes_true_is_never_true(text: str) -> None:
    problem = only(text)
    assert (problem.code, "never true" in problem.message) == ("W430", True)


@pytest.mark.parametrize(
    "text",
    [
        'case.name == "x" or case.name != "x"',
        "case.age == null or case.age > 5 or case.age <= 5",
        'case.kind != "a" or case.kind != "b"',
        "case.amount == case.amount",
        "2 > 1",
        "case.age != null or case.age == null",
    ],
)
def test_what_every_value_makes_true_is_always_true(text: str) -> None:
    problem = only(text)
    assert (problem.code, "always true" in problem.message) == ("W430", True)


@pytest.mark.parametrize(
    ("text", "write"),
    [
        ("case.flag or not case.flag", "case.flag != null"),
        ('case.kind == "a" or case.kind == "b" or case.kind == "c"', "case.kind != null"),
        ('case.kind in ["a", "b", "c"]', "case.kind != null"),
        ("case.age > 5 or case.age <= 5", "case.age != null"),
        ('case.kind != "a" and case.kind != "b" and case.kind != "c"', "case.kind == null"),
    ],
)
def test_what_every_value_but_null_makes_true_only_asks_whether_there_is_one(text: str, write: str) -> None:
    assert only(text).help.startswith(f"write `{write}`")


@pytest.mark.parametrize(
    "text",
    [
        "true",
        "case.age > 10 and case.age < 20",
        "case.age != null and case.age > 5",
        "has(case.age) and case.age > 5",
        "case.age > 5 or case.age == null",
        'case.kind == "a" or case.kind == "b"',
        "case.age > 5 and case.amount < 3",
        "case.age > 18 or case.age < 10",
        "case.age > case.amount and case.age > case.fee",
        "case.amount > 0.5 and case.amount < 0.6",
        "case.flag ? case.age > 3 : case.age < 3",
        "case.items.exists(i, i.amount > 5) and case.items.exists(i, i.amount < 3)",
        "not (case.age > 5)",
        "size(case.tags) >= 0 and case.age > 5",
    ],
)
def test_what_may_be_either_is_left_in_peace(text: str) -> None:
    assert reviewed(text) == []


def test_terms_that_exclude_each_other_are_both_named() -> None:
    problem = only("case.flag and case.age > 18 and case.age < 10")
    assert problem.message == "never true: `case.age > 18` and `case.age < 10` exclude each other"
    assert [str(other.span) for other in problem.related] == ["rule.yaml:1:33"]


def test_a_constant_part_is_told_of_where_it_stands() -> None:
    problem = only("case.flag and (case.age > 3 or (case.name == 'x' and case.name == 'y'))")
    assert str(problem.span) == "rule.yaml:1:33"


def test_a_body_of_a_macro_and_the_question_of_a_choice_are_conditions_too() -> None:
    assert str(only("case.items.exists(i, i.amount > 5 and i.amount < 3)").span) == "rule.yaml:1:22"
    expression, _ = compile_expression("(case.age > 3 and case.age < 2) ? 'x' : 'y'", SCOPE, at=AT)
    assert expression is not None
    assert "W430" in [problem.code for problem in review(expression)]


def test_a_variable_that_hides_another_is_no_subject_of_the_other() -> None:
    assert reviewed("case.items.exists(case, case.amount > 5) and case.amount < 3") == []


@pytest.mark.parametrize(
    ("text", "needless", "beside"),
    [
        ("case.age > 5 and case.age > 3", "case.age > 3", 1),
        ("case.age > 3 and case.age > 5", "case.age > 3", 18),
        ("case.age > 5 or case.age > 3", "case.age > 5", 17),
        ("case.age == 7 and case.age > 3", "case.age > 3", 1),
        ('case.kind == "a" or case.kind in ["a", "b"]', 'case.kind == "a"', 21),
        ('case.name == "x" and case.age > 3 and case.name == "x"', 'case.name == "x"', 1),
        ("case.age >= 18 and (case.flag and case.age > 17)", "case.age > 17", 1),
        ("case.flag and case.flag == true", "case.flag", 15),
    ],
)
def test_a_term_that_another_settles_adds_nothing(text: str, needless: str, beside: int) -> None:
    problem = only(text)
    assert (problem.code, problem.message.startswith(f"`{needless}`")) == ("W431", True)
    assert [other.span.column for other in problem.related] == [beside]


def test_a_problem_keeps_the_place_of_the_asker(scope: Any) -> None:
    """A meaning that is shared by two places is told of at both."""
    for line in (3, 9):
        condition, _ = compile_condition("case.age > 18 and case.age < 10", SCOPE, at=Span("rule.yaml", line, 5))
        assert condition is not None
        assert [str(problem.span) for problem in review(condition)] == [f"rule.yaml:{line}:5"]
