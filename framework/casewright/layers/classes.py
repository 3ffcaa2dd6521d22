"""The class tree that `is_a` makes of case types, interaction types and data types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from casewright.layers.files import CLASS_KINDS, RuleFile
from casewright.source import Node
from casewright.values import Problem, Related, did_you_mean


@dataclass(frozen=True, slots=True)
class ClassTree:
    """The classes of an application: the kind of each id, and its parent (`""` for a root).

    An id that two class kinds share is looked up in the order case type, interaction type, data type.
    """

    parents: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def __contains__(self, id: object) -> bool:
        return any((kind, id) in self.parents for kind in CLASS_KINDS)

    def kind_of(self, id: str) -> str:
        """The kind of a class, or nothing where there is no such class."""
        return next((kind for kind in CLASS_KINDS if (kind, id) in self.parents), "")

    def parent(self, id: str, kind: str = "") -> str:
        """The parent of a class, or nothing for a root."""
        return self.parents.get((kind or self.kind_of(id), id), "")

    def chain(self, id: str, kind: str = "") -> tuple[str, ...]:
        """The classes from the root of the tree down to `id`, which is the last."""
        kind = kind or self.kind_of(id)
        path = [id] if id else []
        while path and (above := self.parent(path[-1], kind)) and above not in path:
            path.append(above)
        return tuple(reversed(path))

    def ids(self, kind: str = "") -> tuple[str, ...]:
        """The ids of all classes, or of those of one kind."""
        return tuple(id for of, id in self.parents if not kind or of == kind)


def class_tree(
    files: Iterable[RuleFile], is_unread: Callable[[str, str], bool] = lambda kind, id: False
) -> tuple[ClassTree, tuple[Problem, ...]]:
    """The tree of the classes that `files` define, lowest layer first; unknown parents and cycles are E410.

    A parent whose file could not be read, as `is_unread` says by kind and id, is not there, and no problem.
    """
    made = {
        (file.name.kind, file.name.id): file
        for file in files
        if file.name.kind in CLASS_KINDS and file.word in ("define", "replace") and not file.name.variant
    }
    parents = {key: _parent(file) for key, file in made.items()}
    problems: list[Problem] = []
    for (kind, id), file in made.items():
        above = parents[kind, id]
        if above and (kind, above) not in made:
            if not is_unread(kind, above):
                problems.append(_unknown_parent(file, above, [of for k, of in made if k == kind]))
            parents[kind, id] = ""
    problems += _cycles(parents, made)
    return ClassTree(parents), tuple(problems)


def _parent(file: RuleFile) -> str:
    return file.says("is_a")


def _unknown_parent(file: RuleFile, parent: str, known: list[str]) -> Problem:
    near = did_you_mean(parent, known)
    message = f"{file.name.kind}/{file.name.id} is_a '{parent}', which no layer defines{near}"
    return Problem(
        file.head["is_a"].span,
        "E410",
        message,
        help=f"write `define: {file.name.kind}/{parent}` or name one that is there",
    )


def _cycles(parents: dict[tuple[str, str], str], made: Mapping[tuple[str, str], RuleFile]) -> list[Problem]:
    """E410 for every cycle; the cycle is cut at the class that is named first."""
    problems = []
    for start in list(parents):
        kind, path, here = start[0], [start[1]], parents[start]
        while here and here not in path:
            path.append(here)
            here = parents.get((kind, here), "")
        if here == start[1]:
            problems.append(_cycle([made[kind, id] for id in path]))
            for id in path:
                parents[kind, id] = ""
    return problems


def _cycle(files: list[RuleFile]) -> Problem:
    places: list[Node] = [file.head["is_a"] for file in files]
    steps = " -> ".join(f"{file.name.id} ({place.span})" for file, place in zip(files, places, strict=True))
    related = tuple(
        Related(place.span, f"{file.name.id} is_a {place.value}") for file, place in zip(files, places, strict=True)
    )
    return Problem(
        places[0].span, "E410", f"class cycle: {steps} -> {files[0].name.id}", related[1:], "take one `is_a` out"
    )
