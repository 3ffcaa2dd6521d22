"""Forms that a kind does not take: a variant, a class or a date on rules that hold for everybody, always."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casewright.layers import Resolved
from casewright.rules.contract import RuleKind
from casewright.values import Problem, RuleName


def unbound_forms(resolved: Mapping[RuleName, Resolved], kinds: Mapping[str, RuleKind]) -> Iterator[Problem]:
    """E519 for each rule that says when it holds, of a kind whose rules are not chosen anew each time."""
    for name, each in resolved.items():
        form = _form(name, each)
        if form and not kinds[name.kind].is_bound:
            yield Problem(
                each.head.span,
                "E519",
                f"a {name.kind} has no {form}: it holds for everybody, always",
                help=f"make two rules, and let what names {name.kind}/{name.id} choose between them",
            )


def _form(name: RuleName, resolved: Resolved) -> str:
    if name.variant:
        return "variants"
    if name.for_class:
        return "`for:`"
    return "`effective:`" if resolved.head.effective is not None else ""
