"""What an engine shows of what it keeps: cases, their history, their work, incidents and events. It changes nothing."""

from __future__ import annotations

from casewright.errors import AssignmentNotFound
from casewright.machine.snapshot import Snapshot
from casewright.runtime import reading, standing
from casewright.runtime import views as v
from casewright.runtime.releases import Releases
from casewright.runtime.replaying import replay_of
from casewright.runtime.store.cases import Kept, found
from casewright.runtime.store.store import Store


class Records:
    """The reading half of an engine."""

    _store: Store
    _releases: Releases

    def case(self, case_id: str) -> v.CaseView:
        """The case as it stands; raises CaseNotFound."""
        kept = self._kept(case_id)
        plan = self._releases.plan_of(kept.snapshot.case_type, kept.snapshot.digest, kept.release)
        return reading.case_view(self._store, kept, plan, self._releases)

    def snapshot(self, case_id: str) -> Snapshot:
        """The stored state of the case, as the core takes it; raises CaseNotFound."""
        return self._kept(case_id).snapshot

    def _kept(self, case_id: str) -> Kept:
        return found(self._store, case_id)

    def cases(
        self,
        *,
        case_type: str = "",
        status: str = "",
        parent: str = "",
        is_resolved: bool | None = None,
        limit: int = 200,
    ) -> tuple[v.CaseLine, ...]:
        """The cases that fit, the newest first."""
        return reading.cases(
            self._store, case_type=case_type, status=status, parent=parent, is_resolved=is_resolved, limit=limit
        )

    def history(self, case_id: str) -> tuple[v.HistoryEntry, ...]:
        """Every step of the case, the first one first; raises CaseNotFound."""
        return reading.history(self._store, case_id)

    def replayed(self, case_id: str) -> Snapshot | None:
        """The state that the case's history leads to, decided again step by step; nothing but the history is read."""
        return replay_of(self._releases, self._kept(case_id), self.history(case_id))

    def items(self, case_id: str) -> tuple[v.ItemLine, ...]:
        """Every visit of every item of the case, as they were entered; raises CaseNotFound."""
        return standing.lines(self._store, self._kept(case_id).snapshot.case_id)

    def notes(self, case_id: str) -> tuple[v.NoteView, ...]:
        """The notes on the case; raises CaseNotFound."""
        return reading.notes(self._store, case_id)

    def messages(self, case_id: str) -> tuple[v.MessageView, ...]:
        """The messages that the case has sent; raises CaseNotFound."""
        return reading.messages(self._store, case_id)

    def incidents(self, *, case_id: str = "", include_resolved: bool = False) -> tuple[v.IncidentView, ...]:
        """What waits for an operator, the oldest first."""
        return reading.incidents(self._store, case_id=case_id, include_resolved=include_resolved)

    def assignment(self, assignment_id: str) -> v.AssignmentView:
        """The assignment, open or closed; raises AssignmentNotFound. Its screen comes with `case`."""
        work = reading.assignment(self._store, assignment_id)
        if work is None:
            raise AssignmentNotFound(assignment_id)
        return work

    def events(self, *, after: int = 0, limit: int = 1000) -> tuple[v.EventView, ...]:
        """The published events behind a `seq`, in order."""
        return reading.events(self._store, after=after, limit=limit)
