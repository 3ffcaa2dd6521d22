"""Every example beside a kind or a step type: rules, the problems that they have, and the scenario that they play."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml

import casewright
from casewright.simulation.playing import play
from casewright.simulation.reading import read_scenario
from casewright.values import Problem
from tests.compiler.writing import compiled

PACKAGE = Path(casewright.__file__).parent
FOLDERS = sorted(path.parent for path in PACKAGE.glob("rules/*/schema.json")) + sorted(
    path.parent for path in PACKAGE.glob("steps/*/schema.json")
)
EXAMPLES = [example for folder in FOLDERS for example in sorted(folder.glob("spec/*.yaml"))]


def named(path: Path) -> str:
    """The example as test reports name it."""
    return "/".join([path.parts[-3], path.stem])


def shown(found: Iterable[Problem], folder: Path) -> list[str]:
    """The problems as `file:line:column CODE message`, sorted by place, with paths as from `folder`."""
    lines = [f"{Path(p.span.path).name}:{p.span.line}:{p.span.column} {p.code} {p.message}" for p in found]
    return [line.replace(f"{folder.as_posix()}/", "") for line in lines]


def says_what_to_write(problem: Problem) -> bool:
    """Whether a problem tells the mend: in its help, at the other place, or as what is expected here."""
    return bool(problem.help or problem.related) or problem.code == "E205"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_kind_and_step_type_has_examples_and_one_of_them_plays_or_is_sound(folder: Path) -> None:
    examples = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in folder.glob("spec/*.yaml")]
    assert any("problems" not in example for example in examples)
    assert (folder / "README.md").read_text(encoding="utf-8").startswith(f"# {folder.name}\n")


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_an_example_has_the_problems_that_it_says_and_plays_as_it_says(path: Path, tmp_path: Path) -> None:
    example = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = compiled(tmp_path, *example["rules"], base=example.get("base", ()))
    assert shown(found.problems, tmp_path) == example.get("problems", [])
    assert [each.message for each in found.problems if not says_what_to_write(each)] == []
    if "play" in example:
        file = tmp_path / "scenario.yaml"
        file.write_text(f"scenario: {example['title']}\n{example['play']}", encoding="utf-8")
        scenario, wrong = read_scenario(file)
        assert scenario is not None, shown(wrong, tmp_path)
        report = play(scenario, found.usable())
        assert [str(each) for each in report.mismatches] == []
        assert report.checked > 0
