"""What every problem code means: the one table that the documentation and the command line print."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ProblemCode:
    """A stable code: its title, what it means, and what to write instead."""

    code: str
    title: str
    explanation: str
    mend: str


def problem_codes() -> tuple[ProblemCode, ...]:
    """Every code that a `Problem` may carry, errors before warnings, each by number."""
    table = tomllib.loads(Path(__file__).with_name("problem_codes.toml").read_text(encoding="utf-8"))
    return tuple(
        ProblemCode(code, **{name: _one_line(text) for name, text in table[code].items()}) for code in sorted(table)
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
