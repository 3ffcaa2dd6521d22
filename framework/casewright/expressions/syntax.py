"""The closed tree that a parsed expression is. Nodes are equal only to themselves; places are offsets in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Syntax:
    """A piece of an expression, and where its text begins and ends."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Literal(Syntax):
    """A value as written: null, boolean, integer, decimal or double, or text."""

    value: object


@dataclass(frozen=True, slots=True, eq=False)
class Name(Syntax):
    """A root, or the variable of a macro around it. `?` is the value under test."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Select(Syntax):
    """A field of a record. The field of null is null; `optional` records that it was written `?.` or `.?`."""

    operand: Syntax
    field: str
    optional: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ListOf(Syntax):
    """A list as written."""

    items: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MapOf(Syntax):
    """A map as written: keys and values in order."""

    keys: tuple[Syntax, ...]
    items: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Call(Syntax):
    """A strict function or operator: unknown where an argument is null or unknown. `named` is where its name stands."""

    name: str
    arguments: tuple[Syntax, ...]
    infix: bool = False
    named: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Equality(Syntax):
    """`==` or `!=`, which take null as a value."""

    left: Syntax
    right: Syntax
    negated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Within(Syntax):
    """`in`: whether a list has the value, or a map the key; null is a value on the left."""

    item: Syntax
    collection: Syntax


@dataclass(frozen=True, slots=True, eq=False)
class Not(Syntax):
    """Three-valued negation."""

    operand: Syntax


@dataclass(frozen=True, slots=True, eq=False)
class And(Syntax):
    """Three-valued conjunction: one false term decides, wherever it stands."""

    terms: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Or(Syntax):
    """Three-valued disjunction: one true term decides, wherever it stands."""

    terms: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True, eq=False)
class If(Syntax):
    """`condition ? then : otherwise`."""

    condition: Syntax
    then: Syntax
    otherwise: Syntax


@dataclass(frozen=True, slots=True, eq=False)
class Has(Syntax):
    """`has(record.field)` or `x.hasValue()`: whether the value is there and not null."""

    selection: Syntax


@dataclass(frozen=True, slots=True, eq=False)
class Coalesce(Syntax):
    """The first term that is neither null nor unknown for want of a value; `name` is the word for it.

    In strict CEL the first of two terms is an optional: `orValue` gives what it holds, `or` gives it as it is.
    """

    terms: tuple[Syntax, ...]
    name: str = "coalesce"


@dataclass(frozen=True, slots=True, eq=False)
class Macro(Syntax):
    """`all exists exists_one map filter` over a list, or over the keys of a map; `body` sees `variable`.

    `sortBy` puts the items in the order of what `body` gives. `optMap` and `optFlatMap` go over one value, which may be
    absent. `condition` is the second argument of a `map` that has three: only items for which it holds are mapped.
    """

    name: str
    target: Syntax
    variable: str
    body: Syntax
    condition: Syntax | None = None


_BELOW: Mapping[type[Syntax], Callable[[Any], tuple[Syntax, ...]]] = {
    Select: lambda node: (node.operand,),
    ListOf: lambda node: node.items,
    MapOf: lambda node: node.keys + node.items,
    Call: lambda node: node.arguments,
    Equality: lambda node: (node.left, node.right),
    Within: lambda node: (node.item, node.collection),
    Not: lambda node: (node.operand,),
    And: lambda node: node.terms,
    Or: lambda node: node.terms,
    If: lambda node: (node.condition, node.then, node.otherwise),
    Has: lambda node: (node.selection,),
    Coalesce: lambda node: node.terms,
    Macro: lambda node: (node.target, node.body) + (() if node.condition is None else (node.condition,)),
}
"""Where each kind of node holds others."""

MACROS = ("all", "exists", "exists_one", "map", "filter", "sortBy", "optMap", "optFlatMap")

NAMESPACED = frozenset({"optional.of", "optional.none", "optional.ofNonZeroValue", "lists.range"})
"""The functions whose name has two parts."""

CONDITIONS = frozenset({"all", "exists", "exists_one", "filter"})
"""The macros whose body is true or false."""

OVER_ONE = frozenset({"optMap", "optFlatMap"})
"""The macros that go over one value."""


def children(node: Syntax) -> tuple[Syntax, ...]:
    """The nodes directly below `node`, in the order of their text."""
    below = _BELOW.get(type(node))
    return () if below is None else below(node)


def walk(node: Syntax) -> Iterator[Syntax]:
    """`node` and everything below it."""
    yield node
    for child in children(node):
        yield from walk(child)
