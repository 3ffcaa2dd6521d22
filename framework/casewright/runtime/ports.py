"""What the runtime needs of others, as protocols: the compiled application, the facts, the connectors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from casewright.machine.effects import PageRequest
from casewright.machine.facts import Bound, Unavailable


class Release(Protocol):
    """Every resolved rule of an application by the hash of its tree; a value."""

    @property
    def id(self) -> str:
        """The hash over all rules."""

    @property
    def application(self) -> str:
        """The label of the top layer, `name@version`."""

    @property
    def rules(self) -> Mapping[str, str]:
        """The hash of each rule's tree, by the rule's name as text."""

    @property
    def trees(self) -> Mapping[str, str]:
        """The stored text of each tree, by its hash."""


class Application(Protocol):
    """Compiled rules. It is also the core's `Rules`."""

    @property
    def release(self) -> Release: ...

    def bind(self, kind: str, rule_id: str, roots: Mapping[str, Any]) -> Bound:
        """The variant that holds for these roots; raises LookupError where there is no such rule."""

    def by_digest(self, kind: str, rule_id: str, digest: str) -> Bound:
        """The rule with exactly this tree; raises LookupError where this release does not hold it."""

    def policies(self, kind: str) -> Mapping[str, Any]:
        """The base policies of a kind, by id."""


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A release as it was read back from the store."""

    id: str
    application: str
    rules: Mapping[str, str]
    trees: Mapping[str, str]


Revive = Callable[[StoredRelease], Application]
"""Compiles an application again from the trees that were stored with its release."""


class FactSource(Protocol):
    """Reads data pages, outside any transaction."""

    def load(
        self, requests: Collection[PageRequest], *, interaction: str, actor: str
    ) -> Mapping[PageRequest, Any | Unavailable]:
        """The page of each request, or why it cannot be read."""

    def invalidate(self, event: str, payload: Mapping[str, Any]) -> None:
        """Takes note that pages which listen to this event are stale."""


class ConnectorPort(Protocol):
    """Calls the outside world."""

    def call(self, name: str, arguments: Mapping[str, Any], *, key: str) -> Any:
        """The answer of `connector.operation`; raises `errors.ConnectorFailed`. One key asks for one effect."""
