"""Fewer notes, and more: the weakest onsets go first, the gaps are filled with soft ones.

Controls, metres and the loop stay as they are.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from conduit.music.chance import happens
from conduit.music.drums import DRUM_PITCHES
from conduit.music.note import note_table
from conduit.music.rhythm import weights
from conduit.music.tidy import tidied

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = ["simplify", "thicken", "thin"]

_STEPS = 4  # sixteenths in a beat


def thin(clip: Clip, share: float = 0.35) -> Clip:
    """Take away onsets, the weakest first, never the clip's first; where there are few, chords lose a voice.

    Args:
        clip: The clip.
        share: How many of the onsets go, 0-1.

    Raises:
        ValueError: The share is none.

    >>> from conduit.music import Clip, Note
    >>> [note.start for note in Clip.of([Note(60, step / 2, 0.5) for step in range(8)]).thin(0.5).notes]
    [0.0, 1.0, 2.0, 3.0]
    """
    onsets, first = np.unique(clip.table["start"], return_index=True)
    if not 0 <= share <= 1:
        raise ValueError(f"a share of {share} cannot be: 0 (leave all) to 1")
    if not len(onsets):
        return clip
    if len(onsets) <= clip.bars:
        return _fewer_voices(clip)
    loudest = np.maximum.reduceat(clip.table["velocity"], first)
    worth = weights(clip, onsets) + loudest / 127
    worth[0] = np.inf
    order = np.lexsort((onsets, worth))
    gone = onsets[order[: round(len(onsets) * share)]]
    return clip.with_table(clip.table[~np.isin(clip.table["start"], gone)])


def _fewer_voices(clip: Clip) -> Clip:
    _, first, sizes = np.unique(clip.table["start"], return_index=True, return_counts=True)
    kept = np.ones(len(clip), dtype=bool)
    kept[(first + sizes // 2)[sizes > 3]] = False
    return clip.with_table(clip.table[kept])


def simplify(clip: Clip, share: float = 0.35) -> Clip:
    """Take the weakest onsets away and let those before them sound on in their place; chords become triads.

    Args:
        clip: The clip.
        share: How many of the onsets go, 0-1.

    Raises:
        ValueError: The share is none.

    >>> from conduit.music import Clip, Note
    >>> [note.duration for note in Clip.of([Note(60, step / 2, 0.5) for step in range(8)]).simplify(0.5).notes]
    [1.0, 1.0, 1.0, 1.0]
    """
    if clip.is_drums or not len(clip):
        return thin(clip, share)
    plain = _triads(thin(clip, share))
    table = plain.table.copy()
    ends = table["start"] + table["duration"]
    reached = ends >= _next_onset(clip, table["start"])
    longer = np.maximum(ends, _next_onset(plain, table["start"])) - table["start"]
    table["duration"] = np.where(reached, longer, table["duration"])
    return tidied(plain, table, was=plain.table)


def _next_onset(clip: Clip, ticks: NDArray[np.int64]) -> NDArray[np.int64]:
    onsets = np.append(np.unique(clip.table["start"]), clip.length_ticks)
    return np.asarray(onsets[np.minimum(np.searchsorted(onsets, ticks, side="right"), len(onsets) - 1)])


def _triads(clip: Clip) -> Clip:
    """Leave three notes of a chord: the lowest, the highest and one between."""
    _, first, sizes = np.unique(clip.table["start"], return_index=True, return_counts=True)
    number = np.arange(len(clip)) - np.repeat(first, sizes)
    size = np.repeat(sizes, sizes)
    return clip.with_table(clip.table[(size <= 3) | np.isin(number, (0, 1)) | (number == size - 1)])


def thicken(clip: Clip, rng: Random | None = None, *, share: float = 0.6, seed: int = 0) -> Clip:
    """Put soft notes into the gaps: the onset before, again, half way to the next, on a sixteenth.

    Args:
        clip: The clip; drums get ghosts instead.
        rng: Picks the gaps; by default a new one of the seed.
        share: How many of the gaps of an eighth or more are filled, 0-1.
        seed: As above.

    >>> from conduit.music import Clip, Note
    >>> len(Clip.of([Note(60, 0, 1), Note(62, 2, 1)]).thicken(share=1.0))
    4
    """
    rng = rng or Random(seed)
    if clip.is_drums:
        return _with_ghosts(clip, rng, share=share)
    sixteenth = clip.ppq // _STEPS
    onsets, first = np.unique(clip.table["start"], return_index=True)
    gaps = np.diff(np.append(onsets, clip.length_ticks))
    filled = np.array(
        [bool(gap >= 2 * sixteenth) and happens(rng, share) for gap in gaps.tolist()], dtype=bool
    )
    group = np.repeat(np.arange(len(onsets)), np.diff(np.append(first, len(clip))))
    rows = filled[group]
    extra, gap = clip.table[rows].copy(), gaps[group[rows]]
    extra["start"] += np.maximum(1, gap // 2 // max(1, sixteenth)) * sixteenth
    extra["velocity"] = np.maximum(1, extra["velocity"] * 0.7).astype(np.uint8)
    extra["duration"] = np.minimum(extra["duration"], np.maximum(1, gap // 2))
    return tidied(clip, np.concatenate([clip.table, extra]))


def _with_ghosts(clip: Clip, rng: Random, *, share: float) -> Clip:
    """Soft hats where a sixteenth has none, now and then a ghost of the snare."""
    sixteenth = max(1, clip.ppq // _STEPS)
    rows: list[tuple[int, int, int, int]] = []
    for start in range(0, clip.length_ticks, sixteenth):
        if happens(rng, share):
            rows.append((start, sixteenth, DRUM_PITCHES["hat"], 54))
        if start // sixteenth % 2 and happens(rng, share / 4):
            rows.append((start, sixteenth, DRUM_PITCHES["snare"], 42))
    return tidied(clip, np.concatenate([clip.table, note_table(rows)]))
