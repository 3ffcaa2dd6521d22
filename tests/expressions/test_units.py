"""Values of different units never meet, and the message says how to bring them together."""

from __future__ import annotations

import pytest

from casewright.expressions import (
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    MONEY,
    TEXT,
    TIME,
    Scope,
    choice,
    compile_expression,
    compile_test,
    list_of,
    record,
)
from casewright.values import Problem, Span

KIND = choice(["lost", "stolen"])
FIELDS = {
    "money": MONEY,
    "fee": MONEY,
    "wait": DURATION,
    "due": DATE,
    "at": DATETIME,
    "time": TIME,
    "kind": KIND,
    "colour": choice(["red", "blue"]),
    "shade": choice(["red", "lost"]),
    "kinds": list_of(KIND),
    "flag": BOOLEAN,
    "name": TEXT,
}
SCOPE = Scope({"case": record("case", FIELDS)})


def problem(text: str) -> Problem:
    expression, problems = compile_expression(text, SCOPE, at=Span("rule.yaml"))
    assert expression is None, text
    return problems[0]


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("case.money > case.wait", "money goes with money"),
        ("case.money == case.due", "money goes with money"),
        ("case.money * case.fee", "money is multiplied by a number"),
        ("case.money % 2", "only integers have a rest"),
        ("case.wait > 3", 'write duration("30d")'),
        ("case.wait * case.wait", "a duration is multiplied by an integer"),
        ("case.wait / 2", "a duration is not divided"),
        ("case.due + case.due", 'a date is moved by a length of time: `case.due + duration("30d")`'),
        ("case.at + case.at", 'a date is moved by a length of time: `case.at + duration("30d")`'),
        ("case.due + 3", 'write duration("1d") for days'),
        ("case.due > case.at", "write date(x) to take the day"),
        ("case.time + case.wait", "a time of day has no arithmetic"),
        ("-case.due", "only numbers and durations have a sign"),
        ("case.kind > 'lost'", "options have no order: write `case.kind == 'lost'`"),
        ("case.kind == case.colour", "they share no option"),
    ],
)
def test_units_that_do_not_go_together_are_refused_with_a_mend(text: str, help: str) -> None:
    found = problem(text)
    assert (found.code, found.help[: len(help)]) == ("E404", help)


@pytest.mark.parametrize(
    "text",
    [
        "case.kind == 'lots'",
        "case.kind != 'lots'",
        "'lots' == case.kind",
        "case.kind in ['lost', 'lots']",
        "'lots' in case.kinds",
        "case.kinds == ['lots']",
        "case.kinds.exists(k, k == 'lots')",
        "(case.flag ? 'lots' : 'lost') == case.kind",
    ],
)
def test_a_literal_that_is_no_option_is_refused_in_every_form(text: str) -> None:
    assert problem(text).message == "\"lots\" is not an option; did you mean 'lost'?"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("case.flag ? 'lots' : 'lost'", "\"lots\" is not an option; did you mean 'lost'?"),
        ("coalesce(case.name, 'lots')", "\"lots\" is not an option; did you mean 'lost'?"),
        ("case.colour", "this gives one of red, blue; one of lost, stolen is wanted here"),
    ],
)
def test_a_value_for_a_choice_is_one_of_its_options(text: str, message: str) -> None:
    _, problems = compile_expression(text, SCOPE, at=Span("rule.yaml"), expect=KIND)
    assert [each.message for each in problems] == [message]


def test_choices_that_share_an_option_may_be_equal_and_given() -> None:
    assert compile_expression("case.kind == case.shade", SCOPE, at=Span("rule.yaml"))[1] == ()
    assert compile_expression("case.shade", SCOPE, at=Span("rule.yaml"), expect=KIND)[1] == ()


@pytest.mark.parametrize("cell", ["lots", '"lots"', "lost,lots", "not(lots)", "? == 'lots'", "=case.colour"])
def test_a_cell_over_a_choice_names_its_options(cell: str) -> None:
    test, problems = compile_test(cell, KIND, SCOPE, at=Span("rule.yaml"))
    assert (test, problems[0].code) == (None, "E404")
