"""What happened, in the order in which one thing led to the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.machine.commands import PagesLoaded
from casewright.machine.facts import SYSTEM
from casewright.runtime.views import HistoryEntry
from casewright.simulation.ordering import in_causal_order
from casewright.simulation.report import Event, Told
from tests.simulation.stories import VERIFIED, played

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ENTRY = HistoryEntry(
    case_id="C-1",
    seq=1,
    at=NOON,
    actor=SYSTEM,
    kind="PagesLoaded",
    path="",
    key="",
    digest="",
    command=PagesLoaded(),
    pages={},
    bound={},
    interaction=None,
    event=None,
    status="Open",
    stage="a",
    effects=(),
    trace=(),
)


def told(report_events: tuple[Event, ...]) -> list[tuple[str, str, str]]:
    return [(str(event.told), event.case_id, event.text) for event in report_events]


def test_a_story_is_told_in_order(tmp_path: Path) -> None:
    steps = f"{VERIFIED}  - {{submit: identify.details, with: {{card: CARD-1, incident: stolen}}}}\n"
    head = "faults: [{call: cards.block, error: no answer}]\n"
    assert told(played(f"{steps}  - pass: 10s\n", tmp_path, head).events) == [
        ("case", "C-1", "A lost card"),
        ("timer", "C-1", "urgency 10 to 30"),
        ("said", "C-1", "Good day, Ada Lovelace."),
        ("filled", "C-1", ""),
        ("said", "C-1", "Your date of birth?"),
        ("answered", "C-1", "1990-05-12"),
        ("waits", "C-1", "Details"),
        ("filled", "C-1", "card CARD-1, incident stolen"),
        ("call_failed", "C-1", "cards.block"),
        ("time", "", "10s"),
        ("called", "C-1", "cards.block"),
        ("saved", "C-1", "reference BLK-CARD-1"),
        ("skipped", "C-1", "skipped"),
        ("note", "C-1", "Blocked under BLK-CARD-1."),
        ("sent", "C-1", "Your card is blocked"),
        ("status", "C-1", "Resolved-Completed"),
    ]


def test_a_decision_says_the_row_and_the_reason_and_what_was_kept_of_it(tmp_path: Path) -> None:
    steps = f"{VERIFIED}  - {{submit: identify.details, with: {{card: CARD-1}}}}\n  - submit: replacement.delivery\n"
    events = played(steps, tmp_path).events
    decided = next(number for number, event in enumerate(events) if event.told is Told.DECIDED)
    assert (events[decided].text, events[decided].because) == ("fee", "row 3: it takes everything")
    assert (events[decided + 1].told, events[decided + 1].text) == (Told.SAVED, "fee 0")


def test_a_child_is_told_behind_the_step_that_wanted_it(tmp_path: Path) -> None:
    steps = f"{VERIFIED}  - {{submit: identify.details, with: {{card: CARD-1}}}}\n  - submit: replacement.delivery\n"
    events = played(steps, tmp_path).events
    (child,) = [event for event in events if event.told is Told.CHILD]
    assert (child.text, child.detail["parent"], child.because) == ("An ordered card", "C-1", "card CARD-1")
    assert events.index(child) > max(number for number, event in enumerate(events) if event.case_id == "C-1")


def test_a_clock_that_runs_out_is_told_with_what_it_raises(tmp_path: Path) -> None:
    events = played("  - {create: lost, with: {customer_id: C-1}}\n  - pass: 5h\n", tmp_path).events
    assert [event.text for event in events if event.told is Told.TIMER][-2:] == ["deadline passed", "urgency 30 to 60"]


def test_a_refusal_is_told_with_its_reason(tmp_path: Path) -> None:
    events = played(f"{VERIFIED}  - refused: {{submit: identify.details, with: {{crad: 1}}}}\n", tmp_path).events
    assert (events[-1].told, events[-1].text) == (Told.REFUSED, "submit identify.details")
    assert "did you mean 'card'?" in events[-1].because


@given(st.permutations(range(4)), st.permutations(range(4)))
@settings(max_examples=30)
def test_no_entry_is_told_before_the_step_whose_job_it_finishes(order: list[int], numbers: list[int]) -> None:
    parent = [replace(ENTRY, case_id=f"C-{numbers[0]}", seq=seq) for seq in (1, 2)]
    child = replace(ENTRY, case_id=f"C-{numbers[1]}", key=f"job:C-{numbers[0]}.2.1")
    back = replace(ENTRY, case_id=f"C-{numbers[0]}", seq=3, key=f"job:C-{numbers[1]}.1.1")
    entries = [*parent, child, back]
    assert list(in_causal_order(entries[number] for number in order)) == entries


def test_words_are_told_when_they_are_said_and_not_when_they_are_only_shown(tmp_path: Path) -> None:
    steps = (
        "  - {create: lost, with: {customer_id: C-1}}\n  - goto: withdrawn\n  - expect: {status: Resolved-Withdrawn}\n"
    )
    report = played(steps, tmp_path)
    assert report.holds, report.mismatches
    assert "said" not in [str(event.told) for event in report.events]
