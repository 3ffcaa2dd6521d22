"""What every problem code means: the one table that the documentation and the command line print."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "E1": "Files and first lines",
        "E2": "Merging and values",
        "E3": "Locks, variants and texts",
        "E4": "Expressions and classes",
        "E5": "References, data and steps",
        "E7": "Guardrails",
        "W": "Warnings",
    }
)
"""What the codes that begin so are about."""

EXAMPLES = "problem_examples.json"
"""The file beside this one that `python docs/generate.py` writes."""


@dataclass(frozen=True, slots=True)
class ProblemCode:
    """A stable code: its title, what it means, and what to write instead."""

    code: str
    title: str
    explanation: str
    mend: str

    @property
    def group(self) -> str:
        """What the code is about."""
        return GROUPS["W" if self.code.startswith("W") else self.code[:2]]


@dataclass(frozen=True, slots=True)
class ProblemExample:
    """A mistake that a test makes: the file as it was written, where it is short, and what is said of it."""

    written: str
    said: str


def problem_codes() -> tuple[ProblemCode, ...]:
    """Every code that a `Problem` may carry, errors before warnings, each by number."""
    table = tomllib.loads(Path(__file__).with_name("problem_codes.toml").read_text(encoding="utf-8"))
    return tuple(
        ProblemCode(code, **{name: _one_line(text) for name, text in table[code].items()}) for code in sorted(table)
    )


def problem_examples() -> dict[str, ProblemExample]:
    """The example of every code that has one."""
    table = json.loads(Path(__file__).with_name(EXAMPLES).read_text(encoding="utf-8"))
    return {code: ProblemExample(each["written"], each["said"]) for code, each in table.items()}


def _one_line(text: str) -> str:
    return " ".join(text.split())
