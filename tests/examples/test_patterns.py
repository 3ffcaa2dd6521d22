"""The layer of control-flow patterns: sound, on its page, and every scenario of it plays as written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casewright.compiler.application import Application
from casewright.compiler.pipeline import compile_layer
from casewright.simulation.playing import play
from casewright.simulation.reading import read_scenario

ROOT = Path(__file__).parents[2]
LAYER = ROOT / "examples" / "patterns"
SCENARIOS = sorted(LAYER.glob("scenarios/*.yaml"))
PAGE = (ROOT / "docs" / "patterns.md").read_text(encoding="utf-8")

SUPPORTED = (
    *(1, 2, 3, 4, 5, 6, 7, 9, 29, 30, 32, 12, 13, 14, 15, 27, 34, 35),
    *(16, 17, 40, 18, 19, 20, 25, 10, 21, 22, 11, 43, 23, 24),
)
REFUSED = (8, 38, 41, 42)
NUMBER = re.compile(r"\b(\d+) [a-z]")


@pytest.fixture(scope="module")
def application() -> Application:
    return compile_layer(LAYER, shipped=ROOT / "definitions").usable()


def test_the_layer_has_no_problem_and_no_warning() -> None:
    found = compile_layer(LAYER, shipped=ROOT / "definitions")
    assert [f"{problem.span} {problem.code} {problem.message}" for problem in found.problems] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_pattern_plays_as_written(path: Path, application: Application) -> None:
    scenario, problems = read_scenario(path)
    assert problems == ()
    assert scenario is not None
    report = play(scenario, application)
    assert [str(mismatch) for mismatch in report.mismatches] == []
    assert report.checked > 0


def test_every_case_type_is_played_and_shown_on_the_page(application: Application) -> None:
    played = {word for path in SCENARIOS for word in re.findall(r"create: (\w+)", path.read_text(encoding="utf-8"))}
    children = {"errand"}
    shown = set(re.findall(r"examples/patterns/case_types/(\w+)\.yaml", PAGE))
    own = {path.stem for path in LAYER.glob("case_types/*.yaml")}
    assert own - children == shown == played
    assert own | {"work"} == set(application.policies("case_type"))


def test_every_pattern_is_on_the_page_with_what_to_write() -> None:
    supported, _, refused = PAGE.partition("## What is refused")
    first_cells = [line.split("|")[1] for line in supported.splitlines() if line.startswith("|")]
    assert {int(number) for cell in first_cells for number in NUMBER.findall(cell)} >= set(SUPPORTED)
    assert {int(number) for number in NUMBER.findall(refused)} >= set(REFUSED)
