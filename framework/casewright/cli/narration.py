"""A story on the terminal: events as lines that a person likes to read, safe for any width, plain where it is piped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from textwrap import wrap

from rich.text import Text

from casewright.cli.console import console
from casewright.machine.places import ACTIONS
from casewright.simulation.report import Event, Told
from casewright.simulation.words import instant_words, listed, value_words

MARGIN = 12
"""The column of who speaks or what happens."""

WIDEST = 110

LANE = "·"
"""What stands before the name of a branch, a pass or an action."""


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in the margin, the words, and the style of each."""

    margin: str
    words: str
    style: str = ""
    margin_style: str = "dim"


@dataclass(slots=True)
class Narrator:
    """Prints events as they are told. Headings for the case, the stage and the time are printed when they change."""

    width: int = 0
    _case: str = ""
    _stage: str = ""
    _lanes: tuple[str, ...] = ()
    _at: datetime | None = None
    _cases: set[str] = field(default_factory=set)

    def __call__(self, event: Event) -> None:
        """Prints one event."""
        if is_quiet(event):
            return
        self._time(event)
        self._heading(event)
        line = _LINES[event.told](event)
        self._print(line, "  " * (1 + len(event.lanes)) if event.case_id and event.told is not Told.TIME else "")

    def _time(self, event: Event) -> None:
        is_later = self._at is not None and event.at > self._at
        self._at = event.at if self._at is None else max(self._at, event.at)
        if is_later:
            self._print(Line("", f"{instant_words(event.at)}", "dim cyan"), "")

    def _heading(self, event: Event) -> None:
        if not event.case_id:
            return
        path = event.path.rpartition(".")[0] if event.told is Told.SKIPPED else event.path
        stage = _stage_of(path) or (self._stage if event.case_id == self._case else "")
        is_new = event.told in (Told.CASE, Told.CHILD)
        if (event.case_id, stage) != (self._case, self._stage) and not is_new:
            is_needed = not stage or len(self._cases | {event.case_id}) > 1
            several = f"{event.case_id}  " if is_needed else ""
            if stage or event.case_id != self._case:
                self._print(Line("", f"{several}{stage}".strip(), "bold blue"), "  ")
                self._lanes = ()
        self._cases.add(event.case_id)
        self._case, self._stage = event.case_id, stage
        self._side_by_side(event.lanes)

    def _side_by_side(self, lanes: tuple[str, ...]) -> None:
        """A heading for each branch, pass or action that the story goes into."""
        for depth, name in enumerate(lanes):
            if lanes[: depth + 1] != self._lanes[: depth + 1]:
                self._print(Line("", f"{LANE} {name}", "blue"), "  " * (depth + 2))
        self._lanes = lanes

    def _print(self, line: Line, indent: str) -> None:
        out = console()
        width = min(self.width or (out.width if out.is_terminal else WIDEST), WIDEST)
        lead = indent + line.margin.ljust(MARGIN)[: max(MARGIN, len(line.margin))] + " "
        rest = " " * len(lead) if line.margin else lead
        if not line.margin:
            lead = rest = indent
        rows = [row for part in line.words.split("\n") for row in (wrap(part, max(width - len(rest), 20)) or [""])]
        for number, row in enumerate(rows or [""]):
            text = Text(lead if number == 0 else rest, style=line.margin_style)
            out.print(text.append(row, style=line.style or None))


def _stage_of(path: str) -> str:
    """The stage that a path lies in; an optional action of the case lies in none."""
    first = path.partition(".")[0]
    return "" if first == ACTIONS else first


def is_quiet(event: Event) -> bool:
    """Whether the story reads better without it: an empty submission, work that its own author does next."""
    if event.told is Told.FILLED:
        return not event.text and not event.because
    if event.told is Told.WAITS:
        return bool(event.detail.get("is_own"))
    return False


def _case(event: Event) -> Line:
    said = f"{event.text} ({event.case_id})"
    words = f"{said}: {event.because}" if event.because else said
    return Line(event.actor, words, "bold", "bold green")


