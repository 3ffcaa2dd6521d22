"""Completing: a folded rule typed, and judged as a whole: what is missing, constraints, layers of equal rank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casewright.layers import constraints, ranks
from casewright.layers.cells import Path, State, at, shape_below, to_node
from casewright.layers.files import RuleFile
from casewright.layers.folding import Folded
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
        problems = (*problems, *(ranks.conflict_problem(conflict) for conflict in folded.conflicts.values()))
    problems = (*problems, *ranks.unordered(folded.root, folded.files))
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
