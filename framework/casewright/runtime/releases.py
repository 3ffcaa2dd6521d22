"""The active release, and those that cases began with: recompiled from the trees that were stored."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects import sqlite

from casewright.errors import CommandRefused
from casewright.machine.facts import Bound
from casewright.machine.plan import Plan
from casewright.runtime.ports import Application, Release, Revive, StoredRelease
from casewright.runtime.store import tables as t
from casewright.runtime.store.instants import to_micros
from casewright.runtime.store.store import Store
from casewright.values import did_you_mean

LOOK_EVERY = 1.0
"""How many seconds pass before the store is asked again whether another process has put a release in force."""

HEARD = "$heard"
"""Where the names of the events that triggers listen to are kept among the policies."""

_log = logging.getLogger("casewright.releases")


class Releases:
    """The rules in force, as the core sees them: new bindings come from the active release, pinned ones from whichever
    release holds them. Which one is active is what the store says, whichever process has said it."""

    def __init__(self, store: Store, active: Application, revive: Revive, *, look_every: float = LOOK_EVERY) -> None:
        self._store, self._revive = store, revive
        self._active, self._activation = active, 0
        self._look_every, self._look_at = look_every, 0.0
        self._plans: dict[tuple[str, str], Plan] = {}
        self._revived: dict[str, Application] = {}
        self._lock = threading.Lock()
        self._policies: dict[str, Any] = {}

    @property
    def active(self) -> Application:
        return self._active

    def policies(self, kind: str) -> Mapping[str, Any]:
        """The base policies of a kind in the active release, by id."""
        known = self._policies  # before the active release is read, so that nothing old is kept among what is new
        found: Mapping[str, Any] | None = known.get(kind)
        if found is None:
            found = known[kind] = self._active.policies(kind)
        return found

    def hears(self, event: str) -> bool:
        """Whether a trigger of the active release listens to the event."""
        known = self._policies
        heard = known.get(HEARD)
        if heard is None:
            heard = known[HEARD] = frozenset(trigger.event for trigger in self.policies("trigger").values())
        return event in heard

    def activate(self, application: Application, now: datetime) -> None:
        """Stores the application's release and makes it the one that new work binds to."""
        self._activation = store_release(self._store, application.release, now)
        self._look_at = time.monotonic() + self._look_every
        self._follow(application)

    def catch_up(self) -> Application | None:
        """The release that another process has put in force since, which is the active one from now on; else None.

        The store is asked once in a while. A release that cannot be compiled here is left to those who can: that is
        logged once, and the rules stay as they are.
        """
        now = time.monotonic()
        if now < self._look_at:
            return None
        self._look_at = now + self._look_every
        seq, release = newest_activation(self._store)
        if seq == self._activation:
            return None
        self._activation = seq
        if release == self._active.release.id:
            return None
        try:
            application = self._again(release)
        except Exception as error:
            _log.error("the release %s, in force since, cannot be used here: %s", release, type(error).__name__)
            return None
        self._follow(application)
        return application

    def _follow(self, application: Application) -> None:
        self._active = application
        self._policies = {}

    def bind(self, kind: str, rule_id: str, roots: Mapping[str, Any]) -> Bound:
        """The rule of the active release that holds for these roots."""
        return self._active.bind(kind, rule_id, roots)

    def by_digest(self, kind: str, rule_id: str, digest: str) -> Bound:
        """The rule with this tree, from the active release or from an older one that holds it."""
        for application in (self._active, *self._revived.values()):
            try:
                return application.by_digest(kind, rule_id, digest)
            except LookupError:
                continue
        return self._again(self._release_with(digest)).by_digest(kind, rule_id, digest)

    def of(self, release: str) -> Application:
        """The rules of one release alone, compiled again from the store where it is not the active one."""
        return self._active if release == self._active.release.id else self._again(release)

    def plan_for_new(self, case_type: str, roots: Mapping[str, Any]) -> Plan:
        """The plan that a new case of this type begins with; raises CommandRefused where there is no such type."""
        try:
            plan: Plan = self._active.bind("case_type", case_type, roots).value
        except LookupError:
            near = did_you_mean(case_type, self.policies("case_type"))
            raise CommandRefused("unknown_case_type", f"there is no case type '{case_type}'{near}") from None
        if not plan.sequence.items:
            raise CommandRefused("no_stages", f"{case_type} has no stages; create a case type that extends it")
        return self._plans.setdefault((case_type, plan.digest), plan)

    def plan_of(self, case_type: str, digest: str, release: str) -> Plan:
        """The plan that a case pinned when it was created, from the active release or the one it began with."""
        plan = self._plans.get((case_type, digest))
        if plan is None:
            plan = self._plans[case_type, digest] = self._pinned(case_type, digest, release)
        return plan

    def _pinned(self, case_type: str, digest: str, release: str) -> Plan:
        try:
            plan: Plan = self._active.by_digest("case_type", case_type, digest).value
        except LookupError:
            plan = self._again(release).by_digest("case_type", case_type, digest).value
        return plan

    def _again(self, release: str) -> Application:
        with self._lock:
            if release not in self._revived:
                self._revived[release] = self._revive(read_release(self._store, release))
            return self._revived[release]

    def _release_with(self, digest: str) -> str:
        holds = t.release_rule.c
        with self._store.reading() as connection:
            found = connection.scalar(select(holds.release).where(holds.digest == digest).limit(1))
        if found is None:
            raise LookupError(f"no release in this database holds the tree {digest}")
        return str(found)


def newest_activation(store: Store) -> tuple[int, str]:
    """The number of the last activation, and the release that is in force since; `(0, "")` where there was none."""
    with store.reading() as connection:
        found = connection.execute(_NEWEST).first()
    return (found.seq, found.release) if found else (0, "")


_NEWEST = select(t.activation.c.seq, t.activation.c.release).order_by(t.activation.c.seq.desc()).limit(1)


def store_release(store: Store, release: Release, now: datetime) -> int:
    """Keeps every tree once by its hash, the release, and that it is active from now on, unless it is already; the
    number of the activation."""
    at = to_micros(now)
    with store.writing() as connection:
        newest = connection.execute(_NEWEST).first()
        if newest is not None and newest.release == release.id:
            return int(newest.seq)
        if connection.scalar(select(t.release.c.id).where(t.release.c.id == release.id)) is None:
            trees = [{"digest": digest, "body": body} for digest, body in release.trees.items()]
            rules = [{"release": release.id, "rule": r, "digest": d} for r, d in release.rules.items()]
            connection.execute(insert(t.release).values(id=release.id, application=release.application, stored_at=at))
            if trees:
                connection.execute(sqlite.insert(t.tree).on_conflict_do_nothing(), trees)
            if rules:
                connection.execute(insert(t.release_rule), rules)
        made = connection.execute(insert(t.activation).values(release=release.id, at=at))
    (seq,) = made.inserted_primary_key or (0,)
    return int(seq)


def read_release(store: Store, release_id: str) -> StoredRelease:
    """The release as it was stored, trees and all."""
    holds = t.release_rule.c
    with store.reading() as connection:
        label = connection.scalar(select(t.release.c.application).where(t.release.c.id == release_id))
        found = connection.execute(
            select(holds.rule, holds.digest, t.tree.c.body)
            .join(t.tree, t.tree.c.digest == holds.digest)
            .where(holds.release == release_id)
        ).all()
    rules = {rule: digest for rule, digest, _ in found}
    return StoredRelease(release_id, label or "", rules, {digest: body for _, digest, body in found})
