"""Stories in which several things run side by side: what scenarios do and expect there, and how it is told."""

from __future__ import annotations

from pathlib import Path

from casewright.simulation.playing import play
from casewright.simulation.report import Event, Report, Told
from tests.simulation.stories import application, played, story

CREATED = "  - {create: loan, with: {number: L-1, signers: [Ada, Bo, Cy]}}\n"
CHECKED = f"""{CREATED}\
  - {{start: actions.amount}}
  - {{submit: actions.amount.say, with: {{amount: 5000}}}}
  - {{submit: decide.checks.identity.look, with: {{note: seen}}}}
"""
SIGNED = f"""{CHECKED}\
  - {{submit: decide.sign.2.ask, with: {{remark: gladly}}}}
  - {{submit: decide.sign.1.ask, with: {{remark: well}}}}
  - {{submit: decide.sign.3.ask, with: {{remark: so be it}}}}
"""


def told(report: Report, *sorts: Told) -> list[tuple[str, ...]]:
    assert report.mismatches == ()
    return [(event.text, *event.lanes) for event in report.events if event.told in sorts]


def test_items_are_started_by_hand_and_seen_as_they_stand(tmp_path: Path) -> None:
    steps = f"""{CREATED}\
  - expect:
      items:
        decide.checks.identity: active
        decide.checks.credit: available
        decide.checks.visit: enabled
        decide.sign: not_entered
      enabled: [decide.checks.visit]
      offered: [actions.letter, actions.amount]
  - {{refused: {{start: decide.checks.visit}}, because: card_operator}}
  - {{refused: {{start: decide.checks.vist}}, because: "did you mean 'decide.checks.visit'"}}
  - {{start: decide.checks.visit, as: omar}}
  - {{start: actions.letter}}
  - expect: {{enabled: [], offered: [actions.amount], items: {{decide.checks.visit: active}}}}
  - {{submit: actions.letter.write, with: {{note: written}}}}
  - expect: {{offered: [actions.amount], items: {{actions.letter: completed}}}}
"""
    started = told(played(steps, tmp_path), Told.COMMAND)
    assert started == [("starts visit by hand", "A visit"), ("starts letter by hand", "A letter")]


def test_what_lets_a_branch_begin_is_told_in_its_lane(tmp_path: Path) -> None:
    report = played(CHECKED, tmp_path)
    assert told(report, Told.BEGINS, Told.CALLED, Told.MILESTONE) == [
        ("it may begin", "Credit"),
        ("cards.block", "Credit"),
        ("The credit is scored", "Credit"),
    ]


def test_passes_are_told_apart_by_their_elements(tmp_path: Path) -> None:
    report = played(f"{SIGNED}  - expect: {{stage: pay, data: {{remarks: [well, gladly, so be it]}}}}\n", tmp_path)
    assert told(report, Told.FILLED)[-3:] == [
        ("remark gladly", "Signature 2: Bo"),
        ("remark well", "Signature 1: Ada"),
        ("remark so be it", "Signature 3: Cy"),
    ]


def test_an_event_is_told_where_it_is_heard(tmp_path: Path) -> None:
    steps = f"""{SIGNED}\
  - expect: {{waits_for: [loan.paid], milestones: [decide.checks.credit.scored]}}
  - {{publish: loan.paid, with: {{loan: L-2, amount: 1}}}}
  - {{publish: loan.paid, with: {{loan: L-1, amount: 99}}}}
  - expect: {{status: Resolved-Completed, data: {{amount: 99}}, waits_for: []}}
"""
    report = played(steps, tmp_path)
    (heard,) = (event for event in report.events if event.told is Told.HEARD)
    assert (heard.text, heard.path, heard.because) == ("loan.paid", "pay.paid", "loan L-1, amount 99")


def test_what_a_case_publishes_is_told_before_another_one_hears_it(tmp_path: Path) -> None:
    report = played(f"{SIGNED}  - {{create: payment, with: {{loan: L-1}}}}\n", tmp_path)
    heard = [(event.told, event.text, event.case_id) for event in report.events if "loan.paid" in event.text]
    assert heard == [(Told.EVENT, "publishes loan.paid", "C-2"), (Told.HEARD, "loan.paid", "C-1")]


def test_a_fault_in_a_branch_leaves_the_others_going_and_is_retried_there(tmp_path: Path) -> None:
    head = "faults: [{call: cards.block, error: the line is busy, final: true}]\n"
    steps = f"""{CHECKED}\
  - expect: {{incidents: 1, items: {{decide.checks.credit.block: failed, decide.checks.identity: completed}}}}
  - {{retry: decide.checks.credit.block}}
  - expect: {{incidents: 0, waiting: [decide.sign.1.ask, decide.sign.2.ask]}}
"""
    report = played(steps, tmp_path, head)
    assert told(report, Told.INCIDENT)[0][1:] == ("Credit",)


def test_a_story_with_branches_and_passes_is_carried_on_from_any_step(tmp_path: Path) -> None:
    whole = story(f"{SIGNED}  - {{publish: loan.paid, with: {{loan: L-1}}}}\n", tmp_path)
    for count in range(1, len(whole.steps)):
        url = f"sqlite:///{tmp_path / f'after_{count}.db'}"
        first = play(type(whole)(**{**_parts(whole), "steps": whole.steps[:count]}), application(), database=url)
        then = play(whole, application(), database=url)
        assert (first.mismatches, then.mismatches) == ((), ())
        assert then.resumed == count
        assert then.events[-1].text == "Resolved-Completed"


def _parts(scenario: object) -> dict[str, object]:
    return {name: getattr(scenario, name) for name in type(scenario).__dataclass_fields__}  # type: ignore[attr-defined]


def test_the_events_of_one_step_are_told_lane_by_lane(tmp_path: Path) -> None:
    report = played(SIGNED, tmp_path)
    lanes = [event.lanes for event in report.events if _is_of_a_pass(event)]
    assert lanes == sorted(lanes, key=[("Signature 2: Bo",), ("Signature 1: Ada",), ("Signature 3: Cy",)].index)


def _is_of_a_pass(event: Event) -> bool:
    return bool(event.lanes) and event.lanes[0].startswith("Signature ") and event.told is Told.FILLED


def test_a_join_is_told_behind_what_led_to_it_and_then_what_was_kept(tmp_path: Path) -> None:
    moved = [text for text, *_ in told(played(SIGNED, tmp_path), Told.MOVED, Told.SAVED, Told.STATUS)]
    joins = [number for number, text in enumerate(moved) if text.startswith("joined")]
    kept = [number for number, text in enumerate(moved) if text.startswith("remarks")]
    assert joins
    assert kept
    assert kept[0] == joins[-1] + 1
