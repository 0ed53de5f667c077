"""A small room: what comes back of a sound, as ``js/engine/reverb.js`` plays it.

Eight delay lines feed each other through a Hadamard matrix; what comes round is dulled by a one-pole low-pass.
The lines are longer than a block, so a block is read whole before it is written.

Source: Jot and Chaigne, Digital delay networks for designing artificial reverberators, 1991.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from conduit.audio.voice import SAMPLE_RATE_HZ, Stereo

__all__ = ["RINGS_S", "reverberated"]

RINGS_S = 1.3
"""Seconds in which the room falls by 60 dB."""

_LINES_MS = (29.7, 34.1, 37.9, 42.3, 47.1, 52.9, 58.1, 64.3)
_DULL = 0.32
_TAPS = 16  # 0.32 to this power is 158 dB down
_SILENT_AFTER_S = 3 * RINGS_S
_LEFT = np.array([1, 0, 1, 0, -1, 0, 1, 0], dtype=np.float32)
_RIGHT = np.array([0, 1, 0, -1, 0, 1, 0, 1], dtype=np.float32)
_FED = np.array([0.5, -0.5] * 4, dtype=np.float32)


def reverberated(send: NDArray[np.float32]) -> Stereo:
    """Give what comes back of a sound.

    Args:
        send: What goes into the room, shape ``(n_frames,)``.

    Returns:
        Shape ``(2, n_frames)``.
    """
    lengths = [int(ms / 1000 * SAMPLE_RATE_HZ + 0.5) for ms in _LINES_MS]
    block = min(lengths)
    out = np.zeros((2, len(send)), dtype=np.float32)
    lines = [np.zeros(length, dtype=np.float32) for length in lengths]
    keep = np.array([10 ** (-3 * n / (RINGS_S * SAMPLE_RATE_HZ)) / 8**0.5 for n in lengths], dtype=np.float32)
    around = _hadamard() * keep[:, None]
    sides = np.stack([_LEFT, _RIGHT])
    read = np.zeros((8, _TAPS - 1 + block), dtype=np.float32)
    rest = 0.0
    for first in range(0, len(send), block):
        fed = send[first : first + block]
        n = len(fed)
        rest = _SILENT_AFTER_S * SAMPLE_RATE_HZ if fed.any() else rest - n
        if rest <= 0:
            continue
        places = [(first + np.arange(n)) % length for length in lengths]
        read[:, : _TAPS - 1] = read[:, block:]
        for row, line, place in zip(read, lines, places, strict=True):
            row[_TAPS - 1 : _TAPS - 1 + n] = line[place]
        taps = _dulled(read, n)
        out[:, first : first + n] = sides @ taps
        back = around @ taps + _FED[:, None] * fed
        for row, line, place in zip(back, lines, places, strict=True):
            line[place] = row
    return out


def _dulled(read: NDArray[np.float32], n: int) -> NDArray[np.float32]:
    """Give the low-passed last ``n`` frames of rows that begin with what was read before."""
    out = np.zeros((len(read), n), dtype=np.float32)
    for k in range(_TAPS):
        first = _TAPS - 1 - k
        out += np.float32((1 - _DULL) * _DULL**k) * read[:, first : first + n]
    return out


def _hadamard() -> NDArray[np.float32]:
    two = np.array([[1, 1], [1, -1]], dtype=np.float32)
    return np.kron(np.kron(two, two), two)
