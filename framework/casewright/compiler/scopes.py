"""What rules may read that are not bound to one case type: all that the case types together offer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from casewright.expressions import (
    BOOLEAN,
    DATETIME,
    DYNAMIC,
    STANDARD,
    TEXT,
    Declared,
    Function,
    Type,
    choice,
    declared_as,
    list_of,
    record,
)
from casewright.expressions.types import TEXTS
from casewright.machine.plan import Field
from casewright.steps.outline import Outline, Outlines
from casewright.steps.scope import CASE_TYPES, Findings, Scope

ALWAYS = Declared(certain=True)
"""The declaration of what every actor and every interaction has."""

ACTOR = record(
    "actor",
    {
        "id": declared_as(TEXT, ALWAYS),
        "kind": declared_as(TEXT, ALWAYS),
        "name": TEXT,
        "roles": declared_as(list_of(TEXT), ALWAYS),
        "language": TEXT,
        "team": TEXT,
    },
)
INTERACTION = record(
    "interaction",
    {
        "id": declared_as(TEXT, ALWAYS),
        "type": declared_as(TEXT, ALWAYS),
        "channel": declared_as(TEXT, ALWAYS),
        "direction": declared_as(TEXT, ALWAYS),
        "customer_id": TEXT,
        "language": TEXT,
        "verified": declared_as(BOOLEAN, ALWAYS),
        "started_at": declared_as(DATETIME, ALWAYS),
    },
)

EVERYWHERE: Mapping[str, Type] = {"actor": ACTOR, "interaction": INTERACTION}
"""The roots that every rule may read."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the case types of an application together offer: roots, and the fields of `case` with their types."""

    roots: Mapping[str, Type]
    fields: Mapping[str, Field]
    types: Mapping[str, Type]


def shared_scope(outlines: Outlines, functions: Mapping[str, Function] = STANDARD) -> Scope:
    """The scope of dialogs, tables, texts and all else that several case types use, with the functions that it has.

    `case` has the fields of all case types; one that two of them declare with different types is
    of any type, unless both are texts. Whether
    each case type that really uses a rule has what it reads is checked where rules are linked. What the case types
    offer is worked out when a rule first asks for it.
    """
    later = _Later(outlines)
    return Scope(
        Deferred(EVERYWHERE, lambda: later.offer.roots),
        outlines,
        Deferred({}, lambda: later.offer.fields),
        Deferred({}, lambda: later.offer.types),
        functions=functions,
    )


def fresh(scope: Scope) -> Scope:
    """The same scope with nothing found yet."""
    return replace(scope, findings=Findings())


class _Later:
    """The offer, worked out once."""

    def __init__(self, outlines: Outlines) -> None:
        self._outlines = outlines
        self._offer: Offer | None = None

    @property
    def offer(self) -> Offer:
        if self._offer is None:
            self._offer = _offer(self._outlines)
        return self._offer


class Deferred(Mapping[str, Any]):
    """A mapping of which a part is at hand, and the whole is fetched when something else is asked for."""

    def __init__(self, at_hand: Mapping[str, Any], whole: Callable[[], Mapping[str, Any]]) -> None:
        self._at_hand = at_hand
        self._whole = whole

    def __getitem__(self, name: str) -> Any:
        return self._at_hand[name] if name in self._at_hand else self._whole()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())


def _offer(outlines: Outlines) -> Offer:
    fields: dict[str, Field] = {}
    types: dict[str, Type] = {}
    roots: dict[str, Type] = dict(EVERYWHERE)
    for outline in _outlines_of("case_type", outlines):
        for name, each in outline.fields.items():
            fields.setdefault(name, each)
        _unite(types, outline.types)
        _unite(roots, outline.roots)
    for outline in (*_outlines_of("case_type", outlines), *_outlines_of("process", outlines)):
        for name, (each, _) in outline.own.items():
            fields.setdefault(name, each)
        _unite(types, {name: type_ for name, (_, type_) in outline.own.items()})
    return Offer({**roots, "case": record("case", {**types, **CASE_TYPES})}, fields, types)


def _outlines_of(kind: str, outlines: Outlines) -> Iterator[Outline]:
    found = (outlines.find(kind, each) for each in outlines.ids(kind))
    return (each for each in found if each is not None)


def _unite(known: dict[str, Type], other: Mapping[str, Type]) -> None:
    for name, type_ in other.items():
        known[name] = _shared(known.get(name, type_), type_)


def _shared(one: Type, other: Type) -> Type:
    """The type of a field that is of one type here and of another there: any, but all options of two choices, and text
    where all of them are texts.
    """
    if one == other:
        return declared_as(one, one.declared.shared_with(other.declared))
    if one.options and other.options and one.kind == other.kind == "choice":
        return declared_as(
            choice(dict.fromkeys((*one.options, *other.options))), one.declared.shared_with(other.declared)
        )
    if one.kind in TEXTS and other.kind in TEXTS:
        return declared_as(TEXT, one.declared.shared_with(other.declared))
    return DYNAMIC
