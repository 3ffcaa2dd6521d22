"""A table or tree of a layer, ready to be asked on facts from the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import click

from casewright.cli.given import entries_of
from casewright.cli.names import Named
from casewright.cli.roots import roots_of, tree_of
from casewright.compiler.asking import scope_of
from casewright.compiler.pipeline import Compiled
from casewright.errors import RulesRejected
from casewright.expressions import Type
from casewright.layers.variants import dimensions_of
from casewright.machine.deciding import Given
from casewright.machine.facts import Bound
from casewright.steps.deciding import DECIDERS, deciding_scope
from casewright.steps.showing import Layout, Shown
from casewright.values import RuleName, did_you_mean


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking: the rule with its variant, what it gave, and what other rules said on the way."""

    rule: str
    shown: Shown
    given: Given
    notes: tuple[tuple[str, str], ...]
    roots: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a rule that decides is looked at and asked: its layout, and the names and types of the facts it may get."""

    compiled: Compiled
    name: RuleName
    shown: Shown
    layout: Layout
    types: Mapping[str, Type]
    sources: Mapping[str, str]
    as_of: datetime

    def ask(self, facts: Iterable[str]) -> Asked:
        """What the rule gives for the facts, by the variant that holds for them unless one was named."""
        told = [*facts]
        self._check_names(told)
        roots = roots_of(tree_of(told, self.sources), self.types, self.as_of)
        for root in ("case", *(each.partition(".")[0] for each in self.layout.inputs.values())):
            roots.setdefault(root, {})
        if self.name.for_class:
            roots["case"] = {"type": self.name.for_class, **roots["case"]}
        asking = _Asking(self.compiled)
        roots["$rules"] = asking
        rule, shown = self._chosen(asking, roots)
        return Asked(rule, shown, shown.decide(roots), tuple(asking.notes), roots)

    def _check_names(self, facts: Iterable[str]) -> None:
        for name, _ in entries_of(facts):
            if name in self.layout.computed:
                said = f"'{name}' is computed: {self.layout.computed[name]}"
                raise click.UsageError(f"{said}; give what that reads, as case.NAME=VALUE")
            if "." not in name and name not in self.sources and name not in self.types:
                near = did_you_mean(name, self.sources) or f"; there are {', '.join(self.sources) or 'none'}"
                raise click.UsageError(f"no input or dimension is called '{name}'{near}")

    def _chosen(self, asking: _Asking, roots: Mapping[str, Any]) -> tuple[str, Shown]:
        if self.name.variant:
            return str(self.name), self.shown
        bound = asking.bind(self.name.kind, self.name.id, roots)
        shown: Shown = bound.value
        return f"{bound.rule}@{bound.variant}" if bound.variant else bound.rule, shown


@dataclass(slots=True)
class _Asking:
    """The root `$rules`: binds rules of the compiled stack, and keeps what they say."""

    compiled: Compiled
    notes: list[tuple[str, str]] = field(default_factory=list)

    def bind(self, kind: str, rule_id: str, roots: Mapping[str, Any]) -> Bound:
        """The rule that holds for these roots; raises errors.RulesRejected where the stack is not sound."""
        return self.compiled.usable().bind(kind, rule_id, roots)

    def note(self, what: str, because: str = "") -> None:
        """Keeps what a rule said."""
        self.notes.append((what, because))


def desk_for(compiled: Compiled, asked: Named, as_of: datetime) -> Desk:
    """The desk for a rule; wrong usage where it decides nothing, raises errors.RulesRejected where it is not sound."""
    name = asked.name
    if name.kind not in DECIDERS.values() or asked.path:
        raise click.UsageError(
            f"'{name}{'.' if asked.path else ''}{asked.path}' is not a whole rule that decides; "
            f"name one of kind {' or '.join(DECIDERS.values())}"
        )
    lowered = compiled.lowered.get((name, ""))
    if lowered is None or lowered.value is None:
        raise RulesRejected(lowered.problems if lowered is not None else compiled.problems)
    shown: Shown = lowered.value
    layout = shown.layout()
    dimensions = {each.id: each.source for each in dimensions_of(compiled.layers).by_id.values()}
    types = deciding_scope(scope_of(compiled)).roots
    return Desk(compiled, name, shown, layout, types, {**dimensions, **layout.inputs}, as_of)
