"""Keyed lists: items matched by their id, the lower order kept, directives placing, moving and removing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casewright.layers.cells import Entry, History, Item, KeyedCell, Path, State, id_of
from casewright.layers.changes import gone_by
from casewright.layers.scalars import is_null, is_true, shown
from casewright.layers.shapes import ANY, Shape
from casewright.layers.typing import Added
from casewright.source import Node
from casewright.source.node import SourceFile
from casewright.values import Problem, Related, Span, did_you_mean

if TYPE_CHECKING:
    from casewright.layers.merging import Merge

POSITIONS = ("$before", "$after", "$first", "$last")
FLAGS = ("$remove", "$patch", "$first", "$last")
"""The directives of an item that take true and nothing else."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a directive places an item: a side, and the id of the anchor for `$before` and `$after`."""

    side: str
    anchor: str
    span: Span


def is_keyed(state: State) -> bool:
    """Whether a state can be merged as a keyed list."""
    return isinstance(state, KeyedCell) or (isinstance(state, Node) and state.is_list)


def with_history(cell: KeyedCell, history: History) -> KeyedCell:
    """The same list with another history of its own."""
    return KeyedCell(cell.at, cell.items, history)


def merged(merge: Merge, state: State | None, node: Node, shape: Shape, path: Path) -> State:
    """What the items in `node` make of the list."""
    if state is None:
        cell = KeyedCell(node, ())
    else:
        cell = state if isinstance(state, KeyedCell) else lifted(state, shape.key, merge.problems)  # type: ignore[arg-type]
    return _Items(merge, cell, node, shape, path).merged()


def lifted(node: Node, key: str, problems: list[Problem]) -> KeyedCell:
    """The list of one file taken apart; items without an id or with one already used are reported and left out."""
    items: dict[str, Item] = {}
    for item in node.value:
        name = id_of(item, key)
        if not name:
            problems.append(without_id(item, key))
        elif name in items:
            problems.append(used_twice(item, items[name].history[0].span, key))
        else:
            items[name] = Item(name, item, (Entry(item.span, "added"),))
    return KeyedCell(node, tuple(items.values()))


def without_id(item: Node, key: str) -> Problem:
    """E201: an item that has no id."""
    help_ = f"write `{key}: NAME` in it; layers merge items by it"
    return Problem(item.span, "E201", f"this item has no '{key}'", help=help_)


def used_twice(item: Node, first: Span, key: str) -> Problem:
    """E202: an id that another item of the same file has."""
    own = item.get(key)
    assert own is not None
    message = f"{key} '{own.value}' already used in this file at {first}"
    return Problem(own.span, "E202", message, (Related(first, "it is used here first"),), "rename one of the two")


