"""Reading and writing the clip of one slot over AbletonOSC, whatever its size.

Notes are read in windows of time, because an answer that exceeds a datagram is lost; a window that fails is
halved, and one too dense in time is split by pitch. They are written in pieces small enough for every
receiver. Ranges are always sent: AbletonOSC's default misses pitch 127 and what starts at beat 8192 or
later. Indices count from 0 here; ``link`` alone speaks to callers.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from conduit.errors import LinkError
from conduit.live.live_clip import LiveClip, LiveNote
from conduit.live.osc import Value

__all__ = ["Asker", "Slot", "batched", "every", "moved", "one", "sure", "together"]

_Item = TypeVar("_Item")

_NOTES_A_DATAGRAM = 300  # 6,336 bytes: below python-osc's 8,192 and macOS's 9,216
_FIRST_BEAT = -8192.0
_TAIL_BEATS = 16384.0
_SHORT_BEATS = 32.0
_WINDOW_BEATS = 16.0
_MAX_WINDOW_BEATS = 1024.0
_MIN_WINDOW_BEATS = 1 / 64
_WINDOWS_AT_ONCE = 12  # their answers, about 80 kB, fit every receive buffer
_WRITES_AT_ONCE = 4  # about 25 kB; Windows gives a socket 64 kB unless it asks for more
_N_PITCHES = 128
_NOTE_FIELDS = 5
_SETTINGS = ("color", "muted", "launch_mode", "launch_quantization", "legato", "velocity_amount")
_SHAPE = ("name", "loop_start", "loop_end", "start_marker", "end_marker", "looping", "is_midi_clip")


class Asker(Protocol):
    """Whoever carries queries and writes to Live."""

    async def ask(self, address: str, *args: object) -> tuple[Value, ...]:
        """Send a query; give what follows the echoed ids."""

    async def ask_each(self, address: str, *asked: Sequence[object]) -> list[tuple[Value, ...] | None]:
        """Send queries that differ only behind their ids; None for what was refused or lost."""

    async def tell(self, address: str, *args: object) -> None:
        """Send a write and wait until it was taken."""

    async def tell_all(self, *told: tuple[object, ...]) -> None:
        """Send writes, address first, one right after the other, and wait until they were taken."""


async def every(*asked: Coroutine[Any, Any, Any]) -> list[Any]:
    """Wait for all; give the result or the error of each."""
    return await asyncio.gather(*asked, return_exceptions=True)


def sure(results: list[Any]) -> list[Any]:
    """Give results, or raise the first error among them."""
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


async def together(*asked: Coroutine[Any, Any, Any]) -> list[Any]:
    """Wait for all, then give all results or raise the first failure."""
    return sure(await every(*asked))


async def one(live: Asker, address: str, *args: object) -> Any:
    """Send a query that is answered with one value behind the ids; give it."""
    answer = await live.ask(address, *args)
    if len(answer) != 1:
        text = f"{address} was answered with {len(answer)} values instead of one"
        raise LinkError(text, kind="protocol", address=address)
    return answer[0]


def batched(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    """Cut a sequence into pieces of ``size``."""
    return (items[start : start + size] for start in range(0, len(items), size))


def moved(name: str, wanted: str) -> str:
    """Say that a track is not the one that was meant."""
    return f"it is {name!r} now, not {wanted!r}; tracks have moved, so look again"


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot, by index.

    Args:
        live: Carries the messages.
        track: Index from 0.
        scene: Index from 0.
    """

    live: Asker
    track: int
    scene: int

    async def track_name(self) -> str:
        """Give the name of the slot's track."""
        return str(await one(self.live, "/live/track/get/name", self.track))

    async def has_clip(self) -> bool:
        """Whether there is a clip."""
        return bool(await one(self.live, "/live/clip_slot/get/has_clip", self.track, self.scene))

    async def read(self) -> LiveClip | None:
        """Read the clip, all of it, or None when the slot is empty."""
        return await self.content() if await self.has_clip() else None

    async def content(self) -> LiveClip | None:
        """Read the clip, as ``read``, where there most likely is one: Live is slow at saying no."""
        names = (*_SHAPE, *_SETTINGS)
        *values, taken = await every(*map(self._get, names), self.has_clip())
        if not sure([taken])[0]:
            return None
        found = dict(zip(names, sure(values), strict=True))
        if not found["is_midi_clip"]:
            text = f"{found['name']!r} is an audio clip; only MIDI clips can be read"
            raise LinkError(text, kind="refused")
        loop = (float(found["loop_start"]), float(found["loop_end"]))
        markers = (float(found["start_marker"]), float(found["end_marker"]))
        notes = await self._notes(end=max(loop[1], markers[1], 0.0))
        settings = MappingProxyType({name: found[name] for name in _SETTINGS})
        return LiveClip(str(found["name"]), notes, loop, markers, bool(found["looping"]), settings)

    async def check_free(self, track_name: str | None) -> None:
        """Make sure that a clip can be written here.

        Args:
            track_name: What the track must be called, or None for any name.

        Raises:
            LinkError: ``refused``, with the reason and what to do.
        """
        name, is_midi, taken = await together(
            self.live.ask("/live/track/get/name", self.track),
            self.live.ask("/live/track/get/has_midi_input", self.track),
            self.has_clip(),
        )
        if track_name is not None and name != (track_name,):
            reason = moved(name[0], track_name)
        elif is_midi != (True,):
            reason = f"{name[0]!r} is not a MIDI track; choose one that is"
        elif taken:
            reason = f"slot {self.scene + 1} of {name[0]!r} holds a clip; choose an empty slot"
        else:
            return
        raise LinkError(f"nothing was written to track {self.track + 1}: {reason}", kind="refused")

    async def write(self, clip: LiveClip) -> None:
        """Put a clip into the slot, which must be empty; a failure may leave a part of it there."""
        length = max(clip.loop[1], clip.markers[1])
        await self._tell("clip_slot/create_clip", length if length > 0 else 1.0)
        writes = [("/live/clip/set/name", self.track, self.scene, clip.name)] + [
            ("/live/clip/add/notes", self.track, self.scene, *chain.from_iterable(notes))
            for notes in batched(clip.notes, _NOTES_A_DATAGRAM)
        ]
        for some in batched(writes, _WRITES_AT_ONCE):
            await self.live.tell_all(*some)
        fresh = (0.0, length)
        if clip.loop != fresh or clip.markers != fresh or not clip.looping:
            await self._shape(clip)
        for name, value in clip.settings.items():
            if value is not None and value != await self._get(name):
                await self._tell(f"clip/set/{name}", value)

    async def clear(self) -> None:
        """Empty the slot.

        Raises:
            LinkError: ``refused``, also when the clip is still there afterwards.
        """
        await self._tell("clip_slot/delete_clip")
        if await self.has_clip():
            raise LinkError("Live did not delete the clip", kind="refused")

    async def _get(self, name: str) -> Any:
        return await one(self.live, f"/live/clip/get/{name}", self.track, self.scene)

    async def _tell(self, path: str, *args: Value) -> None:
        await self.live.tell(f"/live/{path}", self.track, self.scene, *args)

    async def _shape(self, clip: LiveClip) -> None:
        """Set loop and markers. The new clip ends where the later of both ends, so starts go first."""
        for pair, (start, end) in (("loop", clip.loop), ("marker", clip.markers)):
            names = (f"{pair}_start", f"{pair}_end") if pair == "loop" else (f"start_{pair}", f"end_{pair}")
            await self._tell(f"clip/set/{names[0]}", start)
            await self._tell(f"clip/set/{names[1]}", end)
        if not clip.looping:
            await self._tell("clip/set/looping", 0)

    async def _notes(self, *, end: float) -> tuple[LiveNote, ...]:
        """Read every note, wherever it starts: a short clip in one go if that works, a long one in windows.

        Args:
            end: Beat where the clip's own content ends; windows are small up to there.
        """
        if end <= _SHORT_BEATS:
            with contextlib.suppress(LinkError):
                return tuple(sorted(await self._ask_notes(_FIRST_BEAT, _TAIL_BEATS - _FIRST_BEAT)))
        last = math.ceil(end / _WINDOW_BEATS) * _WINDOW_BEATS
        windows = [(_FIRST_BEAT, -_FIRST_BEAT), (last, _TAIL_BEATS)]
        start, length = 0.0, _WINDOW_BEATS
        found: list[LiveNote] = []
        while windows:
            while start < last and len(windows) < _WINDOWS_AT_ONCE:
                windows.append((start, min(length, last - start)))
                start += length
            notes = await self._windows(windows)
            found += chain.from_iterable(notes)
            length = _next_length(windows, notes)
            windows = [(start, min(length, last - start))] if start < last else []
            start += length
        return tuple(sorted(found))

    async def _windows(self, windows: Sequence[tuple[float, float]]) -> list[list[LiveNote]]:
        """Read the notes of several windows at once, and again, in halves, what did not come."""
        place = (self.track, self.scene)
        asked = ((*place, 0, _N_PITCHES, *window) for window in windows)
        answers = await self.live.ask_each("/live/clip/get/notes", *asked)
        return [
            await self._window(*window) if answer is None else _notes_of(answer)
            for window, answer in zip(windows, answers, strict=True)
        ]

    async def _window(
        self, start: float, length: float, pitch: int = 0, span: int = _N_PITCHES
    ) -> list[LiveNote]:
        """Read the notes that start in ``[start, start + length)`` and ``[pitch, pitch + span)``."""
        try:
            return await self._ask_notes(start, length, pitch, span)
        except LinkError:
            if not await self.has_clip():  # also fails, and says so, when Live does not answer at all
                raise
            halves = _halves(start, length, pitch, span)
            if not halves:
                raise
            return [note for half in halves for note in await self._window(*half)]

    async def _ask_notes(
        self, start: float, length: float, pitch: int = 0, span: int = _N_PITCHES
    ) -> list[LiveNote]:
        values = await self.live.ask(
            "/live/clip/get/notes", self.track, self.scene, pitch, span, start, length
        )
        return _notes_of(values)


