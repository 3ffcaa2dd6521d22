"""Stories on the real engine: commands, time, faults, refusals, children, triggers."""

from __future__ import annotations

from pathlib import Path

import pytest

from casewright.simulation.playing import play
from casewright.simulation.report import Told
from tests.simulation.stories import VERIFIED, application, played, story


def assert_holds(steps: str, folder: Path, head: str = "") -> None:
    report = played(steps, folder, head)
    assert [str(each) for each in report.mismatches] == []
    assert report.checked


def test_a_story_from_beginning_to_end(tmp_path: Path) -> None:
    steps = (
        VERIFIED
        + """\
  - {submit: identify.details, with: {card: CARD-1, incident: lost}}
  - expect: {status: Open, stage: replacement, waiting: [replacement.delivery], data: {reference: BLK-CARD-1}}
  - {submit: replacement.delivery, with: {shipping: express}}
  - expect:
      status: Resolved-Completed
      stage: close
      data: {fee: 15, shipping: express, incident: lost}
      sent: [{correspondence: blocked, to: ada@example.org, subject: blocked, body: BLK-CARD-1}]
      notes: [Blocked under]
      called: [cards.block]
      children: [order]
      events: [case.resolved]
      incidents: 0
      cases: {order: 1, lost: 1}
"""
    )
    assert_holds(steps, tmp_path)


def test_time_passes_only_when_it_is_told_to_and_things_come_due_in_order(tmp_path: Path) -> None:
    steps = (
        VERIFIED
        + """\
  - {submit: identify.details, with: {card: CARD-1}}
  - submit: replacement.delivery
  - expect: {waiting: [], stage: make}
    case: order
  - pass: 119m
  - expect: {waiting: []}
    case: order
  - pass: 1m
  - expect: {waiting: [make.check], assigned: {make.check: {queue: card_ops}}}
    case: order
  - {approve: make.check, case: order, as: omar}
  - expect: {status: Resolved-Completed}
    case: order
"""
    )
    assert_holds(steps, tmp_path)


def test_a_fault_is_retried_after_its_rest_and_then_the_call_goes_through(tmp_path: Path) -> None:
    steps = (
        VERIFIED
        + """\
  - {submit: identify.details, with: {card: CARD-1}}
  - expect: {called: [cards.block], stage: block}
  - pass: 10s
  - expect: {called: [cards.block, cards.block], stage: replacement}
"""
    )
    assert_holds(steps, tmp_path, "faults: [{call: cards.block, error: no answer}]\n")


def test_a_final_fault_goes_to_the_handler_without_a_retry(tmp_path: Path) -> None:
    steps = (
        VERIFIED
        + """\
  - {submit: identify.details, with: {card: CARD-1}}
  - expect: {called: [cards.block], waiting: [block.block_card.failed]}
  - {refused: {submit: block.block_card.failed, with: {reference: X}}, because: it is for queue 'card_ops'}
  - {submit: block.block_card.failed, with: {reference: BY-HAND}, as: omar}
  - expect: {data: {reference: BY-HAND}, incidents: 0}
"""
    )
    assert_holds(steps, tmp_path, "faults: [{call: cards.block, error: no such card, final: true}]\n")


def test_pages_answer_what_the_scenario_says_and_choose_the_variant(tmp_path: Path) -> None:
    head = "facts: {D_Customer: {id: C-1, name: Grace Hopper, segment: VIP, date_of_birth: 1986-12-09}}\n"
    steps = """\
  - {create: lost, with: {customer_id: C-1}}
  - expect: {text: {identify.verify.greet: "Welcome back, Grace Hopper"}}
"""
    assert_holds(steps, tmp_path, head)


def test_pages_may_answer_by_their_parameters_and_else_their_source_does(tmp_path: Path) -> None:
    head = "facts: {D_Customer: [{with: {customer_id: C-2}, gives: {id: C-2, name: Grace, segment: VIP}}]}\n"
    steps = """\
  - {create: lost, with: {customer_id: C-2}, name: first}
  - {create: lost, with: {customer_id: C-1}, name: second}
  - {expect: {text: {identify.verify.greet: Grace}}, case: first}
  - {expect: {text: {identify.verify.greet: Ada}}, case: second}
"""
    assert_holds(steps, tmp_path, head)


def test_an_event_starts_what_its_trigger_says(tmp_path: Path) -> None:
    steps = """\
  - {publish: survey.answered, with: {score: 9}}
  - expect: {cases: {call_back: 0}, events: [survey.answered]}
  - {publish: survey.answered, with: {score: 8}}
  - expect: {cases: {call_back: 1}}
  - {expect: {data: {score: 8}, waiting: [call.talk]}, case: call_back}
  - {submit: call.talk, case: call_back, as: omar}
  - {refused: {publish: survey.answered, with: {scroe: 8}}, because: "did you mean 'score'"}
"""
    assert_holds(steps, tmp_path)


def test_a_no_is_an_outcome_with_its_own_way(tmp_path: Path) -> None:
    steps = """\
  - {create: order, with: {card: CARD-1}}
  - pass: 2h
  - {reject: make.check, as: omar}
  - expect: {status: Resolved-Rejected, incidents: 0}
"""
    assert_holds(steps, tmp_path)


def test_cases_are_moved_cancelled_and_reopened(tmp_path: Path) -> None:
    steps = (
        VERIFIED
        + """\
  - {goto: withdrawn, because: the card was found}
  - expect: {status: Resolved-Withdrawn}
  - reopen: {at: identify}
  - expect: {status: Open, stage: identify}
  - cancel: a mistake
  - expect: {status: Resolved-Cancelled}
"""
    )
    assert_holds(steps, tmp_path)


