"""What an editor says of a property beside its description: what it holds, its form, and whether it must be there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from casewright.layers.scalars import EXPECTED

HOLDS: Mapping[str, str] = MappingProxyType(
    {
        "condition": "A condition.",
        "expression": "An expression.",
        "value": "A value: a literal, or an expression behind `=`.",
        "text": "A text, with {{ }} around expressions.",
        "test": "A unary test.",
    }
)
"""What each `x-holds` means to whoever writes the property; a literal needs no word."""

_MEASURED = frozenset({"duration", "date", "time", "datetime", "money", "decimal"})
"""The types of which the form says the unit."""


def told(schema: Mapping[str, Any], *, required: bool) -> str:
    """The description of a property, what it holds and in which form, and its default or that it is needed."""
    description = str(schema.get("description", "")).strip()
    words = [description, HOLDS.get(str(schema.get("x-holds", "")), ""), _form(schema, description)]
    if required:
        words.append("Required.")
    elif "default" in schema:
        words.append(f"Default: {schema['default']}.")
    elif "Default: " not in description:
        words.append("Optional.")
    return " ".join(word for word in words if word)


def _form(schema: Mapping[str, Any], description: str) -> str:
    """How a value with a unit is written, and the bounds of a number, where the description does not say so."""
    type_ = str(schema.get("x-type", ""))
    if type_ in _MEASURED and schema.get("x-holds", "literal") == "literal":
        return f"Write {EXPECTED[type_]}."
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None or high is None or f"from {low} to {high}" in description:
        return ""
    return f"From {low} to {high}."
