"""The active release, and those that cases began with: recompiled from the trees that were stored."""

from __future__ import annotations

import threading
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


class Releases:
    """The rules in force, as the core sees them: new bindings come from the active release, pinned ones from whichever
    release holds them."""

    def __init__(self, store: Store, active: Application, revive: Revive) -> None:
        self._store, self._revive = store, revive
        self._active = active
        self._plans: dict[tuple[str, str], Plan] = {}
        self._revived: dict[str, Application] = {}
        self._lock = threading.Lock()
        self._policies: dict[str, Mapping[str, Any]] = {}
        self._heard: frozenset[str] | None = None

    @property
    def active(self) -> Application:
        return self._active

    def policies(self, kind: str) -> Mapping[str, Any]:
        """The base policies of a kind in the active release, by id."""
        found = self._policies.get(kind)
        if found is None:
            found = self._policies[kind] = self._active.policies(kind)
        return found

    def hears(self, event: str) -> bool:
        """Whether a trigger of the active release listens to the event."""
        if self._heard is None:
            self._heard = frozenset(trigger.event for trigger in self.policies("trigger").values())
        return event in self._heard

    def activate(self, application: Application, now: datetime) -> None:
        """Stores the application's release and makes it the one that new work binds to."""
        store_release(self._store, application.release, now)
        self._active = application
        self._policies, self._heard = {}, None

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

    def plan_for_new(self, case_type: str, roots: Mapping[str, Any]) -> Plan:
        """The plan that a new case of this type begins with; raises CommandRefused where there is no such type."""
        try:
            plan: Plan = self._active.bind("case_type", case_type, roots).value
        except LookupError:
            near = did_you_mean(case_type, self.policies("case_type"))
            raise CommandRefused("unknown_case_type", f"there is no case type '{case_type}'{near}") from None
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


def store_release(store: Store, release: Release, now: datetime) -> None:
    """Keeps every tree once by its hash, the release, and that it is active from now on, unless it is already."""
    at = to_micros(now)
    newest = select(t.activation.c.release).order_by(t.activation.c.seq.desc()).limit(1)
    with store.writing() as connection:
        if connection.scalar(newest) == release.id:
            return
        if connection.scalar(select(t.release.c.id).where(t.release.c.id == release.id)) is None:
            trees = [{"digest": digest, "body": body} for digest, body in release.trees.items()]
            rules = [{"release": release.id, "rule": r, "digest": d} for r, d in release.rules.items()]
            connection.execute(insert(t.release).values(id=release.id, application=release.application, stored_at=at))
            if trees:
                connection.execute(sqlite.insert(t.tree).on_conflict_do_nothing(), trees)
            if rules:
                connection.execute(insert(t.release_rule), rules)
        connection.execute(insert(t.activation).values(release=release.id, at=at))


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
