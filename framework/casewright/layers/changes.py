"""What one file changed: the paths it touched, the leaves it set again, and how a removed part is told."""

from __future__ import annotations

from dataclasses import dataclass

from casewright.layers.cells import History, Path
from casewright.layers.shapes import Shape
from casewright.source import Node
from casewright.values import Related, Span


@dataclass(frozen=True, slots=True)
class Touch:
    """One change of one path by a file: `set`, `add`, `remove`, `replace` or `move`."""

    path: Path
    verb: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Override:
    """A leaf that was there and was set again; judged by its typed values."""

    path: Path
    lower: Node
    upper: Node
    shape: Shape


def gone_by(tombstone: History | None) -> tuple[Related, ...]:
    """Who removed what is not there, where it once was."""
    if not tombstone:
        return ()
    by = tombstone[-1].span
    return (Related(by, f"removed by [{by.layer}] here"),)
