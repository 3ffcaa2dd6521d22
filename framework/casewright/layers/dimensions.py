"""The declared dimensions of circumstances, and what a variant may say of each: a value, a list, a unary test."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from casewright.expressions import TEXT, Scope, choice, compile_test, named
from casewright.expressions.regions import Region, anything, values
from casewright.source.node import Node, SourceFile
from casewright.values import Problem, Related, Span, did_you_mean

if TYPE_CHECKING:
    from casewright.expressions import Type
    from casewright.layers.resolved import Resolved

_NULLS = frozenset({"null", "~", "Null", "NULL"})
_TEST_LEADS = ("<", ">", "=", "[", "(", "]", '"', "'", "-", "not(", "not (")
_TEXT_LIKE = frozenset({"text", "long_text", "id", "email", "phone", "choice"})
_STEPPING = frozenset({"integer", "date"})


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of circumstances: a fact that a variant may depend on.

    `source` is the expression that the fact is read from, `type` the name of a type of the language, `options` all
    the values that it can take (empty: any value of its type). A fact may also be null.
    """

    id: str
    source: str
    type: str
    options: tuple[object, ...]
    label: str
    span: Span

    @property
    def domain(self) -> Region:
        """All the values that the fact can take."""
        if self.options:
            return self.just(*self.options, None)
        return self.just(True, False, None) if self.type == "boolean" else anything()

    def just(self, *listed: object) -> Region:
        """The region of the given values; None is null."""
        return values(*listed, whole=self.type in _STEPPING)

    @property
    def value_type(self) -> Type:
        """The type of the fact in expressions."""
        return choice([str(option) for option in self.options]) if self.is_choice else named(self.type) or TEXT

    @property
    def is_choice(self) -> bool:
        """Says whether the fact is one of listed words."""
        return bool(self.options) and self.type in _TEXT_LIKE


def dimension_of(resolved: Resolved) -> Dimension:
    """The dimension that a resolved rule `circumstance/ID` declares."""
    body = resolved.body
    options = body.get("options")
    listed = options.value if options is not None and options.is_list else ()
    given = tuple(option.value for option in listed if option.is_scalar)
    return Dimension(
        id=resolved.name.id,
        source=_text(body, "value"),
        type=_text(body, "type") or ("choice" if given else "text"),
        options=given,
        label=_text(body, "label") or resolved.name.id.replace("_", " "),
        span=resolved.head.span,
    )


def _text(body: Node, name: str) -> str:
    node = body.get(name)
    return "" if node is None or node.value is None else str(node.value)


def undeclared(name: str, at: Span, dimensions: Mapping[str, Dimension], variant: str) -> Problem:
    """The problem of a variant that depends on a dimension which no rule declares."""
    near = did_you_mean(name, dimensions)
    message = f"variant '{variant}' depends on '{name}', which no rule circumstance/{name} declares{near}"
    declared = f"declared are {', '.join(sorted(dimensions))}; or " if dimensions else ""
    help = f"{declared}declare it:\ndefine: circumstance/{name}\nvalue: customer.{name}\ntype: text"
    return Problem(at, "E331", message, help=help)


def side_of(node: Node, dimension: Dimension) -> tuple[Region | None, tuple[Problem, ...]]:
    """The values of `dimension` that a variant's entry allows: a value, a list of them, or a unary test."""
    if node.is_map:
        return None, (_not_a_test(node, dimension),)
    if not node.is_list:
        return _scalar_side(node, dimension)
    if not node.value:
        return None, (_nothing_listed(node, dimension),)
    sides = [
        _scalar_side(item, dimension) if item.is_scalar else (None, (_not_a_test(item, dimension),))
        for item in node.value
    ]
    problems = tuple(problem for _, found in sides for problem in found)
    regions = [side for side, _ in sides if side is not None]
    return (None, problems) if problems else (reduce(lambda one, other: one.union(other), regions), ())


def _scalar_side(node: Node, dimension: Dimension) -> tuple[Region | None, tuple[Problem, ...]]:
    text = node.value if isinstance(node.value, str) else str(node.value)
    if not node.quoted and text in _NULLS:
        return dimension.just(None), ()
    if not text.strip():
        return None, (_no_value(node, dimension),)
    if dimension.options and (match := [option for option in dimension.options if str(option) == text]):
        return dimension.just(match[0]), ()
    if dimension.type in _TEXT_LIKE and not _is_test(text):
        return _word(text, node, dimension)
    return _tested(text, node, dimension)


