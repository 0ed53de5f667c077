"""Integrated loudness, and the gain that brings a sound to one.

Source: Recommendation ITU-R BS.1770-4, annex 1: K-weighting, blocks of 400 ms that overlap by three quarters,
gates at -70 LUFS and 10 LU below what passes it. The filters are those of the recommendation for any sample
rate. They weigh the spectrum of each tenth of a second: for music that agrees with filtering in time to a tenth
of a unit, for pure tones below 60 Hz to a third.
"""

from __future__ import annotations

from functools import lru_cache
from math import log10, pi, tan

import numpy as np
from numpy.typing import NDArray

from conduit.audio.limiter import CEILING, top
from conduit.audio.voice import Stereo

__all__ = ["MAX_LIMITED_DB", "MAX_RAISED_DB", "SILENT_LUFS", "TARGET_LUFS", "gain_to", "loudness_lufs"]

TARGET_LUFS = -16.0
"""How loud a rendered sound is: as podcasts and streaming services have it."""

MAX_RAISED_DB = 12.0
"""How far a sound is raised at most: a single soft note is not blown up."""

MAX_LIMITED_DB = 6.0
"""How far over full scale peaks are raised at most, for the limiter to take back; sparse sounds stay softer."""

SILENT_LUFS = -70.0
"""The gate of the recommendation, given for what is quieter."""

_OFFSET_DB = -0.691
_RELATIVE_GATE_DB = -10.0
_HOPS_A_SECOND = 10
_HOPS_A_BLOCK = 4
_AT_ONCE = 16


def loudness_lufs(sound: Stereo, *, sample_rate_hz: int) -> float:
    """Measure the integrated loudness.

    Args:
        sound: Shape ``(2, n_frames)``; what is shorter than 400 ms counts as followed by silence.
        sample_rate_hz: Frames in a second.

    Returns:
        LUFS, at least ``SILENT_LUFS``.
    """
    power = _hop_power(sound, sample_rate_hz)
    power = np.append(power, np.zeros(max(0, _HOPS_A_BLOCK - len(power))))
    blocks = np.lib.stride_tricks.sliding_window_view(power, _HOPS_A_BLOCK).mean(axis=1)
    loud = blocks[blocks > _power(SILENT_LUFS)]
    if not len(loud):
        return SILENT_LUFS
    gate = _power(_lufs(float(loud.mean())) + _RELATIVE_GATE_DB)
    return max(SILENT_LUFS, _lufs(float(loud[loud > gate].mean())))


def gain_to(sound: Stereo, target_lufs: float, *, sample_rate_hz: int) -> float:
    """Give the factor that brings a sound to a loudness, as far as the limits above allow; 1 for silence."""
    peak = top(sound)
    measured = loudness_lufs(sound, sample_rate_hz=sample_rate_hz)
    if peak == 0 or measured <= SILENT_LUFS:
        return 1.0
    room_db = 20 * log10(CEILING / peak) + MAX_LIMITED_DB
    return float(10 ** (min(target_lufs - measured, MAX_RAISED_DB, room_db) / 20))


def _lufs(power: float) -> float:
    return _OFFSET_DB + 10 * log10(power)


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET_DB) / 10))


def _hop_power(sound: Stereo, rate: int) -> NDArray[np.float64]:
    """Give the weighted mean square of each tenth of a second, both sides together."""
    hop = round(rate / _HOPS_A_SECOND)
    n_hops = -(-sound.shape[1] // hop)
    weights = _weights(rate, hop)
    power = np.zeros(n_hops)
    for side in sound:
        for first in range(0, n_hops, _AT_ONCE):
            part = side[first * hop : (first + _AT_ONCE) * hop]
            if len(part) % hop:
                part = np.append(part, np.zeros(-len(part) % hop, dtype=part.dtype))
            spectrum = np.fft.rfft(part.reshape(-1, hop)).view(part.dtype)
            np.square(spectrum, out=spectrum)
            power[first : first + _AT_ONCE] += spectrum @ weights
    return power


@lru_cache(maxsize=8)
def _weights(rate: int, hop: int) -> NDArray[np.float32]:
    """Give what each squared real and imaginary part of a spectrum adds to the mean square."""
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(hop))
    weights = np.ones(len(z))
    for b, a in _biquads(rate):
        weights *= np.abs(np.polyval(b[::-1], z) / np.polyval(a[::-1], z)) ** 2
    weights *= 2 / hop**2
    weights[0] /= 2
    if hop % 2 == 0:
        weights[-1] /= 2
    return np.repeat(weights, 2).astype(np.float32)


def _biquads(rate: int) -> tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]:
    """Give the head's shelf and the low cut, numerators and denominators; at 48 kHz those of tables 1 and 2."""
    k, gain, quality = tan(pi * 1681.974450955533 / rate), 10 ** (3.999843853973347 / 20), 0.7071752369554196
    middle = gain**0.4996667741545416
    scale = 1 + k / quality + k * k
    shelf = (
        (gain + middle * k / quality + k * k) / scale,
        2 * (k * k - gain) / scale,
        (gain - middle * k / quality + k * k) / scale,
    )
    shelf_below = (1.0, 2 * (k * k - 1) / scale, (1 - k / quality + k * k) / scale)
    k, quality = tan(pi * 38.13547087602444 / rate), 0.5003270373238773
    scale = 1 + k / quality + k * k
    cut_below = (1.0, 2 * (k * k - 1) / scale, (1 - k / quality + k * k) / scale)
    return (shelf, shelf_below), ((1.0, -2.0, 1.0), cut_below)
