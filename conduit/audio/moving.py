"""What moves while notes sound: the sustain pedal, volume, expression, pan and pitch bend of a clip.

Levels are those of General MIDI Level 1 recommendations: controller 7 and 11 count squared, 100 and 127 are
where nothing says otherwise; pan is of constant power; a bend reaches two semitones. Other controls are not
heard.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conduit.audio.voice import SAMPLE_RATE_HZ, Stereo
from conduit.music import Clip
from conduit.music.control import BEND, CONTROLS

__all__ = ["Moves", "bent"]

_SUSTAIN, _VOLUME, _PAN, _EXPRESSION = (CONTROLS[name] for name in ("sustain", "volume", "pan", "expression"))
_USUAL = {_VOLUME: 100, _PAN: 64, _EXPRESSION: 127, _SUSTAIN: 0, BEND: 0}
_DOWN = 64
_BEND_SEMITONES = 2.0
_GLIDE_FRAMES = 256
_GLIDES_AT_ONCE = 128

Frames = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """Values of one control, each from a frame on; the first from frame 0."""

    frames: Frames
    values: NDArray[np.float64]

    def at(self, frames: Frames) -> NDArray[np.float64]:
        """Give the value at each of several frames."""
        return self.values[np.searchsorted(self.frames, frames, side="right") - 1]


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """How a clip's controls move, in frames.

    Make one with ``Moves.of``.

    Attributes:
        steps: Those that are heard, by control.
        balance: Factors for left and right where volume, expression and pan stand still; 1 where they move.
        gliding: Whether one of them moves.
    """

    steps: dict[int, _Steps]
    balance: tuple[float, float] = (1.0, 1.0)
    gliding: bool = False

    @classmethod
    def of(cls, clip: Clip) -> Moves:
        """Read a clip's controls."""
        steps: dict[int, _Steps] = {}
        for control in _USUAL:
            rows = clip.control_table[clip.control_table["control"] == control]
            rows = rows[rows["start"] < clip.length_ticks]
            if len(rows):
                steps[control] = _steps(rows, control, clip)
        levels = {control: steps[control] for control in (_VOLUME, _EXPRESSION, _PAN) if control in steps}
        if any(len(one.frames) > 1 for one in levels.values()):
            return cls(steps, gliding=True)
        still = {control: one.values[:1] for control, one in levels.items()}
        left, right = _sides(still)
        return cls(steps, balance=(float(left[0]), float(right[0])))

    def sustained(self, ends: Frames, last: int) -> Frames:
        """Move ends of notes that fall while the pedal is down to where it is let up, or to the last frame."""
        pedal = self.steps.get(_SUSTAIN)
        if pedal is None or not len(ends):
            return ends
        down = pedal.values >= _DOWN
        lifted = np.append(pedal.frames[1:], last)
        for i in range(len(down) - 2, -1, -1):
            if down[i] and down[i + 1]:
                lifted[i] = lifted[i + 1]
        at = np.searchsorted(pedal.frames, ends, side="right") - 1
        out: Frames = np.where(down[at], np.maximum(lifted[at], ends), ends)
        return out

    def glided(self, sound: Stereo, *, loop: int = 0) -> Stereo:
        """Put volume, expression and pan as they move on a clip's sound; every ``loop`` frames they begin anew.

        Returns:
            The sound itself, changed in place.
        """
        n_frames = loop or sound.shape[1]
        edges = np.arange(0, n_frames + _GLIDE_FRAMES, _GLIDE_FRAMES)
        values = {
            control: self.steps[control].at(edges)
            for control in (_VOLUME, _EXPRESSION, _PAN)
            if control in self.steps
        }
        across = np.arange(_GLIDE_FRAMES, dtype=np.float32) / np.float32(_GLIDE_FRAMES)
        gains = [gain.astype(np.float32) for gain in _sides(values)]
        for first in range(0, len(edges) - 1, _GLIDES_AT_ONCE):
            end = min(first + _GLIDES_AT_ONCE, len(edges) - 1)
            place = slice(first * _GLIDE_FRAMES, min(end * _GLIDE_FRAMES, n_frames))
            for side, gain in zip(sound, gains, strict=True):
                ramps = (
                    gain[first:end, None] + (gain[first + 1 : end + 1] - gain[first:end])[:, None] * across
                )
                side.reshape(-1, n_frames)[:, place] *= ramps.reshape(-1)[: place.stop - place.start]
        return sound

    def warp(self, start: int, n_frames: int) -> NDArray[np.float64] | None:
        """Give where a note that begins at a frame reads its body, frame by frame; None where nothing bends it."""
        steps = self.steps.get(BEND)
        if steps is None:
            return None
        first = int(np.searchsorted(steps.frames, start, side="right")) - 1
        last = int(np.searchsorted(steps.frames, start + n_frames, side="left"))
        if not steps.values[first:last].any():
            return None
        speed: NDArray[np.float64] = 2 ** (_BEND_SEMITONES / 12 * steps.values[first:last] / 8192)
        spans = np.diff(np.concatenate([[start], steps.frames[first + 1 : last], [start + n_frames]]))
        place: NDArray[np.float64] = np.cumsum(np.repeat(speed, spans))
        place -= speed[0]
        return place


def bent(samples: NDArray[np.float32], place: NDArray[np.float64]) -> NDArray[np.float32]:
    """Read a body at places that rise, as far as it goes; shape ``(n_channels, up to len(place))``."""
    n = int(np.searchsorted(place, samples.shape[1] - 1))
    at = np.arange(samples.shape[1])
    return np.stack([np.interp(place[:n], at, row) for row in samples]).astype(np.float32)


def _steps(rows: NDArray[np.void], control: int, clip: Clip) -> _Steps:
    frames = np.floor(rows["start"] / clip.ppq * 60 / clip.bpm * SAMPLE_RATE_HZ + 0.5).astype(np.int64)
    values = rows["value"].astype(np.float64)
    if frames[0] > 0:
        frames, values = np.append(0, frames), np.append(float(_USUAL[control]), values)
    last = np.append(frames[1:] > frames[:-1], True)  # of several at one frame, the last counts
    frames, values = frames[last], values[last]
    change = np.append(True, values[1:] != values[:-1])
    return _Steps(frames[change], values[change])


def _sides(values: dict[int, NDArray[np.float64]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the factors for left and right of volume, expression and pan, each at the same moments."""
    one = np.ones(1)
    level = (values.get(_VOLUME, one * _USUAL[_VOLUME]) / _USUAL[_VOLUME]) ** 2
    level = level * (values.get(_EXPRESSION, one * _USUAL[_EXPRESSION]) / _USUAL[_EXPRESSION]) ** 2
    pan = np.clip((values.get(_PAN, one * _USUAL[_PAN]) - _USUAL[_PAN]) / 63, -1, 1)
    angle = np.pi / 4 * (1 + pan)
    return level * np.sqrt(2) * np.cos(angle), level * np.sqrt(2) * np.sin(angle)
