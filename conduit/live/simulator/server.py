"""The simulator's UDP side: datagrams to the handlers, and the answers back.

As the real AbletonOSC, it answers to the sender's IP at one fixed reply port, never to the port a message
came from; and when a message fails, what still waits is read at the next tick.
"""

from __future__ import annotations

import asyncio
import errno
from collections import deque
from typing import Self

from conduit.errors import LinkError
from conduit.live.endpoints import ERROR, STARTUP
from conduit.live.osc import MAX_DATAGRAM_BYTES, Message, decode, encode
from conduit.live.simulator.handlers import Handlers
from conduit.live.simulator.live_set import LiveSet

__all__ = ["Simulator"]

_Address = tuple[str, int]

_AT_ONCE = 8  # answers before the loop's other work gets its turn: a long one takes about 1 ms


class Simulator(asyncio.DatagramProtocol):
    """A Live set that speaks AbletonOSC on UDP. It lives on the loop it is opened on.

    Args:
        live_set: The set it plays; by default Live's default set.
        host: The address to listen on; the loopback interface unless said otherwise.
        port: The port to listen on; 0 takes a free one.
        reply_port: The port, on the sender's machine, that answers go to.
        tick_s: Seconds between two looks at the socket; about 0.1 in Live. 0 answers at once.
        reply_limit: The largest answer in bytes that can be sent; 9216 on macOS.

    Attributes:
        live_set: The set it plays.
        port: The port it listens on.
        reply_port: The port that answers go to.
        handlers: What answers the messages.
        reply_limit: The largest answer in bytes that can be sent.
        deaf: While true nothing is read, as while a menu is open in Live; what waits is answered later.
        lossy: How many of the next answers get lost on the way.
    """

    def __init__(
        self,
        live_set: LiveSet | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 11000,
        reply_port: int = 11001,
        tick_s: float = 0.0,
        reply_limit: int = MAX_DATAGRAM_BYTES,
    ) -> None:
        self.live_set = live_set or LiveSet()
        self.host = host
        self.port = port
        self.reply_port = reply_port
        self.deaf = False
        self.lossy = 0
        self._tick_s = tick_s
        self.reply_limit = reply_limit
        self.handlers = Handlers(self.live_set)
        self._waiting: deque[tuple[bytes, _Address]] = deque()
        self._transport: asyncio.DatagramTransport | None = None
        self._ticking: asyncio.TimerHandle | None = None

    async def open(self) -> Self:
        """Start listening, and say so as AbletonOSC does.

        Raises:
            LinkError: ``port_taken``.
        """
        if self._transport is not None:
            return self
        loop = asyncio.get_running_loop()
        try:
            transport, _ = await loop.create_datagram_endpoint(
                lambda: self, local_addr=(self.host, self.port)
            )
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise LinkError(
                f"UDP port {self.port} is taken, so no simulated Live can listen there: "
                "quit Live or the other simulator, or choose another --port",
                kind="port_taken",
            ) from error
        self._transport = transport
        self.port = transport.get_extra_info("sockname")[1]
        if self.reply_port:
            self._send(Message(STARTUP), self.host)
        if self._tick_s:
            self._tick()
        return self

    async def close(self) -> None:
        """Stop listening."""
        if self._ticking is not None:
            self._ticking.cancel()
        if self._transport is not None:
            self._transport.close()
            self._transport = None
            await asyncio.sleep(0)  # the loop closes the socket in its next turn

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def datagram_received(self, data: bytes, addr: _Address) -> None:
        """Take a datagram; without ticks it is answered at once."""
        self._waiting.append((data, addr))
        if not self._tick_s:
            self.read()

    def read(self) -> None:
        """Answer what waits, until nothing does or, with ticks, until a message fails."""
        for _ in range(_AT_ONCE):
            if not self._waiting or self.deaf:
                return
            data, (host, *_) = self._waiting.popleft()
            if self._answer(data, host) and self._tick_s:
                return
        asyncio.get_running_loop().call_soon(self.read)

    def _tick(self) -> None:
        self.read()
        self._ticking = asyncio.get_running_loop().call_later(self._tick_s, self._tick)

    def _answer(self, data: bytes, host: str) -> bool:
        """Answer one datagram; tell whether its message failed."""
        try:
            message = decode(data)
        except ValueError as error:
            self._send(Message(ERROR, (f"Error parsing OSC message: {error}",)), host)
            return False
        outcome = self.handlers.handle(message)
        for reply in outcome.replies:
            self._send(reply, host)
        return outcome.failed

    def _send(self, message: Message, host: str) -> None:
        if self._transport is None:
            return
        if self.lossy:
            self.lossy -= 1
            return
        data = encode(message.address, *message.args)
        if len(data) > self.reply_limit:
            data = encode(ERROR, f"Socket error: OSError: [Errno {errno.EMSGSIZE}] Message too long")
        self._transport.sendto(data, (host, self.reply_port))
