"""What moves while notes sound: pedal, volume, expression, pan, pitch bend, vibrato and the room of a clip.

Levels are those of General MIDI Level 1 recommendations: controller 7 and 11 count squared, 100 and 127 are
where nothing says otherwise; pan is of constant power; a bend reaches two semitones. Modulation is a vibrato of 50
cents at most, as SoundFont 2.04 has it (8.4.4), on instruments that sustain. The reverb send is heard where a clip
has one. Other controls are not heard; ``js/engine/rack.js`` does the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conduit.audio.voice import SAMPLE_RATE_HZ, Stereo
from conduit.music import DRUMS, Clip
from conduit.music.control import BEND, CONTROLS

__all__ = ["Moves", "bent"]

_SUSTAIN, _VOLUME, _PAN, _EXPRESSION = (CONTROLS[name] for name in ("sustain", "volume", "pan", "expression"))
_MODULATION, _SEND = (CONTROLS[name] for name in ("mod", "reverb"))
_USUAL = {_VOLUME: 100, _PAN: 64, _EXPRESSION: 127, _SUSTAIN: 0, BEND: 0, _MODULATION: 0, _SEND: 0}
_MOST = 127
_DOWN = 64
_BEND_SEMITONES = 2.0
_STRUCK = frozenset({DRUMS, "piano", "pluck"})  # what dies away by itself has no vibrato
_VIBRATO_HZ, _VIBRATO_CENTS, _VIBRATO_FRAMES = 5.5, 50.0, 64
_ROOM = 0.4  # share of a sound that goes to the room at most
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
        for control in _USUAL.keys() - ({_MODULATION} if clip.instrument in _STRUCK else ()):
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
        bend, depth = self._spanned(BEND, start, n_frames), self._spanned(_MODULATION, start, n_frames)
        if bend is None and depth is None:
            return None
        octaves = np.zeros(n_frames)
        if bend is not None:
            octaves += bend * (_BEND_SEMITONES / 12 / 8192)
        if depth is not None:
            octaves += depth / _MOST * _vibrato(n_frames)
        speed = np.exp2(octaves)
        place: NDArray[np.float64] = np.cumsum(speed)
        place -= speed[0]
        return place

    def _spanned(self, control: int, start: int, n_frames: int) -> NDArray[np.float64] | None:
        """Give a control's value in each frame of a note; None where it stays at zero."""
        steps = self.steps.get(control)
        if steps is None:
            return None
        first = int(np.searchsorted(steps.frames, start, side="right")) - 1
        last = int(np.searchsorted(steps.frames, start + n_frames, side="left"))
        values = steps.values[first:last]
        if not values.any():
            return None
        spans = np.diff(np.concatenate([[start], steps.frames[first + 1 : last], [start + n_frames]]))
        return np.repeat(values, spans)

    @property
    def rings(self) -> bool:
        """Whether something of the clip goes to the room."""
        return _SEND in self.steps and bool(self.steps[_SEND].values.any())

    def sent(self, sound: Stereo, *, loop: int = 0) -> NDArray[np.float32]:
        """Give what of a clip's sound goes to the room; every ``loop`` frames its send begins anew.

        Returns:
            Shape ``(n_frames,)``.
        """
        n_frames = sound.shape[1]
        amount = self._spanned(_SEND, 0, loop or n_frames)
        if amount is None:
            return np.zeros(n_frames, dtype=np.float32)
        share = (amount * (_ROOM / _MOST)).astype(np.float32)
        out: NDArray[np.float32] = (sound[0] + sound[1]) * np.resize(share, n_frames)
        return out


def _vibrato(n_frames: int) -> NDArray[np.float64]:
    """Give how far the deepest vibrato is off the pitch in each frame of a note, in octaves."""
    at = np.arange(0, n_frames, _VIBRATO_FRAMES) / SAMPLE_RATE_HZ
    swing = np.sin(2 * np.pi * _VIBRATO_HZ * at) * (_VIBRATO_CENTS / 1200)
    return np.repeat(swing, _VIBRATO_FRAMES)[:n_frames]


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
