"""The text of a scalar to the Python value that its type says: YAML 1.2 core, and the types of the language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from casewright.source import Node
from casewright.values import Duration

INTEGER = re.compile(r"[-+]?[0-9]+")
DECIMAL = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
ID = re.compile(r"[a-z][a-z0-9_]*|D_[A-Za-z0-9_]+")
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

EXPECTED: Mapping[str, str] = MappingProxyType(
    {
        "text": "a text",
        "integer": "a whole number such as 3",
        "decimal": "a number such as 3 or 0.25",
        "money": "an amount such as 15.00",
        "boolean": "true or false",
        "date": "a date such as 2026-03-31",
        "time": "a time such as 17:30",
        "datetime": "a date and time with its zone, such as 2026-03-31T17:30:00Z",
        "duration": "a duration such as 800ms, 30s, 15m, 4h, 2d, 3bd or 1mo",
        "id": "an id: lower case letters, digits and _, beginning with a letter",
        "any": "any value",
    }
)
"""What an author writes for each type."""


class NotOfType(ValueError):
    """The text does not say a value of the type."""


def is_null(node: Node) -> bool:
    """Whether a scalar that is not typed yet says null in YAML 1.2: `null`, `~` or nothing, and not in quotes."""
    return not node.quoted and node.value in _NULLS


def is_true(node: Node) -> bool:
    """Whether a scalar that is not typed yet says true in YAML 1.2, and not in quotes."""
    return not node.quoted and isinstance(node.value, str) and _BOOLEANS.get(node.value) is True


def scalar(text: str, type_: str) -> Any:
    """The value that `text` says in `type_`; raises NotOfType where it says none. An unknown type keeps the text."""
    reader = _READERS.get(type_)
    if reader is None:
        return text
    try:
        return reader(text)
    except (ValueError, ArithmeticError):
        raise NotOfType(f"'{text}' is not {EXPECTED[type_]}") from None


def core(node: Node) -> Any:
    """The value of an untyped scalar as YAML 1.2 core reads it; decimals are Decimal; a quoted one is text.

    Digits that no number of ours can hold stay a text.
    """
    text = node.value
    if node.quoted or not isinstance(text, str):
        return text
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    for form, reader in ((INTEGER, _integer), (DECIMAL, _decimal)):
        if form.fullmatch(text):
            return _number(reader, text)
    return text


def _number(reader: Callable[[str], Any], text: str) -> Any:
    try:
        return reader(text)
    except (ValueError, ArithmeticError):
        return text


def shown(value: Any) -> str:
    """A plain value as a message shows it: text as it is, lists and maps as YAML writes them on one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {shown(below)}' for name, below in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def brief(value: Any) -> str:
    """The value on one line of at most 60 characters."""
    text = " ".join(shown(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def json_form(value: Any) -> Any:
    """A typed value as JSON can hold it: dates and durations as text, decimals as numbers, lists and dicts below."""
    if isinstance(value, dict):
        return {name: json_form(below) for name, below in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_form(below) for below in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value) if isinstance(value, Duration) else value


def _boolean(text: str) -> bool:
    if text not in _BOOLEANS:
        raise ValueError(text)
    return _BOOLEANS[text]


def _integer(text: str) -> int:
    if not INTEGER.fullmatch(text) or len(text) > 30:
        raise ValueError(text)
    return int(text)


def _decimal(text: str) -> Decimal:
    if not DECIMAL.fullmatch(text) or len(text) > 60:
        raise ValueError(text)
    return Decimal(text)


def _id(text: str) -> str:
    if not ID.fullmatch(text):
        raise ValueError(text)
    return text


def _date(text: str) -> date:
    if len(text) != 10:
        raise ValueError(text)
    return date.fromisoformat(text)


def _datetime(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant


_READERS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "integer": _integer,
        "decimal": _decimal,
        "money": _decimal,
        "boolean": _boolean,
        "date": _date,
        "time": time.fromisoformat,
        "datetime": _datetime,
        "duration": Duration.parse,
        "id": _id,
    }
)
