"""The demo says what the README shows of it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def told() -> str:
    """What the demo prints, with white space folded; it has to end well and within a minute."""
    environment = {"PYTHONPATH": str(ROOT / "framework"), "PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, str(ROOT / "examples" / "demo.py")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return folded(done.stdout)


def folded(text: str) -> str:
    """The text without the times that a machine takes, every run of white space as one space."""
    return re.sub(r"\s+", " ", re.sub(r"\(\d+\.\d+ s\)", "(... s)", text))


def shown() -> list[str]:
    """The lines of the README's excerpt."""
    excerpt = re.search(r"```text\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert excerpt
    return [line for line in excerpt[1].splitlines() if line.strip()]


@pytest.mark.parametrize("line", shown())
def test_a_line_that_the_readme_shows_is_said(line: str, told: str) -> None:
    assert folded(line).strip() in told


def test_a_call_that_failed_is_made_again(told: str) -> None:
    assert "(try 1) ✗ the card system did not answer" in told
    assert "(try 2) → {reference: BLK-CARD-1}" in told


def test_the_case_that_went_through_the_kill_has_a_whole_history(told: str) -> None:
    assert "15 steps, no gap; C-1 is Resolved-Completed" in told
