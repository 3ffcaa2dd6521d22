"""Merging: what one file after the other makes of a rule."""

from __future__ import annotations

from typing import Any

import pytest

from casewright.layers.cells import State, to_node
from casewright.layers.merging import Merge
from casewright.layers.shapes import Shape, shape_of
from casewright.source import SourceFile, read
from casewright.values import Problem

TEXT = {"type": "string"}
ITEM = {
    "type": "object",
    "properties": {"id": TEXT, "label": TEXT, "sla": {}, "tags": {"type": "array", "x-merge": "set"}},
}
SHAPE = shape_of(
    {
        "type": "object",
        "properties": {
            "label": TEXT,
            "sla": {"oneOf": [TEXT, {"type": "object", "properties": {"goal": TEXT, "late": TEXT}}]},
            "data": {"type": "object", "additionalProperties": {"type": "object"}},
            "steps": {"type": "array", "x-merge": {"key": "id"}, "items": ITEM},
            "notes": {"type": "array", "items": TEXT},
            "skills": {"type": "array", "x-merge": "set", "items": TEXT},
            "log": {"type": "array", "x-merge": "append", "items": TEXT},
            "active": {"type": "boolean"},
        },
    }
)


def fold(*texts: str, shape: Shape = SHAPE) -> tuple[State, list[Problem]]:
    state: State | None = None
    problems: list[Problem] = []
    for number, text in enumerate(texts):
        body, wrong = read(text, SourceFile(f"f{number}", f"l{number}@1"))
        assert body is not None
        assert not wrong
        merge = Merge(body.file, is_delta=number > 0, plain="$" not in text)
        state = merge.onto(state, body, shape)
        problems += merge.problems
    assert state is not None
    return state, problems


def merged(*texts: str) -> Any:
    state, problems = fold(*texts)
    assert not problems
    return to_node(state).plain()


def ids(*texts: str) -> list[str]:
    return [item["id"] for item in merged(*texts)["steps"]]


def codes(*texts: str) -> list[str]:
    return [problem.code for problem in fold(*texts)[1]]


def test_maps_merge_and_a_scalar_replaces() -> None:
    assert merged("{label: a, sla: {goal: 1d}}", "{sla: {late: 2d}}", "{label: b}") == {
        "label": "b",
        "sla": {"goal": "1d", "late": "2d"},
    }


def test_null_is_a_value_and_not_a_deletion() -> None:
    assert merged("label: a", "label:") == {"label": ""}


def test_unset_deletes_a_key() -> None:
    assert merged("{label: a, notes: [x]}", "$unset: [notes]") == {"label": "a"}


def test_unset_acts_first() -> None:
    assert merged("{sla: {goal: 1d, late: 2d}}", "{sla: {late: 3d, $unset: [goal, late]}}") == {"sla": {"late": "3d"}}


def test_unset_of_what_is_not_there_is_an_error() -> None:
    assert codes("label: a", "$unset: [lable]") == ["E203"]


def test_a_doubled_dollar_is_a_literal_one() -> None:
    assert merged("data: {$$ref: {type: x}}") == {"data": {"$ref": {"type": "x"}}}


def test_items_merge_by_key_and_keep_the_lower_order() -> None:
    lower = "steps: [{id: a, label: A}, {id: b, label: B}]"
    assert merged(lower, "steps: [{id: b, sla: 1d}, {id: a, label: X}]") == {
        "steps": [{"id": "a", "label": "X"}, {"id": "b", "label": "B", "sla": "1d"}]
    }


def test_a_new_item_is_appended() -> None:
    assert ids("steps: [{id: a}]", "steps: [{id: b}, {id: c}]") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("directive", "expected"),
    [
        ("$before: b", ["a", "x", "b", "c"]),
        ("$after: b", ["a", "b", "x", "c"]),
        ("$first: true", ["x", "a", "b", "c"]),
        ("$last: true", ["a", "b", "c", "x"]),
    ],
)
def test_directives_place_a_new_item(directive: str, expected: list[str]) -> None:
    assert ids("steps: [{id: a}, {id: b}, {id: c}]", f"steps: [{{id: x, {directive}}}]") == expected


@pytest.mark.parametrize(
    ("directive", "expected"),
    [
        ("$before: a", ["c", "a", "b"]),
        ("$after: a", ["a", "c", "b"]),
        ("$first: true", ["c", "a", "b"]),
        ("$last: true", ["a", "b", "c"]),
    ],
)
def test_directives_move_an_item_that_is_there(directive: str, expected: list[str]) -> None:
    assert ids("steps: [{id: a}, {id: b}, {id: c}]", f"steps: [{{id: c, {directive}}}]") == expected


