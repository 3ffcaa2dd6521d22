"""What is said of a table before it runs holds of every value, and nothing that holds is left unsaid."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.expressions import INTEGER, Cell, Row, Table, choice, compile_expression, compile_table, compile_test
from casewright.expressions.tables.analysis import analyse
from casewright.values import Duration
from tests.expressions.tabling import AT, SCOPE, SHIPPING, codes, made, roots, tried

OUT = {"out": INTEGER}
AMOUNTS = ["-", "5", "> 3", "[2..5)", "not([2..5])", "null", "< 2,7", "not(5,6)"]
SHIPPINGS = ["-", "express", "not(express)", '"standard","courier"', "null", "not(null)"]
URGENT = ["-", "true", "not(true)", "null,false"]
GRID = list(itertools.product([None, *range(9)], [None, *SHIPPING.options], [None, True, False]))
Rows = list[tuple[str, str, str]]
ROWS = st.lists(
    st.tuples(st.sampled_from(AMOUNTS), st.sampled_from(SHIPPINGS), st.sampled_from(URGENT)), min_size=1, max_size=6
)


def table(rows: Rows, hit: str, gives: Iterable[int] = (1,) * 9) -> Table:
    lines = [f"{' | '.join(cells)} || {out}\n" for cells, out in zip(rows, gives, strict=False)]
    return made(f"amount | shipping | urgent || out\n{''.join(lines)}", hit, OUT)


def matching(found: Table, values: tuple[Any, ...]) -> list[int]:
    return [
        row.number
        for row in found.rows
        if all(test.atom.verdict(value, {}) is True for test, value in zip(row.tests, values, strict=True))
    ]


def taker(cells: tuple[str, ...], found: Table) -> Callable[[tuple[Any, ...]], bool]:
    """Says whether a row with these cells, read as the table's own are, takes the values."""
    read = [
        compile_test(cell, expression.type, SCOPE, at=AT)[0]
        for cell, (_, expression) in zip(cells, found.inputs, strict=True)
    ]
    tests = [test for test in read if test is not None]
    assert len(tests) == len(cells)
    return lambda values: all(test.matches(value, {}) for test, value in zip(tests, values, strict=True))


@settings(max_examples=80, deadline=None)
@given(ROWS)
def test_the_gaps_are_the_values_that_no_row_takes(rows: Rows) -> None:
    found = table(rows, "collect")
    analysis = analyse(found)
    assert analysis.is_complete
    assert not analysis.is_cut
    takers = [taker(gap.cells, found) for gap in analysis.gaps]
    for values in GRID:
        assert sum(takes(values) for takes in takers) == (0 if matching(found, values) else 1)
    for gap, takes in zip(analysis.gaps, takers, strict=True):
        assert matching(found, gap.example) == []
        assert takes(gap.example)


@settings(max_examples=80, deadline=None)
@given(ROWS)
def test_a_row_is_hidden_where_others_win_wherever_it_matches(rows: Rows) -> None:
    found = table(rows, "first", itertools.count())
    winners = {first for values in GRID if (first := next(iter(matching(found, values)), None)) is not None}
    hidden = {each.row.number: [row.number for row in each.by] for each in analyse(found).hidden}
    assert hidden.keys() == {row.number for row in found.rows} - winners
    for number, by in hidden.items():
        lone = [values for values in GRID if number in (rows := matching(found, values)) and not set(by) & set(rows)]
        assert lone == []


@settings(max_examples=80, deadline=None)
@given(ROWS)
def test_rows_overlap_where_some_value_is_taken_by_both(rows: Rows) -> None:
    found, problems = tried(
        "amount | shipping | urgent || out\n" + "".join(f"{' | '.join(cells)} || 1\n" for cells in rows), "unique", OUT
    )
    agreeing = table(rows, "collect")
    double = {number for values in GRID for number in matching(agreeing, values)[1:]}
    told = {problem.message.split()[3] for problem in problems if problem.code == "E409"}
    assert told == {str(number) for number in double}
    assert (found is None) == bool(double)


def test_a_gap_is_merged_into_few_rows() -> None:
    text = "amount | shipping | urgent || out\n< 10,null | - | - || 1\n>= 10 | express | true || 2\n"
    assert [str(gap) for gap in analyse(made(text, "first", OUT)).gaps] == [
        '>= 10 | not("express") | -',
        '>= 10 | "express" | not(true)',
    ]


def test_what_only_an_expression_may_take_is_told_apart_and_is_no_warning() -> None:
    found, problems = tried("amount || out\n? > limit || 1\n<= 5,null || 2\n", "first", OUT)
    assert found is not None
    (gap,) = analyse(found).gaps
    assert (str(gap), [row.number for row in gap.unless]) == (">= 6", [1])
    assert problems == ()


