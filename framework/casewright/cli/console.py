"""What commands print with: one console that leaves lines whole when they are piped, and JSON as it is."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import click
from rich.console import Console
from rich.text import Text


def console() -> Console:
    """A console on the standard output of this moment. Nothing in the text is markup, and no line is folded."""
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=True)


def say(text: str = "", style: str = "") -> None:
    """Prints text as it is, in a style where the terminal has any."""
    console().print(Text(text, style=style))


def print_json(value: Any) -> None:
    """Prints a value as JSON, for machines. What JSON has no number for is a text, as `inf`."""
    try:
        text = json.dumps(value, indent=2, ensure_ascii=False, default=_plain, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(value), indent=2, ensure_ascii=False, default=_plain)
    click.echo(text)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(each) for each in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value) if isinstance(value, Decimal) or not hasattr(value, "items") else dict(value.items())


def counted(number: int, word: str, plural: str = "") -> str:
    """`1 rule`, `3 rules`."""
    return f"{number} {word if number == 1 else plural or word + 's'}"
