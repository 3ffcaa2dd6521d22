"""The story on the terminal: every sort of event has its words, at any width."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casewright.cli.narration import Narrator
from casewright.simulation.report import Event, Told

TEN = datetime(2026, 3, 2, 10, tzinfo=UTC)
CALL = {"arguments": {"card_id": "CARD-1"}, "attempt": 2, "answer": {"reference": "B-1"}, "error": ""}
SENT = {"channel": "email", "to": "ada@example.org", "subject": "Blocked", "body": "Dear Ada,\n\nit is blocked.\n"}


def told(*events: Event, width: int = 100, capsys: pytest.CaptureFixture[str]) -> str:
    narrator = Narrator(width=width)
    for event in events:
        narrator(event)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Event(TEN, Told.SAID, "Hello.", "C-1", "a.b", "anna"), "  a\n  anna         “Hello.”\n"),
        (
            Event(TEN, Told.ANSWERED, "1990", "C-1", "a.b", "customer", "40 points", {"matched": True}),
            "  a\n  customer     “1990”  ✓ 40 points\n",
        ),
        (
            Event(TEN, Told.ANSWERED, "1990", "C-1", "a.b", "customer", "no points", {"matched": False}),
            "  a\n  customer     “1990”  ✗ no points\n",
        ),
        (
            Event(TEN, Told.FILLED, "comment too late", "C-1", "a.b", "omar", "rejected"),
            "  a\n  omar         rejected: comment too late\n",
        ),
        (
            Event(TEN, Told.CALLED, "cards.block", "C-1", "a.b", detail=CALL),
            "  a\n  call         cards.block(card_id CARD-1) (try 2) → {reference: B-1}\n",
        ),
        (
            Event(TEN, Told.CALL_FAILED, "cards.block", "C-1", because="no answer", detail=CALL),
            "  C-1\n  call         cards.block(card_id CARD-1) (try 2) ✗ no answer\n",
        ),
        (
            Event(TEN, Told.SENT, "Blocked", "C-1", "z.y", detail=SENT),
            "  z\n  email        to ada@example.org: Blocked\n"
            "               │ Dear Ada,\n               │\n               │ it is blocked.\n",
        ),
        (
            Event(TEN, Told.SKIPPED, "skipped", "C-1", "a.b", because="when does not hold: x > 0"),
            "  a\n  skipped      b: when does not hold: x > 0\n",
        ),
        (
            Event(TEN, Told.CHILD, "An order", "C-2", because="card CARD-1", detail={"parent": "C-1"}),
            "  child case   An order (C-2) begins for C-1: card CARD-1\n",
        ),
        (
            Event(TEN, Told.WAITS, "Check", "C-1", "a.b", because="queue card_ops", detail={"is_own": False}),
            "  a\n  waits        Check for queue card_ops\n",
        ),
        (Event(TEN, Told.TIME, "2h"), "… 2h go by …\n"),
        (Event(TEN, Told.EVENT, "survey.answered", because="score 8"), "event        survey.answered: score 8\n"),
        (
            Event(TEN, Told.REFUSED, "submit a.b", "C-1", "", "anna", "no such field"),
            "  C-1\n  anna         submit a.b ✗ refused: no such field\n",
        ),
    ],
    ids=lambda value: str(value.told) if isinstance(value, Event) else "",
)
def test_an_event_in_words(event: Event, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(event, capsys=capsys) == words


def test_what_runs_side_by_side_has_headings_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    one, two = ("Identity",), ("Signatures", "Signatures 2: Bo")
    events = [
        Event(TEN, Told.FILLED, "note seen", "C-1", "a.checks.identity.ask", "anna", lanes=one),
        Event(TEN, Told.NOTE, "looked at", "C-1", "a.checks.identity.note", lanes=one),
        Event(TEN, Told.FILLED, "remark gladly", "C-1", "a.checks.sign.each.2.ask", "anna", lanes=two),
        Event(TEN, Told.SAVED, "remarks [gladly]", "C-1"),
        Event(TEN, Told.FILLED, "note more", "C-1", "actions.letter", "anna", lanes=("A letter",)),
    ]
    assert told(*events, capsys=capsys) == (
        "  a\n"
        "    · Identity\n"
        "    anna         note seen\n"
        "    note         looked at\n"
        "    · Signatures\n"
        "      · Signatures 2: Bo\n"
        "      anna         remark gladly\n"
        "  kept         remarks [gladly]\n"
        "    · A letter\n"
        "    anna         note more\n"
    )


@pytest.mark.parametrize("sort", list(Told))
def test_every_sort_of_event_can_be_told(sort: Told, capsys: pytest.CaptureFixture[str]) -> None:
    event = Event(TEN, sort, "something", "C-1", "a.b", "anna", "a reason", {**CALL, **SENT, "until": TEN})
    assert told(event, capsys=capsys)


@pytest.mark.parametrize("width", [30, 40, 60, 100])
def test_no_line_is_wider_than_the_terminal(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    event = Event(TEN, Told.SAID, "word " * 60, "C-1", "a.b", "anna")
    lines = told(event, width=width, capsys=capsys).splitlines()
    assert max(map(len, lines)) <= max(width, 36)
    assert all(line.startswith(" " * 15) for line in lines[2:])


def test_what_its_own_author_does_next_and_empty_submissions_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    own = Event(TEN, Told.WAITS, "Check", "C-1", "a.b", because="operator anna", detail={"is_own": True})
    assert told(own, Event(TEN, Told.FILLED, "", "C-1", "a.b", "anna"), capsys=capsys) == ""


def test_the_time_is_told_when_it_has_gone_on_and_the_case_where_there_are_several(
    capsys: pytest.CaptureFixture[str],
) -> None:
    later = TEN + timedelta(seconds=2)
    story = told(
        Event(TEN, Told.NOTE, "one", "C-1", "a.b"),
        Event(later, Told.NOTE, "two", "C-1", "a.c"),
        Event(later, Told.NOTE, "three", "C-2", "a.b"),
        capsys=capsys,
    )
    assert story.splitlines() == [
        "  a",
        "  note         one",
        "2026-03-02 10:00:02",
        "  note         two",
        "  C-2  a",
        "  note         three",
    ]
