"""Decision tables decide as a reader of their rows would, say why, and are refused where their rows contradict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.expressions import (
    BOOLEAN,
    HIT_POLICIES,
    INTEGER,
    MONEY,
    TEXT,
    Cell,
    Constant,
    Row,
    Scope,
    Table,
    Type,
    choice,
    compile_expression,
    compile_table,
    read_csv_rows,
    read_rows,
    record,
)
from casewright.values import Problem, Span

AT = Span("fee.yaml", 5, 3)
SHIPPING = choice(["standard", "express", "courier", "branch"])
SCOPE = Scope(
    {
        "customer": record("customer", {"segment": TEXT, "limit": MONEY}),
        "case": record("case", {"shipping": SHIPPING, "amount": INTEGER, "urgent": BOOLEAN}),
    }
)
INPUTS = {"segment": "customer.segment", "shipping": "case.shipping", "amount": "case.amount", "urgent": "case.urgent"}
OUTPUTS: dict[str, Type] = {"fee": MONEY, "reason": TEXT}
FEE = """segment          | shipping   || fee   | reason
"VIP","Private"  | -          || 0     | "waived for the segment"
-                | "express"  || 15.00 | "two working days"
-                | courier    || =customer.limit * 2 | next working day
-                | "branch"   || 0     | "collected | at the branch"
"""
Compiled = tuple[Table | None, tuple[Problem, ...]]


def table(
    text: str,
    inputs: Sequence[str] = ("segment", "shipping"),
    outputs: Mapping[str, Type] = OUTPUTS,
    hit: str = "first",
    otherwise: Mapping[str, Any] | None = None,
    read: Callable[..., tuple[tuple[Row, ...], tuple[Problem, ...]]] = read_rows,
) -> Compiled:
    rows, problems = read(text, inputs, tuple(outputs), AT)
    if problems:
        return None, problems
    columns = []
    for name in inputs:
        expression, _ = compile_expression(INPUTS[name], SCOPE, at=AT)
        assert expression is not None
        columns.append((name, expression))
    rest = {name: Constant(value, TEXT, AT) for name, value in (otherwise or {}).items()}
    return compile_table(columns, tuple(outputs.items()), rows, hit, SCOPE, at=AT, otherwise=rest)


def good(*arguments: Any, **options: Any) -> Table:
    found, problems = table(*arguments, **options)
    assert [problem for problem in problems if problem.is_error] == []
    assert found is not None
    return found


def errors(compiled: Compiled) -> list[str]:
    return [problem.message for problem in compiled[1] if problem.is_error]


def roots(segment: str | None = None, shipping: str | None = None, **case: Any) -> dict[str, Any]:
    case = {"shipping": shipping, "amount": None, "urgent": None, **case}
    return {"customer": {"segment": segment, "limit": Decimal("12.50")}, "case": case}


@pytest.mark.parametrize(
    ("facts", "row", "outputs"),
    [
        (roots("VIP", "express"), 1, {"fee": Decimal("0"), "reason": "waived for the segment"}),
        (roots("Basic", "express"), 2, {"fee": Decimal("15.00"), "reason": "two working days"}),
        (roots(None, "courier"), 3, {"fee": Decimal("25.00"), "reason": "next working day"}),
        (roots("Basic", "branch"), 4, {"fee": Decimal("0"), "reason": "collected | at the branch"}),
        (roots("Basic", "standard"), None, {"fee": None, "reason": None}),
        (roots("Basic", None), None, {"fee": None, "reason": None}),
    ],
)
def test_the_first_row_that_matches_wins(facts: dict[str, Any], row: int | None, outputs: dict[str, Any]) -> None:
    decision = good(FEE).decide(facts)
    assert (decision.row, decision.outputs) == (row, outputs)
    assert good(FEE).outputs_for(facts) == outputs


def test_otherwise_stands_in_where_no_row_matches() -> None:
    found = good(FEE, otherwise={"reason": "standard is free"})
    decision = found.decide(roots("Basic", "standard"))
    assert decision.outputs == {"fee": None, "reason": "standard is free"}
    assert decision.reason == "no row matches"


def test_a_decision_says_why_and_where() -> None:
    decision = good(FEE).decide(roots("Basic", "express"))
    assert decision.reason == 'row 2: shipping "express" is "express"'
    assert str(decision.at) == "fee.yaml:7:1"
    assert decision.inputs == {"segment": "Basic", "shipping": "express"}


def test_a_trace_says_where_each_row_failed() -> None:
    found = good(FEE + "- | - || 1 | any\n").trace(roots("Basic", "branch"))
    assert [(verdict.row, verdict.matches, verdict.column, verdict.reason) for verdict in found] == [
        (1, False, "segment", 'segment "Basic" is not "VIP","Private"'),
        (2, False, "shipping", 'shipping "branch" is not "express"'),
        (3, False, "shipping", 'shipping "branch" is not courier'),
        (4, True, None, "matches"),
        (5, True, None, "matches, but row 4 stands above it"),
    ]


def test_a_table_says_what_it_reads() -> None:
    found = good(FEE)
    assert found.roots == {"customer", "case"}
    assert found.paths == {"customer.segment", "case.shipping", "customer.limit"}


def test_cells_may_read_roots() -> None:
    text = "amount || reason\n? * 2 > customer.limit || over\n=case.amount || itself\n"
    found = good(text, ["amount"], {"reason": TEXT})
    assert found.decide(roots(amount=7)).outputs == {"reason": "over"}
    assert found.decide(roots(amount=3)).outputs == {"reason": "itself"}
    assert found.decide(roots(amount=3)).row == 2


def test_columns_stand_in_any_order() -> None:
    text = "shipping | segment || reason | fee\nexpress | VIP || why | 3\n"
    assert good(text).decide(roots("VIP", "express")).outputs == {"fee": Decimal("3"), "reason": "why"}


def test_a_table_may_be_separated_by_commas() -> None:
    text = (
        '\ufeffsegment,shipping,fee,reason\r\n"""VIP"",Private",-,0,"waived, for the segment"\r\n,express,15.00,x\r\n'
    )
    found = good(text, read=read_csv_rows)
    assert found.decide(roots("Private", "branch")).outputs == {
        "fee": Decimal("0"),
        "reason": "waived, for the segment",
    }
    assert found.decide(roots("Basic", "express")).outputs == {"fee": Decimal("15.00"), "reason": "x"}
    assert str(found.rows[1].at) == "fee.yaml:7:1"


