"""Whatever stands in the rules of any kind, with steps of any type, compiling gives problems with places, or plans."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

import casewright
from casewright.compiler.pipeline import Compiled
from casewright.rules.registry import Vocabulary, vocabulary
from casewright.source.layouts import lines_of
from casewright.values import Problem, Span
from tests.compiler.writing import compiled
from tests.layers.test_no_text_breaks_loading import containers, mutated

PACKAGE = Path(casewright.__file__).parent
EXAMPLES = [*sorted(PACKAGE.glob("rules/*/spec/*.yaml")), *sorted(PACKAGE.glob("steps/*/spec/*.yaml"))]
INTERNAL = re.compile(r"<class|Node\(|Span\(|Type\(|Decimal\(|Traceback|object at 0x")


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return vocabulary()


@pytest.fixture(scope="module")
def codes() -> set[str]:
    return set(tomllib.loads((PACKAGE / "problem_codes.toml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("seed", range(4))
def test_mutated_rules_of_every_kind_are_answered_with_problems(
    seed: int, words: Vocabulary, codes: set[str], tmp_path: Path
) -> None:
    rng = random.Random(seed)
    pool = [value for path in EXAMPLES for value in parts_of(rng, path)]
    for number in range(25):
        example = yaml.safe_load(rng.choice(EXAMPLES).read_text(encoding="utf-8"))
        rules = [changed(text, pool, rng) for text in example["rules"]]
        found = compiled(tmp_path / str(number), *rules, base=example.get("base", ()), words=words)
        for problem in found.problems:
            assert problem.code in codes
            assert all(lies_in_its_file(span) for span in places_of(problem))
            assert not INTERNAL.search(f"{problem.message} {problem.help}")
        assert all(plan is not None for plan in plans_of(found))


def parts_of(rng: random.Random, path: Path) -> list[tuple[str, Any]]:
    """A few of the maps and lists in an example, each with the key that it stands under."""
    rules = yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
    found = [
        (key, value)
        for rule in (readable(text) for text in rules)
        for place in containers(rule)
        if isinstance(place, dict)
        for key, value in place.items()
    ]
    return rng.sample(found, min(len(found), 12))


def readable(text: str) -> Any:
    """The rule, or nothing where the example shows a text that is no YAML."""
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return None


def changed(text: str, pool: list[tuple[str, Any]], rng: random.Random) -> str:
    """The rule as it is, with values of other rules under keys of its own, or changed like any layer."""
    rule = readable(text)
    if not isinstance(rule, dict) or rng.random() < 0.3:
        return mutated(text, rng)
    for _ in range(rng.randint(0, 3)):
        place = rng.choice([each for each in containers(rule) if isinstance(each, dict)])
        key, value = rng.choice(pool)
        place[key if rng.random() < 0.5 else rng.choice(list(place))] = deepcopy(value)
    return yaml.safe_dump(rule, sort_keys=False, allow_unicode=True)


def places_of(problem: Problem) -> Iterator[Span]:
    """The place of a problem and all others that it names."""
    yield problem.span
    yield from (other.span for other in problem.related)


def lies_in_its_file(span: Span) -> bool:
    lines = lines_of(Path(span.path).read_text(encoding="utf-8"))
    return 1 <= span.line <= len(lines) and 1 <= span.column <= len(lines[span.line - 1]) + 1


def plans_of(found: Compiled) -> list[Any]:
    """What the engine would be given, each rule bound."""
    families = found.application.families.values() if found.application is not None else ()
    return [member.bound for family in families for member in family.members.values()]
