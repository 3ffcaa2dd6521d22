"""The rules of a stored release, each read back from its tree when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casewright.compiler.release import Edition, Release
from casewright.compiler.trees import read_back
from casewright.rules.contract import Rule
from casewright.values import RuleName, Span


class StoredRules(Mapping[Edition, Rule]):
    """The editions of a release as rules."""

    def __init__(self, release: Release) -> None:
        self._digests = dict(release.editions())
        self._trees = release.trees
        self._origin = release.application
        self._read: dict[Edition, Rule] = {}

    def __getitem__(self, edition: Edition) -> Rule:
        rule = self._read.get(edition)
        if rule is None:
            digest = self._digests[edition]
            body = read_back(self._trees[digest], self._origin)
            rule = self._read[edition] = Rule(edition[0], Span(self._origin), body, digest)
        return rule

    def __iter__(self) -> Iterator[Edition]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)

    def digest(self, edition: Edition) -> str:
        """The hash of an edition's tree, without reading it."""
        return self._digests[edition]


class AsWritten(Mapping[RuleName, Rule]):
    """The rules of editions in the language that each was written in."""

    def __init__(self, rules: Mapping[Edition, Rule]) -> None:
        self._rules = rules

    def __getitem__(self, name: RuleName) -> Rule:
        return self._rules[name, ""]

    def __iter__(self) -> Iterator[RuleName]:
        return (name for name, language in self._rules if not language)

    def __len__(self) -> int:
        return sum(1 for _ in self)