def test_null_is_a_gap_only_where_a_field_may_be_empty() -> None:
    rows = '"standard","express","courier" || 1\n'
    assert codes(tried(f"shipping || out\n{rows}", "first", OUT)[1]) == ["W420"]
    assert codes(tried(f"sure || out\n{rows}", "first", OUT)[1]) == []


def test_an_input_that_always_has_a_value_leaves_no_gap_for_null() -> None:
    always, _ = compile_expression("coalesce(case.amount, 0)", SCOPE, at=AT)
    assert always is not None
    cells = [Row((Cell(text, AT),), (Cell("1", AT),), AT) for text in ("< 5", ">= 5")]
    assert compile_table([("amount", always)], [("out", INTEGER)], cells, "unique", SCOPE, at=AT)[1] == ()


def test_lengths_of_time_are_analysed_in_their_order() -> None:
    found = made("wait || out\n< 10m || 1\n[10m..1h) || 2\n>= 2h,null || 3\n", "unique", OUT)
    (gap,) = analyse(found).gaps
    assert (str(gap), gap.example) == ("[1h..2h)", (Duration.parse("1h"),))
    assert [found.decide(roots(wait=Duration.parse(wait))).row for wait in ("5m", "10m", "3h", "1mo")] == [
        1,
        2,
        3,
        None,
    ]


@pytest.mark.parametrize(
    ("column", "cells", "gap"),
    [
        ("amount", ["< 5", "> 8", "null"], "[5..8]"),
        ("amount", ["not(5)"], "5"),
        ("price", ["< 5", "> 8", "null"], "[5..8]"),
        ("price", ["<= 5", ">= 8", "null"], "(5..8)"),
        ("day", ["< 2026-02-01", "null", ">= 2026-03-01"], "[2026-02-01..2026-02-28]"),
        ("word", ['"a"', 'null,"b"'], 'not("a","b",null)'),
        ("word", ['not("say ""hi""")'.replace('""', '\\"')], '"say \\"hi\\""'),
        ("urgent", ["true"], "not(true)"),
        ("urgent", ["null", "true"], "false"),
    ],
)
def test_a_missing_cell_is_written_as_an_author_would(column: str, cells: list[str], gap: str) -> None:
    text = f"{column} || out\n" + "".join(f"{cell} || 1\n" for cell in cells)
    assert [str(each) for each in analyse(made(text, "first", OUT)).gaps] == [gap]


def test_the_warning_shows_the_missing_rows_as_they_are_written() -> None:
    text = "amount | shipping || out\n< 5,null | - || 1\n[5..9] | express || 2\n"
    (problem,) = tried(text, "first", OUT)[1]
    assert (
        problem.message == 'no row matches `[5..9] | not("express")`, as {amount: 5, shipping: "courier"}, and 1 more'
    )
    assert problem.help.splitlines() == [
        "write otherwise: {out: ...}, or add what is missing:",
        '[5..9] | not("express") || ...',
        ">= 10 | - || ...",
    ]


def test_otherwise_answers_for_every_gap() -> None:
    assert tried("amount || out\n< 5 || 1\n", "first", OUT, {"out": 0})[1] == ()


def test_rows_that_repeat_are_named_where_each_counts() -> None:
    rows = "amount || out\n> 3 || 1\n> 5 || 2\n>= 4 || 1\n> 5 || 3\n"
    messages = {hit: [problem.message for problem in tried(rows, hit, OUT, {"out": 0})[1]] for hit in REPEATING}
    assert messages == {
        "collect": ["row 3 repeats row 1, so under `hit: collect` what they give counts twice"],
        "collect_max": [],
        "first": [
            "row 2 can never win: above it row 1 takes everything that it matches",
            "row 3 can never win: row 1 asks for the same and gives the same",
            "row 4 can never win: above it row 1 takes everything that it matches",
        ],
    }


REPEATING = ("collect", "collect_max", "first")


def test_rows_that_may_agree_are_left_to_be_seen_under_any() -> None:
    rows = "amount || out\n> 3 || 1\n> 5 || {}\n"
    assert codes(tried(rows.format("2"), "any", OUT, {"out": 0})[1]) == ["E421"]
    assert codes(tried(rows.format("1"), "any", OUT, {"out": 0})[1]) == []
    assert codes(tried(rows.format("= limit"), "any", OUT, {"out": 0})[1]) == []


def test_rows_of_lower_rank_are_hidden_wherever_they_stand() -> None:
    text = "amount || rank\n> 5 || low\n> 3 || high\n- || middle\n"
    _, problems = tried(text, "priority", {"rank": choice(["high", "middle", "low"])})
    (problem,) = problems
    assert problem.message.startswith("row 1 can never win: ranked before it or above it row 2 takes everything")