def _is_test(text: str) -> bool:
    return text.startswith(_TEST_LEADS) or "," in text


def _word(text: str, node: Node, dimension: Dimension) -> tuple[Region | None, tuple[Problem, ...]]:
    if not dimension.options:
        return dimension.just(text), ()
    names = [str(option) for option in dimension.options]
    message = f"'{text}' is no option of circumstance/{dimension.id}{did_you_mean(text, names)}"
    related = (Related(dimension.span, f"its options are {', '.join(names)}"),)
    return None, (Problem(node.span, "E107", message, related),)


def _tested(text: str, node: Node, dimension: Dimension) -> tuple[Region | None, tuple[Problem, ...]]:
    """The region of a unary test. One that only its negation is a test of matches nothing."""
    at = node.span.moved(0, 1) if node.quoted else node.span
    test, problems = compile_test(text, dimension.value_type, Scope({}), at=at)
    if test is None and compile_test(f"not({text})", dimension.value_type, Scope({}), at=at)[0] is not None:
        return None, (_matches_nothing(text, at),)
    if test is None or problems:
        return None, problems
    if test.region is None:
        return None, (_opaque(text, at, dimension),)
    region = test.region if _mentions_null(text) else test.region.minus(dimension.just(None))
    return (None, (_matches_nothing(text, at),)) if region.is_empty() else (region, ())


def _mentions_null(text: str) -> bool:
    """Says whether a test speaks of null; one that does not, such as `not("VIP")`, leaves an empty fact out."""
    return text.strip() == "-" or re.search(r"\bnull\b", re.sub(r"""(["']).*?\1""", "", text)) is not None


def _opaque(text: str, at: Span, dimension: Dimension) -> Problem:
    message = f"'{text}' must be computed, so nothing tells which variants overlap; compare with fixed values"
    help = f"or declare a dimension whose value computes it; circumstance/{dimension.id} is {dimension.source}"
    return Problem(at, "E334", message, (Related(dimension.span, "the dimension"),), help)


def _matches_nothing(text: str, at: Span) -> Problem:
    help = "write the lower bound first: [10..20] holds both ends, [10..20) leaves out the upper one"
    return Problem(at, "E332", f"'{text}' matches no value: the range is empty or inverted", help=help)


def _nothing_listed(node: Node, dimension: Dimension) -> Problem:
    help = f"list values of {dimension.id}, or leave {dimension.id} out to match every value"
    return Problem(node.span, "E332", f"the empty list for '{dimension.id}' matches no value", help=help)


def _no_value(node: Node, dimension: Dimension) -> Problem:
    help = f"write {dimension.id}: null to match where it is empty, or leave {dimension.id} out to match every value"
    return Problem(node.span, "E332", f"'{dimension.id}' has no value", help=help)


def _not_a_test(node: Node, dimension: Dimension) -> Problem:
    form = "map" if node.is_map else "list"
    message = f"'{dimension.id}' is a {form} here; it takes a value, a list of values or a unary test"
    return Problem(node.span, "E334", message, help=f"for example {dimension.id}: {_example(dimension)}")


def _example(dimension: Dimension) -> str:
    if dimension.options:
        return f"[{', '.join(str(option) for option in dimension.options[:2])}]"
    fallback = "[one, other]" if dimension.type in _TEXT_LIKE else '">= 10"'
    return {"boolean": "true", "date": '">= 2026-01-01"'}.get(dimension.type, fallback)


def fact_of(text: str, dimension: Dimension, at: Span) -> tuple[object, tuple[Problem, ...]]:
    """The one value of `dimension` that a written fact says, as `VIP` or `1200`."""
    if text in _NULLS:
        return None, ()
    if dimension.type in _TEXT_LIKE and not dimension.options:
        return text, ()
    side, problems = _scalar_side(_written(text, at), dimension)
    if side is None:
        return None, problems
    value = side.witness()
    if not side.is_inside(dimension.just(value)):
        return None, (Problem(at, "E334", f"'{text}' is not one value of '{dimension.id}', a {dimension.type}"),)
    return value, ()


def _written(text: str, at: Span) -> Node:
    return Node(text, SourceFile(at.path, at.layer), at.line, at.column)


def space_sides(dimensions: Sequence[Dimension]) -> dict[str, Region]:
    """The domain of each dimension that has a closed one."""
    return {
        dimension.id: dimension.domain for dimension in dimensions if dimension.options or dimension.type == "boolean"
    }
