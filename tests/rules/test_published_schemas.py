"""The schemas that editors use: what is shipped keeps to them, a slip does not, and every property has its words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from casewright.rules.registry import vocabulary
from casewright.rules.schemas import texts_of
from casewright.rules.telling import told

ROOT = Path(__file__).resolve().parents[2]
WORDS = ("define", "extend", "variant", "replace", "withdraw", "block")


class Loader(yaml.CSafeLoader):
    """YAML as editors read it: a date is a text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


@pytest.fixture(scope="module")
def schemas() -> dict[str, dict[str, Any]]:
    words = vocabulary()
    return {name: json.loads(text) for name, text in texts_of(words.kinds, words.steps).items()}


def rule_files() -> Iterator[Path]:
    for folder in ("definitions", "extensions"):
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            if path.name != "layer.yaml" and path.parent.name not in ("texts", "scenarios"):
                yield path


def loaded(text: str) -> Any:
    return yaml.load(text, Loader)


def faults(document: dict[str, Any], schemas: dict[str, dict[str, Any]]) -> list[str]:
    kind = str(next(iter(document.values()))).partition("/")[0]
    return [error.message for error in Draft7Validator(schemas[f"{kind}.schema.json"]).iter_errors(document)]


def test_they_are_schemas_of_draft_07(schemas: dict[str, dict[str, Any]]) -> None:
    for schema in schemas.values():
        Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("path", [*rule_files()], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_shipped_keeps_to_them(path: Path, schemas: dict[str, dict[str, Any]]) -> None:
    assert faults(loaded(path.read_text(encoding="utf-8")), schemas) == []


@pytest.mark.parametrize(
    "path", [*sorted((ROOT / "definitions").glob("*/layer.yaml")), ROOT / "extensions/acme_bank/layer.yaml"]
)
def test_what_layers_say_of_themselves_keeps_to_theirs(path: Path, schemas: dict[str, dict[str, Any]]) -> None:
    found = loaded(path.read_text(encoding="utf-8"))
    assert [error.message for error in Draft7Validator(schemas["layer.schema.json"]).iter_errors(found)] == []


SLIPS = {
    "a misspelt key": "define: case_type/x\nstags: []\n",
    "a misspelt key of a step": "define: case_type/x\nstages: [{id: a, steps: [{id: b, do: collect, feilds: [c]}]}]\n",
    "a key of another step type": "define: case_type/x\nstages: [{id: a, steps: [{id: b, do: note, fields: [c]}]}]\n",
    "a step type that is not there": "define: case_type/x\nstages: [{id: a, steps: [{id: b, do: colect}]}]\n",
    "a value of the wrong type": "define: dialog/x\npass_mark: many\nsteps: []\n",
    "a value that is not among the options": "define: correspondence/x\nchannel: pigeon\nbody: Hi.\n",
    "a rule of another kind": "define: dialog/x\nhit: first\n",
    "a stage on an interaction": "define: interaction_type/x\nchannel: phone\nstages: []\n",
}


@pytest.mark.parametrize("text", SLIPS.values(), ids=SLIPS.keys())
def test_a_slip_is_seen_while_it_is_typed(text: str, schemas: dict[str, dict[str, Any]]) -> None:
    assert faults(loaded(text), schemas) != []


DELTAS = {
    "a step placed": "extend: case_type/x\nstages: [{id: a, steps: [{id: b, $before: c, do: note, text: Hi.}]}]\n",
    "an item removed": "extend: case_type/x\nstages: [{id: a, $remove: true}]\n",
    "a list appended to": "extend: case_type/x\nopen_to: {$append: [chat]}\n",
    "a lock": "define: dialog/x\n$final: [pass_mark]\nsteps: []\n",
    "a value replaced by another form": "extend: case_type/x\nsla: {$replace: fast}\n",
    "a step without its type": "extend: dialog/x\nsteps: [{id: greet, text: Hello.}]\n",
}


@pytest.mark.parametrize("text", DELTAS.values(), ids=DELTAS.keys())
def test_a_delta_is_no_slip(text: str, schemas: dict[str, dict[str, Any]]) -> None:
    assert faults(loaded(text), schemas) == []


def properties(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property in a schema, with its path."""
    if isinstance(schema, list):
        for each in schema:
            yield from properties(each, path)
    if isinstance(schema, dict):
        for name, inner in schema.items():
            if name == "properties" and "const" not in str(list(inner.values())[:1]):
                for key, each in inner.items():
                    yield f"{path}.{key}", each
            if name != "if":
                yield from properties(inner, f"{path}.{name}" if name not in ("properties",) else path)


PRESENCE = ("Required.", "Optional.", "Default: ", "is required.")


def is_told(schema: dict[str, Any]) -> bool:
    """Whether the description says that the property is needed, or what holds without it."""
    return any(words in schema.get("description", "") for words in PRESENCE)


def test_every_property_says_what_it_is_and_whether_it_must_be_there(schemas: dict[str, dict[str, Any]]) -> None:
    silent = {
        f"{file}{path}"
        for file, schema in schemas.items()
        for path, each in properties(schema)
        if isinstance(each, dict)
        and set(each) != {"$ref"}
        and not any(w in each.get("description", "") for w in PRESENCE)
    }
    assert silent == set()


def test_what_a_property_holds_and_in_which_unit_is_said_beside_its_description() -> None:
    said = {
        "A condition.": {"x-holds": "condition"},
        "A value: a literal, or an expression behind `=`.": {"x-holds": "value"},
        "Write a duration such as 800ms, 30s, 15m, 4h, 2d, 3bd or 1mo.": {"x-type": "duration"},
        "From 0 to 100.": {"type": "integer", "minimum": 0, "maximum": 100},
    }
    for words, schema in said.items():
        assert told({**schema, "description": "It."}, required=False) == f"It. {words} Optional."
    assert told({"description": "It. Default: 3."}, required=False) == "It. Default: 3."
    assert told({"description": "It."}, required=True) == "It. Required."


def test_a_property_with_a_unit_says_how_it_is_written(schemas: dict[str, dict[str, Any]]) -> None:
    goal = dict(properties(schemas["sla.schema.json"]))[".goal"]
    assert "Optional." in goal["description"]
    timeout = dict(properties(schemas["data_page.schema.json"]))[".timeout"]
    assert "Write a duration such as 800ms" in timeout["description"]


def test_a_schema_carries_no_part_that_it_does_not_use(schemas: dict[str, dict[str, Any]]) -> None:
    assert schemas["sla.schema.json"]["definitions"].keys() == {"milestone"}
    for file, schema in schemas.items():
        text = json.dumps(schema)
        assert [n for n in schema.get("definitions", {}) if f"#/definitions/{n}" not in text] == [], file
