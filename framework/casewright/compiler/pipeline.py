"""The straight line: a layer's folder to an application, in one readable function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from casewright.compiler.application import Application
from casewright.compiler.assembling import assemble
from casewright.compiler.links import Known, Link, broken, links_of
from casewright.compiler.lowering import Lowered, lower_all
from casewright.compiler.outlines import RuleOutlines
from casewright.compiler.scopes import EVERYWHERE, shared_scope
from casewright.compiler.trees import digest_of, written
from casewright.compiler.uses import lacking
from casewright.errors import RulesRejected
from casewright.layers import Layers, load
from casewright.layers.resolved import Resolved
from casewright.layers.variants import check_variants
from casewright.rules.contract import Rule
from casewright.rules.registry import Vocabulary, vocabulary
from casewright.values import Problem, RuleName, Span


@dataclass(frozen=True, slots=True)
class Compiled:
    """What compiling gave: the application, or None where there are errors; every problem; and what lies between.

    `rules` are the resolved rules by name, `links` their references, `lowered` what each was lowered to.
    """

    application: Application | None
    problems: tuple[Problem, ...]
    layers: Layers
    vocabulary: Vocabulary
    rules: Mapping[RuleName, Rule]
    links: tuple[Link, ...]
    lowered: Mapping[RuleName, Lowered]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the rules from being used."""
        return tuple(problem for problem in self.problems if problem.is_error)

    def usable(self) -> Application:
        """The application; raises errors.RulesRejected with all problems where there is none."""
        if self.application is None:
            raise RulesRejected(self.problems)
        return self.application


def compile_layer(
    path: Path, *, search: Sequence[Path] = (), shipped: Path | None = None, words: Vocabulary | None = None
) -> Compiled:
    """The application of the layer in `path` and all that it is built on: read, load, resolve, parse, link, lower."""
    words = words or vocabulary()
    layers, _ = load(path, search=search, shipped=shipped, shapes=words.shapes)
    resolved = {name: layers.resolve(name) for name in layers.names()}
    rules = {name: parsed(each) for name, each in resolved.items() if each.blocked is None}
    sound = {name: rule for name, rule in rules.items() if not any(p.is_error for p in resolved[name].problems)}
    outlines = RuleOutlines(rules.values(), words.kinds, EVERYWHERE)
    links = {name: links_of(name, rule.body, words.shapes[name.kind]) for name, rule in sound.items()}
    lowered = lower_all(sound, words, shared_scope(outlines))
    problems = [
        *layers.problems(),
        *check_variants(layers),
        *(problem for each in links.values() for problem in broken(each, known(layers, rules, resolved))),
        *(problem for each in lowered.values() for problem in each.problems),
        *lacking(outlines, by_rule(links), reads_by_rule(lowered)),
    ]
    found = once(problems)
    application = None if any(problem.is_error for problem in found) else assemble(layers, rules, lowered)
    every_link = tuple(link for each in links.values() for link in each)
    return Compiled(application, found, layers, words, rules, every_link, lowered)


def parsed(resolved: Resolved) -> Rule:
    """A resolved rule with the hash of its body."""
    return Rule(resolved.name, resolved.head.span, resolved.body, digest_of(written(resolved.body)))


def known(layers: Layers, rules: Iterable[RuleName], resolved: Mapping[RuleName, Resolved]) -> Known:
    """What references may name."""
    ids: dict[str, set[str]] = {}
    for name in rules:
        ids.setdefault(name.kind, set()).add(name.id)
    blocked = {(name.kind, name.id): each.blocked for name, each in resolved.items() if each.blocked is not None}
    off = {
        (skipped.file.name.kind, skipped.file.name.id): skipped.file.says("module")
        for skipped in layers.skipped
        if skipped.file.says("module")
    }
    return Known({kind: frozenset(each) for kind, each in ids.items()}, blocked, off)


def by_rule(links: Mapping[RuleName, tuple[Link, ...]]) -> dict[tuple[str, str], tuple[Link, ...]]:
    """The references of each rule, those of its variants among them, by kind and id."""
    found: dict[tuple[str, str], tuple[Link, ...]] = {}
    for name, each in links.items():
        found[name.kind, name.id] = (*found.get((name.kind, name.id), ()), *each)
    return found


def reads_by_rule(lowered: Mapping[RuleName, Lowered]) -> dict[tuple[str, str], dict[str, Span]]:
    """The paths that each rule reads, those of its variants among them, by kind and id."""
    found: dict[tuple[str, str], dict[str, Span]] = {}
    for name, each in lowered.items():
        found.setdefault((name.kind, name.id), {}).update(each.reads)
    return found


def once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, sorted by place: a rule and its variants often share the line that is wrong."""
    found: dict[tuple[Span, str, str], Problem] = {}
    for problem in sorted(problems):
        found.setdefault((problem.span, problem.code, problem.message), problem)
    return tuple(found.values())
