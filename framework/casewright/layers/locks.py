"""Locks: what a file fixes for every file that is folded after it, and what such a file broke."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from casewright.layers.cells import Path, State, at, below, names_below, plain_of, shape_below
from casewright.layers.changes import Touch
from casewright.layers.scalars import is_true
from casewright.layers.shapes import Shape
from casewright.source import Node
from casewright.source.node import SourceFile
from casewright.values import Problem, Related, Span, did_you_mean

Kind = Literal["final", "required", "closed", "constraint"]


@dataclass(frozen=True, slots=True, eq=False)
class Lock:
    """One lock: its kind, the path it names (`*` is any id), where it stands and in which file.

    `allowed` are the names that a closed map may still take, `test` is the text of a constraint, `open_` the extension
    points that a final rule leaves open.
    """

    kind: Kind
    path: Path
    span: Span
    file: SourceFile
    allowed: tuple[str, ...] = ()
    test: Node | None = None
    open_: tuple[Path, ...] = ()


def path_of(text: str) -> Path:
    """The names of a dotted path."""
    return tuple(text.split("."))


def covers(pattern: Path, path: Path) -> bool:
    """Whether `path` is what the pattern names or lies inside it."""
    return len(pattern) <= len(path) and all(p in ("*", name) for p, name in zip(pattern, path, strict=False))


def final_at(locks: Iterable[Lock], path: Path) -> Lock | None:
    """The lock that makes what is at a path final, or None where a layer above may change it."""
    for lock in locks:
        if lock.kind == "final" and covers(lock.path, path) and not any(covers(point, path) for point in lock.open_):
            return lock
    return None


def locks_of(word: str, node: Node, path: Path, shape: Shape) -> tuple[tuple[Lock, ...], tuple[Problem, ...]]:
    """The locks that a `$final`, `$required`, `$closed` or `$constraint` of the map at `path` sets."""
    if word == "$constraint":
        return _constraints(node, path, shape)
    kind: Kind = "final" if word == "$final" else "required" if word == "$required" else "closed"
    if is_true(node):
        return (Lock(kind, path, node.key, node.file),), ()
    if not node.is_list or not all(isinstance(one.value, str) for one in node.value):
        help_ = f"write `{word}: true` or `{word}: [NAME, ...]`"
        return (), (Problem(node.span, "E105", f"`{word}` takes true or a list of names", help=help_),)
    if kind == "closed":
        return (Lock(kind, path, node.key, node.file, allowed=tuple(one.value for one in node.value)),), ()
    names = [(one, path_of(one.value)) for one in node.value]
    problems = tuple(p for one, name in names if (p := _unknown(one, name, shape)))
    return tuple(Lock(kind, (*path, *name), one.span, node.file) for one, name in names), problems


def _constraints(node: Node, path: Path, shape: Shape) -> tuple[tuple[Lock, ...], tuple[Problem, ...]]:
    if not node.is_map or not all(isinstance(test.value, str) for test in node.value.values()):
        help_ = 'write `$constraint: {sla.goal: "<= 2d"}`'
        return (), (Problem(node.span, "E105", "`$constraint` takes a map of path to test", help=help_),)
    entries = [(test, (*path, *path_of(name)), path_of(name)) for name, test in node.value.items()]
    locks = tuple(Lock("constraint", whole, test.key, node.file, test=test) for test, whole, _ in entries)
    return locks, tuple(p for test, _, name in entries if (p := _unknown(test, name, shape, test.key)))


def _unknown(node: Node, path: Path, shape: Shape, span: Span | None = None) -> Problem | None:
    """E105 where the schema has no such path."""
    for name in path:
        if shape.form == "one_of":
            shape = next((form for form in shape.forms if form.child(name) or form.form in ("any", "keyed")), shape)
        if shape.form == "any" or shape.discriminator:
            return None
        inner = shape.item if shape.form in ("keyed", "list") else shape.child(name)
        if inner is None:
            message = f"'{'.'.join(path)}' names no place of this map: no key '{name}'{did_you_mean(name, shape.names)}"
            return Problem(span or node.span, "E105", message, help=f"keys here: {', '.join(shape.names)}")
        shape = inner
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What one file made of a rule: the states before and after, and every place it touched."""

    before: State | None
    after: State | None
    touches: Sequence[Touch]
    shape: Shape
    span: Span
    is_lower_than: frozenset[str] = frozenset()
    """Labels of the layers above the file's own, whose locks stand in a class nearer to the root, or in the base."""
    narrower: str = "a narrower class"


def broken(locks: Iterable[Lock], change: Change, points: Iterable[Path] = ()) -> Iterator[Problem]:
    """The problems of the locks that a file's change breaks; one for each locked subtree."""
    open_points = tuple(points)
    for lock, touch in breaches(locks, change):
        yield _problem(lock, touch, change, open_points)


