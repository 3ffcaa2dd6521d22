"""What was meant by a text that cannot be read, or that reads as something else than it was meant to be."""

from __future__ import annotations

from casewright.expressions.library.operators import FAULTS
from casewright.expressions.library.standard import STANDARD
from casewright.expressions.literals import read_literal
from casewright.expressions.meaning import Checked
from casewright.expressions.syntax import Call
from casewright.expressions.tables.cells import unquoted
from casewright.expressions.tokens import Refusal
from casewright.expressions.types import NUMBERS, TEXTS, Type
from casewright.expressions.unmarked import BRACES

Slip = tuple[str, str]
"""The message and the help."""


def mark_slip(text: str, what: str) -> Refusal | None:
    """Why an expression is refused that has the marks of a value or a text: a leading `=`, or braces."""
    start = len(text) - len(text.lstrip())
    if text.startswith("=", start) and not text.startswith("==", start):
        return Refusal("E401", f"{what} is an expression already", start, "leave out the leading `=`")
    braces = list(BRACES.finditer(unquoted(text)))
    if not braces:
        return None
    bare = text
    for found in reversed(braces):
        bare = bare[: found.start()] + text[found.start(1) : found.end(1)] + bare[found.end() :]
    return Refusal(
        "E401", f"{what} is an expression already: no braces in it", braces[0].start(), f"write {bare.strip()}"
    )


def range_slip(text: str, shown: str, type_: Type) -> Slip | None:
    """Why a cell is refused that says a range in another way: `0..14` or `0-14`; `shown` is it without its quotes."""
    if ".." in shown:
        return "a range stands in brackets", f"write [{text.strip('[]()')}]"
    ends = _ends(text, type_)
    if ends is None:
        return None
    written = f"[{ends[0]}..{ends[1]}]"
    if type_.kind in NUMBERS:
        return (
            f"`{text}` is a difference, not a range",
            f"write {written} for a range, or `= {text}` for the difference",
        )
    return f"`{text}` is no range", f"write {written}"


def _ends(text: str, type_: Type) -> tuple[str, str] | None:
    """The two values of the type with a dash between them, the lower one first."""
    before = STANDARD["<"].chosen((type_, type_))
    if type_.kind in (*TEXTS, "dynamic") or before is None:
        return None
    for dash in (place for place, character in enumerate(text) if character == "-" and place):
        low, high = text[:dash].strip(), text[dash + 1 :].strip()
        try:
            if before.run(read_literal(low, type_), read_literal(high, type_)):
                return low, high
        except FAULTS:
            continue
    return None


def sum_slip(checked: Checked) -> Slip | None:
    """Why a cell is refused that only calculates with literals: few would mean the result."""
    syntax = checked.syntax
    if checked.roots or checked.reads_clock or not (isinstance(syntax, Call) and syntax.infix):
        return None
    return f"`{checked.text}` is a calculation, not a value", f"write `= {checked.text}` for its result"
