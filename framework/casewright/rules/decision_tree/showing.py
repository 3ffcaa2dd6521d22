"""A tree as people look at it: its branches as lines, and how each fares on given facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from casewright.expressions import Type
from casewright.expressions.explainer import shown
from casewright.rules.decision_tree.analysis import analyse
from casewright.rules.decision_tree.model import Ask, Branch, Fork, Leaf
from casewright.rules.decision_tree.remarks import remarks
from casewright.steps.deciding import Decided
from casewright.steps.showing import Fared, Layout, Line, Looked

HOW = "the first branch that holds is entered, and none beside it"


def lines_of(fork: Fork, lead: str = "", path: str = "", inherited: Leaf | None = None) -> Iterator[Line]:
    """A line for each branch, those of a fork below their branch, and one for each `otherwise` that is its own."""
    own = fork.otherwise if fork.otherwise is not inherited else None
    last = len(fork.branches) - (own is None)
    for number, branch in enumerate(fork.branches):
        name = f"{path}.{branch.id}" if path else branch.id
        yield Line(
            name, f"{lead}{'└─' if number == last else '├─'} {branch.id}{_asks(branch)}{_gives(branch)}", branch.at
        )
        if isinstance(branch.then, Fork):
            yield from lines_of(branch.then, f"{lead}{'   ' if number == last else '│  '}", name, fork.otherwise)
    if own is not None:
        name = f"{path}.otherwise" if path else "otherwise"
        yield Line(name, f"{lead}└─ otherwise → {_outputs(own)}", own.at)


def _asks(branch: Branch) -> str:
    return "" if branch.when is None else f": {' '.join(branch.when.source.split())}"


def _gives(branch: Branch) -> str:
    if isinstance(branch.then, Fork):
        return ""
    return f" → {branch.then.decided.name if isinstance(branch.then, Ask) else _outputs(branch.then)}"


def _outputs(leaf: Leaf) -> str:
    """The outputs as they are written: literals, and expressions behind `=`."""
    return ", ".join(f"{name} {_written(value)}" for name, value in leaf.values.items())


def _written(value: Any) -> str:
    if not value.roots and not hasattr(value, "source"):
        return shown(value.evaluate({}))
    return f"={value.source}" if value.roots else str(value.source)


def fared(fork: Fork, roots: Mapping[str, Any]) -> Iterator[Fared]:
    """How each line fared: entered, not holding, or not looked at since another branch was entered."""
    yield from _fared(fork, roots, _fallen_back(fork, roots))


def _fallen_back(fork: Fork, roots: Mapping[str, Any]) -> Leaf | None:
    """The `otherwise` that counts; None where a branch decides, or nothing does."""
    while True:
        number = fork.first(roots)
        end = fork.branches[number].then if number < len(fork.branches) else None
        if not isinstance(end, Fork):
            decides = end is not None if not isinstance(end, Ask) else end.decided.ask(roots).is_decided
            return None if decides else fork.otherwise
        fork = end


def _fared(
    fork: Fork, roots: Mapping[str, Any], fallback: Leaf | None, path: str = "", inherited: Leaf | None = None
) -> Iterator[Fared]:
    entered = fork.first(roots)
    for number, branch in enumerate(fork.branches):
        name = f"{path}.{branch.id}" if path else branch.id
        if number > entered:
            yield Fared(name, False, None, f"not looked at: '{fork.branches[entered].id}' was entered")
        else:
            yield Fared(name, number == entered, number == entered, _reason(branch, roots))
        if isinstance(branch.then, Fork):
            inside = _fared(branch.then, roots, fallback, name, fork.otherwise)
            yield from inside if number == entered else _unreached(branch.then, name, fork.otherwise)
    yield from _otherwise(fork, path, inherited, fallback)


def _otherwise(fork: Fork, path: str, inherited: Leaf | None, fallback: Leaf | None) -> Iterator[Fared]:
    if fork.otherwise is not None and fork.otherwise is not inherited:
        counts = fork.otherwise is fallback
        reason = "nothing before it decided" if counts else "a branch decided"
        yield Fared(f"{path}.otherwise" if path else "otherwise", counts, counts or None, reason)


def _unreached(fork: Fork, path: str, inherited: Leaf | None) -> Iterator[Fared]:
    yield from (Fared(line.name, False, None, "not reached") for line in lines_of(fork, "", path, inherited))


def _reason(branch: Branch, roots: Mapping[str, Any]) -> str:
    return branch.when.explain(roots).reason if branch.when is not None else "it always holds"


def layout(fork: Fork, outputs: Mapping[str, Type]) -> Layout:
    """The tree on paper. A value may be given under the last part of the path that it is read from, if that is one."""
    lasts: dict[str, list[str]] = {}
    for path in sorted(read_by(fork)):
        lasts.setdefault(path.rpartition(".")[2], []).append(path)
    inputs = {last: paths[0] for last, paths in lasts.items() if len(paths) == 1}
    return Layout(HOW, inputs, {}, outputs, False, "", tuple(lines_of(fork)), "")


def read_by(fork: Fork) -> frozenset[str]:
    """The dotted paths that the conditions of a fork and of those below it read."""
    found: set[str] = set()
    for branch in fork.branches:
        found |= branch.when.paths if branch.when is not None else frozenset()
        found |= read_by(branch.then) if isinstance(branch.then, Fork) else frozenset()
    return frozenset(found)


def leaves_of(fork: Fork) -> Iterator[Leaf]:
    """Everything that is given in a fork and below it."""
    if fork.otherwise is not None:
        yield fork.otherwise
    for branch in fork.branches:
        if isinstance(branch.then, Leaf):
            yield branch.then
        elif isinstance(branch.then, Fork):
            yield from leaves_of(branch.then)


def asked_by(fork: Fork) -> Iterator[Decided]:
    """The rules that the branches of a fork and of those below it ask."""
    for branch in fork.branches:
        if isinstance(branch.then, Ask):
            yield branch.then.decided
        elif isinstance(branch.then, Fork):
            yield from asked_by(branch.then)


def looked(fork: Fork) -> Looked:
    """What the analysis found, in words."""
    analysis = analyse(fork)
    return Looked(tuple((each.message, each.span) for each in remarks(analysis)), analysis.is_complete)
