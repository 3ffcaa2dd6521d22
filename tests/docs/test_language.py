"""Everything that may be written has its place in the reference, with an example that some test carries out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casewright.codes import problem_codes, problem_examples
from casewright.expressions import HIT_POLICIES, STANDARD
from casewright.expressions.syntax import MACROS
from casewright.layers.files import HEAD_KEYS, WORDS
from casewright.layers.merging import ITEM_WORDS, LIST_WORDS, LOCK_WORDS, MAP_WORDS
from casewright.rules.registry import vocabulary

LANGUAGE = Path(__file__).resolve().parents[2] / "docs" / "language"
TOO_LONG = {"W336"}
"""What only variants by the hundred can show; the tests of overlaps make it with a small budget."""

PAGES = sorted(
    [f"kinds/{name}.md" for name in vocabulary().kinds] + [f"steps/{name}.md" for name in vocabulary().steps]
)


def page(name: str) -> str:
    return (LANGUAGE / name).read_text(encoding="utf-8")


def headings(name: str) -> set[str]:
    text = re.sub(r"^```.*?^```", "", page(name), flags=re.MULTILINE | re.DOTALL)
    return {re.sub(r"[`]", "", heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_of_a_kind_or_step_type_has_an_example_that_is_carried_out_and_its_properties(name: str) -> None:
    assert {"Example", "Properties"} <= headings(name)
    assert "A test carries it out.\n\n```yaml\n" in page(name)


def test_every_first_line_head_directive_and_lock_has_a_section() -> None:
    words = {*WORDS, *HEAD_KEYS, *MAP_WORDS, *ITEM_WORDS, *LIST_WORDS, *LOCK_WORDS}
    assert sorted(words - headings("merging.md")) == []


def test_every_function_and_macro_has_a_line() -> None:
    text = page("expressions.md")
    names = {*(name for name in STANDARD if name[0].isalpha()), *MACROS, "has", "coalesce"}
    assert [name for name in sorted(names) if f"{name}(" not in text] == []


def test_every_operator_has_a_line() -> None:
    told = set(re.findall(r"`([^`]+)`", page("expressions.md").replace("\\|", "|").replace(" ", "")))
    wanted = {name for name in STANDARD if not name[0].isalpha()} | {"==", "!=", "in", "and", "or", "not"}
    assert [name for name in sorted(wanted) if not any(name.strip("[]") in each for each in told)] == []


def test_every_hit_policy_is_told() -> None:
    assert [name for name in HIT_POLICIES if f"`{name}`" not in page("kinds/decision_table.md")] == []


def test_every_code_has_a_section_and_an_example() -> None:
    codes = {each.code for each in problem_codes()}
    assert sorted(codes - headings("problems.md")) == []
    assert sorted(codes - problem_examples().keys() - TOO_LONG) == []
