"""Rows are read as they were written, between pipes or from a spreadsheet, and each cell knows its place."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.expressions import Row, read_csv_rows, read_rows
from casewright.expressions.tables.rows import Rows
from casewright.values import Span

AT = Span("fee.csv", 1, 1)


def csv_rows(text: str) -> Rows:
    return read_csv_rows(text, ["segment", "amount"], ["fee"], AT)


def texts(row: Row) -> tuple[str, ...]:
    return tuple(cell.text for cell in (*row.inputs, *row.outputs))


@pytest.mark.parametrize(
    "written",
    [
        'segment,amount,fee\n"VIP,Private",-,0\n',
        "segment;amount;fee\r\nVIP,Private;-;0\r\n",
        "segment\tamount\tfee\nVIP,Private\t-\t0\n",
        'sep=;\r\nsegment;amount;fee\r\n"VIP,Private";-;0',
        '\ufeffsegment,amount,fee\r\n "VIP,Private" , - , 0 \r\n',
        'fee,amount,segment\n0,-,"VIP,Private"\n',
        'segment,amount,fee,,\n"VIP,Private",-,0,,\n,,,,\n\n',
        'segment,amount,fee\r"VIP,Private",-,0\r',
    ],
    ids=["commas", "semicolons", "tabs", "said", "mark and blanks", "order", "empty at the end", "old breaks"],
)
def test_what_spreadsheets_write_is_read_alike(written: str) -> None:
    rows, problems = csv_rows(written)
    assert problems == ()
    assert [texts(row) for row in rows] == [("VIP,Private", "-", "0")]


def test_words_that_look_like_dates_and_numbers_stay_as_written() -> None:
    rows, _ = csv_rows("segment,amount,fee\n00123,1-2,1_000\n")
    assert texts(rows[0]) == ("00123", "1-2", "1_000")


def test_a_cell_of_a_spreadsheet_knows_its_line_and_column() -> None:
    rows, _ = csv_rows('segment,amount,fee\nVIP, 10 ,"5"\n"a\nb",2,3\nlast,4,5\n')
    assert [[str(cell.at) for cell in (*row.inputs, *row.outputs)] for row in rows] == [
        ["fee.csv:2:1", "fee.csv:2:6", "fee.csv:2:11"],
        ["fee.csv:3:2", "fee.csv:4:4", "fee.csv:4:6"],
        ["fee.csv:5:1", "fee.csv:5:6", "fee.csv:5:8"],
    ]


def test_a_place_inside_doubled_quotes_is_where_it_stands_in_the_file() -> None:
    rows, _ = csv_rows('segment,amount,fee\n"""VIP"",""Gold""",-,0\n')
    cell = rows[0].inputs[0]
    assert cell.text == '"VIP","Gold"'
    assert str(cell.at) == "fee.csv:2:2"
    assert str(cell.at.within(cell.text, cell.text.index("Gold"))) == "fee.csv:2:12"


@pytest.mark.parametrize(
    ("written", "place", "message"),
    [
        ('segment,amount,fee\nVIP,"10,5\n', "2:5", "this quote is not closed"),
        ('segment,amount,fee\n"VIP"x,1,2\n', "2:6", "there is more in this cell behind its closing quote"),
        ("segment,amount,fee\nVIP,Private,-,0\n", "2:1", "this row has 4 cells; the header has 3"),
        ("segment,amount,fee\nVIP\n", "2:1", "this row has 1 cells; the header has 3"),
        ("segment,amuont,fee\n", "1:9", "'amuont' is no column of the table; did you mean 'amount'?"),
        ("\n\n", "1:1", "the table has no rows"),
    ],
)
def test_a_wrong_line_says_where(written: str, place: str, message: str) -> None:
    rows, problems = csv_rows(written)
    assert rows == ()
    assert (str(problems[0].span), problems[0].message[: len(message)]) == (f"fee.csv:{place}", message)


def test_a_column_whose_name_begins_with_a_mark_holds_notes() -> None:
    pipes = 'segment | amount || fee | # why | # until\nVIP | - || 0 | "as agreed" | March\n- | - || 1\n'
    rows, problems = read_rows(pipes, ["segment", "amount"], ["fee"], AT)
    assert problems == ()
    assert [row.note for row in rows] == ["as agreed; March", ""]
    rows, problems = csv_rows('# why,segment,amount,fee\n"as agreed, in March",VIP,-,0\n,-,-,1\n')
    assert problems == ()
    assert [(row.note, texts(row)) for row in rows] == [
        ("as agreed, in March", ("VIP", "-", "0")),
        ("", ("-", "-", "1")),
    ]


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00\ufeff"), max_size=8).map(str.strip)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS).filter(any), max_size=4), st.sampled_from([",", ";", "\t"]))
def test_whatever_a_writer_of_such_files_writes_is_read_back(cells: list[tuple[str, str, str]], mark: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=mark, quoting=csv.QUOTE_ALL).writerows([("segment", "amount", "fee"), *cells])
    rows, problems = csv_rows(out.getvalue())
    assert problems == ()
    assert [texts(row) for row in rows] == cells
