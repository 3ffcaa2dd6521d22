"""A resolved rule: its merged and typed body, what is wrong with it, and where everything in it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casewright.layers.cells import History
from casewright.layers.files import RuleFile
from casewright.layers.folding import Folded
from casewright.layers.history import LOCKED, provenance
from casewright.layers.shapes import Shape
from casewright.source import Node
from casewright.values import Problem, RuleName, Span


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of the file that made a rule says: the last define, variant or replace of its key."""

    layer: str
    span: Span
    word: str = "define"
    is_a: str = ""
    for_class: str = ""
    circumstance: Node | None = None
    effective: Node | None = None
    based_on: str = ""
    module: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Resolved:
    """One rule for one class and variant. `body` is typed and free of directives and head keys.

    `blocked` is where a layer blocks the rule, `variant_of` the base of a variant. `files` are the files that were
    folded, in order, withdrawn and blocking ones among them.
    """

    name: RuleName
    body: Node
    problems: tuple[Problem, ...]
    head: Head
    folded: Folded
    shape: Shape
    blocked: Span | None = None
    variant_of: RuleName | None = None
    _memo: dict[str, Mapping[str, History]] = field(default_factory=dict, repr=False)

    @property
    def files(self) -> tuple[RuleFile, ...]:
        return self.folded.files

    @property
    def history(self) -> Mapping[str, History]:
        """Every leaf, item and lock by its dotted path: who wrote it; the last entry holds."""
        if "history" not in self._memo:
            self._memo["history"] = provenance(self.folded.root, self.folded.locks, self.shape)
        return self._memo["history"]

    def origin(self, path: str) -> Span:
        """Where the value at a path was written; for a map or a list the place of its nearest part above."""
        entries = [entry for entry in self.history.get(path, ()) if entry.operation not in LOCKED]
        if entries:
            return entries[-1].span
        node = self.at(path)
        if node is not None:
            return node.key
        return self.origin(path.rpartition(".")[0]) if path else self.head.span

    def at(self, path: str) -> Node | None:
        """The node at a dotted path, or None where nothing is."""
        node: Node | None = self.body
        shape = self.shape
        for name in path.split(".") if path else ():
            if node is None:
                return None
            own = shape.of(node)
            if own.form == "keyed":
                node = next((item for item in node.value if _id(item, own.key) == name), None)
                shape = own.item or shape
            else:
                node, shape = node.get(name), own.child(name) or shape
        return node


def _id(item: Node, key: str) -> object:
    own = item.get(key)
    return own.value if own is not None else None


def head_of(file: RuleFile) -> Head:
    """The head of one file."""
    return Head(
        file.layer.label, file.span, file.word, file.says("is_a"), file.name.for_class, file.head.get("circumstance"),
        file.head.get("effective"), file.says("based_on"), file.says("module"),
    )  # fmt: skip
