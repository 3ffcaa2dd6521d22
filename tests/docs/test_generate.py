"""The language reference says what kinds, step types and codes say of themselves, and is up to date."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from casewright.codes import ProblemExample, problem_codes
from casewright.rules.registry import vocabulary

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def generate() -> Iterator[ModuleType]:
    """The script, imported without running it."""
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def lines(generate: ModuleType, schema: dict[str, Any]) -> list[str]:
    return [str(row) for row in generate.rows(schema, "../")]


def test_the_pages_are_as_their_sources_say(generate: ModuleType) -> None:
    assert generate.drift(generate.pages()) == []


def test_the_examples_in_the_package_are_those_of_the_tests(generate: ModuleType) -> None:
    assert generate.examples_text() == generate.read_shipped()


def test_every_kind_step_type_and_code_is_documented(generate: ModuleType) -> None:
    pages, words = generate.pages(), vocabulary()
    assert {f"kinds/{name}.md" for name in words.kinds} <= set(pages)
    assert {f"steps/{name}.md" for name in words.steps} <= set(pages)
    headings = set(pages["problems.md"].splitlines())
    assert {f"### {entry.code}" for entry in problem_codes()} <= headings


def test_a_code_is_shown_with_a_file_that_has_the_mistake_and_what_is_said_of_it(generate: ModuleType) -> None:
    spec = {
        "layers": {"impl": {"a.yaml": "extend: dialog/greet\nlabbel: Hello\n"}},
        "problems": ["impl/a.yaml:2:1 [impl@1.0.0] E105 unknown key 'labbel'; did you mean 'label'?"],
        "help": ["valid here: label, steps"],
    }
    page = sys.modules["problems_page"]  # beside the script, which has imported it
    shown = page.Shown(spec, 0, "impl/a.yaml", spec["problems"][0])
    assert page.example_of(shown) == ProblemExample(
        "extend: dialog/greet\nlabbel: Hello",
        "impl/a.yaml:2:1 [impl@1.0.0] E105 unknown key 'labbel'; did you mean 'label'?\nhelp: valid here: label, steps",
    )


def test_what_is_to_be_written_instead_is_learned_from_the_rules_of_an_example(generate: ModuleType) -> None:
    spec = {"rules": ["define: sla/x\ngoal: 2d\ndeadline: 1d\n"]}
    page = sys.modules["problems_page"]
    said = "rule_1.yaml:2:7 E522 the goal (2d) lies behind the deadline (1d)"
    assert page.example_of(page.Shown(spec, 0, "rule_1.yaml", said)).said == (
        f"{said}\nhelp: a goal comes first: exchange the two, or change one"
    )


def test_every_property_has_a_description(generate: ModuleType) -> None:
    words = vocabulary()
    schemas = {name: each.schema for name, each in {**words.kinds, **words.steps}.items()}
    bare = [
        f"{name}.{row.path}"
        for name, schema in schemas.items()
        for row in generate.rows(schema, "")
        if not row.description and not row.type.startswith("[")
    ]
    assert bare == []


def test_a_default_has_a_column_of_its_own(generate: ModuleType) -> None:
    schema = {"type": "integer", "minimum": 0, "maximum": 100, "description": "How urgent. Default: 10."}
    assert lines(generate, {"properties": {"urgency": schema}}) == [
        "| `urgency` | integer, 0 to 100 |  | 10 | How urgent. |"
    ]


def test_a_reference_links_to_its_kind_and_a_shared_part_to_its_section(generate: ModuleType) -> None:
    queue = {"type": "string", "x-type": "id", "x-reference": "work_queue", "description": "Where it waits."}
    schema = {"required": ["queue"], "properties": {"queue": queue, "sla": {"$ref": "#/definitions/sla_use"}}}
    assert lines(generate, schema) == [
        "| `queue` | [work_queue](../kinds/work_queue.md) |  | required | Where it waits. |",
        "| `sla` | [sla_use](../shared.md#sla_use) |  |  |  |",
    ]


def test_inner_maps_and_keyed_lists_follow_under_dotted_paths(generate: ModuleType) -> None:
    leaf = {"type": "string", "x-type": "text", "x-holds": "condition", "description": "Whether."}
    item = {"type": "object", "properties": {"when": leaf}}
    schema = {
        "properties": {"stages": {"type": "array", "x-merge": {"key": "id"}, "items": item, "description": "All."}}
    }
    assert lines(generate, schema) == [
        "| `stages` | list of maps, merged by `id` |  |  | All. |",
        "| `stages.ID.when` | text | condition |  | Whether. |",
    ]


def test_drift_names_changed_missing_and_left_over_pages(generate: ModuleType, tmp_path: Path) -> None:
    generate.write({"same.md": "a\n", "changed.md": "b\n", "old.md": "c\n"}, tmp_path)
    wanted = {"same.md": "a\n", "changed.md": "B\n", "kinds/new.md": "d\n"}
    assert generate.drift(wanted, tmp_path) == ["changed.md", "kinds/new.md", "old.md"]
    generate.write(wanted, tmp_path)
    assert generate.drift(wanted, tmp_path) == []
