"""Rules of which nothing can be told, so that no other rule is blamed for what they lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casewright.layers import CLASS_KINDS, Layers, Resolved
from casewright.values import Problem, Related, RuleName, Span

OF_CASES = frozenset({"E402", "E403", "E503"})
"""What is said of a name that no case type offers."""


@dataclass(frozen=True, slots=True)
class Unsound:
    """The rules, by kind and id, that have errors of their own, could not be read, or are built on such a rule."""

    layers: Layers
    rules: frozenset[tuple[str, str]]

    def holds(self, kind: str, rule_id: str) -> bool:
        """Whether the rule is one of them."""
        return (kind, rule_id) in self.rules or self.layers.is_unread(kind, rule_id)

    def follows(self, name: RuleName, problem: Problem) -> bool:
        """Whether a problem may well be gone once the case types are sound: a shared rule reads what they offer."""
        return self._lacks_cases and name.kind != "case_type" and problem.code in OF_CASES

    @property
    def _lacks_cases(self) -> bool:
        return any(kind in ("case_type", "") for kind, _ in (*self.rules, *self.layers.unread))


def unsound(layers: Layers, resolved: Mapping[RuleName, Resolved]) -> Unsound:
    """The unsound rules of a stack."""
    wrong = {(name.kind, name.id) for name, each in resolved.items() if not name.variant and has_errors(each)}
    own = Unsound(layers, frozenset(wrong) | layers.unread)
    below = {
        (name.kind, name.id)
        for name, each in resolved.items()
        if name.kind in CLASS_KINDS and any(own.holds(name.kind, parent) for parent in _parents(layers, name, resolved))
    }
    return Unsound(layers, own.rules | below)


def _parents(layers: Layers, name: RuleName, resolved: Mapping[RuleName, Resolved]) -> Iterator[str]:
    """The classes above a class, and the one that the uppermost says it is: it may be one that could not be read."""
    chain = layers.classes.chain(name.id, name.kind)
    yield from chain[:-1]
    top = resolved.get(RuleName(name.kind, chain[0]))
    if top is not None and top.head.is_a:
        yield top.head.is_a


def has_errors(resolved: Resolved) -> bool:
    """Whether a rule is not sound enough to be lowered."""
    return any(problem.is_error for problem in resolved.problems)


def blocked_parents(resolved: Mapping[RuleName, Resolved]) -> Iterator[Problem]:
    """E501 for each class whose parent a layer blocks."""
    for name, each in resolved.items():
        parent = resolved.get(RuleName(name.kind, each.head.is_a)) if name.kind in CLASS_KINDS else None
        if parent is None or parent.blocked is None or each.blocked is not None or name.variant:
            continue
        place = parent.blocked
        message = f"is_a -> {parent.name} is blocked by [{place.layer}]"
        help_ = f"name another {name.kind}, or remove the block"
        yield Problem(_is_a_place(each), "E501", message, (Related(place, "blocked here"),), help_)


def _is_a_place(resolved: Resolved) -> Span:
    made = next(file for file in reversed(resolved.files) if "is_a" in file.head)
    return made.head["is_a"].span
