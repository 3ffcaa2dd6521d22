"""Folding: one rule file onto what the files before it made of the rule, with locks and overrides judged on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from casewright.layers.cells import Path, State
from casewright.layers.changes import Override, Touch
from casewright.layers.conflicts import Conflict, settled
from casewright.layers.files import RuleFile
from casewright.layers.lists import same
from casewright.layers.locks import Change, Lock, broken, covers, path_of
from casewright.layers.merging import Merge
from casewright.layers.scalars import brief
from casewright.layers.shapes import Shape
from casewright.layers.typing import Added, Place
from casewright.source import Node
from casewright.source.node import SourceFile
from casewright.values import Problem, Related, Span


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """What the files so far made of a rule. The empty one is what a rule is before its first file."""

    root: State | None = None
    files: tuple[RuleFile, ...] = ()
    locks: tuple[Lock, ...] = ()
    definer: RuleFile | None = None
    """The file whose extension points hold: the last define, variant or replace of a base."""
    blocked: RuleFile | None = None
    problems: tuple[Problem, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    """What layers of equal rank say differently (see `ranks`), and none above them settled so far."""
    touches: tuple[Touch, ...] = ()
    """What the last file changed."""
    fresh: Mapping[Place, Added] = field(default_factory=dict)

    def without_problems(self) -> Folded:
        """The same state, as the base of another rule: what was found below is not found again."""
        return replace(self, problems=()) if self.problems else self


def fold(folded: Folded, file: RuleFile, shape: Shape) -> Folded:
    """The state after `file`, which its caller found to be in order (see `index`)."""
    if file.word == "block":
        return replace(_untouched(folded, file), blocked=file)
    if file.word == "withdraw":
        return _untouched(folded, file)
    start = _start(folded, file)
    merge = Merge(file.body.file, file.is_delta, not file.has_directives, replaced=_replaced(start, file))
    root = merge.onto(start.root, file.body, shape)
    judged = _Judge(folded, file, merge, root, shape)
    return replace(
        start,
        root=root,
        files=(*start.files, file),
        locks=(*start.locks, *judged.locks()) if merge.locks or folded.locks else (),
        definer=file if file.word in ("define", "replace") else start.definer,
        problems=(*start.problems, *merge.problems, *judged.problems()),
        conflicts=_open(folded, file, merge.touches),
        touches=tuple(merge.touches),
        fresh={**start.fresh, **merge.fresh} if merge.fresh else start.fresh,
    )


def _replaced(folded: Folded, file: RuleFile) -> Span | None:
    """Where a layer above the variant's file replaced the base whole, so that its items may be gone."""
    definer = folded.definer
    if definer is None or definer.word != "replace" or not file.name.variant or definer.name.variant:
        return None
    return definer.span if file.layer.name in definer.layer.below else None


def _untouched(folded: Folded, file: RuleFile) -> Folded:
    return replace(folded, files=(*folded.files, file), conflicts=_open(folded, file, ()), touches=())


def _open(folded: Folded, file: RuleFile, touches: Sequence[Touch]) -> tuple[Conflict, ...]:
    """The conflicts that a file leaves open."""
    return tuple(conflict for conflict in folded.conflicts if not settled(conflict, file, touches))


def _start(folded: Folded, file: RuleFile) -> Folded:
    """What a file is folded onto: nothing under `replace`; a rule made for a class is not blocked with its parent."""
    if file.word == "replace":
        return replace(folded, root=None, blocked=None)
    return replace(folded, blocked=None) if file.word == "define" and folded.blocked else folded


