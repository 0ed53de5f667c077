"""The pitched instruments of the built-in synth: one function a patch, one row of ``PATCHES`` each.

A patch renders a body (see ``voice``): a key held for as long as asked, in stereo. Levels are set so that
the patches are about equally loud at velocity 96.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from conduit.audio.oscillator import Floats, band, cycles, ensemble, low_pass_saw, partials, read, seconds
from conduit.audio.voice import Stereo, key_hz

__all__ = ["PATCHES", "Patch"]

_TURN = np.float32(2 * np.pi)


@dataclass(frozen=True, slots=True)
class Patch:
    """A pitched instrument.

    Attributes:
        play: Renders a body of ``n_frames`` from ``(pitch, velocity, n_frames)``; velocity changes its
            colour, not its level.
        release_s: Seconds in which it falls by 100 dB once the key is let go.
        level_db: What is added so that patches are equally loud.
    """

    play: Callable[[int, int, int], Stereo]
    release_s: float
    level_db: float


def _rise(t: Floats, attack_s: float) -> Floats:
    x = np.minimum(t / np.float32(attack_s), 1)
    out: Floats = x * x * (3 - 2 * x)
    return out


def _fall(t: Floats, time_s: float, *, to: float = 0.0) -> Floats:
    out: Floats = to + (1 - to) * np.exp(t * np.float32(-1 / time_s))
    return out


def _row(cutoff_hz: Floats, f0: float) -> Floats:
    out: Floats = 4 * np.log2(cutoff_hz / np.float32(f0))
    return out


def _sine(phase: Floats) -> Floats:
    out: Floats = np.sin(phase * _TURN)
    return out


def _wrapped(hz: float, n_frames: int) -> Floats:
    phase = cycles(hz, n_frames)
    return (phase - np.floor(phase)).astype(np.float32)


def _both(mono: Floats) -> Stereo:
    return np.stack([mono, mono])


def _bass(pitch: int, velocity: int, n_frames: int) -> Stereo:
    """Saw and sub through a resonant low-pass that snaps shut, a little overdriven."""
    f0, v, t = key_hz(pitch), velocity / 127, seconds(n_frames)
    floor_hz = 150 * (f0 / 55) ** 0.6
    octaves = 1.6 + 2.6 * v
    cutoff = np.float32(floor_hz) * np.exp2(np.float32(octaves) * _fall(t, 0.13 + 0.08 * v, to=0.12))
    saw = read(low_pass_saw(pitch, 2.4, 0.25), cycles(f0, n_frames), _row(cutoff, f0))
    sub = _sine(_wrapped(f0, n_frames))
    tone = np.tanh(1.1 * saw + 0.55 * sub) * _rise(t, 0.003) * _fall(t, 0.45, to=0.72)
    return _both(tone.astype(np.float32))


def _keys(pitch: int, velocity: int, n_frames: int) -> Stereo:
    """An electric piano by frequency modulation: a warm body, a bell of a tine, a slow auto-pan."""
    f0, v, t = key_hz(pitch), velocity / 127, seconds(n_frames)
    high = min(1.0, (440 / f0) ** 0.7)
    index = np.float32((0.25 + 1.1 * v**1.5) * high / (2 * np.pi)) * _fall(t, 0.7, to=0.25)
    tine_hz = min(14 * f0, 9000.0) if f0 < 3000 else f0
    tine = _sine(_wrapped(tine_hz, n_frames)) * _fall(t, 0.11) * np.float32(0.05 * v * min(1.0, 700 / f0))
    sustain_s = 2.6 * (220 / f0) ** 0.35
    level = _rise(t, 0.002) * (0.55 * _fall(t, sustain_s * 0.25) + 0.45 * _fall(t, sustain_s))
    out = []
    for detune, side in ((0.9994, 1), (1.0006, -1)):
        modulator = _sine(_wrapped(f0 * detune, n_frames)) * index
        body = _sine(_wrapped(f0 * detune, n_frames) + modulator + tine)
        octave = 0.12 * v * _sine(_wrapped(2 * f0, n_frames)) * _fall(t, 0.5)
        out.append((body + octave) * level * (1 + np.float32(0.14 * side) * _sine(4.4 * t)))
    return np.stack(out).astype(np.float32)


def _pad(pitch: int, velocity: int, n_frames: int) -> Stereo:
    """A warm ensemble that swells and opens slowly."""
    t = seconds(n_frames)
    dark, bright = ensemble(pitch, 2.2), ensemble(pitch, 7.0)
    opening = np.float32(0.2 + 0.4 * velocity / 127) * _rise(t, 1.6) * _fall(t, 6.0, to=0.6)
    place = np.arange(n_frames) & (dark.shape[1] - 1)
    mixed = dark[:, place] * np.sqrt(1 - opening) + bright[:, place] * np.sqrt(opening)
    out: Stereo = mixed * _rise(t, 0.22)
    return out


def _lead(pitch: int, velocity: int, n_frames: int) -> Stereo:
    """Three saws apart by a few cents, one in the middle and one on each side, with a late vibrato."""
    f0, v, t = key_hz(pitch), velocity / 127, seconds(n_frames)
    depth = np.float32(f0 * 0.006 / (2 * np.pi * 5.4))
    bend = depth * _rise(np.maximum(t - 0.3, 0), 0.5) * np.cos(t * np.float32(2 * np.pi * 5.4))
    floor_hz = 700 * (f0 / 220) ** 0.5
    cutoff = np.float32(floor_hz) * np.exp2(np.float32(1.0 + 2.2 * v) * _fall(t, 0.35, to=0.45))
    row, table = _row(cutoff, f0), low_pass_saw(pitch, 1.1)
    middle, left, right = (
        read(table, cycles(f0 * 2 ** (cents / 1200), n_frames, bend=bend) + start, row)
        for cents, start in ((0.0, 0.0), (-7.0, 0.31), (6.0, 0.64))
    )
    shape = _rise(t, 0.006) * _fall(t, 0.4, to=0.75)
    return np.stack([middle + 0.75 * left, middle + 0.75 * right]).astype(np.float32) * shape


def _pluck(pitch: int, velocity: int, n_frames: int) -> Stereo:
    """A plucked string: bright for a moment, its high partials gone first."""
    f0, v = key_hz(pitch), velocity / 127
    k = np.arange(1, 41, dtype=np.float32)
    amplitude = np.sin(np.pi * k * 0.21) / k ** (1.45 - 0.45 * v)
    decay_s = 0.62 * (220 / f0) ** 0.4 / (1 + 0.16 * (k - 1) * (f0 / 220) ** 0.3)
    detuned = [partials(k * f0 * c, amplitude, decay_s, n_frames) for c in (0.9996, 1.0004)]
    thump = _noise(pitch, n_frames, 0.004, high_hz=2500)
    return (np.stack(detuned) + 0.12 * thump) * _rise(seconds(n_frames), 0.0012)


def _piano(pitch: int, velocity: int, n_frames: int) -> Stereo:
    """Stretched partials that fade in two stages, and a hammer; the strings of a key differ a little."""
    f0, v = key_hz(pitch), velocity / 127
    k = np.arange(1, max(3, min(36, int(9000 / f0))) + 1, dtype=np.float32)
    stiffness = 0.00018 * 2 ** ((pitch - 48) / 14)
    hz = k * np.float32(f0) * np.sqrt(1 + np.float32(stiffness) * k**2)
    soft = np.exp(-k * np.float32(f0 / (900 + 3200 * v**1.6)))
    strike = 0.25 + np.abs(np.sin(np.pi * k / 7.3))
    amplitude = strike * soft / k**0.75
    slow_s = 3.4 * 2 ** (-(pitch - 48) / 22) / (1 + 0.11 * (k - 1))
    strings = []
    for cents in (-0.35, 0.45):
        tuned = hz * np.float32(2 ** (cents / 1200))
        quick = partials(tuned, 0.7 * amplitude, slow_s * 0.22, n_frames)
        strings.append(quick + partials(tuned * np.float32(1.0002), 0.4 * amplitude, slow_s, n_frames))
    hammer = _noise(pitch, n_frames, 0.012, high_hz=900 + 1500 * v)
    out: Stereo = (np.stack(strings) + (0.25 + 0.3 * v) * hammer) * _rise(seconds(n_frames), 0.0015)
    return out


def _noise(seed: int, n_frames: int, decay_s: float, *, high_hz: float) -> Stereo:
    """Give a short soft knock at the start of a body."""
    n = min(n_frames, 4096)
    burst = np.random.default_rng(seed).standard_normal((2, n)).astype(np.float32)
    out = np.zeros((2, n_frames), dtype=np.float32)
    out[:, :n] = band(burst * _fall(seconds(n), decay_s), high_hz=high_hz, low_hz=120)
    return out


PATCHES: dict[str, Patch] = {
    "bass": Patch(_bass, release_s=0.09, level_db=-14.0),
    "keys": Patch(_keys, release_s=0.35, level_db=-15.0),
    "pad": Patch(_pad, release_s=1.6, level_db=-22.5),
    "lead": Patch(_lead, release_s=0.22, level_db=-21.0),
    "pluck": Patch(_pluck, release_s=0.5, level_db=-12.0),
    "piano": Patch(_piano, release_s=0.4, level_db=-15.0),
}
"""Patch of each pitched instrument that a clip can name."""
