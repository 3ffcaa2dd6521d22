"""`casewright history`: every step of a case, read from a database file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.text import Text

from casewright.cli.console import console, counted, print_json, say
from casewright.cli.options import database_option, json_option
from casewright.errors import CaseNotFound
from casewright.machine.commands import Submit
from casewright.runtime import reading
from casewright.runtime.store.store import Store
from casewright.runtime.views import HistoryEntry
from casewright.simulation.words import instant_words, listed

_QUIET = frozenset({"CloseAssignment", "CancelTimer"})


@click.command("history", short_help="Print every step of a case.")
@click.argument("case_id", metavar="CASE")
@database_option(must_exist=True)
@json_option
def command(case_id: str, database: Path, as_json: bool) -> None:
    """Print every step of CASE: who did what when, why it came out so, and what it led to.

    For example: casewright history C-1 --database cases.db
    """
    store = Store(f"sqlite:///{database}")
    try:
        entries = reading.history(store, case_id)
    finally:
        store.close()
    if not entries:
        raise CaseNotFound(case_id)
    if as_json:
        print_json([_as_json(entry) for entry in entries])
        return
    for entry in entries:
        _print(entry)
    say(f"{counted(len(entries), 'step')}, no gap; {case_id} is {entries[-1].status}", "bold")


def _print(entry: HistoryEntry) -> None:
    line = Text(f"{entry.seq:>4}  ", "dim").append(instant_words(entry.at), "cyan")
    line.append(f"  {entry.kind}", "bold").append("".join(f" {each}" for each in _meant(entry)))
    line.append(f"  by {entry.actor.id}", "dim")
    data = _brought(entry)
    if isinstance(data, dict) and data:
        line.append(f"  {listed(data)}")
    if _outcome(entry) not in ("", "done"):
        line.append(f"  {_outcome(entry)}", "bold")
    out = console()
    out.print(line)
    for path, what, because in entry.trace:
        reason = f": {because}" if because and not what.startswith("bound ") else ""
        out.print(Text(f"        {path}  " if path else "        ", "dim").append(f"{what}{reason}"))
    for kind, words in entry.effects:
        if kind not in _QUIET:
            out.print(Text(f"        → {words}", "dim"))


def _meant(entry: HistoryEntry) -> list[str]:
    """What the command is about: an item, an event that it heard, a timer that was due, a stage to go to."""
    command = entry.command
    named = [entry.path, *(getattr(command, name, "") for name in ("event", "timer", "target"))]
    return [each for each in named if each]


def _brought(entry: HistoryEntry) -> Any:
    """What came with the command: data, the answer to a call, the payload of an event."""
    command = entry.command
    return getattr(command, "data", None) or getattr(command, "result", None) or getattr(command, "payload", None)


def _outcome(entry: HistoryEntry) -> str:
    """What somebody chose when he completed a step; empty where the step of history is no submission."""
    return entry.command.outcome if isinstance(entry.command, Submit) else ""


def _as_json(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor.id,
        "command": entry.kind,
        "path": entry.path,
        "outcome": _outcome(entry),
        "data": getattr(entry.command, "data", None) or {},
        "result": getattr(entry.command, "result", None),
        "event": getattr(entry.command, "event", ""),
        "payload": getattr(entry.command, "payload", None) or {},
        "key": entry.key,
        "status": entry.status,
        "stage": entry.stage,
        "bound": dict(entry.bound),
        "effects": [{"effect": kind, "words": words} for kind, words in entry.effects],
        "trace": [{"path": path, "what": what, "because": because} for path, what, because in entry.trace],
    }
