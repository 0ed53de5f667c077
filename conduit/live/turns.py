"""Whose turn it is: many may read at once, who writes is alone, and nobody overtakes a writer that waits."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

__all__ = ["Turns"]


class Turns:
    """The turns on one link.

    Args:
        idle: Called when the last reader is done.
    """

    def __init__(self, idle: Callable[[], None]) -> None:
        self._idle = idle
        self._writing = asyncio.Lock()
        self._n_reading = 0
        self._no_reader = asyncio.Event()
        self._no_reader.set()

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """Keep writes waiting, once those that came before are done."""
        while self._writing.locked():
            async with self._writing:
                pass
        self._n_reading += 1
        self._no_reader.clear()
        try:
            yield
        finally:
            self._n_reading -= 1
            if not self._n_reading:
                self._idle()
                self._no_reader.set()

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Be alone, once those who read are done."""
        async with self._writing:
            await self._no_reader.wait()
            yield
