"""Runs a function that blocks, away from the loop."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable
from typing import Any

__all__ = ["in_thread"]


async def in_thread(work: Callable[[], Any], *, name: str) -> Any:
    """Run a function in a thread of its own and give what it returns.

    A thread cannot be stopped: where the waiting is cancelled, the function runs on and its outcome is dropped.
    That is why each has a thread of its own, which does not keep the process alive: one that hangs takes no
    place from the others, as it would in a pool.

    Args:
        work: Takes nothing; context variables have the values of the caller.
        name: The thread's name.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Any] = loop.create_future()
    context = contextvars.copy_context()

    def settle(value: Any, error: BaseException | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(value)
        else:
            done.set_exception(error)

    def run() -> None:
        value: Any = None
        error: BaseException | None = None
        try:
            value = context.run(work)
        except StopIteration as stopped:  # a future cannot hold one
            error = RuntimeError("StopIteration was raised")
            error.__cause__ = stopped
        except BaseException as raised:  # noqa: BLE001  it is raised again where it is waited for
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(settle, value, error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await done
