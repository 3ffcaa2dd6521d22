"""A lost-card call from shipped rules through the durable engine: checked, explained, played, killed, carried on.

`python examples/demo.py` plays everything below on a fresh SQLite file in a temporary folder. Nothing is staged: each
part runs the same commands that you would type, and prints what they print.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.rule import Rule

from casewright.cli import commands

HERE = Path(__file__).resolve().parents[1]
BANK = Path("extensions/acme_bank")
STANDARD = "lost_card_standard"
VIP = "lost_card_vip"
STOP_WORD = "stands still before COMMIT"
console = Console(highlight=False, width=min(Console().width, 140) if sys.stdout.isatty() else 120)


def main() -> int:
    """Play the parts in order."""
    os.chdir(HERE)
    with tempfile.TemporaryDirectory() as folder:
        for title, part in PARTS:
            console.print()
            console.print(Rule(title, align="left", style="bold"))
            sys.stdout.flush()
            part(Path(folder))
    return 0


def casewright(*words: str) -> None:
    """Print a command, and run it as the command line does."""
    console.print(f"$ casewright {' '.join(words)}", style="bold cyan", soft_wrap=True)
    commands.main([*words], prog_name="casewright", standalone_mode=False)


def check(folder: Path) -> None:
    """Acme's rules on the layers they are built on."""
    casewright("validate", str(BANK))


def explain(folder: Path) -> None:
    """A value that the bank overrode, and a variant, with what lost."""
    casewright("why", "case_type/report_lost_card.sla", "--layer", str(BANK))
    console.print()
    facts = ["--facts", "segment=VIP", "--as-of", "2026-03-02"]
    casewright("why", "dialog/verify_identity.steps.greet.text", "--layer", str(BANK), *facts)


def call(scenario: str) -> Callable[[Path], None]:
    """The call of one customer, on a fresh file."""
    return lambda folder: casewright("run", str(BANK), scenario, "--database", str(folder / f"{scenario}.db"))


def kill(folder: Path) -> None:
    """A process is killed in the middle of a step, when all is written and nothing committed; another carries on."""
    database = folder / "killed.db"
    command = [sys.executable, "-u", __file__, "--victim", str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as victim:
        assert victim.stdout is not None
        for line in victim.stdout:
            print("  |", line, end="")
            if STOP_WORD in line:
                victim.send_signal(signal.SIGKILL)
                break
    console.print(
        f"The process was killed (signal {-victim.returncode}). Another one opens the same file:", style="bold"
    )
    casewright("run", str(BANK), STANDARD, "--database", str(database))


def history(folder: Path) -> None:
    """What the file says about the case that went through the kill."""
    casewright("history", "C-1", "--database", str(folder / "killed.db"))


PARTS: list[tuple[str, Callable[[Path], None]]] = [
    ("1. The rules of a bank, checked on the layers below it", check),
    ("2. Why a value is what it is, and what lost", explain),
    ("3. A standard customer reports a lost card", call(STANDARD)),
    ("4. A VIP customer reports a lost card", call(VIP)),
    ("5. The process is killed in the middle of a step", kill),
    ("6. The history of that case, without a gap", history),
]


def victim(database: str) -> None:
    """Play the standard customer's call, and stand still before the COMMIT of the step that verifies him."""
    connect = sqlite3.connect
    armed = threading.Event()

    def traced(*arguments: Any, **more: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **more)
        connection.set_trace_callback(stand_still)
        return connection

    def stand_still(statement: str) -> None:
        if "'identify.details'" in statement:  # the step that verification leads to is being written
            armed.set()
        if statement == "COMMIT" and armed.is_set():
            print(f"  ... the last answer verifies him: every row is written, and the process {STOP_WORD}", flush=True)
            threading.Event().wait()

    sqlite3.dbapi2.connect = traced  # type: ignore[assignment]
    commands.main(["run", str(BANK), STANDARD, "--database", database], standalone_mode=False)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--victim"]:
        victim(sys.argv[2])
    else:
        sys.exit(main())
