"""What one link is made of: the reply port, the exchange on it, those who listen, and Live's starts."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence

from conduit.errors import LinkError
from conduit.live.asking import batched
from conduit.live.endpoints import Kind
from conduit.live.exchange import Exchange
from conduit.live.listening import Listeners
from conduit.live.osc import Message, Value
from conduit.live.pacing import MAX_DATAGRAMS
from conduit.live.port import ReplyPort
from conduit.live.restarts import Restarts

__all__ = ["Line"]

_MAX_FIRST_NUMBER = 1 << 30
_Values = tuple[Value, ...]


class Line:
    """A line to Live, with the arguments of ``LiveLink``. Whatever goes over it holds the reply port meanwhile.

    Attributes:
        port: The socket.
        listeners: Those who listen.
        restarts: Live's starts, and those who want to know of them.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        reply_port: int,
        timeout_s: float,
        busy_s: float,
        idle_s: float | None,
    ) -> None:
        _check_times(timeout_s, busy_s, idle_s)
        _check_ports(port, reply_port)
        self.listeners = Listeners(self._start_listening, self._stop_listening)
        self.restarts = Restarts(self.listeners.again)
        self._exchange = Exchange(
            self._send,
            ear=self.listeners,
            started=self.restarts.happened,
            timeout_s=timeout_s,
            busy_s=busy_s,
            first=random.randrange(1, _MAX_FIRST_NUMBER),
        )
        self.port = ReplyPort(
            self._exchange,
            host=host,
            port=port,
            number=reply_port,
            idle_s=idle_s,
            kept=lambda: bool(self.listeners),
            rebound=self.restarts.happened,
        )

    async def close(self) -> None:
        """Release the reply port; what still waits fails."""
        self.restarts.close()
        self.listeners.close()
        await self.port.close()

    async def ask(self, address: str, *args: object) -> _Values:
        """Send a query, as ``Exchange.ask``."""
        async with self.port.used():
            return await self._exchange.ask(address, *args)

    async def ask_each(self, address: str, *asks: Sequence[object]) -> list[_Values | None]:
        """Send queries that look alike, as ``Exchange.ask_each``."""
        async with self.port.used():
            return await self._exchange.ask_each(address, *asks)

    async def call(self, address: str, *args: object) -> _Values | None:
        """Send a call, as ``Exchange.call``."""
        async with self.port.used():
            return await self._exchange.call(address, *args)

    async def tell_all(
        self,
        *told: tuple[object, ...],
        kinds: Iterable[Kind] = (Kind.SET, Kind.METHOD),
        heard: list[Message] | None = None,
    ) -> None:
        """Send writes, as ``Exchange.tell_all``."""
        async with self.port.used():
            await self._exchange.tell_all(*told, kinds=kinds, heard=heard)

    async def _start_listening(self, address: str, ids: _Values) -> None:
        async with self.port.used():
            await self._exchange.listen(address, ids)

    async def _stop_listening(self, *told: _Values) -> None:
        for some in batched(told, MAX_DATAGRAMS):  # what is gone is refused, which keeps back no other
            try:
                await self.tell_all(*some, kinds={Kind.UNLISTEN})
            except LinkError as error:
                if error.kind != "refused":
                    raise

    def _send(self, data: bytes) -> None:
        self.port.send(data)


def _check_times(timeout_s: float, busy_s: float | None, idle_s: float | None) -> None:
    for name, value in (("timeout_s", timeout_s), ("busy_s", busy_s)):
        if value is not None and not 0 < value < math.inf:
            raise ValueError(f"{name} is a number of seconds above 0, not {value!r}")
    if idle_s is not None and not idle_s >= 0:
        raise ValueError(f"idle_s is a number of seconds, or None, not {idle_s!r}")


def _check_ports(port: int, reply_port: int) -> None:
    for name, number, least in (("port", port, 1), ("reply_port", reply_port, 0)):
        if not least <= number < 1 << 16:
            raise ValueError(f"{name} is a number from {least} to 65,535, not {number!r}")
