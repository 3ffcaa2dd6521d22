"""YAML text to nodes with places, or to problems: libyaml's events, and no YAML feature that a reader has to know."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

import yaml

from casewright.errors import MissingLibrary
from casewright.source.layouts import layout_of, lines_of
from casewright.source.node import Node, SourceFile
from casewright.source.traps import comment_traps, syntax_problem, unfinished
from casewright.values import Problem, Related, Span

DEEPEST = 64
"""How many maps and lists may lie in each other."""

LONGEST = 4_000_000
"""How many characters a file may have."""

MOST = 100
"""How many mistakes of one file are told."""

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_SCALAR, _MAP_END, _LIST_END = yaml.ScalarEvent, yaml.MappingEndEvent, yaml.SequenceEndEvent


class _Unreadable(Exception):
    """Ends the reading of a file, which cannot be understood from here on."""


def read(text: str | bytes, file: SourceFile) -> tuple[Node | None, tuple[Problem, ...]]:
    """The document in `text` as nodes, and what is wrong with it. The node is None where nothing can be understood.

    Scalars stay text as written; `quoted` says that a scalar stood in quotes or in a block. Never raises for what an
    author wrote; raises MissingLibrary where PyYAML was built without libyaml.
    """
    loader = _loader()
    decoded = _decode(text, file)
    if isinstance(decoded, Problem):
        return None, (decoded,)
    if len(decoded) > LONGEST:
        message = f"the file has {len(decoded):,} characters; {LONGEST:,} is the limit"
        return None, (Problem(Span(file.path, 1, 1, file.layer), "E115", message, help="split it into several rules"),)
    reading = _Reading(decoded, file)
    return reading.document(loader), tuple(reading.problems)


def _loader() -> Callable[[str], Any]:
    try:
        return yaml.CSafeLoader
    except AttributeError:
        raise MissingLibrary("libyaml", "to read rules", "pip install --force-reinstall pyyaml") from None


def decoded(content: bytes, file: SourceFile) -> str | Problem:
    """The text of a file that is no YAML; a problem where it is not UTF-8 or holds a control character."""
    text = _decode(content, file)
    return text if isinstance(text, Problem) or not _FORBIDDEN.search(text) else bad_character(text, file)


def _decode(text: str | bytes, file: SourceFile) -> str | Problem:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as wrong:
        before = text[: wrong.start].decode("utf-8")
        lines = lines_of(before)
        span = Span(file.path, len(lines), len(lines[-1]) + 1, file.layer)
        sheet = ", which spreadsheets call CSV UTF-8" if file.path.endswith(".csv") else ""
        message, help = f"byte 0x{text[wrong.start]:02x} is not UTF-8", f"save the file as UTF-8{sheet}"
        return Problem(span, "E116", message, help=help)


def bad_character(text: str, file: SourceFile) -> Problem:
    """E116: the first character of a text that no file may hold."""
    found = _FORBIDDEN.search(text)
    start = found.start() if found else 0
    before = lines_of(text[:start])
    span = Span(file.path, len(before), len(before[-1]) + 1, file.layer)
    message = f"control character U+{ord(text[start]) if text else 0:04X}"
    return Problem(span, "E116", message, help="delete it, or write it as an escape in quotes")


class _Reading:
    """One pass over the events of one file, collecting problems."""

    __slots__ = ("cut", "file", "lines", "next", "problems", "text")

    def __init__(self, text: str, file: SourceFile) -> None:
        self.text = text
        self.file = file
        file.layouts.clear()
        self.problems: list[Problem] = []
        self.lines: list[str] | None = None
        self.cut = comment_traps(text)

    def document(self, loader: Callable[[str], Any]) -> Node | None:
        try:
            parser = loader(self.text)
            self.next = parser.get_event
            return self._document()
        except _Unreadable:
            return None
        except (yaml.reader.ReaderError, UnicodeEncodeError):
            self.problems.append(bad_character(self.text, self.file))
        except yaml.MarkedYAMLError as error:
            self.problems.append(syntax_problem(error, self.text, self.file))
        return None

    def _document(self) -> Node | None:
        self.next()
        if self.next().__class__ is yaml.StreamEndEvent:
            message = "there are only comments in the file" if self.text.strip() else "the file is empty"
            self._report(1, 1, "E113", message, "begin with `define: KIND/ID` or `scenario: NAME`, or delete the file")
            return None
        event = self.next()
        root = self._node(event, 0, 0, 1, False)
        self.next()
        event = self.next()
        if event.__class__ is not yaml.StreamEndEvent:
            mark = event.start_mark
            message = "a second document begins here; a file holds one rule"
            self._report(mark.line + 1, mark.column + 1, "E113", message, help="move it to a file of its own")
        return root

    def _node(self, event: Any, key_line: int, key_column: int, depth: int, flow: bool) -> Node:
        """The node that begins with `event`."""
        kind = event.__class__
        if kind is _SCALAR:
            return self._scalar(event, key_line, key_column, flow)
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if kind is yaml.AliasEvent:
            self._report(line, column, "E111", f"'*{event.anchor}' is a YAML alias", help=_NO_ALIAS)
            return Node("", self.file, line, column, key_line, key_column)
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event, line, column)
        if depth > DEEPEST:
            self._stop(line, column, f"nested more than {DEEPEST} deep")
        value = (self._list if kind is yaml.SequenceStartEvent else self._map)(depth + 1, flow or event.flow_style)
        return Node(value, self.file, line, column, key_line, key_column)

    def _scalar(self, event: Any, key_line: int, key_column: int, flow: bool) -> Node:
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event, line, column)
        quoted = bool(event.style)
        value = event.value if event.tag is None else self._written(line, column)
        self._lay_out(event)
        if not quoted:
            if flow and value[:1] == "=":
                self._check_finished(value, line, column)
            if self.cut and mark.line in self.cut:
                self._check_comment(event, value, line, column)
        return Node(value, self.file, line, column, key_line, key_column, quoted)

    def _lay_out(self, event: Any) -> None:
        """Keeps where the text of a scalar stands, where it is of several lines or has escapes."""
        start, end = event.start_mark, event.end_mark
        if start.line == end.line and (not event.style or end.index - start.index == len(event.value) + 2):
            return
        written = self.text[start.index : end.index]
        layout = layout_of(event.value, written, event.style or "", start.line + 1, start.column + 1)
        if layout is not None:
            self.file.layouts[start.line + 1, start.column + 1] = layout

    def _list(self, depth: int, flow: bool) -> tuple[Node, ...]:
        items = []
        event = self.next()
        while event.__class__ is not _LIST_END:
            items.append(self._node(event, 0, 0, depth, flow))
            event = self.next()
        return tuple(items)

    def _map(self, depth: int, flow: bool) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        take, file = self.next, self.file
        end: Any
        event = take()
        while event.__class__ is not _MAP_END:
            mark: Any = event.start_mark
            line, column = mark.line + 1, mark.column + 1
            if event.__class__ is not _SCALAR or event.anchor or event.tag or (event.value == "<<" and not event.style):
                self._key(event, line, column, depth)
                self._node(take(), line, column, depth, flow)
                event = take()
                continue
            name = event.value
            event = take()
            if event.__class__ is not _SCALAR:
                node = self._node(event, line, column, depth, flow)
                if event.__class__ is yaml.AliasEvent:
                    event = take()
                    continue
            elif event.anchor is None and event.tag is None and (event.style or not (flow or self.cut)):
                mark, end = event.start_mark, event.end_mark
                if event.style or end.line != mark.line:
                    self._lay_out(event)
                node = Node(event.value, file, mark.line + 1, mark.column + 1, line, column, bool(event.style))
            else:
                node = self._scalar(event, line, column, flow)
                if flow and not node.value and not node.quoted:
                    self._valueless(name, line, column)
                    event = take()
                    continue
            if name in entries:
                self._duplicate(name, entries[name], node)
            else:
                entries[name] = node
            event = take()
        return entries

    def _key(self, event: Any, line: int, column: int, depth: int) -> None:
        """Reports a key that is no plain word; its entry is left out."""
        if event.__class__ is not _SCALAR:
            self._node(event, 0, 0, depth, True)
            self._report(line, column, "E117", "a key must be a word, not a map or a list", help=_QUOTE_BRACES)
            return
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event, line, column)
        if event.value == "<<":
            self._report(line, column, "E111", "'<<' is a YAML merge key", help=_NO_ALIAS)

    def _duplicate(self, name: str, first: Node, second: Node) -> None:
        where = first.key
        related = (Related(where, f"'{name}' stands here first"),)
        message = f"duplicate key '{name}'; first at {where}"
        self._tell(Problem(second.key, "E101", message, related, "keep one of the two"))

    def _refuse_properties(self, event: Any, line: int, column: int) -> None:
        if event.anchor is not None:
            self._report(line, column, "E111", f"'&{event.anchor}' is a YAML anchor", help=_NO_ALIAS)
        if event.tag is not None:
            written = self._written(line, column)
            word = written.split(" ")[0]
            message = f"'{word}' is a YAML tag, because a plain text that begins with '!' is one"
            self._report(line, column, "E112", message, help=f"write `not` for `!`, or quote it: '{written}'")

    def _written(self, line: int, column: int) -> str:
        """The source from a place to the end of its line."""
        return self._lines()[line - 1][column - 1 :].rstrip()

    def _lines(self) -> list[str]:
        """The lines of the text, split when the first mistake is told."""
        if self.lines is None:
            self.lines = lines_of(self.text)
        return self.lines

    def _check_finished(self, value: str, line: int, column: int) -> None:
        if problem := unfinished(value, self._lines()[line - 1], column):
            self._report(line, column, "E114", *problem)

    def _valueless(self, name: str, line: int, column: int) -> None:
        if self.problems and self.problems[-1].code == "E114" and self.problems[-1].span.line == line:
            return
        message = f"key '{name}' has no value"
        self._report(line, column, "E114", message, f"write `{name}: null`, or quote the text that it was cut from")

    def _check_comment(self, event: Any, value: str, line: int, column: int) -> None:
        end = event.end_mark
        lost = self._lines()[end.line][end.column :]
        if not value or not re.match(r" +#", lost):
            return
        kept = self._lines()[end.line][column - 1 : end.column] if end.line == line - 1 else value
        message = f"the text ends at ' #': '{lost.strip()}' is a comment"
        help_ = f"quote this: '{kept}{lost.rstrip()}'; or put a space behind the # of a comment"
        self._report(line, column, "E110" if value.count('"') % 2 else "W118", message, help_)

    def _report(self, line: int, column: int, code: str, message: str, help: str = "") -> None:
        span = Span(self.file.path, line, column, self.file.layer)
        self._tell(Problem(span, code, message, help=help))

    def _tell(self, problem: Problem) -> None:
        """Takes a problem; a file with too many is given up, for then it is no rule at all."""
        self.problems.append(problem)
        if len(self.problems) == MOST:
            message = f"the file has more than {MOST} mistakes; the rest of it is not read"
            self.problems.append(Problem(problem.span, "E115", message, help="mend those above first"))
            raise _Unreadable

    def _stop(self, line: int, column: int, message: str) -> NoReturn:
        self._report(line, column, "E115", message, "name the inner part as a rule and refer to it")
        raise _Unreadable


_NO_ALIAS = "write the value out, or make it a rule and refer to it by its name"
_QUOTE_BRACES = "quote it where it is an expression"
