"""The schemas that editors use: what is shipped keeps to them, a slip does not, and every property has its words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from casewright.cli.schema import schemas as all_schemas
from casewright.rules.telling import HOLDS, told

ROOT = Path(__file__).resolve().parents[2]
WORDS = ("define", "extend", "variant", "replace", "withdraw", "block")


class Loader(yaml.CSafeLoader):
    """YAML 1.2 as editors read it: a date and `no` are texts, `007` is a number."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", "[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))


@pytest.fixture(scope="module")
def schemas() -> dict[str, dict[str, Any]]:
    return {name: json.loads(text) for name, text in all_schemas().items()}


def layer_files() -> Iterator[Path]:
    """Every file of the layers that ship and of the examples: rules, `layer.yaml`, scenarios."""
    for folder in ("definitions", "extensions", "examples"):
        yield from (path for path in sorted((ROOT / folder).rglob("*.yaml")) if path.parent.name != "texts")


def sound_examples() -> Iterator[tuple[str, str]]:
    """The rules and the plays of every example beside a kind or step type of which no error is said."""
    for path in sorted((ROOT / "framework" / "casewright").glob("*/*/spec/*.yaml")):
        example = yaml.safe_load(path.read_text(encoding="utf-8"))
        name = f"{path.parent.parent.name}/{path.stem}"
        yield from ((f"{name} base {number}", text) for number, text in enumerate(example.get("base", ()), 1))
        if not any(" E" in problem for problem in example.get("problems", ())):
            yield from ((f"{name} rule {number}", text) for number, text in enumerate(example["rules"], 1))
            if "play" in example:
                yield f"{name} play", f"scenario: A story\n{example['play']}"


