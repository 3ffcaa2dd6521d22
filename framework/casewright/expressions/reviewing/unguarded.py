"""Empty fields that turn an answer around without a word: remarks on what nobody asked about.

The rule, as an author meets it. An operator that is given an empty field has no answer, and where a condition has no
answer it does not hold. `case.amount > 100` alone, or under `and` and `or`, is therefore left in peace: empty means
no, and that is what is meant. It is worth a word where empty does not mean no, or takes more with it than itself:

- under `not`, and in `!=` with something computed: the opposite of no answer is no answer, not yes;
- before `?`: neither side is taken;
- in a sum, a difference of numbers, a joined text, `min` and `max`: the other parts are an answer without it;
- in `filter`, `map` and `exists_one`: one empty item takes the whole list with it, as it does in `sum(list)`;
- in `size(x) == 0`: a list that was never filled has no size.

A value that rests on a single field, as `case.amount * 2`, is empty where the field is, as everybody expects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from casewright.expressions.meaning import Checked
from casewright.expressions.reviewing.nullness import Causes, Nullness, Place
from casewright.expressions.reviewing.remarks import Remark
from casewright.expressions.reviewing.sameness import path_of
from casewright.expressions.syntax import (
    And,
    Call,
    Coalesce,
    Equality,
    Has,
    If,
    Macro,
    Name,
    Not,
    Or,
    Select,
    Syntax,
    children,
)
from casewright.expressions.types import NUMBERS, TEXTS

UNGUARDED = "W404"

_JOINING = frozenset({"+", "-", "min", "max"})
_OF_LISTS = frozenset({"sum", "min", "max", "join"})
_ALL_OR_NOTHING = frozenset({"filter", "map", "exists_one"})
_LOOKED_AT = _JOINING | _OF_LISTS | {"size"}
_INSTEAD = {"boolean": "false", "list": "[]", **dict.fromkeys(NUMBERS, "0"), **dict.fromkeys(TEXTS, '""')}


def unguarded(checked: Checked, *, condition: bool) -> Iterator[Remark]:
    """A remark for each field that may be empty where that is worth a word, once for each field."""
    if not any(_is_worth_a_look(node, checked) for node in checked.types):
        return
    told: set[str] = set()
    for cause, whole in _Reading(checked).found(checked.syntax, Place()):
        path = path_of(cause)
        if path not in told:
            told.add(path)
            yield _remark(checked, cause, path, whole, condition)


def _is_worth_a_look(node: Syntax, checked: Checked) -> bool:
    """Whether a piece is of a form that can be told of."""
    if isinstance(node, Equality):
        return node.negated and (isinstance(node.left, Call) or isinstance(node.right, Call))
    if isinstance(node, Call):
        return node not in checked.constants and node.name in _LOOKED_AT
    return isinstance(node, (Not, If, Macro))


def _remark(checked: Checked, cause: Syntax, path: str, whole: Syntax, condition: bool) -> Remark:
    shown = " ".join(checked.text[whole.start : whole.end].split())
    outcome = "the condition does not hold" if condition else "the value is empty"
    instead = _INSTEAD.get(checked.types[cause].kind)
    ask = f"{path} != null and ..." if condition or isinstance(whole, If) else f"{path} != null ? ... : ..."
    help = f"ask first: `{ask}`" + (f", or give a value: coalesce({path}, {instead})" if instead else "")
    return Remark(cause.start, UNGUARDED, f"{path} may be empty; then `{shown}` has no answer, and {outcome}", help)


Found = Iterator[tuple[Syntax, Syntax]]
"""References that may be empty, each with the piece that has no answer then."""


class _Reading:
    """One reading of an expression from the whole to its parts."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        self.nullness = Nullness(checked)

    def found(self, node: Syntax, place: Place) -> Found:
        if node in self.checked.constants or isinstance(node, Has):
            return
        rule: Callable[[_Reading, Any, Place], Found] = _RULES.get(type(node), _Reading.parts)
        yield from rule(self, node, place)

    def told(self, causes: Causes, whole: Syntax) -> Found:
        """The causes that an author can do something about: declared fields, in the order of their places."""
        for cause in sorted(causes, key=lambda node: node.start):
            if self._is_told(cause):
                yield cause, whole

    def _is_told(self, cause: Syntax) -> bool:
        kind = self.checked.types[cause].kind
        if isinstance(cause, Select):
            return kind != "dynamic" and bool(path_of(cause))
        return isinstance(cause, Name) and kind not in ("dynamic", "record")

    def parts(self, node: Syntax, place: Place) -> Found:
        for child in children(node):
            yield from self.found(child, place)

    def negation(self, node: Not, place: Place) -> Found:
        yield from self.told(self.nullness.lack(node.operand, place).either, node)

    def conjunction(self, node: And | Or, place: Place) -> Found:
        for term, there in zip(node.terms, self.nullness.places(node, place), strict=True):
            yield from self.found(term, there)

    def choice(self, node: If, place: Place) -> Found:
        yield from self.told(self.nullness.lack(node.condition, place).either, node)
        then, otherwise = self.nullness.branches(node, place)
        yield from self.found(node.then, then)
        yield from self.found(node.otherwise, otherwise)

    def coalesce(self, node: Coalesce, place: Place) -> Found:
        yield from self.found(node.terms[-1], place)

    def equality(self, node: Equality, place: Place) -> Found:
        if node.negated or self._asks_for_none(node, node.left, node.right, "=="):
            yield from self.told(self.nullness.lack(node, place).unknown, node)
        else:
            yield from self.parts(node, place)

    def call(self, node: Call, place: Place) -> Found:
        if self._is_joining(node) or (
            len(node.arguments) == 2 and self._asks_for_none(node, *node.arguments, node.name)
        ):
            yield from self.told(self.nullness.lack(node, place).unknown, node)
        if node.name in _OF_LISTS and len(node.arguments) < 3 and self._kind(node.arguments[0]) == "list":
            yield from self.told(self.nullness.items(node.arguments[0], place), node)
        yield from self.parts(node, place)

    def _is_joining(self, node: Call) -> bool:
        """Whether the parts of a call are an answer without one another, and more than one field is among them."""
        if node.name not in _JOINING or len(node.arguments) < 2:
            return False
        kinds = {self._kind(argument) for argument in node.arguments}
        if node.name == "+" and kinds <= TEXTS:
            return True
        paths = {path_of(each) for argument in node.arguments for each in _references(argument)}
        return len(paths) > 1 and kinds <= NUMBERS

    def _asks_for_none(self, node: Syntax, left: Syntax, right: Syntax, mark: str) -> bool:
        """Whether a comparison asks for an empty list or text by its size: `size(x) == 0`, `size(x) < 1`."""
        if isinstance(right, Call) and right.name == "size":
            left, right, mark = right, left, mark.translate(_TURNED)
        bound = self.checked.constants.get(right)
        return isinstance(left, Call) and left.name == "size" and (mark, bound) in (("==", 0), ("<=", 0), ("<", 1))

    def _kind(self, node: Syntax) -> str:
        return self.checked.types[node].kind

    def macro(self, node: Macro, place: Place) -> Found:
        yield from self.found(node.target, place)
        inner = self.nullness.inside(node, place)
        if node.name in _ALL_OR_NOTHING:
            yield from self.told(self.nullness.body(node, inner), node)
        yield from self.found(node.body, inner)


def _references(node: Syntax) -> Iterator[Syntax]:
    """The longest references in a piece."""
    if path_of(node):
        yield node
    else:
        for child in children(node):
            yield from _references(child)


_TURNED = str.maketrans("<>", "><")

_RULES: Mapping[type[Syntax], Callable[[_Reading, Any, Place], Found]] = {
    Not: _Reading.negation,
    And: _Reading.conjunction,
    Or: _Reading.conjunction,
    If: _Reading.choice,
    Coalesce: _Reading.coalesce,
    Equality: _Reading.equality,
    Call: _Reading.call,
    Macro: _Reading.macro,
}
