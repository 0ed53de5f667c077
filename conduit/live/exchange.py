"""Requests and answers over a channel that has no request ids.

AbletonOSC answers at the address asked, ids first; setters never answer, and an error comes as one text
without the request it belongs to. It handles messages strictly in order. From that follow the rules here:

- A query waits for its address and echoed ids. Different ones may be in flight; equal ones wait in line.
- When a query is answered, one asked before it and still waiting was passed over: an error was its answer.
- A query that was never answered leaves a debt: its answer may come late. Before the same is asked again,
  a *barrier* is sent: a query that echoes a number no other has. What comes before its answer is old.
- A write, or a few in a row, is sent alone, with a barrier behind it: an error before the barrier's answer is
  the write's. Queries whose answers look alike are told apart by barriers too.
- What comes from another address than Live's is not heard.

It owns no socket: bytes go out through a function and come in through asyncio's callbacks.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from typing import Any

from conduit.errors import LinkError
from conduit.live.endpoints import ERROR, Endpoint, Kind, checked
from conduit.live.osc import Value, decode, encode
from conduit.live.replies import BARRIER, Key, is_barrier, key_of, refused, silence

__all__ = ["Exchange"]

_Answer = asyncio.Future[tuple[Value, ...] | None]


class Exchange(asyncio.DatagramProtocol):
    """Asks and tells on behalf of one link. It belongs to one event loop, which calls its callbacks.

    Args:
        send: Takes the bytes of one datagram; may raise ``OSError``.
        timeout_s: Seconds to wait for an answer.
        retries: How often a query is sent again when nothing came.
    """

    def __init__(self, send: Callable[[bytes], None], *, timeout_s: float, retries: int = 1) -> None:
        self._send = send
        self._timeout_s = timeout_s
        self._retries = retries
        self._pending: dict[Key, asyncio.Future[tuple[Value, ...]]] = {}
        self._series: dict[Key, list[_Answer]] = {}
        self._closes: dict[Key, _Answer] = {}
        self._hosts: frozenset[str] = frozenset()
        self._lines: defaultdict[Key, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._debts: Counter[Key] = Counter()
        self._numbers = itertools.count(1)
        self._errors: list[str] = []
        self._broken = ""
        self._writing = asyncio.Lock()
        self._n_reading = 0
        self._no_reader = asyncio.Event()
        self._no_reader.set()

    async def ask(self, address: str, *args: object) -> tuple[Value, ...]:
        """Send a query and give what follows the echoed ids in its answer.

        Raises:
            ValueError: The address is not a query of the table, or the arguments do not fit it.
            LinkError: ``no_reply``, or ``refused`` with Live's words.
        """
        endpoint, values = checked(address, args, kinds={Kind.GET})
        async with self._reading():
            return await self._query(endpoint, values)

    async def ask_each(self, address: str, *asked: Sequence[object]) -> list[tuple[Value, ...] | None]:
        """Send queries at once that differ only behind their ids, each with a barrier behind it.

        Their answers look alike: one that comes before a barrier's is of the query before that barrier.

        Returns:
            What follows the ids in each answer, in order; None where it was refused or lost.

        Raises:
            ValueError: The address is not a query of the table, or arguments do not fit it.
            LinkError: The link is closed.
        """
        queries = [checked(address, args, kinds={Kind.GET}) for args in asked]
        ((key),) = {(address, values[: endpoint.ids]) for endpoint, values in queries}
        async with self._reading(), self._lines[key]:
            await self._settle(address)
            answers = [asyncio.get_running_loop().create_future() for _ in asked]
            self._series[key] = answers
            try:
                turns = zip(answers, queries, strict=True)
                return await asyncio.gather(
                    *(self._turn(key, values, answer) for answer, (_, values) in turns)
                )
            finally:
                del self._series[key]

    async def _turn(self, key: Key, values: tuple[Value, ...], answer: _Answer) -> tuple[Value, ...] | None:
        barrier: Key = (BARRIER, (next(self._numbers),))
        self._debts[key] += 1
        self._write(key[0], values)
        self._closes[barrier] = answer
        try:
            await self._attempt(barrier, barrier[1])
        finally:
            self._closes.pop(barrier, None)
        return answer.result() if answer.done() else None

    @contextlib.asynccontextmanager
    async def _reading(self) -> AsyncIterator[None]:
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
                self._errors.clear()
                self._no_reader.set()

    async def tell(self, address: str, *args: object) -> None:
        """Send a write and wait until Live has taken it; as ``tell_all``."""
        await self.tell_all((address, *args))

    async def tell_all(self, *told: tuple[object, ...]) -> None:
        """Send writes, address first, one right after the other, and wait until Live has taken them.

        Raises:
            ValueError: An address is no write of the table, or arguments do not fit it; nothing was sent.
            LinkError: ``refused`` with Live's words; ``no_reply`` when it is unknown whether it was done.
        """
        writes = [
            (str(name), checked(str(name), args, kinds={Kind.SET, Kind.METHOD})[1]) for name, *args in told
        ]
        address = " and ".join(dict.fromkeys(name for name, _ in writes))
        async with self._writing:
            await self._no_reader.wait()
            await self._settle(address)  # errors of what was never answered are not the write's
            self._errors.clear()
            for name, values in writes:
                self._write(name, values)
            try:
                await self._barrier(address)
            except LinkError as error:
                text = f"It is not known whether {address} was done. {error.message}"
                raise LinkError(text, kind=error.kind, address=address) from error
            if self._errors:
                raise refused(address, self._errors)

    def heard_from(self, hosts: Collection[str]) -> None:
        """Take datagrams from these IP addresses only."""
        self._hosts = frozenset(hosts)

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        """Take a datagram. Never raises: what cannot be read is remembered for the message of a timeout."""
        if self._hosts and addr[0] not in self._hosts:
            return
        try:
            message = decode(data)
        except ValueError as error:
            self._broken = str(error)
            return
        self._broken = ""
        if message.address == ERROR:
            if message.args:  # AbletonOSC always says something
                self._failed(str(message.args[0]))
            return
        key, answer = key_of(message)
        self._debts[key] -= 1
        self._debts = +self._debts
        for turn in self._series.get(key, ()):
            if not turn.done():
                turn.set_result(answer)
                return
        self._answered(key, answer)

    def _answered(self, key: Key, answer: tuple[Value, ...]) -> None:
        future = self._pending.get(key)
        if future is None or future.done():
            return
        self._pass_over(key)
        future.set_result(answer)
        closed = self._closes.get(key)
        if closed is not None and not closed.done():  # passed over, or lost
            closed.set_result(None)
            del self._errors[:1]

    def error_received(self, exc: Exception) -> None:
        """Fail what waits, unless it says that nobody listens there, which is the same as no answer."""
        if not isinstance(exc, ConnectionError):
            self._lost(str(exc))

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail what waits, because the socket was closed."""
        self._lost(str(exc or "the link was closed"))

    def _lost(self, reason: str) -> None:
        for (address, _), future in self._pending.items():
            if not future.done():
                text = f"{address} was not sent: {reason}"
                future.set_exception(LinkError(text, kind="protocol", address=address))

    def _pass_over(self, answered: Key) -> None:
        """Give errors to what was asked before a query that has been answered, oldest first."""
        for key, future in self._pending.items():
            if key == answered or not self._errors:
                return
            if not future.done() and not is_barrier(key):
                del self._debts[key]
                future.set_exception(refused(key[0], [self._errors.pop(0)]))

    def _failed(self, text: str) -> None:
        waiting = [(key, future) for key, future in self._pending.items() if not future.done()]
        if len(waiting) == 1 and not is_barrier(waiting[0][0]):
            (key, future) = waiting[0]
            del self._debts[key]
            future.set_exception(refused(key[0], [text]))
        else:
            self._errors.append(text)

    async def _query(self, endpoint: Endpoint, values: tuple[Value, ...]) -> tuple[Value, ...]:
        key: Key = (endpoint.address, values[: endpoint.ids])
        async with self._lines[key]:
            await self._settle(endpoint.address)
            for _ in range(1 + self._retries):
                answer = await self._attempt(key, values)
                if answer is not None:
                    return answer
        if self._errors:
            raise refused(endpoint.address, [self._errors.pop(0)])
        raise self._no_reply(endpoint.address)

    async def _attempt(self, key: Key, values: tuple[Value, ...]) -> tuple[Value, ...] | None:
        """Send once and wait; None when nothing came in time."""
        future: asyncio.Future[tuple[Value, ...]] = asyncio.get_running_loop().create_future()
        self._pending[key] = future
        self._debts[key] += 1
        try:
            self._write(key[0], values)
            async with asyncio.timeout(self._timeout_s):
                return await future
        except TimeoutError:
            return None
        finally:
            del self._pending[key]

    async def _settle(self, address: str) -> None:
        """Wait until nothing can come late any more for what was asked before and is no longer waited for."""
        if any(key not in self._pending and key not in self._series for key in self._debts):
            await self._barrier(address)
            self._errors.clear()

    async def _barrier(self, address: str) -> None:
        """Wait until Live has handled everything sent so far."""
        debts = Counter({key: n for key, n in self._debts.items() if key not in self._pending})
        for _ in range(1 + self._retries):
            number = next(self._numbers)
            if await self._attempt((BARRIER, (number,)), (number,)) is not None:
                self._debts -= debts
                return
        raise self._no_reply(address)

    def _write(self, address: str, values: tuple[Value, ...]) -> None:
        try:
            self._send(encode(address, *values))
        except OSError as error:
            raise LinkError(
                f"{address} could not be sent: {error}", kind="protocol", address=address
            ) from error

    def _no_reply(self, address: str) -> LinkError:
        return silence(address, wait_s=self._timeout_s * (1 + self._retries), broken=self._broken)
