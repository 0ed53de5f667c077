"""Sound sources without aliasing: tables that hold only the harmonics that fit, and sums of partials.

A swept filter is a walk along a table whose rows are the same wave, ever brighter; nothing is filtered
sample by sample. Bands of noise are cut out in the frequency domain.

Sources: the ensemble follows Paul Nasca's PADsynth; filter curves are the magnitudes of analogue low-passes.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from conduit.audio.voice import SAMPLE_RATE_HZ, key_hz

__all__ = [
    "SWEEP_ROWS",
    "Floats",
    "band",
    "cycles",
    "ensemble",
    "low_pass_saw",
    "partials",
    "read",
    "seconds",
]

Floats = NDArray[np.float32]

SWEEP_ROWS = 33
"""Rows of a sweep: the cut-off goes from the 1st to the 256th harmonic in quarter octaves."""

_TABLE = 2048
_SHORTEST = 1 << 16  # frames; what is shorter is the beginning of it
_MAX_HARMONICS = 320
_TOP_HZ = 18_000
_FLOOR = 1e-4  # 80 dB below its start a partial is no longer computed


def seconds(n_frames: int) -> Floats:
    """Give the time of each frame in seconds, shape ``(n_frames,)``; read-only."""
    return _clock(max(_SHORTEST, 1 << (n_frames - 1).bit_length()))[:n_frames]


@lru_cache(maxsize=8)
def _clock(n_frames: int) -> Floats:
    time_s = (np.arange(n_frames) / SAMPLE_RATE_HZ).astype(np.float32)
    time_s.flags.writeable = False
    return time_s


def cycles(hz: float, n_frames: int, *, bend: Floats | None = None) -> NDArray[np.float64]:
    """Give an oscillator's phase in cycles, shape ``(n_frames,)``; ``bend`` is added, in cycles."""
    phase: NDArray[np.float64] = np.arange(n_frames, dtype=np.float64) * (hz / SAMPLE_RATE_HZ)
    return phase if bend is None else phase + bend


@lru_cache(maxsize=256)
def low_pass_saw(pitch: int, resonance: float, odd_only: float = 0.0) -> Floats:
    """Make a saw behind a 24 dB low-pass whose cut-off rises from row to row.

    Args:
        pitch: MIDI pitch, which says how many harmonics fit.
        resonance: Quality of the filter's first half; 0.7 is flat.
        odd_only: 0 for a saw, 1 for a square, between them a mixture.

    Returns:
        One cycle a row, shape ``(SWEEP_ROWS, 2048)``; harmonic k of the open saw has amplitude 1/k.
    """
    n_harmonics = max(1, min(_MAX_HARMONICS, int(_TOP_HZ / key_hz(pitch))))
    k = np.arange(1, n_harmonics + 1)
    source = np.where(k % 2 == 0, 1 - odd_only, 1.0) / k
    x = k / 2.0 ** (np.arange(SWEEP_ROWS)[:, None] / 4)
    curve = 1 / np.sqrt((1 - x**2) ** 2 + (x / resonance) ** 2) / np.sqrt(1 + x**4)
    spectrum = np.zeros((SWEEP_ROWS, _TABLE // 2 + 1), dtype=np.complex128)
    spectrum[:, 1 : n_harmonics + 1] = -0.5j * _TABLE * source * curve
    return np.fft.irfft(spectrum, n=_TABLE).astype(np.float32)


def read(table: Floats, phase: NDArray[np.float64], row: Floats) -> Floats:
    """Read a table of cycles at a phase and a (fractional) row, linear in both.

    Args:
        table: Shape ``(n_rows, 2048)``.
        phase: In cycles, shape ``(n_frames,)``.
        row: From 0 to ``n_rows - 1``, shape ``(n_frames,)``; clipped.
    """
    place = (phase - np.floor(phase)) * _TABLE
    column = place.astype(np.int64) & (_TABLE - 1)
    across = (place - column).astype(np.float32)
    row = np.clip(row, 0, len(table) - 1.001)
    low = row.astype(np.int64)
    up = row - low
    flat = table.ravel()
    after = (column + 1) & (_TABLE - 1)
    low *= _TABLE
    dark = flat[low + column] * (1 - across) + flat[low + after] * across
    low += _TABLE
    bright = flat[low + column] * (1 - across) + flat[low + after] * across
    out: Floats = dark + (bright - dark) * up
    return out


def partials(hz: Floats, amplitude: Floats, decay_s: Floats, n_frames: int) -> Floats:
    """Sum sines that die away, each computed only until it is 80 dB down.

    Args:
        hz: Frequency of each, shape ``(n_partials,)``; those above 18 kHz are left out.
        amplitude: Of each at its start.
        decay_s: Seconds in which each falls to 1/e.
        n_frames: Length of the sum.

    Returns:
        Shape ``(n_frames,)``.
    """
    out = np.zeros(n_frames, dtype=np.float32)
    t = seconds(n_frames)
    for f, a, tau in zip(hz.tolist(), amplitude.tolist(), decay_s.tolist(), strict=True):
        n = min(n_frames, int(-np.log(_FLOOR) * tau * SAMPLE_RATE_HZ))
        if f > _TOP_HZ or n < 2 or a == 0:
            continue
        phase = cycles(f, n)
        turn = (phase - np.floor(phase)).astype(np.float32) * np.float32(2 * np.pi)
        out[:n] += np.float32(a) * np.sin(turn) * np.exp(t[:n] * np.float32(-1 / tau))
    return out


def band(sound: Floats, *, low_hz: float = 0.0, high_hz: float = 30_000.0, order: int = 2) -> Floats:
    """Keep a band of a sound, with Butterworth slopes of 6 dB an octave times ``order``; shape kept."""
    n = sound.shape[-1]
    size = 1 << max(8, (n - 1).bit_length())
    hz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    gain = 1 / np.sqrt(1 + (hz / high_hz) ** (2 * order))
    if low_hz:
        gain *= 1 / np.sqrt(1 + (low_hz / np.maximum(hz, 1e-3)) ** (2 * order))
    return np.fft.irfft(np.fft.rfft(sound, n=size) * gain, n=size)[..., :n].astype(np.float32)


@lru_cache(maxsize=64)
def ensemble(pitch: int, brightness: float) -> Floats:
    """Make three seconds of a seamless string-like ensemble: every harmonic is a narrow band of noise.

    Args:
        pitch: MIDI pitch.
        brightness: Cut-off in multiples of the pitch's frequency.

    Returns:
        A loop for left and right, shape ``(2, 131072)``, RMS 1.
    """
    size = 1 << 17
    f0 = key_hz(pitch)
    hz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    level = np.zeros(len(hz))
    for k in range(1, max(1, min(48, int(_TOP_HZ / f0))) + 1):
        width = max(0.35, 0.0035 * f0 * k**0.8)
        near = np.abs(hz - k * f0) < 4 * width
        level[near] += np.exp(-(((hz[near] - k * f0) / width) ** 2) / 2) / np.sqrt(width) * k**-1.1
    level /= 1 + (hz / (brightness * f0)) ** 4
    rng = np.random.default_rng(pitch)
    middle, side = np.exp(2j * np.pi * rng.random((2, len(hz)))) * level
    loop = np.fft.irfft(np.stack([middle + 0.6 * side, middle - 0.6 * side]), n=size)
    out: Floats = (loop / np.sqrt(np.mean(loop**2))).astype(np.float32)
    return out
