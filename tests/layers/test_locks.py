"""Locks: what a file fixes, and what every file after it may still do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from casewright.layers.files import Layer, rule_file
from casewright.layers.folding import Folded, fold
from casewright.layers.locks import covers, path_of
from casewright.layers.shapes import Shape, shape_of
from casewright.source import SourceFile, read

TEXT = {"type": "string"}
STEP = {"type": "object", "additionalProperties": False, "properties": {"id": TEXT, "text": TEXT, "label": TEXT}}
STEPS = {"type": "array", "x-merge": {"key": "id"}, "items": STEP}
STAGE = {"type": "object", "additionalProperties": False, "properties": {"id": TEXT, "label": TEXT, "steps": STEPS}}
SHAPE = shape_of(
    {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "label": TEXT,
            "mark": {"type": "integer"},
            "sla": {"type": "object", "additionalProperties": False, "properties": {"goal": TEXT, "late": TEXT}},
            "data": {"type": "object", "additionalProperties": {"type": "object", "properties": {"type": TEXT}}},
            "steps": STEPS,
            "stages": {"type": "array", "x-merge": {"key": "id"}, "items": STAGE},
        },
    }
)
BASE = "label: L\nsla: {goal: 1d}\nsteps: [{id: a, text: A}, {id: b, text: B}]\n"


def folded(*texts: str, shape: Shape = SHAPE) -> Folded:
    """The fold of bodies: the first a define, the others extends of layers above, unless they begin with `replace`."""
    state = Folded()
    below: list[str] = []
    for number, text in enumerate(texts):
        layer = Layer(f"l{number}", "1.0.0", Path("."), below=frozenset(below))
        word = "define" if not number else "extend"
        first = text if text.startswith("replace:") else f"{word}: dialog/d\n{text}"
        node, wrong = read(first, SourceFile(f"l{number}.yaml", layer.label))
        assert node is not None
        assert not wrong
        file, problems = rule_file(node, layer, ("dialog",))
        assert file is not None
        assert not problems
        state = fold(state, file, shape)
        below.append(layer.name)
    return state


def broken(*texts: str) -> list[str]:
    return [f"{problem.code} {problem.span.line}" for problem in folded(*texts).problems]


def test_a_final_leaf_may_not_change() -> None:
    assert broken(BASE + "$final: [label]\n", "label: X\n") == ["E301 2"]


def test_an_equal_value_does_not_break_a_final_leaf() -> None:
    assert broken(BASE + "$final: [label]\n", "label: L\n") == ["W403 2"]


def test_a_lock_does_not_bind_its_own_file() -> None:
    assert broken(BASE, "label: X\n$final: [label]\n") == []


def test_a_lock_of_a_middle_layer_binds_those_above() -> None:
    assert broken(BASE, "$final: [label]\n", "label: X\n") == ["E301 2"]


def test_a_lock_may_name_what_is_not_there_yet() -> None:
    assert broken(BASE + "$final: [mark]\n", "mark: 3\n") == ["E301 2"]


def test_a_final_item_fixes_its_content_and_existence_and_not_its_neighbours() -> None:
    base = "steps: [{id: a, text: A, $final: true}, {id: b, text: B}]\n"
    assert broken(base, "steps:\n- {id: a, text: X}\n") == ["E301 3"]
    assert broken(base, "steps:\n- {id: a, label: X}\n") == ["E301 3"]
    assert broken(base, "steps:\n- {id: a, $remove: true}\n") == ["E301 3"]
    assert broken(base, "steps:\n- {id: x, $before: a, text: X}\n- {id: y, $after: a, text: Y}\n") == []


def test_a_final_list_freezes_membership_and_order() -> None:
    base = BASE + "$final: [steps]\n"
    assert broken(base, "steps:\n- {id: x, text: X}\n") == ["E301 3"]
    assert broken(base, "steps:\n- {id: b, $first: true}\n") == ["E301 3"]
    assert broken(base, "label: X\n") == []


def test_a_path_with_a_star_locks_every_item() -> None:
    base = "steps: [{id: a, text: A}, {id: b, text: B}]\n$final: [steps.*.text]\n"
    assert broken(base, "steps:\n- {id: b, text: X}\n") == ["E301 3"]
    assert broken(base, "steps:\n- {id: b, label: X}\n") == []


def test_one_problem_is_told_for_a_locked_subtree_and_file() -> None:
    base = "steps: [{id: a, text: A, label: L, $final: true}]\n$final: [steps]\n"
    assert broken(base, "steps:\n- {id: a, text: X, label: Y}\n- {id: c}\n") == ["E301 3"]


def test_the_first_change_inside_is_blamed() -> None:
    base = "sla: {goal: 1d, late: 2d, $final: true}\n"
    (problem,) = folded(base, "sla:\n  late: 3d\n  goal: 2d\n").problems
    assert problem.message == "may not change 'sla.late': final in [l0@1.0.0] at l0.yaml:2:27"


def test_removing_or_replacing_what_holds_a_locked_child_is_the_same_error() -> None:
    base = "stages: [{id: s, steps: [{id: a, text: A, $final: true}]}, {id: t}]\n"
    assert broken(base, "stages:\n- {id: s, $remove: true}\n") == ["E301 3"]
    assert broken(base, "stages:\n- {id: s, $replace: true, label: X}\n") == ["E301 3"]
    assert broken(base, "stages:\n- {id: s, $last: true}\n") == ["E301 3"]
    assert broken(base, "stages: {$replace: [{id: u}]}\n") == ["E301 2"]
    assert broken(base, "$unset: [stages]\n") == ["E301 2"]


def test_a_lock_binds_replace_too() -> None:
    base = BASE + "$final: [label]\n"
    assert broken(base, "replace: dialog/d\nmark: 3\n") == ["E301 1"]
    assert broken(base, "replace: dialog/d\nlabel: X\n") == ["E301 2"]
    assert broken(base, "replace: dialog/d\nlabel: L\nmark: 3\n") == []


def test_a_lock_still_holds_after_a_replace() -> None:
    found = broken(BASE + "$final: [label]\n", "replace: dialog/d\nlabel: L\n", "label: X\n")
    assert found == ["E301 2"]


def test_a_required_item_may_change_but_not_go_be_replaced_or_move() -> None:
    base = "steps: [{id: a, text: A, $required: true}, {id: b, text: B}]\n"
    assert broken(base, "steps:\n- {id: a, text: X}\n") == []
    assert broken(base, "steps:\n- {id: a, $remove: true}\n") == ["E302 3"]
    assert broken(base, "steps:\n- {id: a, $replace: true, text: A}\n") == ["E302 3"]
    assert broken(base, "steps:\n- {id: a, $last: true}\n") == ["E302 3"]
    assert broken(base, "steps: {$replace: [{id: b}]}\n") == ["E302 2"]
    assert broken(base, "replace: dialog/d\nlabel: X\n") == ["E302 1"]


def test_a_closed_map_takes_no_additions_but_those_it_allows() -> None:
    base = "data: {a: {type: text}, $closed: true}\n"
    assert broken(base, "data:\n  b: {type: text}\n") == ["E303 3"]
    assert broken(base, "data:\n  a: {type: money}\n") == []
    assert broken("data: {a: {type: text}, $closed: [b]}\n", "data:\n  b: {type: text}\n  c: {type: text}\n") == [
        "E303 4"
    ]


def test_a_final_rule_leaves_its_extension_points_open() -> None:
    base = "extension_points: [data, stages.*.steps]\n$final: true\n" + BASE + "stages: [{id: s, steps: [{id: a}]}]\n"
    assert broken(base, "data: {x: {type: text}}\nstages: [{id: s, steps: [{id: b, $before: a}]}]\n") == []
    assert broken(base, "label: X\n") == ["E301 2"]
    assert broken(base, "stages:\n- {id: t}\n") == ["E301 3"]


def test_what_is_no_extension_point_is_internal() -> None:
    base = "extension_points: [data, stages.*.steps]\n" + BASE + "stages: [{id: s, steps: [{id: a}]}]\n"
    assert broken(base, "data: {x: {type: text}}\nstages: [{id: s, steps: [{id: b, $before: a}]}]\n") == []
    assert broken(base, "label: X\nstages:\n- {id: s, label: S}\n- {id: t}\n") == ["W310 2", "W310 4", "W310 5"]


def test_a_rule_without_extension_points_is_public() -> None:
    assert broken(BASE, "label: X\n") == []


def test_a_pattern_covers_what_it_names_and_what_lies_inside() -> None:
    def names(pattern: str, paths: Sequence[str]) -> list[str]:
        return [path for path in paths if covers(path_of(pattern), path_of(path))]

    paths = ["stages", "stages.s", "stages.s.steps", "stages.s.steps.a.text", "sla"]
    assert names("stages.*.steps", paths) == ["stages.s.steps", "stages.s.steps.a.text"]
    assert names("sla", paths) == ["sla"]
