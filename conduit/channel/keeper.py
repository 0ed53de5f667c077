"""What is written into the store while an answer comes, so that nobody waits for a database.

Each piece goes to the store's own thread in the order in which it came. What goes wrong there is told beside the
answer, which is there and was paid for.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from conduit.errors import ConduitError

if TYPE_CHECKING:
    from conduit.store import Store

__all__ = ["Keeper"]

_LOG = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


class Keeper:
    """Writes into a store; its methods are called on one event loop.

    Args:
        store: Gives the store, opened when it is first needed.

    >>> from conduit.store import Store
    >>> store = Store("memory")
    >>> keeper = Keeper(lambda: store)
    >>> async def write():
    ...     keeper.write(lambda store: store.remember, "tempo", "likes 128 bpm")
    ...     await keeper.settle()
    >>> asyncio.run(write())
    >>> keeper.troubles(), store.memories()[0].text
    ((), 'likes 128 bpm')
    >>> store.close()
    """

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store
        self._writes: set[asyncio.Task[None]] = set()
        self._troubles: list[str] = []
        self._opening = asyncio.Lock()
        self._opened: Store | None = None

    def write(
        self,
        method: Callable[[Store], Callable[P, Any]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Hand in a write: what gives one of the store's methods, and its arguments."""
        self.run(self.done(method, *args, **kwargs))

    def run(self, work: Coroutine[Any, Any, Any]) -> None:
        """Hand in a coroutine that writes with ``done``."""
        task = asyncio.get_running_loop().create_task(self._told(work))
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)

    async def done(self, method: Callable[[Store], Callable[P, R]], *args: P.args, **kwargs: P.kwargs) -> R:
        """Write on the store's thread, and give what comes of it.

        Raises:
            StoreError: It cannot be written.
        """
        async with self._opening:  # so that what is handed in first is written first
            if self._opened is None:
                self._opened = await asyncio.to_thread(self._store)  # a database takes a while to load
        return await self._opened.do(method(self._opened), *args, **kwargs)

    async def settle(self) -> None:
        """Wait until everything is written."""
        while self._writes:
            await asyncio.wait(self._writes)  # unlike gather it cancels nothing when this is cancelled

    def troubles(self) -> tuple[str, ...]:
        """Give, once, what went wrong so far."""
        troubles = tuple(dict.fromkeys(self._troubles))
        self._troubles.clear()
        return troubles

    async def _told(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except ConduitError as error:
            self._troubles.append(error.message)
        except Exception as error:  # noqa: BLE001  whatever it is, it must not hide the answer
            _LOG.exception("a write failed")
            self._troubles.append(f"something was not stored ({type(error).__name__}); the log says more")
