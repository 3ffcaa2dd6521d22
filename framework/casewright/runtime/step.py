"""The durable step: the one function that changes a case."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Any, TypeVar

from casewright.errors import CaseConflict, CaseNotFound, CommandRefused, InteractionNotFound, KeyReused
from casewright.machine.acting import Startable, startable
from casewright.machine.commands import Create
from casewright.machine.decide import decide
from casewright.machine.decision import Decision, Needs, Refusal
from casewright.machine.effects import PageRequest
from casewright.machine.facts import Actor, Facts, Unavailable
from casewright.machine.plan import Plan
from casewright.machine.quick import quick
from casewright.runtime.actors import ActorTexts
from casewright.runtime.codec import encode
from casewright.runtime.ports import FactSource
from casewright.runtime.recent import Recent
from casewright.runtime.releases import Releases
from casewright.runtime.request import Receipt, Request
from casewright.runtime.rows import Writing, step_of, written
from casewright.runtime.store.cases import Kept, kept_after, load
from casewright.runtime.store.store import Outcome, Store
from casewright.values import Clock

TRIES = 12
ROUNDS = 50
REST_SECONDS = 0.002
TAKEN = "taken"
"""The code of a refusal: whoever looked at the assignment saw it with somebody else than it is now."""

_facts, _receipt = quick(Facts), quick(Receipt)
T = TypeVar("T")
InteractionFacts = Callable[[str], Mapping[str, Any] | None]


class Stepper:
    """Takes cases from one durable state to the next. What it remembers of them is checked by each commit."""

    def __init__(
        self,
        store: Store,
        releases: Releases,
        source: FactSource,
        interactions: InteractionFacts,
        clock: Clock,
        wake: threading.Event,
    ) -> None:
        self._store, self._releases, self._source = store, releases, source
        self._interactions, self._clock, self._wake = interactions, clock, wake
        self._recent, self._actors = Recent(), ActorTexts()

    def perform(self, request: Request) -> Receipt:
        """The acknowledged step; or CommandRefused, CaseConflict, CaseNotFound or KeyReused, and nothing changed."""
        command_text = encode(request.command)
        fingerprint = _fingerprint(request, command_text) if request.key else ""
        remembered = self._recent.get(request.case_id)
        for attempt in range(TRIES):
            tried = self._tried(request, remembered or self._read(request), command_text, fingerprint)
            if isinstance(tried, Receipt):
                return tried
            if remembered is None:
                if isinstance(tried, Refusal):
                    return self._repeated(request, fingerprint) or _refuse(tried)
                time.sleep(random.uniform(0, REST_SECONDS * 2 ** min(attempt, 6)))
            self._recent.forget(request.case_id)
            remembered = None
        raise CaseConflict(request.case_id, TRIES)

    def _tried(
        self, request: Request, kept: Kept | None, command_text: str, fingerprint: str
    ) -> Receipt | Refusal | None:
        """The step, decided and committed; why it does not apply; or None where another step came first."""
        facts = self._facts(request, kept)
        decided = self._decided(self._plan(request, kept, facts), kept, request, facts)
        if isinstance(decided, Refusal):
            return decided
        before, release = (kept.snapshot, kept.release) if kept else (None, self._releases.active.release.id)
        actor, hears = self._actors.of(facts.actor), self._releases.hears
        step = step_of(request, before, decided, facts, release, command_text, actor, fingerprint, hears)
        writing = written(step, self._store.statements)
        outcome = self._store.commit(writing.batch)
        if outcome is Outcome.COMMITTED:
            return self._acknowledged(decided, release, writing)
        if outcome is Outcome.CONFLICT:
            return None
        if outcome is Outcome.TAKEN:
            return Refusal(TAKEN, "the assignment went to somebody else meanwhile")
        return self._repeated(request, fingerprint) or _lost(request)

    def _read(self, request: Request) -> Kept | None:
        if isinstance(request.command, Create):
            return None
        kept = load(self._store, request.case_id)
        if kept is None:
            raise CaseNotFound(request.case_id)
        return kept

    def _facts(self, request: Request, kept: Kept | None) -> Facts:
        engagement = _engagement(request, kept)
        known = self._interactions(engagement) if engagement else None
        if engagement and known is None:
            raise InteractionNotFound(engagement)
        return _facts(self._clock(), request.actor, self._releases, {}, known, request.event)

    def _plan(self, request: Request, kept: Kept | None, facts: Facts) -> Plan:
        if kept is not None:
            return self._releases.plan_of(kept.snapshot.case_type, kept.snapshot.digest, kept.release)
        case = {**getattr(request.command, "data", {}), "id": request.case_id, "type": request.case_type}
        actor = {"id": facts.actor.id, "kind": facts.actor.kind, "roles": sorted(facts.actor.roles)}
        roots = {"case": case, "actor": {**facts.actor.attributes, **actor}, "interaction": facts.interaction}
        return self._releases.plan_for_new(request.case_type, {**roots, "$now": facts.now})

    def _decided(self, plan: Plan, kept: Kept | None, request: Request, facts: Facts) -> Decision | Refusal:
        """What is decided once every page that it needs was read or found wanting. No transaction is open here."""
        snapshot = kept.snapshot if kept else None
        if kept is not None and plan.binds_created:
            facts = replace(facts, rules=self._releases.of(kept.release))
        verdict = decide(plan, snapshot, request.command, facts)
        if not isinstance(verdict, Needs):
            return verdict
        engagement = _engagement(request, kept)
        ask = partial(decide, plan, snapshot, request.command)
        verdict = self._with_pages(ask, verdict, facts, engagement)
        if not isinstance(verdict, Needs):
            return verdict
        return Refusal("too_many_pages", f"the command needs ever more pages: {_named(verdict)}")

    def _with_pages(self, ask: Callable[[Facts], T | Needs], needs: Needs, facts: Facts, engagement: str) -> T | Needs:
        """The answer once every page that it hangs on was read or found wanting; `Needs` where there are ever more."""
        pages = dict[PageRequest, Any]()
        for _ in range(ROUNDS):
            wanted = [page for page in needs.requests if page not in pages]
            loaded = self._source.load(wanted, interaction=engagement, actor=facts.actor.id)
            pages |= {page: loaded.get(page, Unavailable("the source gave no answer")) for page in wanted}
            answer = ask(replace(facts, pages=pages))
            if not isinstance(answer, Needs):
                return answer
            needs = answer
        return needs

    def startable(self, kept: Kept, actor: Actor) -> tuple[Startable, ...]:
        """What may be started by hand in a case, with the reason where this actor may not."""
        snapshot = kept.snapshot
        plan = self._releases.plan_of(snapshot.case_type, snapshot.digest, kept.release)
        known = self._interactions(snapshot.interaction) if snapshot.interaction else None
        facts = Facts(self._clock(), actor, self._releases, {}, known)
        ask = partial(startable, plan, snapshot)
        found = ask(facts)
        if isinstance(found, Needs):
            found = self._with_pages(ask, found, facts, snapshot.interaction)
        return () if isinstance(found, Needs) else found

    def _acknowledged(self, decided: Decision, release: str, writing: Writing) -> Receipt:
        for event in writing.published:
            self._source.invalidate(event.event, event.payload)
        if not self._wake.is_set():
            self._wake.set()
        after = decided.snapshot
        kept = kept_after(after, release, writing.now, writing.data)
        if kept is not None:
            self._recent.keep(kept)
        return _receipt(after.case_id, after.version, after.status, False, decided.trace)

    def _repeated(self, request: Request, fingerprint: str) -> Receipt | None:
        return repeated(self._store, request.key, fingerprint) if fingerprint else None


def _named(needs: Needs) -> str:
    return ", ".join(sorted({request.page for request in needs.requests}))


def _engagement(request: Request, kept: Kept | None) -> str:
    """The interaction in which the command is given, else that in which the case began."""
    if isinstance(request.command, Create):
        return request.command.interaction
    return request.interaction or (kept.snapshot.interaction if kept else "")


def repeated(store: Store, key: str, fingerprint: str) -> Receipt | None:
    """What the key was acknowledged with before, if it was; raises KeyReused where it stood for another request."""
    found = store.read(store.statements.read_command, (key,))
    if not found:
        return None
    known, case_id, version, status = found[0]
    if known != fingerprint:
        raise KeyReused(key)
    return Receipt(case_id, version, status, repeated=True)


def _fingerprint(request: Request, command_text: str) -> str:
    if isinstance(request.command, Create):
        return creation_fingerprint(request.case_type, request.command, request.actor)
    return sha256(f"{request.case_id}\n{request.actor.id}\n{command_text}".encode()).hexdigest()


def creation_fingerprint(case_type: str, command: Create, actor: Actor) -> str:
    """The request hash of a creation; the id that the case happens to get is no part of it."""
    return sha256(f"{case_type}\n{actor.id}\n{encode(replace(command, case_id=''))}".encode()).hexdigest()


def _refuse(refusal: Refusal) -> Receipt:
    raise CommandRefused(refusal.code, refusal.message, refusal.details)


def _lost(request: Request) -> Receipt:
    raise JobLost(request.job.id if request.job else request.key)


class JobLost(Exception):
    """The lease of the job ran out and somebody else has it, or what it was for has ended. Nothing was done."""
