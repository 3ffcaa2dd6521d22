"""The layers that ship, and the bank that extends them: nothing wrong in them, and every scenario plays as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from casewright.compiler.application import Application
from casewright.compiler.pipeline import compile_layer
from casewright.layers.lockfile import LOCK_NAME, layer_files, lock_text
from casewright.simulation.playing import play
from casewright.simulation.reading import read_scenario

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "definitions"
LAYERS = ("definitions/platform", "definitions/crm", "definitions/service", "extensions/acme_bank")
SCENARIOS = [path.relative_to(ROOT) for layer in LAYERS for path in sorted((ROOT / layer).glob("scenarios/*.yaml"))]


@pytest.fixture(scope="module")
def applications() -> dict[str, Application]:
    return {layer: compile_layer(ROOT / layer, shipped=SHIPPED).usable() for layer in LAYERS[2:]}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_has_no_problem_and_no_warning(layer: str) -> None:
    found = compile_layer(ROOT / layer, shipped=SHIPPED)
    assert [f"{problem.span} {problem.code} {problem.message}" for problem in found.problems] == []


@pytest.mark.parametrize("layer", LAYERS[:3])
def test_the_lock_of_a_shipped_layer_is_of_its_files(layer: str) -> None:
    written = (ROOT / layer / LOCK_NAME).read_text(encoding="utf-8")
    assert written == lock_text(layer_files(ROOT / layer)), f"run `casewright layers --layer {layer} --write-lock`"


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parts[1]}:{path.stem}")
def test_a_scenario_plays_as_written(path: Path, applications: dict[str, Application]) -> None:
    scenario, problems = read_scenario(ROOT / path)
    assert problems == ()
    assert scenario is not None
    report = play(scenario, applications["/".join(path.parts[:2])])
    assert [str(mismatch) for mismatch in report.mismatches] == []


@pytest.mark.parametrize("case_type", ["report_lost_card", "block_card", "order_replacement_card", "general_request"])
def test_every_case_for_a_customer_begins_with_the_same_verification(
    case_type: str, applications: dict[str, Application]
) -> None:
    plan = applications["definitions/service"].policies("case_type")[case_type]
    first = plan.sequence.items[0].body.items[0]
    assert (first.id, first.activity.nested.id) == ("verify", "verify_identity")
    assert first.handler.kind == "move"