@pytest.mark.parametrize("side", ["$after: a", "$before: c", "$first: true", "$last: true"])
def test_items_that_a_file_puts_at_one_place_keep_their_written_order(side: str) -> None:
    found = ids("steps: [{id: a}, {id: c}]", f"steps: [{{id: x, {side}}}, {{id: y, {side}}}, {{id: z, {side}}}]")
    assert [one for one in found if one in "xyz"] == ["x", "y", "z"]


def test_items_put_after_each_other_and_after_one_anchor_keep_their_written_order() -> None:
    upper = "steps: [{id: x, $after: a}, {id: y, $after: x}, {id: z, $after: a}]"
    assert ids("steps: [{id: a}, {id: b}]", upper) == ["a", "x", "y", "z", "b"]


def test_a_higher_file_lands_directly_at_the_anchor() -> None:
    lower = "steps: [{id: a}, {id: b}]"
    assert ids(lower, "steps: [{id: x, $after: a}]", "steps: [{id: y, $after: a}]") == ["a", "y", "x", "b"]
    assert ids(lower, "steps: [{id: x, $before: b}]", "steps: [{id: y, $before: b}]") == ["a", "x", "y", "b"]


def test_anchors_see_items_above_them_in_the_same_file() -> None:
    assert ids("steps: [{id: a}, {id: b}]", "steps: [{id: x, $after: a}, {id: y, $before: x}]") == ["a", "y", "x", "b"]


def test_a_forward_anchor_is_told_where_it_is_defined() -> None:
    (problem,) = fold("steps: [{id: a}]", "steps:\n- {id: x, $after: y}\n- {id: y}\n")[1]
    assert (problem.code, problem.message) == ("E208", "`$after: y`: that item stands below, at f1:3:3")


def test_the_example_of_three_layers() -> None:
    found = merged(
        "steps: [{id: intake}, {id: verify}, {id: resolve, sla: 24h, tags: [billing]}]",
        "steps: [{id: fraud_check, $after: verify}, {id: resolve, tags: {$append: [fraud]}}]",
        "steps: [{id: consent, $after: verify}, {id: consent_log, $after: verify}, {id: intake, $remove: true},"
        " {id: welcome, $before: intake}, {id: resolve, sla: 8h}]",
    )
    assert [item["id"] for item in found["steps"]] == [
        "welcome", "verify", "consent", "consent_log", "fraud_check", "resolve",
    ]  # fmt: skip
    assert found["steps"][-1] == {"id": "resolve", "sla": "8h", "tags": ["billing", "fraud"]}


def test_remove_takes_an_item_out() -> None:
    assert ids("steps: [{id: a}, {id: b}]", "steps: [{id: a, $remove: true}]") == ["b"]


def test_a_removed_item_stays_an_anchor_with_a_warning() -> None:
    files = (
        "steps: [{id: a}, {id: b}, {id: c}]",
        "steps: [{id: b, $remove: true}]",
        "steps: [{id: x, $after: b}]",
    )
    state, problems = fold(*files)
    assert [item["id"] for item in to_node(state).plain()["steps"]] == ["a", "x", "c"]
    assert [problem.code for problem in problems] == ["W210"]


def test_a_file_that_removes_its_own_anchor_is_not_warned() -> None:
    assert ids("steps: [{id: a}, {id: b}]", "steps: [{id: a, $remove: true}, {id: x, $before: a}]") == ["x", "b"]


def test_a_removed_item_that_comes_back_is_placed_anew_and_drops_its_tombstone() -> None:
    lower = ("steps: [{id: a, label: A}, {id: b}]", "steps: [{id: a, $remove: true}]")
    assert merged(*lower, "steps: [{id: a, label: new}]") == {"steps": [{"id": "b"}, {"id": "a", "label": "new"}]}
    assert ids(*lower, "steps: [{id: a}]", "steps: [{id: x, $before: a}]") == ["b", "x", "a"]


def test_replace_of_an_item_begins_anew_at_its_place() -> None:
    assert merged("steps: [{id: a, label: A}, {id: b}]", "steps: [{id: a, $replace: true, sla: 1d}]") == {
        "steps": [{"id": "a", "sla": "1d"}, {"id": "b"}]
    }


