"""Where YAML reads something else than the author meant, and the line as it should be written."""

from __future__ import annotations

import re

import yaml

from casewright.source.flow_traps import mended_flow, quoted, requoted
from casewright.source.layouts import lines_of
from casewright.source.node import SourceFile
from casewright.values import Problem, Related, Span

_ENTRY = re.compile(r"^(?P<lead>\s*(?:- +)*(?:[\w$.@/*-]+: +)?)(?P<value>\S.*?)\s*$")
_KEY_ALONE = re.compile(r"\s*(?:- +)*[\w$.@/*-]+:\s*(?:#.*)?")
_CLOSE = re.compile(r"\s*(?:-(?=[\w{\[\"'])|(?:- +)?[a-z_]\w*:(?=[\w=\"'{\[]))")
_COMMENT = re.compile(r"^[^\n#]*[^\s#\n] +#(?=[^\s#!-])|^[^\n#\"]*(?:\"[^\"\n]*\"[^\n#\"]*)*\"[^\"\n]* #")
_LONG = 2000
"""Lines longer than this are nobody's writing, and are not searched for traps."""

_BRACKETS = {"(": ")", "[": "]", "{": "}"}


def syntax_problem(error: yaml.MarkedYAMLError, text: str, file: SourceFile) -> Problem:
    """What stands at the place where libyaml gave up, with the corrected line where a known trap is the cause."""
    mark = error.problem_mark or error.context_mark
    lines = lines_of(text)
    line = min(mark.line, len(lines) - 1) if mark else 0
    if tab := _tab(lines, line):
        span = Span(file.path, tab[0], tab[1], file.layer)
        return Problem(span, "E116", "a tab indents this line", help="use spaces")
    return (
        _slip_of_lines(lines, _suspects(error, line, len(lines)), file)
        or _unclosed(error, lines, file)
        or _strayed(error, lines, line, file)
        or Problem(
            _place(mark, lines, file) if mark else Span(file.path, 1, 1, file.layer),
            "E110",
            f"not YAML: {error.problem or error.context or 'cannot be read'}",
            _context(error, lines, file),
        )
    )


def _slip_of_lines(lines: list[str], suspects: list[int], file: SourceFile) -> Problem | None:
    """The first of the suspected lines that has a known slip, as it should be written."""
    for number in suspects:
        if blank := _blank(lines[number]):
            span = Span(file.path, number + 1, blank[0], file.layer)
            return Problem(span, "E110", f"a blank is missing behind '{blank[1]}'", help=f"write\n{blank[2]}")
        if mended := mended_line(lines[number]):
            column, reason, new = mended
            span = Span(file.path, number + 1, column, file.layer)
            return Problem(span, "E110", f"quote this text: {reason}", help=f"write\n{new}")
    return None


def _unclosed(error: yaml.MarkedYAMLError, lines: list[str], file: SourceFile) -> Problem | None:
    """A text, a map or a list that begins and is not closed where it should be."""
    start, here, context = error.context_mark, error.problem_mark, str(error.context)
    if start is None or here is None:
        return None
    opened = Span(file.path, start.line + 1, start.column + 1, file.layer)
    if "quoted scalar" in context:
        quote = lines[start.line][start.column : start.column + 1]
        return Problem(opened, "E110", "this text has no closing quote", help=f"end it with {quote}")
    if "flow" not in context or "expected ','" not in str(error.problem):
        return None
    message = f"a ',' or the closing '{'}' if 'mapping' in context else ']'}' is missing before this"
    span = _place(here, lines, file)
    help = "a text with a bracket, a comma or a quote inside stands in quotes here"
    return Problem(span, "E110", message, (Related(opened, "it begins here"),), help)


def _blank(line: str) -> tuple[int, str, str] | None:
    """The column of a `:` or `-` that nothing follows as YAML wants it, the sign, and the line with the blank."""
    found = _CLOSE.match(line) if len(line) < _LONG else None
    if found is None:
        return None
    end = found.end()
    return end, line[end - 1], f"{line[:end]} {line[end:]}"


def _strayed(error: yaml.MarkedYAMLError, lines: list[str], line: int, file: SourceFile) -> Problem | None:
    """A key that begins at another column than the one above, which has a value already."""
    if not line or not re.search("mapping values are not|expected '-'|expected key|block end", str(error.problem)):
        return None
    here, above = lines[line], lines[line - 1]
    lead = len(here) - len(here.lstrip())
    column = re.match(r"[ -]*", above).end()  # type: ignore[union-attr]
    if lead == column or here.lstrip().startswith("-") or not _ENTRY.fullmatch(above) or _KEY_ALONE.fullmatch(above):
        return None
    message = "this line is indented less than the key above, and more than what is around it"
    help = f"write\n{' ' * column}{here.strip()}"
    if lead > column:
        message = "this line is indented deeper than the key above, which has a value already"
        help = f"begin it below that key, or quote the text above where it goes on here\n{help[6:]}"
    return Problem(Span(file.path, line + 1, lead + 1, file.layer), "E110", message, help=help)


def _suspects(error: yaml.MarkedYAMLError, line: int, count: int) -> list[int]:
    """The lines to look at, the likeliest first: where it stopped, where the construct began, the line above."""
    if error.context_mark and "flow" in str(error.context) and error.context_mark.line < line:
        return [error.context_mark.line]
    numbers = [line]
    if error.context_mark:
        numbers.append(error.context_mark.line)
    numbers.append(line - 1)
    return [number for number in dict.fromkeys(numbers) if 0 <= number < count]


def _context(error: yaml.MarkedYAMLError, lines: list[str], file: SourceFile) -> tuple[Related, ...]:
    if not error.context_mark or not error.context:
        return ()
    return (Related(_place(error.context_mark, lines, file), error.context),)


def _place(mark: yaml.Mark, lines: list[str], file: SourceFile) -> Span:
    """The place of a mark; libyaml sets one that lies behind the end of the text on a line that is not there."""
    if mark.line >= len(lines):
        return Span(file.path, len(lines), len(lines[-1]) + 1, file.layer)
    return Span(file.path, mark.line + 1, mark.column + 1, file.layer)


def _tab(lines: list[str], line: int) -> tuple[int, int] | None:
    for number in (line, line - 1):
        if 0 <= number < len(lines):
            lead = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
            if "\t" in lead:
                return number + 1, lead.index("\t") + 1
    return None


def mended_line(line: str) -> tuple[int, str, str] | None:
    """The column of the text to quote, why, and the whole line with the quotes; None where no trap is known."""
    match = _ENTRY.match(line) if len(line) < _LONG and not _KEY_ALONE.fullmatch(line) else None
    if match is None:
        return None
    value = match["value"]
    if value[:1] in "[{" and not value.startswith("{{") and (inner := mended_flow(line)):
        return inner
    reason = _reason(value)
    if reason is None:
        return None
    written = requoted(value) if value[0] in "'\"" else quoted(value)
    return match.start("value") + 1, reason, match["lead"] + written


def _reason(value: str) -> str | None:
    """Why YAML does not read `value` as one plain text."""
    first = value[0]
    if first in "[{" and _is_flow(value):
        return None
    if first in "'\"" and not _closes(value, first):
        return f"it begins with {first} and goes on behind the closing one"
    if first in "<>|" and value[1:2] not in ("", "-", "+"):
        return f"a plain text that begins with '{first}' begins a block"
    if first in "[{":
        kind = "list" if first == "[" else "map"
        return f"a plain text that begins with '{first}' begins a {kind}" if re.search(r"[)\]}]", value) else None
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
