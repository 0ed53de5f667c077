"""The reply port: the one UDP socket of a link, bound while it is used and let go while it is not.

AbletonOSC answers to one port of a machine, so programs that speak to it take turns. A link that was idle for
a while releases the port, and binds it again when it is next used; what came in between, it has not heard.

Answers are told by the host they come from, not by its port: AbletonOSC and its fork are thought to send from the
port they listen on, 11000, which was not verified against a running Live. Any program there is heard.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable

from conduit.errors import LinkError
from conduit.live.exchange import Exchange
from conduit.live.holder import holder_of

__all__ = ["ReplyPort"]

_LOOPBACK = "127.0.0.1"
_RECEIVE_BUFFER_BYTES = 1 << 20


class ReplyPort:
    """The socket of one link. It belongs to the event loop it is opened on.

    Args:
        exchange: Hears what comes.
        host: Where Live runs.
        port: The port AbletonOSC listens on.
        number: The port to bind; 0 takes a free one, and keeps it.
        idle_s: Seconds without use after which it is released; None keeps it.
        kept: Whether it must be kept although it is not used.
        rebound: Called when it was bound again after a release.

    Attributes:
        number: The port bound here, once open.
    """

    def __init__(
        self,
        exchange: Exchange,
        *,
        host: str,
        port: int,
        number: int,
        idle_s: float | None,
        kept: Callable[[], bool],
        rebound: Callable[[], None],
    ) -> None:
        self.number = number
        self._exchange = exchange
        self._host = host
        self._target = (host, port)
        self._idle_s = idle_s if number else None  # a free port stands in nobody's way
        self._kept = kept
        self._rebound = rebound
        self._transport: asyncio.DatagramTransport | None = None
        self._is_open = False
        self._n_users = 0
        self._resting: asyncio.TimerHandle | None = None
        self._binding = asyncio.Lock()

    @property
    def is_bound(self) -> bool:
        """Whether the port is held here at the moment."""
        return self._transport is not None

    async def open(self) -> None:
        """Bind the port.

        Raises:
            LinkError: ``port_taken``, or ``protocol`` when the host has no address.
        """
        await self._bind()
        self._is_open = True
        self._rest()

    async def close(self) -> None:
        """Release the port for good; what still waits fails."""
        self._is_open = False
        async with self._binding:  # one that is being bound is released too
            self._release()
        await asyncio.sleep(0)  # the loop closes the socket in its next turn

    @contextlib.asynccontextmanager
    async def used(self) -> AsyncIterator[None]:
        """Hold the port, bound again if it was released.

        Raises:
            LinkError: The link is closed, or ``port_taken``.
        """
        if not self._is_open:
            raise LinkError("the link to Live is not open: open() it first", kind="protocol")
        self._n_users += 1
        try:
            if self._transport is None:
                await self._bind()
                if not self._is_open:
                    raise LinkError("the link to Live was closed in the meantime", kind="protocol")
                self._rebound()
            yield
        finally:
            self._n_users -= 1
            self._rest()

    def send(self, data: bytes) -> None:
        """Send a datagram to Live.

        Raises:
            LinkError: The link is closed.
        """
        if self._transport is None:
            raise LinkError("the link to Live is not open: open() it first", kind="protocol")
        self._transport.sendto(data, self._target)

    async def _bind(self) -> None:
        async with self._binding:
            if self._transport is not None:
                return
            await asyncio.sleep(0)  # the loop closes a socket that was just released
            loop = asyncio.get_running_loop()
            try:
                found = await loop.getaddrinfo(*self._target, family=socket.AF_INET, type=socket.SOCK_DGRAM)
                ip = str(found[0][4][0])
                here = ipaddress.ip_address(ip).is_loopback
                # Live listens on all of them: asked at 127.0.1.1, it answers from 127.0.0.1.
                self._exchange.heard_from({ip, _LOOPBACK} if here else {ip})
                local = _LOOPBACK if here else "0.0.0.0"  # noqa: S104
                transport, _ = await loop.create_datagram_endpoint(
                    lambda: self._exchange, local_addr=(local, self.number)
                )
            except (OSError, UnicodeError) as error:  # a host too long for a name
                raise await self._not_bound(error) from error
            self._target = (ip, self._target[1])
            bound: socket.socket = transport.get_extra_info("socket")
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
            self.number = bound.getsockname()[1]
            self._transport = transport

    def _release(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
        if self._transport is not None:
            self._transport.abort()  # what could not be sent yet is dropped, so nothing is waited for
            self._transport = None

    def _rest(self) -> None:
        """Release the port later, unless it is used again or must be kept."""
        if self._resting is not None:
            self._resting.cancel()
        if self._idle_s is not None and self._is_open and not self._n_users:
            self._resting = asyncio.get_running_loop().call_later(self._idle_s, self._release_idle)

    def _release_idle(self) -> None:
        if not self._n_users and not self._kept():
            self._release()

    async def _not_bound(self, error: OSError | UnicodeError) -> LinkError:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            holder = await asyncio.to_thread(holder_of, self.number)
            who = str(holder) if holder else "another program, such as another notebook's kernel or TouchOSC"
            text = (
                f"UDP port {self.number}, where Live's answers arrive, is taken by {who}. "
                f"{holder.remedy if holder else 'Close it or restart that kernel'}, then try again"
            )
            return LinkError(text, kind="port_taken")
        text = f"no way to Live at {self._host}:{self._target[1]}: {error}. Check the host"
        return LinkError(text, kind="protocol")
