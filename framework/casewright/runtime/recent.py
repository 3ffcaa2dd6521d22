"""The cases that this process wrote last, as a read would give them, so that their next step need not read."""

from __future__ import annotations

from casewright.runtime.store.cases import Kept

CAPACITY = 500


class Recent:
    """A bounded memory of cases, which may be out of date: another process or thread may have taken one further.

    A step that is decided on a remembered case is safe all the same, as it is committed only where the version in the
    store is still the one that it was decided on. Whoever is refused, or loses, forgets the case and reads it.

    There are two generations: a full young one becomes the old one, and what was in the old one is gone. So nothing is
    ever searched for what to drop, and any thread may use it at any time.
    """

    __slots__ = ("_capacity", "_old", "_young")

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._young: dict[str, Kept] = {}
        self._old: dict[str, Kept] = {}

    def get(self, case_id: str) -> Kept | None:
        """The case as it was when it was written here last; None where that was too long ago."""
        return self._young.get(case_id) or self._old.get(case_id)

    def keep(self, kept: Kept) -> None:
        """Remembers a case that was just written."""
        if len(self._young) >= self._capacity:
            self._old, self._young = self._young, {}
        self._young[kept.snapshot.case_id] = kept

    def forget(self, case_id: str) -> None:
        """Has the case read from the store next time."""
        self._young.pop(case_id, None)
        self._old.pop(case_id, None)
