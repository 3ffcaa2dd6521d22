"""Places inside texts: wherever YAML indents, folds or unescapes, a character is found where it stands in the file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.layers.shapes import shape_of
from casewright.layers.typing import typed
from casewright.source import Node, SourceFile, read

MARK = "§"


def place_of_mark(text: str, node: Node) -> tuple[int, int]:
    """Where the mark in a scalar stands, as its place in the value is told."""
    said = str(node.value)
    at = node.text_start().within(said, said.index(MARK))
    assert text.split("\n")[at.line - 1][at.column - 1] == MARK
    return at.line, at.column


def scalar(text: str) -> Node:
    root, problems = read(text, SourceFile("a.yaml"))
    assert root is not None
    assert not problems
    return root.value["body"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("body: §", (1, 7)),
        ("body: 'it''s §'", (1, 14)),
        ('body: "a\\tb\\u00e9 §"', (1, 19)),
        ("body: one\n  two §", (2, 7)),
        ("body: 'one\n\n  two''s §'", (3, 10)),
        ('body: "one\n   two\\n§"', (2, 9)),
        ("body: |\n  one\n\n  two §\n", (4, 7)),
        ("body: |\n\n\n  §\n", (4, 3)),
        ("body: |-  # why\n      one\n       two §\n", (3, 12)),
        ("body: |2\n     one\n   two §\n", (3, 8)),
        ("body: >\n  one\n  two\n\n  three §\n", (5, 9)),
        ("body: >-\n  one\n    more\n  §\n", (4, 3)),
        ("body: |\r\n  one\r\n  two §\r\n", (3, 7)),
        ("a:\n  - b: |\n      x\nbody: §", (4, 7)),
    ],
)
def test_a_character_stands_where_its_line_and_column_say(text: str, place: tuple[int, int]) -> None:
    assert place_of_mark(text, scalar(text)) == place


LINES = st.lists(
    st.text("ab §{}#:'\"|", min_size=0, max_size=8).map(lambda line: line.replace(MARK, "").rstrip()), max_size=6
)


@settings(max_examples=300, deadline=None)
@given(LINES, LINES, st.integers(1, 5), st.integers(0, 4), st.sampled_from(["|", "|-", "|+", ">", ">-", ">+"]))
def test_the_mark_in_any_block_is_found(
    before: list[str], after: list[str], margin: int, more: int, style: str
) -> None:
    """Blank lines, deeper lines, folded or not: whatever stands around it."""
    lines = [*(each.lstrip() for each in before[:1]), *before[1:], f"{' ' * more * bool(any(before[:1]))}x {MARK} y"]
    block = [" " * margin + each if each else "" for each in (*lines, *after)]
    text = "\n".join([f"body: {style}{margin}", *block, ""])
    place_of_mark(text, scalar(text))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["a", "bb c", "''", ""]), max_size=5), st.integers(1, 4))
def test_the_mark_in_any_quoted_text_is_found(lines: list[str], margin: int) -> None:
    text = "body: '" + f"\n{' ' * margin}".join(["x", *lines, f"{MARK} y'"])
    place_of_mark(text, scalar(text))


@pytest.mark.parametrize(
    ("written", "column"), [("=§", 8), ("=  §", 10), ("'=§'", 9), ('"= §"', 10)]
)  # fmt: skip
def test_an_expression_begins_behind_its_sign_and_the_blanks(written: str, column: int) -> None:
    node, _ = typed(scalar(f"body: {written}"), shape_of({"x-type": "value"}))
    assert place_of_mark(f"body: {written}", node) == (1, column)


def test_an_expression_in_a_block_is_found_on_its_line() -> None:
    text = "body: |\n  =\n    a and\n\n    §\n"
    node, _ = typed(scalar(text), shape_of({"x-type": "value"}))
    assert place_of_mark(text, node) == (5, 5)
