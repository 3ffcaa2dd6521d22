"""Values in words, as a story shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def listed(values: Mapping[str, Any]) -> str:
    """`card CARD-1, incident lost`: what is not empty."""
    return ", ".join(f"{name} {value_words(value)}" for name, value in values.items() if value not in (None, ""))


def value_words(value: Any) -> str:
    """One value on one line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return instant_words(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {value_words(each)}" for name, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(value_words(each) for each in value) + "]"
    return " ".join(str(value).split())


def instant_words(value: datetime) -> str:
    """`2026-03-02 10:00`, with seconds where there are some."""
    return value.strftime("%Y-%m-%d %H:%M:%S" if value.second else "%Y-%m-%d %H:%M")