class _Items:
    """One file's changes of one keyed list."""

    def __init__(self, merge: Merge, cell: KeyedCell, node: Node, shape: Shape, path: Path) -> None:
        self.merge = merge
        self.node = node
        self.key = shape.key
        self.shape = shape.item or ANY
        self.path = path
        self.cell = cell
        self.items = list(cell.items)
        self.seen: dict[str, Span] = {}

    def merged(self) -> KeyedCell:
        for item in self.node.value:
            name = id_of(item, self.key)
            if not name:
                self.merge.problems.append(without_id(item, self.key))
            elif name in self.seen:
                self.merge.problems.append(used_twice(item, self.seen[name], self.key))
            else:
                self.seen[name] = item.span
                self._item(name, item)
        return KeyedCell(self.cell.at, tuple(self.items), self.cell.history)

    def _item(self, name: str, item: Node) -> None:
        index = self._index(name)
        old = self.items[index] if index is not None else None
        alive = old is not None and old.state is not None
        self._check_words(item)
        if _is_on(item, "$remove"):
            self._remove(name, item, index if alive else None, old)
            return
        if _is_on(item, "$patch") and not alive:
            self._missing("patch", name, item.value["$patch"], old)
            return
        position = self._position(name, item)
        if alive and index is not None:
            self._change(index, item, position)
        else:
            self._add(name, item, position, old)

    def _check_words(self, item: Node) -> None:
        """E105 for a directive of an item with a value that says nothing, such as `$remove: yes`."""
        for word, node in item.value.items():
            if word in FLAGS and not is_true(node):
                help_ = f"write `{word}: true`, or delete it"
                self.merge.report(node.span, "E105", f"`{word}` takes true, not '{shown(node.plain())}'", help=help_)
            elif word in ("$before", "$after") and (not isinstance(node.value, str) or is_null(node)):
                self.merge.report(
                    node.span, "E105", f"`{word}` takes an id", help=f"write `{word}: ID` of an item here"
                )

    def _index(self, name: str) -> int | None:
        return next((number for number, item in enumerate(self.items) if item.id == name), None)

    def _remove(self, name: str, item: Node, index: int | None, old: Item | None) -> None:
        word = item.value["$remove"]
        if index is None or old is None:
            self._missing("remove", name, word, old)
            return
        if extra := next((key for key in item.value if key not in (self.key, "$remove")), None):
            span = item.value[extra].key
            self.merge.report(span, "E105", f"'{extra}' stands beside `$remove: true`", help="delete one of the two")
        self.merge.touch((*self.path, name), "remove", word.key)
        self.items[index] = Item(name, None, (*old.history, Entry(word.key, "removed")), old.anchor)

    def _missing(self, verb: str, name: str, word: Node, old: Item | None) -> None:
        ids = self._alive()
        message = f"cannot {verb} '{'.'.join((*self.path, name))}': no such item{did_you_mean(name, ids)}"
        removed = gone_by(old.history) if old is not None else ()
        related = (Related(self.cell.at.span, "the list"), *removed)
        self.merge.report(word.key, "E203", message, related, f"ids in order: {', '.join(ids)}")

    def _change(self, index: int, item: Node, position: Position | None) -> None:
        old = self.items[index]
        path = (*self.path, old.id)
        new = self.merge.merged(old.state, item, self.shape, path, self.key)
        if position is None:
            self.items[index] = Item(old.id, new, old.history, old.anchor)
            return
        self.merge.touch(path, "move", position.span)
        del self.items[index]
        moved = Item(old.id, new, (*old.history, Entry(position.span, "moved", _told(position))))
        self._place(moved, position, item)

    def _add(self, name: str, item: Node, position: Position | None, old: Item | None) -> None:
        path = (*self.path, name)
        self.merge.touch(path, "add", item.span)
        if self.merge.is_delta:
            self.merge.fresh[item.file, item.line, item.column] = Added(
                "item", name, tuple(self._alive()), self._gone(old)
            )
        state = self.merge.merged(None, item, self.shape, path, self.key)
        past = old.history if old is not None else ()
        if old is not None:
            self.items.remove(old)
        added = Item(name, state, (*past, Entry(item.span, "added", _told(position) if position else None)))
        if position is None:
            self.items.append(added)
        else:
            self._place(added, position, item)

    def _gone(self, old: Item | None) -> Related | None:
        """What took away the item that a file seems to change."""
        if old is not None:
            by = old.history[-1].span
            return Related(by, f"removed by [{by.layer}]")
        replaced = self.merge.replaced
        return Related(replaced, f"the rule was replaced by [{replaced.layer}]") if replaced is not None else None

    def _alive(self) -> list[str]:
        return [item.id for item in self.items if item.state is not None]

    def _position(self, name: str, item: Node) -> Position | None:
        words = [word for word in POSITIONS if _places(item, word)]
        if not words:
            return None
        if len(words) > 1:
            path = ".".join((*self.path, name))
            self.merge.report(
                item.value[words[1]].key, "E206", f"'{path}' has both {words[0]} and {words[1]}", help="keep one"
            )
        word = item.value[words[0]]
        anchor = word.value if words[0] not in FLAGS else ""
        if anchor == name:
            path = ".".join((*self.path, name))
            self.merge.report(word.span, "E207", f"'{path}' is positioned relative to itself", help="name another item")
            return None
        return Position(words[0], anchor, word.span)

    def _place(self, item: Item, position: Position, node: Node) -> None:
        """Puts an item where its directive says, behind those that this file put there before."""
        file = self.merge.file
        placed = Item(item.id, item.state, item.history, (position.side, position.anchor, file))
        if position.side == "$last":
            self.items.append(placed)
            return
        if position.side == "$first":
            self.items.insert(self._behind_own(0, "$first", "", file), placed)
            return
        index = self._index(position.anchor)
        if index is None:
            self._unknown_anchor(position)
            self.items.append(placed)
            return
        if self.items[index].state is None and self.items[index].history[-1].span.path != file.path:
            self._removed_anchor(position, self.items[index])
        if position.side == "$after":
            index = self._behind_own(index + 1, "$after", position.anchor, file)
        self.items.insert(index, placed)

    def _behind_own(self, index: int, side: str, anchor: str, file: SourceFile) -> int:
        """The first place from `index` on that does not follow an item which this file put at the same anchor."""
        own = {anchor}
        while index < len(self.items):
            mark = self.items[index].anchor
            if mark is None or mark[2] is not file or mark[1] not in own or (mark[0] != side):
                break
            if side == "$after":
                own.add(self.items[index].id)
            index += 1
        return index

    def _unknown_anchor(self, position: Position) -> None:
        later = next((one for one in self.node.value if id_of(one, self.key) == position.anchor), None)
        if later is not None:
            message = f"`{position.side}: {position.anchor}`: that item stands below, at {later.span}"
            related = (Related(later.span, "it is defined here"),)
            self.merge.report(position.span, "E208", message, related, "move that item above this one")
            return
        ids = self._alive()
        name = ".".join(self.path)
        message = f"`{position.side}: {position.anchor}`: no such item in '{name}'{did_you_mean(position.anchor, ids)}"
        related = (Related(self.cell.at.span, "the list"),)
        self.merge.report(position.span, "E208", message, related, f"ids in order: {', '.join(ids)}")

    def _removed_anchor(self, position: Position, anchor: Item) -> None:
        by = anchor.history[-1].span
        message = (
            f"`{position.side}: {anchor.id}`: that item was removed by [{by.layer}] at {by}; its old place is used"
        )
        alive = self._alive()
        help_ = f"name an item that is there: {', '.join(alive)}" if alive else ""
        self.merge.report(position.span, "W210", message, (Related(by, "removed here"),), help_)


def _is_on(item: Node, word: str) -> bool:
    node = item.get(word)
    return node is not None and is_true(node)


def _places(item: Node, word: str) -> bool:
    """Whether a directive of an item says where it goes."""
    node = item.get(word)
    if node is None or word in FLAGS:
        return node is not None and is_true(node)
    return isinstance(node.value, str) and not is_null(node)


def _told(position: Position) -> str:
    return f"{position.side} {position.anchor}".strip()
