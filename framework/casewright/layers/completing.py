"""Completing: a folded rule typed, and judged as a whole: what is missing, constraints, layers of equal rank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casewright.layers import constraints
from casewright.layers.cells import Path, State, at, shape_below, to_node
from casewright.layers.conflicts import conflict_problem
from casewright.layers.files import RuleFile
from casewright.layers.folding import Folded
from casewright.layers.locks import Lock, matching
from casewright.layers.resolved import Head, Resolved, head_of
from casewright.layers.scalars import NotOfType, shown
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
        problems = _of_equal_rank(folded, problems)
    making = (file for file in (*reversed(own), *reversed(folded.files)) if file.name.variant == name.variant)
    made = next((file for file in making if file.word in ("define", "variant", "replace")), None)
    head = head_of(made) if made is not None else Head("", own[-1].span if own else Span(""))
    blocked = folded.blocked.span if folded.blocked is not None else None
    return Resolved(name, body, problems, head, folded, shape, blocked, name.base if name.variant else None)


def _of_equal_rank(folded: Folded, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems without those that follow from a disagreement of two files, and what the layers disagree on."""
    told = {one.span.path for conflict in folded.conflicts if not conflict.is_order for one in conflict.sayings}
    left = [problem for problem in problems if problem.span.path not in told]
    return (*left, *map(conflict_problem, folded.conflicts))


def _constrained(folded: Folded, body: Node, shape: Shape) -> Iterator[Problem]:
    """E304 for every value outside a constraint, and for constraints that leave no value."""
    read: dict[Path, list[tuple[Lock, constraints.Constraint]]] = {}
    for lock in folded.locks:
        if lock.kind != "constraint" or lock.test is None:
            continue
        for path in matching(body, lock.path, shape) if "*" in lock.path else [lock.path]:
            value, leaf = _judged(body, path, shape)
            try:
                constraint = constraints.parse(str(lock.test.value), leaf)
            except NotOfType as wrong:
                yield Problem(lock.test.span, "E205", str(wrong), help='write a test such as "<= 2d"')
                continue
            yield from _contradicting(lock, constraint, read.get(path, []), path)
            read.setdefault(path, []).append((lock, constraint))
            if value is not None:
                yield from _kept(lock, constraint, path, value, _written(folded.root, path, shape))


def _judged(body: Node, path: Path, shape: Shape) -> tuple[Node | None, Shape]:
    """The value that a constraint of a path judges, and its shape.

    Where a map may stand for a single value, as `{after: 30m, urgency: 10}` for `30m`, the value is the key that the
    map requires of the same type.
    """
    value, leaf = at(body, path, shape), _leaf_shape(body, path, shape)
    node = value if isinstance(value, Node) else None
    single = next((form for form in leaf.forms if form.form == "scalar"), leaf)
    if node is None or not node.is_map or single is leaf:
        return node, single if node is None or node.is_scalar else leaf.of(node)
    form = leaf.of(node)
    alike = [name for name in form.required if (own := form.child(name)) is not None and own.type == single.type]
    return (node.get(alike[0]), single) if alike else (node, form)


def _kept(
    lock: Lock, constraint: constraints.Constraint, path: Path, value: Node, written: Node | None
) -> Iterator[Problem]:
    """E304 where a value breaks a constraint, or where nobody can tell whether it does."""
    keeps = constraints.keeps(value.value, constraint)
    if keeps is None:
        yield _incomparable(lock, path, value)
    elif not keeps:
        yield _outside(lock, path, written if written is not None and written.is_scalar else value)


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


def _incomparable(lock: Lock, path: Path, value: Node) -> Problem:
    test = lock.test.value if lock.test is not None else ""
    where = f"[{lock.span.layer}] at {lock.span}"
    message = (
        f"'{'.'.join(path)}' is '{value.value}', which cannot be compared with {test}, the constraint of {where}: "
        "how long business days and months are, the calendar says"
    )
    help_ = "write it in the units of the constraint"
    return Problem(value.span, "E304", message, (Related(lock.span, "the constraint"),), help_)


def _outside(lock: Lock, path: Path, value: Node) -> Problem:
    test = lock.test.value if lock.test is not None else ""
    where = f"[{lock.span.layer}] at {lock.span}"
    message = f"'{'.'.join(path)}' may not be '{shown(value.plain())}': it must be {test}, says {where}"
    related = (Related(lock.span, "the constraint"),)
    return Problem(value.span, "E304", message, related, f"write a value that is {test}")