def shown() -> Iterator[tuple[str, str]]:
    """The files in the pages of the documentation, but those that show a mistake."""
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        if path.name != "problems.md":
            found = re.findall(r"^```yaml\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
            yield from ((f"{path.name} {number}", text) for number, text in enumerate(found, 1) if is_file(text))


def is_file(text: str) -> bool:
    """Whether a text begins as a file of a layer does."""
    return re.match(rf"(#.*\n)*({'|'.join(WORDS)}|layer|scenario): ", text) is not None


def loaded(text: str) -> Any:
    return yaml.load(text, Loader)


def faults(document: dict[str, Any], schemas: dict[str, dict[str, Any]]) -> list[str]:
    """What the schema that the first line chooses says of a file."""
    word, name = next(iter(document.items()))
    kind = word if word in ("layer", "scenario") else str(name).partition("/")[0]
    return [error.message for error in Draft7Validator(schemas[f"{kind}.schema.json"]).iter_errors(document)]


def test_they_are_schemas_of_draft_07(schemas: dict[str, dict[str, Any]]) -> None:
    for schema in schemas.values():
        Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("path", [*layer_files()], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_shipped_keeps_to_them(path: Path, schemas: dict[str, dict[str, Any]]) -> None:
    assert faults(loaded(path.read_text(encoding="utf-8")), schemas) == []


def test_no_sound_example_is_taken_for_a_slip(schemas: dict[str, dict[str, Any]]) -> None:
    found = {name: faults(document, schemas) for name, text in sound_examples() for document in whole(text)}
    assert len(found) > 350
    assert {name: said for name, said in found.items() if said} == {}


def test_nothing_that_the_pages_show_is_taken_for_a_slip(schemas: dict[str, dict[str, Any]]) -> None:
    found = {name: faults(document, schemas) for name, text in shown() for document in whole(text)}
    assert len(found) > 60
    assert {name: said for name, said in found.items() if said} == {}


def whole(text: str) -> Iterator[dict[str, Any]]:
    """The documents of a text."""
    yield from (document for document in yaml.load_all(text, Loader) if document)


SLIPS = {
    "a misspelt key": "define: case_type/x\nstags: []\n",
    "a misspelt key of a step": "define: case_type/x\nstages: [{id: a, steps: [{id: b, do: collect, feilds: [c]}]}]\n",
    "a misspelt key of a step without its type": "extend: dialog/x\nsteps: [{id: a, txet: Hi.}]\n",
    "a key of another step type": "define: case_type/x\nstages: [{id: a, steps: [{id: b, do: note, fields: [c]}]}]\n",
    "a step type that is not there": "define: case_type/x\nstages: [{id: a, steps: [{id: b, do: colect}]}]\n",
    "a value of the wrong type": "define: dialog/x\npass_mark: many\nsteps: []\n",
    "a value that is not among the options": "define: correspondence/x\nchannel: pigeon\nbody: Hi.\n",
    "a rule of another kind": "define: dialog/x\nhit: first\n",
    "a directive that is not there": "extend: case_type/x\nstages: [{id: a, $bevor: b}]\n",
    "a remove that is no flag": "extend: case_type/x\nstages: [{id: a, $remove: please}]\n",
    "an unknown head": "define: sla/x\nefective: {from: 2026-12-01}\n",
    "an unknown key of a head": "variant: sla/x@y\neffective: {form: 2026-12-01}\n",
    "two words in a step of a scenario": "scenario: X\nat: 2026-03-02T10:00:00Z\nsteps: [{create: a, submit: b}]\n",
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
    "an item that must be there": "extend: dialog/x\nsteps: [{id: a, $patch: true, $first: true, text: Hi.}]\n",
    "all items replaced": "extend: dialog/x\nsteps: {$replace: [{id: a, do: say, text: Hi.}]}\n",
    "keys deleted": "extend: sla/x\n$unset: [goal]\n",
    "limits": 'define: sla/x\n$constraint: {goal: "<= 2d"}\n$closed: [goal]\n$required: true\n',
    "a key of one's own that begins with $": "define: dialog/x\nsteps: [{id: a, do: set, values: {$$a: 1}}]\n",
    "a step without its type": "extend: dialog/x\nsteps: [{id: greet, text: Hello.}]\n",
}


@pytest.mark.parametrize("text", DELTAS.values(), ids=DELTAS.keys())
def test_a_delta_is_no_slip(text: str, schemas: dict[str, dict[str, Any]]) -> None:
    assert faults(loaded(text), schemas) == []


WRITTEN_OTHERWISE = {
    "a number for a text": "define: case_type/x\nlabel: 2026\ndata: {n: {type: choice, options: [1, 007]}}\n",
    "a condition that always holds": "define: case_type/x\nstages: [{id: a, when: true, steps: []}]\n",
    "a list of literals for a value": "define: process/x\nsteps: [{id: a, do: for_each, in: [x, y], steps: []}]\n",
    "a map for a value": "define: case_type/x\ndata: {a: {type: customer, default: {name: =actor.name}}}\n",
}


@pytest.mark.parametrize("text", WRITTEN_OTHERWISE.values(), ids=WRITTEN_OTHERWISE.keys())
def test_what_arrives_as_it_was_written_is_no_slip(text: str, schemas: dict[str, dict[str, Any]]) -> None:
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


PRESENCE = ("Required.", "Optional.", "Default: ", "is required.", "is required, and only one.")


def is_told(schema: dict[str, Any]) -> bool:
    """Whether the description says that the property is needed, or what holds without it."""
    return any(words in schema.get("description", "") for words in PRESENCE)


def test_every_property_says_what_it_is_and_whether_it_must_be_there(schemas: dict[str, dict[str, Any]]) -> None:
    told_of = {f"{file}{path}": each for file, schema in schemas.items() for path, each in properties(schema)}
    silent = {
        place
        for place, each in told_of.items()
        if isinstance(each, dict) and set(each) != {"$ref"} and not (is_told(each) and says_what_it_is(each))
    }
    assert silent == set()


def says_what_it_is(schema: dict[str, Any]) -> bool:
    """Whether the description says more than what `told` puts behind it."""
    told_behind = "|".join((*map(re.escape, HOLDS.values()), r"Write .*?\.", r"From \S+ to \S+\.", *PRESENCE))
    return bool(re.sub(f"{told_behind}.*|[ .]", "", schema["description"]))


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
    assert "step" not in schemas["sla.schema.json"]["definitions"]
    for file, schema in schemas.items():
        text = json.dumps(schema)
        assert [n for n in schema.get("definitions", {}) if f"#/definitions/{n}" not in text] == [], file
