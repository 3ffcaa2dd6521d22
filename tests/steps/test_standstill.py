"""Branches that wait for each other: told exactly where none of them would ever begin."""

from __future__ import annotations

import tempfile
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.machine.commands import Create
from casewright.machine.decide import decide
from casewright.machine.decision import Decision
from casewright.machine.facts import Actor, Facts
from tests.compiler.test_release import NOW
from tests.compiler.writing import compiled

NAMES = ("b0", "b1", "b2", "b3")
WAYS = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2), max_size=2)
"""The ways of one branch to begin, each the branches that it waits for; none: it begins by itself."""


def begun(ways: dict[str, list[list[str]]]) -> set[str]:
    """The branches that begin, one after another, until nothing changes."""
    found: set[str] = set()
    while True:
        more = {name for name, each in ways.items() if not each or any(found >= set(way) for way in each)}
        if more == found:
            return found
        found = more


@settings(max_examples=30, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(NAMES, WAYS)))
def test_what_never_begins_is_told_and_the_rest_is_played_to_its_end(ways: dict[str, list[list[str]]]) -> None:
    branches = [
        {"id": name, "enter_on": [{"done": way} for way in each], "steps": [{"id": "s", "do": "note", "text": name}]}
        for name, each in ways.items()
    ]
    step = {"id": "all", "do": "parallel", "branches": branches}
    rule = {"define": "case_type/request", "stages": [{"id": "work", "steps": [step]}]}
    with tempfile.TemporaryDirectory() as folder:
        found = compiled(Path(folder), yaml.safe_dump(rule, sort_keys=False))
    never = set(NAMES) - begun(ways)
    told = {problem.message.split("'")[1].rpartition(".")[2] for problem in found.problems}
    names_itself = {name for name, each in ways.items() if any(name in way for way in each)}
    assert {problem.code for problem in found.problems} <= {"E554"}
    assert never <= told <= never | names_itself
    if not told:
        application = found.usable()
        plan = application.bind("case_type", "request", {}).value
        decision = decide(plan, None, Create("CASE-1"), Facts(NOW, Actor("ann"), application))
        assert isinstance(decision, Decision)
        assert decision.snapshot.status == "Resolved-Completed"
