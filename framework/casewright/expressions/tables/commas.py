"""Commas inside numbers, which part the alternatives of a cell: refused where they were not meant to."""

from __future__ import annotations

import re

from casewright.expressions.foreign import rewritten
from casewright.expressions.tables.cell_slips import Slip
from casewright.expressions.types import DECIMAL, NUMBERS, Type

_PARTED = re.compile(r"(?<![\w,])(?<!\d\.)\d[\d.]*(?:,\d+)+(?:\.\d+)?(?![\w,])")
_THOUSANDS = re.compile(r"\d{1,2}(?:,\d{3})+(?:\.\d+)?")
_ZEROS = re.compile(r"0\d")
_COMPUTED = re.compile(r"^=|\?|\w\s*\((?<!not\()")


def comma_slip(text: str, type_: Type, *, is_decimal: bool = False) -> Slip | None:
    """Why the numbers of a cell are refused that a comma divides: silently each part would be a value of its own.

    A comma between digits parts alternatives, unless what stands around it says that one number is meant: thousands, a
    part that begins with 0, the end of a range, and anything where `is_decimal` says that commas do not part the cells
    of the file, as those of a spreadsheet that writes decimals with a comma do not.
    """
    if type_.kind not in NUMBERS or "," not in text or _COMPUTED.search(text):
        return None
    for found in _PARTED.finditer(text):
        is_end = ".." in (text[found.end() : found.end() + 2], text[max(found.start() - 2, 0) : found.start()])
        is_one = any(map(_ZEROS.match, found.group().split(",")[1:])) or _THOUSANDS.fullmatch(found.group())
        if is_decimal or is_end or is_one:
            return _one_number(found.group(), is_decimal, is_end)
    return None


def _one_number(text: str, is_decimal: bool, is_end: bool) -> Slip:
    """That the parts of a number would be read as several values, or as no end of a range; and how it is written."""
    parts = text.split(",")
    meant = f"{parts[0]}.{parts[1]}" if is_decimal and len(parts) == 2 and "." not in text else rewritten(text, DECIMAL)
    several = None if is_end or any(_ZEROS.match(part) for part in parts) else f"`{', '.join(parts)}` with blanks"
    help = [f"write {meant}"] if meant else []
    help += [f"{'write ' if not meant else ''}{several} for several values"] if several else []
    return f"`{text}` reads as {' or '.join(parts)}" if not is_end else f"`{text}` is no number", "; or ".join(help)
