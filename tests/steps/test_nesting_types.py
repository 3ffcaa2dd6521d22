"""A step type of somebody else may have steps inside it: lowered to a sequence or to work side by side, as ours are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casewright.layers import shape_of
from casewright.machine.commands import Create
from casewright.machine.decide import decide
from casewright.machine.decision import Decision
from casewright.machine.facts import Actor, Facts
from casewright.machine.plan import Activity
from casewright.machine.side_by_side import Split
from casewright.rules.registry import Vocabulary, vocabulary
from casewright.rules.schemas import body_schema, definitions
from casewright.steps.contract import Step, StepType, Within
from casewright.steps.scope import Scope
from casewright.steps.sequences import lower_region
from tests.compiler.test_release import NOW
from tests.compiler.writing import compiled, lines

SCHEMA = {
    "type": "object",
    "properties": {
        "branches": {
            "type": "array",
            "x-merge": {"key": "id"},
            "description": "The ways.",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "id": {"type": "string", "x-type": "id", "description": "Names the way."},
                    "steps": {"$ref": "#/definitions/steps"},
                },
            },
        }
    },
}


def lower_race(step: Step, scope: Scope) -> Within:
    """Whichever way is through first is enough."""
    ways = (
        lower_region(each, f"{step.path}.{each.word('id')}", "branch", step.types, scope)
        for each in step.node.items("branches")
    )
    return Within(split=Split(tuple(ways), join=1, cancel_rest=True), activity=Activity())


@pytest.fixture
def words(tmp_path: Path) -> Vocabulary:
    folder = tmp_path / "race"
    folder.mkdir()
    (folder / "schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    ours = vocabulary()
    steps = {**ours.steps, "race": StepType("race", folder, lower_race)}
    shared = definitions(steps)
    shapes = {name: shape_of(body_schema(kind), shared) for name, kind in ours.kinds.items()}
    return Vocabulary(ours.kinds, steps, shapes, ours.functions)


RACE = """\
define: case_type/request
data: {a: {type: text}}
stages:
  - id: only
    steps:
      - id: race
        do: race
        branches:
          - {id: slow, steps: [{id: ask, do: collect, fields: [a]}]}
          - {id: fast, steps: [{id: told, do: note, text: Told}]}
"""


def test_its_steps_run_as_those_of_ours(words: Vocabulary, tmp_path: Path) -> None:
    application = compiled(tmp_path, RACE, words=words).usable()
    plan = application.bind("case_type", "request", {}).value
    decision = decide(plan, None, Create("CASE-1"), Facts(NOW, Actor("ann"), application))
    assert isinstance(decision, Decision)
    assert decision.snapshot.status == "Resolved-Completed"


def test_mistakes_in_its_steps_are_found_as_in_ours(words: Vocabulary, tmp_path: Path) -> None:
    found = compiled(tmp_path, RACE.replace("[a]", "[b], enter_on: [{done: tld}]"), words=words)
    assert [line.split(maxsplit=1)[1] for line in lines(found)] == [
        "E503 the case has no field 'b'",
        "E553 no item is called 'tld' here",
    ]


def test_a_layer_above_changes_its_steps(words: Vocabulary, tmp_path: Path) -> None:
    above = (
        "extend: case_type/request\nstages: [{id: only, steps: [{id: race, branches: [{id: fast, $remove: true}]}]}]\n"
    )
    plan = compiled(tmp_path, above, base=[RACE], words=words).usable().bind("case_type", "request", {}).value
    assert [path for path, _ in plan.every_item()] == ["only", "only.race", "only.race.slow", "only.race.slow.ask"]
