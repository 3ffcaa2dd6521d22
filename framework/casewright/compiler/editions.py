"""Resolved rules in each language that the layers have texts in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casewright.compiler.release import Edition
from casewright.compiler.trees import digest_of, written
from casewright.layers import CLASS_KINDS, Layers, Resolved
from casewright.layers.text_checks import check_texts
from casewright.layers.texts import languages_of, texts_of, translated
from casewright.rules.contract import Rule
from casewright.source.node import Node
from casewright.values import Problem, RuleName


def editions(layers: Layers, resolved: Mapping[RuleName, Resolved]) -> tuple[dict[Edition, Rule], dict[Edition, str]]:
    """Every usable rule as it was written, and in each language in which it reads differently; their trees as text."""
    rules: dict[Edition, Rule] = {}
    trees: dict[Edition, str] = {}
    for name, each in resolved.items():
        if each.blocked is None:
            rules[name, ""], trees[name, ""] = _rule(each, each.body)
    for language in languages_of(layers):
        texts, _ = texts_of(layers, language)
        translatable = {text.rule.base for text in texts.values()}
        for name, each in resolved.items():
            if (name, "") in rules and any(_speaks_of(base, name) for base in translatable):
                rule, tree = _rule(each, translated(layers, name, texts, language))
                if rule.digest != rules[name, ""].digest:
                    rules[name, language], trees[name, language] = rule, tree
    return rules, trees


def text_problems(layers: Layers) -> Iterator[Problem]:
    """What is missing, stale or of nothing among the texts of other languages."""
    for language in languages_of(layers):
        yield from check_texts(layers, language)


def _speaks_of(base: RuleName, name: RuleName) -> bool:
    return base.kind == name.kind and (base.id == name.id or name.kind in CLASS_KINDS)


def _rule(resolved: Resolved, body: Node) -> tuple[Rule, str]:
    tree = written(body)
    return Rule(resolved.name, resolved.head.span, body, digest_of(tree)), tree
