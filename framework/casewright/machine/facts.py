"""What a decision may know besides the plan, the snapshot and the command: all of it is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from casewright.machine.effects import PageRequest


@dataclass(frozen=True, slots=True)
class Actor:
    """Who commands: `kind` is operator, customer, system or service; roles are ids of role rules.

    Roles may be given as any collection, or one role as a text; they are kept as a frozenset.
    """

    id: str
    kind: str = "operator"
    roles: frozenset[str] = frozenset()
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if type(self.roles) is not frozenset:
            roles = {self.roles} if isinstance(self.roles, str) else self.roles
            object.__setattr__(self, "roles", frozenset(roles))


SYSTEM = Actor("system", "system")


@dataclass(frozen=True, slots=True)
class Bound:
    """A rule as it was chosen: the variant (`""` is the base), the hash of its tree, and the plan or policy."""

    rule: str
    variant: str
    digest: str
    value: Any


class Rules(Protocol):
    """The rules of the active release: an immutable value as far as the core can see."""

    def bind(self, kind: str, rule_id: str, roots: Mapping[str, Any]) -> Bound:
        """The variant that holds for these roots at `roots["$now"]`, lowered."""

    def by_digest(self, kind: str, rule_id: str, digest: str) -> Bound:
        """The rule exactly as it was bound before."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A page that could not be read, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The instant, the actor, the pages read so far (or why not), the rules, the interaction and the event."""

    now: datetime
    actor: Actor
    rules: Rules
    pages: Mapping[PageRequest, Any] = field(default_factory=dict)
    interaction: Mapping[str, Any] | None = None
    event: Mapping[str, Any] | None = None
    bound: Mapping[str, str] = field(default_factory=dict)
    """For replay: the hashes that were bound when the command was first decided, by `KIND/ID`."""
