"""What tables and trees give to whoever asks them: a step, a routing rule, a trigger, a branch of another tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Given:
    """What a table or a tree gave: a record of its outputs, or a list of records; and in words what decided.

    `is_decided` is false where no row matched or no branch held, and nothing was written for that.
    """

    outputs: Any
    because: str
    is_decided: bool = True


class Decider(Protocol):
    """A rule that decides: it was lowered to this, and is bound when it is asked."""

    def decide(self, roots: Mapping[str, Any]) -> Given:
        """What it gives for these roots."""
