"""What a rule kind is: a name, a schema, what others may know of a rule, and what the rule is lowered to.

A kind is a folder here that exports `KIND`, or an entry point of the group `casewright.rule_kinds` in any installed
package. Runtime, web and command line know the plans and policies that come out, never the kinds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casewright.layers.files import CLASS_KINDS
from casewright.source.node import Node
from casewright.steps.contract import StepType
from casewright.steps.outline import Outline
from casewright.steps.scope import Scope
from casewright.values import RuleName, Span


@dataclass(frozen=True, slots=True)
class Rule:
    """A resolved rule: its name, where its first line stands, its typed body, and the hash of the body."""

    name: RuleName
    span: Span
    body: Node
    digest: str

    @property
    def label(self) -> str:
        """What people read for the rule."""
        return self.body.word("label") or self.name.id.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Ground:
    """What a rule is lowered on: the scope that it is compiled in, and the step types that there are."""

    scope: Scope
    steps: Mapping[str, StepType]


Lower = Callable[[Rule, Ground], Any]
"""Lowers a rule to a plan or a policy. Mistakes are reported to the scope; what can still be lowered is."""

Outlining = Callable[[Rule, Scope], Outline]
"""Gives what other rules may know of this one. Reports nothing: lowering does."""


@dataclass(frozen=True, slots=True)
class RuleKind:
    """A kind of rule.

    `is_bound`: a rule is chosen
    when it is needed, by class, circumstance and date; the rules of other kinds hold for everybody, always.
    `reads_case`: a rule reads what the case that uses it offers, so every case type that uses it is checked for that.
    """

    name: str
    folder: Path
    lower: Lower
    outline: Outlining
    is_bound: bool = True
    reads_case: bool = False

    @property
    def is_class(self) -> bool:
        """Whether its rules make a tree by `is_a`, to which others are bound by `for`: the language says."""
        return self.name in CLASS_KINDS

    @property
    def schema(self) -> Mapping[str, Any]:
        """The draft-07 schema of the kind's own properties."""
        schema: dict[str, Any] = json.loads((self.folder / "schema.json").read_text(encoding="utf-8"))
        return schema


def plain_outline(rule: Rule, scope: Scope) -> Outline:
    """Where the rule stands, and nothing more: the outline of most policies."""
    return Outline(rule.span)


def rule_kind(
    name: str,
    file: str,
    lower: Lower,
    *,
    outline: Outlining = plain_outline,
    is_bound: bool = True,
    reads_case: bool = False,
) -> RuleKind:
    """The rule kind of the module `file`, whose schema lies beside it."""
    return RuleKind(name, Path(file).parent, lower, outline, is_bound, reads_case)
