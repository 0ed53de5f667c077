"""The one event loop of a process, in a thread of its own.

All I/O and all state that changes live on it. The async code runs there as it is; everyone else hands in a
coroutine and waits for its future, which works in scripts, in cells with a running loop, and in callbacks. It works
until the process ends, also for threads that go on after the main one and in exit handlers; a fork has none of it.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from conduit.errors import SetupError

__all__ = ["LoopThread"]

T = TypeVar("T")

_PATIENCE_S = 5.0


class LoopThread:
    """A daemon thread that runs an event loop until ``close``."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(_Threads(thread_name_prefix="conduit-work"))
        self._thread = threading.Thread(target=self._loop.run_forever, name="conduit-loop", daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether work can be handed in."""
        return self._is_ours and not self._loop.is_closed()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start a coroutine on the loop; cancelling the future cancels it there.

        Raises:
            SetupError: The loop is that of another process, of which this one is a fork.
        """
        if not self._is_ours:
            work.close()
            raise SetupError(
                "this belongs to the process that was forked, as its connections do; make it anew here, or use "
                "conduit.current(), of which each process has its own"
            )
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    @property
    def is_here(self) -> bool:
        """Whether the caller is on the loop's own thread, which must not wait for it."""
        return self._is_ours and threading.current_thread() is self._thread

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the loop and wait for it; a keyboard interrupt cancels it there.

        Raises:
            RuntimeError: The caller is the loop's own thread, which would wait for itself for ever.
            SetupError: The loop is that of another process, of which this one is a fork.
        """
        if self.is_here:
            work.close()
            raise RuntimeError(
                "this call waits, and it was made on Conduit's own loop, such as in an async tool; "
                "await its async form there: ask_async, run_async, stream_async"
            )
        future = self.submit(work)
        try:
            return future.result()
        except KeyboardInterrupt:
            future.cancel()
            raise

    def close(self) -> None:
        """Cancel what runs, wait for that and for what it begins as it ends, and end the thread."""
        if not self.is_running:
            return
        asyncio.run_coroutine_threadsafe(_end_all(), self._loop).result(timeout=2 * _PATIENCE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=_PATIENCE_S)
        self._loop.close()

    @property
    def _is_ours(self) -> bool:
        return self._process == os.getpid()


class _Threads(ThreadPoolExecutor):
    """A pool that takes work until the process ends; Python's take none once the main thread has ended."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        with suppress(RuntimeError):
            return super().submit(fn, *args, **kwargs)
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()

        def run() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001  whoever waits for it raises it
                future.set_exception(error)

        threading.Thread(target=run, daemon=True).start()
        return future


async def _end_all() -> None:
    this = asyncio.current_task()
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE_S):
            while tasks := asyncio.all_tasks() - {this}:
                await asyncio.sleep(0)  # each has begun now, so a write is handed in before it is cancelled
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