def test_patch_demands_that_the_item_is_there() -> None:
    assert merged("steps: [{id: a}]", "steps: [{id: a, $patch: true, label: A}]") == {
        "steps": [{"id": "a", "label": "A"}]
    }
    assert codes("steps: [{id: a}]", "steps: [{id: b, $patch: true, label: B}]") == ["E203"]


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        ("sla: {goal: 1d}", "sla: {$replace: fast}", {"sla": "fast"}),
        ("sla: fast", "sla: {$replace: {goal: 1d}}", {"sla": {"goal": "1d"}}),
        ("sla: {goal: 1d}", "sla: {$replace: true, late: 2d}", {"sla": {"late": "2d"}}),
        ("sla: {goal: 1d}", "sla: {$replace: {late: 2d}}", {"sla": {"late": "2d"}}),
        ("notes: [a]", "notes: {$replace: [b]}", {"notes": ["b"]}),
        ("skills: [a]", "skills: {$replace: [b]}", {"skills": ["b"]}),
        ("steps: [{id: a}]", "steps: {$replace: [{id: b}]}", {"steps": [{"id": "b"}]}),
        ("label: a", "label: {$replace: b}", {"label": "b"}),
        ("active: false", "active: {$replace: true}", {"active": "true"}),
    ],
)
def test_replace_changes_form_and_starts_anew(lower: str, upper: str, expected: Any) -> None:
    assert merged(lower, upper) == expected


@pytest.mark.parametrize(("lower", "upper"), [("sla: {goal: 1d}", "sla: fast"), ("sla: fast", "sla: {goal: 1d}")])
def test_another_form_without_replace_is_a_clash_and_the_lower_value_stands(lower: str, upper: str) -> None:
    state, problems = fold(lower, upper)
    assert [problem.code for problem in problems] == ["E204"]
    assert to_node(state).plain() == merged(lower)


@pytest.mark.parametrize(
    ("lower", "upper", "message", "help"),
    [
        ("label: a", "label: [b]", "a list stands here; a text is expected", ""),
        ("label: a", "label: {b: c}", "a map stands here; a text is expected", ""),
        ("notes: [a]", "notes: b", "a single value stands here; a list is expected", "write `notes: [b]`"),
        (
            "steps: [{id: a}]",
            "steps: {a: {text: b}}",
            "a map stands here; a list of items is expected",
            "begin each item with `- id: NAME`",
        ),
    ],
)
def test_a_form_that_never_fits_is_said_so_at_once_and_no_replace_is_proposed(
    lower: str, upper: str, message: str, help: str
) -> None:
    state, problems = fold(lower, upper)
    assert [(problem.code, problem.message, problem.help) for problem in problems] == [("E205", message, help)]
    assert to_node(state).plain() == merged(lower)


def test_a_bare_plain_list_replaces() -> None:
    assert merged("notes: [a, b]", "notes: [c]") == {"notes": ["c"]}


@pytest.mark.parametrize("field", ["skills", "log"])
def test_a_bare_list_over_inherited_values_of_a_set_or_append_field_is_an_error(field: str) -> None:
    assert codes(f"{field}: [a]", f"{field}: [b]") == ["E209"]


@pytest.mark.parametrize("lower", ["label: a", "skills: []"])
def test_a_bare_list_is_fine_where_nothing_is_inherited(lower: str) -> None:
    assert merged(lower, "skills: [b]")["skills"] == ["b"]


@pytest.mark.parametrize(
    ("upper", "expected"),
    [
        ("{$append: [c]}", ["a", "b", "c"]),
        ("{$prepend: [c]}", ["c", "a", "b"]),
        ("{$remove: [a]}", ["b"]),
        ("{$remove: [a], $append: [c]}", ["b", "c"]),
        ("{$append: [a, c]}", ["a", "b", "c"]),
    ],
)
def test_directives_change_a_set_and_keep_its_order(upper: str, expected: list[str]) -> None:
    assert merged("skills: [a, b]", f"skills: {upper}") == {"skills": expected}


def test_an_append_field_takes_equal_values_again() -> None:
    assert merged("log: [a]", "log: {$append: [a]}") == {"log": ["a", "a"]}


def test_set_equality_and_removal_compare_typed_values() -> None:
    shape = shape_of(
        {"type": "object", "properties": {"n": {"type": "array", "x-merge": "set", "items": {"type": "number"}}}}
    )
    state, problems = fold("n: [1.0, 2]", "n: {$append: [1], $remove: [2.00]}", shape=shape)
    assert not problems
    assert to_node(state).plain() == {"n": ["1.0"]}


