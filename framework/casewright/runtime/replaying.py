"""A case worked out again from its history, for proof and for rehearsals."""

from __future__ import annotations

from collections.abc import Sequence

from casewright.machine.facts import Facts
from casewright.machine.plan import Plan
from casewright.machine.replay import Entry, replay
from casewright.machine.snapshot import Snapshot
from casewright.runtime.releases import Releases
from casewright.runtime.store.cases import Kept
from casewright.runtime.views import HistoryEntry


def replay_of(releases: Releases, kept: Kept, entries: Sequence[HistoryEntry]) -> Snapshot | None:
    """The snapshot that the history of a case leads to; raises `replay.Diverged` where it does not lead on."""

    def plan_of(digest: str) -> Plan:
        return releases.plan_of(kept.snapshot.case_type, digest, kept.release)

    return replay(plan_of, (_entry(releases, entry) for entry in entries))


def _entry(releases: Releases, entry: HistoryEntry) -> Entry:
    known = Facts(entry.at, entry.actor, releases, entry.pages, entry.interaction, entry.event, entry.bound)
    return Entry(entry.digest, entry.command, known)