def test_what_must_be_done_cannot_be_skipped(tmp_path: Path) -> None:
    steps = """\
  - {create: lost, with: {customer_id: C-1}}
  - {refused: {skip: identify.verify.greet}, because: must be done}
  - submit: identify.verify.greet
  - {submit: identify.verify.birthday, answer: 1990-05-12}
  - {skip: identify.details, because: known already}
  - expect: {data: {card: null}}
"""
    assert_holds(steps, tmp_path)


def test_a_failed_step_is_an_incident_until_it_is_tried_again(tmp_path: Path) -> None:
    steps = """\
  - {create: lost, with: {customer_id: C-1}}
  - submit: identify.verify.greet
  - {submit: identify.verify.birthday, answer: 2000-01-01}
  - expect: {incidents: 1}
  - retry: identify.verify
  - expect: {incidents: 0, waiting: [identify.verify.greet]}
"""
    assert_holds(steps, tmp_path)


def test_a_command_that_is_refused_ends_the_story_with_its_place(tmp_path: Path) -> None:
    report = played(VERIFIED + "  - submit: identify.detials\n  - expect: {status: Never}\n", tmp_path)
    (mismatch,) = report.mismatches
    assert (mismatch.at.line, mismatch.what) == (9, "submit identify.detials")
    assert "it waits at identify.details; did you mean 'identify.details'?" in mismatch.found
    assert report.checked == 0


def test_a_command_that_should_be_refused_and_is_not_is_told(tmp_path: Path) -> None:
    report = played("  - refused: {create: lost, with: {customer_id: C-1}}\n", tmp_path)
    assert [(each.wanted, each.found) for each in report.mismatches] == [("to be refused", "it was done")]


def test_a_refusal_for_another_reason_is_told(tmp_path: Path) -> None:
    report = played("  - {refused: {create: lots}, because: the moon}\n", tmp_path)
    (mismatch,) = report.mismatches
    assert mismatch.wanted == "words with 'the moon'"
    assert "lots" in mismatch.found


def test_a_case_that_nobody_named_is_told_which_there_are(tmp_path: Path) -> None:
    report = played(VERIFIED + "  - {expect: {status: Open}, case: lots}\n", tmp_path)
    assert (
        "no case is called 'lots', and there is none of that type; did you mean 'lost'?" in report.mismatches[0].found
    )


def test_a_step_before_any_case_says_what_to_do_first(tmp_path: Path) -> None:
    report = played("  - submit: a.b\n", tmp_path)
    assert "no case was created yet; begin with `create: CASE_TYPE`" in report.mismatches[0].found


def test_events_are_heard_as_they_happen_and_kept(tmp_path: Path) -> None:
    heard = []
    report = play(story(VERIFIED, tmp_path), application(), hear=heard.append)
    assert tuple(heard) == report.events
    assert [event.text for event in heard if event.told in (Told.SAID, Told.ANSWERED)] == [
        "Good day, Ada Lovelace.",
        "Your date of birth?",
        "1990-05-12",
    ]


def test_two_performances_of_one_story_are_the_same(tmp_path: Path) -> None:
    steps = VERIFIED + "  - {submit: identify.details, with: {card: CARD-1}}\n  - pass: 1d\n"
    assert played(steps, tmp_path).events == played(steps, tmp_path).events


def test_cases_are_created_in_the_interaction_that_is_open_and_live_beyond_it(tmp_path: Path) -> None:
    steps = """\
  - {open: inbound, with: {customer_id: C-1}}
  - expect: {interaction: {status: Open, channel: phone, customer_id: C-1, verified: false, cases: 0}}
  - verify: by his voice
  - {create: lost, with: {customer_id: C-1}}
  - {log: scored, with: {score: 8}}
  - wrap_up: solved
  - expect: {interaction: {status: Wrapped-Up, disposition: solved, verified: true, cases: 1}, status: Open}
  - {create: lost, with: {customer_id: C-1}}
  - expect: {interaction: {cases: 1}, events: [interaction.opened, interaction.scored, interaction.wrapped_up]}
  - {refused: {wrap_up: solved, interaction: inbound}, because: is wrapped up already}
"""
    assert_holds(steps, tmp_path)


def test_what_needs_an_interaction_says_how_to_open_one(tmp_path: Path) -> None:
    report = played("  - verify: by his voice\n", tmp_path)
    assert "no interaction is open; begin with `open: INTERACTION_TYPE`" in report.mismatches[0].found
    report = played("  - {open: inbound, name: first}\n  - {verify: x, interaction: frist}\n", tmp_path)
    assert "no interaction is called 'frist'; did you mean 'first'?" in report.mismatches[0].found


def test_a_story_on_a_file_is_told_as_in_memory(tmp_path: Path) -> None:
    steps = VERIFIED + "  - {submit: identify.details, with: {card: CARD-1}}\n  - submit: replacement.delivery\n"
    told = story(steps + "  - pass: 3h\n", tmp_path)
    in_memory = play(told, application())
    on_file = play(told, application(), database=f"sqlite:///{tmp_path / 'x.db'}", durability="normal")
    assert on_file.events == in_memory.events


def test_a_state_that_its_history_does_not_lead_to_is_a_mismatch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casewright.runtime.engine.Engine.replayed", lambda engine, case_id: None)
    report = played(VERIFIED, tmp_path)
    assert [(each.what, each.case_id) for each in report.mismatches] == [("history", "C-1")]
