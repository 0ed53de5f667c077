"""What arrives at a link: who waits for it, who listens to it, and what it says of Live's being there."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Collection
from typing import Any

from conduit.errors import LinkError
from conduit.live.endpoints import ERROR, STARTUP
from conduit.live.listening import Listeners
from conduit.live.osc import Message, decode
from conduit.live.replies import key_of, silence
from conduit.live.waiting import Waiting

__all__ = ["Hearing"]


class Hearing(asyncio.DatagramProtocol):
    """The receiving half of an exchange; its arguments are told there."""

    def __init__(
        self, *, ear: Listeners, started: Callable[[], None], timeout_s: float, busy_s: float
    ) -> None:
        self._ear = ear
        self._started = started
        self._timeout_s = timeout_s
        self._tries = max(1, round(busy_s / timeout_s))
        self._waiting = Waiting()
        self._hosts: frozenset[str] = frozenset()
        self._broken = ""
        self._silent = False
        self._heard_at_s = -math.inf
        self._heard: list[Message] | None = None
        self._doubt = ""

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
        self._heard_at_s = asyncio.get_running_loop().time()
        again = self._silent or message.address == STARTUP
        self._silent = False
        self._take(message)
        if again:
            self._doubt = "Live's script started again, or was silent, in the meantime"
            self._started()

    def _take(self, message: Message) -> None:
        if message.address == ERROR:
            if message.args:  # AbletonOSC always says something
                self._waiting.failed(str(message.args[0]))
            return
        if self._heard is not None:
            self._heard.append(message)
        key, answer = key_of(message)
        self._ear.take(key, answer)
        self._waiting.answered(key, answer)

    def error_received(self, exc: Exception) -> None:
        """Take it as no answer: it does not say which datagram it is about."""
        self._doubt = f"The system could not send all of it: {exc}"

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail what waits, because the socket was closed."""
        self._waiting.lost(str(exc or "the link was closed"))

    def _no_reply(self, address: str) -> LinkError:
        wait_s = self._timeout_s * self._tries
        since_s = asyncio.get_running_loop().time() - self._heard_at_s
        self._silent = since_s > wait_s - self._timeout_s / 2
        return silence(address, wait_s=wait_s, broken=self._broken)
