"""The door: help, version, names that are nearly right, and errors in one voice."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import click
import pytest

from casewright.cli import commands, group
from tests.cli.conftest import Cli

NAMES = commands.list_commands(click.Context(commands))


def test_help_lists_every_command_in_a_whole_sentence(cli: Cli) -> None:
    lines = cli("--help").output.partition("Commands:")[2].strip().splitlines()
    assert [line.split()[0] for line in lines] == NAMES
    assert all(line.endswith(".") and not line.endswith("...") for line in lines)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_explains_itself_and_its_options_and_gives_an_example(name: str, cli: Cli) -> None:
    result = cli(name, "--help")
    assert result.exit_code == 0
    assert f"Usage: casewright {name}" in result.output
    assert f"For example: casewright {name}" in " ".join(result.output.split())
    command = commands.get_command(click.Context(commands), name)
    assert command is not None
    assert [each.name for each in command.params if isinstance(each, click.Option) and not each.help] == []


def test_a_misspelt_command_is_told_what_it_is_near_to(cli: Cli) -> None:
    result = cli("validat")
    assert result.exit_code == 2
    assert "there is no command 'validat'; did you mean 'validate'?" in result.output


def test_the_version_is_said(cli: Cli) -> None:
    assert cli("--version").output.startswith("casewright ")


def test_rules_that_cannot_be_loaded_at_all_are_said_in_a_line(cli: Cli, tmp_path: Path) -> None:
    result = cli("why", "case_type/x", "--layer", str(tmp_path))
    assert result.exit_code == 1
    assert "there is no layer.yaml here" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("words", [("validate", "."), ("--help",)])
def test_a_library_that_is_not_installed_is_said_in_a_line(
    words: tuple[str, ...], cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def importing(name: str) -> ModuleType:
        raise ModuleNotFoundError("No module named 'rich'", name="rich.text")

    monkeypatch.setattr(group, "import_module", importing)
    result = cli(*words)
    assert result.exit_code == 1
    assert result.output.startswith("Error: rich is needed by casewright and is not installed; run: ")
    assert result.output.endswith(" -m pip install rich\n")


def test_schemas_are_written_or_checked_and_never_both(cli: Cli, tmp_path: Path) -> None:
    for options in ((), ("--write", "--check")):
        result = cli("schema", *options, "--to", str(tmp_path / "made"))
        assert result.exit_code == 2
        assert "say what to do, one of both: casewright schema --write" in result.output
    assert not (tmp_path / "made").exists()
    assert cli("schema", "--write", "--to", str(tmp_path / "made")).exit_code == 0
    assert cli("schema", "--check", "--to", str(tmp_path / "made")).exit_code == 0
