"""What two layers of equal rank say differently of one place, and when a layer above both has settled it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casewright.layers.cells import Path
from casewright.layers.changes import Touch
from casewright.layers.files import RuleFile
from casewright.layers.locks import covers
from casewright.values import Problem, Related, Span


@dataclass(frozen=True, slots=True)
class Saying:
    """What one file says of a place: the layer, the words, and where."""

    file: RuleFile
    says: str
    span: Span


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sayings of equal rank about one path, until a layer above both settles it.

    With `items` only the order of these two items of the list at `path` is open: that of `one`, and that of `other`.
    """

    path: Path
    one: Saying
    other: Saying
    items: tuple[str, ...] = ()

    @property
    def sayings(self) -> tuple[Saying, Saying]:
        return self.one, self.other

    @property
    def is_order(self) -> bool:
        """Whether both agree on what is there, and not on its order."""
        return bool(self.items)


def settled(conflict: Conflict, file: RuleFile, touches: Sequence[Touch]) -> bool:
    """Whether `file`, of a layer above both, says what holds."""
    names = (conflict.one.file.layer.name, conflict.other.file.layer.name)
    if not all(name in file.layer.below for name in names):
        return False
    if file.word in ("replace", "block"):
        return True
    paths = [(*conflict.path, item) for item in conflict.items] or [conflict.path]
    return any(covers(touch.path, path) for touch in touches for path in paths)


def conflict_problem(conflict: Conflict) -> Problem:
    """E230 or W231: both sayings, and the ways out. The layer that is first by name is named first."""
    return _order(conflict) if conflict.is_order else _disagreement(conflict)


def _disagreement(conflict: Conflict) -> Problem:
    one, other = conflict.one, conflict.other
    name = conflict.path[-1] if conflict.path else "the rule"
    message = f"{_told(one, name)} and {_told(other, name)} have equal rank"
    first, second = one.file.layer.name, other.file.layer.name
    place = f"set '{'.'.join(conflict.path)}'" if conflict.path else f"write `replace: {one.file.name}`"
    help_ = f"{place} in a layer built on both, or write `built_on: [{first}]` in {second}'s layer.yaml"
    return Problem(other.span, "E230", message, (Related(one.span, f"what {first} says"),), help_)


def _order(conflict: Conflict) -> Problem:
    one, other = conflict.one, conflict.other
    id, other_id = conflict.items
    where = f"[{other.span.layer}] at {other.span}"
    path = ".".join(conflict.path)
    message = f"'{id}' and '{other_id}' ({where}) are both put {one.says} in '{path}' by layers of equal rank"
    if one.says != other.says:
        message = (
            f"'{id}' is put {one.says} in '{path}' and '{other_id}' ({where}) {other.says} by layers of equal rank"
        )
    help_ = "place one of the two by the other in a layer built on both"
    return Problem(one.span, "W231", message, (Related(other.span, f"'{other_id}' is put here"),), help_)


def _told(saying: Saying, name: str) -> str:
    return f"[{saying.file.layer.label}] {name} {saying.says} ({saying.span})"
