"""Events from a home's loop to whoever waits for them: a thread that blocks, or another event loop.

Work is a coroutine that tells its events to a function. Leaving the stream cancels it and waits until it has ended,
so nothing is left running and every connection is closed.
"""

from __future__ import annotations

import asyncio
import queue
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Generic, TypeVar

from conduit.channel.home import Home

__all__ = ["Done", "Work", "arriving", "at_home", "waiting"]

E = TypeVar("E")
R = TypeVar("R")

Work = Callable[[Callable[[E], None]], Coroutine[Any, Any, R]]
"""Does something, tells what happens, and gives a result."""


class Done(Generic[R]):
    """The end of a stream: what the work gave, or what it failed with."""

    def __init__(self, task: asyncio.Task[R]) -> None:
        self._task = task

    def result(self) -> R:
        """Give the work's result; raises what it raised."""
        return self._task.result()


async def at_home(home: Home, work: Coroutine[Any, Any, R]) -> R:
    """Run a coroutine on the home's loop and await it on this one.

    Cancelling it here cancels it there, and waits until it has ended.
    """
    begun: list[asyncio.Task[Any] | None] = []
    future = home.submit(_noted(work, begun))
    try:
        return await asyncio.wrap_future(future)
    except asyncio.CancelledError:
        # The loop does things in the order they are handed in: by now it has begun, or never will.
        await asyncio.shield(asyncio.wrap_future(home.submit(_over(begun))))
        if not begun:
            work.close()
        raise


@contextmanager
def waiting(home: Home, work: Work[E, R]) -> Iterator[Iterator[E | Done[R]]]:
    """Do work on the home's loop, and give its events to the thread that asks.

    Raises:
        RuntimeError: The caller is on that loop.
    """
    events: queue.SimpleQueue[E | Done[R]] = queue.SimpleQueue()
    task = home.call(_started(work, events.put))
    try:
        yield _read(events)
    finally:
        home.call(_stopped(task))


@asynccontextmanager
async def arriving(home: Home, work: Work[E, R]) -> AsyncGenerator[AsyncIterator[E | Done[R]], None]:
    """Do work on the home's loop, and give its events to the loop that asks, which may be the same."""
    here = asyncio.get_running_loop()
    events: asyncio.Queue[E | Done[R]] = asyncio.Queue()

    def put(event: E | Done[R]) -> None:
        if not here.is_closed():
            here.call_soon_threadsafe(events.put_nowait, event)

    task = await at_home(home, _started(work, put))
    try:
        yield _arrived(events.get)
    finally:
        await at_home(home, _stopped(task))


async def _noted(work: Coroutine[Any, Any, R], begun: list[asyncio.Task[Any] | None]) -> R:
    begun.append(asyncio.current_task())
    return await work


async def _over(begun: list[asyncio.Task[Any] | None]) -> None:
    await asyncio.gather(*filter(None, begun), return_exceptions=True)


async def _started(work: Work[E, R], put: Callable[[E | Done[R]], None]) -> asyncio.Task[R]:
    task: asyncio.Task[R] = asyncio.create_task(work(put))
    task.add_done_callback(lambda ended: put(Done(ended)))
    return task


async def _stopped(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.exception()  # taken note of: whoever left did not wait for it


def _read(events: queue.SimpleQueue[E | Done[R]]) -> Iterator[E | Done[R]]:
    while not isinstance(event := events.get(), Done):
        yield event
    yield event


async def _arrived(get: Callable[[], Awaitable[E | Done[R]]]) -> AsyncIterator[E | Done[R]]:
    while not isinstance(event := await get(), Done):
        yield event
    yield event
