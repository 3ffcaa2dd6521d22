"""Calls to other systems: simulated ones, and callables that the host registers. Synchronous outside, not within."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any

from casewright.data import simulated
from casewright.data.loop import LoopThread
from casewright.errors import ConnectorFailed
from casewright.machine.policies import Connector, Operation
from casewright.values import Clock, did_you_mean, system_clock


@dataclass(frozen=True, slots=True)
class Call:
    """One call as a host's callable gets it: `CONNECTOR.OPERATION`, the arguments, the instant, and the key.

    The same `key` asks for the same effect: a call may come again after a crash, and must not act twice. It is empty
    where the call only reads.
    """

    name: str
    arguments: Mapping[str, Any]
    key: str
    now: datetime


CallHandler = Callable[[Call], Any]
"""What a host registers for an operation: a function, run in a thread, or a coroutine function, run on the loop."""

Watch = Callable[[Call], None]
"""Sees every call before it is made, and may raise `ConnectorFailed` in its place: scenarios inject faults so."""

MOST_REMEMBERED = 10_000
"""How many answers a simulated system remembers by their key."""


class Connectors:
    """Makes the calls that an application's connectors declare. `ConnectorFailed` says why one failed."""

    def __init__(
        self,
        connectors: Mapping[str, Connector],
        callables: Mapping[str, CallHandler] | None = None,
        *,
        loop: LoopThread | None = None,
        clock: Clock = system_clock,
        watch: Watch | None = None,
    ) -> None:
        self._connectors = connectors
        self._callables = callables or {}
        self._owned = LoopThread() if loop is None else None
        self.loop = loop or self._owned or LoopThread()
        self._clock = clock
        self._watch = watch
        self._remembered: dict[tuple[str, str], asyncio.Task[Any]] = {}

    def call(self, name: str, arguments: Mapping[str, Any], *, key: str = "", now: datetime | None = None) -> Any:
        """The answer of `CONNECTOR.OPERATION`; waits for it. Raises `ConnectorFailed`."""
        return self.loop.run(self.answer(name, arguments, key=key, now=now))

    async def answer(
        self, name: str, arguments: Mapping[str, Any], *, key: str = "", now: datetime | None = None
    ) -> Any:
        """The same, for work that is on the loop already."""
        connector, operation = self._find(name)
        instant = now or self._clock()
        call = Call(name, _accepted(name, operation, arguments, instant), key, instant)
        if self._watch is not None:
            self._watch(call)
        made = self._made(call, connector, operation)
        try:
            return await asyncio.wait_for(made, operation.timeout_seconds)
        except TimeoutError:
            seconds = f"{operation.timeout_seconds:g}"
            raise ConnectorFailed(name, f"no answer within {seconds} s", retryable=True) from None

    def adopt(self, connectors: Mapping[str, Connector]) -> None:
        """Calls as these rules say from now on; calls under way end as they began."""
        self._connectors = connectors

    def close(self) -> None:
        """Ends the loop thread, unless it was handed in by whoever shares it."""
        if self._owned is not None:
            self._owned.close()

    def __enter__(self) -> Connectors:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # -- which operation -------------------------------------------------------------------------------------------

    def _find(self, name: str) -> tuple[Connector, Operation]:
        connector_id, _, operation_id = name.partition(".")
        connector = self._connectors.get(connector_id)
        if connector is None:
            near = did_you_mean(connector_id, self._connectors)
            raise ConnectorFailed(name, f"there is no connector '{connector_id}'{near}", retryable=False)
        operation = connector.operations.get(operation_id)
        if operation is None:
            near = did_you_mean(operation_id, connector.operations)
            raise ConnectorFailed(name, f"it has no operation '{operation_id}'{near}", retryable=False)
        return connector, operation

    def _made(self, call: Call, connector: Connector, operation: Operation) -> Any:
        if connector.source == "simulated":
            return self._remember(call, connector, operation)
        return self._host(call)

    # -- a host's callable -------------------------------------------------------------------------------------------

    async def _host(self, call: Call) -> Any:
        handler = self._callables.get(call.name)
        if handler is None:
            near = did_you_mean(call.name, self._callables)
            raise ConnectorFailed(call.name, f"the host has registered no callable for it{near}", retryable=False)
        try:
            if _is_async(handler):
                return await handler(call)
            return await asyncio.get_running_loop().run_in_executor(None, handler, call)
        except (ConnectorFailed, asyncio.CancelledError):
            raise
        except BaseException as error:  # also what would end the process, such as SystemExit: not from here
            raise ConnectorFailed(call.name, f"{type(error).__name__}: {error}", retryable=True) from error

    # -- a simulated system --------------------------------------------------------------------------------------------

    async def _remember(self, call: Call, connector: Connector, operation: Operation) -> Any:
        """The answer; one that was given under the same key is given again, also to whoever asks meanwhile."""
        if not call.key:
            return await self._simulate(call, connector, operation)
        slot = (call.name, call.key)
        given = self._remembered.get(slot)
        if given is None:
            given = self._remembered[slot] = asyncio.ensure_future(self._simulate(call, connector, operation))
            if len(self._remembered) > MOST_REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
        return await asyncio.shield(given)

    async def _simulate(self, call: Call, connector: Connector, operation: Operation) -> Any:
        if operation.simulation is None:
            raise ConnectorFailed(call.name, "it is simulated, and says no answer", retryable=False)
        if operation.latency_seconds:
            await asyncio.sleep(operation.latency_seconds)
        return simulated.answer(connector, operation.simulation, {"arguments": call.arguments, "$now": call.now})


def _is_async(handler: CallHandler) -> bool:
    """Whether calling it gives a coroutine; also for an object whose `__call__` does."""
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(getattr(handler, "__call__", None))  # noqa: B004


def _accepted(name: str, operation: Operation, arguments: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The arguments in their declared types, defaults filled in; raises `ConnectorFailed` with every fault."""
    declared = operation.parameters
    faults = [f"it takes no '{each}'{did_you_mean(each, declared)}" for each in arguments if each not in declared]
    accepted: dict[str, Any] = {}
    for each, parameter in declared.items():
        value = arguments.get(each)
        if value is None and parameter.default is not None:
            value = parameter.default.evaluate({"arguments": accepted, "$now": now})
        try:
            accepted[each] = parameter.accept(value)
        except ValueError as refused:
            faults.append(f"argument '{each}': {refused}")
        if value is None and parameter.required:
            faults.append(f"argument '{each}' is required")
    if faults:
        raise ConnectorFailed(name, "; ".join(faults), retryable=False)
    return accepted
