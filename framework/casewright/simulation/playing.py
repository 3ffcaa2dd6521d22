"""Plays a scenario on the real engine, with a clock of its own and an answer for everything outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from casewright.compiler.application import Application
from casewright.data.connectors import CallHandler
from casewright.errors import CasewrightError
from casewright.machine.calendars import add
from casewright.opening import Ports, open_engine
from casewright.runtime.clock import MovableClock
from casewright.runtime.engine import Engine
from casewright.runtime.store.connecting import Durability
from casewright.runtime.views import HistoryEntry
from casewright.simulation.acting import Acting, Unplayable
from casewright.simulation.doubles import Faults, GivenPages, KeptCalls
from casewright.simulation.expecting import Seen, mismatches
from casewright.simulation.report import Event, Mismatch, Report, Told
from casewright.simulation.scenario import Deed, Expect, Pass, Refused, Scenario, Step
from casewright.simulation.telling import Teller
from casewright.values import did_you_mean

IN_MEMORY = "sqlite://"
Hear = Callable[[Event], None]


def play(
    scenario: Scenario,
    application: Application,
    *,
    database: str = IN_MEMORY,
    durability: Durability = "full",
    callables: Mapping[str, CallHandler] | None = None,
    hear: Hear | None = None,
) -> Report:
    """How a scenario goes on an application. `hear` is told every event as it happens.

    On a database that an earlier run left in the middle, what that run was acknowledged for is not done again: each
    command has a key made of the scenario's title and the number of its step. Simulated systems answer at once.
    """
    clock, faults = MovableClock(scenario.begins), Faults(scenario.faults)
    kept: list[KeptCalls] = []

    def around(ports: Ports) -> Ports:
        kept.append(KeptCalls(ports.connectors))
        pages, records = application.policies("data_page"), application.policies("data_type")
        return Ports(GivenPages(scenario.facts, pages, records, ports.facts), kept[0])

    with open_engine(
        application,
        database=database,
        durability=durability,
        callables=callables,
        clock=clock,
        watch=faults,
        around=around,
        waits=False,
    ) as engine:
        playing = _Playing(scenario, engine, clock, _World(faults, kept[0]), hear or (lambda event: None))
        playing.all()
        return playing.report()


@dataclass(frozen=True, slots=True)
class _World:
    """What stands between the engine and the connectors."""

    faults: Faults
    kept: KeptCalls


class _Playing:
    """One performance: the engine, the clock, the cases by name, and what came of it so far."""

    def __init__(self, scenario: Scenario, engine: Engine, clock: MovableClock, world: _World, hear: Hear) -> None:
        self._scenario, self._engine, self._clock = scenario, engine, clock
        self._world, self._hear = world, hear
        self._worker = engine.worker(f"scenario:{id(engine)}")
        self._teller = Teller(engine, world.kept.calls, clock)
        self._events: list[Event] = []
        self._mismatches: list[Mismatch] = []
        self._acting = Acting(engine, scenario.title)
        self._checked = self._resumed = 0
        self._first_event = 0

    def report(self) -> Report:
        """What came of it."""
        return Report(
            self._scenario,
            tuple(self._events),
            tuple(self._mismatches),
            self._checked,
            self._resumed,
            tuple(dict.fromkeys(self._acting.names.values())),
        )

    def all(self) -> None:
        """Plays every step, up to one that could not be done."""
        self._check_roles()
        done = self._take_up()
        for step in self._scenario.steps:
            if step.number > done:
                if not self._step(step):
                    break
            elif isinstance(step, Deed):
                self._acting.again(step)
        self._prove_history()

    def _check_roles(self) -> None:
        """A misspelt role of an actor is a mismatch: it would only show as work that nobody may do."""
        known, told = self._engine.application.policies("role"), set[tuple[str, str]]()
        deeds = [step.deed if isinstance(step, Refused) else step for step in self._scenario.steps]
        for deed in (each for each in deeds if isinstance(each, Deed)):
            for role in sorted(deed.actor.roles - known.keys()):
                near = did_you_mean(role, known)
                if near and (deed.actor.id, role) not in told:
                    told.add((deed.actor.id, role))
                    self._miss(Mismatch(deed.at, f"roles of {deed.actor.id}", role, f"no such role{near}"))

    def _prove_history(self) -> None:
        """Decides every case again from its history alone: a state that the history does not lead to is a mismatch."""
        for case_id in self._teller.cases:
            if self._engine.replayed(case_id) != self._engine.snapshot(case_id):
                at = self._scenario.steps[-1].at
                self._miss(Mismatch(at, "history", "the state that is stored", "another one when replayed", case_id))

    # -- carrying on after an earlier run ------------------------------------------------------------------------------

    def _take_up(self) -> int:
        """The number of the last step that an earlier run was acknowledged for; the clock goes on from there."""
        earlier = self._earlier()
        self._teller.look()
        if not earlier:
            self._first_event = max((event.seq for event in self._engine.events(limit=1_000_000)), default=0)
            return 0
        done = max(self._acting.number_of(entry.key) for entry in earlier)
        self._clock.move_to(max(entry.at for entry in earlier))
        called = {words for entry in earlier for kind, words in entry.effects if kind == "CallConnector"}
        self._world.faults.spend({words.removeprefix("call ") for words in called})
        self._resumed = sum(isinstance(step, Deed) and step.number <= done for step in self._scenario.steps)
        self._tell(Event(self._clock(), Told.RESUMED, f"carries on behind step {done}", detail={"step": done}))
        self._wait_for_leases()
        return done

    def _earlier(self) -> list[HistoryEntry]:
        """What an earlier run of this story did, in its cases and in their children."""
        found: dict[str, tuple[HistoryEntry, ...]] = {}
        for line in sorted(self._engine.cases(limit=10_000), key=lambda line: line.created_at):
            entries = self._engine.history(line.id)
            if line.parent in found or any(self._acting.number_of(e.key) for e in entries):
                found[line.id] = entries
        return [entry for entries in found.values() for entry in entries]

    def _wait_for_leases(self) -> None:
        """Lets the leases end of a process that is gone, so that its work is taken up."""
        held = self._engine.held_until()
        self._settle()
        if held is not None:
            self._let_pass(held)

    # -- steps ---------------------------------------------------------------------------------------------------------

    def _step(self, step: Step) -> bool:
        """Does one step; whether the story can go on."""
        if isinstance(step, Pass):
            return self._pass(step)
        if isinstance(step, Expect):
            return self._expect(step)
        if isinstance(step, Refused):
            return self._refused(step)
        try:
            self._acting.do(step)
        except CasewrightError as error:
            self._miss(Mismatch(step.at, f"{step.word} {step.says}".strip(), "to be done", f"refused: {error}"))
            return False
        self._look()
        self._settle()
        return True

    def _pass(self, step: Pass) -> bool:
        until = add(self._clock(), step.length)
        self._tell(Event(self._clock(), Told.TIME, str(step.length), detail={"until": until}))
        self._let_pass(until)
        return True

    def _refused(self, step: Refused) -> bool:
        self._checked += 1
        deed = step.deed
        try:
            self._acting.do(deed)
        except Unplayable as error:
            self._miss(Mismatch(step.at, f"{deed.word} {deed.says}", "to be refused", str(error)))
        except CasewrightError as error:
            words, case_id = f"{deed.word} {deed.says}".strip(), self._acting.names.get(deed.case, self._acting.last)
            self._tell(Event(self._clock(), Told.REFUSED, words, case_id, "", deed.actor.id, str(error)))
            if step.because not in str(error):
                self._miss(Mismatch(step.at, "refused", f"words with {step.because!r}", repr(str(error))))
        else:
            self._miss(Mismatch(step.at, f"{deed.word} {deed.says}", "to be refused", "it was done"))
            self._look()
            self._settle()
        return True

    def _expect(self, step: Expect) -> bool:
        try:
            case_id = self._acting.case(step.case)
        except Unplayable as error:
            case_id = ""
            if step.case:
                self._miss(Mismatch(step.at, "case", step.case, str(error)))
                return True
        calls = None if self._resumed else self._world.kept.calls
        view = self._engine.case(case_id) if case_id else None
        seen = Seen(self._engine, view, calls, self._teller.shown, self._first_event, self._acting.engagement)
        for expectation in step.expectations:
            self._checked += 1
            for found in mismatches(expectation, seen):
                self._miss(found)
        return True

    # -- time ----------------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Does all that is due now, and looks after each piece."""
        while self._worker.run_once():
            self._look()

    def _let_pass(self, until: datetime) -> None:
        self._settle()
        while (due := self._engine.next_due()) is not None and due <= until:
            self._clock.move_to(due)
            self._settle()
        self._clock.move_to(until)

    def _look(self) -> None:
        for event in self._teller.look():
            self._tell(event)

    def _tell(self, event: Event) -> None:
        self._events.append(event)
        self._hear(event)

    def _miss(self, mismatch: Mismatch) -> None:
        self._mismatches.append(mismatch)
