"""What can be measured of a sound: level, onsets, brightness, pitch. Pure functions of samples.

Samples have the shape ``(n_frames,)`` or ``(n_frames, n_channels)``, full scale 1; a ``Sound`` works too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from conduit.audio.voice import SAMPLE_RATE_HZ

__all__ = ["dominant_hz", "loudness_db", "onsets", "peak", "rms", "spectral_centroid_hz"]

_SILENCE_DB = -120.0
_HOP = 64
_WINDOW = 256
_REFRACTORY_S = 0.05


def rms(samples: ArrayLike) -> float:
    """Give the root mean square, 0 for no samples."""
    x = np.asarray(samples, dtype=np.float64)
    return float(np.sqrt(np.mean(x**2))) if x.size else 0.0


def peak(samples: ArrayLike) -> float:
    """Give the largest absolute sample, 0 for no samples."""
    x = np.asarray(samples)
    return float(np.abs(x).max()) if x.size else 0.0


def loudness_db(samples: ArrayLike) -> float:
    """Give the RMS in dB below full scale (a full-scale square wave is 0), at least -120."""
    return float(max(_SILENCE_DB, 20 * np.log10(max(rms(samples), 1e-9))))


def onsets(
    samples: ArrayLike, *, sample_rate_hz: int = SAMPLE_RATE_HZ, rise_db: float = 6.0
) -> NDArray[np.float64]:
    """Find where the energy rises.

    Args:
        samples: The sound.
        sample_rate_hz: Frames in a second.
        rise_db: How much louder a window of 6 ms must be than the 20 ms before it.

    Returns:
        Seconds, rising, at least 50 ms apart.
    """
    x = _mono(samples)
    if len(x) < _WINDOW:
        return np.zeros(0)
    energy = np.add.reduceat(x**2, np.arange(0, len(x), _HOP))
    floor = max(1e-6 * float(energy.max()), 1e-12)
    padded = np.concatenate([np.zeros(20), energy, np.zeros(4)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 4).mean(axis=1)
    before = np.lib.stride_tricks.sliding_window_view(padded, 14).mean(axis=1)
    n = len(energy)
    rise = 10 * np.log10((windows[20 : 20 + n] + floor) / (before[6 : 6 + n] + floor))
    loud = windows[20 : 20 + n] > 1e-4 * windows.max()
    found: list[float] = []
    for hop in np.flatnonzero((rise > rise_db) & loud).tolist():
        at_s = _first_frame(x, hop) / sample_rate_hz
        if not found or at_s - found[-1] > _REFRACTORY_S:
            found.append(at_s)
    return np.array(found)


def spectral_centroid_hz(samples: ArrayLike, *, sample_rate_hz: int = SAMPLE_RATE_HZ) -> float:
    """Give the mean frequency, weighted by magnitude; 0 for silence."""
    x = _mono(samples)
    level = np.abs(np.fft.rfft(x)) if len(x) else np.zeros(1)
    hz = np.fft.rfftfreq(max(len(x), 1), 1 / sample_rate_hz)
    total = float(level.sum())
    return float((level * hz).sum() / total) if total > 0 else 0.0


def dominant_hz(samples: ArrayLike, *, sample_rate_hz: int = SAMPLE_RATE_HZ) -> float:
    """Give the frequency of the strongest spectral peak, refined between bins; 0 for silence."""
    x = _mono(samples)
    if not len(x) or not x.any():
        return 0.0
    size = 1 << (4 * len(x) - 1).bit_length()
    level = np.abs(np.fft.rfft(x * np.hanning(len(x)), n=size))
    top = int(level[1:-1].argmax()) + 1
    a, b, c = np.log(np.maximum(level[top - 1 : top + 2], 1e-12))
    bend = a - 2 * b + c
    offset = 0.5 * (a - c) / bend if bend else 0.0
    return float((top + offset) * sample_rate_hz / size)


def _mono(samples: ArrayLike) -> NDArray[np.float64]:
    x = np.asarray(samples, dtype=np.float64)
    return x if x.ndim == 1 else x.mean(axis=1)


def _first_frame(x: NDArray[np.float64], hop: int) -> int:
    """Give the frame near a rising hop where the level first reaches a tenth of what follows."""
    start = hop * _HOP
    ahead = np.abs(x[start : start + 2 * _WINDOW])
    return start + int(np.argmax(ahead >= 0.1 * ahead.max()))
