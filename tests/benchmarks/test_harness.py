"""A row says the ratio that its bar speaks of, and contestants take turns."""

from __future__ import annotations

import pytest

from benchmarks.harness import Contestant, Row, at_least, at_most, below, race


@pytest.mark.parametrize(
    ("row", "ratio", "holds"),
    [
        (at_most("a", ours=2e-6, peer="p", theirs=1e-6, bar=2.0), 2.0, True),
        (at_most("a", ours=3e-6, peer="p", theirs=1e-6, bar=2.0), 3.0, False),
        (at_least("a", ours=2e-3, peer="p", theirs=1e-3, bar=0.75), 0.5, False),
        (at_least("a", ours=1e-3, peer="p", theirs=1e-3, bar=0.75), 1.0, True),
        (below("a", ours=4e-6, most=5e-6), None, True),
    ],
)
def test_a_row_holds_where_its_ratio_meets_the_bar(row: Row, ratio: float | None, holds: bool) -> None:
    assert row.ratio == (None if ratio is None else pytest.approx(ratio))
    assert row.holds is holds


def test_a_row_in_json_has_figures_that_a_person_can_read() -> None:
    row = at_most("compile", ours=1.23456, peer="yaml.load", theirs=0.5, bar=3.0, unit="s")
    assert row.as_json() == {
        "name": "compile",
        "value": 1.23,
        "unit": "s",
        "peer": "yaml.load",
        "peer_value": 0.5,
        "ratio": 2.47,
        "bar": "at most 3x its time",
        "holds": True,
    }


def test_contestants_take_turns_and_are_prepared_before_each_one() -> None:
    log: list[str] = []
    turns = {
        "ours": Contestant(lambda: log.append("ours"), prepare=lambda: log.append("ready")),
        "peer": Contestant(lambda: log.append("peer"), repeat=2),
    }
    taken = race(turns, turns=3, warm=False)
    assert set(taken) == {"ours", "peer"}
    rounds = [sorted(log[begin : begin + 4]) for begin in range(0, len(log), 4)]
    assert rounds == [["ours", "peer", "peer", "ready"]] * 3