def breaches(locks: Iterable[Lock], change: Change) -> Iterator[tuple[Lock, Touch]]:
    """The locks that a file's change breaks, and the touch that is to blame; one for each locked subtree."""
    told: list[Path] = []
    for lock in sorted(locks, key=lambda one: len(one.path)):
        if lock.kind == "constraint" or any(covers(path, lock.path) for path in told):
            continue
        for path in _paths(lock, change):
            touch = _blamed(lock, path, change)
            if touch is not None:
                told.append(path)
                yield lock, touch
                break


def _paths(lock: Lock, change: Change) -> list[Path]:
    if "*" not in lock.path:
        return [lock.path]
    both = (*matching(change.before, lock.path, change.shape), *matching(change.after, lock.path, change.shape))
    return list(dict.fromkeys(both))


def matching(state: State | None, pattern: Path, shape: Shape, path: Path = ()) -> Iterator[Path]:
    """The paths of a state that a pattern with `*` names."""
    if not pattern:
        yield path
        return
    if state is None:
        return
    names = names_below(state, shape) if pattern[0] == "*" else [pattern[0]]
    for name in names:
        yield from matching(below(state, name, shape), pattern[1:], shape_below(shape, state, name), (*path, name))


def _blamed(lock: Lock, path: Path, change: Change) -> Touch | None:
    """The touch that broke a lock at `path`, or None where the lock holds."""
    before, after = at(change.before, path, change.shape), at(change.after, path, change.shape)
    inside = [touch for touch in change.touches if covers(path, touch.path) and not _is_open(lock, touch.path)]
    above = [touch for touch in change.touches if len(touch.path) < len(path) and covers(touch.path, path)]
    if lock.kind == "closed":
        return _added(lock, path, before, after, change, inside)
    moved = [touch for touch in (*inside, *above) if touch.verb == "move" and covers(touch.path, path)]
    if lock.kind == "required":
        gone = before is not None and after is None
        replaced = [touch for touch in (*inside, *above) if touch.verb == "replace" and covers(touch.path, path)]
        return _first(*moved, *replaced) or (_first(*inside, *above) or _whole(change) if gone else None)
    if moved:
        return moved[0]
    if before is after or not _differs(lock, path, before, after, change):
        return None
    return _first(*inside, *above) or _whole(change)


def _first(*touches: Touch) -> Touch | None:
    return touches[0] if touches else None


def _whole(change: Change) -> Touch:
    """The file as a whole, for what it broke by leaving something out."""
    return Touch((), "replace", change.span)


def _is_open(lock: Lock, path: Path) -> bool:
    return any(covers(point, path) for point in lock.open_)


def _differs(lock: Lock, path: Path, before: State | None, after: State | None, change: Change) -> bool:
    shape = change.shape
    state = change.before if before is not None else change.after
    for name in path:
        shape, state = shape_below(shape, state, name), below(state, name, shape)

    def left_out(inner: Path) -> bool:
        return _is_open(lock, inner)

    return bool(plain_of(before, shape, left_out, path) != plain_of(after, shape, left_out, path))


def _added(
    lock: Lock, path: Path, before: State | None, after: State | None, change: Change, inside: list[Touch]
) -> Touch | None:
    old = {*names_below(before, change.shape), *lock.allowed} if before is not None else set(lock.allowed)
    new = [name for name in names_below(after, change.shape) if name not in old]
    for touch in inside:
        if len(touch.path) > len(path) and touch.path[len(path)] in new:
            return touch
    return _whole(change) if new else None


def _problem(lock: Lock, touch: Touch, change: Change, points: tuple[Path, ...]) -> Problem:
    code, words = _WORDS[lock.kind]
    path = f"'{'.'.join(touch.path)}'" if touch.path else "the rule"
    verb = {"remove": "remove", "move": "move", "replace": "replace", "add": "add"}.get(touch.verb, "change")
    where = f"{words} in [{lock.span.layer}] at {lock.span}"
    named = "" if covers(lock.path, touch.path) and touch.path else f" ('{'.'.join(lock.path)}' in it is)"
    if named:
        where = f"'{'.'.join(lock.path) or 'the rule'}' is {where}"
    message = f"may not {verb} {path}: {where}"
    help_ = _help(lock, touch, points)
    if lock.span.layer in change.is_lower_than:
        related = (Related(touch.span, f"the lower layer changes it here, for {change.narrower}"),)
        return Problem(lock.span, code, f"the lock comes too late: {message}", related, "lock it in the lower layer")
    return Problem(touch.span, code, message, (Related(lock.span, f"{lock.kind} here"),), help_)


def _help(lock: Lock, touch: Touch, points: tuple[Path, ...]) -> str:
    if lock.kind == "closed" and lock.allowed:
        return f"what may be added: {', '.join(lock.allowed)}"
    near = sorted(points, key=lambda point: -sum(a == b for a, b in zip(point, touch.path, strict=False)))
    if near:
        return f"open for extension: {', '.join('.'.join(point) for point in near[:3])}"
    return f"only [{lock.span.layer}] may change that; where you need it, ask its owner for an extension point"


_WORDS = {"final": ("E301", "final"), "required": ("E302", "required"), "closed": ("E303", "closed")}
