"""Requests and answers over a channel that has no request ids.

AbletonOSC answers at the address asked, ids first; setters never answer, and an error comes as one text
without the request it belongs to. It handles messages strictly in order. From that follow the rules here:

- A query waits for its address and echoed ids. Different ones may be in flight; those whose answers look
  alike wait in line, and who asks the same shares the answer.
- When a query is answered, one asked before it and still waiting was passed over: an error was its answer.
- A query that was never answered leaves a debt: its answer may come late. Before the same is asked again,
  a *barrier* is sent: a query that echoes a number no other has. What comes before its answer is old.
- A write, or a few in a row, is sent alone, with a barrier behind it: an error before the barrier's answer is
  the write's. Queries whose answers look alike are told apart by barriers too.
- What is listened to comes unasked. A query of it has a barrier behind it, and the last value before counts.
- Only queries and barriers are sent again when nothing comes. A write never is: it may have been done.
- What comes from another address than Live's is not heard.

It owns no socket: bytes go out through a function and come in through asyncio's callbacks.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from functools import partial

from conduit.errors import LinkError
from conduit.live.endpoints import BEAT, Kind, checked
from conduit.live.hearing import Hearing
from conduit.live.listening import Listeners
from conduit.live.osc import Message, Value
from conduit.live.pacing import Room, batches, packed
from conduit.live.replies import BARRIER, Key, refused, unknown
from conduit.live.series import Series
from conduit.live.sharing import Sharing
from conduit.live.turns import Turns
from conduit.live.waiting import within

__all__ = ["Exchange"]

_Values = tuple[Value, ...]


class Exchange(Hearing):
    """Asks and tells on behalf of one link. It belongs to one event loop, which calls its callbacks.

    Args:
        send: Takes the bytes of one datagram; may raise ``OSError``.
        ear: Those who listen; told what comes.
        started: Called when Live's script has started again, or Live is heard again after it was silent.
        timeout_s: Seconds to wait for an answer before asking again.
        busy_s: Seconds to wait altogether, as for a Live in which a dialog is open.
        first: The first barrier's number. Live may still answer whoever had the reply port before.
    """

    def __init__(
        self,
        send: Callable[[bytes], None],
        *,
        ear: Listeners,
        started: Callable[[], None],
        timeout_s: float,
        busy_s: float,
        first: int = 1,
    ) -> None:
        super().__init__(ear=ear, started=started, timeout_s=timeout_s, busy_s=busy_s)
        self._send = send
        self._lines: defaultdict[Key, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._room = Room()
        self._number = first
        self._sharing = Sharing()
        self._turns = Turns(self._waiting.errors.clear)

    async def ask(self, address: str, *args: object) -> _Values:
        """Send a query and give what follows the echoed ids in its answer.

        Raises:
            ValueError: The address is not a query of the table, or the arguments do not fit it.
            LinkError: ``no_reply``, or ``refused`` with Live's words.
        """
        endpoint, values = checked(address, args, kinds={Kind.GET})
        key = (address, values[: endpoint.ids])
        if address == BARRIER and values:
            raise ValueError(
                f"{address} takes nothing: what is sent with it numbers the link's own questions"
            )
        return await self._sharing.asked(f"{address} {values}", partial(self._asked, key, address, values))

    async def ask_each(self, address: str, *asks: Sequence[object]) -> list[_Values | None]:
        """Send queries at once that differ only behind their ids, each with a barrier behind it.

        Returns:
            What follows the ids in each answer, in order; None where it was refused or lost.

        Raises:
            ValueError: The address is not a query of the table, or arguments do not fit it.
            LinkError: The link is closed, or Live answers nothing.
        """
        queries = [checked(address, args, kinds={Kind.GET}) for args in asks]
        keys = {(address, values[: endpoint.ids]) for endpoint, values in queries}
        if len(keys) != 1:
            raise ValueError(f"{address}: ask_each takes one query or more, all with the same ids")
        (key,) = keys
        sizes = [len(packed(address, values)) for _, values in queries]
        answers: list[_Values | None] = []
        for batch in batches(sizes, beside=1):
            room = self._room.taken(2 * len(batch), sum(sizes[index] for index in batch))
            async with room, self._turns.reading(), self._lines[key]:
                await self._settle(address)
                series = await self._in_series(key, [queries[index][1] for index in batch])
                answers += series.answers
        return answers

    async def listen(self, address: str, ids: _Values) -> None:
        """Send a subscription; the value as it is comes like an answer, and is awaited. A beat is not.

        Raises:
            ValueError: The address is no subscription of the table, or the ids do not fit it.
            LinkError: ``no_reply``, or ``refused`` with Live's words.
        """
        endpoint, values = checked(address, ids, kinds={Kind.LISTEN})
        told = address.replace(Kind.LISTEN, Kind.GET)
        if told == BEAT:
            await self.tell_all((address, *ids), kinds={Kind.LISTEN})
            return
        key = (told, values[: endpoint.ids])
        room = self._room.taken(1, len(packed(address, values)))
        try:
            async with room, self._turns.reading(), self._lines[key]:
                await self._query(key, address, values)
        except LinkError as error:
            if error.kind != "refused":
                raise
            async with self._alone(address):
                await self._query(key, address, values)

    async def call(self, address: str, *args: object) -> _Values | None:
        """Send what changes something and answers; give what follows the ids, or None where it did not answer.

        Raises:
            ValueError: The address is no call of the table, or the arguments do not fit it.
            LinkError: As ``tell_all``.
        """
        endpoint, _ = checked(address, args, kinds={Kind.CALL})
        heard: list[Message] = []
        await self.tell_all((address, *args), kinds={Kind.CALL}, heard=heard)
        said = [message.args for message in heard if message.address == address]
        return said[-1][endpoint.ids :] if said else None

    async def tell_all(
        self,
        *told: tuple[object, ...],
        kinds: Iterable[Kind] = (Kind.SET, Kind.METHOD),
        heard: list[Message] | None = None,
    ) -> None:
        """Send writes, address first, one right after the other, and wait until Live has taken them.

        Args:
            told: The writes.
            kinds: What may be sent.
            heard: Takes all that comes meanwhile but errors, so that queries among the writes have answers.

        Raises:
            ValueError: An address is of none of the kinds, or arguments do not fit it; nothing was sent.
            LinkError: ``refused`` with Live's words; ``no_reply`` when it is unknown whether it was done.
        """
        allowed = set(kinds) if heard is None else {*kinds, Kind.GET}
        sent = [checked(str(name), args, kinds=allowed) for name, *args in told]
        address = " and ".join(dict.fromkeys(end.address for end, _ in sent if end.kind is not Kind.GET))
        data = [packed(endpoint.address, values) for endpoint, values in sent]
        async with self._turns.writing():
            await self._settle(address)  # errors of what was never answered are not the write's
            self._heard = heard
            try:
                for batch in batches([len(each) for each in data]):
                    left = (
                        f". Of {len(data)} messages {batch.stop} were sent" if batch.stop < len(data) else ""
                    )
                    await self._tell_batch(address, data[batch.start : batch.stop], left)
            finally:
                self._heard = None

    async def _tell_batch(self, address: str, data: Sequence[bytes], left: str) -> None:
        """Send writes that fit into the buffers together, and wait until Live has taken them."""
        self._waiting.errors.clear()
        self._doubt = ""
        for each in data:
            self._put(address, each)
        try:
            await self._barrier(address)
        except LinkError as error:
            raise unknown(address, error.message + left, kind=error.kind) from error
        if self._doubt:
            raise unknown(address, self._doubt + left)
        if self._waiting.errors:
            raise refused(address, self._waiting.errors, left)

    async def _asked(self, key: Key, address: str, values: _Values) -> _Values:
        try:
            room = self._room.taken(1, len(packed(address, values)))
            async with room, self._turns.reading(), self._lines[key]:
                if self._ear.holds(key):
                    return await self._ask_with_barriers(key, values)
                return await self._query(key, address, values)
        except LinkError as error:
            if error.kind != "refused" or f"Unknown OSC address: {address}" in error.message:
                raise
        async with self._alone(address):
            return await self._ask_with_barriers(key, values)

    @contextlib.asynccontextmanager
    async def _alone(self, address: str) -> AsyncIterator[None]:
        """Be alone: an error names no request, so it is believed only of one that has no company."""
        async with self._turns.writing():
            await self._settle(address)
            self._waiting.errors.clear()
            yield

    async def _query(self, key: Key, address: str, values: _Values) -> _Values:
        """Send until an answer of this key comes, whose line is held."""
        await self._settle(address)
        for _ in range(self._tries):
            answer = await self._attempt(key, address, values)
            if answer is not None:
                return answer
        if self._waiting.errors:
            raise refused(address, [self._waiting.errors.pop(0)])
        raise self._no_reply(address)

    async def _ask_with_barriers(self, key: Key, values: _Values) -> _Values:
        for _ in range(self._tries):
            series = await self._in_series(key, [values])
            if series.answers[0] is not None:
                return series.answers[0]
            if series.refusals:
                raise refused(key[0], series.refusals)
        raise self._no_reply(key[0])

    async def _in_series(self, key: Key, queries: Sequence[_Values]) -> Series:
        """Send queries of one key, whose line is held, with a barrier behind each; only the last is sent again."""
        series = Series(len(queries), newest=self._ear.holds(key))
        with self._waiting.many(key, series) as (end, closing):
            for index, values in enumerate(queries):
                self._write(key[0], values)
                closing(self._number, index)
                self._write_barrier()
            n_idle = 0
            while True:
                n_closed = series.n_closed
                if await within(end, self._timeout_s):
                    return series
                n_idle += series.n_closed == n_closed
                if n_idle == self._tries:
                    raise self._no_reply(key[0])
                closing(self._number, len(queries) - 1)
                self._write_barrier()

    async def _attempt(self, key: Key, address: str, values: _Values) -> _Values | None:
        """Send once and wait; None when nothing came in time."""
        with self._waiting.one(key) as answer:
            self._write(address, values)
            return answer.result() if await within(answer, self._timeout_s) else None

    async def _settle(self, address: str) -> None:
        """Wait until nothing can come late any more for what was asked before and is no longer waited for."""
        if self._waiting.debts:
            await self._barrier(address)

    async def _barrier(self, address: str) -> None:
        """Wait until Live has handled everything sent so far."""
        for _ in range(self._tries):
            debts = self._waiting.debts
            with self._waiting.one((BARRIER, (self._number,))) as answer:
                self._write_barrier()
                if await within(answer, self._timeout_s):
                    answer.result()
                    self._waiting.settle(debts)
                    return
        raise self._no_reply(address)

    def _write_barrier(self) -> None:
        number, self._number = self._number, self._number + 1
        self._write(BARRIER, (number,))

    def _write(self, address: str, values: _Values) -> None:
        self._put(address, packed(address, values))

    def _put(self, address: str, data: bytes) -> None:
        try:
            self._send(data)
        except OSError as error:
            text = f"{address} could not be sent: {error}"
            raise LinkError(text, kind="protocol", address=address) from error
