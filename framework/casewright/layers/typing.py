"""The typing walk: one pass over a merged tree that types every scalar by its shape and names what does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from casewright.expressions.foreign import rewritten
from casewright.expressions.types import Type
from casewright.layers.foreign_keys import key_meant, value_meant
from casewright.layers.scalars import EXPECTED, NotOfType, brief, core, is_null, scalar
from casewright.layers.shapes import ANY, Shape
from casewright.source import Formula, Node
from casewright.source.node import SourceFile
from casewright.values import Problem, Related, did_you_mean

Place = tuple[SourceFile, int, int]
"""Where a node stands: its file, line and column."""


@dataclass(frozen=True, slots=True)
class Added:
    """An item or a field that a delta added: its noun and name, and the names of those that it might have meant.

    `gone` is what took away the one that it seems to change: the words, and where.
    """

    noun: str
    name: str
    others: tuple[str, ...]
    gone: Related | None = None


Fresh = Mapping[Place, Added]
"""What a delta added, by its place."""


def typed(node: Node, shape: Shape, fresh: Fresh | None = None) -> tuple[Node, tuple[Problem, ...]]:
    """The tree with its scalars typed, and what does not fit the shape.

    Literals become Python values, `=x` in a value becomes a Formula, conditions, expressions, tests and texts stay
    text. Nodes that do not change are kept as they are.
    """
    walk = _Walk(fresh or {})
    return walk.node(node, shape), tuple(walk.problems)


class _Walk:
    """One walk; collects problems."""

    __slots__ = ("fresh", "problems")

    def __init__(self, fresh: Fresh) -> None:
        self.fresh = fresh
        self.problems: list[Problem] = []

    def node(self, node: Node, shape: Shape) -> Node:
        form = shape.form
        value = node.value
        if form == "scalar":
            if value.__class__ is str:
                if shape.keeps_text and not is_null(node):
                    return node
                return self._scalar(node, shape)
            return self._misfit(node, shape) if isinstance(value, (dict, tuple)) else node
        if form == "one_of":
            return self._one_of(node, shape)
        if form == "any":
            return self._any(node)
        if form == "map":
            return self._map(node, shape) if isinstance(value, dict) else self._misfit(node, shape)
        if not isinstance(value, tuple):
            return self._misfit(node, shape)
        return self._keyed(node, shape) if form == "keyed" else self._list(node, shape)

    def _one_of(self, node: Node, shape: Shape) -> Node:
        return self.node(node, shape.fitting(node)) if shape.takes(node.value) else self._misfit(node, shape)

    def _any(self, node: Node) -> Node:
        value = node.value
        if isinstance(value, dict):
            return node.with_value({name: self._any(below) for name, below in value.items()})
        if isinstance(value, tuple):
            return node.with_value(tuple(self._any(below) for below in value))
        return node.with_value(_value(node)) if value.__class__ is str else node

    def _map(self, node: Node, shape: Shape) -> Node:
        if shape.discriminator:
            shape = self._chosen(node, shape)
        properties, others = shape.properties, shape.others
        entries: dict[str, Node] = {}
        for name, below in node.value.items():
            known = properties.get(name, others)
            if known is None:
                self._unknown(name, below, shape)
            else:
                entries[name] = self.node(below, known)
        for name in shape.required:
            if name not in entries:
                self._missing(node, name, shape)
        result = node.with_value(entries)
        if shape.constraints:
            self._constraints(result, shape)
        return result

    def _chosen(self, node: Node, shape: Shape) -> Shape:
        chosen = node.get(shape.discriminator)
        if chosen is None or not isinstance(chosen.value, str):
            return Shape("map", shape.properties, ANY, shape.required)
        choice = shape.choices.get(chosen.value)
        if choice is None:
            near = did_you_mean(chosen.value, shape.choices)
            noun = shape.annotations.get("x-noun", shape.discriminator)
            instead = shape.annotations.get("x-instead", {}).get(chosen.value.lower(), "")
            message = f"there is no {noun} '{chosen.value}'{'' if instead else near}"
            self._report(chosen, "E107", message, instead or f"write one of: {_listed(tuple(shape.choices))}")
            return Shape("map", shape.properties, ANY)
        return choice

    def _keyed(self, node: Node, shape: Shape) -> Node:
        seen: dict[str, Node] = {}
        items = []
        assert shape.item is not None
        for item in node.value:
            own = item.get(shape.key)
            if own is None:
                help_ = f"write `{shape.key}: NAME` in it; layers merge items by it"
                self._report(item, "E201", f"this item has no '{shape.key}'", help_)
                continue
            if isinstance(own.value, str) and own.value in seen:
                self._twice(own, seen[own.value], shape.key)
                continue
            read = self.node(item, shape.item)
            if isinstance(own.value, str):
                seen[own.value] = item
                items.append(read)
        result = node.with_value(tuple(items))
        if shape.constraints:
            self._constraints(result, shape)
        return result

    def _list(self, node: Node, shape: Shape) -> Node:
        item = shape.item
        assert item is not None
        result = node.with_value(tuple(self.node(below, item) for below in node.value))
        if shape.constraints:
            self._constraints(result, shape)
        return result

    def _scalar(self, node: Node, shape: Shape) -> Node:
        holds = shape.holds
        text = node.value
        if holds == "literal":
            return self._literal(node, shape, text)
        if holds == "value":
            if text[:1] == "=" and text[1:2] != "=":
                return node.with_value(Formula.of(text))
            return self._literal(node, shape, text[1:] if text[:1] == "=" else text)
        if is_null(node):
            self._empty(node, shape, holds)
        elif shape.constraints:
            self._constraints(node, shape)
        return node

    def _literal(self, node: Node, shape: Shape, text: str) -> Node:
        value = self._read(node, shape, text)
        if shape.enum and value is not None and value not in shape.enum:
            self._not_among(node, value, shape.enum)
        result = node if value is text and text is node.value else node.with_value(value)
        if shape.constraints and value is not None:
            self._constraints(result, shape)
        return result

    def _read(self, node: Node, shape: Shape, text: str) -> Any:
        """The Python value of a literal; None where it is null or not of its type."""
        type_ = shape.type
        if type_ == "any":
            return core(node) if text is node.value else text
        if is_null(node):
            if not (shape.nullable or shape.holds == "value"):
                self._empty(node, shape, type_)
            return None
        return text if type_ == "text" else self._of_type(node, shape, text)

    def _of_type(self, node: Node, shape: Shape, text: str) -> Any:
        try:
            return scalar(text, shape.type)
        except NotOfType as wrong:
            help_ = _yes_or_no(text) if shape.type == "boolean" else _rewritten(text, shape.type)
            if shape.holds == "value":
                help_ = f"write {EXPECTED[shape.type]}, or begin it with = where it is an expression"
            self._report(node, "E205", str(wrong), help_)
            return None

    def _empty(self, node: Node, shape: Shape, what: str) -> None:
        expected = EXPECTED.get(what, f"a {what}" if what != "expression" else "an expression")
        self._report(node, "E205", f"there is nothing here; {expected} is expected", "write it, or delete the key")

    def _constraints(self, node: Node, shape: Shape) -> None:
        assert shape.constraints is not None
        if isinstance(node.value, Formula):
            return
        for broken in shape.constraints.problems_of(node.plain())[:1]:
            self._report(node, "E205", broken.message)

    def _misfit(self, node: Node, shape: Shape) -> Node:
        found = "a map" if node.is_map else "a list" if node.is_list else f"the text '{brief(node.value)}'"
        if not node.is_map and not node.is_list and is_null(node):
            found = "nothing"
        wanted = shape.annotations.get("x-expects") or expected_form(shape)
        help_ = f"write [{node.value}]" if shape.form == "list" and isinstance(node.value, str) else ""
        self._report(node, "E205", f"{found} stands here; {wanted} is expected", help_)
        return node

    def _unknown(self, name: str, below: Node, shape: Shape) -> None:
        meant = key_meant(name, shape.names)
        near = f"; did you mean '{meant}'?" if meant else did_you_mean(name, shape.names)
        valid = ", ".join(shape.names)
        help_ = f"valid here: {valid}" if valid else "no key may stand here"
        self.problems.append(Problem(below.key, "E105", f"unknown key '{name}'{near}", help=help_))

    def _missing(self, node: Node, name: str, shape: Shape) -> None:
        below = shape.properties.get(name)
        about = f" ({expected_form(below)})" if below is not None and below.form != "any" else ""
        fresh = self.fresh.get((node.file, node.line, node.column))
        if fresh and fresh.gone is not None:
            self._gone(node, fresh, fresh.gone)
            return
        if fresh and (near := did_you_mean(fresh.name, fresh.others)):
            help_ = f"a new {fresh.noun} needs '{name}'; an existing one is changed under its own name"
            self._report(node, "E203", f"no {fresh.noun} '{fresh.name}' below{near}", help_)
            return
        self._report(node, "E106", f"'{name}' is missing{about}", f"write `{name}: ...` here")

    def _gone(self, node: Node, fresh: Added, gone: Related) -> None:
        message = f"no {fresh.noun} '{fresh.name}' below; {gone.message} at {gone.span}"
        help_ = f"delete this part, or write the {fresh.noun} whole to bring it back"
        self.problems.append(Problem(node.span, "E203", message, (Related(gone.span, gone.message),), help_))

    def _not_among(self, node: Node, value: object, valid: tuple[Any, ...]) -> None:
        meant = value_meant(str(value), valid)
        near = f"; did you mean '{meant}'?" if meant else did_you_mean(str(value), valid)
        self._report(node, "E107", f"'{value}' is not one of the values{near}", f"write one of: {_listed(valid)}")

    def _twice(self, own: Node, first: Node, key: str) -> None:
        related = (Related(first.span, "it is used here first"),)
        message = f"{key} '{own.value}' already used in this file at {first.span}"
        self.problems.append(Problem(own.span, "E202", message, related, "rename one of the two"))

    def _report(self, node: Node, code: str, message: str, help: str = "") -> None:
        self.problems.append(Problem(node.span, code, message, help=help))


def expected_form(shape: Shape) -> str:
    """What an author writes for `shape`, in a few words."""
    if shape.form == "one_of":
        return " or ".join(dict.fromkeys(expected_form(form) for form in shape.forms))
    if shape.form == "scalar":
        if shape.enum:
            return f"one of {_listed(shape.enum)}"
        return EXPECTED.get(shape.type, "a text") if shape.holds in ("literal", "value") else _HOLDS[shape.holds]
    return {"map": "a map", "keyed": "a list of items", "list": "a list", "any": "a value"}[shape.form]


def _listed(values: tuple[Any, ...]) -> str:
    shown = ["true" if v is True else "false" if v is False else str(v) for v in values]
    return ", ".join(shown[:30]) + (f" and {len(shown) - 30} more" if len(shown) > 30 else "")


def _value(node: Node) -> Any:
    """The value of a scalar of which no type is known: a formula, or what YAML 1.2 core says."""
    text = node.value
    if text[:1] == "=":
        return text[1:] if text[1:2] == "=" else Formula.of(text)
    return core(node)


def _rewritten(text: str, type_: str) -> str:
    """How a value in the form of elsewhere is written here; nothing where none is known."""
    meant = rewritten(text, Type(type_, type_))
    return f"write {meant}" if meant else ""


def _yes_or_no(text: str) -> str:
    word = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(text.lower())
    return f"write {word}" if word else ""


_HOLDS = MappingProxyType(
    {"condition": "a condition", "expression": "an expression", "test": "a test", "text": "a text"}
)
