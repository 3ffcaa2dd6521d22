"""A literal that was meant as an expression is not taken silently as a text: its `=` is missing."""

from __future__ import annotations

from typing import Any

import pytest

from casewright.expressions import (
    DATE,
    MONEY,
    TEXT,
    Readings,
    Scope,
    Type,
    choice,
    compile_expression,
    compile_table,
    compile_value,
    read_rows,
    record,
)
from casewright.values import Problem, Span

AT = Span("rule.yaml", 3, 9)
CASE = record("case", {"leaving": DATE, "reference": TEXT, "fee": MONEY})
SCOPE = Scope({"case": CASE, "result": record("result", {"reference": TEXT}), "today": DATE}, readings=Readings())
MEANT = "write `={0}` for the value, or quote it where the text is meant"


def said(problems: tuple[Problem, ...]) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.message, problem.help) for problem in problems]


@pytest.mark.parametrize("type_", [TEXT, None, record("customer", {"id": TEXT})], ids=["text", "any", "record"])
@pytest.mark.parametrize("text", ["case.reference", "result.reference", "case.customer.id"])
def test_a_bare_text_that_names_a_value_is_refused(text: str, type_: Type | None) -> None:
    found, problems = compile_value(text, SCOPE, at=AT, expect=type_)
    assert found is None
    message = f"this is the text '{text}', not the value of that name"
    assert said(problems) == [("E518", message, MEANT.format(text))]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("case.reference", True), ("event.id", False), ("case", False), ("see case.reference", False), ("a.b", False)],
)
def test_other_texts_are_texts(text: str, quoted: bool) -> None:
    found, problems = compile_value(text, SCOPE, at=AT, expect=TEXT, quoted=quoted)
    assert problems == ()
    assert found is not None
    assert found.value == text


@pytest.mark.parametrize(
    ("text", "type_", "help"),
    [
        ("case.leaving", DATE, "an expression begins with `=`: write `=case.leaving`"),
        ("case.fee * 2", MONEY, "an expression begins with `=`: write `=case.fee * 2`"),
        ("today()", DATE, "an expression begins with `=`: write `=today()`"),
        ("case.reference", choice(["a", "b"]), "an expression begins with `=`: write `=case.reference`"),
        ("[1].exists(x, x > case.fee)", MONEY, "an expression begins with `=`: write `=[1].exists(x, x > case.fee)`"),
        ("tomorrow", DATE, "write 2026-01-31"),
        ("case", choice(["a", "b"]), "the options are a, b"),
        ("10 - 4", MONEY, "write 12.50, without a currency"),
        ("no)", MONEY, "write 12.50, without a currency"),
        ("soon(case.leaving)", DATE, "write 2026-01-31"),
    ],
)
def test_a_literal_that_does_not_fit_and_reads_as_an_expression_is_told_so(text: str, type_: Type, help: str) -> None:
    found, problems = compile_value(text, SCOPE, at=AT, expect=type_)
    assert found is None
    assert [(problem.code, problem.help) for problem in problems] == [("E404", help)]


@pytest.mark.parametrize(
    ("output", "type_", "problem"),
    [
        (
            "case.reference",
            TEXT,
            (
                "E518",
                "this is the text 'case.reference', not the value of that name",
                MEANT.format("case.reference"),
            ),
        ),
        (
            "case.fee",
            MONEY,
            ("E408", "'case.fee' is not money", "an expression begins with `=`: write `=case.fee`"),
        ),
        (
            "case.fee",
            choice(["low"]),
            ("E408", "'case.fee' is not an option", "an expression begins with `=`: write `=case.fee`"),
        ),
    ],
    ids=["text", "money", "choice"],
)
def test_an_output_cell_is_told_the_same(output: str, type_: Type, problem: Any) -> None:
    assert said(table_of(output, type_)) == [problem]


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("{{ case.reference }}", "write `=case.reference`"),
        ("No. {{case.reference}} of {{ case.leaving }}", 'write `="No. " + case.reference + " of " + case.leaving`'),
        ('{{ case.reference == "a" }}', "join texts and values with `+` in an expression behind `=`"),
    ],
)
@pytest.mark.parametrize("quoted", [True, False])
def test_a_value_with_the_braces_of_a_text_is_refused(text: str, help: str, quoted: bool) -> None:
    problem = ("E518", "a value has no braces; this stays a text with braces in it", help)
    found, problems = compile_value(text, SCOPE, at=AT, expect=TEXT, quoted=quoted)
    assert found is None
    assert said(problems) == [problem]
    if '"' not in text:
        assert said(table_of(f'"{text}"', TEXT)) == [problem]


@pytest.mark.parametrize("text", ["{{ nothing.known }}", "{{ }}", "{{"])
def test_braces_around_nothing_known_are_a_text(text: str) -> None:
    assert compile_value(text, SCOPE, at=AT, expect=TEXT, quoted=True)[1] == ()
    assert table_of(f'"{text}"', TEXT) == ()


@pytest.mark.parametrize("output", ['"case.reference"', "=case.reference", "a.reference"])
def test_an_output_cell_that_is_quoted_or_marked_is_right(output: str) -> None:
    assert table_of(output, TEXT) == ()


def test_what_one_scope_took_as_a_text_another_refuses() -> None:
    other = Scope({"amount": MONEY}, readings=SCOPE.readings)
    assert table_of("case.reference", TEXT, other) == ()
    assert [problem.code for problem in table_of("case.reference", TEXT)] == ["E518"]


def table_of(output: str, type_: Type, scope: Scope = SCOPE) -> tuple[Problem, ...]:
    """The problems of a table of one row that gives `output`."""
    asked, _ = compile_expression("1", scope, at=AT)
    assert asked is not None
    rows, wrong = read_rows(f"asked || given\n- || {output}", ["asked"], ["given"], AT)
    assert wrong == ()
    return compile_table([("asked", asked)], [("given", type_)], rows, "first", scope, at=AT)[1]
