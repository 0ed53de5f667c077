"""One thread for what an event loop hands to the store."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["OneThread"]

R = TypeVar("R")


class OneThread:
    """A thread that starts with the first piece of work, and after a fork again.

    >>> thread = OneThread()
    >>> asyncio.run(thread.run(lambda: 7))
    7
    >>> thread.close()
    """

    def __init__(self) -> None:
        self._executor: ThreadPoolExecutor | None = None
        self._process = os.getpid()
        self._starting = threading.Lock()

    async def run(self, work: Callable[[], R]) -> R:
        """Run something on the thread; what is handed in first is done first, also when nobody waits any more."""
        return await asyncio.get_running_loop().run_in_executor(self._started(), work)

    def close(self) -> None:
        """Wait for what was handed in, and end the thread."""
        if self._executor is not None and self._process == os.getpid():
            self._executor.shutdown()
        self._executor = None

    def _started(self) -> ThreadPoolExecutor:
        if self._process != os.getpid():  # threads do not live on in a fork
            self._process, self._executor, self._starting = os.getpid(), None, threading.Lock()
        with self._starting:
            if self._executor is None:
                self._executor = ThreadPoolExecutor(1, thread_name_prefix="conduit-store")
            return self._executor
