"""How much is under way to Live at once. No socket and no clock.

Live reads nothing between its ticks, so what was sent waits in a buffer of the system, and what does not fit
is lost without a word. Linux keeps about 270 small datagrams by default, Windows 64 kB.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence

from conduit.errors import LinkError
from conduit.live.osc import Value, encode

__all__ = ["MAX_DATAGRAMS", "Room", "batches", "packed"]

MAX_DATAGRAMS = 128
_MAX_BYTES = 60_000
_MAX_DATAGRAM_BYTES = 65_507  # of UDP over IPv4


def packed(address: str, values: tuple[Value, ...]) -> bytes:
    """Write a message.

    Raises:
        LinkError: ``protocol`` when one datagram cannot hold it.
    """
    data = encode(address, *values)
    if len(data) > _MAX_DATAGRAM_BYTES:
        text = f"{address} is too large, nothing was sent: {len(data):,} bytes, one datagram holds 65,507"
        raise LinkError(text, kind="protocol", address=address)
    return data


def batches(sizes: Sequence[int], *, beside: int = 0) -> Iterator[range]:
    """Cut datagrams of these sizes in bytes into runs that may be under way together.

    Args:
        sizes: Bytes of each.
        beside: How many small datagrams go with each of them.

    >>> list(batches([40_000, 10_000, 40_000]))
    [range(0, 2), range(2, 3)]
    """
    start, n_bytes = 0, 0
    for index, size in enumerate(sizes):
        too_many = (index - start + 1) * (1 + beside) > MAX_DATAGRAMS
        if index > start and (too_many or n_bytes + size > _MAX_BYTES):
            yield range(start, index)
            start, n_bytes = index, 0
        n_bytes += size
    if sizes:
        yield range(start, len(sizes))


class Room:
    """The room that those who read share, first come, first served."""

    def __init__(self) -> None:
        self._n = 0
        self._n_bytes = 0
        self._queue: deque[tuple[asyncio.Future[None], int, int]] = deque()

    @contextlib.asynccontextmanager
    async def taken(self, n: int, n_bytes: int) -> AsyncIterator[None]:
        """Take room for ``n`` datagrams of ``n_bytes`` together; what is larger than all of it goes alone."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((turn, n, n_bytes))
        self._let_in()
        try:
            await turn
            yield
        finally:
            if turn.cancelled():
                self._queue = deque(entry for entry in self._queue if entry[0] is not turn)
            else:
                self._n -= n
                self._n_bytes -= n_bytes
            self._let_in()

    def _let_in(self) -> None:
        while self._queue:
            turn, n, n_bytes = self._queue[0]
            fits = self._n + n <= MAX_DATAGRAMS and self._n_bytes + n_bytes <= _MAX_BYTES
            if self._n and not fits:
                return
            self._queue.popleft()
            if not turn.done():
                self._n += n
                self._n_bytes += n_bytes
                turn.set_result(None)
