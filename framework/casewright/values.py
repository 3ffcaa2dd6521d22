"""The frozen values that every unit shares: places, problems, names, durations, and the clock. No I/O."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from heapq import nlargest
from typing import NewType

VERSION = "0.1.0"
"""The version of the package, as `casewright.__version__` and the distribution say it."""

CaseId = NewType("CaseId", str)
"""The key of a case, unique in a store."""

Clock = Callable[[], datetime]
"""Gives the present instant as an aware datetime in UTC. Only the engine holds one; the core is handed `now`."""


def system_clock() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where the characters of a text stand in its file, for a text that YAML indents, folds or unescapes.

    `starts` are the characters, by number, at which a piece begins that stands in the file as it is; `places` are the
    lines and columns of those.
    """

    starts: tuple[int, ...]
    places: tuple[tuple[int, int], ...]

    def place(self, number: int) -> tuple[int, int]:
        """The line and column of a character by its number; those between two pieces follow the one before."""
        piece = max(bisect_right(self.starts, number) - 1, 0)
        line, column = self.places[piece]
        return line, column + number - self.starts[piece]

    def number(self, line: int, column: int) -> int:
        """The number of the character at a place that `place` gave."""
        piece = max(bisect_right(self.places, (line, column)) - 1, 0)
        return self.starts[piece] + column - self.places[piece][1]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Where a piece of a rule was written. Lines and columns count from 1; `layer` reads `name@version`.

    `layout` is that of the text in which the place lies, where the text does not stand in the file as it is.
    """

    path: str
    line: int = 1
    column: int = 1
    layer: str = ""
    layout: Layout | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    def within(self, text: str, number: int) -> Span:
        """The place of a character by its number in `text`, which begins here."""
        if self.layout is not None:
            start = self.layout.number(self.line, self.column)
            return Span(self.path, *self.layout.place(start + number), self.layer, self.layout)
        before = text[:number]
        return self.moved(before.count("\n"), len(before) - before.rfind("\n") - 1)

    def moved(self, lines: int, columns: int) -> Span:
        """The place `lines` below and `columns` right of this one; a new line starts counting at column 1."""
        if lines:
            return Span(self.path, self.line + lines, 1 + columns, self.layer)
        return Span(self.path, self.line, self.column + columns, self.layer)


@dataclass(frozen=True, slots=True, order=True)
class Related:
    """Another place that a problem speaks of, and what stands there."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A mistake of a rule's author: where, which, what is wrong, where else it matters, and what to write instead.

    `code` is stable; it begins with `E` (the rule cannot be used) or `W` (it can, and should be looked at).
    """

    span: Span
    code: str
    message: str
    related: tuple[Related, ...] = ()
    help: str = ""

    @property
    def is_error(self) -> bool:
        return self.code.startswith("E")


@dataclass(frozen=True, slots=True, order=True)
class RuleName:
    """The key of a rule: kind, id, the class it is bound to (`""`: the root), and its variant (`""`: the base)."""

    kind: str
    id: str
    for_class: str = ""
    variant: str = ""

    def __str__(self) -> str:
        variant = f"@{self.variant}" if self.variant else ""
        bound = f" for {self.for_class}" if self.for_class else ""
        return f"{self.kind}/{self.id}{variant}{bound}"

    @property
    def base(self) -> RuleName:
        """The same rule without its variant."""
        return replace(self, variant="") if self.variant else self


_DURATION_PART = re.compile(r"(\d+)(ms|s|mo|m|h|bd|d)")
_LONGEST_DURATION = 100
_MOST_MONTHS, _MOST_DAYS = 1_200, 36_525
_MILLISECONDS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: calendar months, business days of a calendar, and an exact rest.

    Written `800ms 30s 15m 4h 2d 3bd 1mo`, or several parts together, as `1d12h`.
    """

    months: int = 0
    business_days: int = 0
    exact: timedelta = timedelta()

    @classmethod
    def parse(cls, text: str) -> Duration:
        """The duration that `text` says; raises ValueError where it says none."""
        parts = _DURATION_PART.findall(text) if len(text) <= _LONGEST_DURATION else []
        if not parts or "".join(number + unit for number, unit in parts) != text:
            raise ValueError(f"'{text:.50}' is not a duration; write 800ms, 30s, 15m, 4h, 2d, 3bd or 1mo")
        months = sum(int(number) for number, unit in parts if unit == "mo")
        business = sum(int(number) for number, unit in parts if unit == "bd")
        exact = sum(int(number) * _MILLISECONDS[unit] for number, unit in parts if unit in _MILLISECONDS)
        if months > _MOST_MONTHS or business > _MOST_DAYS or exact > _MOST_DAYS * _MILLISECONDS["d"]:
            raise ValueError(f"'{text}' is too long; a duration takes at most 100 years")
        return cls(months, business, timedelta(milliseconds=exact))

    def __str__(self) -> str:
        text = (f"{self.months}mo" if self.months else "") + (f"{self.business_days}bd" if self.business_days else "")
        milliseconds = round(abs(self.exact) / timedelta(milliseconds=1))
        sign = "-" if self.exact < timedelta() else ""
        for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)):
            count, milliseconds = divmod(milliseconds, size)
            text += f"{sign}{count}{unit}" if count else ""
        return text or "0s"


def did_you_mean(word: str, candidates: object, *, lead: str = "; did you mean ") -> str:
    """`; did you mean 'near'?` where one of the candidates (any iterable of text) is near to `word`, else nothing."""
    near = nearest(word, candidates)
    return f"{lead}'{near}'?" if near else ""


def nearest(word: str, candidates: object) -> str:
    """The candidate (of any iterable of text) that is nearest to `word`, or nothing where none is near."""
    names = [str(each) for each in candidates]  # type: ignore[attr-defined]
    same = [name for name in names if name.casefold() == word.casefold() and name != word]
    near = same or get_close_matches(word, _likely(word, names), n=1, cutoff=0.6)
    return near[0] if near else ""


_MOST_COMPARED = 200


def _likely(word: str, names: list[str]) -> list[str]:
    """The names that begin and end most like the word, where there are too many to compare each of them closely."""
    if len(names) <= _MOST_COMPARED:
        return names
    return nlargest(_MOST_COMPARED, names, key=lambda name: _shared(word, name) + _shared(word[::-1], name[::-1]))


def _shared(one: str, other: str) -> int:
    """How many letters two words begin with in common."""
    unlike = (number for number, (mine, theirs) in enumerate(zip(one, other, strict=False)) if mine != theirs)
    return next(unlike, min(len(one), len(other)))


MOST_LISTED = 12
"""How many names a message lists."""


def nearest_first(word: str, candidates: object) -> str:
    """The candidates as a list to read, those near to `word` first; of very many only the first, and how many more."""
    names = [str(each) for each in candidates]  # type: ignore[attr-defined]
    near = get_close_matches(word, _likely(word, names), n=MOST_LISTED, cutoff=0.6)
    ordered = list(dict.fromkeys((*near, *names)))
    more = f" and {len(ordered) - MOST_LISTED} more" if len(ordered) > MOST_LISTED else ""
    return ", ".join(ordered[:MOST_LISTED]) + more
