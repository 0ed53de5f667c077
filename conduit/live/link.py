"""The way to Live: one UDP socket, and what a musician asks of it.

The socket is bound to the reply port and sends from it, so both AbletonOSC, which answers to that port, and
its forks that answer to the sender reach it. Tracks, slots and scenes count from 1 here, as in Live's
window; only this module turns them into AbletonOSC's indices. AbletonOSC addresses everything by index, and
indices move. So slots and tracks are looked at before they are written or deleted, and each write travels
between questions about what it meets and what it leaves (``guards``). That cannot keep a write back which is on
its way while somebody moves a track, but nothing follows it, and the error says what may have been hit. What
looks alike in all that is asked cannot be told apart: two unnamed tracks that change places. ``tell`` and
``call`` send what they are given.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Self

from conduit.live import identity, tracks
from conduit.live.device import DeviceSnapshot, read_device
from conduit.live.line import Line
from conduit.live.listening import Heard, Listening
from conduit.live.live_clip import LiveClip
from conduit.live.osc import Message, Value, plain
from conduit.live.places import check_device, found, found_slot, free_slot
from conduit.live.slots import Slot, together
from conduit.live.snapshot import SetSnapshot, SongSnapshot, TrackSnapshot
from conduit.live.survey import read_set, read_song, track_asks, track_of
from conduit.music import Clip

__all__ = ["LiveLink"]

_TRIES = 6


class LiveLink:
    """A link to one Live, real or simulated. It belongs to the event loop it is opened on.

    Args:
        host: Where Live runs.
        port: The port AbletonOSC listens on.
        reply_port: The port it answers to, 11001 in all of its versions; 0 takes a free one.
        timeout_s: Seconds to wait for an answer before asking again.
        busy_s: Seconds to wait altogether for a Live that answers nothing, as while a dialog is open in it;
            six times ``timeout_s`` by default.
        idle_s: Seconds without use and without listeners after which the reply port is released, until the
            next use; None keeps it.

    Attributes:
        host: Where Live runs.
        port: The port AbletonOSC listens on.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 11000,
        reply_port: int = 11001,
        timeout_s: float = 0.5,
        busy_s: float | None = None,
        idle_s: float | None = 20.0,
    ) -> None:
        self.host = host
        self.port = port
        self._line = Line(
            host=host,
            port=port,
            reply_port=reply_port,
            timeout_s=timeout_s,
            busy_s=_TRIES * timeout_s if busy_s is None else busy_s,
            idle_s=idle_s,
        )
        self._has_fork: bool | None = None
        self._line.restarts.tell_first(self._forget)

    @property
    def reply_port(self) -> int:
        """The port where Live's answers arrive."""
        return self._line.port.number

    @property
    def is_bound(self) -> bool:
        """Whether the reply port is held here at the moment."""
        return self._line.port.is_bound

    async def open(self) -> Self:
        """Bind the reply port.

        Raises:
            LinkError: ``port_taken``, with who holds it, or ``protocol`` when the host has no address.
        """
        await self._line.port.open()
        return self

    async def close(self) -> None:
        """Release the reply port; what still waits fails."""
        await self._line.close()

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _forget(self) -> None:
        self._has_fork = None

    def on_restart(self, told: Callable[[], None]) -> Callable[[], None]:
        """Have a function called after Live's script has started again, as when another set was loaded.

        It is called too when Live is heard again after a silence, and when the reply port was bound again, as
        something may have been missed. All subscriptions have been tried again by then.

        Args:
            told: Takes nothing, runs on the link's loop, must not block.

        Returns:
            What ends it.
        """
        return self._line.restarts.tell(told)

    async def listen(self, address: str, *ids: object, heard: Heard) -> Listening:
        """Be told of a value and of every change of it, indices from 0, until ``Listening.stop``.

        Args:
            address: Where the value is asked, such as ``/live/song/get/tempo``; or ``BEAT``.
            ids: Which track, slot, device it is.
            heard: Takes what follows the ids; runs on the link's loop, must not block.

        Raises:
            ValueError: Nothing there can be listened to, or the ids do not fit.
            LinkError: ``no_reply``, or ``refused`` with Live's words.
        """
        return await self._line.listeners.listen(address, tuple(map(plain, ids)), heard)

    async def call(self, address: str, *args: object) -> tuple[Value, ...] | None:
        """Send what changes something and answers, indices from 0. It is never sent twice.

        Returns:
            What follows the echoed ids; None where Live took it and did not answer.

        Raises:
            ValueError: The table knows no such call, or the arguments do not fit.
            LinkError: ``refused`` with Live's words, or ``no_reply`` when it is unknown whether it was done.
        """
        return await self._line.call(address, *args)

    async def ask(self, address: str, *args: object) -> tuple[Value, ...]:
        """Send one of AbletonOSC's queries, indices from 0; give what follows the echoed ids.

        Raises:
            ValueError: The table knows no such query, or the arguments do not fit.
            LinkError: ``no_reply``, or ``refused`` with Live's words.
        """
        return await self._line.ask(address, *args)

    async def tell(self, address: str, *args: object) -> None:
        """Send one of AbletonOSC's setters or methods, indices from 0, and wait until Live has taken it.

        Raises:
            ValueError: The table knows no such write, or the arguments do not fit.
            LinkError: ``refused`` with Live's words, or ``no_reply``.
        """
        await self._line.tell_all((address, *args))

    async def ask_each(self, address: str, *asked: Sequence[object]) -> list[tuple[Value, ...] | None]:
        """Send queries that differ only behind their ids; None for what was refused or lost, else as ``ask``."""
        return await self._line.ask_each(address, *asked)

    async def tell_all(self, *told: tuple[object, ...], heard: list[Message] | None = None) -> None:
        """Send writes, address first, one right after the other; as ``tell``.

        Args:
            told: The writes; with ``heard`` also queries among them.
            heard: Takes all that comes meanwhile but errors.
        """
        await self._line.tell_all(*told, heard=heard)

    async def is_simulated(self) -> bool:
        """Whether a simulated set answers; Live does not know the question."""
        return await identity.is_simulated(self)

    async def version(self) -> str:
        """Give Live's version, such as ``12.3``."""
        return await identity.version(self)

    async def has_fork(self) -> bool:
        """Whether it is the fork of smithclay, which knows more addresses; found out once for each start."""
        if self._has_fork is None:
            self._has_fork = await identity.has_fork(self)
        return self._has_fork

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
        return track_of(track - 1, await found(self, track, 1, *track_asks(self, track - 1)))

    async def device(self, track: int, device: int) -> DeviceSnapshot:
        """Read a device with all its parameters; numbers from 1.

        Raises:
            LinkError: ``refused`` when there is no such track or device.
        """
        check_device(await self.track(track), device)
        return await read_device(self, track - 1, device - 1)

    async def create_track(self, name: str, *, midi: bool = True) -> int:
        """Add a MIDI or audio track behind the others and give its number; what fails or is cancelled leaves none.

        Raises:
            ValueError: The name cannot be sent.
            LinkError: ``refused``, also when afterwards there is not one more.
        """
        return await tracks.create(self, name, midi=midi) + 1

    async def delete_track(
        self, track: int, *, track_name: str | None = None, n_tracks: int | None = None
    ) -> None:
        """Delete a track with everything on it.

        Args:
            track: From 1.
            track_name: What the track must be called, where the caller has looked before.
            n_tracks: How many tracks there must be, likewise.

        Raises:
            LinkError: ``refused``, also when it is still there afterwards, or another may be gone instead.
        """
        await found(self, track)
        await tracks.delete(self, track - 1, name=track_name, n_tracks=n_tracks)

    async def slot(self, track: int, slot: int) -> Slot:
        """Find a slot.

        Raises:
            ValueError: A number is below 1.
            LinkError: ``refused`` when there is no such place.
        """
        place, _ = await found_slot(self, track, slot)
        return place

    async def look(self, track: int, slot: int) -> tuple[Slot, str, bool]:
        """Find a slot, as ``slot``; give also its track's name and whether it holds a clip."""
        place, (name, taken) = await found_slot(self, track, slot, Slot.track_name, Slot.has_clip)
        return place, name, taken

    async def read_slot(self, track: int, slot: int) -> Clip | None:
        """Read what sounds in a slot, at the set's tempo and metre, or None when it is empty; as ``slot``."""
        song, place = await together(self.song(), self.slot(track, slot))
        held: LiveClip | None = await place.read()
        return held.clip(bpm=song.tempo, meter=song.meter) if held else None

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
            LinkError: ``refused``: no such place, an audio track, another track, the slot is taken, or
                something was moved in Live meanwhile; then the message says what may have been hit.
        """
        live = clip if isinstance(clip, LiveClip) else await asyncio.to_thread(LiveClip.of, clip)
        await asyncio.to_thread(live.check)
        place = await free_slot(self, track, slot, track_name=track_name)
        await place.write(live)

    async def clear_slot(self, track: int, slot: int) -> None:
        """Delete the clip in a slot; an empty slot stays as it is.

        Raises:
            ValueError: A number is below 1.
            LinkError: ``refused``: no such place, the clip is still there afterwards, or something was moved
                in Live meanwhile and another may be gone.
        """
        place, _, taken = await self.look(track, slot)
        if taken:
            await place.clear()
