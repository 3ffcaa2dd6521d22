"""What the page of the command line shows is what the commands say."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from casewright.cli import commands

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "command_line.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^```text\n\$ casewright ([^\n]*)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^```yaml\n# (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def said(line: str, folder: Path) -> str:
    """What a command of the page says, without the time that it took, and with paths as the page has them."""
    arguments = [each if each not in ("my_bank", "cases.db") else f"{folder}/{each}" for each in shlex.split(line)]
    output = CliRunner(env={"COLUMNS": "200"}).invoke(commands, arguments).output
    output = output.replace(f"{folder}/", "").replace(f"{ROOT}/", "")
    return timeless("\n".join(each.rstrip() for each in output.rstrip().splitlines()))


def timeless(text: str) -> str:
    return re.sub(r"\d+\.\d\d s\b", "0.00 s", text)


def pattern(shown: str) -> str:
    """What is shown, where a line of three dots stands for any lines."""
    return r"(?:\n.*)*".join(map(re.escape, timeless(shown.rstrip()).split("\n...")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The layer of the page on first layers, with the file that this page shows."""
    made = tmp_path_factory.mktemp("shown")
    first = (ROOT / "docs" / "first_layer.md").read_text(encoding="utf-8")
    for name, text in [*FILE.findall(first), *FILE.findall(PAGE)]:
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text, encoding="utf-8")
    return made


@pytest.mark.parametrize(("line", "shown"), SHOWN, ids=[line for line, _ in SHOWN])
def test_a_command_says_what_the_page_shows(
    line: str, shown: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    if line.startswith("history"):
        said("run examples/patterns deferred_choice_time --database cases.db", folder)
    answer = said(line, folder)
    assert re.fullmatch(pattern(shown), answer), answer


def test_every_command_is_shown_at_work() -> None:
    shown = {line.split()[0] for line, _ in SHOWN}
    assert set(commands.list_commands(click.Context(commands))) - shown == {"schema"}
