"""Races that a noisy machine cannot decide: contestants take turns, op by op, and medians are compared."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from rich.table import Table

Op = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Contestant:
    """An operation to be timed, and what has to be done before each one, which is not."""

    run: Op
    prepare: Op | None = None
    repeat: int = 1
    """How often one turn runs the operation: many where one takes less than the clock can tell."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `ratio` is what `bar` speaks of; `holds` is None where no bar is set."""

    name: str
    value: float
    unit: str
    peer: str = ""
    peer_value: float | None = None
    ratio: float | None = None
    bar: str = ""
    holds: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """The row for `bench.json`, with figures that a person can read."""
        return {key: rounded(value) if isinstance(value, float) else value for key, value in asdict(self).items()}


def race(contestants: Mapping[str, Contestant], turns: int, *, warm: bool = True, seed: int = 7) -> dict[str, float]:
    """The median seconds of one operation of each contestant, all taking turns in random order.

    With `warm` each has one turn beforehand that is not counted.
    """
    order, shuffle = list(contestants), random.Random(seed).shuffle
    taken: dict[str, list[float]] = {name: [] for name in order}
    if warm:
        for contestant in contestants.values():
            turn(contestant)
    for _ in range(turns):
        shuffle(order)
        for name in order:
            taken[name].append(turn(contestants[name]))
    return {name: median(times) for name, times in taken.items()}


def turn(contestant: Contestant) -> float:
    """The seconds that one operation takes now."""
    if contestant.prepare:
        contestant.prepare()
    run, repeats = contestant.run, range(contestant.repeat)
    begin = time.perf_counter()
    for _ in repeats:
        run()
    return (time.perf_counter() - begin) / contestant.repeat


def at_most(name: str, ours: float, peer: str, theirs: float, bar: float, unit: str = "us") -> Row:
    """A row that holds where our time is at most `bar` times the peer's."""
    ratio = ours / theirs
    scale = SCALES[unit]
    return Row(name, ours * scale, unit, peer, theirs * scale, ratio, f"at most {bar:g}x its time", ratio <= bar)


def at_least(name: str, ours: float, peer: str, theirs: float, bar: float) -> Row:
    """A row that holds where our throughput is at least `bar` times the peer's; given are seconds per operation."""
    ratio = theirs / ours
    return Row(name, 1 / ours, "/s", peer, 1 / theirs, ratio, f"at least {bar:g}x its rate", ratio >= bar)


def below(name: str, ours: float, most: float, unit: str = "us") -> Row:
    """A row that holds where our time is below `most`, both in seconds."""
    scale = SCALES[unit]
    return Row(name, ours * scale, unit, bar=f"under {most * scale:g} {unit}", holds=ours < most)


def figure(name: str, ours: float, unit: str = "us", peer: str = "", theirs: float | None = None) -> Row:
    """A row that is printed for its own sake."""
    scale = SCALES[unit]
    ratio = ours / theirs if theirs else None
    return Row(name, ours * scale, unit, peer, theirs * scale if theirs else None, ratio)


SCALES = {"us": 1e6, "ms": 1e3, "s": 1.0}


def table_of(rows: Sequence[Row]) -> Table:
    """The rows as they are printed."""
    table = Table(title="Casewright beside its peers", caption="medians of operations that took turns in one run")
    for heading, side in (("", "left"), ("ours", "right"), ("peer", "left"), ("theirs", "right")):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    table.add_column("ratio", justify="right")
    table.add_column("bar")
    table.add_column("")
    for row in rows:
        table.add_row(row.name, shown(row.value, row.unit), row.peer, shown(row.peer_value, row.unit), *verdict(row))
    return table


def verdict(row: Row) -> tuple[str, str, str]:
    """The ratio, the bar, and whether it holds."""
    said = {True: "[green]holds", False: "[bold red]misses", None: ""}[row.holds]
    return ("" if row.ratio is None else f"{row.ratio:.2f}", row.bar, said)


def shown(value: float | None, unit: str) -> str:
    return "" if value is None else f"{rounded(value):,g} {unit}"


def rounded(value: float) -> float:
    """Three significant digits below a thousand, whole numbers above."""
    return round(value) if abs(value) >= 1000 else float(f"{value:.3g}")
