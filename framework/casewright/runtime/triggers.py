"""Cases that begin without a person: on an event, or at the instants of a schedule."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim
from sqlalchemy import delete, insert, select

from casewright.machine.facts import Bound, Rules
from casewright.machine.policies import Trigger
from casewright.runtime import jobs
from casewright.runtime.codec import encode
from casewright.runtime.store import tables as t
from casewright.runtime.store.instants import to_micros
from casewright.runtime.store.statements import JOB_COLUMNS
from casewright.runtime.store.store import Row, Store

CATCH_UP = timedelta(days=1)

_log = logging.getLogger("casewright.triggers")


class Asking:
    """The root `$rules` of a trigger: binds what it asks, from the rules in force. No case is there to keep a trace."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def bind(self, kind: str, rule_id: str, roots: Mapping[str, Any]) -> Bound:
        """The rule that holds for these roots now."""
        return self._rules.bind(kind, rule_id, roots)

    def note(self, what: str, because: str = "") -> None:
        """Says for operators what was decided, and why."""
        _log.debug("%s: %s", what, because)


def starts_for_event(
    triggers: Mapping[str, Trigger], delivery: Mapping[str, Any], now: datetime, rules: Rules
) -> list[Row]:
    """A `start_case` job for each trigger that listens to the event and whose condition holds."""
    roots = {"event": delivery["payload"], "$now": now, "$rules": Asking(rules)}
    listening = [trigger for trigger in triggers.values() if trigger.event == delivery["event"]]
    return [
        _start_row(f"trigger:{delivery['id']}:{trigger.id}", trigger, found, now)
        for trigger in listening
        if (found := _fired(trigger, roots)) is not None
    ]


def _fired(trigger: Trigger, roots: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The roots for what begins, `result` among them where the trigger asks for one; None where it does not fire."""
    if trigger.decided is not None:
        roots = {**roots, "result": trigger.decided.evaluate(roots)}
    return roots if trigger.when is None or trigger.when.holds(roots) else None


def starts_for_instant(trigger: Trigger, instant: datetime, now: datetime, rules: Rules) -> list[Row]:
    """The start that is due at this instant, where the condition holds, and the job for the instant that follows.

    Instants that passed while nothing ran are made up for, one start each, as far back as `CATCH_UP`.
    """
    roots = {"event": {"at": instant, "trigger": trigger.id}, "$now": now, "$rules": Asking(rules)}
    rows = [_schedule_row(trigger, max(instant, now - CATCH_UP))]
    found = _fired(trigger, roots)
    if found is not None:
        rows.append(_start_row(f"trigger:{trigger.id}:{to_micros(instant)}", trigger, found, now))
    return rows


def next_instant(trigger: Trigger, after: datetime) -> datetime:
    """The first instant of the schedule after this one, counted in the trigger's zone."""
    local = after.astimezone(ZoneInfo(trigger.zone or "UTC"))
    instants: Iterator[datetime] = CronSim(trigger.every, local)
    return next(instants).astimezone(UTC)


def keep_schedules(store: Store, triggers: Mapping[str, Trigger], now: datetime) -> None:
    """Sees to it that each schedule has exactly one job waiting, and that a schedule which is gone has none."""
    scheduled = {trigger.id: trigger for trigger in triggers.values() if trigger.every}
    with store.writing() as connection:
        found = connection.execute(
            select(t.job.c.id, t.job.c.name, t.job.c.payload).where(t.job.c.kind == jobs.SCHEDULE)
        )
        kept = set()
        for job_id, name, payload in found.all():
            if name in scheduled and payload == encode(_terms(scheduled[name])):
                kept.add(name)
            else:
                connection.execute(delete(t.job).where(t.job.c.id == job_id))
        rows = [_schedule_row(scheduled[name], now) for name in sorted(scheduled.keys() - kept)]
        if rows:
            connection.execute(insert(t.job), [dict(zip(JOB_COLUMNS, row, strict=True)) for row in rows])


def _schedule_row(trigger: Trigger, after: datetime) -> Row:
    due = to_micros(next_instant(trigger, after))
    return jobs.new_row(f"schedule:{trigger.id}:{due}", jobs.SCHEDULE, due, _terms(trigger), name=trigger.id)


def _terms(trigger: Trigger) -> dict[str, str]:
    """What a schedule's job depends on: where it changes, the job is planned anew."""
    return {"every": trigger.every, "zone": trigger.zone}


def _start_row(job_id: str, trigger: Trigger, roots: Mapping[str, Any], now: datetime) -> Row:
    data = {name: value.evaluate(roots) for name, value in trigger.data.items()}
    originator = "" if trigger.originator is None else str(trigger.originator.evaluate(roots) or "")
    payload = {"case_type": trigger.case_type, "data": data, "channel": "trigger", "originator": originator}
    return jobs.new_row(job_id, jobs.START_CASE, to_micros(now), payload, name=trigger.id)
