"""What an expression is read against, its scope, and what it was found to mean there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from casewright.expressions.dialects import HOUSE, Dialect
from casewright.expressions.library.standard import STANDARD, Function, Overload
from casewright.expressions.readings import Readings
from casewright.expressions.reviewing.remarks import Said
from casewright.expressions.syntax import Syntax
from casewright.expressions.types import Type
from casewright.values import Span

CLOCK = "$now"
"""The root that holds the case's clock: an aware datetime."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name: the roots with their types, and the functions.

    Scopes that hold the same `readings` do not parse and check again what they have seen before.
    """

    roots: Mapping[str, Type]
    functions: Mapping[str, Function] = field(default_factory=lambda: STANDARD, repr=False)
    readings: Readings | None = field(default=None, compare=False, repr=False)
    dialect: Dialect = HOUSE

    def with_roots(self, **more: Type) -> Scope:
        """The same scope with more roots, or with others of the same names."""
        return replace(self, roots={**self.roots, **more})


@dataclass(frozen=True, slots=True)
class Checked:
    """An expression that means something: its syntax, and for each node its type, overload or constant value.

    `roots` and `paths` are what it can read: the roots, and the longest dotted references. `ground` is what its
    meaning rests on: each reference whose value it takes, with the type that it had. `made` keeps the functions that
    it was compiled to, by whether it is a condition, and `said` what a review said of it. `aliases` are the fields
    that are roots with a dotted name.
    """

    text: str
    syntax: Syntax
    types: Mapping[Syntax, Type]
    overloads: Mapping[Syntax, Overload]
    constants: Mapping[Syntax, object]
    roots: frozenset[str]
    paths: frozenset[str]
    reads_clock: bool
    ground: tuple[tuple[str, Type], ...]
    aliases: Mapping[Syntax, str] = field(default_factory=dict, repr=False)
    dialect: Dialect = HOUSE
    made: dict[bool, Callable[[Any], Any]] = field(init=False, default_factory=dict, compare=False, repr=False)
    said: dict[bool, Said] = field(init=False, default_factory=dict, compare=False, repr=False)

    @property
    def type(self) -> Type:
        return self.types[self.syntax]


def place_in(text: str, offset: int, at: Span) -> Span:
    """The place of the character at `offset`, where the text begins at `at`."""
    return at.within(text, offset)
