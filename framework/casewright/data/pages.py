"""Data pages: loaded in parallel, each once at a time, kept as long as their rules say."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from casewright.data.caching import Cache, Loaded, Slot
from casewright.data.connectors import Connectors
from casewright.data.shaping import empty, shaped
from casewright.errors import ConnectorFailed
from casewright.machine.effects import PageRequest
from casewright.machine.facts import Unavailable
from casewright.machine.policies import Page, RecordType
from casewright.values import Clock, did_you_mean, system_clock

Internal = Callable[[Mapping[str, Any]], Any]
"""A source inside the application: from a page's parameters to its answer. Run in a thread, or awaited."""


class Pages:
    """Reads data pages. What cannot be read is `Unavailable`, unless the page says to serve something else."""

    def __init__(
        self,
        pages: Mapping[str, Page],
        connectors: Connectors,
        internal: Mapping[str, Internal] | None = None,
        clock: Clock = system_clock,
        *,
        records: Mapping[str, RecordType] | None = None,
        cache: Cache | None = None,
    ) -> None:
        self._pages = pages
        self._connectors = connectors
        self._internal = internal or {}
        self._clock = clock
        self._records = records or {}
        self._cache = cache or Cache()
        self._flights: dict[tuple[Slot, int], asyncio.Task[Any]] = {}

    def load(
        self, requests: Collection[PageRequest], *, interaction: str = "", actor: str = ""
    ) -> Mapping[PageRequest, Any | Unavailable]:
        """The answer to each request, or why it cannot be read; all of them are asked for at the same time."""
        answers: dict[PageRequest, Any] = {}
        wanted: list[_Want] = []
        now = self._clock().timestamp()
        for request in requests:
            page = self._pages.get(request.page)
            if page is None:
                answers[request] = Unavailable(_unknown(request.page, self._pages))
                continue
            want = _Want(request, page, _slot(page, request, interaction, actor))
            loaded = self._cached(want)
            if loaded is not None and now < loaded.fresh_until:
                answers[request] = loaded.value
            else:
                wanted.append(want)
        return {**answers, **self._connectors.loop.run(self._all(wanted))} if wanted else answers

    def invalidate(self, event: str, payload: Mapping[str, Any]) -> None:
        """Has the pages that listen to this event fetched anew, for the parameters that its payload names."""
        for page in self._pages.values():
            if event in page.invalidate_on:
                self._cache.outdate(page, payload)

    def adopt(self, pages: Mapping[str, Page], records: Mapping[str, RecordType] | None = None) -> None:
        """Reads as these rules say from now on; what was loaded before serves in need alone."""
        for page in self._pages.values():
            self._cache.outdate(page, {})
        self._pages, self._records = pages, records or {}

    # -- on the loop ---------------------------------------------------------------------------------------------------

    async def _all(self, wanted: list[_Want]) -> dict[PageRequest, Any]:
        answers = await asyncio.gather(*(self._one(want) for want in wanted))
        return {want.request: answer for want, answer in zip(wanted, answers, strict=True)}

    async def _one(self, want: _Want) -> Any:
        loaded, now = self._cached(want), self._clock().timestamp()
        if loaded is not None and now < loaded.fresh_until:
            return loaded.value  # it landed while this reader was on its way to the loop
        if loaded is not None and now < loaded.stale_until:
            self._in_flight(want)
            return loaded.value
        try:
            return await asyncio.shield(self._in_flight(want))
        except asyncio.CancelledError:
            raise
        except Exception as error:  # a source may raise anything; the page's rule says what is served instead
            return _in_need(want.page, loaded, error)

    def _in_flight(self, want: _Want) -> asyncio.Task[Any]:
        """The load under way for this slot, or a new one: however many ask, a source is asked once."""
        if want.slot is None:
            return asyncio.ensure_future(self._fetch(want, 0))
        generation = self._cache.generation(want.page.id)
        flight = (want.slot, generation)
        task = self._flights.get(flight)
        if task is None:
            task = self._flights[flight] = asyncio.ensure_future(self._fetch(want, generation))
            task.add_done_callback(lambda done: self._landed(flight, done))
        return task

    def _landed(self, flight: tuple[Slot, int], done: asyncio.Task[Any]) -> None:
        """Forgets the load. Its error is looked at here, since nobody may have waited for a refresh behind."""
        self._flights.pop(flight, None)
        if not done.cancelled():
            done.exception()

    async def _fetch(self, want: _Want, generation: int) -> Any:
        page = want.page
        async with asyncio.timeout(page.timeout_seconds):
            answer = await self._asked(page, dict(want.request.parameters))
        value = shaped(page, answer, self._records)
        if want.slot is not None:
            self._cache.keep(want.slot, page, value, self._clock().timestamp(), generation)
        return value

    async def _asked(self, page: Page, parameters: dict[str, Any]) -> Any:
        if page.connector:
            roots = {**parameters, "$now": self._clock()}
            arguments = {name: value.evaluate(roots) for name, value in page.arguments.items()}
            return await self._connectors.answer(page.connector, arguments)
        source = self._internal.get(page.internal)
        if source is None:
            near = did_you_mean(page.internal, self._internal)
            raise LookupError(f"the application has no internal source '{page.internal}'{near}")
        try:
            if inspect.iscoroutinefunction(source):
                return await source(parameters)
            return await asyncio.get_running_loop().run_in_executor(None, source, parameters)
        except (Exception, asyncio.CancelledError):
            raise
        except BaseException as error:  # what would end the process, such as SystemExit: not from here
            raise LookupError(
                f"the internal source '{page.internal}' raised {type(error).__name__}: {error}"
            ) from error

    def _cached(self, want: _Want) -> Loaded | None:
        return None if want.slot is None else self._cache.find(want.slot)


@dataclass(frozen=True, slots=True)
class _Want:
    """A request, its page, and where its answer is kept; None where it may be kept for nobody."""

    request: PageRequest
    page: Page
    slot: Slot | None


def _slot(page: Page, request: PageRequest, interaction: str, actor: str) -> Slot | None:
    """Whose copy serves this request. Outside any interaction, a page of that scope is read each time."""
    if page.scope == "interaction":
        return (f"interaction {interaction}", request) if interaction else None
    if page.scope == "agent":
        return (f"agent {actor}", request) if actor else None
    return "", request


def _in_need(page: Page, loaded: Loaded | None, error: Exception) -> Any:
    """What the page serves where its source failed."""
    if page.on_error == "serve_stale" and loaded is not None:
        return loaded.value
    if page.on_error == "empty":
        return empty(page)
    return Unavailable(_reason(page, error))


def _reason(page: Page, error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"page {page.id}: no answer within {page.timeout_seconds:g} s"
    if isinstance(error, (ConnectorFailed, ValueError, LookupError)):
        return f"page {page.id}: {error}"
    return f"page {page.id}: {type(error).__name__}: {error}"


def _unknown(page: str, pages: Mapping[str, Page]) -> str:
    return f"there is no data page '{page}'{did_you_mean(page, pages)}"
