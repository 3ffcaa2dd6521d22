"""What editors complete while a rule is typed: keys with their words, closed words, directives where they are legal."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from casewright.cli.schema import schemas as all_schemas
from casewright.rules.registry import vocabulary
from casewright.steps.registry import step_types
from tests.rules.offering import offered

LOCKS = {"$final", "$required", "$closed", "$constraint"}
PLACES = {"$before", "$after", "$first", "$last", "$remove", "$patch"}


@pytest.fixture(scope="module")
def schemas() -> dict[str, dict[str, Any]]:
    return {name: json.loads(text) for name, text in all_schemas().items()}


def keys(schemas: dict[str, dict[str, Any]], text: str, *path: str | int) -> dict[str, Any]:
    """What is offered in a file at a path."""
    document = yaml.safe_load(text)
    kind = str(next(iter(document.values()))).partition("/")[0]
    return dict(offered(schemas[f"{kind}.schema.json"], document, *path))


def a_step(of: str) -> str:
    return f"define: case_type/x\nstages: [{{id: a, steps: [{{id: b, do: {of}}}]}}]\n"


STEP = ("stages", 0, "steps", 0)


@pytest.mark.parametrize("kind", sorted(vocabulary().kinds))
def test_a_file_of_a_kind_is_offered_its_heads_its_properties_and_locks(
    kind: str, schemas: dict[str, dict[str, Any]]
) -> None:
    found = keys(schemas, f"define: {kind}/x\n")
    assert {"define", "extend", "label", *LOCKS, "$unset"} <= found.keys()
    own = vocabulary().kinds[kind].schema["properties"]
    assert {name for name, each in own.items() if "x-forbidden" not in each} <= found.keys()
    assert not PLACES & found.keys()
    assert all(each["description"] for each in found.values())


@pytest.mark.parametrize("name", sorted(step_types()))
def test_the_type_of_a_step_chooses_what_else_it_is_offered(name: str, schemas: dict[str, dict[str, Any]]) -> None:
    types = step_types()
    own = {key for key, each in types[name].schema["properties"].items() if "x-forbidden" not in each}
    common = keys(schemas, a_step("note")).keys() & keys(schemas, a_step("resolve")).keys()
    others = {key for each in types.values() for key in each.schema["properties"]} - own - common
    found = keys(schemas, a_step(name), *STEP)
    assert own <= found.keys()
    assert not (others - {"label", "sla", "when", "by", "start"}) & found.keys()
    assert all(each.get("description") for each in found.values())


def test_a_step_without_a_type_is_offered_the_types_each_with_what_it_does(
    schemas: dict[str, dict[str, Any]],
) -> None:
    word = keys(schemas, "define: dialog/x\nsteps: [{id: a}]\n", "steps", 0)["do"]
    told = dict(zip(word["enum"], word["enumDescriptions"], strict=True))
    assert told.keys() == step_types().keys()
    assert told["parallel"] == "Runs branches side by side, and goes on when enough of them are completed."


def test_what_has_an_id_may_be_placed_and_nothing_else(schemas: dict[str, dict[str, Any]]) -> None:
    text = "define: case_type/x\ndata: {a: {type: text}}\n" + a_step("collect").partition("\n")[2]
    assert PLACES | LOCKS | {"$unset", "$replace"} <= keys(schemas, text, *STEP).keys()
    assert keys(schemas, text, "stages", 0).keys() >= PLACES
    assert not PLACES & keys(schemas, text, "data").keys()
    assert LOCKS | {"$unset", "$replace"} <= keys(schemas, text, "data", "a").keys()


def test_a_step_inside_a_branch_is_offered_what_one_of_a_stage_is(schemas: dict[str, dict[str, Any]]) -> None:
    branch = "branches: [{id: c, steps: [{id: d, do: wait}]}]"
    text = f"define: process/x\nsteps: [{{id: b, do: parallel, {branch}}}]\n"
    assert {"join", "cancel_rest", "branches"} <= keys(schemas, text, "steps", 0).keys()
    assert {"first_of", "event", "until"} <= keys(schemas, text, "steps", 0, "branches", 0, "steps", 0).keys()


def test_a_list_is_offered_as_a_change_of_the_list_below(schemas: dict[str, dict[str, Any]]) -> None:
    text = "extend: case_type/x\nopen_to: {}\nstages: {}\n"
    assert keys(schemas, text, "open_to").keys() == {"$append", "$prepend", "$remove", "$replace"}
    assert keys(schemas, text, "stages").keys() == {"$replace"}


CLOSED = {
    "status": "define: sla/x\n",
    "variants": "replace: dialog/x\n",
    "hit": "define: decision_table/x\n",
    "channel": "define: correspondence/x\n",
}


@pytest.mark.parametrize("word", CLOSED)
def test_a_closed_word_is_offered_with_all_that_it_may_be(word: str, schemas: dict[str, dict[str, Any]]) -> None:
    assert len(keys(schemas, CLOSED[word])[word]["enum"]) > 1


EXAMPLES = {
    "to": ("define: process/x\nsteps: [{id: a, do: collect, assign: {}}]\n", ("steps", 0, "assign"), "originator"),
    "join": ("define: process/x\nsteps: [{id: a, do: parallel}]\n", ("steps", 0), "any"),
    "status": ("define: process/x\nsteps: [{id: a, do: resolve}]\n", ("steps", 0), "Resolved-Completed"),
    "type": ("define: case_type/x\ndata: {a: {}}\n", ("data", "a"), "money"),
}


@pytest.mark.parametrize("word", EXAMPLES)
def test_a_word_that_may_be_more_is_offered_with_what_it_mostly_is(
    word: str, schemas: dict[str, dict[str, Any]]
) -> None:
    text, path, example = EXAMPLES[word]
    assert example in keys(schemas, text, *path)[word]["examples"]


def test_an_empty_file_is_offered_the_first_lines_and_the_kinds(schemas: dict[str, dict[str, Any]]) -> None:
    first = offered(schemas["casewright.schema.json"], {})
    assert {"define", "extend", "variant", "replace", "withdraw", "block"} == first.keys()
    assert "case_type/" in first["define"]["examples"]


ANY = {
    "define: case_type/x\nstags: []\n": "'stags'",
    "extend: sla/x\ngoal: 1d\n": "",
    "extend: sla/x\nhit: first\n": "'hit'",
    "layer: x\nversion: 1.0.0\nbuild_on: []\n": "'build_on'",
    "scenario: X\nat: 2026-03-02T10:00:00Z\nsteps: [{create: x, wiht: {}}]\n": "'wiht'",
}


@pytest.mark.parametrize("text", ANY)
def test_one_schema_holds_for_any_file_by_its_first_line(text: str, schemas: dict[str, dict[str, Any]]) -> None:
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(schema)) for name, schema in schemas.items()
    )
    document = yaml.load(text, yaml.BaseLoader)
    found = Draft7Validator(schemas["casewright.schema.json"], registry=registry).iter_errors(document)
    assert ANY[text] in "; ".join(error.message for error in found)


def test_only_what_belongs_to_the_word_of_a_scenario_step_stands_beside_it(
    schemas: dict[str, dict[str, Any]],
) -> None:
    story = {"scenario": "X", "at": "2026-03-02T10:00:00Z"}
    check = Draft7Validator(schemas["scenario.schema.json"])
    assert check.is_valid({**story, "steps": [{"create": "x", "with": {}}]})
    assert not check.is_valid({**story, "steps": [{"pass": "1h", "with": {}}]})
