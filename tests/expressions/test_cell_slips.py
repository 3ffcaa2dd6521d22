"""A cell that cannot be read says what was meant by it."""

from __future__ import annotations

import pytest

from casewright.expressions import (
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    INTEGER,
    MONEY,
    TEXT,
    TIME,
    Type,
    choice,
    compile_table,
    compile_test,
    read_csv_rows,
)
from tests.expressions.tabling import AT, SCOPE, inputs, roots, tried

WORDS = choice(["express", "standard"])
SLIPS: list[tuple[str, Type, str, str]] = [
    ("> 5 and < 9", INTEGER, "`> 5 and < 9` is not one test", "write a range, as [low..high), or `? > 5 and ? < 9`"),
    ("< 5 or > 9", INTEGER, "`< 5 or > 9` is not one test", "separate alternatives by commas: < 5, > 9"),
    ("5 or 6", INTEGER, "`5 or 6` is not one value", "separate alternatives by commas: 5, 6"),
    ("between 1 and 5", INTEGER, "`between 1 and 5` is not a test", "write [1..5]"),
    ("1 to 5", INTEGER, "`1 to 5` is not a test", "write [1..5]"),
    ("not 5", INTEGER, "`not 5` is not a test", "write not(5)"),
    ("!5", INTEGER, "`!5` is not a test", "write not(5)"),
    ("not express", WORDS, "`not express` is not a test", "write not(express)"),
    ("=>5", INTEGER, "`=>5` is not a test", "write >= 5"),
    ("in [1,2]", INTEGER, "`in [1,2]` is not a test", "write the alternatives alone: 1,2"),
    ("*", TEXT, "`*` is not a test", "write - for any value"),
    ("31.01.2026", DATE, "`31.01.2026` is not a date", "write 2026-01-31"),
    ("02/03/2026", DATE, "`02/03/2026` is not a date", "write 2026-02-03 or 2026-03-02"),
    ("2026-02-30", DATE, "`2026-02-30` is not a date", "there is no such day"),
    (">= 2026-01-31", DATETIME, "`>= 2026-01-31` is not a datetime", "write >= 2026-01-31T00:00:00Z"),
    ("> 8:30", TIME, "`> 8:30` is not a time", "write > 08:30"),
    ("[22:00..06:00]", TIME, "no time passes `[22:00..06:00]`", "write the lower bound first; a range over midnight"),
    ("(2..3)", INTEGER, "no integer passes `(2..3)`", "write the lower bound first, and square brackets where"),
    ("≥ 5", INTEGER, "`≥ 5` has a sign that tests do not know", "write >= 5"),
    (">5 <9", INTEGER, "`>5 <9` is not one test", "write a range, as [low..high), or `? >5 and ? <9`"),
    ("up to 5", INTEGER, "`up to 5` is not a test", "write <= 5"),
    ("NOT(5)", INTEGER, "`NOT(5)` is not a test", "write not(5)"),
    ("none", INTEGER, "`none` is not an integer", "write null for a value that is empty, - for any value"),
    ("10 %", MONEY, "`10 %` is not money", "write 0.1"),
    ("WAHR", BOOLEAN, "`WAHR` is not a boolean", "write true"),
    (
        "express/standard",
        WORDS,
        "`express/standard` is not one value",
        "separate alternatives by commas: express, standard",
    ),
    ("1,000", MONEY, "`1,000` reads as 1 or 000", "write 1000"),
    ("> 10,500", INTEGER, "`10,500` reads as 10 or 500", "write 10500; or `10, 500` with blanks for several values"),
    ("not(5, 12,05)", MONEY, "`12,05` reads as 12 or 05", "write 12.05"),
    ("[1,5..2]", MONEY, "`1,5` is no number", "write 1.5"),
    ("> 01/31/2026", DATE, "`> 01/31/2026` is not a date", "write > 2026-01-31"),
    ("2 weeks", DURATION, "`2 weeks` is not a duration", "write 14d"),
    ("> 3 hours", DURATION, "`> 3 hours` is not a duration", "write > 3h"),
    ("12.50 EUR", MONEY, "`12.50 EUR` is not money", "write 12.50, without a unit"),
    ("< €12", MONEY, "`< €12` is not money", "write < 12, without a unit"),
    ("Yes", BOOLEAN, "`Yes` is not a boolean", "write true"),
    ("VIP; Gold", TEXT, "`VIP; Gold` is not one value", "separate alternatives by commas: VIP, Gold"),
    ("a.b@c.de", TEXT, "`a.b@c.de` cannot be read as a text without quotes", 'write "a.b@c.de"'),
]


