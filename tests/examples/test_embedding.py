"""The host program runs as it stands, and its own function is called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_host_answers_a_call_with_its_own_card_system() -> None:
    environment = {"PYTHONPATH": str(ROOT / "framework"), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, str(ROOT / "examples" / "embedding.py")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert "dana: This call may be recorded." in done.stdout
    assert "the host blocks CARD-1 under key" in done.stdout
    assert "C-1 is Resolved-Blocked" in done.stdout
