"""Lowered rules to an application with its release; and a release to an application again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from casewright.compiler.application import Application, Family, Member
from casewright.compiler.lowering import Lowered, lower
from casewright.compiler.outlines import RuleOutlines
from casewright.compiler.release import Edition, Release, release_of
from casewright.compiler.scopes import EVERYWHERE, shared_scope
from casewright.compiler.stored import AsWritten, StoredRules
from casewright.layers import CLASS_KINDS, Layers
from casewright.layers.selection import Selector
from casewright.layers.variants import dimensions_of, variants_of
from casewright.machine.facts import Bound
from casewright.rules.contract import Rule
from casewright.rules.registry import Vocabulary
from casewright.steps.scope import Scope
from casewright.values import RuleName


def assemble(
    layers: Layers, rules: Mapping[Edition, Rule], trees: Mapping[Edition, str], lowered: Mapping[Edition, Lowered]
) -> Application:
    """The application of sound rules, lowered already; `trees` are their bodies as text."""
    release = release_of(layers.stack[-1].label, trees, selectors_of(layers), class_chains(layers))
    members = {edition: _ready(rule, lowered[edition]) for edition, rule in rules.items()}
    return _application(release, members)


def revive(release: Release, words: Vocabulary) -> Application:
    """The application of a release, from its trees alone; each rule is lowered when it is first bound."""
    rules = StoredRules(release)
    scope = shared_scope(
        RuleOutlines(AsWritten(rules), words.kinds, EVERYWHERE, functions=words.functions), words.functions
    )
    return _application(release, {edition: _later(edition, rules, words, scope) for edition in rules})


def selectors_of(layers: Layers) -> dict[RuleName, Selector]:
    """How the variants of each rule are chosen, where it has some or holds for a period only."""
    dimensions = dimensions_of(layers)
    return {
        name: variants_of(layers, name, dimensions).selector
        for name in layers.names()
        if not name.variant and (layers.variants(name) or layers.resolve(name).head.effective is not None)
    }


def class_chains(layers: Layers) -> dict[str, tuple[str, ...]]:
    """For each class itself and its ancestors, the nearest first."""
    ids = {name.id for name in layers.names() if name.kind in CLASS_KINDS}
    return {each: tuple(reversed(layers.classes.chain(each))) for each in sorted(ids)}


def _ready(rule: Rule, lowered: Lowered) -> Member:
    bound = _bound(rule, lowered)
    return Member(rule.digest, lambda: bound)


def _later(edition: Edition, rules: StoredRules, words: Vocabulary, scope: Scope) -> Member:
    return Member(rules.digest(edition), lambda: _bound(rules[edition], lower(rules[edition], words, scope)))


def _bound(rule: Rule, lowered: Lowered) -> Bound:
    return Bound(f"{rule.name.kind}/{rule.name.id}", rule.name.variant, rule.digest, lowered.value)


def _application(release: Release, members: Mapping[Edition, Member]) -> Application:
    """The families of the members. A rule of which only variants are there (its base is blocked) has none."""
    selectors = release.selectors()
    families: dict[RuleName, dict[tuple[str, str], Member]] = defaultdict(dict)
    for (name, language), member in members.items():
        families[name.base][name.variant, language] = member
    return Application(
        release,
        {
            (base.kind, base.id, base.for_class): Family(
                each, selectors.get(base), frozenset(language for _, language in each if language)
            )
            for base, each in families.items()
            if ("", "") in each
        },
        release.chains(),
    )
