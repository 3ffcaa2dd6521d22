"""Tables and trees as people look at them: their lines, what those ask for, and how each fares on given facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from casewright.expressions import Type
from casewright.machine.deciding import Given
from casewright.values import Span


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table or a branch of a tree: its name (`3`, `vip.large`), its text, and its place."""

    name: str
    text: str
    at: Span


@dataclass(frozen=True, slots=True)
class Layout:
    """A rule that decides, on paper.

    `how` says which lines count. `inputs` are the names that a person may give values under, each with the dotted path
    that it reads; `computed` are those that no path is read for, each with its expression. `outputs` have their types;
    `is_list` says that a list of records of them is given. `head` stands above the lines (`""`: nothing does).
    """

    how: str
    inputs: Mapping[str, str]
    computed: Mapping[str, str]
    outputs: Mapping[str, Type]
    is_list: bool
    head: str
    lines: tuple[Line, ...]
    otherwise: str


@dataclass(frozen=True, slots=True)
class Fared:
    """How a line fared: whether it counts, whether what it asks for holds (None: nobody asked), and the words."""

    name: str
    counts: bool
    holds: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at all that may come shows: sentences, each with the place of the line that it is about, if any.

    `is_whole` is false where the look ended before everything was seen; then what is not said may still be.
    """

    said: tuple[tuple[str, Span | None], ...]
    is_whole: bool = True


class Shown(Protocol):
    """A rule that decides and can be looked at."""

    def decide(self, roots: Mapping[str, Any]) -> Given:
        """What it gives for these roots."""

    def layout(self) -> Layout:
        """The rule on paper."""

    def fared(self, roots: Mapping[str, Any]) -> tuple[Fared, ...]:
        """How each line fared on these roots, those that nobody came to among them."""

    def looked(self) -> Looked:
        """What is left out, doubled, or can never count."""
