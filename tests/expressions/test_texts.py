"""Texts hold expressions in double braces."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from casewright.expressions import CLOCK, Scope, compile_text
from casewright.values import Span

AT = Span("rule.yaml", 3, 9)
ROOTS: dict[str, Any] = {
    "name": "Ann",
    "amount": None,
    "ratio": Decimal("1E+3"),
    "flag": True,
    "due": date(2026, 1, 31),
    "tags": ["a", "b"],
    CLOCK: datetime(2026, 1, 1, 9, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("Good {{ daypart() }}, {{ name }}.", "Good morning, Ann."),
        ("plain", "plain"),
        ("", ""),
        ("{{name}}{{name}}", "AnnAnn"),
        ("[{{ amount }}]", "[]"),
        ("{{ ratio }} {{ flag }} {{ due }} {{ tags }}", "1000 true 2026-01-31 a, b"),
        ('a literal {{ "{{" }} and }} alone', "a literal {{ and }} alone"),
        ('{{ {"a": "}}"}["a"] }}', "}}"),
        ("{{ '\"}}' }}", '"}}'),
        ("{ single } braces", "{ single } braces"),
        ('{{ flag ? "yes" : "no" }}', "yes"),
        ("two\nlines {{ name }}\n", "two\nlines Ann\n"),
    ],
)
def test_a_text_is_filled(text: str, rendered: str, scope: Scope) -> None:
    found, problems = compile_text(text, scope, at=AT)
    assert problems == ()
    assert found is not None
    assert found.render(ROOTS) == rendered


def test_a_text_says_what_it_reads(scope: Scope) -> None:
    found, _ = compile_text("{{ customer.segment }} {{ amount + other }} {{ today() }}", scope, at=AT)
    assert found is not None
    assert found.roots == {"customer", "amount", "other"}
    assert found.paths == {"customer.segment", "amount", "other"}
    assert found.reads_clock


def test_every_expression_of_a_text_is_checked_at_its_place(scope: Scope) -> None:
    found, problems = compile_text("Dear {{ nam }},\n  {{ amount + }}", scope, at=AT)
    assert found is None
    assert [(problem.code, str(problem.span)) for problem in problems] == [
        ("E402", "rule.yaml:3:17"),
        ("E401", "rule.yaml:4:14"),
    ]


@pytest.mark.parametrize("text", ["{{ name", "a {{ name }", "{{ {"])
def test_an_open_brace_is_a_mistake(text: str, scope: Scope) -> None:
    found, problems = compile_text(text, scope, at=AT)
    assert found is None
    assert problems[0].message == "this `{{` is not closed"


def test_an_open_quote_in_braces_is_a_mistake(scope: Scope) -> None:
    found, problems = compile_text('{{ "a }}', scope, at=AT)
    assert found is None
    assert (problems[0].message, str(problems[0].span)) == ("this text has no closing quote", "rule.yaml:3:12")


@pytest.mark.parametrize("text", ["{{ }}", "{{}}"])
def test_empty_braces_are_a_mistake(text: str, scope: Scope) -> None:
    found, problems = compile_text(text, scope, at=AT)
    assert found is None
    assert problems[0].message == "there is no expression here"


class Customer:
    """An object of a host, whose own words are for its programmers."""

    def __str__(self) -> str:
        return "secret"


class Shouting(str):
    """A text of a host with words of its own."""

    def __str__(self) -> str:
        return "SECRET"


@pytest.mark.parametrize(
    ("value", "rendered"),
    [
        (Customer(), "[]"),
        ([Customer(), 1], "[, 1]"),
        (b"secret", "[]"),
        (Shouting("red"), "[red]"),
        (Decimal("0.00") * -1, "[0.00]"),
        (Decimal("1E+9000"), "[1E+9000]"),
        (float("inf"), "[inf]"),
        (1.0, "[1]"),
        (timedelta(days=1), "[]"),
    ],
)
def test_a_text_tells_values_of_the_language_and_nothing_of_other_objects(
    value: object, rendered: str, scope: Scope
) -> None:
    found, _ = compile_text("[{{ anything }}]", scope, at=AT)
    assert found is not None
    assert found.render({"anything": value}) == rendered


def test_a_text_tells_an_integer_of_any_length(scope: Scope) -> None:
    found, _ = compile_text("{{ anything }}", scope, at=AT)
    assert found is not None
    assert found.render({"anything": 10**5_000}) == "1" + "0" * 5_000


def test_the_values_in_one_text_have_a_limit_together(scope: Scope) -> None:
    found, _ = compile_text("{{ name }}{{ tags }}, " * 500 + "end", scope, at=AT)
    assert found is not None
    text = found.render({"name": "n" * 600_000, "tags": ["t" * 300_000] * 3})
    assert text.startswith("n" * 600_000 + "t" * 300_000)
    assert text.endswith("t..., ..." + ", " * 500 + "end")
    assert len(text) < 1_002_000


def test_a_text_of_just_the_limit_is_whole(scope: Scope) -> None:
    found, _ = compile_text("{{ name }}{{ name }}", scope, at=AT)
    assert found is not None
    assert found.render({"name": "n" * 500_000}) == "n" * 1_000_000


@pytest.mark.parametrize(("text", "column"), [("Dear {customer.segment}", 14), ("Dear ${ customer.segment }!", 14)])
def test_a_value_in_single_braces_is_refused_with_the_double_ones(text: str, column: int, scope: Scope) -> None:
    found, (problem,) = compile_text(text, scope, at=AT)
    assert found is None
    assert (problem.code, problem.span.column) == ("E518", column)
    assert problem.help == "write {{ customer.segment }}"


def test_single_braces_around_what_is_no_value_are_told() -> None:
    assert compile_text("{a.b} {name} {{ 1 }}", Scope({}), at=AT)[1] == ()
