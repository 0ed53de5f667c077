"""Where a batch's work is done beside this process's loop: in the caller's thread, and on other machines.

Both are executors as ``concurrent.futures`` means them, so a Dask cluster, a pool of processes and the thread that
waits for the result anyway are used alike.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TypeVar

from conduit.channel.batch_answer import answer
from conduit.channel.batch_item import Outcome
from conduit.channel.home import Home, default_home
from conduit.channel.parser import Parser
from conduit.errors import SetupError
from conduit.messages import Request

__all__ = ["CallerExecutor", "Cluster", "asked_far", "executor_of", "far_answer"]

T = TypeVar("T")

POLL_S = 0.1
"""How often a thread that waits looks up to draw."""


class Cluster(Protocol):
    """What of a ``dask.distributed.Client`` is used."""

    def get_executor(self, *, pure: bool) -> Executor:
        """Give its executor."""


class CallerExecutor(Executor):
    """Runs what it is given in the thread that calls ``serve``, one after the other.

    So a batch's inputs are made where they belong: a database cursor may be bound to its thread, and what a
    generator prints goes to its cell.
    """

    def __init__(self) -> None:
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Hand in a call."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                done = fn(*args, **kwargs)
            except Exception as error:  # noqa: BLE001  whoever handed it in gets it
                future.set_exception(error)
            else:
                future.set_result(done)
            # An interrupt is this thread's own: on the loop it would end the loop, and whoever waits there for this
            # call is cancelled.

        self._calls.put(run)
        return future

    def serve(self, work: asyncio.Task[Any], *, tick: Callable[[], None]) -> None:
        """Run what is handed in until some work on another loop is over.

        Args:
            work: What is waited for; its end has to ``wake`` this.
            tick: Called some times a second.
        """
        while not work.done():
            with suppress(Empty):
                self._calls.get(timeout=POLL_S)()
            tick()

    def wake(self, _: object = None) -> None:
        """Let ``serve`` look whether the work is over."""
        self._calls.put(_nothing)


def _nothing() -> None:
    """Wake who waits for a call."""


def executor_of(cluster: Cluster | Executor) -> Executor:
    """Give the executor of what a user handed in.

    Raises:
        SetupError: It is none.
    """
    if isinstance(cluster, Executor):
        return cluster
    if hasattr(cluster, "get_executor"):
        # The same question twice is two questions; Dask would give one answer to both.
        return cluster.get_executor(pure=False)
    raise SetupError(
        f"executor is a {type(cluster).__name__}; it can be a dask.distributed.Client, or an executor of "
        "concurrent.futures"
    )


def far_answer(request: str, parser: Parser[Any] | None, cache: str) -> str:
    """Answer a request in a process that has nothing but its own settings; give an ``Outcome`` as JSON.

    It runs on a worker of a cluster: models, keys and addresses are those of the worker.
    """
    _leave_the_pool()
    home = default_home()
    return home.call(_answered(home, Request.model_validate_json(request), parser, cache)).line()


def _answered(
    home: Home, request: Request, parser: Parser[Any] | None, cache: str
) -> Coroutine[Any, Any, Outcome]:
    return answer(home.route(request.model, cache=cache, budget="batch"), request, parser=parser)


def _leave_the_pool() -> None:
    """Let a Dask worker begin the next item: this one only waits, and its limit is the batch's."""
    distributed: Any = sys.modules.get("distributed")
    if distributed is None:
        return  # a worker of Dask has it
    with suppress(ValueError):  # whoever has it and is no worker
        distributed.get_worker()
        distributed.secede()


async def asked_far(
    executor: Executor, request: Request, *, parser: Parser[Any] | None, cache: str
) -> Outcome:
    """Have an executor answer a request."""
    line: str = await asyncio.wrap_future(
        executor.submit(far_answer, request.model_dump_json(), parser, cache)
    )
    return Outcome.model_validate_json(line)
