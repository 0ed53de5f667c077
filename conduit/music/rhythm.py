"""Changes of rhythm: fewer notes, more notes, off the beat; and how far off the beat a clip is.

They weigh each onset by its place in the metre, as a listener does.
"""

from __future__ import annotations

from random import Random

import numpy as np
from numpy.typing import NDArray

from conduit.music.chance import happens
from conduit.music.clip import Clip
from conduit.music.drums import DRUM_PITCHES
from conduit.music.edit import tidied
from conduit.music.note import note_table
from conduit.music.phrase import pulse_starts

__all__ = ["offbeat", "syncopate", "thicken", "thin"]

_MOVED = 25  # per cent of the onsets that syncopation moves at the least, where it can
_DOWNBEAT, _PULSE, _EIGHTH, _SIXTEENTH = 1.0, 0.75, 0.4, 0.15


def offbeat(clip: Clip) -> float:
    """Measure how far notes lie off the beat, the louder counting more: 0 on downbeats, near 1 between eighths."""
    if not len(clip):
        return 0.0
    return float(1 - np.average(_weights(clip, clip.table["start"]), weights=clip.table["velocity"]))


def thin(clip: Clip, share: float = 0.35) -> Clip:
    """Take away onsets, the weakest first, never the clip's first; where there are few, chords lose a voice.

    Args:
        clip: What to thin.
        share: How many of the onsets go, 0-1.
    """
    onsets = np.unique(clip.table["start"])
    if len(onsets) <= clip.bars:
        return _fewer_voices(clip)
    loudest = np.array([clip.table["velocity"][clip.table["start"] == onset].max() for onset in onsets])
    worth = _weights(clip, onsets) + loudest / 127
    worth[0] = np.inf
    order = np.lexsort((onsets, worth))
    gone = onsets[order[: round(len(onsets) * share)]]
    return clip.with_table(clip.table[~np.isin(clip.table["start"], gone)])