def test_removing_a_value_that_is_not_there_is_an_error() -> None:
    assert codes("skills: [a]", "skills: {$remove: [b]}") == ["E203"]


def test_an_item_without_an_id_and_one_with_an_id_of_another_are_errors() -> None:
    assert codes("steps: [{id: a}]", "steps: [{label: x}, {id: b}, {id: b}]") == ["E201", "E202"]


def test_two_positions_and_an_item_placed_by_itself_are_errors() -> None:
    lower = "steps: [{id: a}, {id: b}]"
    assert codes(lower, "steps: [{id: x, $before: a, $after: b}]") == ["E206"]
    assert codes(lower, "steps: [{id: a, $after: a}]") == ["E207"]


def test_a_directive_where_it_means_nothing_is_an_error_that_says_where_it_belongs() -> None:
    (problem,) = fold("sla: {goal: 1d}", "sla: {$before: goal, late: 2d}")[1]
    assert problem.message == "unknown directive '$before'; it belongs to an item of a keyed list or to a plain list"


DISCRIMINATED = shape_of(
    {
        "type": "array", "x-merge": {"key": "id"},
        "items": {
            "type": "object", "x-discriminator": "do", "properties": {"id": TEXT, "do": TEXT},
            "x-choices": {
                "say": {"properties": {"text": TEXT, "tags": {"type": "array", "x-merge": "set", "items": TEXT}}},
                "ask": {"properties": {"tags": {"type": "array", "x-merge": "replace", "items": TEXT}}},
            },
        },
    }
)  # fmt: skip
STEPS = Shape("map", {"steps": DISCRIMINATED})


def test_the_shape_of_an_item_hangs_on_the_discriminator_below() -> None:
    assert not fold("steps: [{id: a, do: ask, tags: [x]}]", "steps: [{id: a, tags: [y]}]", shape=STEPS)[1]
    (problem,) = fold("steps: [{id: a, do: say, tags: [x]}]", "steps: [{id: a, tags: [y]}]", shape=STEPS)[1]
    assert problem.code == "E209"


def test_another_discriminator_needs_replace() -> None:
    lower = "steps: [{id: a, do: say, text: x}]"
    (problem,) = fold(lower, "steps: [{id: a, do: ask}]", shape=STEPS)[1]
    assert problem.code == "E204"
    state, problems = fold(lower, "steps: [{id: a, $replace: true, do: ask}]", shape=STEPS)
    assert not problems
    assert to_node(state).plain() == {"steps": [{"id": "a", "do": "ask"}]}


def test_items_of_a_plain_list_are_taken_whole_with_their_dollars_unescaped() -> None:
    shape = shape_of({"type": "object", "properties": {"notes": {"type": "array"}}})
    state, problems = fold("notes: [{$$ref: a, b: [{$$c: d}]}]", shape=shape)
    assert not problems
    assert to_node(state).plain() == {"notes": [{"$ref": "a", "b": [{"$c": "d"}]}]}


@pytest.mark.parametrize("word", ["true", "True", "TRUE"])
def test_a_directive_is_on_with_every_true_of_yaml(word: str) -> None:
    steps = "steps: [{id: a}, {id: b}, {id: c}]"
    assert ids(steps, f"steps: [{{id: b, $remove: {word}}}]") == ["a", "c"]
    assert ids(steps, f"steps: [{{id: c, $first: {word}}}]") == ["c", "a", "b"]
    assert merged("label: a\nsla: {goal: 1h}", f"sla: {{$replace: {word}, late: x}}")["sla"] == {"late": "x"}


@pytest.mark.parametrize("word", ["$remove", "$patch", "$first", "$last"])
@pytest.mark.parametrize(("value", "shown"), [("yes", "yes"), ("'true'", "true"), ("false", "false"), ("[b]", "[b]")])
def test_a_directive_with_a_value_that_says_nothing_is_told(word: str, value: str, shown: str) -> None:
    _, (problem,) = fold("steps: [{id: a}, {id: b}]", f"steps: [{{id: b, {word}: {value}}}]")
    assert (problem.code, problem.message) == ("E105", f"`{word}` takes true, not '{shown}'")
    assert problem.help == f"write `{word}: true`, or delete it"


@pytest.mark.parametrize("value", ["[a]", "null"])
def test_an_anchor_that_is_no_id_is_told(value: str) -> None:
    _, (problem,) = fold("steps: [{id: a}, {id: b}]", f"steps: [{{id: b, $before: {value}}}]")
    assert (problem.code, problem.message) == ("E105", "`$before` takes an id")
