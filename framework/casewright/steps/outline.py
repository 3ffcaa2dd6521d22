"""What rules may know of each other: types, fields and parts, without the rest of the rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from casewright.expressions import DYNAMIC, Type
from casewright.machine.plan import Field
from casewright.source.node import Node
from casewright.values import Span


@dataclass(frozen=True, slots=True)
class Outline:
    """The outside of a rule.

    `type` is what it gives (a record, a page's return, a table's result); `fields` what may be put in (a case type's
    data, a page's parameters); `types` the types of those; `parts` the outlines of what it names (a connector's
    operations); `roots` the names that a case type's context adds; `page`, its one required parameter and `key` are
    how a data type's record is read. `own` are, with their types, the fields that the passes inside a case type or
    process have of their own.
    """

    span: Span
    type: Type = DYNAMIC
    fields: Mapping[str, Field] = field(default_factory=dict)
    types: Mapping[str, Type] = field(default_factory=dict)
    parts: Mapping[str, Outline] = field(default_factory=dict)
    roots: Mapping[str, Type] = field(default_factory=dict)
    page: str = ""
    page_parameter: str = ""
    key: str = "id"
    is_abstract: bool = False
    own: Mapping[str, tuple[Field, Type]] = field(default_factory=dict)


class Outlines(Protocol):
    """The outlines of all rules that there are."""

    def find(self, kind: str, rule_id: str) -> Outline | None:
        """The outline of a rule, or None where there is none of that name."""

    def is_held(self, kind: str, rule_id: str) -> bool:
        """Whether there is such a rule, with errors of its own that keep its outline from being known."""

    def parameters(self, page: str) -> Mapping[str, Node]:
        """The parameters of a data page as they were written; empty where there is no such page."""

    def ids(self, kind: str) -> tuple[str, ...]:
        """The ids of all rules of a kind, sorted."""