def test_a_table_may_be_separated_by_semicolons() -> None:
    found = good("segment;shipping;fee;reason\nVIP,Private;-;0;waived\n", read=read_csv_rows)
    assert found.decide(roots("Private", "branch")).outputs["reason"] == "waived"


WRONG = [
    ("", "5:3", "the table has no rows", "begin with segment | shipping || fee | reason"),
    ("segmnt | shipping || fee | reason\n", "5:3", "'segmnt' is no input of the table; did you mean 'segment'?", ""),
    ("segment || fee | reason\n", "5:3", "the header lacks the input 'shipping'", "add a column for it"),
    ("segment | fee || shipping | reason\n", "5:13", "'fee' is no input of the table", "inputs stand before `||`"),
    ("segment | segment | shipping || fee | reason\n", "5:13", "the column 'segment' stands twice in the header", ""),
    ("segment | shipping | fee | reason\n", "5:3", "this row has no `||`", "put `||` between the last input"),
    ("segment | shipping || fee | reason\n- || 1 | a\n", "6:1", "this row has 1 inputs; the header has 2", "write `-`"),
    (
        "segment | shipping || fee | reason\n- | - || 1\n",
        "6:1",
        "this row has 1 outputs; the header has 2",
        "write null",
    ),
    (
        "segment | shipping || fee | reason\n- | - || 1 | =a || b\n",
        "6:17",
        "this row has more than one `||`",
        "write `or`",
    ),
    ('segment | shipping || fee | reason\n"a | - || 1 | a\n', "6:1", "this quote is not closed", ""),
    (FEE + '"VIP | "express" || 1 | "a"\n', "10:1", "this quote is not closed", 'end the text with "'),
    (FEE + '- | "express || 1 | "a | b"\n', "10:5", "this quote is not closed", 'end the text with "'),
    (FEE + '"VIP","Gold | - || 1 | "a"\n', "10:7", "this quote is not closed", 'end the text with "'),
    (FEE + '"a | b" | "\\"" || 1 | "a\n', "10:23", "this quote is not closed", 'end the text with "'),
    (FEE + "- | - || 1,50 | a\n", "10:10", "'1,50' is not money", "write 1.50"),
    (FEE + "- | - || customer.limit | a\n", "10:10", "'customer.limit' is not money", "an expression begins with `=`"),
    (FEE + "- | - || =customer.limt | a\n", "10:20", "'customer' has no field 'limt'; did you mean 'limit'?", ""),
    (FEE + "- | expres || 1 | a\n", "10:5", "\"expres\" is not an option; did you mean 'express'?", ""),
    (FEE + "- | [1.. || 1 | a\n", "10:5", "`[1..` has a quote or bracket that is not closed", ""),
]


