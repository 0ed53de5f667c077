"""Waits for the work of a tool's author: as long as it may take, and hardly any longer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["GRACE_S", "Settled", "in_time"]

GRACE_S = 1.0
"""Seconds that work has to come to its end in, once it was cancelled."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of work: a value, or an error of whatever kind.

    >>> Settled("128 bpm").error is None
    True
    """

    value: Any = None
    error: BaseException | None = None


async def in_time(work: Callable[[], Awaitable[Any]], *, most_s: float, name: str) -> Settled:
    """Let work run in a task of its own, and give what comes of it.

    Code that swallows its cancellation would otherwise hold on to whoever waits for it. Where its time is over, or
    the waiting is cancelled, it is cancelled, too, has ``GRACE_S`` to clean up, and is then left to itself; what
    still comes of it is dropped.

    Args:
        work: Takes nothing; called in the task.
        most_s: Seconds it may take.
        name: The task's name.

    Raises:
        TimeoutError: Its time is over. What it raises itself is in what is given, never raised.

    >>> async def tempo():
    ...     return "128 bpm"
    >>> asyncio.run(in_time(tempo, most_s=1, name="tempo")).value
    '128 bpm'
    """
    task = asyncio.create_task(_settled(work), name=name)
    try:
        await asyncio.wait([task], timeout=most_s)
        if not task.done():
            raise TimeoutError
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=GRACE_S)


async def _settled(work: Callable[[], Awaitable[Any]]) -> Settled:
    try:
        return Settled(await work())
    except BaseException as error:  # noqa: BLE001  the author's; a loop that meets an exit in a task would end
        return Settled(error=error)
