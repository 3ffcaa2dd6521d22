"""A line with a flow map that YAML cannot read, with the quotes that make it readable: proposed, and then tried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import yaml

_KEY = re.compile(r"[{,] *[\w$]+: +(?=[^ ])")
_SIGNS = re.compile(r"[\[\]{},'\"]|: ")
_BEGINS_BADLY = "<>|@`%&*!"
_TRIED = 200
"""Readings of a line that are tried at most."""


class Mend(NamedTuple):
    """One text of the line that wants quotes: where it stands, how it is written, and why."""

    start: int
    end: int
    written: str
    reason: str


def mended_flow(line: str) -> tuple[int, str, str] | None:
    """The column of the first text that wants quotes, why, and the whole line with them; None where none helps."""
    proposed = [options for options in _proposals(line) if options]
    for count, mend in enumerate(each for options in proposed for each in options):
        if count >= _TRIED:
            return None
        if _reads(new := _written(line, [mend])):
            return mend.start + 1, mend.reason, new
    together = [options[0] for options in proposed]
    if len(together) > 1 and _reads(new := _written(line, together)):
        return together[0].start + 1, together[0].reason, new
    return None


def _proposals(line: str) -> Iterator[list[Mend]]:
    """For each value of the flow maps of a line how it may be quoted, the likeliest first."""
    keys = list(_KEY.finditer(line))
    for number, key in enumerate(keys):
        start = key.end()
        if line[start] in "{[" and not line.startswith("{{", start):
            continue
        is_last = number + 1 == len(keys)
        body = (line if is_last else line[: keys[number + 1].start()]).rstrip()
        ends = _ends(body, start)[1 if is_last else 0 :]
        yield [mend for end in ends if (mend := _mend(line, start, end))]


def _ends(body: str, start: int) -> list[int]:
    """Where a value may end: where the line does or the next key begins, or before brackets there, the fewest first."""
    ends = [len(body)]
    while len(body) > start and body[-1] in "]}":
        body = body[:-1].rstrip()
        ends.append(len(body))
    return ends


def _mend(line: str, start: int, end: int) -> Mend | None:
    value = line[start:end]
    if value[:1] in "\"'" and value:
        return _closed(value, start, end)
    if value[:1] in _BEGINS_BADLY and value:
        return Mend(start, end, quoted(value), f"a plain text may not begin with '{value[0]}'")
    if not _SIGNS.search(value):
        return None
    return Mend(start, end, quoted(value), "it stands in a flow map")


def _closed(value: str, start: int, end: int) -> Mend | None:
    """A text that begins with a quote: whole already, without its closing quote, or with more behind that."""
    quote = value[0]
    if value.count(quote) == 1:
        return Mend(start, end, value + quote, f"its closing {quote} is missing")
    close = value.find(quote, 1)
    if close == len(value) - 1 or re.match(r"\s+[\w$]+: ", value[close + 1 :]):
        return None
    return Mend(start, end, requoted(value), f"it begins with {quote} and goes on behind the closing one")


def requoted(value: str) -> str:
    """A text with quotes of its own kind inside as one YAML string; an expression that begins with a text, whole."""
    quote = value[0]
    inside = value[1:-1]
    is_text = len(value) > 1 and value[-1] == quote and re.match(r"\w", inside[inside.find(quote) + 1 :])
    return quoted(inside) if is_text else quoted(value)


def quoted(text: str) -> str:
    """`text` as a YAML string in single quotes."""
    return "'" + text.replace("'", "''") + "'"


def _written(line: str, mends: list[Mend]) -> str:
    for mend in reversed(mends):
        line = line[: mend.start] + mend.written + line[mend.end :]
    return line


def _reads(line: str) -> bool:
    """Whether the line alone is YAML."""
    try:
        yaml.compose(line.strip(), Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return False
    return True
