"""The engine: the one door to cases, work, events and interactions. Synchronous, and safe to use from many threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Any

from casewright.errors import CommandRefused
from casewright.machine import commands as cmd
from casewright.machine.acting import Startable
from casewright.machine.effects import Target
from casewright.machine.facts import SYSTEM, Actor
from casewright.runtime import access, incidents, publishing, triggers, worklist
from casewright.runtime import views as v
from casewright.runtime.clock import Movable
from casewright.runtime.interactions import Interactions
from casewright.runtime.jobs import last_lease, next_ready
from casewright.runtime.leases import Leases
from casewright.runtime.ports import Application, ConnectorPort, FactSource, Revive
from casewright.runtime.records import Records
from casewright.runtime.releases import Releases
from casewright.runtime.request import Receipt, Request, request_of
from casewright.runtime.step import TAKEN, Stepper, creation_fingerprint, repeated
from casewright.runtime.storable import check_storable, sent_with
from casewright.runtime.store.instants import from_micros, to_micros
from casewright.runtime.store.store import Store
from casewright.runtime.work import Work
from casewright.runtime.worker import Worker, new_name
from casewright.values import Clock, system_clock


class Engine(Records):
    """Carries cases through their plans, each step committed with all its consequences.

    It is handed everything it uses and owns none of it but the store, which `close` closes. Outside work is done by
    workers: `start_workers` for a service, `settle` for tests and rehearsals. `on_activate` hears of every release that
    is put in force, the first one included, so that fact source and connectors follow its pages and connectors.
    """

    def __init__(
        self,
        application: Application,
        store: Store,
        facts: FactSource,
        connectors: ConnectorPort,
        revive: Revive,
        *,
        clock: Clock = system_clock,
        on_activate: Callable[[Application], None] | None = None,
    ) -> None:
        self._store, self._facts, self._clock, self._on_activate = store, facts, clock, on_activate
        self._wake, self._stop = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []
        self._releases, self._leases = Releases(store, application, revive), Leases(store, clock)
        self._interactions = Interactions(store, self._releases, clock, self._published)
        self._stepper = Stepper(store, self._releases, facts, self._interactions.facts, clock, self._wake)
        self._work = Work(store, self._stepper, self._releases, facts, connectors, clock)
        self._settler = self.worker()
        self.activate(application)

    # -- rules -------------------------------------------------------------------------------------------------------

    @property
    def application(self) -> Application:
        """The rules that new work binds to."""
        return self._releases.active

    def activate(self, application: Application) -> None:
        """Puts a release in force: stored whole, for new work from now on; cases keep what they pinned."""
        now = self._clock()
        self._releases.activate(application, now)
        if self._on_activate is not None:
            self._on_activate(application)
        triggers.keep_schedules(self._store, application.policies("trigger"), now)
        self._wake.set()

    def catch_up(self) -> None:
        """Follows the release that another process has put in force on this database.

        Commands and workers do so by themselves, about once a second.
        """
        application = self._releases.catch_up()
        if application is not None and self._on_activate is not None:
            self._on_activate(application)

    # -- cases -------------------------------------------------------------------------------------------------------

    def create(
        self,
        case_type: str,
        data: Mapping[str, Any] | None = None,
        *,
        by: Actor,
        key: str = "",
        channel: str = "agent",
        interaction: str = "",
    ) -> v.CaseView:
        """A new case, as far as it goes by itself. Raises CommandRefused where it may not begin like this.

        A customer creates cases for himself alone, with his own id as `customer_id`; else NotAuthorized.
        """
        check_storable(data or {})
        self.catch_up()
        access.check_creation(by, case_type, data or {}, self._releases)
        new = cmd.Create("", data or {}, channel=channel, interaction=interaction)
        before = repeated(self._store, key, creation_fingerprint(case_type, new, by)) if key else None
        if before is not None:
            return self.case(before.case_id)
        new = replace(new, case_id=f"C-{self._store.number('case')}")
        return self.case(self._stepper.perform(Request(new.case_id, new, by, key, case_type=case_type)).case_id)

    def perform(
        self, case_id: str, command: cmd.Command, *, by: Actor, key: str = "", interaction: str = ""
    ) -> Receipt:
        """Any command on a case, acknowledged, for hosts that checked access themselves; people use the doors below."""
        return self._perform(request_of(case_id, command, by, key, None, "", interaction))

    def _perform(self, request: Request) -> Receipt:
        check_storable(sent_with(request.command))
        self.catch_up()
        return self._stepper.perform(request)

    def act(
        self,
        assignment_id: str,
        data: Mapping[str, Any] | None = None,
        *,
        by: Actor,
        outcome: str = "done",
        key: str = "",
        interaction: str = "",
    ) -> v.CaseView:
        """The case after somebody completed his assignment. CommandRefused names every fault of the data at once."""
        work = self.assignment(assignment_id)
        if work.is_open:
            access.check_submission(by, work, self._releases)
        command, held = cmd.Submit(work.path, work.visit, data or {}, outcome), worklist.held(work)
        try:
            self._perform(request_of(work.case_id, command, by, key, None, "", interaction, None, held))
        except CommandRefused as refused:
            if refused.code != TAKEN or worklist.held(self.assignment(assignment_id)) == held:
                raise
            return self.act(assignment_id, data, by=by, outcome=outcome, key=key, interaction=interaction)
        return self.case(work.case_id)

    def cancel(self, case_id: str, *, by: Actor, reason: str = "", key: str = "") -> v.CaseView:
        """The case, ended without being completed."""
        return self._by_right("cancel", case_id, cmd.Cancel(reason), by, key)

    def reopen(self, case_id: str, *, by: Actor, target: str = "", reason: str = "", key: str = "") -> v.CaseView:
        """The resolved case, taken up again at a stage, or at its last one."""
        return self._by_right("reopen", case_id, cmd.Reopen(target, reason), by, key)

    def goto(self, case_id: str, target: str, *, by: Actor, reason: str = "", key: str = "") -> v.CaseView:
        """The case in another stage, or in an alternate stage."""
        return self._by_right("move", case_id, cmd.Goto(target, reason), by, key)

    def retry(self, case_id: str, path: str, *, by: Actor, visit: int = 0, key: str = "") -> v.CaseView:
        """The case with its failed item tried again; its incident is resolved."""
        return self._by_right("retry", case_id, cmd.RetryItem(path, visit or self._visit(case_id, path)), by, key)

    def skip(
        self, case_id: str, path: str, *, by: Actor, visit: int = 0, reason: str = "", key: str = ""
    ) -> v.CaseView:
        """The case with an active or failed item passed over; refused where the item must be done."""
        command = cmd.SkipItem(path, visit or self._visit(case_id, path), reason)
        return self._by_right("skip", case_id, command, by, key)

    def start_item(
        self, case_id: str, path: str, *, by: Actor, visit: int = 0, key: str = "", interaction: str = ""
    ) -> v.CaseView:
        """The case with an item begun that waited to be started by hand, or with an optional action begun.

        Raises CommandRefused where it cannot be started now, or not by this actor; `startable` says what can.
        """
        access.check_participant(by, f"start '{path}'", self._kept(case_id).snapshot)
        request = request_of(case_id, cmd.StartItem(path, visit), by, key, None, "", interaction)
        self._perform(request)
        return self.case(case_id)

    def startable(self, case_id: str, *, by: Actor) -> tuple[Startable, ...]:
        """What may be started by hand in the case, with the reason where this actor may not start it now."""
        kept = self._kept(case_id)
        access.check_participant(by, f"look at {case_id}", kept.snapshot)
        return self._stepper.startable(kept, by)

    def _by_right(self, right: str, case_id: str, command: cmd.Command, by: Actor, key: str) -> v.CaseView:
        access.check_right(by, right, self._releases, self._kept(case_id).snapshot)
        self.perform(case_id, command, by=by, key=key)
        return self.case(case_id)

    def _visit(self, case_id: str, path: str) -> int:
        return self._kept(case_id).snapshot.visits.get(path, 1)

    def settle_incident(self, incident_id: str, *, by: Actor) -> None:
        """Has parked work tried again, or lays an incident without work aside. A failed step is retried by `retry`."""
        access.check_right(by, "retry", self._releases)
        incidents.lay_aside(self._store, incident_id, by, to_micros(self._clock()))
        self._wake.set()

    # -- work --------------------------------------------------------------------------------------------------------

    def worklist(
        self, actor: Actor | None = None, *, queue: str = "", limit: int = 100
    ) -> tuple[v.AssignmentView, ...]:
        """What an actor has and may take, or what waits in a queue: most urgent, then nearest deadline, then oldest."""
        if actor is not None and not queue:
            return worklist.work_for(self._store, actor, self._releases, limit=limit)
        if not queue:
            raise ValueError("a worklist is for an actor or for a queue; give one of them")
        return worklist.work_in(self._store, queue, limit=limit)

    def claim(self, assignment_id: str, *, by: Actor) -> v.AssignmentView:
        """The assignment, taken: nobody else can complete it now."""
        return worklist.claim(self._store, assignment_id, by, self._releases, to_micros(self._clock()))

    def release(self, assignment_id: str, *, by: Actor) -> v.AssignmentView:
        """The assignment, given back to those whom it is for."""
        return worklist.release(self._store, assignment_id, by)

    def reassign(self, assignment_id: str, to: Target, *, by: Actor) -> v.AssignmentView:
        """The assignment, now for somebody else; a note on the case says who gave it to whom.

        Raises CommandRefused where there is no such queue or role.
        """
        access.check_right(by, "reassign", self._releases)
        return worklist.reassign(self._store, assignment_id, to, by, self._releases, to_micros(self._clock()))

    # -- events ------------------------------------------------------------------------------------------------------

    def publish(
        self, event: str, payload: Mapping[str, Any] | None = None, *, by: Actor = SYSTEM, key: str = ""
    ) -> str:
        """The id of an outside event, kept and handed to the triggers that listen. It needs an event rule."""
        check_storable(payload or {})
        self.catch_up()
        checked = publishing.checked_payload(self._releases.policies("event"), event, payload or {})
        return self._publish(event, checked, by, key)

    def _publish(self, event: str, payload: Mapping[str, Any], by: Actor, key: str = "") -> str:
        now = self._clock()
        event_id = publishing.publish(self._store, self._releases, event, payload, by=by, key=key, now=now)
        self._published(event, payload)
        return event_id

    def _published(self, event: str, payload: Mapping[str, Any]) -> None:
        self._facts.invalidate(event, payload)
        self._wake.set()

    # -- interactions ------------------------------------------------------------------------------------------------

    def open_interaction(
        self, type_id: str, *, by: Actor, channel: str = "", customer_id: str = "", key: str = ""
    ) -> v.InteractionView:
        """A new engagement of this interaction type."""
        return self._interactions.open(type_id, channel=channel, customer_id=customer_id, by=by, key=key)

    def identify(self, interaction_id: str, customer_id: str, *, by: Actor, key: str = "") -> v.InteractionView:
        """The engagement, now known to be with this customer."""
        return self._interactions.identify(interaction_id, customer_id, by=by, key=key)

    def verify(self, interaction_id: str, *, by: Actor, reference: str = "", key: str = "") -> v.InteractionView:
        """The engagement, its customer verified."""
        return self._interactions.verify(interaction_id, reference=reference, by=by, key=key)

    def log(
        self, interaction_id: str, kind: str, detail: Mapping[str, Any] | None = None, *, by: Actor, key: str = ""
    ) -> v.InteractionView:
        """The engagement with one more entry, such as `nps_recorded`, published as `interaction.KIND`."""
        return self._interactions.log(interaction_id, kind, detail or {}, by=by, key=key)

    def wrap_up(
        self,
        interaction_id: str,
        disposition: str = "",
        fields: Mapping[str, Any] | None = None,
        *,
        by: Actor,
        key: str = "",
    ) -> v.InteractionView:
        """The engagement, ended. Its cases live on."""
        return self._interactions.wrap_up(interaction_id, disposition, fields or {}, by=by, key=key)

    def interaction(self, interaction_id: str) -> v.InteractionView:
        """The engagement, its log and its cases; raises InteractionNotFound."""
        return self._interactions.view(interaction_id)

    # -- running -----------------------------------------------------------------------------------------------------

    def worker(self, name: str = "") -> Worker:
        """A line of work for the host to run; `name` must be its own among all processes."""
        store, work, clock, leases = self._store, self._work, self._clock, self._leases
        return Worker(store, work, clock, name or new_name(), wake=self._wake, before=self.catch_up, leases=leases)

    def start_workers(self, count: int = 1) -> None:
        """Starts so many workers on threads of this process; `close` stops them."""
        for _ in range(count):
            run = self.worker().run
            thread = threading.Thread(target=run, args=(self._stop,), name="casewright-worker", daemon=True)
            self._threads.append(thread)
            thread.start()

    def settle(self, *, until: datetime | None = None) -> int:
        """Does all that is due, and what comes due by it; how many jobs it took.

        With `until` the clock is moved from one due instant to the next and at last to `until`; that needs a clock
        that can be moved.
        """
        if until is not None and not isinstance(self._clock, Movable):
            raise ValueError("time can only pass with a clock that can be moved; open the engine with a MovableClock")
        done = self._settle_now()
        while until is not None and isinstance(self._clock, Movable):
            following = self.next_due()
            self._clock.move_to(until if following is None else min(following, until))
            if following is None or following > until:
                break
            done += self._settle_now()
        return done

    def _settle_now(self) -> int:
        done = 0
        while taken := self._settler.run_once():
            done += taken
        return done

    def next_due(self) -> datetime | None:
        """When the next job can be taken; None where none waits."""
        first = next_ready(self._store)
        return None if first is None else from_micros(first)

    def held_until(self) -> datetime | None:
        """When all jobs that workers hold now are free for others, should those workers be gone; None where none is."""
        last = last_lease(self._store)
        return None if last is None else from_micros(last)

    def forget_keys(self, before: datetime) -> int:
        """How many idempotency keys were forgotten: those that came before this instant stand for nothing any more."""
        return publishing.forget_keys(self._store, to_micros(before))

    def close(self) -> None:
        """Stops the workers and closes the store."""
        self._stop.set()
        self._wake.set()
        for thread in self._threads:
            thread.join()
        self._leases.close()
        self._store.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
