"""The one event loop of a process, in a thread of its own.

All I/O and all state that changes live on it. The async code runs there as it is; everyone else hands in a
coroutine and waits for its future, which works in scripts, in cells with a running loop, and in callbacks.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

__all__ = ["LoopThread"]

T = TypeVar("T")


class LoopThread:
    """A daemon thread that runs an event loop until ``close``."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="conduit-loop", daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether work can be handed in."""
        return not self._loop.is_closed()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start a coroutine on the loop; cancelling the future cancels it there."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    @property
    def is_here(self) -> bool:
        """Whether the caller is on the loop's own thread, which must not wait for it."""
        return threading.current_thread() is self._thread

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the loop and wait for it; a keyboard interrupt cancels it there.

        Raises:
            RuntimeError: The caller is the loop's own thread, which would wait for itself for ever.
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
        """Cancel what runs, and end the thread."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(_cancel_all(), self._loop).result(timeout=5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()


async def _cancel_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
