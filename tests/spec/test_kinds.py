"""Every example beside a kind or a step type: rules, and the problems they have or the scenario they play."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import casewright
from tests.compiler.writing import compiled

PACKAGE = Path(casewright.__file__).parent
EXAMPLES = sorted([*PACKAGE.glob("rules/*/spec/*.yaml"), *PACKAGE.glob("steps/*/spec/*.yaml")])


def named(path: Path) -> str:
    """The example as test reports name it."""
    return "/".join([path.parts[-3], path.stem])


def shown(found: object) -> list[str]:
    """The problems as `file:line:column CODE message`, sorted by place."""
    return [f"{Path(p.span.path).name}:{p.span.line}:{p.span.column} {p.code} {p.message}" for p in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_an_example_has_the_problems_that_it_says(path: Path, tmp_path: Path) -> None:
    example = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = compiled(tmp_path, *example["rules"])
    assert shown(found.problems) == example.get("problems", [])
