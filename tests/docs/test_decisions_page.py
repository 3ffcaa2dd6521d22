"""The page about decisions: the rules of each of its parts are sound, and the scenario below them holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casewright.simulation.playing import play
from casewright.simulation.reading import read_scenario
from tests.compiler.writing import compiled, lines

PAGE = Path(__file__).resolve().parents[2] / "docs" / "decisions.md"
FENCE = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
PARTS = {
    part.partition("\n")[0]: FENCE.findall(part)
    for part in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
    if FENCE.search(part)
}


@pytest.mark.parametrize("title", PARTS)
def test_a_part_is_sound_and_plays_as_it_says(title: str, tmp_path: Path) -> None:
    *rules, told = PARTS[title]
    found = compiled(tmp_path, *rules)
    assert lines(found) == []
    (tmp_path / "scenario.yaml").write_text(told, encoding="utf-8")
    scenario, wrong = read_scenario(tmp_path / "scenario.yaml")
    assert scenario is not None, wrong
    report = play(scenario, found.usable())
    assert [str(each) for each in report.mismatches] == []
    assert report.checked > 0
