"""The examples of the decision table's page give what they say, one for each hit policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

import casewright
from casewright.expressions import HIT_POLICIES
from casewright.expressions.library.functions import plain
from tests.compiler.writing import compiled

PAGE = Path(casewright.__file__).parent / "rules" / "decision_table" / "README.md"
BLOCK = re.compile(r"^```yaml\n(define: decision_table/(\w+)\nhit: (\w+)\n.*?)^```", re.MULTILINE | re.DOTALL)
GIVES = re.compile(r"^# (\{.*?\}) +gives (.*)$", re.MULTILINE)
EXAMPLES = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
USER = """define: case_type/request
data:
  amount:   {type: money}
  abroad:   {type: boolean}
  urgent:   {type: boolean}
  segment:  {type: choice, options: [VIP, Private, Basic]}
  shipping: {type: choice, options: [standard, express, courier]}
"""
TABLE = "stages: [{id: only, steps: [{id: ask, do: decide, table: TABLE}]}]\n"


def said(text: str) -> Iterator[tuple[dict[str, Any], Any]]:
    for facts, outputs in GIVES.findall(text):
        yield yaml.load(facts, yaml.BaseLoader), yaml.load(outputs, yaml.BaseLoader)


def typed(name: str, text: str) -> Any:
    return Decimal(text) if name == "amount" else text == "true" if name in ("abroad", "urgent") else text


def shown(given: Any) -> Any:
    """What a table gave as the page writes it."""
    if isinstance(given, (list, tuple)):
        return [shown(each) for each in given]
    return {name: "null" if value is None else plain(value) for name, value in given.items()}


def test_every_hit_policy_has_an_example() -> None:
    assert [hit for _, _, hit in EXAMPLES] != []
    assert {hit for _, _, hit in EXAMPLES} == set(HIT_POLICIES)


@pytest.mark.parametrize(("text", "name", "hit"), EXAMPLES, ids=[name for _, name, _ in EXAMPLES])
def test_an_example_gives_what_it_says(text: str, name: str, hit: str, tmp_path: Path) -> None:
    found = compiled(tmp_path, text, USER + TABLE.replace("TABLE", name))
    assert [str(problem.message) for problem in found.problems if problem.is_error] == []
    table = found.usable().policies("decision_table")[name]
    examples = list(said(text))
    assert examples != []
    for facts, outputs in examples:
        empty = dict.fromkeys(("amount", "abroad", "urgent", "segment", "shipping"))
        case = {**empty, **{key: typed(key, value) for key, value in facts.items()}}
        assert numbers(shown(table.decide({"case": case}).outputs)) == numbers(outputs)


def numbers(outputs: Any) -> Any:
    """The outputs with numbers as numbers, so that 20 and 20.00 are the same."""
    if isinstance(outputs, list):
        return [numbers(each) for each in outputs]
    return {name: float(text) if re.fullmatch(r"[\d.]+", text) else text for name, text in outputs.items()}
