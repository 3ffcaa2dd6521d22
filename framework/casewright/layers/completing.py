"""Completing: a folded rule typed, and judged as a whole: what is missing, constraints, layers of equal rank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casewright.layers import constraints
from casewright.layers.cells import KeyedCell, MapCell, Path, State, at, shape_below, to_node
from casewright.layers.files import RuleFile
from casewright.layers.folding import Conflict, Folded
from casewright.layers.locks import Lock, matching
from casewright.layers.resolved import Head, Resolved, head_of
from casewright.layers.scalars import NotOfType
from casewright.layers.shapes import Shape
from casewright.layers.typing import typed
from casewright.source import Node, SourceFile
from casewright.values import Problem, Related, RuleName, Span


def complete(name: RuleName, folded: Folded, shape: Shape, own: Sequence[RuleFile]) -> Resolved:
    """The resolved rule that a folded one comes to. `own` are the files of its key, or of the nearest that has any."""
    body, problems = Node({}, SourceFile("")), folded.problems
    if folded.root is not None:
        body, wrong = typed(to_node(folded.root), shape, folded.fresh)
        problems = (*problems, *wrong)
    if folded.locks:
        problems = (*problems, *_constrained(folded, body, shape))
    if folded.conflicts:
        problems = (*problems, *(_equal_rank(conflict) for conflict in folded.conflicts.values()))
    if _has_equal_ranks(folded.files):
        problems = (*problems, *_same_anchor(folded.root, (), _layers_by_source(folded.files)))
    made = next((file for file in reversed(own) if file.word in ("define", "variant", "replace")), None)
    head = head_of(made) if made is not None else Head("", Span(""))
    blocked = folded.blocked.span if folded.blocked is not None else None
    return Resolved(name, body, problems, head, folded, shape, blocked, name.base if name.variant else None)


def _constrained(folded: Folded, body: Node, shape: Shape) -> Iterator[Problem]:
    """E304 for every value outside a constraint, and for constraints that leave no value."""
    read: dict[Path, list[tuple[Lock, constraints.Constraint]]] = {}
    for lock in folded.locks:
        if lock.kind != "constraint" or lock.test is None:
            continue
        for path in matching(body, lock.path, shape) if "*" in lock.path else [lock.path]:
            leaf = _leaf_shape(body, path, shape)
            try:
                constraint = constraints.parse(str(lock.test.value), leaf)
            except NotOfType as wrong:
                yield Problem(lock.test.span, "E205", str(wrong), help='write a test such as "<= 2d"')
                continue
            yield from _contradicting(lock, constraint, read.get(path, []), path)
            read.setdefault(path, []).append((lock, constraint))
            value = at(body, path, shape)
            if isinstance(value, Node) and constraints.fails(value.value, constraint):
                yield _outside(lock, path, _written(folded.root, path, shape) or value)


def _leaf_shape(body: Node, path: Path, shape: Shape) -> Shape:
    state: State | None = body
    for name in path:
        shape, state = shape_below(shape, state, name), at(state, (name,), shape)
    return shape


def _written(root: State | None, path: Path, shape: Shape) -> Node | None:
    state = at(root, path, shape)
    return to_node(state) if state is not None else None


def _contradicting(
    lock: Lock, constraint: constraints.Constraint, others: list[tuple[Lock, constraints.Constraint]], path: Path
) -> Iterator[Problem]:
    for other, theirs in others:
        if constraints.contradict(constraint, theirs):
            where = f"[{other.span.layer}] at {other.span}"
            message = f"no value of '{'.'.join(path)}' can be '{constraint.text}' and '{theirs.text}' ({where})"
            yield Problem(
                lock.span,
                "E304",
                message,
                (Related(other.span, "the other constraint"),),
                "a layer may only tighten it",
            )
            return


def _outside(lock: Lock, path: Path, value: Node) -> Problem:
    test = lock.test.value if lock.test is not None else ""
    where = f"[{lock.span.layer}] at {lock.span}"
    message = f"'{'.'.join(path)}' may not be '{value.value}': it must be {test}, says {where}"
    return Problem(
        value.span, "E304", message, (Related(lock.span, "the constraint"),), f"write a value that is {test}"
    )


def _equal_rank(conflict: Conflict) -> Problem:
    one, other = conflict.values
    name = conflict.path[-1]
    message = (
        f"[{conflict.one.layer.label}] {name} = '{one.plain()}' ({one.span}) and "
        f"[{conflict.other.layer.label}] {name} = '{other.plain()}' ({other.span}) have equal rank"
    )
    first, second = conflict.one.layer.name, conflict.other.layer.name
    path = ".".join(conflict.path)
    help_ = f"set '{path}' in a layer built on both, or write `built_on: [{first}]` in {second}'s layer.yaml"
    return Problem(other.span, "E230", message, (Related(one.span, f"the value of {first}"),), help_)


def _has_equal_ranks(files: Sequence[RuleFile]) -> bool:
    layers = list({file.layer.name: file.layer for file in files}.values())
    return len(layers) > 1 and any(a.is_equal_rank(b) for i, a in enumerate(layers) for b in layers[:i])


def _layers_by_source(files: Sequence[RuleFile]) -> dict[SourceFile, RuleFile]:
    return {file.body.file: file for file in files}


def _same_anchor(state: State | None, path: Path, files: dict[SourceFile, RuleFile]) -> Iterator[Problem]:
    """W231 where two layers of equal rank placed items at one anchor, so that only chance orders them."""
    if isinstance(state, MapCell):
        for name, below in state.children.items():
            yield from _same_anchor(below, (*path, name), files)
    if not isinstance(state, KeyedCell):
        return
    first: dict[tuple[str, str], tuple[str, RuleFile, Span]] = {}
    for item in state.items:
        if item.state is not None:
            yield from _same_anchor(item.state, (*path, item.id), files)
        if item.anchor is None or item.state is None or item.anchor[2] not in files:
            continue
        side, anchor, source = item.anchor
        file, span = files[source], item.history[-1].span
        other = first.setdefault((side, anchor), (item.id, file, span))
        if other[1].layer.is_equal_rank(file.layer):
            yield _unordered(path, item.id, span, other, f"{side} {anchor}".strip())


def _unordered(path: Path, id: str, span: Span, other: tuple[str, RuleFile, Span], place: str) -> Problem:
    message = (
        f"'{id}' and '{other[0]}' ([{other[2].layer}] at {other[2]}) are both put {place} in '{'.'.join(path)}' "
        "by layers of equal rank"
    )
    help_ = "place one of the two by the other in a layer built on both"
    return Problem(span, "W231", message, (Related(other[2], f"'{other[0]}' is put here"),), help_)
