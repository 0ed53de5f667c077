"""A clip as a line of onsets, each with its notes, that goes up and down in the steps of a key.

The notes of one onset move together, so that a chord stays a chord and melodies, basses and chords vary alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from conduit.music.degrees import folded, in_degrees, in_pitches, snapped
from conduit.music.scale import SCALES, Key
from conduit.music.tidy import tidied

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = ["Contour"]

_Ints = NDArray[np.int64]
_BEYOND = 5  # semitones outside the clip's register to which a line may go
_CHORD = 3  # notes


@dataclass(frozen=True, eq=False)
class Contour:
    """The line of a clip that has notes.

    Attributes:
        clip: The clip.
        key: What it moves in.
    """

    clip: Clip
    key: Key

    @cached_property
    def _groups(self) -> tuple[_Ints, _Ints, _Ints]:
        onsets, first, sizes = np.unique(self.clip.table["start"], return_index=True, return_counts=True)
        return onsets, first, sizes

    @property
    def onsets(self) -> _Ints:
        """Ticks at which notes begin, ascending; shape ``(n_onsets,)``."""
        return self._groups[0]

    @property
    def sizes(self) -> _Ints:
        """How many notes each onset has."""
        return self._groups[2]

    @cached_property
    def steps(self) -> _Ints:
        """Degree of the highest note of each onset, as ``degrees.in_degrees`` counts them."""
        highest = np.maximum.reduceat(self.clip.table["pitch"].astype(np.int64), self._groups[1])
        return in_degrees(highest, self.key)[0]

    def tonic(self, near: int) -> int:
        """Give the degree of the tonic that is nearest to a degree."""
        size = len(SCALES[self.key.scale])
        return size * round(near / size)

    def at(self, goals: _Ints, *, closing: bool = False) -> Clip:
        """Give the clip with the highest note of each onset on other degrees, the notes below it with it.

        What would leave the clip's register goes octaves back.

        Args:
            goals: Degrees; shape ``(n_onsets,)``.
            closing: Whether a chord at the end becomes the tonic's.
        """
        _, first, sizes = self._groups
        table = self.clip.table.copy()
        before = table["pitch"].astype(np.int64)
        steps, above = in_degrees(before, self.key)
        pitches = in_pitches(steps + np.repeat(goals - self.steps, sizes), self.key) + above
        unmoved = np.repeat(goals == self.steps, sizes)
        pitches = np.where(unmoved, before, pitches)
        low, high = int(before.min()) - _BEYOND, int(before.max()) + _BEYOND
        top, bottom = np.maximum.reduceat(pitches, first), np.minimum.reduceat(pitches, first)
        octaves = np.where(top > high, -(-(top - high) // 12), 0) - np.where(
            bottom < low, -(-(low - bottom) // 12), 0
        )
        pitches = pitches - 12 * np.repeat(octaves, sizes)
        if closing and sizes[-1] >= _CHORD:
            classes = self.key.pitch_classes
            pitches[first[-1] :] = snapped(
                pitches[first[-1] :], (classes[0], classes[2], classes[4 % len(classes)])
            )
        table["pitch"] = folded(pitches)
        return tidied(self.clip, table, was=self.clip.table)

    def moved(self, starts: _Ints) -> Clip:
        """Give the clip with its onsets at other ticks; a line whose notes did not overlap is a line still."""
        table = self.clip.table.copy()
        ends = table["start"] + table["duration"]
        until = np.append(self.onsets[1:], self.clip.length_ticks)
        line = ends <= np.repeat(until, self.sizes)
        table["start"] = np.repeat(starts, self.sizes)
        ordered = np.sort(starts)
        place = np.searchsorted(ordered, table["start"], side="right")
        following = np.append(ordered, self.clip.length_ticks)[place]
        room = np.maximum(1, following - table["start"])
        table["duration"] = np.where(line, np.minimum(table["duration"], room), table["duration"])
        return tidied(self.clip, table, was=self.clip.table)
