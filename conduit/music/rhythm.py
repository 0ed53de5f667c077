"""Changes of rhythm: off the beat and on it; and how far off the beat a clip is.

They weigh each onset by its place in the metre, as a listener does. Bars are those of the clip, whose metre may
change. Controls, metres and the loop stay as they are.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from conduit.music.drums import DRUM_PITCHES
from conduit.music.meter import Meter
from conduit.music.note import note_table
from conduit.music.pulse import pulse_starts
from conduit.music.tidy import tidied, velocities

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = ["offbeat", "straighten", "syncopate", "weights"]

_Ints = NDArray[np.int64]
_MOVED = 25  # per cent of the onsets that syncopation moves at the least, where it can
_DOWNBEAT, _PULSE, _EIGHTH, _SIXTEENTH = 1.0, 0.75, 0.4, 0.15
_STEPS = 4  # sixteenths in a beat


def weights(clip: Clip, onsets: _Ints) -> NDArray[np.float64]:
    """Say how strong in the metre onsets are, 0-1; swung ones count as the sixteenth they stand for."""
    edges = [0, *(at for at, _ in clip.meter_changes)]
    meters = [clip.meter, *(meter for _, meter in clip.meter_changes)]
    section = np.searchsorted(edges, onsets, side="right") - 1
    steps = np.rint((onsets - np.array(edges)[section]) / (clip.ppq / _STEPS) - 0.1).astype(np.int64)
    found = np.empty(len(onsets))
    for index, meter in enumerate(meters):
        mine = section == index
        strengths = _strengths(meter)
        found[mine] = strengths[steps[mine] % len(strengths)]
    return found


def _strengths(meter: Meter) -> NDArray[np.float64]:
    strengths = np.full(max(1, round(meter.steps)), _SIXTEENTH)
    strengths[::2] = _EIGHTH
    strengths[list(pulse_starts(meter))] = _PULSE
    strengths[0] = _DOWNBEAT
    return strengths


def offbeat(clip: Clip) -> float:
    """Measure how far notes lie off the beat, the louder counting more: 0 on downbeats, near 1 between eighths."""
    if not len(clip):
        return 0.0
    return float(1 - np.average(weights(clip, clip.table["start"]), weights=clip.table["velocity"]))


def straighten(clip: Clip) -> Clip:
    """Move onsets that lie between the eighths onto an eighth that is free, the later one first.

    It is less syncopated then, as far as there is room, and every note is kept. Onsets go together with all their
    notes, which keep their length unless they run into the next of their pitch.

    >>> from conduit.music import Clip, Note
    >>> [note.start for note in Clip.of([Note(60, 0, 0.5), Note(62, 0.75, 0.5)]).straighten().notes]
    [0.0, 1.0]
    """
    eighth = clip.ppq // 2
    if not eighth:
        return clip
    onsets = np.unique(clip.table["start"])
    near = onsets[weights(clip, onsets) <= _SIXTEENTH]
    taken = set(np.rint(onsets / eighth * 2 - 0.1).astype(np.int64).tolist())  # in sixteenths
    moves: dict[int, int] = {}
    for onset in near.tolist():
        below = onset // eighth
        for line in (below + 1, below):
            if 2 * line not in taken and line * eighth < clip.length_ticks:
                moves[onset] = line * eighth
                taken.add(2 * line)
                break
    return _moved(clip, moves)


def _moved(clip: Clip, moves: dict[int, int]) -> Clip:
    """Take onsets to other ticks, with all their notes."""
    table = clip.table.copy()
    onsets, place = np.unique(table["start"], return_inverse=True)
    goals = np.array([moves.get(onset, onset) for onset in onsets.tolist()], dtype=np.int64)
    table["start"] = goals[place]
    return tidied(clip, table, was=clip.table)


def syncopate(clip: Clip) -> Clip:
    """Move a good quarter of the onsets, two at least, off the beat; the first downbeat stays.

    First every second onset on a beat or an eighth comes a sixteenth early, where there is room, then the others,
    then later downbeats, then some come late; in a line without room notes are tied over the beat, which takes the
    onset there away. Onsets go together with all their notes. Where all are downbeats, changes come an eighth
    early. Drums keep their pulse: rim shots come in between.

    >>> from conduit.music import Clip, Note
    >>> [note.start for note in Clip.of([Note(60, beat, 1) for beat in range(4)]).syncopate().notes]
    [0.0, 0.75, 2.0, 2.75]
    """
    if clip.is_drums:
        return _with_rims(clip)
    sixteenth = clip.ppq // _STEPS
    onsets = np.unique(clip.table["start"])
    if not len(onsets) or not sixteenth:
        return clip
    strength = weights(clip, onsets)
    if (strength == _DOWNBEAT).all() and len(onsets) > 1:
        return _early(clip, [int(onset) for onset in onsets[1:]], by=2 * sixteenth)
    moves, tied = _off_the_beat(clip, onsets, strength)
    if not moves and not tied:
        return _accented(clip, sixteenth=sixteenth)
    for by in (sixteenth, -sixteenth):
        clip = _early(clip, [onset for onset, early in moves.items() if early == by], by=by)
    return _tied(clip, tied)


def _off_the_beat(
    clip: Clip, onsets: _Ints, strength: NDArray[np.float64]
) -> tuple[dict[int, int], list[int]]:
    """Which onsets move by how many ticks to be early, and which are tied over, until it is enough."""
    sixteenth = clip.ppq // _STEPS
    taken = set(onsets.tolist())
    goal = max(2, -(-(len(taken) - 1) * _MOVED // 100))
    later, beat = onsets[1:], strength[1:]
    between = later[(beat > _SIXTEENTH) & (beat < _DOWNBEAT)].tolist()
    downbeats = later[beat == _DOWNBEAT].tolist()
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
    sixteenth = clip.ppq // _STEPS
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
    table["duration"][early] += by if by > clip.ppq // _STEPS else 0
    table["velocity"][early] = np.minimum(127, table["velocity"][early].astype(int) + 6)
    return tidied(clip, table)


def _accented(clip: Clip, *, sixteenth: int) -> Clip:
    """Notes between the eighths louder, the others softer; where there are none, some are put in."""
    table = clip.table.copy()
    weak = weights(clip, table["start"]) == _SIXTEENTH
    velocity = table["velocity"].astype(int)
    table["velocity"] = velocities(np.where(weak, velocity + 14, velocity * 0.8))
    extra = clip.table[:0].copy() if weak.any() else clip.table[: max(1, len(clip) // 4)].copy()
    # Three sixteenths later, or one earlier where the clip ends before that.
    extra["start"] += np.where(extra["start"] + sixteenth * 3 < clip.length_ticks, sixteenth * 3, -sixteenth)
    extra["duration"] = max(1, sixteenth // 2)
    return tidied(clip, np.concatenate([table, extra]))


def _with_rims(clip: Clip) -> Clip:
    """Rim shots in threes against the pulse, where there is none yet."""
    sixteenth = max(1, clip.ppq // _STEPS)
    bars = int(-(-clip.bars // 1))
    edges = [round(clip.bar_lines.number(index).start) for index in range(bars)] + [clip.length_ticks]
    grid = [
        start
        for first, end in pairwise(edges)
        for start in range(first + 3 * sixteenth, end, 3 * sixteenth)
        if (start - first) // sixteenth % 4
    ]
    rims = note_table(
        (start, sixteenth, DRUM_PITCHES["rim"], 88 if index % 2 else 72) for index, start in enumerate(grid)
    )
    return tidied(clip, np.concatenate([clip.table, rims]))
