"""Reading the notes of one clip over AbletonOSC, however many.

An answer that exceeds a datagram is lost, so notes are read in windows of time; a window that fails is halved,
and one too dense in time is split by pitch. Ranges are always sent: AbletonOSC's default misses pitch 127 and
what starts at beat 8192 or later. Windows start at whole beats, which 32 bits hold exactly, so that no note
falls between two.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Any

from conduit.errors import LinkError
from conduit.live.asking import Asker, batched, one
from conduit.live.live_clip import LiveNote
from conduit.live.osc import Value

__all__ = [
    "NOTES_A_DATAGRAM",
    "WHOLE",
    "Window",
    "end_of",
    "read_all",
    "read_whole",
    "read_windows",
    "windows_like",
]

Window = tuple[float, float]
"""Start and length in beats; notes belong to it that start within."""

NOTES_A_DATAGRAM = 300
"""6,336 bytes: below python-osc's 8,192 and macOS's 9,216."""

_FIRST_BEAT = -8192.0
_TAIL_BEATS = 16384.0
_WINDOW_BEATS = 16.0
_MAX_WINDOW_BEATS = 1024.0
_MIN_WINDOW_BEATS = 1 / 64
_AT_ONCE = 12  # their answers, about 80 kB, fit every receive buffer
_N_PITCHES = 128
_NOTE_FIELDS = 5

WHOLE: Window = (_FIRST_BEAT, _TAIL_BEATS - _FIRST_BEAT)
"""All of a clip that ends before beat 16384; for one of few notes it is enough."""


def end_of(windows: Sequence[Window]) -> float:
    """Give the beat up to which windows reach."""
    return max(start + length for start, length in windows)


def windows_like(notes: Sequence[LiveNote]) -> list[Window]:
    """Give windows over all of a clip that hold about a datagram of notes each, if it holds notes like these.

    >>> windows_like([])
    [(-8192.0, 24576.0)]
    """
    if len(notes) <= NOTES_A_DATAGRAM:
        return [WHOLE]
    edges, count = [_FIRST_BEAT], 0
    beats = Counter(float(math.floor(note.start)) for note in notes)
    for beat, some in sorted(beats.items()):
        if count and count + some > NOTES_A_DATAGRAM and beat > _FIRST_BEAT:
            edges.append(beat)
            count = 0
        count += some
    found = [(start, end - start) for start, end in pairwise(edges)]
    return [*found, (edges[-1], _TAIL_BEATS - min(edges[-1], 0.0))]


async def read_whole(live: Asker, place: tuple[int, int]) -> list[LiveNote]:
    """Read the notes of a whole clip in one answer.

    Raises:
        LinkError: There are too many for a datagram, or there is no clip.
    """
    return _notes_of(await live.ask("/live/clip/get/notes", *place, 0, _N_PITCHES, *WHOLE))


async def read_windows(live: Asker, place: tuple[int, int], windows: Sequence[Window]) -> list[LiveNote]:
    """Read the notes that start in windows of a clip.

    Args:
        live: Carries the queries.
        place: Track and scene, indices from 0.
        windows: Where; a few are asked at once.
    """
    found: list[LiveNote] = []
    for some in batched(windows, _AT_ONCE):
        found += chain.from_iterable(await _several(live, place, some))
    return found


async def read_all(live: Asker, place: tuple[int, int], *, end: float) -> list[LiveNote]:
    """Read every note of a clip, wherever it starts, in windows as long as its density allows.

    Args:
        live: Carries the queries.
        place: Track and scene, indices from 0.
        end: Beat where the clip's own content ends; windows are small up to there.
    """
    last = math.ceil(max(end, 0.0) / _WINDOW_BEATS) * _WINDOW_BEATS
    windows = [(_FIRST_BEAT, -_FIRST_BEAT), (last, _TAIL_BEATS)]
    start, length = 0.0, _WINDOW_BEATS
    found: list[LiveNote] = []
    while windows:
        while start < last and len(windows) < _AT_ONCE:
            windows.append((start, min(length, last - start)))
            start += length
        notes = await _several(live, place, windows)
        found += chain.from_iterable(notes)
        length = _next_length(windows, notes)
        windows = [(start, min(length, last - start))] if start < last else []
        start += length
    return found


async def _several(live: Asker, place: tuple[int, int], windows: Sequence[Window]) -> list[list[LiveNote]]:
    """Read the notes of several windows at once, and again, in halves, what did not come."""
    asked = ((*place, 0, _N_PITCHES, *window) for window in windows)
    answers = await live.ask_each("/live/clip/get/notes", *asked)
    return [
        await _window(live, place, window) if answer is None else _notes_of(answer)
        for window, answer in zip(windows, answers, strict=True)
    ]


async def _window(
    live: Asker, place: tuple[int, int], window: Window, pitches: tuple[int, int] = (0, _N_PITCHES)
) -> list[LiveNote]:
    """Read the notes that start in a window and whose pitch is one of so many from the first."""
    try:
        return _notes_of(await live.ask("/live/clip/get/notes", *place, *pitches, *window))
    except LinkError:
        # The question also fails, and says so, when Live does not answer at all.
        if not await one(live, "/live/clip_slot/get/has_clip", *place):
            raise
        halves = _halves(window, pitches)
        if not halves:
            raise
        return [note for half in halves for note in await _window(live, place, *half)]


def _notes_of(values: Sequence[Value]) -> list[LiveNote]:
    if len(values) % _NOTE_FIELDS:
        raise LinkError(f"Live sent {len(values)} values as notes, five to a note", kind="protocol")
    return [_note(fields) for fields in batched(values, _NOTE_FIELDS)]


def _next_length(windows: Sequence[Window], notes: Sequence[Sequence[LiveNote]]) -> float:
    """Give whole beats in which about a datagram of notes starts, as dense as they were so far."""
    inside = [
        (length, len(some))
        for (_, length), some in zip(windows, notes, strict=True)
        if length <= _MAX_WINDOW_BEATS
    ]
    density = max((count / length for length, count in inside), default=0.0)
    fitting = NOTES_A_DATAGRAM / density if density else _MAX_WINDOW_BEATS
    return float(min(max(math.floor(fitting), 1), _MAX_WINDOW_BEATS))


def _note(fields: Sequence[Any]) -> LiveNote:
    pitch, start, duration, velocity, mute = fields
    return LiveNote(int(pitch), float(start), float(duration), float(velocity), bool(mute))


def _halves(window: Window, pitches: tuple[int, int]) -> list[tuple[Window, tuple[int, int]]]:
    (start, length), (pitch, span) = window, pitches
    if length > _MIN_WINDOW_BEATS:
        half = length / 2
        return [((start, half), pitches), ((start + half, half), pitches)]
    if span > 1:
        half_span = span // 2
        return [(window, (pitch, half_span)), (window, (pitch + half_span, span - half_span))]
    return []