class _Judge:
    """What one fold means for locks, extension points and the layers of equal rank."""

    def __init__(self, before: Folded, file: RuleFile, merge: Merge, root: State, shape: Shape) -> None:
        self.before = before
        self.file = file
        self.merge = merge
        self.root = root
        self.shape = shape
        self.files = _Files(before.files)

    def locks(self) -> list[Lock]:
        """The locks of the file; a final head leaves its extension points open."""
        points = tuple(path_of(point) for point in self.file.extension_points or ())
        return [replace(lock, open_=points) if points and not lock.path else lock for lock in self.merge.locks]

    def problems(self) -> Iterator[Problem]:
        points = self._points()
        others = [lock for lock in self.before.locks if lock.file is not self.file.body.file]
        if others:
            above = frozenset(f.layer.label for f in self.before.files if self.file.layer.name in f.layer.below)
            narrower = "a variant" if self.file.name.variant else "a narrower class"
            change = Change(
                self.before.root, self.root, self.merge.touches, self.shape, self.file.span, above, narrower
            )
            yield from broken(others, change, points or ())
        yield from self._overridden()
        if points is not None and not self._is_final():
            yield from self._internal(points)

    def _overridden(self) -> Iterator[Problem]:
        for override in self.merge.overrides:
            lower = self.files.of(override.lower)
            if lower is None or lower.layer.is_equal_rank(self.file.layer):
                continue
            if self.file.layer.name in lower.layer.below:
                if lower.name.variant != self.file.name.variant:
                    continue  # it is what variants are for; a warning of its own lists what a narrower one drops
                yield _shadowed(override, lower, self.file)
            elif self.file.is_delta and _equal(override):
                yield _no_change(override)

    def _points(self) -> tuple[Path, ...] | None:
        """The extension points that bind this file: those of the same rule's definer in another layer."""
        definer = self.before.definer
        if definer is None or definer.extension_points is None or definer.layer.name == self.file.layer.name:
            return None
        if (definer.name.kind, definer.name.id) != (self.file.name.kind, self.file.name.id):
            return None
        return tuple(path_of(point) for point in definer.extension_points)

    def _is_final(self) -> bool:
        return any(lock.kind == "final" and not lock.path for lock in self.before.locks)

    def _internal(self, points: Sequence[Path]) -> Iterator[Problem]:
        """W310 for every change outside the extension points, once for each top-most path."""
        told: list[Path] = []
        for touch in self.merge.touches:
            if any(covers(point, touch.path) for point in points) or any(covers(path, touch.path) for path in told):
                continue
            if touch.verb == "add" and any(covers(touch.path, point[: len(touch.path)]) for point in points):
                continue
            told.append(touch.path)
            yield _not_public(touch.path, touch.span, self.before.definer, points)


class _Files:
    """Finds the rule file that a node came from."""

    def __init__(self, files: Sequence[RuleFile]) -> None:
        self._by_source: dict[SourceFile, RuleFile] = {file.body.file: file for file in files}

    def of(self, node: Node) -> RuleFile | None:
        return self._by_source.get(node.file)


def _equal(override: Override) -> bool:
    return same(override.lower, override.upper, override.shape)


def _no_change(override: Override) -> Problem:
    name, lower = ".".join(override.path), override.lower.span
    message = f"'{name}' is already '{brief(override.upper.plain())}'; this changes nothing"
    return Problem(override.upper.span, "W403", message, (Related(lower, "it is set here"),), "delete the line")


def _shadowed(override: Override, lower: RuleFile, file: RuleFile) -> Problem:
    name, by = ".".join(override.path), override.upper.span
    message = f"'{name}' set here for {_class(lower)} is shadowed for {_class(file)} by [{by.layer}] at {by}"
    narrow = file.name.for_class or file.name.id
    related = (Related(by, f"the narrower class {narrow} sets it in a lower layer"),)
    return Problem(override.lower.span, "W401", message, related, f"to reach {narrow} too, set it in {_stub(file)}")


def _class(file: RuleFile) -> str:
    return f"'{file.name.for_class or file.name.id}'" if file.name.for_class or file.head.get("is_a") else "every class"


def _stub(file: RuleFile) -> str:
    bound = f"\nfor: {file.name.for_class}" if file.name.for_class else ""
    return f"a file of this layer:\nextend: {file.name.kind}/{file.name.id}{bound}"


def _not_public(path: Path, span: Span, definer: RuleFile | None, points: Sequence[Path]) -> Problem:
    assert definer is not None
    message = f"'{'.'.join(path)}' is internal to [{definer.layer.label}]: its next release may change it under you"
    shown = ", ".join(".".join(point) for point in points)
    related = (Related(definer.span, "the rule names its extension points here"),)
    return Problem(span, "W310", message, related, f"open for extension: {shown}" if shown else "nothing is open here")
