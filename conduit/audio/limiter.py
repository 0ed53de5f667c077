"""Keep a sound below full scale.

The limiter looks ahead: its gain is already down when a peak comes and recovers slowly, so nothing clips
and a sound that fits is not touched at all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from conduit.audio.voice import Stereo

__all__ = ["CEILING", "limited", "top"]

CEILING = 0.95
"""The highest peak that leaves the limiter."""

_BLOCK = 64
_STRETCH = 64 * _BLOCK
_ATTACK_DB = 3.0  # a block of 1.5 ms: a peak 12 dB too high is met within 6 ms
_RELEASE_DB = 0.06  # a block: back by 40 dB in a second


def top(sound: Stereo) -> float:
    """Give the largest absolute sample, 0 where there are none."""
    return float(max(sound.max(), -sound.min())) if sound.size else 0.0


def limited(sound: Stereo, *, loop: bool = False) -> Stereo:
    """Turn down what would exceed the ceiling, around its peaks only.

    Args:
        sound: Shape ``(2, n_frames)``; changed in place.
        loop: Whether its end leads to its beginning.

    Returns:
        The sound itself.
    """
    if top(sound) <= CEILING:
        return sound
    n_frames = sound.shape[1]
    peaks = _block_peaks(sound)
    edges = _edges(peaks, loop=loop)
    gain = (10 ** (edges / 20)).astype(np.float32)
    (busy,) = np.nonzero((edges[:-1] < 0) | (edges[1:] < 0))
    frames = np.minimum(n_frames - busy * _BLOCK, _BLOCK)  # the last block may be short
    across = np.arange(_BLOCK, dtype=np.float32) / frames[:, None].astype(np.float32)
    ramps = gain[busy, None] + (gain[busy + 1] - gain[busy])[:, None] * across
    whole = n_frames // _BLOCK
    n_whole = int(np.searchsorted(busy, whole))
    for side in sound:
        side[: whole * _BLOCK].reshape(whole, _BLOCK)[busy[:n_whole]] *= ramps[:n_whole]
        if n_whole < len(busy):
            side[whole * _BLOCK :] *= ramps[-1, : n_frames - whole * _BLOCK]
    return sound


def _block_peaks(sound: Stereo) -> NDArray[np.float32]:
    """Give the peak of each block of either side; looks closely only where a longer stretch exceeds the ceiling."""
    n_frames = sound.shape[1]
    edges = np.arange(0, n_frames, _BLOCK)
    peaks = np.zeros(len(edges), dtype=np.float32)
    for first in range(0, n_frames, _STRETCH):
        part = sound[:, first : first + _STRETCH]
        if top(part) > CEILING:
            found = np.maximum.reduceat(np.abs(part), np.arange(0, part.shape[1], _BLOCK), axis=1).max(axis=0)
            peaks[first // _BLOCK : first // _BLOCK + len(found)] = found
    return peaks


def _edges(peak: NDArray[np.float32], *, loop: bool) -> NDArray[np.float64]:
    """Give the gain in decibels at the edges of blocks of these peaks, shape ``(n_blocks + 1,)``."""
    gain_db = -20 * np.log10(np.maximum(peak / CEILING, 1.0).astype(np.float64))
    n_blocks = len(peak)
    smooth = _recovered(np.tile(gain_db, 3 if loop else 1))
    smooth = smooth[n_blocks : 2 * n_blocks] if loop else smooth
    first, last = (smooth[-1:], smooth[:1]) if loop else (smooth[:1], smooth[-1:])
    around = np.concatenate([first, smooth, last])
    edges: NDArray[np.float64] = np.minimum(around[:-1], around[1:])
    return edges


def _recovered(gain_db: NDArray[np.float64]) -> NDArray[np.float64]:
    """Let each dip begin before its peak and end slowly after it: running minima along two slopes."""
    ramp = np.arange(len(gain_db), dtype=np.float64)
    after = np.minimum.accumulate(gain_db - ramp * _RELEASE_DB) + ramp * _RELEASE_DB
    back = after[::-1]
    before = np.minimum.accumulate(back - ramp * _ATTACK_DB) + ramp * _ATTACK_DB
    return before[::-1]
