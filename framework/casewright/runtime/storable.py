"""Whether what a caller sends can be kept at all, before any rule looks at it: each fault with its name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from casewright.errors import CommandRefused
from casewright.machine.commands import Command, Submit
from casewright.runtime.codec import encode

_SOUND = frozenset((bool, type(None), float, Decimal, date, datetime))
_BITS = 63


def check_storable(values: Mapping[str, Any]) -> None:
    """Raises CommandRefused with every name and value that cannot be stored."""
    if not isinstance(values, Mapping):
        raise CommandRefused("invalid_data", f"a map of names and values is expected, and a {_kind(values)} came")
    faults = [(_shown(name), fault) for name, value in values.items() if (fault := _fault(name, value))]
    if faults:
        raise CommandRefused("invalid_data", "these values cannot be stored", tuple(faults))


def sent_with(command: Command) -> Mapping[str, Any]:
    """What a person sends with a command: the data of a submission, the reason of another."""
    if isinstance(command, Submit):
        return command.data
    reason = getattr(command, "reason", "")
    return {"reason": reason} if reason else {}


def _fault(name: Any, value: Any) -> str:
    if type(name) is not str:
        return f"a name is a text, and a {_kind(name)} came"
    if not (name.isascii() or _is_text(name)):
        return "its name has a character that is none (a lone surrogate)"
    kind = type(value)
    if kind in _SOUND or (kind is str and value.isascii()):
        return ""
    return _value_fault(value)


def _value_fault(value: Any) -> str:
    if type(value) is int:
        return "" if value.bit_length() <= _BITS else "a whole number of at most 64 bits is expected"
    try:
        text = value if type(value) is str else encode(value)
    except (TypeError, ValueError, RecursionError):
        return f"a {_kind(value)} that holds something else than records, lists and simple values cannot be stored"
    return "" if _is_text(text) else "it has a character that is none (a lone surrogate)"


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(name: Any) -> str:
    return f"{name!s:.60}".encode(errors="backslashreplace").decode()


def _kind(value: Any) -> str:
    return type(value).__name__
