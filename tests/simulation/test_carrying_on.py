"""A story on a file: the process is killed in the middle, and another one carries on from the file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from casewright.opening import open_engine
from casewright.runtime.views import HistoryEntry
from casewright.simulation.playing import play
from casewright.simulation.reading import read_scenario
from casewright.simulation.report import Told
from tests.simulation.stories import HEAD, RULES, VERIFIED, application

STEPS = (
    VERIFIED
    + """\
  - {submit: identify.details, with: {card: CARD-1, incident: lost}}
  - pass: 10s
  - {submit: replacement.delivery, with: {shipping: express}}
  - expect: {status: Resolved-Completed, data: {fee: 15, reference: BLK-CARD-1}, sent: [blocked], children: [order]}
  - {publish: survey.answered, with: {score: 3}}
  - pass: 2h
  - expect: {cases: {lost: 1, order: 1, call_back: 1}}
  - {approve: make.check, case: order, as: omar}
  - expect: {status: Resolved-Completed}
    case: order
"""
)
TEXT = f"{HEAD}faults: [{{call: cards.block, error: no answer}}]\nsteps:\n{STEPS}"


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """The stories' layer on disk, with this story in it."""
    for name, text in RULES.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "story.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def killed_at(words: str, layer: Path) -> None:
    """Runs the story in another process, and kills that one when it has told these words."""
    command = [sys.executable, "-u", "-m", "casewright", "run", str(layer), "story", "--database", str(layer / "x.db")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, encoding="utf-8") as process:
        assert process.stdout is not None
        seen = []
        for line in process.stdout:
            seen.append(line)
            if words in line:
                process.send_signal(signal.SIGKILL)
                break
        else:
            pytest.fail(f"'{words}' was never told:\n{''.join(seen)}")


def histories(database: str) -> Iterator[tuple[HistoryEntry, ...]]:
    with open_engine(application(), database=database) as engine:
        for line in engine.cases():
            yield engine.history(line.id)


@pytest.mark.parametrize(
    "words",
    ["A lost card", "Your date of birth?", "card CARD-1, incident lost", "(try 1)", "(try 2)", "shipping express"],
)
def test_a_story_whose_process_was_killed_carries_on_from_the_file(words: str, layer: Path) -> None:
    killed_at(words, layer)
    scenario, _ = read_scenario(layer / "story.yaml")
    assert scenario is not None
    report = play(scenario, application(), database=f"sqlite:///{layer / 'x.db'}")
    assert [str(each) for each in report.mismatches] == []
    assert report.resumed > 0
    for entries in histories(f"sqlite:///{layer / 'x.db'}"):
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        keys = [entry.key for entry in entries if entry.key]
        assert len(keys) == len(set(keys))


def test_a_story_that_ended_is_not_played_twice(layer: Path) -> None:
    scenario, _ = read_scenario(layer / "story.yaml")
    assert scenario is not None
    database = f"sqlite:///{layer / 'x.db'}"
    first, second = play(scenario, application(), database=database), play(scenario, application(), database=database)
    assert (first.resumed, second.resumed) == (0, 7)
    assert [event.told for event in second.events if event.told is not Told.TIME] == [Told.RESUMED]
    assert second.holds


def test_two_stories_share_a_file(layer: Path) -> None:
    database = f"sqlite:///{layer / 'x.db'}"
    (layer / "other.yaml").write_text(TEXT.replace("A story", '"A story:1"'), encoding="utf-8")
    for name in ("story", "other"):
        scenario, _ = read_scenario(layer / f"{name}.yaml")
        assert scenario is not None
        report = play(scenario, application(), database=database)
        assert report.resumed == 0
        mismatches = [each.what for each in report.mismatches]
        assert mismatches == ([] if name == "story" else ["cases.lost", "cases.order", "cases.call_back"])