def _child(event: Event) -> Line:
    words = f"{event.text} ({event.case_id}) begins for {event.detail.get('parent', '')}"
    return Line("child case", f"{words}: {event.because}" if event.because else words, "bold", "bold green")


def _said(event: Event) -> Line:
    return Line(event.actor, f"“{event.text}”", "italic", "bold")


def _answered(event: Event) -> Line:
    mark = {True: "  ✓ ", False: "  ✗ "}.get(event.detail.get("matched"), "  ")  # type: ignore[arg-type]
    because = f"{mark}{event.because}" if event.because else ""
    return Line(event.actor, f"“{event.text}”{because}", "", "bold magenta")


def _filled(event: Event) -> Line:
    words = ": ".join(part for part in (event.because, event.text) if part)
    return Line(event.actor, words, "", "bold")


def _called(event: Event) -> Line:
    tried = f" (try {event.detail['attempt']})" if event.detail["attempt"] > 1 else ""
    answer = value_words(event.detail["answer"])
    return Line("call", f"{event.text}({listed(event.detail['arguments'])}){tried} → {answer}", "green")


def _call_failed(event: Event) -> Line:
    arguments = listed(event.detail["arguments"])
    return Line("call", f"{event.text}({arguments}) (try {event.detail['attempt']}) ✗ {event.because}", "red")


def _sent(event: Event) -> Line:
    detail = event.detail
    body = "\n".join(f"│ {row}" for row in str(detail["body"]).strip().split("\n"))
    return Line(str(detail["channel"]), f"to {detail['to']}: {event.text}\n{body}", "cyan")


def _waits(event: Event) -> Line:
    return Line("waits", f"{event.text} for {event.because}" if "until" not in event.detail else event.because, "dim")


def _plain(margin: str, style: str = "", margin_style: str = "dim") -> Callable[[Event], Line]:
    def line(event: Event) -> Line:
        words = f"{event.text}: {event.because}" if event.because else event.text
        return Line(margin, words, style, margin_style)

    return line


def _skipped(event: Event) -> Line:
    return Line("skipped", f"{event.path.rpartition('.')[2]}: {event.because}", "dim")


def _commanded(event: Event) -> Line:
    because = f": {event.because}" if event.because else ""
    return Line(event.actor, f"{event.text}{because}", "", "bold")


def _refused(event: Event) -> Line:
    return Line(event.actor, f"{event.text} ✗ refused: {event.because}", "yellow", "bold")


_LINES: Mapping[Told, Callable[[Event], Line]] = {
    Told.CASE: _case,
    Told.CHILD: _child,
    Told.SAID: _said,
    Told.SHOWN: _plain("shown", "italic dim"),
    Told.ANSWERED: _answered,
    Told.FILLED: _filled,
    Told.DECIDED: _plain("decided"),
    Told.VARIANT: _plain("variant", "magenta"),
    Told.SKIPPED: _skipped,
    Told.WAITS: _waits,
    Told.CALLED: _called,
    Told.CALL_FAILED: _call_failed,
    Told.GIVEN_UP: _plain("failed", "bold red"),
    Told.INCIDENT: _plain("incident", "bold red", "bold red"),
    Told.SAVED: _plain("kept", "dim"),
    Told.SENT: _sent,
    Told.NOTE: _plain("note", "yellow"),
    Told.EVENT: _plain("event", "blue"),
    Told.HEARD: _plain("hears", "blue"),
    Told.BEGINS: _plain("begins", "blue"),
    Told.ENDED: _plain("ends", "yellow"),
    Told.MILESTONE: _plain("milestone", "bold green"),
    Told.TIMER: _plain("clock", "yellow"),
    Told.TIME: lambda event: Line("", f"… {event.text} go by …", "dim cyan"),
    Told.MOVED: _plain("goes on", "blue"),
    Told.STATUS: _plain("status", "bold green"),
    Told.COMMAND: _commanded,
    Told.REFUSED: _refused,
    Told.RESUMED: _plain("", "bold yellow"),
}