@pytest.mark.parametrize(("text", "type_", "message", "help"), SLIPS, ids=[slip[0] for slip in SLIPS])
def test_a_slip_says_what_to_write(text: str, type_: Type, message: str, help: str) -> None:
    found, problems = compile_test(text, type_, SCOPE, at=AT)
    assert found is None
    assert [(problem.code, problem.message) for problem in problems] == [("E407", message)]
    assert problems[0].help.startswith(help)


@pytest.mark.parametrize("text", ["in", "not_this", "null_value", "nothing", "any", "otherwise", "1-2", "00123"])
def test_words_that_look_like_marks_are_texts(text: str) -> None:
    found, problems = compile_test(text, TEXT, SCOPE, at=AT)
    assert problems == ()
    assert found is not None
    assert found.matches(text, {})
    assert not found.matches(f"{text}x", {})


def test_a_question_mark_may_be_the_value_or_a_choice_between_two() -> None:
    over, _ = compile_test("? > limit", INTEGER, SCOPE, at=AT)
    either, _ = compile_test("= limit > 3 ? 1 : 2", INTEGER, SCOPE, at=AT)
    assert over is not None
    assert either is not None
    assert [over.matches(6, {"limit": limit}) for limit in (5, 6)] == [True, False]
    assert [either.matches(1, {"limit": limit}) for limit in (4, 3)] == [True, False]


@pytest.mark.parametrize("text", ["#NAME?", "#REF!"])
def test_what_a_spreadsheet_makes_of_a_formula_is_told(text: str) -> None:
    _, (problem, *_) = tried(f"amount || out\n- || {text}\n", "first", {"out": INTEGER})
    assert problem.message == f"`{text}` is what a spreadsheet makes of a formula that fails"


@pytest.mark.parametrize("text", ["5,6", "100,200", "< 2,7", "1, 000", "not(5,60)", "= max([1,000])", "12, 50"])
def test_a_comma_that_parts_values_is_left_alone(text: str) -> None:
    found, problems = compile_test(text, INTEGER, SCOPE, at=AT)
    assert problems == ()
    assert found is not None


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("12,50", "`12,50` reads as 12 or 50: write 12.50; or `12, 50` with blanks for several values"),
        ("> 1.000,5", "`1.000,5` reads as 1.000 or 5: write 1000.5; or `1.000, 5` with blanks for several values"),
        ("5,6,7", "`5,6,7` reads as 5 or 6 or 7: write `5, 6, 7` with blanks for several values"),
        ("12, 50", ""),
        ("12.50", ""),
    ],
)
def test_a_decimal_comma_is_told_where_semicolons_part_the_cells(cell: str, said: str) -> None:
    rows, _ = read_csv_rows(f"price;word;out\n{cell};1,50;1\n", ["price", "word"], ["out"], AT)
    _, problems = compile_table(inputs("price", "word"), [("out", INTEGER)], rows, "first", SCOPE, at=AT)
    assert [f"{each.message}: {each.help}" for each in problems if each.is_error] == [said] * bool(said)


@pytest.mark.parametrize("text", ["1.23457E+15", "02-Jan", "Jan-26"])
def test_what_a_spreadsheet_makes_of_a_text_is_told_where_it_is_a_text(text: str) -> None:
    rows, _ = read_csv_rows(f"word,out\n{text},1\n", ["word"], ["out"], AT)
    _, (problem, *_) = compile_table(inputs("word"), [("out", INTEGER)], rows, "first", SCOPE, at=AT)
    assert problem.message.startswith(f"`{text}` is what a spreadsheet makes of a text")


def test_what_looks_recast_is_a_text_between_pipes() -> None:
    _, problems = tried("word || out\n02-Jan || 1\n", "first", {"out": INTEGER}, {"out": 2})
    assert problems == ()


def test_a_number_with_an_exponent_is_a_number_where_the_column_is_one() -> None:
    rows, _ = read_csv_rows("price,out\n1E+06,1\n", ["price"], ["out"], AT)
    found, _ = compile_table(inputs("price"), [("out", INTEGER)], rows, "first", SCOPE, at=AT)
    assert found is not None
    assert found.decide(roots(price=1_000_000)).row == 1


def test_an_unknown_name_behind_a_comma_is_told_as_such() -> None:
    _, problems = compile_test("< 5, > limt", INTEGER, SCOPE, at=AT)
    assert [problem.message for problem in problems] == ["unknown name 'limt'; did you mean 'limit'?"]
