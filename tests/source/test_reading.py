"""Reading: every scalar as written with its place, and everything else that YAML can do refused with a place."""

from __future__ import annotations

import time
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.errors import MissingLibrary
from casewright.source import Node, SourceFile, read
from casewright.values import Problem

FILE = SourceFile("a.yaml", "impl@1.0.0")


def plain(text: str) -> Any:
    node, problems = read(text, FILE)
    assert not problems
    assert node is not None
    return node.plain()


def found(text: str | bytes) -> list[str]:
    return [f"{problem.span.line}:{problem.span.column} {problem.code}" for problem in read(text, FILE)[1]]


def only(text: str | bytes) -> Problem:
    (problem,) = read(text, FILE)[1]
    return problem


def test_scalars_arrive_as_written() -> None:
    text = "{a: no, b: 010, c: 2024-01-01, d: 12:30:00, e: 1_000, f: ~, g: 0.10, h: 'x'}"
    values = {"a": "no", "b": "010", "c": "2024-01-01", "d": "12:30:00", "e": "1_000", "f": "~", "g": "0.10", "h": "x"}
    assert plain(text) == values


def test_a_scalar_knows_whether_it_was_quoted() -> None:
    node, _ = read("a: x\nb: 'x'\nc: \"x\"\nd: |\n  x\ne: >-\n  x\n", FILE)
    assert node is not None
    assert {name: below.quoted for name, below in node.value.items()} == {
        "a": False, "b": True, "c": True, "d": True, "e": True,
    }  # fmt: skip


def test_every_value_knows_its_place_and_that_of_its_key() -> None:
    node, _ = read("a:\n  - b: ü\n    cd: x\n", FILE)
    assert node is not None
    last = node.value["a"].value[0].value["cd"]
    assert (last.span.line, last.span.column, last.key.line, last.key.column) == (3, 9, 3, 5)
    assert last.span.layer == "impl@1.0.0"


def test_columns_count_characters_and_not_bytes() -> None:
    node, _ = read("a: {ü: 'ß', b: c}\n", FILE)
    assert node is not None
    assert node.value["a"].value["b"].span.column == 16


def test_bytes_with_a_byte_order_mark_are_read() -> None:
    node, problems = read(b"\xef\xbb\xbfa: b\n", FILE)
    assert node is not None
    assert (node.plain(), problems) == ({"a": "b"}, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2\n", ["2:1 E101"]),
        ("a: &x 1\nb: *x\n", ["1:4 E111", "2:4 E111"]),
        ("a: &x [*x]\n", ["1:4 E111", "1:8 E111"]),
        ("a:\n  <<: {b: c}\n", ["2:3 E111"]),
        ("a: !!str 1\n", ["1:4 E112"]),
        ("a: !x {b: c}\n", ["1:4 E112"]),
        ("a: 1\n---\nb: 2\n", ["2:1 E113"]),
        ("", ["1:1 E113"]),
        ("a: {b}\n", ["1:5 E114"]),
        ("a: {b: , c: d}\n", ["1:5 E114"]),
        ("a: [=f(x, y)]\n", ["1:5 E114"]),
        ("? [a]\n: b\n", ["1:3 E117"]),
        ("a: \x01\n", ["1:4 E116"]),
        ("a:\n\tb: c\n", ["2:1 E116"]),
        (b"a: \xff\n", ["1:4 E116"]),
        ("a: \ud800\n", ["1:4 E116"]),
        ("a: [1\nb: 2\n", ["2:2 E110"]),
    ],
)
def test_what_yaml_can_do_and_rules_may_not_is_refused_with_its_place(text: str | bytes, expected: list[str]) -> None:
    assert found(text) == expected


def test_all_mistakes_of_a_file_are_found_at_once() -> None:
    assert found("a: 1\na: 2\nb: &x 1\nc: !y 1\nd: {e}\n") == ["2:1 E101", "3:4 E111", "4:4 E112", "5:5 E114"]


def test_the_first_of_two_equal_keys_holds() -> None:
    node, _ = read("a: 1\na: 2\n", FILE)
    assert node is not None
    assert node.plain() == {"a": "1"}


def test_a_duplicate_key_names_both_places() -> None:
    problem = only("label: a\nlabel: b\n")
    assert problem.message == "duplicate key 'label'; first at a.yaml:1:1"
    assert [str(other.span) for other in problem.related] == ["a.yaml:1:1"]


def test_a_valueless_key_of_a_block_map_is_null() -> None:
    assert plain("a:\nb: 1\n") == {"a": "", "b": "1"}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        "{a: " * 200_000,
        "- " * 100_000,
        "a: [[[" * 50_000,
        "? " * 50_000,
        "a: &a [*a, *a]\n" * 20_000,
        "- !x a\n" * 200_000,
        "- {a}\n" * 200_000,
        "- {a: =f(b, c)}\n" * 100_000,
        "- a #b\n" * 200_000,
        "a: b\n" * 300_000,
    ],
    ids=lambda text: text[:5],
)
def test_bombs_are_answered_quickly(text: str) -> None:
    start = time.thread_time()
    _, problems = read(text, FILE)
    assert problems
    assert time.thread_time() - start < 5


def test_a_file_over_the_limit_is_refused_unread() -> None:
    assert only("a: b\n" * 1_000_000).code == "E115"


def test_a_file_full_of_mistakes_is_given_up_after_a_hundred() -> None:
    problems = read("a: 1\n" * 500, FILE)[1]
    assert len(problems) == 101
    assert problems[-1].message == "the file has more than 100 mistakes; the rest of it is not read"


def test_a_quoted_merge_key_is_a_key_like_any_other() -> None:
    assert plain("'<<': a\n") == {"<<": "a"}


def test_without_libyaml_one_clear_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader")
    with pytest.raises(MissingLibrary, match="libyaml is needed to read rules and is not installed; run: pip install"):
        read("a: b\n", FILE)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab:-[]{}#&*!|>'\"%@`=,? \n\t\x00é", max_size=40))
def test_no_text_crashes_the_reader(text: str) -> None:
    node, problems = read(text, FILE)
    assert isinstance(node, Node) or problems
    assert all(problem.span.line >= 1 and problem.span.column >= 1 for problem in problems)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    node, problems = read(content, FILE)
    assert isinstance(node, Node) or problems


DOCUMENTS = st.recursive(
    st.text(alphabet="abc 019:=#-", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet="abc", min_size=1), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS)
def test_what_is_written_quoted_is_read_back(document: Any) -> None:
    written = yaml.safe_dump(document, default_style='"')
    assert plain(written) == document