@pytest.mark.parametrize(("text", "place", "message", "help"), WRONG, ids=[case[2] for case in WRONG])
def test_a_wrong_row_names_its_place_and_its_mend(text: str, place: str, message: str, help: str) -> None:
    found, problems = table(text)
    assert found is None
    assert str(problems[0].span) == f"fee.yaml:{place}"
    assert problems[0].message.startswith(message)
    assert problems[0].help.startswith(help)


def test_a_column_that_another_file_declares_is_told_with_its_place() -> None:
    there = Span("top/fee.yaml", 4, 11, "top")
    rows, (problem,) = read_rows("segment || fee\n- || 1\n", ["segment"], ["fee", "points"], AT, {"points": there})
    assert rows == ()
    assert problem.message == "the header lacks the output 'points'"
    assert [related.span for related in problem.related] == [there]


@pytest.mark.parametrize("header", ["segment;;fee", ";segment;fee"])
def test_a_column_of_a_spreadsheet_needs_a_name(header: str) -> None:
    _, (problem, *_) = read_csv_rows(f"{header}\n1;2;3\n", ["segment"], ["fee"], AT)
    assert problem.message == "a column of the header has no name"


def test_all_wrong_cells_are_found() -> None:
    _, problems = table("segment | shipping || fee | reason\n- | gone || x | a\n- | - || y | b\n")
    assert [str(problem.span) for problem in problems] == ["fee.yaml:6:5", "fee.yaml:6:13", "fee.yaml:7:10"]


def test_a_csv_row_of_another_length_is_a_mistake() -> None:
    _, problems = table("segment,shipping,fee,reason\nVIP,Private,-,0,x\n", read=read_csv_rows)
    assert problems[0].message == "this row has 5 cells; the header has 4"


def test_an_unknown_hit_policy_says_which_there_are() -> None:
    _, problems = table(FEE, hit="uniqe")
    assert problems[0].message == "'uniqe' is no hit policy; did you mean 'unique'?"
    assert problems[0].help == f"write one of {', '.join(HIT_POLICIES)}"


def test_rows_that_overlap_are_refused_under_unique() -> None:
    found, problems = table(
        "amount || reason\n< 10 || a\n[5..20) || b\n>= 20 || c\n", ["amount"], {"reason": TEXT}, "unique"
    )
    assert found is None
    (problem, gap) = problems
    assert (problem.code, str(problem.span)) == ("E409", "fee.yaml:7:1")
    assert problem.message == "rows 1 and 2 both match `[5..9]`, as {amount: 5}, and `hit: unique` lets one"
    assert gap.message == "no row matches amount `null`"
    assert [str(related.span) for related in problem.related] == ["fee.yaml:6:1"]


def test_rows_that_lie_apart_are_unique() -> None:
    text = "amount | urgent || reason\n< 10 | true || a\n< 10 | not(true) || b\n>= 10 | - || c\nnull | - || d\n"
    found = good(text, ["amount", "urgent"], {"reason": TEXT}, "unique")
    assert [found.decide(roots(amount=5, urgent=urgent)).row for urgent in (True, False, None)] == [1, 2, 2]
    assert found.decide(roots(amount=10)).row == 3
    assert found.decide(roots()).row == 4


def test_rows_that_cannot_be_told_apart_before_they_run_are_refused_under_unique() -> None:
    text = "amount | urgent || reason\n? > customer.limit | true || a\n< 10 | true || b\n"
    _, problems = table(text, ["amount", "urgent"], {"reason": TEXT}, "unique")
    assert problems[0].message.startswith("rows 1 and 2 may both match `< 10 | true`, as {amount: 9, urgent: true}")
    apart = text.replace("< 10 | true", "< 10 | false")
    assert errors(table(apart, ["amount", "urgent"], {"reason": TEXT}, "unique")) == []


@pytest.mark.parametrize(
    ("rows", "row", "above"),
    [
        ("- || a\n5 || b\n", 2, "row 1 takes"),
        ("< 10 || a\n>= 10 || b\n5 || c\n", 3, "row 1 takes"),
        ("< 10 || a\n>= 10 || b\n[5..15] || c\n", 3, "rows 1, 2 take"),
        ("< 10 || a\n>= 10 || b\nnull || c\n- || d\n", 4, "rows 1, 2, 3 take"),
    ],
)
def test_a_row_that_can_never_win_is_told_under_first(rows: str, row: int, above: str) -> None:
    found, problems = table(f"amount || reason\n{rows}", ["amount"], {"reason": TEXT})
    assert found is not None
    assert [(problem.code, problem.message) for problem in problems if problem.code != "W420"] == [
        ("W409", f"row {row} can never win: above it {above} everything that it matches")
    ]


