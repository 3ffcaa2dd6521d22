"""The composition root: a layer's folder and a database to a running engine. Nothing else puts parts together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from casewright import paths
from casewright.compiler.application import Application
from casewright.compiler.assembling import revive
from casewright.compiler.release import Release
from casewright.compiler.remembering import open_application
from casewright.data.connectors import CallHandler, Connectors, Watch
from casewright.data.loop import LoopThread
from casewright.data.pages import Internal, Pages
from casewright.errors import CallablesRefused, ShippedFolderMissing
from casewright.machine.policies import Connector
from casewright.rules.registry import Vocabulary, vocabulary
from casewright.runtime import customers
from casewright.runtime import engine as runtime
from casewright.runtime.ports import Application as Rules
from casewright.runtime.ports import ConnectorPort, FactSource, Revive, StoredRelease
from casewright.runtime.store.connecting import Durability
from casewright.runtime.store.store import Store
from casewright.values import Clock, did_you_mean, system_clock

DATABASE = "sqlite:///casewright.db"


@dataclass(frozen=True, slots=True)
class Ports:
    """The two sides on which an engine meets the world: what it reads, and what it calls."""

    facts: FactSource
    connectors: ConnectorPort


Around = Callable[[Ports], Ports]
"""Puts something between the engine and the world: a simulation's answers, a host's own metering."""


class Engine(runtime.Engine):
    """The engine with all its parts, as `Engine.open` makes it; `close` ends them all."""

    def __init__(
        self,
        application: Rules,
        store: Store,
        facts: FactSource,
        connectors: ConnectorPort,
        revive: Revive,
        *,
        loop: LoopThread,
        callables: Collection[str] = (),
        clock: Clock = system_clock,
        on_activate: Callable[[Rules], None] | None = None,
    ) -> None:
        self._loop, self._callables = loop, callables
        super().__init__(application, store, facts, connectors, revive, clock=clock, on_activate=on_activate)

    @classmethod
    def open(
        cls,
        layer: str | Path,
        *,
        database: str = DATABASE,
        callables: Mapping[str, CallHandler] | None = None,
        clock: Clock = system_clock,
        search: Sequence[str | Path] = (),
        durability: Durability = "full",
        memory: str | Path | None = None,
    ) -> Engine:
        """The engine of the layer in a folder on a database, its rules in force from now on.

        `database` is a SQLite URL, as `sqlite:///service.db`, or `sqlite://` for memory. `callables` are the host's
        functions for connectors whose source is `callable`, by `CONNECTOR.OPERATION`; each gets a `Call`. `search` are
        folders with further layers. `durability="normal"` survives the end of the process, but not a power cut.
        `memory` is a folder that keeps the checked rules between starts: while no file of the layers changes, they are
        not read again.

        Raises RulesRejected with all problems where the rules have errors, CallablesRefused where an operation has no
        callable or a callable no operation, StoreUnavailable where the database cannot be used. Work that is due is
        done by workers: see `start_workers`.
        """
        words = vocabulary()
        application = compile_application(layer, search=search, words=words, memory=memory)
        check_callables(application, callables or {})
        return open_engine(
            application, database=database, callables=callables, clock=clock, durability=durability, words=words
        )

    def activate_layer(self, layer: str | Path, *, search: Sequence[str | Path] = ()) -> None:
        """Puts the rules of a folder in force: for new work from now on.

        Raises RulesRejected or CallablesRefused, and changes nothing.
        """
        application = compile_application(layer, search=search)
        check_callables(application, self._callables)
        self.activate(application)

    def close(self) -> None:
        """Stops the workers, closes the store, and ends the loop thread."""
        super().close()
        self._loop.close()


def check_callables(application: Application, callables: Collection[str]) -> None:
    """Raises CallablesRefused unless each operation that a host answers has its callable, and each of these one."""
    connectors: Mapping[str, Connector] = application.policies("connector")
    known = {f"{each.id}.{name}": each.source for each in connectors.values() for name in each.operations}
    missing = tuple(name for name, source in known.items() if source == "callable" and name not in callables)
    unknown = {name: did_you_mean(name, known) for name in callables if name not in known}
    if missing or unknown:
        raise CallablesRefused(missing, unknown)


def compile_application(
    layer: str | Path,
    *,
    search: Sequence[str | Path] = (),
    words: Vocabulary | None = None,
    memory: str | Path | None = None,
) -> Application:
    """The application of the layer in a folder, with the shipped layers below it. Raises RulesRejected.

    `memory` as for `Engine.open`.
    """
    folders = [Path(folder) for folder in search]
    kept = Path(memory) if memory is not None else None
    return open_application(Path(layer), search=folders, shipped=_shipped(), words=words, memory=kept)


def _shipped() -> Path | None:
    """The shipped layers; None where they are missing, which the problem of the layer that needs them then says."""
    try:
        return paths.definitions()
    except ShippedFolderMissing:
        return None


def open_engine(
    application: Application,
    *,
    database: str = DATABASE,
    callables: Mapping[str, CallHandler] | None = None,
    clock: Clock = system_clock,
    durability: Durability = "full",
    words: Vocabulary | None = None,
    watch: Watch | None = None,
    around: Around | None = None,
    waits: bool = True,
) -> Engine:
    """The engine of compiled rules. `watch` sees every call to a connector; `around` may stand before the world.

    With `waits=False` simulated systems answer at once, whatever latency they declare.
    """
    store = Store(database, durability=durability)
    loop = LoopThread()
    connectors = Connectors({}, callables, loop=loop, clock=clock, watch=watch)
    pages = Pages({}, connectors, internal_sources(store), clock)

    def follow(active: Rules) -> None:
        systems = active.policies("connector")
        connectors.adopt(systems if waits else {name: at_once(each) for name, each in systems.items()})
        pages.adopt(active.policies("data_page"), active.policies("data_type"))

    ports = Ports(pages, connectors)
    ports = around(ports) if around else ports
    return Engine(
        application,
        store,
        ports.facts,
        ports.connectors,
        partial(_revived, words or vocabulary()),
        loop=loop,
        callables=tuple(callables or ()),
        clock=clock,
        on_activate=follow,
    )


def at_once(connector: Connector) -> Connector:
    """The same connector without latency."""
    operations = {name: replace(each, latency_seconds=0.0) for name, each in connector.operations.items()}
    return replace(connector, operations=operations)


def _revived(words: Vocabulary, stored: StoredRelease) -> Application:
    return revive(Release(stored.id, stored.application, stored.rules, stored.trees), words)


def internal_sources(store: Store) -> dict[str, Internal]:
    """The sources that data pages name as `internal`: our own records of a customer."""
    return {
        "case_history": lambda parameters: customers.case_history(store, str(parameters.get("customer_id", ""))),
        "interaction_history": lambda parameters: customers.interaction_history(
            store, str(parameters.get("customer_id", ""))
        ),
    }
