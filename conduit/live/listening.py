"""Hearing of changes in Live: who listens to what, and how that outlasts Live's restarts.

AbletonOSC tells of a change at the address at which the value is asked, so an update looks like an answer;
``exchange`` keeps them apart. Several listeners of one value share one subscription. Live forgets them all when
its script starts again, as with each set that is loaded: they are sent again then.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from conduit.errors import LinkError
from conduit.live.endpoints import BEAT, ENDPOINTS, Kind
from conduit.live.osc import Value
from conduit.live.replies import Key

__all__ = ["Heard", "Listeners", "Listening"]

_TOLD_WITH = {"/live/device/get/parameter/value_string": "/live/device/get/parameter/value"}

Heard = Callable[[tuple[Value, ...]], None]
"""What a listener gives to be told with: it takes what follows the ids, and must not block."""


@dataclass(eq=False, slots=True)
class Listening:
    """One who listens. ``stop`` ends it.

    Attributes:
        key: The address and the ids of what is listened to.
    """

    key: Key
    _heard: Heard
    _listeners: Listeners
    _stopped: bool = False

    def tell(self, values: tuple[Value, ...]) -> None:
        """Pass on a value, unless it was stopped in the meantime."""
        if not self._stopped:
            self._heard(values)

    async def stop(self) -> None:
        """Hear no more. Live is told so when nobody else listens to the same."""
        self._stopped = True
        await self._listeners.leave(self)


@dataclass(eq=False, slots=True)
class _Subscription:
    listenings: list[Listening] = field(default_factory=list)
    last: tuple[Value, ...] | None = None


class Listeners:
    """Who listens on one link.

    Args:
        start: Sends a subscription, its address and ids; the value as it is comes as the first update.
        stop: Ends subscriptions; each starts with an address, ids behind it.
    """

    def __init__(
        self,
        start: Callable[[str, tuple[Value, ...]], Coroutine[Any, Any, None]],
        stop: Callable[..., Coroutine[Any, Any, None]],
    ) -> None:
        self._start = start
        self._stop = stop
        self._held: dict[Key, _Subscription] = {}
        self._locks: defaultdict[Key, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._unsent: dict[Key, None] = {}
        self._ending: dict[Key, None] = {}
        self._sending = asyncio.Lock()
        self._later: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._held)

    def holds(self, key: Key) -> bool:
        """Whether updates come that look like answers to this."""
        address, ids = key
        told = (_TOLD_WITH.get(address, address), ids)
        return told in self._held or told in self._unsent or told in self._ending

    def take(self, key: Key, values: tuple[Value, ...]) -> None:
        """Take what came; a value that is known already is told to nobody."""
        held = self._held.get(key)
        if held is None or (held.last == values and key[0] != BEAT):
            return
        held.last = values
        loop = asyncio.get_running_loop()
        for listening in held.listenings:
            loop.call_soon(listening.tell, values)

    async def listen(self, address: str, ids: tuple[Value, ...], heard: Heard) -> Listening:
        """Listen to the value that is asked at an address; it is told as it is, then at every change.

        Raises:
            ValueError: Nothing there can be listened to.
            LinkError: ``no_reply``, or ``refused`` with Live's words.
        """
        _checked(address, ids)
        key = (address, ids)
        listening = Listening(key, heard, self)
        async with self._locks[key]:
            held = self._held.setdefault(key, _Subscription())
            held.listenings.append(listening)
            if len(held.listenings) > 1:
                if held.last is not None:
                    asyncio.get_running_loop().call_soon(listening.tell, held.last)
                return listening
            try:
                while key in self._ending:  # otherwise Live would be told to stop after it was told to start
                    async with self._sending:
                        pass
                self._unsent.pop(key, None)
                await self._start(_verb(address, Kind.LISTEN), ids)
            except BaseException:
                del self._held[key]
                self._end_later(key)  # Live may have taken it all the same
                raise
        return listening

    async def leave(self, listening: Listening) -> None:
        """Let one go; those who leave in the same breath are told to Live together."""
        held = self._held.get(listening.key)
        if held is None or listening not in held.listenings:
            return
        held.listenings.remove(listening)
        if held.listenings:
            return
        del self._held[listening.key]
        self._unsent[listening.key] = None
        try:
            await self._send_unsent()
        except asyncio.CancelledError:
            self._end_later()
            raise

    def _end_later(self, *keys: Key) -> None:
        self._unsent.update(dict.fromkeys(keys))
        if self._later is None or self._later.done():
            self._later = asyncio.ensure_future(self._send_unsent())

    def close(self) -> None:
        """Send nothing any more."""
        if self._later is not None:
            self._later.cancel()

    async def _send_unsent(self) -> None:
        async with self._sending:
            self._ending, self._unsent = self._unsent, {}
            if not self._ending:
                return
            try:
                await self._stop(*((_verb(address, Kind.UNLISTEN), *ids) for address, ids in self._ending))
            except LinkError as error:
                if error.kind != "refused":  # a Live that is silent is told when it is heard again
                    self._unsent |= self._ending
            except BaseException:
                self._unsent |= self._ending
                raise
            finally:
                self._ending = {}

    async def again(self) -> None:
        """Send all subscriptions again. What is no longer there stays silent until the next time."""
        sent = [self._start_again(key) for key in self._held]
        for result in await asyncio.gather(*sent, return_exceptions=True):
            if isinstance(result, BaseException) and not isinstance(result, LinkError):
                raise result
        await self._send_unsent()

    async def _start_again(self, key: Key) -> None:
        try:
            await self._start(_verb(key[0], Kind.LISTEN), key[1])
        finally:
            if key not in self._held:  # who listened left in the meantime
                self._unsent[key] = None


def _verb(address: str, kind: Kind) -> str:
    return address.replace("/get/", f"/{kind}/", 1)


def _checked(address: str, ids: tuple[Value, ...]) -> None:
    endpoint = ENDPOINTS.get(_verb(address, Kind.LISTEN))
    if (
        endpoint is None
        or endpoint.kind is not Kind.LISTEN
        or (endpoint.prop is not None and not endpoint.prop.listenable)
        or (endpoint.owner == "device" and endpoint.prop is not None)  # its updates do not say which device
    ):
        raise ValueError(f"{address} cannot be listened to")
    endpoint.check(ids)
