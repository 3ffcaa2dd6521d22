"""The items of a rule by path, as conditions to begin and end refer to them."""

from __future__ import annotations

from textwrap import dedent

import pytest

from casewright.rules.registry import vocabulary
from casewright.source import SourceFile, read
from casewright.steps.written import Written, owner_of

RULE = """\
    define: case_type/request
    stages:
      - id: first
        steps:
          - {id: ask, do: collect, on_failure: {then: {do: note}}}
          - id: both
            do: parallel
            branches:
              - {id: left, steps: [{id: one, do: note}, {id: two, do: note}]}
              - {id: right, steps: [{id: one, do: note}]}
          - {id: each, do: for_each, steps: [{id: inner, do: note}, {id: outer, do: note}]}
        actions:
          - {id: more, steps: [{id: say, do: note}]}
      - {id: second, steps: [{id: ask, do: note}]}
    actions:
      - {id: help, steps: []}
    """


@pytest.fixture(scope="module")
def written() -> Written:
    body, _ = read(dedent(RULE).encode(), SourceFile("rule.yaml"))
    return Written(body, vocabulary().steps)


def test_every_item_has_a_path_but_for_those_of_passes(written: Written) -> None:
    assert list(written.items) == [
        *("first", "first.ask", "first.ask.failed", "first.both"),
        *("first.both.left", "first.both.left.one", "first.both.left.two", "first.both.right", "first.both.right.one"),
        *("first.each", "first.actions.more", "first.actions.more.say", "second", "second.ask", "actions.help"),
    ]


@pytest.mark.parametrize(
    ("name", "near", "found"),
    [
        ("ask", "first.both", "first.ask"),
        ("ask", "second.ask", "second.ask"),
        ("one", "first.both.left.two", "first.both.left.one"),
        ("right.one", "first.both.left.two", "first.both.right.one"),
        ("second.ask", "first.both.left.two", "second.ask"),
        ("ask", "first.actions.more.say", "first.ask"),
        ("actions.help", "first.ask", "actions.help"),
        ("inner", "first.ask", None),
        ("both.left", "second.ask", None),
    ],
)
def test_a_name_is_looked_for_among_neighbours_first_and_then_further_out(
    written: Written, name: str, near: str, found: str | None
) -> None:
    item = written.find(name, near)
    assert (item.path if item is not None else None) == found


def test_a_pass_finds_its_own_items_first_and_then_those_around_it(written: Written) -> None:
    each = written.items["first.each"]
    passes = Written(each.node, vocabulary().steps, written, each.path)
    names = [passes.find(name, "outer") for name in ("inner", "ask", "both.right", "nothing")]
    assert [found.path if found else None for found in names] == ["inner", "first.ask", "first.both.right", None]


@pytest.mark.parametrize(
    ("other", "item", "is_so"),
    [
        ("first.ask", "first.ask", True),
        ("first.both.left", "first.both", True),
        ("first.each", "first.both.left.one", True),
        ("second.ask", "first.both.left.one", True),
        ("first.ask", "first.both.left.one", False),
        ("first.both.right.one", "first.both.left.one", False),
        ("first.actions.more.say", "first.ask", False),
        ("first.both", "first.both.left", False),
    ],
)
def test_what_follows_in_the_same_sequence_begins_only_afterwards(
    written: Written, other: str, item: str, is_so: bool
) -> None:
    assert written.is_behind(other, item) is is_so


@pytest.mark.parametrize(
    ("path", "owner"),
    [("first", ""), ("first.ask", "first"), ("actions.help", ""), ("first.actions.more", "first")],
)
def test_an_action_stands_in_its_stage_or_case(path: str, owner: str) -> None:
    assert owner_of(path) == owner


def test_what_is_listed_can_come_before_the_item_is_over(written: Written) -> None:
    assert written.names("first.both.left.two")[:2] == ("one", "first.ask")
    assert "second.ask" not in written.names("first.both.left.two")


def test_an_item_inside_passes_is_known_to_be_there_once_for_each(written: Written) -> None:
    around = written.pass_around("first.each.inner")
    assert around is not None
    assert around.path == "first.each"