def _fewer_voices(clip: Clip) -> Clip:
    kept = np.ones(len(clip), dtype=bool)
    for onset in np.unique(clip.table["start"]):
        rows = np.flatnonzero(clip.table["start"] == onset)
        if len(rows) > 3:
            kept[rows[len(rows) // 2]] = False
    return clip.with_table(clip.table[kept])


def thicken(clip: Clip, rng: Random, *, share: float = 0.6) -> Clip:
    """Put soft notes into the gaps: the onset before, again, half way to the next, on a sixteenth.

    Args:
        clip: What to thicken; drums get ghosts instead.
        rng: Picks the gaps.
        share: How many of the gaps of an eighth or more are filled, 0-1.
    """
    if clip.is_drums:
        return _with_ghosts(clip, rng, share=share)
    sixteenth = clip.ppq // 4
    table = clip.table
    onsets = np.unique(table["start"])
    added = []
    for onset, following in zip(onsets, [*onsets[1:], clip.length_ticks], strict=True):
        gap = int(following - onset)
        if gap < 2 * sixteenth or not happens(rng, share):
            continue
        rows = table["start"] == onset
        extra = table[rows].copy()
        extra["start"] += max(1, gap // 2 // sixteenth) * sixteenth
        extra["velocity"] = np.maximum(1, extra["velocity"] * 0.7).astype(np.uint8)
        extra["duration"] = np.minimum(extra["duration"], max(1, gap // 2))
        added.append(extra)
    return tidied(clip, np.concatenate([table, *added]))


def _with_ghosts(clip: Clip, rng: Random, *, share: float) -> Clip:
    """Soft hats where a sixteenth has none, now and then a ghost of the snare."""
    sixteenth = clip.ppq // 4
    rows: list[tuple[int, int, int, int]] = []
    for start in range(0, clip.length_ticks, sixteenth):
        if happens(rng, share):
            rows.append((start, sixteenth, DRUM_PITCHES["hat"], 54))
        if start // sixteenth % 2 and happens(rng, share / 4):
            rows.append((start, sixteenth, DRUM_PITCHES["snare"], 42))
    return tidied(clip, np.concatenate([clip.table, note_table(rows)]))


def syncopate(clip: Clip) -> Clip:
    """Move a good quarter of the onsets, two at least, off the beat; the first downbeat stays.

    First every second onset on a beat or an eighth comes a sixteenth early, where there is room, then the others,
    then later downbeats, then some come late; in a line without room notes are tied over the beat. Onsets go
    together with all their notes. Where all are downbeats, changes come an eighth early. Drums keep their pulse:
    rim shots come in between.
    """
    if clip.is_drums:
        return _with_rims(clip)
    sixteenth = clip.ppq // 4
    onsets = np.unique(clip.table["start"])
    weights = _weights(clip, onsets)
    if (weights == _DOWNBEAT).all() and len(onsets) > 1:
        return _early(clip, [int(onset) for onset in onsets[1:]], by=2 * sixteenth)
    strong = [int(o) for o, weight in zip(onsets[1:], weights[1:], strict=True) if weight > _SIXTEENTH]
    moves, tied = _off_the_beat(clip, strong, taken={int(onset) for onset in onsets})
    if not moves and not tied:
        return _accented(clip, sixteenth=sixteenth)
    for by in (sixteenth, -sixteenth):
        clip = _early(clip, [onset for onset, early in moves.items() if early == by], by=by)
    return _tied(clip, tied)


def _off_the_beat(clip: Clip, strong: list[int], *, taken: set[int]) -> tuple[dict[int, int], list[int]]:
    """Which onsets move by how many ticks to be early, and which are tied over, until it is enough."""
    sixteenth, bar = clip.ppq // 4, round(clip.meter.bar * clip.ppq)
    goal = max(2, -(-(len(taken) - 1) * _MOVED // 100))
    between = [onset for onset in strong if onset % bar]
    downbeats = [onset for onset in strong if onset % bar == 0]
    moves: dict[int, int] = {}
    passes = [
        (between[::2], sixteenth),
        (between[1::2], sixteenth),
        (downbeats, sixteenth),
        (between, -sixteenth),
    ]
    for number, (candidates, by) in enumerate(passes):
        for onset in candidates:
            free = onset - by not in taken and 0 < onset - by < clip.length_ticks
            if free and onset not in moves and (number == 0 or len(moves) < goal):
                moves[onset] = by
                taken.add(onset - by)
    left = [onset for onset in between if onset not in moves and onset - sixteenth in taken]
    return moves, left[:: max(1, len(left) // max(1, goal - len(moves)))][: max(0, goal - len(moves))]


def _tied(clip: Clip, onsets: list[int]) -> Clip:
    """Let what begins a sixteenth before these onsets sound on in their place, accented."""
    sixteenth = clip.ppq // 4
    table = clip.table.copy()
    before = np.isin(table["start"], [onset - sixteenth for onset in onsets])
    table["duration"][before] += sixteenth
    table["velocity"][before] = np.minimum(127, table["velocity"][before].astype(int) + 12)
    return tidied(clip, table[~np.isin(table["start"], onsets)])


def _early(clip: Clip, onsets: list[int], *, by: int) -> Clip:
    """These onsets so many ticks early, a little accented; what was sounding makes way."""
    table = clip.table.copy()
    early = np.isin(table["start"], onsets)
    table["start"][early] -= by
    table["duration"][early] += by if by > clip.ppq // 4 else 0
    table["velocity"][early] = np.minimum(127, table["velocity"][early].astype(int) + 6)
    return tidied(clip, table)


def _accented(clip: Clip, *, sixteenth: int) -> Clip:
    """Notes between the eighths louder, the others softer; where there are none, some are put in."""
    table = clip.table.copy()
    weak = _weights(clip, table["start"]) == _SIXTEENTH
    velocity = table["velocity"].astype(int)
    table["velocity"] = np.clip(np.where(weak, velocity + 14, velocity * 0.8), 1, 127).astype(np.uint8)
    extra = clip.table[:0].copy() if weak.any() else clip.table[: max(1, len(clip) // 4)].copy()
    # Three sixteenths later, or one earlier where the clip ends before that.
    extra["start"] += np.where(extra["start"] + sixteenth * 3 < clip.length_ticks, sixteenth * 3, -sixteenth)
    extra["duration"] = sixteenth // 2
    return tidied(clip, np.concatenate([table, extra]))


def _with_rims(clip: Clip) -> Clip:
    """Rim shots in threes against the pulse, where there is none yet."""
    sixteenth, bar = clip.ppq // 4, round(clip.meter.bar * clip.ppq)
    grid = [
        start
        for first in range(0, clip.length_ticks, bar)
        for start in range(first + 3 * sixteenth, min(first + bar, clip.length_ticks), 3 * sixteenth)
        if (start - first) // sixteenth % 4
    ]
    rims = note_table(
        (start, sixteenth, DRUM_PITCHES["rim"], 88 if index % 2 else 72) for index, start in enumerate(grid)
    )
    return tidied(clip, np.concatenate([clip.table, rims]))


def _weights(clip: Clip, onsets: NDArray[np.int64]) -> NDArray[np.float64]:
    """How strong in the metre onsets are, 0-1; swung ones count as the sixteenth they stand for."""
    sixteenth, bar = clip.ppq / 4, round(clip.meter.steps)
    steps = np.rint(onsets / sixteenth - 0.1).astype(np.int64) % bar
    strengths = np.full(bar, _SIXTEENTH)
    strengths[::2] = _EIGHTH
    strengths[list(pulse_starts(clip.meter))] = _PULSE
    strengths[0] = _DOWNBEAT
    return strengths[steps]
