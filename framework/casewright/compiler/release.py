"""A release: every resolved rule of an application by the hash of its tree."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casewright.compiler.trees import digest_of
from casewright.layers.portable import selector_from_json, selector_to_json
from casewright.layers.selection import Selector
from casewright.values import RuleName

_SELECT, _CLASSES, _IN = "select ", "classes", " in "

Edition = tuple[RuleName, str]
"""A rule as it stands in one language; `""` is the language that it was written in."""

Chains = Mapping[str, tuple[str, ...]]
"""For each class itself and its ancestors, the nearest first."""


@dataclass(frozen=True, slots=True)
class Release:
    """What is stored when an application is activated.

    `application` is the top layer's `name@version`. `rules` maps each name to the hash of its text in `trees`: rules as
    `KIND/ID@VARIANT for CLASS in LANGUAGE`, how variants are chosen as `select KIND/ID for CLASS`, and the class tree
    as `classes`. `id` is the hash of the names with their hashes.
    """

    id: str
    application: str
    rules: Mapping[str, str]
    trees: Mapping[str, str]

    def editions(self) -> Iterator[tuple[Edition, str]]:
        """Every rule in every language that it has texts in, with the hash of its tree."""
        for name, digest in self.rules.items():
            if name != _CLASSES and not name.startswith(_SELECT):
                yield edition_of(name), digest

    def selectors(self) -> dict[RuleName, Selector]:
        """How the variants of rules are chosen."""
        return {
            edition_of(name.removeprefix(_SELECT))[0]: selector_from_json(json.loads(self.trees[digest]))
            for name, digest in self.rules.items()
            if name.startswith(_SELECT)
        }

    def chains(self) -> dict[str, tuple[str, ...]]:
        """The class tree."""
        found = json.loads(self.trees[self.rules[_CLASSES]])
        return {name: tuple(chain) for name, chain in found.items()}


def release_of(
    application: str, trees: Mapping[Edition, str], selectors: Mapping[RuleName, Selector], chains: Chains
) -> Release:
    """The release of these trees, selectors and classes."""
    texts = {name_of(edition): text for edition, text in trees.items()}
    texts |= {f"{_SELECT}{name}": json.dumps(selector_to_json(each)) for name, each in selectors.items()}
    texts[_CLASSES] = json.dumps(chains)
    rules = {name: digest_of(text) for name, text in sorted(texts.items())}
    by_digest = {digest: texts[name] for name, digest in rules.items()}
    return Release(digest_of(json.dumps([application, rules])), application, rules, by_digest)


def name_of(edition: Edition) -> str:
    """The name of an edition as text."""
    name, language = edition
    return f"{name}{_IN}{language}" if language else str(name)


def edition_of(text: str) -> Edition:
    """The edition that `KIND/ID@VARIANT for CLASS in LANGUAGE` names."""
    rest, _, language = text.partition(_IN)
    rest, _, for_class = rest.partition(" for ")
    rest, _, variant = rest.partition("@")
    kind, _, rule_id = rest.partition("/")
    return RuleName(kind, rule_id, for_class, variant), language
