"""What is waited for, what may still come late, and whose an error is. No socket and no clock.

The order in which things were asked is the order in which they wait here: an error belongs to the oldest that
was passed over by an answer.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from conduit.errors import LinkError
from conduit.live.osc import Value
from conduit.live.replies import BARRIER, Key, is_barrier, refused
from conduit.live.series import Series

__all__ = ["Answer", "Waiting", "within"]

Answer = asyncio.Future[tuple[Value, ...]]


class Waiting:
    """All that is waited for on one link.

    Attributes:
        errors: Texts of Live's that belong to nothing that waits, as far as it is known.
    """

    def __init__(self) -> None:
        self.errors: list[str] = []
        self._pending: dict[Key, Answer] = {}
        self._series: dict[Key, Series] = {}
        self._ends: dict[Series, asyncio.Future[None]] = {}
        self._closes: dict[Key, tuple[Series, int]] = {}
        self._debts: Counter[Key] = Counter()

    @contextlib.contextmanager
    def one(self, key: Key) -> Iterator[Answer]:
        """Wait for one answer, which is owed until it comes."""
        answer: Answer = asyncio.get_running_loop().create_future()
        self._pending[key] = answer
        self._debts[key] += 1
        try:
            yield answer
        finally:
            del self._pending[key]

    @contextlib.contextmanager
    def many(
        self, key: Key, series: Series
    ) -> Iterator[tuple[asyncio.Future[None], Callable[[int, int], None]]]:
        """Wait for a series of one key; give its end, and what takes a barrier's number and the query before it."""
        end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        numbers: list[Key] = []

        def closing(number: int, index: int) -> None:
            barrier: Key = (BARRIER, (number,))
            numbers.append(barrier)
            self._closes[barrier] = series, index
            self._pending[barrier] = asyncio.get_running_loop().create_future()

        self._series[key], self._ends[series] = series, end
        self._debts[key] += len(series.answers)
        try:
            yield end, closing
        finally:
            del self._series[key], self._ends[series]
            for barrier in numbers:
                self._closes.pop(barrier, None)
                self._pending.pop(barrier, None)
            if series.done:  # its last barrier was answered, so what has not come is lost
                self._debts.pop(key, None)

    @property
    def debts(self) -> Counter[Key]:
        """What was asked, is no longer waited for, and may still be answered."""
        return Counter(
            {key: n for key, n in self._debts.items() if key not in self._pending and key not in self._series}
        )

    def settle(self, debts: Counter[Key]) -> None:
        """Take it that these can no longer be answered."""
        self._debts -= debts

    def answered(self, key: Key, answer: tuple[Value, ...]) -> None:
        """Give an answer to who waits for it."""
        self._debts[key] -= 1
        self._debts = +self._debts
        if key in self._series:
            self._series[key].answered(answer)
            return
        future = self._pending.get(key)
        if future is None or future.done():
            return
        self._pass_over(key)
        future.set_result(answer)
        if key in self._closes:
            self._closed(*self._closes[key])

    def _closed(self, series: Series, index: int) -> None:
        n_missing = series.closed(index)
        series.refusals += self.errors[:n_missing]
        del self.errors[:n_missing]
        end = self._ends[series]
        if series.done and not end.done():
            end.set_result(None)

    def _pass_over(self, answered: Key) -> None:
        """Give errors to what was asked before a query that has been answered, oldest first."""
        for key, future in self._pending.items():
            if key == answered or not self.errors:
                return
            if not future.done() and not is_barrier(key):
                self._debts.pop(key, None)
                _fail(future, refused(key[0], [self.errors.pop(0)]))

    def failed(self, text: str) -> None:
        """Take an error. It is kept until something was passed over, or there are as many as wait, or more."""
        self.errors.append(text)
        waiting = [(key, future) for key, future in self._pending.items() if not future.done()]
        if not waiting or len(waiting) > len(self.errors) or any(is_barrier(key) for key, _ in waiting):
            return
        for (key, future), error in zip(waiting, self.errors[-len(waiting) :], strict=True):
            self._debts.pop(key, None)
            _fail(future, refused(key[0], [error]))
        self.errors.clear()

    def lost(self, reason: str) -> None:
        """Fail all that waits."""
        waiting: list[tuple[Key, asyncio.Future[Any]]] = [
            (key, future) for key, future in self._pending.items() if key not in self._closes
        ]
        waiting += [(key, self._ends[series]) for key, series in self._series.items()]
        for (address, _), future in waiting:
            if not future.done():
                text = f"{address} was not answered: {reason}"
                _fail(future, LinkError(text, kind="protocol", address=address))


def _fail(future: asyncio.Future[Any], error: LinkError) -> None:
    future.set_exception(error)
    future.exception()  # who waited may have been cancelled: asyncio would log that nobody took it


async def within(future: asyncio.Future[Any], timeout_s: float) -> bool:
    """Wait for a future, which stays as it is when the time is over; tell whether it is done."""
    done, _ = await asyncio.wait([future], timeout=timeout_s)
    return bool(done)
