"""Scenario files: what they may say, and how mistakes in them are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casewright.machine.facts import Actor
from casewright.simulation.scenario import Answer, Deed, Expect, Fault, Pass, Refused
from casewright.simulation.wording import schema_text
from casewright.values import Duration
from tests.simulation.stories import HEAD, read_text, story


def test_the_head_says_title_instant_and_who_acts(tmp_path: Path) -> None:
    scenario = story("  - {create: lost, as: omar}\n  - {create: lost}\n", tmp_path)
    assert (scenario.title, scenario.begins) == ("A story", datetime(2026, 3, 2, 10, tzinfo=UTC))
    first, second = scenario.steps
    assert isinstance(first, Deed)
    assert isinstance(second, Deed)
    assert first.actor == Actor("omar", "operator", frozenset({"card_operator"}))
    assert second.actor == Actor("anna")


def test_a_step_is_a_command_a_refusal_time_or_an_expectation(tmp_path: Path) -> None:
    scenario = story(
        "  - {submit: a.b, with: {x: 1}, case: card}\n"
        "  - {refused: {cancel: changed his mind}, because: may not}\n"
        "  - pass: 1d12h\n"
        "  - {expect: {incidents: 0}, case: card}\n",
        tmp_path,
    )
    deed, refused, later, expect = scenario.steps
    assert isinstance(deed, Deed)
    assert (deed.word, deed.says, deed.data, deed.case, deed.outcome) == ("submit", "a.b", {"x": "1"}, "card", "done")
    assert isinstance(refused, Refused)
    assert (refused.deed.word, refused.deed.says, refused.because) == ("cancel", "changed his mind", "may not")
    assert isinstance(later, Pass)
    assert later.length == Duration(exact=timedelta(hours=36))
    assert isinstance(expect, Expect)
    assert [(e.what, e.wanted, e.at.line) for e in expect.expectations] == [("incidents", 0, 9)]


@pytest.mark.parametrize(("word", "outcome"), [("approve", "approved"), ("reject", "rejected")])
def test_approve_and_reject_choose_the_outcome(word: str, outcome: str, tmp_path: Path) -> None:
    (deed,) = story(f"  - {word}: a.b\n", tmp_path).steps
    assert isinstance(deed, Deed)
    assert (deed.says, deed.outcome) == ("a.b", outcome)


def test_reopen_takes_nothing_or_a_stage(tmp_path: Path) -> None:
    steps = story("  - reopen: {}\n  - reopen: {at: close}\n  - reopen: close\n", tmp_path).steps
    assert [step.says for step in steps if isinstance(step, Deed)] == ["", "close", "close"]


def test_values_stay_as_written_since_fields_give_them_their_types(tmp_path: Path) -> None:
    (deed,) = story(
        "  - {create: lost, with: {id: 010, when: 2026-01-02, none: null, no: no, list: [1]}}\n", tmp_path
    ).steps
    assert isinstance(deed, Deed)
    assert deed.data == {"id": "010", "when": "2026-01-02", "none": None, "no": "no", "list": ["1"]}


def test_a_page_answers_always_the_same_or_by_its_parameters(tmp_path: Path) -> None:
    head = "facts:\n  D_A: {name: Ada}\n  D_B:\n    - {with: {id: 1}, gives: {name: Ada}}\n    - {gives: null}\n"
    with pytest.raises(AssertionError):
        story("  - create: lost\n", tmp_path, "facts: {D_A: }\n")
    scenario = story("  - create: lost\n", tmp_path, head)
    assert scenario.facts["D_A"] == (Answer({}, {"name": "Ada"}),)
    assert scenario.facts["D_B"] == (Answer({"id": "1"}, {"name": "Ada"}), Answer({}, None))


def test_a_fault_strikes_once_unless_it_says_otherwise(tmp_path: Path) -> None:
    head = "faults:\n  - {call: cards.block}\n  - {call: a.b, times: 3, error: no, final: true}\n"
    assert story("  - create: lost\n", tmp_path, head).faults == (
        Fault("cards.block", 1, "the connector did not answer"),
        Fault("a.b", 3, "no", is_final=True),
    )


MISTAKES = {
    "a misspelt step": (
        "  - sumbit: a.b\n",
        (6, 5, "unknown key 'sumbit'; did you mean 'submit'?"),
    ),
    "two things at once": (
        "  - {submit: a.b, pass: 2h}\n",
        (6, 5, "this step does submit and pass at once"),
    ),
    "nothing": ("  - {case: card}\n", (6, 5, "this step does nothing")),
    "a stranger beside": (
        "  - {pass: 2h, as: omar}\n",
        (6, 16, "'as' does not belong to `pass`"),
    ),
    "an unknown actor": (
        "  - {create: lost, as: omra}\n",
        (6, 24, "no actor is called 'omra'; did you mean 'omar'?"),
    ),
    "a state that no item has": (
        "  - expect: {items: {a.b: done}}\n",
        (6, 27, "'done' is not one of the values; did you mean 'completed'?"),
    ),
    "data to start with": (
        "  - {start: a.b, with: {note: x}}\n",
        (6, 18, "'with' does not belong to `start`"),
    ),
    "a refused expectation": (
        "  - refused: {expect: {incidents: 0}}\n",
        (6, 14, "only a command can be refused"),
    ),
    "a wrong duration": (
        "  - pass: two hours\n",
        (6, 11, "'two hours' is not a duration such as 800ms, 30s, 15m, 4h, 2d, 3bd or 1mo"),
    ),
    "an unknown expectation": (
        "  - expect: {statsu: Open}\n",
        (6, 14, "unknown key 'statsu'; did you mean 'status'?"),
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_place(name: str, tmp_path: Path) -> None:
    steps, (line, column, message) = MISTAKES[name]
    scenario, problems = read_text(f"{HEAD}steps:\n{steps}", tmp_path)
    assert scenario is None
    assert (problems[0].span.line, problems[0].span.column, problems[0].message) == (line, column, message)


def test_a_scenario_needs_its_instant(tmp_path: Path) -> None:
    _, problems = read_text("scenario: A story\nsteps:\n  - create: lost\n", tmp_path)
    assert [problem.message.split(" (")[0] for problem in problems] == ["'at' is missing"]


def test_what_is_no_yaml_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    scenario, problems = read_text("scenario: [", tmp_path)
    assert scenario is None
    assert problems


def test_the_published_schema_has_no_keywords_of_ours() -> None:
    assert '"x-' not in schema_text()
    assert '"$schema": "http://json-schema.org/draft-07/schema#"' in schema_text()
