"""Characters that begin nothing in an expression, and what was meant by them."""

from __future__ import annotations

import re
from collections.abc import Mapping

LAMBDA = "write a comma between the name of an item and what is said of it: list.map(item, value)"
"""What to write for the arrow of a function without a name."""

_SIGNS: Mapping[str, str] = {
    "&": "write `and` (or `&&`); texts are joined by `+`",
    "|": "write `or` (or `||`); a function is called by name: round(x)",
    "=": "use `==` to compare",
    "`": "a field in backquotes has letters, digits, blanks and `_ . / -` only",
    "~": "use `matches(text, pattern)` for patterns",
    "#": "comments in an expression begin with `//`",
    "@": "a name has letters, digits and `_` only",
    "$": "a name has letters, digits and `_` only",
    "^": "there is no power operator; multiply",
    ";": "an expression is one value; there are no statements",
    "“": 'use straight quotes: "text"',
    "”": 'use straight quotes: "text"',
    "‘": "use straight quotes: 'text'",
    "’": "use straight quotes: 'text'",
    **dict.fromkeys("€£", "write the plain number; its unit is the field's"),
    "≥": "write `>=`",
    "≤": "write `<=`",
    "≠": "write `!=`",
    **dict.fromkeys("×·", "write `*`"),
    **dict.fromkeys("÷∕", "write `/`"),
    **dict.fromkeys("–—−", "write `-`"),
    "…": "write a list, or `x >= low and x <= high` for a range",
    "„": 'use straight quotes: "text"',
    "«": 'use straight quotes: "text"',
    "\\": "`\\` stands in texts alone",
}

_ITEM = re.compile(r"[(,]\s*\w+\s*$")


def sign_hint(text: str, place: int) -> str:
    """How to write what was meant by a character that begins nothing."""
    if text.startswith("=>", place) and _ITEM.search(text[:place]):
        return LAMBDA
    if text.startswith(("=>", "=<"), place):
        return f"write `{text[place + 1]}=`"
    if text[place] == "=" and text[max(place - 2, 0) : place] in ("!=", "=="):
        return f"write `{text[place - 2 : place]}`"
    if text.startswith("${", place):
        return "write the name alone, without `${ }`"
    return _SIGNS.get(text[place], "")
