"""Rule files: first lines and heads. What is refused stands in the examples of `tests/spec/problems`."""

from __future__ import annotations

from pathlib import Path

from casewright.layers.files import Layer, RuleFile, rule_file
from casewright.source import SourceFile, read
from casewright.values import RuleName

LAYER = Layer("impl", "1.0.0", Path("impl"))


def file_of(text: str) -> RuleFile:
    node, wrong = read(text, SourceFile("a.yaml", LAYER.label))
    assert node is not None
    assert not wrong
    file, problems = rule_file(node, LAYER, ("dialog", "case_type", "data_page"))
    assert file is not None
    assert not problems
    return file


def test_the_first_line_says_the_word_and_the_rule() -> None:
    file = file_of("# a comment\nextend: dialog/greet\nlabel: x\n")
    assert (file.word, file.name) == ("extend", RuleName("dialog", "greet"))
    assert str(file.span) == "a.yaml:2:1"


def test_a_variant_and_a_class_are_part_of_the_key() -> None:
    file = file_of("variant: dialog/greet@vip\nfor: work\ncircumstance: {segment: VIP}\n")
    assert file.name == RuleName("dialog", "greet", "work", "vip")


def test_head_keys_and_extension_points_are_no_part_of_the_body() -> None:
    file = file_of("define: case_type/c\nis_a: work\nmodule: m\nextension_points: [data, steps.*]\nlabel: x\n")
    assert file.body.plain() == {"label": "x"}
    assert (file.says("is_a"), file.says("module"), file.extension_points) == ("work", "m", ("data", "steps.*"))


def test_a_data_page_may_have_a_capital_name() -> None:
    assert file_of("define: data_page/D_Customer\n").name.id == "D_Customer"


def test_a_draft_says_so() -> None:
    assert file_of("define: dialog/d\nstatus: draft\n").is_draft
    assert not file_of("define: dialog/d\nstatus: available\n").is_draft
