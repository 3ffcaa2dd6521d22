"""A case as a row, and back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from casewright.machine.effects import StartTimer
from casewright.machine.snapshot import Snapshot
from casewright.runtime.store.cases import inner_state, kept_from, new_row
from casewright.runtime.store.instants import to_micros
from tests.machine.plans import two_step_start

NOON = datetime(2026, 11, 22, 12, 0, 0, 250, tzinfo=UTC)


def read_again(case: Snapshot) -> Snapshot:
    """What a read gives of the case's own row; there is none of an item."""
    return kept_from([(*new_row(case, "R-1", 0, "{}"), *[None] * 7)]).snapshot


def due(instant: datetime) -> Snapshot:
    return replace(two_step_start(), items={}, timers={"t": StartTimer("t", instant, "wait", "work.first", 2)})


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-3, minutes=-30))])
def test_a_timer_comes_back_with_its_instant_and_its_offset(zone: timezone) -> None:
    case = due(NOON.astimezone(zone))
    (timer,) = read_again(case).timers.values()
    assert timer == case.timers["t"]
    assert timer.due.utcoffset() == case.timers["t"].due.utcoffset()


def test_a_timer_whose_instant_was_kept_as_a_text_is_read_too() -> None:
    row = new_row(due(NOON), "R-1", 0, "{}")
    text = inner_state(due(NOON)).replace(f"{to_micros(NOON)}", f'"{NOON.isoformat()}"')
    assert "2026-11-22T12:00" in text
    assert kept_from([(*row[:-1], text, *[None] * 7)]).snapshot.timers["t"].due == NOON
