"""One run of a batch: workers that each take an input, have it answered, store it, and take the next.

A worker has at most one answer that is not stored, so a crash loses at most as many answers as there are workers.
What was stored before is checked against the inputs before anything is asked. Everything runs on the loop; inputs
are made elsewhere.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from conduit.channel.batch_answer import stops, wait_s
from conduit.channel.batch_inputs import Job, Jobs
from conduit.channel.batch_item import Item, Outcome
from conduit.channel.parser import Parser
from conduit.channel.progress import Tally
from conduit.errors import ParseError, SetupError
from conduit.messages import Request

__all__ = ["BatchRun", "Pace", "Shelf", "Stored"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stored:
    """An item as it was stored."""

    index: int
    key: str
    outcome: Outcome


class Shelf(Protocol):
    """Where a batch's items last."""

    name: str

    async def open(self) -> None:
        """Begin, or go on."""

    async def next(self) -> list[Stored]:
        """Give some of the next stored items, in order; none after the last."""

    async def put(self, stored: Stored) -> None:
        """Store an item; it is on the disk when this is over."""

    async def close(self) -> None:
        """Wait for what is being stored."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a batch asks.

    Attributes:
        concurrency: How many items are asked at once.
        patience_s: How long an item waits in all for a provider that is busy or away.
        again: Whether stored items that failed are asked again.
    """

    concurrency: int
    patience_s: float
    again: bool


class BatchRun(Generic[T]):
    """One run.

    Args:
        jobs: What is asked.
        ask: Has a request answered.
        parser: What reads an answer; None leaves it a text.
        shelf: Where items last; None keeps them in memory only.
        pace: How many at once, and how patiently.
        tally: Counts.
        feeder: Where inputs are made.

    Attributes:
        items: The items so far, in the order of the inputs; None for those under way.
    """

    def __init__(
        self,
        jobs: Jobs,
        *,
        ask: Callable[[Request], Awaitable[Outcome]],
        parser: Parser[T] | None,
        shelf: Shelf | None,
        pace: Pace,
        tally: Tally,
        feeder: Executor,
    ) -> None:
        self.items: list[Item[T] | None] = []
        self._jobs = jobs
        self._ask = ask
        self._parser = parser
        self._shelf = shelf
        self._pace = pace
        self._tally = tally
        self._feeder = feeder
        self._taking = asyncio.Lock()
        self._taken: deque[Job] = deque()
        self._open: deque[Job] = deque()
        self._halt = asyncio.Event()
        self._why: Exception | None = None
        self._task: asyncio.Task[Any] | None = None

    async def start(self, wake: Callable[[object], None]) -> asyncio.Task[None]:
        """Begin; give the task, whose end calls ``wake``.

        The task raises, when all that was under way has ended, what every item would have failed with; and a
        ``SetupError`` where something else was asked under this name before.
        """
        self._task = asyncio.create_task(self._go())
        self._task.add_done_callback(wake)
        return self._task

    async def end(self) -> None:
        """Stop it where it is not over, and give back when what had come is stored."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _go(self) -> None:
        try:
            await self._check_stored()
            async with asyncio.TaskGroup() as group:
                for _ in range(self._pace.concurrency):
                    group.create_task(self._work())
        finally:
            if self._shelf is not None:
                await asyncio.shield(self._shelf.close())
        if self._why is not None:
            raise self._why

    async def _work(self) -> None:
        try:
            while not self._halt.is_set() and (job := await self._next()) is not None:
                await self._do(job)
        except Exception as error:  # noqa: BLE001  the caller's own, or the store's: raised when all have ended
            self._stop(error)

    async def _do(self, job: Job) -> None:
        outcome = Outcome() if job.request is None else await self._outcome(job.request)
        if outcome is None:
            return
        try:
            if self._shelf is not None and job.request is not None:
                await self._shelf.put(Stored(job.index, job.key, outcome))
        except asyncio.CancelledError:  # what was handed in is stored all the same
            self._finish(job, outcome)
            raise
        self._finish(job, outcome)

    async def _outcome(self, request: Request) -> Outcome | None:
        """Have a request answered, with patience; None where the batch stops."""
        waited_s, tried = 0.0, 0
        while True:
            outcome = await self._ask(request)
            error = outcome.failure
            pause_s = None if error is None else wait_s(error, tried=tried)
            if error is None or (pause_s is None and not stops(error)):
                return outcome
            if pause_s is None or waited_s + pause_s > self._pace.patience_s:
                self._stop(error)
                return None
            if await self._halted_within(pause_s):
                return None
            waited_s, tried = waited_s + pause_s, tried + 1

    async def _halted_within(self, pause_s: float) -> bool:
        try:
            await asyncio.wait_for(self._halt.wait(), pause_s)
        except TimeoutError:
            return False
        return True

    def _stop(self, error: Exception) -> None:
        """Begin nothing new."""
        self._why = self._why or error
        self._halt.set()

    async def _next(self) -> Job | None:
        if self._open:
            return self._open.popleft()
        return await self._next_input()

    async def _next_input(self) -> Job | None:
        async with self._taking:
            if not self._taken:
                take = self._feeder.submit(self._jobs.take, self._pace.concurrency)
                taken: list[Job] = await asyncio.wrap_future(take)
                self._taken.extend(taken)
                self.items.extend([None] * len(self._taken))
            return self._taken.popleft() if self._taken else None

    async def _check_stored(self) -> None:
        """Go through what is stored, beside the inputs that it was made of."""
        if self._shelf is None:
            return
        await self._shelf.open()
        while page := await self._shelf.next():
            for stored in page:
                await self._take_stored(stored)

    async def _take_stored(self, stored: Stored) -> None:
        while (job := await self._next_input()) is not None and job.index < stored.index:
            self._open.append(job)
        if job is None or job.key != stored.key:
            raise self._changed(stored, job)
        if self._pace.again and stored.outcome.error is not None:
            self._open.append(job)
        else:
            self._finish(job, stored.outcome, kept=True)

    def _changed(self, stored: Stored, job: Job | None) -> SetupError:
        name = self._shelf.name if self._shelf is not None else ""
        what = "is not among the inputs any more" if job is None else "was another question then"
        return SetupError(
            f"item {stored.index} of the batch {name!r} {what}: its inputs, its prompt or its model have changed, "
            "so what is stored does not answer them; give the batch another name, or run(…, fresh=True) to "
            "forget what is stored"
        )

    def _finish(self, job: Job, outcome: Outcome, *, kept: bool = False) -> None:
        item = self._item(job, outcome)
        self.items[job.index] = item
        self._tally.total = self._jobs.total
        self._tally.note(kept=kept, failed=not item.ok, cost_usd=item.cost_usd)

    def _item(self, job: Job, outcome: Outcome) -> Item[Any]:
        value, error = None, job.error
        if error is None and outcome.error is None:
            try:
                value = outcome.text if self._parser is None else self._parser.read(outcome.text)
            except ParseError as refused:  # by a type that has become stricter since
                return Item.of(outcome, index=job.index, input=job.input, value=None, error=refused)
        return Item.of(outcome, index=job.index, input=job.input, value=value, error=error)
