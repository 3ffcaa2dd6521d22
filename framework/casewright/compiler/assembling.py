"""Lowered rules to an application with its release; and a stored release to an application again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from casewright.compiler.application import Application, Family
from casewright.compiler.lowering import Lowered, lower_all
from casewright.compiler.outlines import RuleOutlines
from casewright.compiler.release import Release, release_of
from casewright.compiler.scopes import EVERYWHERE, shared_scope
from casewright.compiler.trees import read_back, written
from casewright.layers import Layers
from casewright.layers.files import CLASS_KINDS
from casewright.layers.portable import selector_from_json, selector_to_json
from casewright.layers.selection import Selector
from casewright.layers.variants import dimensions_of, variants_of
from casewright.machine.facts import Bound
from casewright.rules.contract import Rule
from casewright.rules.registry import Vocabulary
from casewright.values import RuleName, Span

_SELECT, _CLASSES = "select ", "classes"


class Stored(Protocol):
    """A release as a store gives it back."""

    @property
    def application(self) -> str: ...
    @property
    def rules(self) -> Mapping[str, str]: ...
    @property
    def trees(self) -> Mapping[str, str]: ...


def assemble(layers: Layers, rules: Mapping[RuleName, Rule], lowered: Mapping[RuleName, Lowered]) -> Application:
    """The application of sound rules."""
    dimensions = dimensions_of(layers)
    bases = [name for name in rules if not name.variant]
    selectors = {
        name: variants_of(layers, name, dimensions).selector
        for name in bases
        if layers.variants(name) or layers.resolve(name).head.effective is not None
    }
    chains = class_chains(layers)
    texts = {str(name): written(rule.body) for name, rule in rules.items()}
    texts |= {f"{_SELECT}{name}": json.dumps(selector_to_json(each)) for name, each in selectors.items()}
    texts[_CLASSES] = json.dumps({name: list(chain) for name, chain in chains.items()})
    top = layers.stack[-1].label if layers.stack else ""
    return application_of(release_of(top, texts), rules, lowered, selectors, chains)


def class_chains(layers: Layers) -> dict[str, tuple[str, ...]]:
    """For each class itself and its ancestors, the nearest first."""
    ids = {name.id for name in layers.names() if name.kind in CLASS_KINDS}
    return {each: tuple(reversed(layers.classes.chain(each))) for each in sorted(ids)}


def application_of(
    release: Release,
    rules: Mapping[RuleName, Rule],
    lowered: Mapping[RuleName, Lowered],
    selectors: Mapping[RuleName, Selector],
    chains: Mapping[str, tuple[str, ...]],
) -> Application:
    """The application of a release: the families of its rules."""
    members: dict[tuple[str, str, str], dict[tuple[str, str], Bound]] = {}
    for name, rule in rules.items():
        bound = Bound(f"{name.kind}/{name.id}", name.variant, rule.digest, lowered[name].value)
        members.setdefault((name.kind, name.id, name.for_class), {})[name.variant, ""] = bound
    families = {key: Family(each, selectors.get(RuleName(*key))) for key, each in members.items() if ("", "") in each}
    dimensions = {
        rule_id: family.member("", "").value
        for (kind, rule_id, _), family in families.items()
        if kind == "circumstance"
    }
    return Application(release, families, dimensions, chains)


def revive(stored: Stored, words: Vocabulary) -> Application:
    """The application of a stored release, compiled again from its trees alone."""
    rules = {
        name: Rule(name, Span(stored.application), read_back(stored.trees[digest], stored.application), digest)
        for name, digest in rule_names(stored.rules)
    }
    outlines = RuleOutlines(rules.values(), words.kinds, EVERYWHERE)
    lowered = lower_all(rules, words, shared_scope(outlines))
    selectors = {
        rule_name(name.removeprefix(_SELECT)): selector_from_json(json.loads(stored.trees[digest]))
        for name, digest in stored.rules.items()
        if name.startswith(_SELECT)
    }
    chains: dict[str, Any] = json.loads(stored.trees[stored.rules[_CLASSES]])
    texts = {name: stored.trees[digest] for name, digest in stored.rules.items()}
    release = release_of(stored.application, texts)
    return application_of(release, rules, lowered, selectors, {name: tuple(chain) for name, chain in chains.items()})


def rule_names(rules: Mapping[str, str]) -> Iterable[tuple[RuleName, str]]:
    """The names of the rules of a release, with the hashes of their trees."""
    for name, digest in rules.items():
        if name != _CLASSES and not name.startswith(_SELECT):
            yield rule_name(name), digest


def rule_name(text: str) -> RuleName:
    """The name that `KIND/ID@VARIANT for CLASS` says."""
    rest, _, for_class = text.partition(" for ")
    rest, _, variant = rest.partition("@")
    kind, _, rule_id = rest.partition("/")
    return RuleName(kind, rule_id, for_class, variant)
