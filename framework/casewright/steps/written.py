"""The items of a rule as they are written, by path: what a condition to begin or end, or a wait, refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casewright.source.node import Node

if TYPE_CHECKING:
    from casewright.steps.contract import StepType

HANDLER = "failed"
"""The last part of the path of the step under `then:`."""

ACTIONS = "actions"
"""What stands before the id of an optional action in its path."""

IN_ORDER = ("stages", "steps")
"""The keys whose items run one after another."""

KEYS = (*IN_ORDER, "alternate_stages", "branches", ACTIONS)
"""The keys that items stand under."""


@dataclass(frozen=True, slots=True)
class WrittenItem:
    """An item: its path, its map, and its number in the sequence that it stands in (None: beside others)."""

    path: str
    node: Node
    number: int | None = None

    @property
    def owner(self) -> str:
        """The path of the item that it stands in."""
        return owner_of(self.path)


class Written:
    """The items of one plan by path, worked out when they are first asked for: most rules never ask.

    Those of a pass have the items `around` it, seen from the step at the path `place` there.
    """

    __slots__ = ("_around", "_body", "_items", "_place", "_types")

    def __init__(
        self,
        body: Node | None = None,
        types: Mapping[str, StepType] | None = None,
        around: Written | None = None,
        place: str = "",
    ) -> None:
        self._body, self._types = body, types or {}
        self._around, self._place = around, place
        self._items: Mapping[str, WrittenItem] | None = None

    @property
    def items(self) -> Mapping[str, WrittenItem]:
        """The items, in the order written."""
        if self._items is None:
            found = _inside(self._body, "", self._types) if self._body is not None else ()
            self._items = {each.path: each for each in found}
        return self._items

    def pass_around(self, path: str) -> WrittenItem | None:
        """The item around a path inside which each pass has items of its own; None where there is none."""
        around = (self.items.get(each) for each in _ways(path)[:-1])
        return next((each for each in around if each is not None and _has_passes(each.node, self._types)), None)

    def find(self, name: str, near: str) -> WrittenItem | None:
        """The item that is called `name` at the item `near`: a neighbour, else one beside what `near` stands in.

        What is not found in a pass is looked for around it.
        """
        owner = near
        while owner:
            owner = owner_of(owner)
            found = self.items.get(f"{owner}.{name}" if owner else name)
            if found is not None:
                return found
        return self._around.find(name, self._place) if self._around is not None else None

    def names(self, near: str) -> tuple[str, ...]:
        """What may be written at `near`: its neighbours by id, then by path what else can come before it is over."""
        around = _ways(near)
        others = [path for path in self.items if path not in around and not self.is_behind(path, near)]
        beside = [path for path in others if owner_of(path) == owner_of(near)]
        ids = (path.rpartition(".")[2] for path in beside)
        further = self._around.names(self._place) if self._around is not None else ()
        return (*ids, *(path for path in others if path not in beside), *further)

    def waits_for(self, named: WrittenItem, path: str) -> bool:
        """Whether an item begins only when the one at `path` has begun or is over, in this plan or the one around."""
        if self.items.get(named.path) is named:
            return self.is_behind(named.path, path)
        return self._around is not None and self._around.waits_for(named, self._place)

    def is_behind(self, other: str, item: str) -> bool:
        """Whether `other` can begin only when `item` has begun or is over: it is the item, inside it, or after it."""
        ours, theirs = _ways(item), _ways(other)
        if theirs[: len(ours)] == ours:
            return True
        apart = next((pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]), None)
        numbers = [self.items[path].number for path in apart if path in self.items] if apart else []
        return len(numbers) == 2 and None not in numbers and numbers[1] > numbers[0]  # type: ignore[operator]


def declared_inside(node: Node) -> Iterator[tuple[str, Node]]:
    """The fields that steps inside a map declare for their passes, by name."""
    for key in KEYS:
        for each in node.items(key):
            if key == "steps":
                yield from each.entries("data").items()
            yield from declared_inside(each)


def owner_of(path: str) -> str:
    """The path of the item around the one at `path`; `""` for the outermost."""
    owner = path.rpartition(".")[0]
    around, _, last = owner.rpartition(".")
    return around if last == ACTIONS else owner


def _ways(path: str) -> list[str]:
    """The paths of the items around one, the outermost first, and its own."""
    found: list[str] = []
    while path:
        found.insert(0, path)
        path = owner_of(path)
    return found


def _inside(node: Node, path: str, types: Mapping[str, StepType]) -> Iterator[WrittenItem]:
    """The items in a map, with all that is in them."""
    before = f"{path}." if path else ""
    for key in KEYS:
        for number, each in enumerate(node.items(key)):
            name = f"{ACTIONS}.{each.word('id')}" if key == ACTIONS else each.word("id")
            yield from _with_inside(WrittenItem(f"{before}{name}", each, number if key in IN_ORDER else None), types)
    failure = node.get("on_failure")
    handler = failure.get("then") if failure is not None else None
    if handler is not None and path:
        yield from _with_inside(WrittenItem(f"{path}.{HANDLER}", handler), types)


def _with_inside(item: WrittenItem, types: Mapping[str, StepType]) -> Iterator[WrittenItem]:
    yield item
    if not _has_passes(item.node, types):
        yield from _inside(item.node, item.path, types)


def _has_passes(node: Node, types: Mapping[str, StepType]) -> bool:
    type_ = types.get(node.word("do"))
    return type_ is not None and type_.has_passes
