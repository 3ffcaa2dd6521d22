"""A YAML value that knows where it was written."""

from __future__ import annotations

from typing import Any

from casewright.values import Layout, Span


class Formula(str):
    """The text of an expression that stood behind a leading `=` in a value, without the `=`.

    `lead` is how many characters were written before it: the `=` and the blanks behind it.
    """

    __slots__ = ("lead",)
    lead: int

    def __new__(cls, text: str, lead: int = 1) -> Formula:
        made = super().__new__(cls, text)
        made.lead = lead
        return made

    @classmethod
    def of(cls, written: str) -> Formula:
        """The formula of a text that begins with `=`."""
        behind = written[1:].lstrip()
        return cls(behind.rstrip(), len(written) - len(behind))


class Node:
    """A YAML value and its place: a scalar (`str` until it is typed), a tuple of nodes, or a dict of key to node.

    Values are immutable by agreement: whoever wants another value makes another node. `quoted` says that a scalar
    stood in quotes or in a block; `key_line`/`key_column` is where the key stands when the node is a map's value.
    """

    __slots__ = ("column", "file", "key_column", "key_line", "line", "quoted", "value")

    def __init__(
        self,
        value: Any,
        file: SourceFile,
        line: int = 1,
        column: int = 1,
        key_line: int = 0,
        key_column: int = 0,
        quoted: bool = False,
    ) -> None:
        self.value = value
        self.file = file
        self.line = line
        self.column = column
        self.key_line = key_line
        self.key_column = key_column
        self.quoted = quoted

    def __repr__(self) -> str:
        return f"Node({self.value!r}, {self.span})"

    @property
    def span(self) -> Span:
        """Where the value begins."""
        return Span(self.file.path, self.line, self.column, self.file.layer)

    @property
    def key(self) -> Span:
        """Where the key begins, or the value where there is no key."""
        if not self.key_line:
            return self.span
        return Span(self.file.path, self.key_line, self.key_column, self.file.layer)

    @property
    def is_map(self) -> bool:
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        return isinstance(self.value, tuple)

    @property
    def is_scalar(self) -> bool:
        return not isinstance(self.value, (dict, tuple))

    def get(self, name: str) -> Node | None:
        """The value under `name` where this is a map that has it."""
        value = self.value
        return value.get(name) if value.__class__ is dict else None

    def word(self, name: str, default: str = "") -> str:
        """The text under `name`, or `default` where it is not written."""
        value = self.value
        found = value.get(name) if value.__class__ is dict else None
        return default if found is None or found.value is None else str(found.value)

    def entries(self, name: str) -> dict[str, Node]:
        """The map under `name`; empty where there is none."""
        found = self.get(name)
        return found.value if found is not None and isinstance(found.value, dict) else {}

    def items(self, name: str) -> tuple[Node, ...]:
        """The list under `name`; empty where there is none."""
        found = self.get(name)
        return found.value if found is not None and isinstance(found.value, tuple) else ()

    def words(self, name: str) -> tuple[str, ...]:
        """The texts of the list under `name`; empty where there is none."""
        return tuple(str(item.value) for item in self.items(name))

    def number(self, name: str, default: int = 0) -> int:
        """The whole number under `name`, or `default` where there is none."""
        found = self.get(name)
        return found.value if found is not None and isinstance(found.value, int) else default

    def is_true(self, name: str) -> bool:
        """Whether `name` is written as true."""
        found = self.get(name)
        return found is not None and found.value is True

    def text_start(self) -> Span:
        """Where the first character of a scalar's text stands: behind its quote, its `=` or the head of its block."""
        lead = self.value.lead if isinstance(self.value, Formula) else 0
        layout = self.file.layouts.get((self.line, self.column))
        if layout is None:
            return Span(self.file.path, self.line, self.column + self.quoted + lead, self.file.layer)
        return Span(self.file.path, *layout.place(lead), self.file.layer, layout)

    def with_value(self, value: Any) -> Node:
        """The same place with another value."""
        return Node(value, self.file, self.line, self.column, self.key_line, self.key_column, self.quoted)

    def plain(self) -> Any:
        """The value without places: scalars as they are, lists, dicts."""
        if isinstance(self.value, dict):
            return {name: node.plain() for name, node in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        return self.value


class SourceFile:
    """A file of rules: its path as messages show it, and the layer (`name@version`) it belongs to.

    `layouts` are those of the texts in it that do not stand there as they are, by line and column of the scalar.
    """

    __slots__ = ("layer", "layouts", "path")

    def __init__(self, path: str, layer: str = "") -> None:
        self.path = path
        self.layer = layer
        self.layouts: dict[tuple[int, int], Layout] = {}

    def beside(self, path: str) -> SourceFile:
        """Another file of the same layer."""
        return SourceFile(path, self.layer)
