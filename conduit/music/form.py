"""Edits of a clip's form: clips one after the other or on top of each other, repeats, pieces put in.

Control changes, changes of metre and the loop come along; clips that are joined keep theirs, each in its time.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from conduit.errors import ClipError
from conduit.music import limits
from conduit.music.lanes import chased, joined, layered
from conduit.music.meter import Meter
from conduit.music.slices import window
from conduit.music.tidy import ended, tidied

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = ["cut", "join", "merge", "rescaled", "spliced", "tile"]

_FINEST = 32_767  # ticks a beat


def rescaled(clip: Clip, factor: float, *, ppq: int) -> Clip:
    """Give a clip whose times are so many times as many ticks, of so many a beat; a note lasts one at the least."""
    table, lanes = clip.table.copy(), clip.control_table.copy()
    ends = np.rint((table["start"] + table["duration"]) * factor).astype(np.int64)
    table["start"] = np.rint(table["start"] * factor)
    table["duration"] = np.maximum(1, ends - table["start"])
    lanes["start"] = np.rint(lanes["start"] * factor)
    changes = {max(1, round(at * factor)): meter for at, meter in clip.meter_changes}
    loop = clip.loop_ticks and (round(clip.loop_ticks[0] * factor), round(clip.loop_ticks[1] * factor))
    return clip.with_(
        ppq=ppq,
        length_ticks=max(1, round(clip.length_ticks * factor)),
        control_table=lanes,
        meter_changes=tuple(changes.items()),
        loop_ticks=loop if loop and loop[0] < loop[1] else None,
    ).with_table(table)


def _in_one_resolution(clips: tuple[Clip, ...]) -> list[Clip]:
    for other in clips[1:]:
        if not isinstance(other, type(clips[0])):
            raise TypeError(f"{other!r:.80} is no clip; give clips one by one, such as a.join(b, c)")
    if len({clip.is_drums for clip in clips}) > 1:
        raise ClipError(
            "drums and pitched notes do not go into one clip: their pitches mean different things"
        )
    ppq = math.lcm(*(clip.ppq for clip in clips))
    return [_resolved(clip, min(ppq, _FINEST)) for clip in clips]


def _resolved(clip: Clip, ppq: int) -> Clip:
    return clip if ppq == clip.ppq else rescaled(clip, ppq / clip.ppq, ppq=ppq)


def join(clip: Clip, *others: Clip) -> Clip:
    """Put clips one after the other; name, tempo, key, loop and instrument are the first one's.

    Every note is kept. Each clip's metre holds in its time; where one begins, what controls hold already is not
    said again, and pedals, wheels and pressure that it does not set go back to rest.

    Raises:
        ClipError: Drums are to be joined to pitched notes, or it gets too long.
        TypeError: One of them is no clip.

    >>> from conduit.music import Clip, Note
    >>> Clip.of([Note(60, 0, 1)]).join(Clip.of([Note(62, 0, 1)], meter="3/4")).length
    7.0
    """
    clips = _in_one_resolution((clip, *others))
    offsets = np.cumsum([0, *(one.length_ticks for one in clips)]).tolist()
    table = np.concatenate([one.table for one in clips])
    table["start"] += np.repeat(offsets[:-1], [len(one) for one in clips])
    return (
        clips[0]
        .with_(
            length_ticks=offsets[-1],
            control_table=joined((one.control_table, one.length_ticks) for one in clips),
            meter_changes=_changes_of(clips, offsets),
        )
        .with_table(table)
    )


def _changes_of(clips: list[Clip], offsets: list[int]) -> tuple[tuple[int, Meter], ...]:
    """Give every change of metre, and one at each seam where the metre differs."""
    found: dict[int, Meter] = {}
    holds = clips[0].meter
    for one, offset in zip(clips, offsets, strict=False):
        inside = [(at + offset, meter) for at, meter in one.meter_changes if at < one.length_ticks]
        if offset and one.meter != holds:
            found[offset] = one.meter
        found |= dict(inside)
        holds = inside[-1][1] if inside else one.meter
    return tuple(found.items())


def tile(clip: Clip, times: int) -> Clip:
    """Repeat a clip, with its controls and metres.

    Args:
        clip: The clip; a loop that is set stays where it is.
        times: 1 or more.

    Raises:
        ValueError: ``times`` is no such number.
        ClipError: It gets too long.

    >>> from conduit.music import Clip, Note
    >>> len(Clip.of([Note(60, 0, 1)]).tile(3))
    3
    """
    if times < 1 or times != int(times):
        raise ValueError(f"{times} is not a number of times: repeat a clip 1 time or more")
    limits.length(times * clip.length_ticks, ppq=clip.ppq)
    return join(clip, *[clip] * (int(times) - 1))


def cut(clip: Clip, beats: float) -> Clip:
    """Give a clip of this length: its beginning, or repeated until it is long enough.

    What starts later is left out, and notes end with the clip.

    Raises:
        ValueError: That is no length.

    >>> from conduit.music import Clip, Note
    >>> [note.start for note in Clip.of([Note(60, 1, 1)], length=2).cut(5).notes]
    [1.0, 3.0]
    """
    ticks = round(beats * clip.ppq)
    if ticks < 1:
        raise ValueError(f"{beats} beats is not a length: it is more than 0")
    whole = window(tile(clip, -(-ticks // clip.length_ticks)), 0, ticks)
    return whole.with_table(ended(whole.table, ticks))


def merge(clip: Clip, *others: Clip) -> Clip:
    """Lay clips on top of each other, from their beginnings; it is as long as the longest.

    Name, tempo, metre, key, loop and instrument are the first one's. Where two play one pitch at once the later
    note ends the earlier, and of two at one start the louder stays, as Live has it.

    Raises:
        ClipError: Drums are to be merged with pitched notes.
        TypeError: One of them is no clip.

    >>> from conduit.music import Clip, Note
    >>> [note.pitch for note in Clip.of([Note(60, 0, 1)]).merge(Clip.of([Note(64, 0, 1)])).notes]
    [60, 64]
    """
    clips = _in_one_resolution((clip, *others))
    longest = clips[0].with_(
        length_ticks=max(one.length_ticks for one in clips),
        control_table=layered(one.control_table for one in clips),
    )
    return tidied(longest, np.concatenate([one.table for one in clips]))


def spliced(clip: Clip, piece: Clip, start: float) -> Clip:
    """Put a piece in the place of what begins in its time; the clip keeps its length, metres and loop.

    Its controls come with it, and after it controls hold what they held there before. Notes of one pitch that would
    sound at once are tidied as by ``merge``.
    """
    piece = _resolved(piece, clip.ppq)
    first = round(start * clip.ppq)
    last = min(first + piece.length_ticks, clip.length_ticks)
    table = piece.table.copy()
    table["start"] += first
    outside = (clip.table["start"] < first) | (clip.table["start"] >= last)
    sources = ((clip, 0, first), (piece, 0, last - first), (clip, last, clip.length_ticks))
    lanes = [
        (chased(one.control_table, [begin, end])[0], end - begin)
        for one, begin, end in sources
        if begin < end
    ]
    whole = clip.with_(control_table=joined(lanes))
    return tidied(whole, np.concatenate([clip.table[outside], table]))
