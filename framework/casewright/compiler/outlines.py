"""The outlines of all rules, each worked out when it is first asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from casewright.expressions import Type
from casewright.rules.contract import Rule, RuleKind
from casewright.source.node import Node
from casewright.steps.outline import Outline
from casewright.steps.scope import Scope


class RuleOutlines:
    """Finds outlines by kind and id. A rule that is bound to classes is known by its most general form."""

    def __init__(self, rules: Iterable[Rule], kinds: Mapping[str, RuleKind], roots: Mapping[str, Type]) -> None:
        self._kinds = kinds
        self._rules: dict[str, dict[str, Rule]] = defaultdict(dict)
        for rule in rules:
            if not rule.name.variant:
                self._rules[rule.name.kind].setdefault(rule.name.id, rule)
        self._found: dict[tuple[str, str], Outline] = {}
        self._scope = Scope(roots, self)

    def find(self, kind: str, rule_id: str) -> Outline | None:
        """The outline of a rule, or None where there is none of that name."""
        found = self._found.get((kind, rule_id))
        if found is None and rule_id in self._rules[kind]:
            found = self._kinds[kind].outline(self._rules[kind][rule_id], self._scope)
            self._found[kind, rule_id] = found
        return found

    def parameters(self, page: str) -> Mapping[str, Node]:
        """The parameters of a data page as they were written."""
        rule = self._rules["data_page"].get(page)
        return rule.body.entries("parameters") if rule else {}

    def ids(self, kind: str) -> tuple[str, ...]:
        """The ids of all rules of a kind, sorted."""
        return tuple(sorted(self._rules[kind]))
