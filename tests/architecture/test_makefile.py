"""What `make` says to somebody whose machine is not ready."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The outcome of `make` on a copy of the Makefile with the files that its stamps depend on."""
    for name in ("Makefile", "requirements.txt", "requirements-build.txt", "requirements-dev.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(["make", *arguments], cwd=folder, env=clean, capture_output=True, text=True, check=False)


def executable(file: Path, script: str) -> Path:
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def test_an_interpreter_that_is_too_old_is_named_with_what_to_do(tmp_path: Path) -> None:
    old = executable(tmp_path / "python3.8", "exit 1")
    done = make(tmp_path, f"PYTHON={old}", "demo")
    assert done.returncode != 0
    assert f"Casewright needs Python 3.11 or later; tried: {old}." in done.stderr
    assert "make PYTHON=/path/to/python3.12 demo" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_an_interpreter_without_venv_is_named_with_what_to_install(tmp_path: Path) -> None:
    bare = executable(
        tmp_path / "python3.11", 'case "$1" in -c) exit 0;; --version) echo Python 3.11.0;; *) exit 1;; esac'
    )
    done = make(tmp_path, f"PYTHON={bare}", "test")
    assert done.returncode != 0
    assert (
        f"{bare} cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" in done.stderr
    )


def test_make_alone_says_what_can_be_made(tmp_path: Path) -> None:
    said = make(tmp_path).stdout
    assert [line.split()[1] for line in said.splitlines()] == [
        "demo", "test", "check", "bench", "schema", "docs", "clean",
    ]  # fmt: skip
