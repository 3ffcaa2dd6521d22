"""`history`: what was chosen, how often it was tried, what a table gave."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, write
from tests.simulation.stories import HEAD, RULES, VERIFIED

STEPS = """\
  - {submit: identify.details, with: {card: CARD-1, incident: lost}}
  - pass: 5s
  - {submit: replacement.delivery, with: {shipping: express}}
  - {pass: 3h}
  - {approve: make.check, case: order, as: omar}
"""


@pytest.fixture
def played(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Runs commands beside the database `x.db` of a story in which a call fails once and an order is approved."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "stories", {f"{name}.yaml": text for name, text in RULES.items()})
    fault = "faults: [{call: cards.block, error: the line is busy}]\n"
    write(tmp_path, {"story.yaml": f"{HEAD}{fault}steps:\n{VERIFIED}{STEPS}"})
    assert cli("run", "stories", "story.yaml", "--database", "x.db").exit_code == 0
    return cli


def test_the_history_of_an_approval_shows_the_yes(played: Cli) -> None:
    said = played("history", "C-2", "--database", "x.db").output
    assert "Submit make.check  by omar  approved\n" in said
    entries = json.loads(played("history", "C-2", "--database", "x.db", "--json").output)
    assert [entry["outcome"] for entry in entries if entry["path"] == "make.check"] == ["approved"]


def test_the_history_shows_at_which_try_a_call_was_answered(played: Cli) -> None:
    said = played("history", "C-1", "--database", "x.db").output
    assert "block.block_card  answered at try 2: connector 'cards.block' failed: the line is busy\n" in said, said


def test_the_history_shows_what_a_table_gave(played: Cli) -> None:
    said = played("history", "C-1", "--database", "x.db").output
    assert '  decision_table/fee: row 2: shipping "express" is "express"' in said
    assert "replacement.price  gave: fee 15.00, reason two working days\n" in said, said


def test_the_history_shows_which_timer_was_due(played: Cli) -> None:
    said = played("history", "C-2", "--database", "x.db").output
    assert "Fire make.press#1:wait  by system\n" in said, said