def test_a_row_behind_an_expression_may_still_win() -> None:
    rows = "amount || reason\n? > customer.limit || a\n- || b\n5 || c\n"
    assert [problem.code for problem in table(rows, ["amount"], {"reason": TEXT})[1]] == ["W409"]
    rows = "amount || reason\n? > customer.limit || a\n5 || c\n"
    assert "W409" not in [problem.code for problem in table(rows, ["amount"], {"reason": TEXT})[1]]


def test_all_options_of_a_choice_leave_nothing_but_null() -> None:
    rows = "".join(f"{option} || x\n" for option in SHIPPING.options)
    assert table(f"shipping || reason\n{rows}- || rest\n", ["shipping"], {"reason": TEXT})[1] == ()
    (problem,) = table(f"shipping || reason\n{rows}null || y\n- || rest\n", ["shipping"], {"reason": TEXT})[1]
    assert problem.message.startswith("row 6 can never win")


def test_a_table_without_rows_decides_nothing() -> None:
    found = good("segment | shipping || fee | reason\n")
    assert found.decide(roots("VIP", "express")).row is None


def test_a_table_without_rows_is_told_unless_otherwise_answers() -> None:
    _, problems = table("segment | shipping || fee | reason\n")
    assert [problem.message for problem in problems] == [
        "the table has no rows, so every output is empty whatever the facts are"
    ]


SEGMENTS = ["-", "VIP", "VIP,Basic", "not(VIP)", "null", "not(null)", "not(VIP,null)"]
AMOUNTS = ["-", "5", "> 3", "[2..5)", "not([2..5])", "null", "< 2,7", "? > customer.limit", "=case.amount"]
URGENT = ["-", "true", "not(true)", "null"]


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(SEGMENTS), st.sampled_from(AMOUNTS), st.sampled_from(URGENT)), min_size=1, max_size=6
    ),
    segment=st.sampled_from([None, "VIP", "Basic", "Other"]),
    amount=st.sampled_from([None, *range(1, 9), 20]),
    urgent=st.sampled_from([None, True, False]),
)
def test_the_index_finds_the_row_that_a_reader_finds(
    rows: list[tuple[str, str, str]], segment: str | None, amount: int | None, urgent: bool | None
) -> None:
    text = "segment | amount | urgent || reason\n" + "".join(f"{' | '.join(cells)} || x\n" for cells in rows)
    found, problems = table(text, ["segment", "amount", "urgent"], {"reason": TEXT})
    assert found is not None
    facts = roots(segment, amount=amount, urgent=urgent)
    values = (segment, amount, urgent)
    matching = [
        row.number
        for row in found.rows
        if all(test.atom.verdict(value, facts) is True for test, value in zip(row.tests, values, strict=True))
    ]
    assert found.decide(facts).row == (matching[0] if matching else None)
    assert [verdict.row for verdict in found.trace(facts) if verdict.matches] == matching
    never = {problem.message.split()[1] for problem in problems if problem.code == "W409"}
    assert not matching or str(matching[0]) not in never
    if table(text, ["segment", "amount", "urgent"], {"reason": TEXT}, "unique")[0] is not None:
        assert len(matching) < 2


@pytest.mark.parametrize("column", ["key", "range", "both"])
def test_a_large_table_finds_its_last_row(column: str) -> None:
    cells = {"key": lambda n: (f"k{n}", "-"), "range": lambda n: ("-", f"[{n * 10}..{n * 10 + 9}]")}
    cells["both"] = lambda n: (f"k{n}", f"[{n}..{n + 50})")
    rows = [
        Row((Cell(cells[column](n)[0], AT), Cell(cells[column](n)[1], AT)), (Cell(str(n), AT),), AT)
        for n in range(1000)
    ]
    inputs = [(name, compile_expression(INPUTS[name], SCOPE, at=AT)[0]) for name in ("segment", "amount")]
    rest = {"out": Constant(0, INTEGER, AT)}
    found, problems = compile_table(inputs, [("out", INTEGER)], rows, "unique", SCOPE, at=AT, otherwise=rest)  # type: ignore[arg-type]
    assert problems == ()
    assert found is not None
    facts = roots("k999", amount=9995 if column == "range" else 1000)
    assert found.decide(facts).outputs == {"out": 999}
