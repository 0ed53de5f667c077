"""What a clip sounds like, in arrays: the ground on which measures stand.

Muted notes are not heard, nor what hangs over the clip's end. Times are rounded to two grids: slots of a twelfth
of a beat, on which sixteenths and triplets both lie, say which notes sound as one; steps of a sixteenth say where
in the bar they are.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from conduit.music.clip import Clip
from conduit.music.meter import Meter
from conduit.music.pulse import pulse_starts

__all__ = ["SLOTS", "Heard"]

SLOTS = 12
"""Slots in a beat."""

_STEPS = 4  # in a beat
_HALF, _PULSE, _EIGHTH, _SIXTEENTH = -1, -2, -3, -4


def _weights(meter: Meter) -> NDArray[np.int64]:
    """Give the weight of each step of a bar: 0 the first, -1 half way, -2 other pulses, -3 eighths, -4 the rest.

    These are the levels of Longuet-Higgins and Lee ("The rhythmic interpretation of monophonic music", Music
    Perception 1, 1984), in bars of two or four pulses; other bars have no half.
    """
    weights = np.full(max(1, round(meter.steps)), _SIXTEENTH)
    starts = pulse_starts(meter)
    for start in starts:
        weights[start::2] = _EIGHTH
    weights[list(starts)] = _PULSE
    if len(starts) % 2 == 0:
        weights[starts[len(starts) // 2]] = _HALF
    weights[0] = 0
    return weights


class Heard:
    """A clip's notes as they are heard.

    Args:
        clip: The clip.

    Attributes:
        clip: As above.
        start: Beats at which notes start, ascending; shape ``(n_notes,)``.
        end: Beats at which they end, up to the clip's end.
        pitch: MIDI pitches.
        velocity: 1-127.
    """

    def __init__(self, clip: Clip) -> None:
        table = clip.table[~clip.table["mute"] & (clip.table["start"] < clip.length_ticks)]
        self.clip = clip
        self.start: NDArray[np.float64] = table["start"] / clip.ppq
        self.end: NDArray[np.float64] = np.minimum(clip.length, self.start + table["duration"] / clip.ppq)
        self.pitch: NDArray[np.int64] = table["pitch"].astype(np.int64)
        self.velocity: NDArray[np.float64] = table["velocity"].astype(float)

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def slot(self) -> NDArray[np.int64]:
        """The slot of each note."""
        return np.rint(self.start * SLOTS).astype(np.int64)

    @cached_property
    def onsets(self) -> int:
        """How many slots have a note that starts."""
        return len(np.unique(self.slot))

    @cached_property
    def top(self) -> NDArray[np.int64]:
        """The highest pitch of each slot in which a note starts, in order of time: the line one hears."""
        order = np.lexsort((self.pitch, self.slot))
        slots = self.slot[order]
        last = np.append(slots[1:] != slots[:-1], True)[: len(slots)]
        return np.asarray(self.pitch[order][last])

    @cached_property
    def bar_firsts(self) -> NDArray[np.int64]:
        """The step on which each bar begins."""
        length = self.clip.length * _STEPS
        changes = [(0, self.clip.meter), *self.clip.meter_changes]
        edges = [tick * _STEPS / self.clip.ppq for tick, _ in changes] + [length]
        runs = [
            np.arange(start, min(end, length), meter.steps)
            for (_, meter), start, end in zip(changes, edges, edges[1:], strict=False)
        ]
        return np.rint(np.concatenate(runs)).astype(np.int64)

    @cached_property
    def weight(self) -> NDArray[np.int64]:
        """The metrical weight of each step of the clip; the last bar may be cut."""
        count = max(1, int(np.ceil(self.clip.length * _STEPS - 1e-6)))
        weights = np.full(count, _SIXTEENTH)
        meters = [self.clip.meter, *(meter for _, meter in self.clip.meter_changes)]
        edges = [0, *(round(tick * _STEPS / self.clip.ppq) for tick, _ in self.clip.meter_changes), count]
        for meter, start, end in zip(meters, edges, edges[1:], strict=False):
            if start < min(end, count):
                weights[start:end] = np.resize(_weights(meter), min(end, count) - start)
        return weights

    @cached_property
    def step(self) -> NDArray[np.int64]:
        """The sixteenth of each note, from the start of the clip; what rounds to its end stays in the last."""
        return np.minimum(np.rint(self.start * _STEPS).astype(np.int64), len(self.weight) - 1)

    @cached_property
    def bar(self) -> NDArray[np.int64]:
        """The bar of each note, by its step."""
        return np.searchsorted(self.bar_firsts, self.step, side="right") - 1

    @cached_property
    def place(self) -> NDArray[np.int64]:
        """The step of each note in its bar."""
        return self.step - self.bar_firsts[self.bar]
