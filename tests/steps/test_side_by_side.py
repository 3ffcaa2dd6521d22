"""What authors write side by side, on conditions and by hand, and the plan that comes of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.machine.effects import StartTimer
from casewright.machine.plan import Awaits, Item, Plan
from casewright.machine.side_by_side import ALL, OnEvent, OnField, OnItem, Sentry
from casewright.machine.snapshot import ItemLife
from casewright.rules.registry import vocabulary
from casewright.source import SourceFile, read
from casewright.steps.written import Written
from tests.compiler.writing import compiled, lines

PAID = "define: event/paid\npayload: {order: {type: id}, amount: {type: money}}\n"
ROLE = "define: role/clerk\nlabel: Clerk\n"
ORDER = "define: case_type/order\nstages: [{id: go, steps: [{id: a, do: note, text: Go}]}]\n"
HEAD = """\
define: case_type/request
data: {a: {type: text}, b: {type: text}, n: {type: integer}, people: {type: list of text}}
stages:
  - id: work
    steps:
"""


def plan_of(folder: Path, steps: str, more: str = "") -> Plan:
    """The plan of a case type with these steps in its one stage; the rules must be sound."""
    found = compiled(folder, PAID, ROLE, ORDER, HEAD + indent(dedent(steps), "      ") + dedent(more))
    assert [line for line in lines(found) if " E" in line] == []
    plan: Plan = found.usable().bind("case_type", "request", {}).value
    return plan


def item_at(plan: Plan, path: str) -> Item:
    return dict(plan.every_item())[path]


@pytest.mark.parametrize(
    ("written", "join", "cancel_rest", "at_once"),
    [
        ("join: all", ALL, False, 0),
        ("label: Checks", ALL, False, 0),
        ("join: any\n  cancel_rest: true", 1, True, 0),
        ("join: 2\n  at_once: 1", 2, False, 1),
        ("join: '2'", 2, False, 0),
    ],
)
def test_a_join_is_a_number(tmp_path: Path, written: str, join: int, cancel_rest: bool, at_once: int) -> None:
    branches = "[{id: left, steps: []}, {id: right, start: manual, required: false, by: [clerk], steps: []}]"
    plan = plan_of(tmp_path, f"- id: checks\n  do: parallel\n  branches: {branches}\n  {written}\n")
    split = item_at(plan, "work.checks").split
    assert split is not None
    assert (split.join, split.cancel_rest, split.at_once) == (join, cancel_rest, at_once)
    left, right = split.branches
    assert (left.path, left.kind, left.required, left.manual) == ("work.checks.left", "branch", True, False)
    assert (right.required, right.manual, sorted(right.started_by)) == (False, True, ["clerk"])


def test_a_condition_to_begin_names_items_by_their_whole_path(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        """\
        - {id: first, do: note, text: One}
        - id: later
          do: group
          enter_on:
            - {done: first, changed: [a, b], when: case.n > 1}
            - {failed: work.first}
            - {event: paid, match: {order: =case.id}, when: event.amount > 5}
          exit_on: [{skipped: later.inner}]
          steps: [{id: inner, do: note, text: Two}]
        """,
    )
    later = item_at(plan, "work.later")
    one, two, three = later.entry
    assert one.on == (OnItem("work.first", ItemLife.COMPLETED), OnField("a"), OnField("b"))
    assert one.when is not None
    assert one.when.name == "case.n > 1"
    assert two == Sentry((OnItem("work.first", ItemLife.FAILED),))
    (event,) = three.on
    assert isinstance(event, OnEvent)
    assert (event.event, list(event.match)) == ("paid", ["order"])
    assert three.when is not None
    assert three.when.roots == {"event"}
    assert later.exit == (Sentry((OnItem("work.later.inner", ItemLife.SKIPPED),)),)


def test_actions_lie_beside_the_steps_of_their_stage_or_case(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        "- {id: first, do: note, text: One}\n",
        """\
            actions: [{id: more, by: [clerk], once: true, steps: [{id: say, do: note, text: More}]}]
        actions: [{id: help, when: case.n > 1, steps: []}]
        """,
    )
    (more,) = plan.sequence.items[0].actions
    (help_,) = plan.actions
    assert (more.path, more.kind, sorted(more.started_by), more.once) == (
        "work.actions.more",
        "action",
        ["clerk"],
        True,
    )
    assert more.body is not None
    assert more.body.items[0].path == "work.actions.more.say"
    assert (help_.path, help_.started_by, help_.once) == ("actions.help", frozenset(), False)


def test_a_pass_is_a_plan_of_its_own_with_its_own_fields(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        """\
        - {id: before, do: note, text: Before}
        - id: each
          do: for_each
          in: =case.people
          data: {seen: {type: boolean}}
          steps:
            - {id: look, do: collect, fields: [seen], when: item != "Ada"}
            - {id: then, do: note, text: Then, enter_on: [{done: [look, before]}]}
          save: {n: =size(result)}
        """,
    )
    each = item_at(plan, "work.each")
    assert each.split is not None
    passes = each.split.passes
    assert passes is not None
    assert list(passes.fields) == ["seen"]
    look, then = passes.sequence.items
    assert (look.path, then.path) == ("look", "then")
    assert then.entry == (Sentry((OnItem("look"), OnItem("work.before"))),)
    assert each.activity is not None
    assert list(each.activity.save) == ["n"]
    assert "work.each.*.look" in dict(plan.every_item())


def test_the_first_of_several_has_a_timer_for_each_time_and_listens_for_the_rest(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        """\
        - {id: order, do: create, case_type: order}
        - id: wait
          do: wait
          first_of:
            - {id: money, event: paid, match: {order: =case.id}, remembered: true, save: {n: 1}}
            - {id: late, for: 2h}
            - {id: back, child: order}
          save: {a: =result.first}
        """,
    )
    activity = item_at(plan, "work.wait").activity
    assert activity is not None
    assert activity.awaits is Awaits.FIRST
    (timer,) = activity.emissions
    assert timer.effect is StartTimer
    assert timer.arguments["name"].evaluate({}) == "late"
    money, late, back = activity.alternatives
    assert (money.id, money.event, money.remembered, list(money.save)) == ("money", "paid", True, ["n"])
    assert (late.id, late.event, late.child) == ("late", "", "")
    assert (back.id, back.child) == ("back", "work.order")


# -- the items as written are those of the plan ------------------------------------------------------------------------

STEPS = st.recursive(
    st.just(lambda number: {"id": f"s{number}", "do": "note", "text": "x"}),
    lambda inner: st.tuples(st.sampled_from(["group", "parallel", "for_each", "handled"]), st.lists(inner, max_size=3)),
    max_leaves=8,
)


def as_written(shape: Any, number: int) -> dict[str, Any]:
    """A step of this shape."""
    if callable(shape):
        found: dict[str, Any] = shape(number)
        return found
    kind, inner = shape
    steps = [as_written(each, index) for index, each in enumerate(inner)]
    step: dict[str, Any] = {"id": f"s{number}", "do": kind, "steps": steps}
    if kind == "parallel":
        branches = [{"id": f"b{index}", "steps": [each]} for index, each in enumerate(steps)]
        return {"id": f"s{number}", "do": kind, "branches": branches}
    if kind == "handled":
        handler = {"do": "group", "steps": steps}
        return {"id": f"s{number}", "do": "approve", "on_failure": {"then": handler}}
    return {**step, "in": ["a"]} if kind == "for_each" else step


@settings(max_examples=25, deadline=None)
@given(st.lists(STEPS, max_size=3))
def test_the_items_as_written_are_those_of_the_plan(shapes: list[Any]) -> None:
    steps = [as_written(each, number) for number, each in enumerate(shapes)]
    actions = [{"id": "more", "steps": [{"id": "say", "do": "note", "text": "x"}]}]
    rule = {"define": "case_type/request", "stages": [{"id": "work", "steps": steps, "actions": actions}]}
    text = yaml.safe_dump(rule, sort_keys=False)
    with tempfile.TemporaryDirectory() as folder:
        plan = compiled(Path(folder), text).usable().bind("case_type", "request", {}).value
    body, _ = read(text.encode(), SourceFile("rule.yaml"))
    written = set(Written(body, vocabulary().steps).items)
    assert written == {path for path, _ in plan.every_item() if ".*." not in path}
