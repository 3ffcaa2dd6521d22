"""What may be empty: for each piece of an expression, which references can leave it without a value.

A piece can be *null*, as a reference to an empty field is, or *unknown*, as an operator is that was given a null. Both
are kept apart, since `==` and lists take a null as a value. A field that is required, or has a default, is taken to
hold a value, and so are the items of a list; what is declared nowhere may be empty, but nobody can be told which field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from casewright.expressions.meaning import Checked
from casewright.expressions.reviewing.guards import Facts, assured
from casewright.expressions.reviewing.sameness import path_of
from casewright.expressions.syntax import (
    And,
    Call,
    Coalesce,
    Equality,
    Has,
    If,
    ListOf,
    Literal,
    Macro,
    MapOf,
    Name,
    Not,
    Or,
    Select,
    Syntax,
    Within,
)

Causes = frozenset[Syntax]
"""The references that can be at fault, or other pieces of which nothing is known."""

NEVER: Causes = frozenset()

_FILLED = frozenset({"all", "exists", "exists_one", "map", "filter"})
"""The macros whose own value is never null."""


@dataclass(frozen=True, slots=True)
class Lack:
    """Why a piece may be null, and why it may be unknown; nothing where it cannot be."""

    null: Causes = NEVER
    unknown: Causes = NEVER

    @property
    def either(self) -> Causes:
        return self.null | self.unknown

    def __bool__(self) -> bool:
        return bool(self.null or self.unknown)


@dataclass(frozen=True, slots=True)
class Place:
    """What is known at a place of an expression: which references hold a value, and how the items of lists are.

    `items` are the variables of the macros around, with the reasons why an item may be null.
    """

    facts: Facts = frozenset()
    items: tuple[tuple[str, Causes], ...] = ()

    def knowing(self, facts: Iterable[str]) -> Place:
        """The place where more references are known to hold a value."""
        return replace(self, facts=self.facts | frozenset(facts))

    def over(self, variable: str, causes: Causes) -> Place:
        """The place inside a macro, whose variable hides what was known under its name."""
        kept = frozenset(path for path in self.facts if path.partition(".")[0] != variable)
        return Place(kept, (*(each for each in self.items if each[0] != variable), (variable, causes)))

    def item(self, variable: str) -> Causes | None:
        """Why an item may be null; None where a macro around has no such variable."""
        return next((causes for name, causes in self.items if name == variable), None)


@dataclass(frozen=True, slots=True)
class Nullness:
    """Says of each piece of one expression why it may lack a value.

    What was said is kept: a piece is asked about again by whatever it lies in, however deep.
    """

    checked: Checked
    lacks: dict[tuple[Syntax, Place], Lack] = field(init=False, default_factory=dict, repr=False)
    holes: dict[tuple[Syntax, Place], Causes] = field(init=False, default_factory=dict, repr=False)

    def lack(self, node: Syntax, place: Place) -> Lack:
        """Why the piece may be null or unknown at its place."""
        if node in self.checked.constants:
            return Lack(frozenset({node}) if self.checked.constants[node] is None else NEVER)
        known = self.lacks.get((node, place))
        if known is None:
            rule: Callable[[Nullness, Any, Place], Lack] = _RULES[type(node)]
            known = self.lacks[node, place] = rule(self, node, place)
        return known

    def every(self, nodes: Iterable[Syntax], place: Place) -> Causes:
        """Why any of several pieces may lack a value: what makes a strict operator unknown."""
        return NEVER.union(*(self.lack(node, place).either for node in nodes))

    # References

    def name(self, node: Name, place: Place) -> Lack:
        item = place.item(node.name)
        if item is not None:
            return Lack(NEVER if node.name in place.facts else item)
        certain = node.name in place.facts or self.checked.types[node].declared.certain
        return Lack(NEVER if certain else frozenset({node}))

    def select(self, node: Select, place: Place) -> Lack:
        if path_of(node) in place.facts:
            return Lack()
        owner = self.lack(node.operand, place)
        own = NEVER if self.checked.types[node].declared.certain else frozenset({node})
        return Lack(owner.null | own, owner.unknown)

    # Values

    def listed(self, node: ListOf, place: Place) -> Lack:
        return Lack(NEVER, NEVER.union(*(self.lack(item, place).unknown for item in node.items)))

    def mapped(self, node: MapOf, place: Place) -> Lack:
        return Lack(NEVER, NEVER.union(*(self.lack(each, place).unknown for each in (*node.keys, *node.items))))

    def call(self, node: Call, place: Place) -> Lack:
        null = frozenset({node}) if self._may_give_null(node, place) else NEVER
        return Lack(null, self.every(node.arguments, place))

    def _may_give_null(self, node: Call, place: Place) -> bool:
        if node.name == "[]" and self.checked.types[node.arguments[0]].kind == "list":
            return bool(self.items(node.arguments[0], place))
        overload = self.checked.overloads.get(node)
        return overload is None or overload.nullable

    def choice(self, node: If, place: Place) -> Lack:
        inner = zip((node.then, node.otherwise), self.branches(node, place), strict=True)
        then, otherwise = (self.lack(branch, there) for branch, there in inner)
        asked = self.lack(node.condition, place).either
        return Lack(then.null | otherwise.null, asked | then.unknown | otherwise.unknown)

    def branches(self, node: If, place: Place) -> tuple[Place, Place]:
        """The places of what is taken where the condition is true, and where it is false."""
        yes, no = (assured(node.condition, truth, self.checked) for truth in (True, False))
        return place.knowing(yes), place.knowing(no)

    def coalesce(self, node: Coalesce, place: Place) -> Lack:
        lacks = [self.lack(term, place) for term in node.terms]
        return Lack(lacks[-1].either if all(lacks) else NEVER)

    # Truth

    def conjunction(self, node: And | Or, place: Place) -> Lack:
        inner = zip(node.terms, self.places(node, place), strict=True)
        return Lack(NEVER, NEVER.union(*(self.lack(term, there).either for term, there in inner)))

    def places(self, node: And | Or, place: Place) -> list[Place]:
        """The place of each term: what the others settle, and what those before it need, holds a value there."""
        wanted, known = isinstance(node, And), list[Place]()
        settled = [assured(term, wanted, self.checked, definite=True) for term in node.terms]
        before: Facts = frozenset()
        for number, term in enumerate(node.terms):
            others = frozenset[str]().union(*(facts for n, facts in enumerate(settled) if n != number))
            known.append(place.knowing(before | others))
            before |= assured(term, wanted, self.checked)
        return known

    def negation(self, node: Not, place: Place) -> Lack:
        return Lack(NEVER, self.lack(node.operand, place).either)

    def has(self, node: Has, place: Place) -> Lack:
        return Lack()

    def equality(self, node: Equality, place: Place) -> Lack:
        return Lack(NEVER, self.lack(node.left, place).unknown | self.lack(node.right, place).unknown)

    def within(self, node: Within, place: Place) -> Lack:
        return Lack(NEVER, self.lack(node.item, place).unknown | self.lack(node.collection, place).either)

    # Lists

    def macro(self, node: Macro, place: Place) -> Lack:
        if node.name not in _FILLED:
            return Lack(frozenset({node}), frozenset({node}))
        inner = self.inside(node, place)
        unknown = self.lack(node.target, place).either | self.body(node, inner)
        return Lack(NEVER, unknown if node.condition is None else unknown | self.lack(node.condition, inner).either)

    def body(self, node: Macro, inner: Place) -> Causes:
        """Why the body of a macro may leave the whole of it unknown."""
        lack = self.lack(node.body, inner)
        return lack.unknown if node.name == "map" else lack.either

    def inside(self, node: Macro, place: Place) -> Place:
        """The place of a macro's body, and of its condition."""
        inner = place.over(node.variable, self.items(node.target, place)).knowing(self._passed(node))
        return inner if node.condition is None else inner.knowing(assured(node.condition, True, self.checked))

    def _passed(self, node: Macro) -> Iterator[str]:
        """What holds a value in an item because a filter below let it pass, under the name that it has here."""
        below = node.target
        while isinstance(below, Macro) and below.name == "filter":
            for path in assured(below.body, True, self.checked):
                root, mark, rest = path.partition(".")
                if root == below.variable:
                    yield f"{node.variable}{mark}{rest}"
            below = below.target

    def items(self, node: Syntax, place: Place) -> Causes:
        """Why an item of a list may be null."""
        known = self.holes.get((node, place))
        if known is None:
            known = self.holes[node, place] = self._items(node, place)
        return known

    def _items(self, node: Syntax, place: Place) -> Causes:
        constant = self.checked.constants.get(node)
        if isinstance(constant, (tuple, list)):
            return frozenset({node}) if None in constant else NEVER
        if isinstance(node, ListOf):
            return NEVER.union(*(self.lack(item, place).null for item in node.items))
        if isinstance(node, Macro) and node.name in ("map", "filter"):
            return self._made(node, place)
        if isinstance(node, (If, Coalesce, Call)):
            return self._passed_on(node, place)
        return NEVER if self.checked.types[node].kind in ("list", "map") else frozenset({node})

    def _made(self, node: Macro, place: Place) -> Causes:
        if node.name == "filter":
            return self.items(node.target, place)
        return self.lack(node.body, self.inside(node, place)).null

    def _passed_on(self, node: If | Coalesce | Call, place: Place) -> Causes:
        parts = node.arguments if isinstance(node, Call) else node.terms if isinstance(node, Coalesce) else ()
        parts = (node.then, node.otherwise) if isinstance(node, If) else parts
        lists = [each for each in parts if self.checked.types[each].kind in ("list", "dynamic")]
        return NEVER.union(*(self.items(each, place) for each in lists))


_RULES: Mapping[type[Syntax], Callable[[Nullness, Any, Place], Lack]] = {
    Literal: lambda nullness, node, place: Lack(),
    Name: Nullness.name,
    Select: Nullness.select,
    ListOf: Nullness.listed,
    MapOf: Nullness.mapped,
    Call: Nullness.call,
    Equality: Nullness.equality,
    Within: Nullness.within,
    Not: Nullness.negation,
    And: Nullness.conjunction,
    Or: Nullness.conjunction,
    If: Nullness.choice,
    Coalesce: Nullness.coalesce,
    Has: Nullness.has,
    Macro: Nullness.macro,
}
