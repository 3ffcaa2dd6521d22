"""Where paths stand in a plan: in branches, in passes over lists, in actions, in passes inside passes."""

from __future__ import annotations

from typing import Any

import pytest

from casewright.machine.places import Stands
from casewright.machine.plan import Activity
from casewright.runtime.placing import declared, lanes, may_be, order_of
from casewright.runtime.standing import element_words
from tests.runtime.world import Constant, branch, collect, dialog_step, for_each, parallel, plan, stage, step

INNER = for_each("rows", Constant([1]), collect("fill", "note"), dialog_step("talk", "greet"))
PLAN = plan(
    "nested",
    stage("a", parallel("a.both", branch("a.both.one", for_each("a.both.one.of", Constant([1]), INNER)))),
    stage("b", collect("b.ask", "note")),
    actions=(step("actions.letter", "action", label="A letter", activity=Activity()),),
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.both", "parallel"),
        ("a.both.one", "branch"),
        ("a.both.one.of.3.rows", "for_each"),
        ("a.both.one.of.3.rows.12.fill", "collect"),
        ("actions.letter", "action"),
    ],
)
def test_an_item_is_found_in_any_pass(path: str, kind: str) -> None:
    found = declared(PLAN, path)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize("path", ["a.both.one.of.x.rows", "a.nothing", "b.ask.1", "a.both.one.of.3.rows.1.nothing"])
def test_what_the_plan_does_not_have_is_not_there(path: str) -> None:
    assert declared(PLAN, path) is None
    assert not may_be(PLAN, path)


def test_a_step_of_a_dialog_may_be_there_since_it_is_bound_later() -> None:
    assert may_be(PLAN, "a.both.one.of.1.rows.1.talk.greet")
    assert may_be(PLAN, "a.both.one.of.2")


def test_lanes_are_the_branches_passes_and_actions_around_a_path() -> None:
    found = lanes(PLAN, "a.both.one.of.3.rows.12.fill")
    assert [(lane.path, lane.stands, lane.label, lane.number) for lane in found] == [
        ("a.both.one", Stands.BRANCH, "One", 0),
        ("a.both.one.of.3", Stands.PASS, "Of", 3),
        ("a.both.one.of.3.rows.12", Stands.PASS, "Rows", 12),
    ]
    assert [lane.label for lane in lanes(PLAN, "actions.letter")] == ["A letter"]
    assert lanes(PLAN, "b.ask") == ()


def test_paths_come_in_the_order_of_the_plan_and_passes_by_their_numbers() -> None:
    paths = [
        "a.both",
        "a.both.one.of.2.rows.1.fill",
        "a.both.one.of.2.rows.1.talk",
        "a.both.one.of.2.rows.2.fill",
        "a.both.one.of.10.rows.1.fill",
        "b.ask",
        "actions.letter",
    ]
    mixed = [*reversed(paths)]
    assert sorted(mixed, key=lambda path: order_of(PLAN, path)) == paths


def test_the_end_of_an_item_comes_behind_what_is_inside_it_and_before_what_follows() -> None:
    rows = "a.both.one.of.2.rows"
    ends = [f"{rows}.1.talk", rows, "a.both.one.of", "a.both", "b"]
    told = [(each, each in ends) for each in (f"{rows}.1.fill", f"{rows}.1.talk", rows, "a.both.one.of", "a.both")]
    told += [("b.ask", False), ("b", True), ("actions.letter", False)]
    mixed = [*reversed(told)]
    assert sorted(mixed, key=lambda each: order_of(PLAN, each[0], is_end=each[1])) == told


@pytest.mark.parametrize(
    ("element", "words"),
    [
        ("Ada", "Ada"),
        (7, "7"),
        ({"id": 7, "name": "Ada"}, "Ada"),
        ({"id": 7, "size": 3}, "7"),
        ({"size": 3}, ""),
        ([1, 2], ""),
        (None, ""),
        ("x" * 80, "x" * 60),
    ],
)
def test_an_element_is_called_by_itself_or_by_its_name(element: Any, words: str) -> None:
    assert element_words(element) == words
