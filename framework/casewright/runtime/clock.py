"""A clock that moves only when it is told to: for tests, simulations and rehearsals."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable


@runtime_checkable
class Movable(Protocol):
    """A clock that can be set forward."""

    def __call__(self) -> datetime: ...

    def move_to(self, instant: datetime) -> None: ...


class MovableClock:
    """Stands still until it is moved, and never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Sets the clock to a later instant; an earlier one changes nothing."""
        self._now = max(self._now, instant)

    def pass_time(self, length: timedelta) -> None:
        """Lets so much time pass."""
        self.move_to(self._now + length)
