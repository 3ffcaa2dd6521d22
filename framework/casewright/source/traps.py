"""Where YAML reads something else than the author meant, and the line as it should be written."""

from __future__ import annotations

import re

import yaml

from casewright.source.layouts import lines_of
from casewright.source.node import SourceFile
from casewright.values import Problem, Related, Span

_ENTRY = re.compile(r"^(?P<lead>\s*(?:- +)*(?:[\w$.@/*-]+: +)?)(?P<value>\S.*?)\s*$")
_FLOW_VALUE = re.compile(
    r"(?P<lead>[{,] *[\w$]+: +)(?P<value>=?[^{}\[\],'\"]*(?:\([^()]*\)|\?)[^{},]*?)(?P<tail> *[,}])"
)
_FLOW_SIGN = re.compile(r"[{,] *[\w$]+: +(?P<value>[<>|@`%][^{}\[\],'\"]*?) *[,}]")
_COMMENT = re.compile(r"^[^\n#]*[^\s#\n] +#(?=[^\s#!-])|^[^\n#\"]*(?:\"[^\"\n]*\"[^\n#\"]*)*\"[^\"\n]* #")
_LONG = 2000
"""Lines longer than this are nobody's writing, and are not searched for traps."""

_BRACKETS = {"(": ")", "[": "]", "{": "}"}


def quoted(text: str) -> str:
    """`text` as a YAML string in single quotes."""
    return "'" + text.replace("'", "''") + "'"


def syntax_problem(error: yaml.MarkedYAMLError, text: str, file: SourceFile) -> Problem:
    """What stands at the place where libyaml gave up, with the corrected line where a known trap is the cause."""
    mark = error.problem_mark or error.context_mark
    lines = lines_of(text)
    line = min(mark.line, len(lines) - 1) if mark else 0
    span = Span(file.path, line + 1, (mark.column if mark else 0) + 1, file.layer)
    if tab := _tab(lines, line):
        return Problem(
            Span(file.path, tab[0], tab[1], file.layer), "E116", "a tab indents this line", help="use spaces"
        )
    for number in _suspects(error, line, len(lines)):
        if mended := mended_line(lines[number]):
            column, reason, new = mended
            place = Span(file.path, number + 1, column, file.layer)
            return Problem(place, "E110", f"quote this text: {reason}", help=f"write\n{new}")
    return Problem(
        span, "E110", f"not YAML: {error.problem or error.context or 'cannot be read'}", _context(error, file)
    )


def _suspects(error: yaml.MarkedYAMLError, line: int, count: int) -> list[int]:
    """The lines to look at, the likeliest first: where it stopped, where the construct began, the line above."""
    numbers = [line]
    if error.context_mark:
        numbers.append(error.context_mark.line)
    numbers.append(line - 1)
    return [number for number in dict.fromkeys(numbers) if 0 <= number < count]


def _context(error: yaml.MarkedYAMLError, file: SourceFile) -> tuple[Related, ...]:
    if not error.context_mark or not error.context:
        return ()
    mark = error.context_mark
    return (Related(Span(file.path, mark.line + 1, mark.column + 1, file.layer), error.context),)


def _tab(lines: list[str], line: int) -> tuple[int, int] | None:
    for number in (line, line - 1):
        if 0 <= number < len(lines):
            lead = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
            if "\t" in lead:
                return number + 1, lead.index("\t") + 1
    return None


def mended_line(line: str) -> tuple[int, str, str] | None:
    """The column of the text to quote, why, and the whole line with the quotes; None where no trap is known."""
    match = _ENTRY.match(line) if len(line) < _LONG else None
    if match is None:
        return None
    value = match["value"]
    if value[:1] == "{" and (inner := _mended_flow(line)):
        return inner
    reason = _reason(value)
    if reason is None:
        return None
    return match.start("value") + 1, reason, match["lead"] + quoted(value)


def _mended_flow(line: str) -> tuple[int, str, str] | None:
    match = _FLOW_VALUE.search(line)
    reason = "it stands in a flow map"
    if match is None and (match := _FLOW_SIGN.search(line)):
        reason = f"a plain text may not begin with '{match['value'][0]}'"
    if match is None:
        return None
    start, end = match.span("value")
    return start + 1, reason, line[:start] + quoted(match["value"]) + line[end:]


def _reason(value: str) -> str | None:
    """Why YAML does not read `value` as one plain text."""
    first = value[0]
    if first in "[{" and _is_flow(value):
        return None
    if first in "'\"" and not _closes(value, first):
        return f"it begins with {first} and goes on behind the closing one"
    if first in "<>|" and value[1:2] not in ("", "-", "+"):
        return f"a plain text that begins with '{first}' begins a block"
    if first in "[{" and any(closing in value for closing in ")]}"):
        return f"a plain text that begins with '{first}' begins a {'list' if first == '[' else 'map'}"
    if first in "!&*%@`":
        return f"a plain text may not begin with '{first}'"
    if ": " in value or value.endswith(":"):
        return "': ' ends a key in YAML"
    return None


def _closes(value: str, quote: str) -> bool:
    """Whether the quote that opens `value` closes at its end."""
    body = re.match(r"'(?:[^']|'')*'" if quote == "'" else r'"(?:[^"\\]|\\.)*"', value)
    return body is None or not value[body.end() :].strip() or value[body.end() :].lstrip()[:1] in ":#,]}"


def _is_flow(value: str) -> bool:
    """Whether the bracket that opens `value` closes at its end."""
    open_: list[str] = []
    for place, letter in enumerate(value):
        if letter in _BRACKETS:
            open_.append(_BRACKETS[letter])
        elif letter == open_[-1]:
            open_.pop()
            if not open_:
                rest = value[place + 1 :].lstrip()
                return not rest or rest[0] == "#"
    return False


def unfinished(value: str, source: str, column: int) -> tuple[str, str] | None:
    """What to say of an expression that a flow map or list cut at a comma or a bracket; None where it is whole."""
    if not _is_cut(value):
        return None
    whole = _whole(source, column - 1)
    new = source[: column - 1] + quoted(whole) + source[column - 1 + len(whole) :]
    return f"'{value}' is cut short: in a flow map or list a comma or a bracket ends a plain text", (
        f"quote this expression or use a block\n{new}"
    )


def _is_cut(value: str) -> bool:
    if "(" not in value and "[" not in value and "{" not in value and '"' not in value:
        return False
    unclosed = any(value.count(opening) > value.count(closing) for opening, closing in _BRACKETS.items())
    return unclosed or value.count('"') % 2 == 1


def _whole(source: str, start: int) -> str:
    """The expression from `start` on, up to the comma or bracket that ends it outside its own brackets and quotes."""
    open_: list[str] = []
    quote = ""
    for place in range(start, len(source)):
        letter = source[place]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in _BRACKETS:
            open_.append(_BRACKETS[letter])
        elif open_ and letter == open_[-1]:
            open_.pop()
        elif not open_ and letter in ",}]":
            return source[start:place].rstrip()
    return source[start:].rstrip()


def comment_traps(text: str) -> frozenset[int]:
    """The lines (from 0) where a `#` behind a space may have cut a text rather than begun a comment."""
    if " #" not in text:
        return frozenset()
    lines = enumerate(lines_of(text))
    return frozenset(number for number, line in lines if " #" in line and len(line) < _LONG and _COMMENT.match(line))
