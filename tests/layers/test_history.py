"""Provenance: every leaf, item and lock says who wrote it, and what stood there before."""

from __future__ import annotations

from pathlib import Path

import pytest

from casewright.layers import Resolved, load, shape_of
from casewright.values import RuleName

TEXT = {"type": "string"}
STEP = {"type": "object", "properties": {"id": TEXT, "text": TEXT, "fields": {"type": "array", "x-merge": "set"}}}
SHAPES = {
    "dialog": shape_of(
        {
            "type": "object",
            "properties": {
                "label": TEXT,
                "sla": {"type": "object", "additionalProperties": TEXT},
                "steps": {"type": "array", "x-merge": {"key": "id"}, "items": STEP},
            },
        }
    )
}
BASE = "define: dialog/d\nlabel: L\nsla: {goal: 1d}\nsteps:\n- {id: a, text: A, fields: [x]}\n- {id: b, text: B}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def resolved(*texts: str) -> Resolved:
    below = ""
    for number, text in enumerate(texts):
        Path(f"l{number}").mkdir()
        Path(f"l{number}/layer.yaml").write_text(f"layer: l{number}\nversion: 1.0.0\n{below}")
        Path(f"l{number}/d.yaml").write_text(text)
        below = f"built_on: [l{number}]\n"
    return load(Path(f"l{len(texts) - 1}"), shapes=SHAPES)[0].resolve(RuleName("dialog", "d"))


def lines(rule: Resolved, path: str) -> list[str]:
    return [f"{entry.span.path}:{entry.span.line} {entry.operation} {entry.value}" for entry in rule.history[path]]


def test_every_leaf_and_every_item_has_a_history_and_ids_have_none() -> None:
    assert sorted(resolved(BASE).history) == [
        "label", "sla.goal", "steps.a", "steps.a.fields", "steps.a.text", "steps.b", "steps.b.text",
    ]  # fmt: skip


def test_a_leaf_remembers_what_it_shadows() -> None:
    rule = resolved(BASE, "extend: dialog/d\nsla: {goal: 2d}\n", "extend: dialog/d\nsla: {goal: 3d}\n")
    assert lines(rule, "sla.goal") == ["l0/d.yaml:3 set 1d", "l1/d.yaml:2 set 2d", "l2/d.yaml:2 set 3d"]
    assert str(rule.origin("sla.goal")) == "l2/d.yaml:2:13"


def test_an_item_remembers_who_added_moved_and_removed_it() -> None:
    rule = resolved(
        BASE,
        "extend: dialog/d\nsteps: [{id: x, $after: a, text: X}, {id: b, $first: true}]\n",
        "extend: dialog/d\nsteps: [{id: a, $remove: true}]\n",
    )
    assert lines(rule, "steps.x") == ["l1/d.yaml:2 added $after a"]
    assert lines(rule, "steps.b") == ["l0/d.yaml:6 added None", "l1/d.yaml:2 moved $first"]
    assert lines(rule, "steps.a") == ["l0/d.yaml:5 added None", "l2/d.yaml:2 removed None"]


def test_a_list_remembers_how_it_grew() -> None:
    rule = resolved(BASE, "extend: dialog/d\nsteps: [{id: a, fields: {$append: [y]}}]\n")
    assert lines(rule, "steps.a.fields") == ["l0/d.yaml:5 set ['x']", "l1/d.yaml:2 changed ['x', 'y']"]


def test_an_unset_key_remembers_its_value_and_who_unset_it() -> None:
    rule = resolved(BASE, "extend: dialog/d\n$unset: [label]\n")
    assert lines(rule, "label") == ["l0/d.yaml:2 set L", "l1/d.yaml:2 unset None"]


def test_a_replaced_value_remembers_what_it_replaced() -> None:
    rule = resolved(BASE, "extend: dialog/d\nlabel: {$replace: X}\n")
    assert lines(rule, "label") == ["l0/d.yaml:2 set L", "l1/d.yaml:2 replaced X"]


def test_a_lock_is_an_entry_of_the_path_that_it_names() -> None:
    rule = resolved(BASE + "$final: [label]\n$constraint: {sla.goal: '<= 2d'}\n")
    assert lines(rule, "label") == ["l0/d.yaml:2 set L", "l0/d.yaml:7 final True"]
    assert lines(rule, "sla.goal") == ["l0/d.yaml:3 set 1d", "l0/d.yaml:8 constraint <= 2d"]
    assert str(rule.origin("label")) == "l0/d.yaml:2:8"


def test_an_item_of_a_removed_id_that_came_back_has_both_lives() -> None:
    rule = resolved(
        BASE, "extend: dialog/d\nsteps: [{id: a, $remove: true}]\n", "extend: dialog/d\nsteps: [{id: a, text: new}]\n"
    )
    assert [entry.operation for entry in rule.history["steps.a"]] == ["added", "removed", "added"]


def test_the_origin_of_a_map_is_its_key_and_of_nothing_the_part_above() -> None:
    rule = resolved(BASE)
    assert str(rule.origin("sla")) == "l0/d.yaml:3:1"
    assert str(rule.origin("sla.late")) == "l0/d.yaml:3:1"
    assert str(rule.origin("")) == "l0/d.yaml:1:1"


def test_a_node_is_found_by_its_path() -> None:
    rule = resolved(BASE)
    found = rule.at("steps.a.text")
    assert found is not None
    assert found.value == "A"
    assert rule.at("steps.x.text") is None
    assert rule.at("") is rule.body
