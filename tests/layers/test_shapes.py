"""Shapes from JSON schemas."""

from __future__ import annotations

from typing import Any

import pytest

from casewright.layers.shapes import ANY, shape_of
from casewright.source import Node, SourceFile, read


def node(text: str) -> Node:
    found, problems = read(text, SourceFile("a"))
    assert found is not None
    assert not problems
    return found


STEP: dict[str, Any] = {
    "type": "object", "x-discriminator": "do", "required": ["id", "do"], "additionalProperties": False,
    "properties": {"id": {"type": "string"}, "do": {"type": "string"}},
    "x-choices": {
        "say": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "x-holds": "text"}}},
        "group": {"type": "object", "properties": {"steps": {"x-shape": "steps"}}},
    },
}  # fmt: skip
STEPS: dict[str, Any] = {"type": "array", "x-merge": {"key": "id"}, "items": {"$ref": "#/definitions/step"}}


def test_a_map_knows_its_keys_or_takes_any() -> None:
    known = shape_of({"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": False})
    free = shape_of({"type": "object", "additionalProperties": {"type": "boolean"}})
    assert (known.child("a") or ANY).type == "integer"
    assert known.child("b") is None
    assert (free.child("b") or ANY).type == "boolean"


def test_a_map_of_which_nothing_is_said_takes_anything() -> None:
    assert shape_of({"type": "object"}).child("x") is not None


def test_a_list_says_how_it_merges() -> None:
    assert shape_of(STEPS, {"steps": STEPS, "step": STEP}).key == "id"
    assert shape_of({"type": "array"}).strategy == "replace"
    assert shape_of({"type": "array", "x-merge": "set"}).strategy == "set"


def test_a_scalar_takes_its_type_from_json_unless_it_says_a_finer_one() -> None:
    assert [shape_of({"type": t}).type for t in ("string", "integer", "number", "boolean")] == [
        "text", "integer", "decimal", "boolean",
    ]  # fmt: skip
    assert shape_of({"type": "string", "x-type": "duration"}).type == "duration"
    assert shape_of({"x-type": "any", "x-holds": "value"}).holds == "value"


def test_the_shape_of_an_item_hangs_on_its_discriminator() -> None:
    shape = shape_of(STEP, {"steps": STEPS, "step": STEP})
    say = shape.of(node("{id: a, do: say}"))
    assert say.names == ("id", "do", "text")
    assert say.required == ("id", "do", "text")
    assert shape.of(node("{id: a, do: other}")).names == ("id", "do")
    assert shape.of(None) is shape


def test_a_definition_may_contain_itself() -> None:
    shape = shape_of(STEPS, {"steps": STEPS, "step": STEP})
    assert shape.item is not None
    inner = shape.item.choices["group"].child("steps")
    assert inner is not None
    assert inner.key == "id"
    assert inner.item is shape.item


def test_the_form_of_several_follows_the_value() -> None:
    shape = shape_of({"oneOf": [{"type": "string", "x-type": "id"}, {"type": "object", "properties": {"a": {}}}]})
    assert shape.of(node("x")).form == "scalar"
    assert shape.of(node("{a: 1}")).form == "map"
    assert not shape.takes(())


def test_what_others_need_is_kept_as_annotations() -> None:
    shape = shape_of({"type": "string", "x-reference": "sla", "description": "The clock."})
    assert shape.annotations == {"x-reference": "sla", "description": "The clock."}


def test_annotations_beside_a_reference_are_added_to_those_of_the_definition() -> None:
    shape = shape_of({"$ref": "#/definitions/a", "x-forbidden": True}, {"a": {"type": "string", "x-field": True}})
    assert shape.annotations == {"x-field": True, "x-forbidden": True}


def test_a_definition_that_is_not_there_is_an_error_of_the_schema() -> None:
    with pytest.raises(ValueError, match="refers to definition 'b', which is not there"):
        shape_of({"$ref": "#/definitions/b"})


def test_a_key_that_is_known_only_to_be_refused_is_not_among_the_names() -> None:
    shape = shape_of({"type": "object", "properties": {"when": {"type": "string"}, "goto": {"x-forbidden": True}}})
    assert shape.names == ("when",)
    assert shape.child("goto") is not None
