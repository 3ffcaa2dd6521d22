"""A release: every resolved rule of an application by the hash of its tree."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from casewright.compiler.trees import digest_of


@dataclass(frozen=True, slots=True)
class Release:
    """What is stored when an application is activated.

    `application` is the top layer's `name@version`. `rules` maps each rule's name, as `KIND/ID@VARIANT for CLASS`, to
    the hash of its tree, and beside the rules the selectors (`select KIND/ID for CLASS`), the class tree (`classes`).
    `trees` holds the text of each by its hash. `id` is the hash of `rules`.
    """

    id: str
    application: str
    rules: Mapping[str, str]
    trees: Mapping[str, str]


def release_of(application: str, texts: Mapping[str, str]) -> Release:
    """The release of these trees, by name."""
    rules = {name: digest_of(text) for name, text in sorted(texts.items())}
    trees = {rules[name]: text for name, text in texts.items()}
    return Release(digest_of(json.dumps([application, rules])), application, rules, trees)
