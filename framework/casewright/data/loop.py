"""The one thread on which asynchronous work runs, while its callers are synchronous."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """A thread with an event loop. It starts with the first coroutine and ends with `close`.

    One engine owns one; whoever shares it does not close it.
    """

    def __init__(self, name: str = "casewright-data") -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """The coroutine's result, awaited on the loop; raises what it raises, and RuntimeError on the loop itself."""
        if threading.current_thread() is self._thread:
            coroutine.close()
            raise RuntimeError("the loop thread cannot wait for itself; await the coroutine instead")
        future = self._submitted(coroutine)
        try:
            return future.result()
        except CancelledError:
            raise RuntimeError("the loop thread was closed before this work was done") from None
        except BaseException:
            future.cancel()
            raise

    def close(self) -> None:
        """Ends the thread; work under way is cancelled. Closing twice is once."""
        with self._lock:
            self._is_closed = True
            loop, thread = self._loop, self._thread
            self._loop = None
        if loop is None or thread is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        thread.join()

    def __enter__(self) -> LoopThread:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _submitted(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """The coroutine under way. The lock keeps it before a `close`, which then cancels it instead of losing it."""
        with self._lock:
            if self._is_closed:
                coroutine.close()
                raise RuntimeError("the loop thread is closed")
            return asyncio.run_coroutine_threadsafe(coroutine, self._started())

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=_serve, args=(self._loop,), name=self._name, daemon=True)
            self._thread.start()
        return self._loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        _run(loop)
        _cancel_all(loop)
    finally:
        loop.close()


def _run(loop: asyncio.AbstractEventLoop) -> None:
    """Runs until `close` stops it. Work that raises SystemExit ends for its caller alone."""
    while True:
        try:
            return loop.run_forever()
        except (SystemExit, KeyboardInterrupt):
            continue


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    """Cancels what is under way. Threads of the executor are not waited for: a call to a host may never return."""
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
