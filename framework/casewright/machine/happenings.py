"""What happened in one decision, in order: the items that changed their state, and the fields that changed."""

from __future__ import annotations

from dataclasses import dataclass

from casewright.machine.snapshot import ItemLife


@dataclass(frozen=True, slots=True)
class Reached:
    """An item came to a state of its lifecycle."""

    path: str
    state: ItemLife


@dataclass(frozen=True, slots=True)
class Changed:
    """A field was saved with another value: of the case, or of the pass at `scope`."""

    name: str
    scope: str = ""


class Log:
    """The happenings so far, which of them the listeners were told, and from where on each of them listens."""

    __slots__ = ("_begun", "_told", "entries")

    def __init__(self) -> None:
        self.entries: list[Reached | Changed] = []
        self._begun: dict[tuple[str, int], int] = {}
        self._told = 0

    def begin(self, path: str, visit: int) -> None:
        """From now on this visit of an item listens."""
        self._begun[path, visit] = len(self.entries)

    def since(self, path: str, visit: int) -> list[Reached | Changed]:
        """What a listener was not told yet."""
        return self.entries[max(self._told, self._begun.get((path, visit), 0)) :]

    def told(self, count: int) -> None:
        """Every listener knows the first so many."""
        self._told = count
