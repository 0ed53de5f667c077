"""A set kept in sight: a snapshot that follows what happens in Live.

What changes while one plays is listened to. What has no listener in AbletonOSC (tracks that come and go, clips
that are renamed) is found by reading the set again every few seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Self, TypeVar

from conduit.errors import LinkError
from conduit.live.link import LiveLink
from conduit.live.listening import Listening
from conduit.live.osc import Value
from conduit.live.slots import together
from conduit.live.snapshot import SetSnapshot, TrackSnapshot

__all__ = ["SetWatch"]

_Value = TypeVar("_Value", SetSnapshot, TrackSnapshot)


def _slot_number(index: Value) -> int | None:
    return int(index) + 1 if isinstance(index, int) and index >= 0 else None


_SONG: dict[str, tuple[str, Callable[[Any], object]]] = {
    "tempo": ("tempo", float),
    "is_playing": ("is_playing", bool),
    "clip_trigger_quantization": ("quantization", int),
}
_TRACK: dict[str, tuple[str, Callable[[Any], object]]] = {
    "mute": ("mute", bool),
    "solo": ("solo", bool),
    "volume": ("volume", float),
    "playing_slot_index": ("playing_slot", _slot_number),
    "fired_slot_index": ("fired_slot", _slot_number),
}
_VIEW = {"selected_track": "selected_track", "selected_scene": "selected_scene"}


def _with(value: _Value, field: str, new: object) -> _Value:
    changed: dict[str, Any] = {field: new}
    return replace(value, **changed)


class SetWatch:
    """Keeps a snapshot fresh. It belongs to the loop of its link.

    Args:
        link: The way to Live.
        every_s: Seconds between two readings of the whole set.

    Attributes:
        snapshot: The set as it was last heard of.
        lost: Why nothing is heard at the moment, in words for a person; empty while all is well.
    """

    def __init__(self, link: LiveLink, *, every_s: float = 2.0) -> None:
        self.snapshot: SetSnapshot
        self.lost = ""
        self._link = link
        self._every_s = every_s
        self._told: list[Callable[[], None]] = []
        self._listenings: list[Listening] = []
        self._listened: tuple[str, ...] | None = None
        self._meanwhile: list[Callable[[SetSnapshot], SetSnapshot]] = []
        self._again = asyncio.Event()
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._forget: Callable[[], None] = lambda: None

    async def open(self) -> Self:
        """Read the set and begin to follow it.

        Raises:
            LinkError: Live does not answer.
        """
        try:
            await self.refresh()
        except BaseException:
            async with self._lock:
                await self._stop_listening()
            raise
        self._forget = self._link.on_restart(self._again.set)
        self._task = asyncio.create_task(self._follow())
        return self

    async def close(self, *, why: str = "") -> None:
        """Follow it no longer.

        Args:
            why: What those who look are told, such as that Live was left.
        """
        self._forget()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        async with self._lock:
            await self._stop_listening()
        if why and hasattr(self, "snapshot"):
            self._show(self.snapshot, lost=why)

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def subscribe(self, told: Callable[[], None]) -> Callable[[], None]:
        """Have a function called after each change, on the loop; give what ends that."""
        self._told.append(told)
        return lambda: self._told.remove(told) if told in self._told else None

    async def refresh(self) -> None:
        """Read the whole set now, and listen to its tracks where they are others than before.

        Tracks are also others where something changed of which nobody told: names may be the same.

        Raises:
            LinkError: Live does not answer.
        """
        async with self._lock:
            await self._refresh()

    async def _refresh(self) -> None:
        found = await self._read()
        names = tuple(track.name for track in found.tracks)
        if names != self._listened or _followed(found) != _followed(self.snapshot):
            await self._stop_listening()
            await self._listen(len(names))
            self._listened = names
            found = await self._read()  # what happened before somebody listened
        self._show(found)

    async def _read(self) -> SetSnapshot:
        """Read the set; what was heard while the answers came is newer than they are."""
        self._meanwhile.clear()
        found = await self._link.snapshot()
        for change in self._meanwhile:
            found = change(found)
        return found

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every_s):
                    await self._again.wait()
            self._again.clear()
            try:
                await self.refresh()
            except LinkError as error:
                self._show(self.snapshot, lost=error.message)
            except Exception as error:  # noqa: BLE001  whoever looks must learn that nothing follows
                _report("reading the set failed", error)
                self._show(self.snapshot, lost=f"The set cannot be read: {error}")

    async def _listen(self, n_tracks: int) -> None:
        asked: list[tuple[str, tuple[int, ...], Callable[[Any], None]]] = []
        for name, (field, cast) in _SONG.items():
            asked.append((f"/live/song/get/{name}", (), partial(self._song, field, cast)))
        for name, field in _VIEW.items():
            asked.append((f"/live/view/get/{name}", (), partial(self._song, field, _slot_number)))
        for index in range(n_tracks):
            for name, (field, cast) in _TRACK.items():
                asked.append((f"/live/track/get/{name}", (index,), partial(self._track, index, field, cast)))

        async def listen(address: str, ids: tuple[int, ...], heard: Callable[[Any], None]) -> None:
            # Kept one by one: where another fails, this one has to be stopped too.
            self._listenings.append(await self._link.listen(address, *ids, heard=heard))

        await together(*(listen(*one) for one in asked))

    async def _stop_listening(self) -> None:
        listenings, self._listenings, self._listened = self._listenings, [], None
        if listenings:
            with contextlib.suppress(LinkError):
                await together(*(listening.stop() for listening in listenings))

    def _song(self, field: str, cast: Callable[[Any], object], values: tuple[Value, ...]) -> None:
        if values:
            self._heard(lambda now: _with(now, field, cast(values[0])))

    def _track(
        self, index: int, field: str, cast: Callable[[Any], object], values: tuple[Value, ...]
    ) -> None:
        if values:
            self._heard(lambda now: _with_track(now, index, field, cast(values[0])))

    def _heard(self, change: Callable[[SetSnapshot], SetSnapshot]) -> None:
        self._meanwhile.append(change)
        if hasattr(self, "snapshot"):
            self._show(change(self.snapshot), lost=self.lost)

    def _show(self, snapshot: SetSnapshot, *, lost: str = "") -> None:
        if lost == self.lost and getattr(self, "snapshot", None) == snapshot:
            return
        self.snapshot, self.lost = snapshot, lost
        for told in tuple(self._told):
            try:
                told()
            except Exception as error:  # noqa: BLE001  one who looks must not blind the others
                _report("telling of a change failed", error)


def _report(what: str, error: Exception) -> None:
    asyncio.get_running_loop().call_exception_handler({"message": what, "exception": error})


def _followed(now: SetSnapshot) -> tuple[object, ...]:
    """Give what listeners tell of; the selection, which a return track has none of, is left out."""
    song = [getattr(now, field) for field, _ in _SONG.values()]
    return *song, *(getattr(track, field) for track in now.tracks for field, _ in _TRACK.values())


def _with_track(now: SetSnapshot, index: int, field: str, new: object) -> SetSnapshot:
    if index >= len(now.tracks):
        return now
    tracks = list(now.tracks)
    tracks[index] = _with(tracks[index], field, new)
    return replace(now, tracks=tuple(tracks))
