"""The simulator's UDP side: datagrams to the handlers, and the answers back.

As the real AbletonOSC, it answers to the sender's IP at one fixed reply port, never to the port a message
came from (the fork does); what listeners hear and errors go to whoever sent last; and when a message fails,
what still waits is read at the next tick.
"""

from __future__ import annotations

import asyncio
import errno
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from conduit.live.endpoints import ERROR
from conduit.live.osc import Message, Value, decode, encode
from conduit.live.simulator.faults import Faults
from conduit.live.simulator.handlers import GREETING, Handlers
from conduit.live.simulator.listening import Listeners
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.wire import Address, Wire, unbundled

__all__ = ["Simulator"]

_AT_ONCE = 8  # answers before the loop's other work gets its turn: a long one takes about 1 ms
_LOCAL = "127.0.0.1"
_RELOAD = "/live/api/reload"


class Simulator:
    """A Live set that speaks AbletonOSC on UDP. It lives on the loop it is opened on.

    Args:
        live_set: The set it plays; by default Live's default set.
        host: The address to listen on; the loopback interface unless said otherwise.
        port: The port to listen on; 0 takes a free one.
        reply_port: The port, on the sender's machine, that answers go to.
        faults: How it behaves on the wire; by default at once and without loss.
        clock: Seconds that music plays by; the loop's clock by default. With another one nothing happens
            by itself: ``read`` looks at the clock and the socket.

    Attributes:
        live_set: The set it plays.
        port: The port it listens on.
        reply_port: The port that answers go to.
        handlers: What answers the messages.
    """

    def __init__(
        self,
        live_set: LiveSet | None = None,
        *,
        host: str = _LOCAL,
        port: int = 11000,
        reply_port: int = 11001,
        faults: Faults | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.live_set = live_set or LiveSet()
        self.host = host
        self.port = port
        self.reply_port = reply_port
        self._begin()
        self._clock = clock
        self._wire: Wire | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._sender: Address = (_LOCAL, 0)
        self._set_faults(faults or Faults())

    @property
    def faults(self) -> Faults:
        """How it behaves on the wire; setting it takes effect at once."""
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._set_faults(faults)
        if self._wire is not None:
            self._start(self._wire)

    def _set_faults(self, faults: Faults) -> None:
        self._faults = faults
        self._chance = random.Random(faults.seed)
        self.live_set.faults = faults

    async def open(self) -> Self:
        """Start listening, and say so as AbletonOSC does.

        Raises:
            LinkError: ``port_taken``.
        """
        if self._wire is None:
            self._wire = Wire(self.host, self.port)
            self.port = self._wire.port
            self._greet()
            self._start(self._wire)
        return self

    async def close(self) -> None:
        """Stop listening."""
        if self._timer is not None:
            self._timer.cancel()
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def restart(self, live_set: LiveSet | None = None) -> None:
        """Start AbletonOSC again, as Live does when a set is loaded: who listened must ask again.

        Args:
            live_set: The set to load; by default the one that is there stays.
        """
        self.live_set = live_set or self.live_set
        self.live_set.faults = self._faults
        self._begin()
        while self._wire is not None and self._wire.receive():
            pass  # what waited for the old one is lost with its socket
        self._sender = (_LOCAL, 0)
        self._greet()

    def _begin(self) -> None:
        handlers = Handlers(self.live_set)
        self.handlers, self._own_handlers = handlers, handlers

    @property
    def _listeners(self) -> Listeners:
        return self._own_handlers.listeners

    def _greet(self) -> None:
        for message in GREETING:
            self._send(message)

    def _start(self, wire: Wire) -> None:
        """Look from now on as often as the faults say."""
        if self._faults.receive_buffer:
            wire.hold(self._faults.receive_buffer)
        wire.ignore()
        if not (self._faults.tick_s or self._faults.paused):
            wire.watch(self.read)
        asyncio.get_running_loop().call_soon(self._tick)

    def _tick(self) -> None:
        """Look now, and again when a tick has passed or, without ticks, when something is due to be heard."""
        if self._faults.tick_s and self._wire is not None and not self._faults.paused:
            self._again(self._faults.tick_s)
        self.read()

    def _again(self, delay_s: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(delay_s, self._tick)

    def read(self) -> None:
        """Answer what waits, until nothing does or, with ticks, until a message fails."""
        if self._wire is None or self._faults.paused:
            return
        self._advance()
        for _ in range(_AT_ONCE):
            waiting = self._wire.receive()
            if waiting is None:
                break
            if self._answer(*waiting) and self._faults.tick_s:
                return
        else:
            asyncio.get_running_loop().call_soon(self.read)
        due_s = self._listeners.due_s()
        if due_s is not None and not self._faults.tick_s and self._clock is None:
            self._again(due_s)

    def _advance(self) -> None:
        """Let the set play on to this moment, and tell who listens."""
        now_s = self._clock() if self._clock else asyncio.get_running_loop().time()
        self.live_set.advance(now_s)
        for update in self._listeners.updates():
            self._send(update)

    def _answer(self, data: bytes, sender: Address) -> bool:
        """Answer one datagram; tell whether a message failed, which drops the rest of its bundle."""
        if self._is_lost(self._faults.message_loss):
            return False
        self._sender = sender
        try:
            messages = [decode(part) for part in unbundled(data)]
        except (RecursionError, ValueError) as error:
            kind = "bundle" if data.startswith(b"#") else "message"
            self._send(Message(ERROR, (f"Error parsing OSC {kind}: {error}",)))
            return False
        for message in messages:
            outcome = self.handlers.handle(message)
            if message.address == _RELOAD and not outcome.failed:
                self._sender = (_LOCAL, 0)  # as after a start, nobody has sent yet
            for reply in outcome.replies:
                self._send(reply)
            if outcome.failed:
                return True
        return False

    def _is_lost(self, share: float) -> bool:
        return share > 0 and self._chance.random() < share

    def _send(self, message: Message) -> None:
        """Send to whoever sent last."""
        host, port = self._sender
        if not (self._faults.fork and port):
            port = self.reply_port
        if self._wire is None or not port or self._is_lost(self._faults.reply_loss):
            return
        try:
            data = encode(message.address, *map(_built, message.args))
        except ValueError as error:
            data = encode(ERROR, f"OSC build error: {error}")
        if len(data) > self._faults.reply_limit:
            data = encode(ERROR, f"Socket error: OSError: [Errno {errno.EMSGSIZE}] Message too long")
        try:
            self._wire.send(data, (host, port))
        except OSError as error:
            with suppress(OSError):
                self._wire.send(encode(ERROR, f"Socket error: OSError: {error}"), (host, port))


def _built(value: Value) -> Value:
    """Give a value that AbletonOSC's builder takes: it has no tag for whole numbers of just 32 bits."""
    if isinstance(value, int) and value.bit_length() == 32 and value != -(2**31):
        raise ValueError(f"argument out of range: {value} fits no 32-bit integer")
    return value
