"""The outlines of all rules, each worked out when it is first asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from casewright.compiler.unsound import Unsound
from casewright.expressions import STANDARD, Function, Type
from casewright.rules.contract import Rule, RuleKind
from casewright.source.node import Node
from casewright.steps.outline import Outline
from casewright.steps.scope import Scope
from casewright.values import RuleName

Rules = Mapping[RuleName, Rule]


class RuleOutlines:
    """Finds outlines by kind and id. A rule that is bound to classes is known by its most general form."""

    def __init__(
        self,
        rules: Rules,
        kinds: Mapping[str, RuleKind],
        roots: Mapping[str, Type],
        held: Unsound | None = None,
        functions: Mapping[str, Function] = STANDARD,
    ) -> None:
        self._held = held
        self._kinds = kinds
        self._rules = rules
        self._names = _most_general(rules)
        self._found: dict[tuple[str, str], Outline] = {}
        self._scope = Scope(roots, self, functions=functions)

    def find(self, kind: str, rule_id: str) -> Outline | None:
        """The outline of a rule, or None where there is none of that name."""
        found = self._found.get((kind, rule_id))
        if found is None and rule_id in self._names[kind]:
            rule = self._rules[self._names[kind][rule_id]]
            found = self._found[kind, rule_id] = self._kinds[kind].outline(rule, self._scope)
        return found

    def is_held(self, kind: str, rule_id: str) -> bool:
        """Whether there is such a rule, with errors of its own that keep its outline from being known."""
        return self._held is not None and self._held.holds(kind, rule_id)

    def parameters(self, page: str) -> Mapping[str, Node]:
        """The parameters of a data page as they were written."""
        name = self._names["data_page"].get(page)
        return self._rules[name].body.entries("parameters") if name else {}

    def ids(self, kind: str) -> tuple[str, ...]:
        """The ids of all rules of a kind, sorted."""
        return tuple(sorted(self._names[kind]))


def _most_general(names: Iterable[RuleName]) -> dict[str, dict[str, RuleName]]:
    """By kind and id: the name of the rule for the root, or for the first class that has one."""
    found: dict[str, dict[str, RuleName]] = defaultdict(dict)
    for name in sorted(name for name in names if not name.variant):
        found[name.kind].setdefault(name.id, name)
    return found
