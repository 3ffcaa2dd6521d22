"""The examples of tables and trees hold for the rules of Acme Bank."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from casewright.cli import commands

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "examples" / "tables").glob("*.csv"))
KINDS = {"replacement_fee": "decision_table", "replacement_check": "decision_tree"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_example_holds(file: Path) -> None:
    rule = f"{KINDS[file.stem]}/{file.stem}"
    layer = str(ROOT / "extensions" / "acme_bank")
    result = CliRunner().invoke(commands, ["table", rule, "--layer", layer, "--test", str(file)])
    assert result.exit_code == 0, result.output
