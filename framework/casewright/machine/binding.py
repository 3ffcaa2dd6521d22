"""Rules bound while it is decided: taken from the active release, or on replay exactly as they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from casewright.machine.decision import TraceEntry
from casewright.machine.facts import Bound, Facts


class Place(Protocol):
    """Where it is decided: a draft, at the item that is being worked out."""

    facts: Facts
    trace: list[TraceEntry]
    path: str


class Binder:
    """The root `$rules`: binds rules, and keeps which. `note` lets a value say why it came out as it did."""

    __slots__ = ("_counts", "_facts", "_last", "_place", "bound")

    def __init__(self, place: Place) -> None:
        self._place = place
        self._facts = place.facts
        self._counts: dict[str, int] = {}
        self._last: dict[str, str] = {}
        self.bound: dict[str, str] = {}

    def bind(self, kind: str, rule_id: str, roots: Mapping[str, Any]) -> Bound:
        """The rule that holds for these roots now."""
        key, name = self._next_key(kind, rule_id)
        found = self._replayed(kind, rule_id, key, name) or self._facts.rules.bind(kind, rule_id, roots)
        if self._last.get(name) != found.digest:
            self._last[name] = self.bound[key] = found.digest
            self.note(f"bound {name}@{found.variant}" if found.variant else f"bound {name}", found.digest[:12])
        return found

    def by_digest(self, kind: str, rule_id: str, digest: str) -> Bound:
        """The rule exactly as it was bound before; nothing new is bound."""
        return self._facts.rules.by_digest(kind, rule_id, digest)

    def note(self, what: str, because: str = "") -> None:
        """Puts on the trace, at the item that is being worked out, what was found and why."""
        self._place.trace.append(TraceEntry(self._place.path, what, because))

    def _next_key(self, kind: str, rule_id: str) -> tuple[str, str]:
        name = f"{kind}/{rule_id}"
        count = self._counts[name] = self._counts.get(name, 0) + 1
        return (name if count == 1 else f"{name}#{count}"), name

    def _replayed(self, kind: str, rule_id: str, key: str, name: str) -> Bound | None:
        if not self._facts.bound:
            return None
        digest = self._facts.bound.get(key) or self._last.get(name)
        return self._facts.rules.by_digest(kind, rule_id, digest) if digest else None
