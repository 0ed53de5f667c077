"""What an engine hands to the mixer: the sound of one key, before it is let go.

An engine renders a *body*: how a key sounds while it is held. The mixer cuts it at the note's end and
lets it die away, so notes of every duration share one body and the cost of a clip is a sum of slices.
Bodies come in a few standard lengths, chosen by the note alone: what is cached never depends on the
order in which clips were rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, inf, isinf
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_HELD_S", "SAMPLE_RATE_HZ", "Bodies", "Engine", "Stereo", "Voice", "body_frames", "key_hz"]

SAMPLE_RATE_HZ = 44_100

MAX_HELD_S = 120.0
"""How long one note sounds at most; longer ones end there."""

Stereo = NDArray[np.float32]
"""Samples, shape ``(2, n_frames)``: left and right."""

_SHORTEST = SAMPLE_RATE_HZ // 4
_DOUBLING_UNTIL = SAMPLE_RATE_HZ * 16
_RELEASE_SHARE = 0.8
_BUDGET_BYTES = 96 * 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """One key of one instrument, as it sounds while held.

    Attributes:
        body: Samples, shape ``(2, n_frames)``; read-only and shared.
        gain: Factor for this note's velocity.
        release_s: Seconds in which the sound falls by 100 dB once the key is let go; ``inf`` for a drum
            that does not care.
        choke: Notes of one class other than 0 cut each other off: the pedals of a hi-hat.
    """

    body: Stereo
    gain: float = 1.0
    release_s: float = inf
    choke: int = 0

    @property
    def release_frames(self) -> int:
        """Frames until the released sound is 80 dB down, where it ends; 0 where it is never released."""
        return 0 if isinf(self.release_s) else ceil(self.release_s * _RELEASE_SHARE * SAMPLE_RATE_HZ)


class Engine(Protocol):
    """What renders single notes."""

    @property
    def name(self) -> str:
        """The engine's name, as ``render`` takes it."""

    def voices(self, instrument: str, pitch: int, *, velocity: int, held_s: float) -> Sequence[Voice]:
        """Give what sounds for one key.

        Args:
            instrument: ``drums`` or a key of ``GM_PROGRAMS``.
            pitch: 0-127; for drums, of the General MIDI percussion map.
            velocity: 1-127.
            held_s: Seconds until the key is let go, at most ``MAX_HELD_S``; the bodies last that long and
                their release, or until the sound has died away.
        """


class Bodies:
    """Rendered bodies, the most recently used kept up to a number of bytes. Safe to share by threads.

    Args:
        budget_bytes: Bytes of samples to keep.
    """

    def __init__(self, *, budget_bytes: int = _BUDGET_BYTES) -> None:
        self._budget_bytes = budget_bytes
        self._kept: dict[object, Stereo] = {}
        self._n_bytes = 0
        self._lock = Lock()

    def get(self, key: object, make: Callable[[], Stereo]) -> Stereo:
        """Give the body kept under ``key``, or make and keep it."""
        with self._lock:
            body = self._kept.pop(key, None)
            if body is not None:
                self._kept[key] = body
                return body
        body = make()
        body.flags.writeable = False
        with self._lock:
            if key not in self._kept and body.nbytes <= self._budget_bytes:
                self._kept[key] = body
                self._n_bytes += body.nbytes
            while self._n_bytes > self._budget_bytes:
                self._n_bytes -= self._kept.pop(next(iter(self._kept))).nbytes
        return body


def body_frames(held_s: float, *, release_s: float) -> int:
    """Give the standard length of a body that lasts for a note and its release.

    Lengths double from a quarter of a second to 16 s and go up by 16 s from there.

    >>> body_frames(0.1, release_s=0.1), body_frames(20, release_s=1)
    (11025, 1411200)
    """
    needed = (min(held_s, MAX_HELD_S) + release_s * _RELEASE_SHARE) * SAMPLE_RATE_HZ + 1
    if needed > _DOUBLING_UNTIL:
        return ceil(needed / _DOUBLING_UNTIL) * _DOUBLING_UNTIL
    n_frames = _SHORTEST
    while n_frames < needed:
        n_frames *= 2
    return n_frames


def key_hz(pitch: float) -> float:
    """Give the frequency of a MIDI pitch in equal temperament.

    >>> key_hz(57)
    220.0
    """
    return float(440.0 * 2 ** ((pitch - 69) / 12))