def _notes_of(values: Sequence[Value]) -> list[LiveNote]:
    if len(values) % _NOTE_FIELDS:
        raise LinkError(f"Live sent {len(values)} values as notes, five to a note", kind="protocol")
    return [_note(fields) for fields in batched(values, _NOTE_FIELDS)]


def _next_length(windows: Sequence[tuple[float, float]], notes: Sequence[Sequence[LiveNote]]) -> float:
    """Give whole beats in which about a datagram of notes starts, as dense as they were so far."""
    inside = [
        (length, len(some))
        for (_, length), some in zip(windows, notes, strict=True)
        if length <= _MAX_WINDOW_BEATS
    ]
    density = max((count / length for length, count in inside), default=0.0)
    fitting = _NOTES_A_DATAGRAM / density if density else _MAX_WINDOW_BEATS
    return float(min(max(math.floor(fitting), 1), _MAX_WINDOW_BEATS))


def _note(fields: Sequence[Any]) -> LiveNote:
    pitch, start, duration, velocity, mute = fields
    return LiveNote(int(pitch), float(start), float(duration), float(velocity), bool(mute))


def _halves(start: float, length: float, pitch: int, span: int) -> list[tuple[float, float, int, int]]:
    if length > _MIN_WINDOW_BEATS:
        half = length / 2
        return [(start, half, pitch, span), (start + half, half, pitch, span)]
    if span > 1:
        return [(start, length, pitch, span // 2), (start, length, pitch + span // 2, span - span // 2)]
    return []
