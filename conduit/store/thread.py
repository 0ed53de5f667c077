"""One thread for what an event loop hands to the store."""

from __future__ import annotations

import asyncio
import os
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

__all__ = ["OneThread"]

R = TypeVar("R")

_Queue = SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None]


class OneThread:
    """A thread that starts with the first piece of work, and after a fork again.

    It is no pool of Python's, which take nothing any more once the main thread has ended, though other threads and
    exit handlers still write. Whatever was handed in is done before the process ends.

    >>> thread = OneThread()
    >>> asyncio.run(thread.run(lambda: 7))
    7
    >>> thread.close()
    """

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._queue: _Queue = SimpleQueue()
        self._end: weakref.finalize[Any, Any] | None = None

    async def run(self, work: Callable[[], R]) -> R:
        """Run something on the thread; what is handed in first is done first, also when nobody waits any more."""
        done: Future[R] = Future()
        done.set_running_or_notify_cancel()  # from here on it is not cancelled
        self._hand_in(work, done)
        return await asyncio.wrap_future(done)

    def close(self) -> None:
        """Wait for what was handed in, and end the thread."""
        if self._end is not None:
            self._end()

    def _hand_in(self, work: Callable[[], R], done: Future[R]) -> None:
        if self._process != os.getpid():  # threads do not live on in a fork
            self._begin()
        with self._lock:
            if self._end is None or not self._end.alive:
                self._start()
            self._queue.put((work, done))

    def _start(self) -> None:
        self._queue = SimpleQueue()
        thread = threading.Thread(target=_serve, args=(self._queue,), name="conduit-store", daemon=True)
        thread.start()
        self._end = weakref.finalize(self, _ended, thread, self._queue, self._lock)


def _serve(queue: _Queue) -> None:
    while handed_in := queue.get():
        work, done = handed_in
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001  whoever waits for it raises it
            done.set_exception(error)
        del handed_in, work, done  # what they hold need not wait for the next one


def _ended(thread: threading.Thread, queue: _Queue, lock: threading.Lock) -> None:
    if not thread.is_alive():  # it is the parent's, in a fork
        return
    with lock:
        queue.put(None)
    if thread is not threading.current_thread():
        thread.join()
