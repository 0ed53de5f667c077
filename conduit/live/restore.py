"""Work on a Live set that is finished or taken back, never left half done, whatever interrupts it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from conduit.errors import LinkError

__all__ = ["finished", "or_restored"]

_Done = TypeVar("_Done")


async def finished(work: Coroutine[Any, Any, _Done]) -> _Done:
    """Wait until work is done, also when the one who waits is cancelled; then the cancellation goes on."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def or_restored(
    work: Coroutine[Any, Any, _Done], restore: Callable[[], Coroutine[Any, Any, str]]
) -> _Done:
    """Do work; when it fails or is cancelled, take back what it did.

    Args:
        work: What is done.
        restore: Takes it back and says in a sentence how that went; it raises no LinkError.

    Raises:
        LinkError: The work's own, with that sentence behind it. Everything else is raised as it came.
    """
    try:
        return await work
    except GeneratorExit:  # the loop is gone, so there is nothing left to wait with
        raise
    except LinkError as error:
        text = f"{error.message}. {await finished(restore())}"
        raise LinkError(text, kind=error.kind, address=error.address) from error
    except BaseException:
        await finished(restore())
        raise
