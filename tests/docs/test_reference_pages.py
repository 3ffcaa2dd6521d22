"""What is public is documented: the API, the commands with their options, the scenario format."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

import casewright
from casewright.cli import commands
from casewright.errors import CasewrightError
from casewright.simulation import wording

DOCS = Path(__file__).resolve().parents[2] / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    found = re.search(rf"(?ms)^(#+) {re.escape(heading)}$(.*?)(?=^#{{1,3}} |\Z)", text)
    assert found, f"there is no section '{heading}'"
    return found[2]


@pytest.mark.parametrize("name", sorted(casewright.__all__))
def test_every_public_name_has_a_section(name: str) -> None:
    assert section(page("api.md"), name).strip()


def test_every_section_of_the_api_is_a_public_name() -> None:
    assert set(re.findall(r"(?m)^### (\S+)$", page("api.md"))) == set(casewright.__all__)


def test_every_public_name_can_be_imported() -> None:
    for name in casewright.__all__:
        assert getattr(casewright, name) is not None
    assert set(casewright.__all__) <= set(dir(casewright))
    with pytest.raises(AttributeError):
        _ = casewright.nothing_of_the_kind


def test_public_exceptions_derive_from_one() -> None:
    exceptions = [getattr(casewright, name) for name in casewright.__all__]
    assert all(
        issubclass(each, CasewrightError)
        for each in exceptions
        if isinstance(each, type) and issubclass(each, Exception)
    )


def test_every_public_method_of_the_engine_is_documented() -> None:
    parts = [each for each in casewright.Engine.__mro__ if each is not object]
    methods = {name for part in parts for name in vars(part) if not name.startswith("_")}
    said = section(page("api.md"), "Engine")
    assert [name for name in sorted(methods) if not re.search(rf"\b{name}\b", said)] == []


def test_every_command_and_option_is_documented() -> None:
    context = click.Context(commands)
    for name in commands.list_commands(context):
        command = commands.get_command(context, name)
        assert command is not None
        said = section(page("command_line.md"), name)
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.opts[0] in said, f"{name} {parameter.opts[0]}"


def test_every_key_of_a_scenario_is_documented() -> None:
    schema = json.loads(wording.schema_text())
    text = page("scenarios.md")
    keys = set(schema["properties"])
    for name in ("step", "expect", "fault", "actor", "target", "message"):
        keys |= set(schema["definitions"][name]["properties"])
    missing = sorted(key for key in keys if not re.search(rf"`[^`]*\b{key}\b[^`]*`", text) and f" {key}:" not in text)
    assert missing == []


def test_the_version_is_that_of_the_package() -> None:
    pyproject = (DOCS.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{casewright.__version__}"' in pyproject


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, casewright; print([m for m in ('sqlalchemy', 'yaml', 'click', 'asyncio') if m in sys.modules])"
    path = str(DOCS.parent / "framework")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": path})
    assert done.stdout.strip() == "[]"
