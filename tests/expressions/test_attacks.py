"""Whatever an expression is made to do, it ends: refused, unknown or small, in a process of little memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.expressions import attacks
from tests.expressions.attacks import ATTACKS, EMPTY, REFUSED, VALUED

ROOT = Path(__file__).resolve().parents[2]
MEMORY = 1_000_000_000
"""Bytes that the process may ask for."""

SECONDS = 20
"""Of the processor, for an attack in all evaluators together."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attack ended, each way once, and the seconds that it took."""

    ends: frozenset[str]
    seconds: float

    @property
    def house(self) -> set[str]:
        return {end for end in self.ends if not end.startswith("in CEL ")}

    @property
    def cel(self) -> set[str]:
        return {end.removeprefix("in CEL ") for end in self.ends - self.house}


@pytest.fixture(scope="module")
def endings() -> Mapping[str, Ending]:
    """The end of each attack. What kills the process costs that attack its end, and another process goes on."""
    found: dict[str, Ending] = {}
    left = list(ATTACKS)
    while left:
        reports = [json.loads(line) for line in carried_out(left).splitlines()]
        found |= {each["name"]: Ending(frozenset(each["ends"]), each["seconds"]) for each in reports if "name" in each}
        begun = [each["begun"] for each in reports if "begun" in each]
        assert begun, "no attack was begun"
        left = left[left.index(begun[-1]) + 1 :]
    return found


def carried_out(names: list[str]) -> str:
    """What a process of its own prints that tries these attacks."""
    command = [sys.executable, "-c", "import sys; from tests.expressions import attacks; attacks.main(sys.argv[1:])"]
    path = {"PYTHONPATH": f"{ROOT / 'framework'}:{ROOT}"}
    done = subprocess.run([*command, *names], cwd=ROOT, env=path, capture_output=True, text=True, preexec_fn=limit)
    assert done.stdout, done.stderr
    return done.stdout


def limit() -> None:
    """Leaves the process little memory, and time for all attacks but none that does not end."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (6 * SECONDS, 6 * SECONDS))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_too_large_or_no_part_of_the_language_is_refused(name: str, endings: Mapping[str, Ending]) -> None:
    assert {end.split()[0] for end in endings[name].house} == {"refused"}


@pytest.mark.parametrize("name", EMPTY)
def test_what_goes_beyond_a_limit_has_no_value_in_either_evaluator(name: str, endings: Mapping[str, Ending]) -> None:
    assert name in endings, "the process was killed"
    assert endings[name].house == {"unknown", "explained"}


@pytest.mark.parametrize("name", VALUED)
def test_what_is_not_as_bad_as_it_looks_has_a_small_value(name: str, endings: Mapping[str, Ending]) -> None:
    assert name in endings, "the process was killed"
    assert endings[name].house - {"explained"} == {"value"}


@pytest.mark.parametrize("name", ATTACKS)
def test_every_attack_ends_soon_in_strict_cel_too(name: str, endings: Mapping[str, Ending]) -> None:
    assert {end.split()[0] for end in endings[name].cel} <= {"refused", "failed", "unknown", "value"}
    assert endings[name].seconds < SECONDS


def test_a_process_that_has_no_limits_is_not_what_is_tested() -> None:
    """The attacks are worth their name: one of them kills a process that has no caps of ours."""
    code = "import resource; resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9)); 'a' * 10**10"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "MemoryError" in done.stderr


def test_the_world_of_the_attacks_has_what_they_name() -> None:
    given: set[Any] = {name for attack in ATTACKS.values() for name in attack.roots()}
    assert given <= set(attacks.TYPES)
