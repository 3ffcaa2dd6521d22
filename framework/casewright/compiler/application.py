"""Compiled rules, ready to be bound: what the engine runs and the machine decides with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from casewright.compiler.release import Release
from casewright.layers.selection import Selector
from casewright.machine.facts import Bound


class Member:
    """One variant of a rule in one language: its hash at once, its plan or policy when it is first bound."""

    __slots__ = ("_bound", "_make", "digest")

    def __init__(self, digest: str, make: Callable[[], Bound]) -> None:
        self.digest = digest
        self._make = make
        self._bound: Bound | None = None

    @property
    def bound(self) -> Bound:
        """The rule as it is bound."""
        if self._bound is None:
            self._bound = self._make()
        return self._bound


@dataclass(frozen=True, slots=True)
class Family:
    """One rule for one class: the base and its variants, each in every language that it has texts in.

    `members` are by variant and language; language `""` is the one that the rule was written in.
    """

    members: Mapping[tuple[str, str], Member]
    selector: Selector | None = None
    languages: frozenset[str] = frozenset()

    def bound(self, variant: str = "", language: str = "") -> Bound:
        """The variant in the language, or as it was written where there are no texts in that language."""
        member = self.members.get((variant, language)) or self.members[variant, ""]
        return member.bound


@dataclass(frozen=True, slots=True)
class Application:
    """All rules of a stack of layers, lowered. Immutable, and the machine's `Rules`.

    `families` are by kind, id and class (`""` is the root); `chains` gives for a class itself and its ancestors, the
    nearest first. Binding chooses the class, then the variant by the dimensions' facts, then the language.
    """

    release: Release
    families: Mapping[tuple[str, str, str], Family]
    chains: Mapping[str, tuple[str, ...]]
    _by_digest: Mapping[tuple[str, str, str], Member] = field(init=False, repr=False, compare=False)
    _of_classes: frozenset[tuple[str, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_digest = {
            (kind, rule_id, member.digest): member
            for (kind, rule_id, _), family in self.families.items()
            for member in family.members.values()
        }
        object.__setattr__(self, "_by_digest", MappingProxyType(by_digest))
        of_classes = frozenset((kind, rule_id) for kind, rule_id, for_class in self.families if for_class)
        object.__setattr__(self, "_of_classes", of_classes)

    def bind(self, kind: str, rule_id: str, roots: Mapping[str, Any]) -> Bound:
        """The variant of a rule that holds for these roots at `roots["$now"]`.

        Raises LookupError where there is no such rule, errors.FactMissing where a variant hangs on a dimension that
        these roots do not offer.
        """
        family = self._family(kind, rule_id, roots)
        variant = ""
        if family.selector is not None:
            variant = family.selector.choose(self.facts(family.selector, roots), roots["$now"])
        return family.bound(variant, language_of(roots) if family.languages else "")

    def by_digest(self, kind: str, rule_id: str, digest: str) -> Bound:
        """The rule with exactly this tree; raises LookupError where this release does not hold it."""
        return self._by_digest[kind, rule_id, digest].bound

    def policies(self, kind: str) -> Mapping[str, Any]:
        """What the base rules of a kind were lowered to, by id."""
        return {
            rule_id: family.bound().value
            for (of_kind, rule_id, for_class), family in self.families.items()
            if of_kind == kind and not for_class
        }

    def facts(self, selector: Selector, roots: Mapping[str, Any]) -> dict[str, Any]:
        """The facts that a selector needs, read from the roots; one whose root is not there is left out."""
        found = {}
        for name in selector.needs:
            dimension = self.families["circumstance", name, ""].bound().value
            try:
                found[name] = dimension.fact.evaluate(roots)
            except KeyError:
                continue
        return found

    def _family(self, kind: str, rule_id: str, roots: Mapping[str, Any]) -> Family:
        if (kind, rule_id) in self._of_classes:
            case = roots.get("case")
            for name in self.chains.get(case["type"], ()) if case else ():
                if (kind, rule_id, name) in self.families:
                    return self.families[kind, rule_id, name]
        try:
            return self.families[kind, rule_id, ""]
        except KeyError:
            raise LookupError(f"there is no {kind}/{rule_id} in {self.release.application}") from None


def language_of(roots: Mapping[str, Any]) -> str:
    """The language to speak: the interaction's, else the customer's, else none in particular."""
    interaction = roots.get("interaction")
    if interaction and interaction.get("language"):
        return str(interaction["language"])
    try:
        customer = roots["customer"]
    except KeyError:
        return ""
    return str((customer or {}).get("language") or "")
