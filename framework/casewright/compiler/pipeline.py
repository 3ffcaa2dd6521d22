"""The straight line: a layer's folder to an application, in one readable function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from casewright.compiler.application import Application
from casewright.compiler.assembling import assemble
from casewright.compiler.cycles import nested_without_end
from casewright.compiler.editions import editions, text_problems
from casewright.compiler.events import lacking_in_triggers
from casewright.compiler.forms import unbound_forms
from casewright.compiler.guardrails import of_begun_cases
from casewright.compiler.links import Known, Link, Naming, broken, links_of
from casewright.compiler.lowering import Lowered, lower_all
from casewright.compiler.outlines import RuleOutlines
from casewright.compiler.places import unknown_places
from casewright.compiler.release import Edition
from casewright.compiler.scopes import EVERYWHERE, shared_scope
from casewright.compiler.stored import AsWritten
from casewright.compiler.targets import dead_ends
from casewright.compiler.unsound import Unsound, blocked_parents, has_errors, unsound
from casewright.compiler.uses import lacking
from casewright.errors import RulesRejected
from casewright.layers import Layers, Resolved, load
from casewright.layers.variants import check_variants
from casewright.rules.contract import Rule
from casewright.rules.registry import Vocabulary, vocabulary
from casewright.source import collection_held
from casewright.values import Problem, RuleName, Span


@dataclass(frozen=True, slots=True)
class Compiled:
    """What compiling gave: the application, or None where there are errors; every problem; and what lies between.

    `rules` are the resolved rules by name and language, `links` their references, `lowered` their plans and policies.
    """

    application: Application | None
    problems: tuple[Problem, ...]
    layers: Layers
    vocabulary: Vocabulary
    rules: Mapping[Edition, Rule]
    links: tuple[Link, ...]
    lowered: Mapping[Edition, Lowered]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the rules from being used."""
        return tuple(problem for problem in self.problems if problem.is_error)

    def usable(self) -> Application:
        """The application; raises errors.RulesRejected with all problems where there is none."""
        if self.application is None:
            raise RulesRejected(self.problems)
        return self.application


@collection_held()
def compile_layer(
    path: Path, *, search: Sequence[Path] = (), shipped: Path | None = None, words: Vocabulary | None = None
) -> Compiled:
    """The application of the layer in `path` and all that it is built on: read, load, resolve, parse, link, lower."""
    words = words or vocabulary()
    layers, _ = load(path, search=search, shipped=shipped, shapes=words.shapes)
    resolved = {name: layers.resolve(name) for name in layers.names()}
    rules, trees = editions(layers, resolved)
    held = unsound(layers, resolved)
    sound = {edition: rule for edition, rule in rules.items() if _is_sound(edition[0], resolved, held)}
    outlines = RuleOutlines(AsWritten(sound), words.kinds, EVERYWHERE, held, words.functions)
    scope = shared_scope(outlines, words.functions)
    naming = Naming("x-reference", "x-target")
    named = {name: naming.named(rule.body, words.shapes[name.kind]) for (name, _), rule in sound.items()}
    links = {name: links_of(name, each) for name, each in named.items()}
    lowered = lower_all(sound, words, scope)
    there, every = known(layers, resolved), by_rule(links)
    reads = reads_by_rule(lowered)
    sharing = frozenset(name for name, kind in words.kinds.items() if kind.reads_case)
    problems = once(
        [
            *layers.problems(),
            *check_variants(layers),
            *text_problems(layers),
            *(problem for each in links.values() for problem in broken(each, there, held)),
            *blocked_parents(resolved),
            *(p for (name, _), each in lowered.items() for p in each.problems if not held.follows(name, p)),
            *(problem for name, each in named.items() for problem in dead_ends(resolved[name], each)),
            *lacking(outlines, every, reads, sharing),
            *nested_without_end(every),
            *unbound_forms(resolved, words.kinds),
            *of_begun_cases(sound, lowered),
            *lacking_in_triggers(outlines, every, reads, layers),
            *unknown_places(lowered, there),
        ]
    )
    is_sound = layers.stack and not any(problem.is_error for problem in problems)
    application = assemble(layers, rules, trees, lowered) if is_sound else None
    every_link = tuple(link for each in links.values() for link in each)
    return Compiled(application, problems, layers, words, rules, every_link, lowered)


def _is_sound(name: RuleName, resolved: Mapping[RuleName, Resolved], held: Unsound) -> bool:
    """Whether a rule is sound enough to be lowered."""
    return not has_errors(resolved[name]) and not held.holds(name.kind, name.id)


def known(layers: Layers, resolved: Mapping[RuleName, Resolved]) -> Known:
    """What references may name."""
    ids: dict[str, set[str]] = {}
    for name, each in resolved.items():
        if each.blocked is None:
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


def reads_by_rule(lowered: Mapping[Edition, Lowered]) -> dict[tuple[str, str], dict[str, Span]]:
    """The paths that each rule reads, those of its variants among them, by kind and id."""
    found: dict[tuple[str, str], dict[str, Span]] = {}
    for (name, _), each in lowered.items():
        found.setdefault((name.kind, name.id), {}).update(each.reads)
    return found


def once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, sorted by place: a rule and its variants often share the line that is wrong."""
    found: dict[tuple[Span, str, str], Problem] = {}
    for problem in sorted(problems):
        found.setdefault((problem.span, problem.code, problem.message), problem)
    return tuple(found.values())
