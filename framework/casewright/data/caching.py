"""What was loaded and for how long it may be served: fresh, stale but good enough, or only in need."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewright.machine.effects import PageRequest
from casewright.machine.policies import Page

Slot = tuple[str, PageRequest]
"""Whose copy it is (an interaction, an agent, or `""` for all), and of what."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """One answer; the instants, in seconds, until which it is fresh, and until which it may be served while another
    is fetched behind."""

    value: Any
    fresh_until: float
    stale_until: float


class Cache:
    """The answers at hand, the oldest dropped when there are too many. Safe for threads."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._loaded: dict[Slot, Loaded] = {}
        self._lock = threading.Lock()
        self._generations: dict[str, int] = {}

    def find(self, slot: Slot) -> Loaded | None:
        """The answer in a slot, however old."""
        return self._loaded.get(slot)

    def generation(self, page: str) -> int:
        """How often the page was declared outdated: an answer asked for before that is not kept after."""
        return self._generations.get(page, 0)

    def keep(self, slot: Slot, page: Page, value: Any, now: float, generation: int) -> None:
        """Keeps an answer that was asked for in this generation of its page."""
        fresh = now + page.fresh_seconds
        with self._lock:
            if generation != self._generations.get(page.id, 0):
                return
            self._loaded.pop(slot, None)
            self._loaded[slot] = Loaded(value, fresh, fresh + page.stale_seconds)
            while len(self._loaded) > self._most:
                del self._loaded[next(iter(self._loaded))]

    def outdate(self, page: Page, payload: Mapping[str, Any]) -> None:
        """Has every answer of the page fetched anew that the event's payload may mean; it serves in need still.

        A payload that names parameters of the page means only the answers for their values.
        """
        told = {name: payload[name] for name in page.parameters if name in payload}
        with self._lock:
            self._generations[page.id] = self._generations.get(page.id, 0) + 1
            for slot, loaded in self._loaded.items():
                if slot[1].page == page.id and told.items() <= dict(slot[1].parameters).items():
                    self._loaded[slot] = Loaded(loaded.value, 0.0, 0.0)
