"""Live's starts: what was subscribed is sent again, then those who want to know are told."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from typing import Any

__all__ = ["Restarts"]


class Restarts:
    """The starts of Live's script on one link.

    Args:
        again: Sends all subscriptions again.
    """

    def __init__(self, again: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._again = again
        self._told: dict[int, Callable[[], None]] = {}
        self._numbers = itertools.count()
        self._recovering: asyncio.Task[None] | None = None
        self._n_happened = 0
        self._is_closed = False
        self._first: Callable[[], None] = _nothing

    def tell(self, told: Callable[[], None]) -> Callable[[], None]:
        """Have a function called after each start; give what ends it."""
        number = next(self._numbers)
        self._told[number] = told

        def end() -> None:
            self._told.pop(number, None)

        return end

    def tell_first(self, told: Callable[[], None]) -> None:
        """Have a function called as soon as a start is heard of, before anything is sent again."""
        self._first = told

    def happened(self) -> None:
        """Take note of a start; one that comes while another is dealt with is dealt with behind it."""
        self._is_closed = False
        self._n_happened += 1
        self._first()
        if self._recovering is None or self._recovering.done():
            self._recovering = asyncio.ensure_future(self._recover())

    def close(self) -> None:
        """Deal with no start any more."""
        self._is_closed = True
        if self._recovering is not None:
            self._recovering.cancel()

    async def _recover(self) -> None:
        while self._n_happened:
            self._n_happened = 0
            await self._again()
            loop = asyncio.get_running_loop()
            for number in tuple(self._told):
                loop.call_soon(self._call, number)

    def _call(self, number: int) -> None:
        """Call one, unless it has ended, or all has, in the meantime."""
        told = self._told.get(number)
        if told is not None and not self._is_closed:
            told()


def _nothing() -> None:
    """Do nothing."""
