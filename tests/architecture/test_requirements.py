"""The requirement files pin what the package asks for, exactly, and say nothing of where it comes from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
FILES = ("requirements.txt", "requirements-build.txt", "requirements-dev.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(file: str) -> dict[str, str]:
    """Name to version of a requirement file, with what it includes."""
    found: dict[str, str] = {}
    for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            found |= pins(line.removeprefix("-r "))
        elif line and not line.startswith("#"):
            name, _, version = line.partition("==")
            found[canonicalize_name(name)] = version
    return found


@pytest.mark.parametrize("file", FILES)
def test_every_line_is_one_exact_version_and_no_address(file: str) -> None:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    strange = [line for line in lines if line and not re.fullmatch(r"#.*|-r [a-z-]+\.txt|[\w.-]+==[\w.]+", line)]
    assert strange == []


@pytest.mark.parametrize(
    ("asked", "file"),
    [
        (PROJECT["project"]["dependencies"], "requirements.txt"),
        (PROJECT["project"]["optional-dependencies"]["fast"], "requirements.txt"),
        (PROJECT["build-system"]["requires"], "requirements-build.txt"),
    ],
)
def test_what_the_package_asks_for_is_pinned_within_its_bounds(asked: list[str], file: str) -> None:
    pinned = pins(file)
    for requirement in map(Requirement, asked):
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), requirement
