"""A cell that cannot be read says what was meant by it."""

from __future__ import annotations

import pytest

from casewright.expressions import BOOLEAN, DATE, DURATION, INTEGER, MONEY, TEXT, Type, choice, compile_test
from tests.expressions.tabling import AT, SCOPE, tried

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
    assert [(problem.code, problem.message, problem.help) for problem in problems] == [("E407", message, help)]


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
