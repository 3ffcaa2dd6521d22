"""Hit policies say which of the rows that match count, in which order, and what they give together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.expressions import DATE, DURATION, HIT_POLICIES, INTEGER, MONEY, TEXT, Type, choice, result_type
from casewright.expressions.library.operators import Fault
from casewright.values import Duration
from tests.expressions.tabling import made, roots, tried

RANK = choice(["high", "middle", "low"])
ROWS = """amount || rank   | fee
> 3    || low    | 1
> 5    || high   | 2
> 1    || middle | 3
> 5    || high   | -
"""
OUTPUTS: dict[str, Type] = {"rank": RANK, "fee": INTEGER}
HIGH, LOW, MIDDLE, EMPTY = (
    {"rank": rank, "fee": fee} for rank, fee in (("high", 2), ("low", 1), ("middle", 3), ("high", None))
)


@pytest.mark.parametrize(
    ("hit", "rows", "outputs"),
    [
        ("first", [1], LOW),
        ("priority", [2], HIGH),
        ("rule_order", [1, 2, 3, 4], [LOW, HIGH, MIDDLE, EMPTY]),
        ("collect", [1, 2, 3, 4], [LOW, HIGH, MIDDLE, EMPTY]),
        ("output_order", [2, 4, 3, 1], [HIGH, EMPTY, MIDDLE, LOW]),
        ("collect_count", [1, 2, 3, 4], {"rank": 4, "fee": 3}),
    ],
)
def test_each_policy_counts_its_rows(hit: str, rows: list[int], outputs: Any) -> None:
    decision = made(ROWS, hit, OUTPUTS).decide(roots(amount=9))
    assert ([row.number for row in decision.rows], decision.outputs) == (rows, outputs)
    assert decision.reason.count("amount 9 is") == len(rows)


@pytest.mark.parametrize(
    ("hit", "type_", "cells", "result"),
    [
        ("collect_sum", INTEGER, ["1", "2", "-"], 3),
        ("collect_sum", MONEY, ["1.10", "2.20", "-"], Decimal("3.30")),
        ("collect_sum", DURATION, ["1d", "12h", "-"], Duration.parse("1d12h")),
        ("collect_min", DATE, ["2026-03-01", "2026-01-31", "-"], date(2026, 1, 31)),
        ("collect_max", DURATION, ["1d", "36h", "-"], Duration.parse("1d12h")),
        ("collect_min", TEXT, ['"b"', '"a"', "-"], "a"),
        ("collect_max", INTEGER, ["-", "-"], None),
    ],
)
def test_what_rows_give_is_combined_without_what_is_empty(hit: str, type_: Type, cells: list[str], result: Any) -> None:
    text = "amount || out\n" + "".join(f"- || {cell}\n" for cell in cells)
    assert made(text, hit, {"out": type_}).decide(roots()).outputs == {"out": result}


@pytest.mark.parametrize(
    ("hit", "bare", "written"),
    [
        *(
            (hit, {"fee": None}, {"fee": 7})
            for hit in HIT_POLICIES
            if hit.startswith(("un", "any", "first", "collect_m"))
        ),
        *((hit, [], [{"fee": 7}]) for hit in ("rule_order", "collect")),
        ("collect_sum", {"fee": None}, {"fee": 7}),
        ("collect_count", {"fee": 0}, {"fee": 7}),
    ],
)
def test_where_no_row_matches_otherwise_counts_as_a_row(hit: str, bare: Any, written: Any) -> None:
    text = "amount || fee\n> 5 || 2\n"
    without = made(text, hit, {"fee": INTEGER}).decide(roots(amount=1))
    assert (without.rows, without.outputs, without.reason) == ((), bare, "no row matches")
    assert made(text, hit, {"fee": INTEGER}, {"fee": 7}).decide(roots(amount=1)).outputs == written


def test_rows_that_must_agree_and_do_not_are_a_fault_that_names_both() -> None:
    found = made("amount || fee\n> 3 || = limit\n> 5 || 4\n> 7 || 4\n", "any", {"fee": INTEGER}, {"fee": 0})
    assert [row.number for row in found.decide(roots(4, amount=9)).rows] == [1, 2, 3]
    with pytest.raises(Fault, match="rows 1 and 2 both match amount 9 and give different outputs, fee 5 and 4"):
        found.decide(roots(5, amount=9))


def test_rows_whose_rank_is_an_expression_are_ranked_when_it_is_known() -> None:
    text = 'amount || rank\n> 3 || middle\n> 5 || = limit > 5 ? "high" : "low"\n'
    found = made(text, "priority", {"rank": RANK})
    assert [found.decide(roots(limit, amount=9)).row for limit in (5, 6)] == [1, 2]


def test_outputs_rank_from_left_to_right_and_equal_rows_stand_as_written() -> None:
    text = "amount || rank | second\n- || high | low\n- || high | high\n- || - | high\n- || high | high\n"
    found = made(text, "output_order", {"rank": RANK, "second": RANK})
    assert [row.number for row in found.decide(roots()).rows] == [2, 4, 1, 3]


@pytest.mark.parametrize(
    ("hit", "type_", "message"),
    [
        ("priority", INTEGER, "`hit: priority` ranks rows by the options of an output, and no output is a choice"),
        ("output_order", TEXT, "`hit: output_order` ranks rows by the options of an output"),
        ("collect_sum", TEXT, "`hit: collect_sum` takes numbers, money and durations; 'out' is text"),
        ("collect_sum", DATE, "`hit: collect_sum` takes numbers, money and durations; 'out' is a date"),
        ("collect_min", RANK, "`hit: collect_min` takes what has an order: numbers, dates, texts; 'out' is one of"),
    ],
)
def test_a_policy_says_which_output_it_cannot_use(hit: str, type_: Type, message: str) -> None:
    found, (problem, *_) = tried("amount || out\n- || -\n", hit, {"out": type_})
    assert found is None
    assert (problem.code, problem.message[: len(message)]) == ("E420", message)


def test_the_type_of_what_is_given_follows_from_the_policy() -> None:
    outputs = list(OUTPUTS.items())
    assert result_type("fee", "first", outputs).fields == OUTPUTS
    assert result_type("fee", "collect", outputs).name == "list of fee"
    assert {type_.name for type_ in result_type("fee", "collect_count", outputs).fields.values()} == {"integer"}


def test_the_trace_says_why_a_row_that_matches_does_not_count() -> None:
    hits = ("first", "priority", "collect")
    reasons = [[verdict.reason for verdict in made(ROWS, hit, OUTPUTS).trace(roots(amount=4))] for hit in hits]
    assert reasons == [
        ["matches", "amount 4 is not > 5", "matches, but row 1 stands above it", "amount 4 is not > 5"],
        ["matches, but row 3 ranks before it", "amount 4 is not > 5", "matches", "amount 4 is not > 5"],
        ["matches", "amount 4 is not > 5", "matches", "amount 4 is not > 5"],
    ]


CELLS = ["-", "5", "> 3", "[2..5)", "null", "? > limit"]


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from(CELLS), st.sampled_from(["high", "middle", "low", "-"])), max_size=6),
    amount=st.sampled_from([None, 1, 3, 4, 5, 9]),
    hit=st.sampled_from(["first", "priority", "rule_order", "output_order", "collect"]),
)
def test_a_table_decides_as_a_reader_of_its_rows(rows: list[tuple[str, str]], amount: int | None, hit: str) -> None:
    found = made("amount || rank\n" + "".join(f"{cell} || {rank}\n" for cell, rank in rows), hit, {"rank": RANK})
    facts = roots(amount=amount)
    read = [row for row in found.rows if row.tests[0].atom.verdict(amount, facts) is True]
    if hit in ("priority", "output_order"):
        order = {"high": 0, "middle": 1, "low": 2, "-": 3}
        read.sort(key=lambda row: order[rows[row.number - 1][1]])
    if hit in ("first", "priority"):
        read = read[:1]
    assert [row.number for row in found.decide(facts).rows] == [row.number for row in read]
    assert found.outputs_for(facts) == found.decide(facts).outputs