def test_an_analysis_that_ends_early_claims_nothing_more() -> None:
    text = "amount | word || out\n" + "".join(f"{n} | w{n} || {n}\n" for n in range(40))
    found = made(text, "first", OUT)
    early = analyse(found, budget=5)
    assert (early.is_complete, early.is_sound, early.gaps) == (False, False, ())
    cut = analyse(found, limit=3)
    assert (cut.is_complete, cut.is_cut, len(cut.gaps)) == (True, True, 3)
    assert analyse(found, gaps=False).is_sound


def test_a_hard_table_is_bounded_and_says_so() -> None:
    draw = random.Random(5).randrange
    spans = [
        (f"[{draw(99)}..{draw(50) + 99}]", f"[{draw(99)}..{draw(50) + 99}]", f"< {draw(1, 90)}m") for _ in range(150)
    ]
    text = "amount | price | wait | day || out\n"
    text += "".join(f"{' | '.join(cells)} | > 2026-01-{draw(10, 29)} || 1\n" for cells in spans)
    found, problems = tried(text, "first", OUT)
    assert found is not None
    analysis = analyse(found, budget=3_000)
    assert (analysis.is_complete, analysis.steps <= 3_000) == (False, True)
    assert {"W420", "W422"} & set(codes(problems))


def test_texts_are_told_apart_by_their_order() -> None:
    assert [
        str(gap) for gap in analyse(made('word || out\n< "m" || 1\n> "p" || 2\nnull || 3\n', "unique", OUT)).gaps
    ] == ['["m".."p"]']


@pytest.mark.parametrize(
    ("rows", "doubled"),
    [
        (["> limit", "null"], ""),
        (["> limit", "<= limit", "null"], ""),
        (["(limit..9]", "=limit", "< limit"], ""),
        ([">= limit", "=limit"], "rows 1 and 2 may both match `not(null)`"),
        (["? > 5 and ? < 9", "? <= 5", "not(< 9), null"], ""),
        (["? > 5 and ? < limit", "<= 5"], ""),
        (["? > 5 and ? < limit", ">= 5"], "rows 1 and 2 may both match `>= 6`"),
        (["? > 5 and ? < 9", "8"], "rows 1 and 2 both match `8`"),
    ],
)
def test_cells_that_are_computed_are_kept_apart_as_far_as_is_known(rows: list[str], doubled: str) -> None:
    text = "amount || out\n" + "".join(f"{row} || {number}\n" for number, row in enumerate(rows))
    _, problems = tried(text, "unique", OUT, {"out": 9})
    assert [problem.message.startswith(doubled) for problem in problems] == [True] * bool(doubled)


@pytest.mark.parametrize("cells", [(">= 1mo", "< 1mo"), ("> 2bd", "2bd")])
def test_lengths_without_a_fixed_order_are_kept_apart_by_what_they_are_compared_with(cells: tuple[str, str]) -> None:
    _, problems = tried(f"wait || out\n{cells[0]} || 1\n{cells[1]} || 2\nnull || 3\n", "unique", OUT, {"out": 9})
    assert problems == ()


def test_what_no_computed_cell_can_take_is_a_gap() -> None:
    found = made("amount || out\n> limit || 1\n<= limit || 2\n", "first", OUT)
    sure = [gap for gap in analyse(found).gaps if not gap.unless]
    assert [gap.cells for gap in sure] == [("null",)]


def test_the_example_of_a_gap_is_a_value_of_the_column() -> None:
    _, problems = tried("day | amount || out\nnull | null || 1\n", "first", OUT)
    assert "as {day: 2026-01-01}" in problems[0].message


OPEN = ["-", "5", "> 3", "null", "> limit", "<= limit", "=limit", "not(> limit)", "? > limit and ? < 4", "? != limit"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(OPEN), min_size=1, max_size=4))
def test_what_is_said_of_computed_cells_holds_whatever_they_compute(cells: list[str]) -> None:
    text = "amount || out\n" + "".join(f"{cell} || {number}\n" for number, cell in enumerate(cells, 1))
    every, first = made(text, "collect", OUT), made(text, "first", OUT)
    facts = list(itertools.product([None, *range(8)], [None, *range(8)]))
    matches = {case: [row["out"] for row in every.outputs_for(roots(limit=case[1], amount=case[0]))] for case in facts}
    winners = {rows[0] for rows in matches.values() if rows}
    found = analyse(first)
    assert not winners & {hidden.row.number for hidden in found.hidden}
    for gap in found.gaps:
        assert gap.unless or not any(matches[gap.example[0], limit] for limit in range(8))
    is_unique, _ = tried(text, "unique", OUT)
    assert is_unique is None or all(len(rows) < 2 for rows in matches.values())
