"""The way to Live: one UDP socket, and what a musician asks of it.

The socket is bound to the reply port and sends from it, so both AbletonOSC, which answers to that port, and
its forks that answer to the sender reach it. Tracks, slots and scenes count from 1 here, as in Live's
window; only this module turns them into AbletonOSC's indices. Nothing is done to an object that was not
looked at immediately before, because AbletonOSC addresses everything by index and indices move.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Self

from conduit.errors import LinkError
from conduit.live import tracks
from conduit.live.exchange import Exchange
from conduit.live.live_clip import LiveClip
from conduit.live.osc import Value
from conduit.live.slots import Slot, every, one, sure, together
from conduit.live.snapshot import SetSnapshot, SongSnapshot, TrackSnapshot
from conduit.live.survey import read_set, read_song, track_asks, track_of
from conduit.music import Clip

__all__ = ["LiveLink"]

_LOOPBACK = "127.0.0.1"
_RECEIVE_BUFFER_BYTES = 1 << 20


class LiveLink:
    """A link to one Live, real or simulated. It belongs to the event loop it is opened on.

    Args:
        host: Where Live runs.
        port: The port AbletonOSC listens on.
        reply_port: The port it answers to, 11001 in all of its versions; 0 takes a free one.
        timeout_s: Seconds to wait for an answer.
        retries: How often a query is sent again when nothing came.

    Attributes:
        host: Where Live runs.
        port: The port AbletonOSC listens on.
        reply_port: The port bound here, once open.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 11000,
        reply_port: int = 11001,
        timeout_s: float = 1.0,
        retries: int = 1,
    ) -> None:
        self.host = host
        self.port = port
        self.reply_port = reply_port
        self._exchange = Exchange(self._send, timeout_s=timeout_s, retries=retries)
        self._transport: asyncio.DatagramTransport | None = None
        self._target = (host, port)

    async def open(self) -> Self:
        """Bind the reply port.

        Raises:
            LinkError: ``port_taken``, or ``protocol`` when the host has no address.
        """
        if self._transport is not None:
            return self
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(
                self.host, self.port, family=socket.AF_INET, type=socket.SOCK_DGRAM
            )
            self._target = (str(found[0][4][0]), self.port)
            here = ipaddress.ip_address(self._target[0]).is_loopback
            local = _LOOPBACK if here else "0.0.0.0"  # noqa: S104
            # Live listens on all of them: asked at 127.0.1.1, it answers from 127.0.0.1.
            self._exchange.heard_from({self._target[0], _LOOPBACK} if here else {self._target[0]})
            self._transport, _ = await loop.create_datagram_endpoint(
                lambda: self._exchange, local_addr=(local, self.reply_port)
            )
        except OSError as error:
            raise self._not_opened(error) from error
        bound: socket.socket = self._transport.get_extra_info("socket")
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
        self.reply_port = bound.getsockname()[1]
        return self

    async def close(self) -> None:
        """Release the reply port; what still waits fails."""
        if self._transport is not None:
            self._transport.abort()  # what could not be sent yet is dropped, so nothing is waited for
            self._transport = None
            await asyncio.sleep(0)  # the loop closes the socket in its next turn

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _not_opened(self, error: OSError) -> LinkError:
        if error.errno == errno.EADDRINUSE:
            text = (
                f"UDP port {self.reply_port}, where Live's answers arrive, is taken by another program, such as "
                "another notebook's kernel or TouchOSC. Close it or restart that kernel, then try again"
            )
            return LinkError(text, kind="port_taken")
        text = f"no way to Live at {self.host}:{self.port}: {error}. Check the host"
        return LinkError(text, kind="protocol")

    def _send(self, data: bytes) -> None:
        if self._transport is None:
            raise LinkError("the link to Live is not open: open() it first", kind="protocol")
        self._transport.sendto(data, self._target)

    async def ask(self, address: str, *args: object) -> tuple[Value, ...]:
        """Send one of AbletonOSC's queries, indices from 0; give what follows the echoed ids.

        Raises:
            ValueError: The table knows no such query, or the arguments do not fit.
            LinkError: ``no_reply``, or ``refused`` with Live's words.
        """
        return await self._exchange.ask(address, *args)

    async def tell(self, address: str, *args: object) -> None:
        """Send one of AbletonOSC's setters or methods, indices from 0, and wait until Live has taken it.

        Raises:
            ValueError: The table knows no such write, or the arguments do not fit.
            LinkError: ``refused`` with Live's words, or ``no_reply``.
        """
        await self._exchange.tell(address, *args)

    async def ask_each(self, address: str, *asked: Sequence[object]) -> list[tuple[Value, ...] | None]:
        """Send queries that differ only behind their ids; None for what was refused or lost, else as ``ask``."""
        return await self._exchange.ask_each(address, *asked)

    async def tell_all(self, *told: tuple[object, ...]) -> None:
        """Send writes, address first, one right after the other; as ``tell``."""
        await self._exchange.tell_all(*told)

    async def is_simulated(self) -> bool:
        """Whether a simulated set answers; Live does not know the question."""
        try:
            return bool(await one(self, "/live/test/simulated"))
        except LinkError:
            return False

    async def version(self) -> str:
        """Give Live's version, such as ``12.3``."""
        return ".".join(map(str, await self.ask("/live/application/get/version")))

    async def song(self) -> SongSnapshot:
        """Read what holds for the whole set."""
        return await read_song(self)

    async def snapshot(self) -> SetSnapshot:
        """Read what the set holds."""
        return await read_set(self)

    async def track(self, track: int) -> TrackSnapshot:
        """Read one track.

        Raises:
            LinkError: ``refused`` when there is no such track.
        """
        return track_of(track - 1, await self._at(track, 1, *track_asks(self, track - 1)))

    async def create_track(self, name: str) -> int:
        """Add a MIDI track behind the others and give its number; what fails or is cancelled leaves none.

        Raises:
            ValueError: The name cannot be sent.
            LinkError: ``refused``, also when afterwards there is not one more.
        """
        return await tracks.create(self, name) + 1

    async def delete_track(self, track: int, *, track_name: str | None = None) -> None:
        """Delete a track with everything on it.

        Args:
            track: From 1.
            track_name: What the track must be called, where the caller has looked before.

        Raises:
            LinkError: ``refused``, also when it is still there afterwards.
        """
        await self._at(track)
        await tracks.delete(self, track - 1, name=track_name)

    async def _at(
        self, track: int, slot: int = 1, *asks: Callable[[], Coroutine[Any, Any, Any]]
    ) -> list[Any]:
        """Check that a place exists; give what was asked about it in the same breath.

        The counts are asked last: Live's answer to them tells what before them was refused.
        """
        for what, number in (("track", track), ("slot", slot)):
            if number < 1:
                raise ValueError(f"{what} {number} cannot be: they count from 1, as in Live's window")
        counts = (one(self, f"/live/song/get/num_{what}s") for what in ("track", "scene"))
        *found, n_tracks, n_scenes = await every(*(ask() for ask in asks), *counts)
        sure([n_tracks, n_scenes])
        for what, number, count in (("track", track, n_tracks), ("slot", slot, n_scenes)):
            if number > count:
                raise LinkError(f"there is no {what} {number}: the set has 1 to {count}", kind="refused")
        return sure(found)

    async def slot(self, track: int, slot: int) -> Slot:
        """Find a slot.

        Raises:
            ValueError: A number is below 1.
            LinkError: ``refused`` when there is no such place.
        """
        await self._at(track, slot)
        return Slot(self, track - 1, slot - 1)

    async def look(self, track: int, slot: int) -> tuple[Slot, str, bool]:
        """Find a slot, as ``slot``; give also its track's name and whether it holds a clip."""
        place = Slot(self, track - 1, slot - 1)
        name, taken = await self._at(track, slot, place.track_name, place.has_clip)
        return place, name, taken

    async def read_slot(self, track: int, slot: int) -> Clip | None:
        """Read what sounds in a slot, at the set's tempo and metre, or None when it is empty; as ``slot``."""
        song, place = await together(self.song(), self.slot(track, slot))
        found: LiveClip | None = await place.read()
        return found.clip(bpm=song.tempo, meter=song.meter) if found else None

    async def write_slot(
        self, track: int, slot: int, clip: Clip | LiveClip, *, track_name: str | None = None
    ) -> None:
        """Put a clip into an empty slot of a MIDI track. A failure may leave a part of it there.

        Args:
            track: From 1.
            slot: From 1.
            clip: What to write.
            track_name: What the track must be called, where the caller has looked before.

        Raises:
            ValueError: A number is below 1.
            ClipError: The clip holds what cannot be sent; nothing was done.
            LinkError: ``refused``: no such place, an audio track, another track, or the slot is taken.
        """
        live = clip if isinstance(clip, LiveClip) else await asyncio.to_thread(LiveClip.of, clip)
        await asyncio.to_thread(live.check)
        place = await self.slot(track, slot)
        await place.check_free(track_name)
        await place.write(live)

    async def clear_slot(self, track: int, slot: int) -> None:
        """Delete the clip in a slot; an empty slot stays as it is.

        Raises:
            ValueError: A number is below 1.
            LinkError: ``refused``: no such place, or the clip is still there afterwards.
        """
        place, _, taken = await self.look(track, slot)
        if taken:
            await place.clear()
