"""Parts of a clip. A part begins with the values that controls hold there, and in the metre that holds there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from conduit.music.lanes import chased
from conduit.music.tidy import ended

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = ["part", "split", "window", "windows"]


def part(clip: Clip, start: float, end: float) -> Clip:
    """Give what begins between two beats, as a clip of its own; notes end with it.

    Args:
        clip: The clip.
        start: Beat where the part starts.
        end: Beat where it ends.

    Raises:
        ValueError: That is no part of the clip.

    >>> from conduit.music import Clip, Note
    >>> [note.start for note in Clip.of([Note(60, 0, 4), Note(62, 2, 4)]).part(1, 4).notes]
    [1.0]
    """
    if not 0 <= start < end <= clip.length:
        raise ValueError(f"beats {start:g} to {end:g} are no part of a clip of {clip.length:g} beats")
    first, last = round(start * clip.ppq), round(end * clip.ppq)
    if first >= last:
        raise ValueError(f"beats {start:g} to {end:g} are less than a tick apart")
    piece = window(clip, first, last)
    return piece.with_table(ended(piece.table, piece.length_ticks))


def split(clip: Clip, *beats: float, bars: float | None = None) -> list[Clip]:
    """Give a clip in parts, in order.

    A note belongs to the part in which it begins and keeps its length, even where it sounds on past that part's
    end: ``join`` gives the clip back. ``part`` ends such notes.

    Args:
        clip: The clip.
        beats: Where to split it.
        bars: Split it after every so many bars instead.

    Raises:
        ValueError: A beat does not lie inside the clip, or there is nothing to split at.

    >>> from conduit.music import Clip, Note
    >>> [len(piece) for piece in Clip.of([Note(60, beat, 1) for beat in range(8)]).split(bars=1)]
    [4, 4]
    """
    if bars is not None and not beats and bars > 0:
        edges = _bar_edges(clip, bars)
    elif beats and bars is None and all(0 < beat < clip.length for beat in beats):
        edges = sorted({round(beat * clip.ppq) for beat in beats})
    else:
        raise ValueError(
            f"a clip of {clip.length:g} beats is split at beats between 0 and that, or after so many bars="
        )
    edges = [0, *(edge for edge in edges if 0 < edge < clip.length_ticks), clip.length_ticks]
    return windows(clip, edges)


def _bar_edges(clip: Clip, bars: float) -> list[int]:
    lines, edges = clip.bar_lines, []
    for number in range(1, math.ceil(clip.bars / bars)):
        bar = lines.number(int(number * bars))
        edges.append(round(bar.start + bar.length * (number * bars % 1)))
    return sorted(set(edges))


def window(clip: Clip, first: int, last: int) -> Clip:
    """Give what begins from one tick up to another; notes keep their length, even past the end."""
    return windows(clip, [first, last])[0]


def windows(clip: Clip, edges: Sequence[int]) -> list[Clip]:
    """Give what begins between each two ticks; notes keep their length, even past their window's end."""
    bounds = np.searchsorted(clip.table["start"], edges).tolist()
    lanes = chased(clip.control_table, edges)
    found = []
    for index, (first, last) in enumerate(pairwise(edges)):
        table = clip.table[bounds[index] : bounds[index + 1]].copy()
        table["start"] -= first
        changes = [(at - first, meter) for at, meter in clip.meter_changes if first < at < last]
        piece = clip.with_(
            table=table,
            length_ticks=last - first,
            control_table=lanes[index],
            meter=clip.bar_lines.at(first).meter,
            meter_changes=tuple(changes),
            loop_ticks=_loop_within(clip, first, last),
        )
        found.append(piece)
    return found


def _loop_within(clip: Clip, first: int, last: int) -> tuple[int, int] | None:
    """Give what of the loop lies in a part; None where that is all of it or nothing."""
    if clip.loop_ticks is None:
        return None
    start, end = max(first, clip.loop_ticks[0]), min(last, clip.loop_ticks[1])
    return (start - first, end - first) if start < end and (start, end) != (first, last) else None
