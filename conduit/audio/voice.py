"""What an engine hands to the mixer: the sound of one key, before it is let go.

An engine renders a *body*: how a key sounds while it is held. The mixer cuts it at the note's end and
lets it die away, so notes of many durations share one body and the cost of a clip is a sum of slices.
Bodies come in a few standard lengths, chosen by the note alone: what is cached never depends on the
order in which clips were rendered.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, inf, isinf, log10
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "MAX_HELD_S",
    "SAMPLE_RATE_HZ",
    "Bodies",
    "Body",
    "Engine",
    "Stereo",
    "Voice",
    "body_frames",
    "key_hz",
    "standard_frames",
]

SAMPLE_RATE_HZ = 44_100

MAX_HELD_S = 120.0
"""How long one note sounds at most; longer ones end there."""

Stereo = NDArray[np.float32]
"""Samples, shape ``(2, n_frames)``: left and right."""

_SHORTEST = SAMPLE_RATE_HZ // 4
_DOUBLING_UNTIL = SAMPLE_RATE_HZ * 16
_RELEASE_DB = 100.0
_INAUDIBLE_DB = -82.0  # full scale is 0; where a voice stays below this it ends
_RELEASE_SHARE = 0.6
_BLOCK = 512
_BUDGET_BYTES = 192 * 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """How a key sounds while it is held, and how it ends.

    Make one with ``Body.of``.

    Attributes:
        samples: Shape ``(1, n_frames)`` for a sound in one place, ``(2, n_frames)`` for a stereo one;
            read-only.
        sides: Factors for left and right of a sound in one place.
        release_frames: Frames from the note's end until nothing is heard; 0 where it is never released.
        choke: Notes of one class other than 0 cut each other off: the pedals of a hi-hat.
        floors: For each block of frames, by how many decibels a note that is let go at once would have to be
            raised to be at full scale there, or later.
    """

    samples: NDArray[np.float32]
    sides: tuple[float, float]
    release_frames: int
    choke: int
    floors: Sequence[float]

    @classmethod
    def of(
        cls,
        samples: NDArray[np.float32],
        *,
        sides: tuple[float, float] = (1.0, 1.0),
        release_s: float = inf,
        choke: int = 0,
    ) -> Body:
        """Make a body, and find out where it can be heard.

        Args:
            samples: Shape ``(1, n_frames)`` or ``(2, n_frames)``; made read-only.
            sides: Factors for left and right of a sound in one place.
            release_s: Seconds in which it falls by 100 dB once the key is let go; ``inf`` for a drum that
                goes on.
            choke: The class of notes that cut each other off, or 0.
        """
        samples.flags.writeable = False
        frames = _release_frames(release_s)
        edges = np.arange(0, samples.shape[1], _BLOCK)
        peaks = np.maximum.reduceat(np.abs(samples), edges, axis=1).max(axis=0) * max(sides)
        level_db = 20 * np.log10(np.maximum(peaks, 1e-9)) - edges * _slope(frames)
        floors = -np.maximum.accumulate(level_db[::-1])[::-1]
        return cls(samples, sides, frames, choke, floors.tolist())

    @property
    def nbytes(self) -> int:
        """Size of the samples."""
        return self.samples.nbytes

    def sounding(self, held: int, gain: float) -> int:
        """Give the frames in which a note that is held for ``held`` frames can be heard, at most the body's."""
        if gain <= 0:
            return 0
        louder_db = 20 * log10(gain) - _INAUDIBLE_DB + held * _slope(self.release_frames)
        n = bisect_left(self.floors, louder_db) * _BLOCK
        if self.release_frames:
            n = min(n, held + self.release_frames)
        return min(n, int(self.samples.shape[1]))


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """One key of one instrument, as it sounds while held.

    Attributes:
        body: Its sound.
        gain: Factor for this note's velocity.
    """

    body: Body
    gain: float = 1.0


class Engine(Protocol):
    """What renders single notes."""

    @property
    def name(self) -> str:
        """The engine's name, as ``render`` takes it."""

    def voices(
        self, instrument: str, pitch: int, *, velocity: int, held_frames: int, program: int | None = None
    ) -> Sequence[Voice]:
        """Give what sounds for one key.

        Args:
            instrument: ``drums`` or a key of ``GM_PROGRAMS``.
            pitch: 0-127; for drums, of the General MIDI percussion map.
            velocity: 1-127.
            held_frames: Frames until the key is let go, a standard length; the bodies last that long and
                their release, or until the sound has died away.
            program: General MIDI program, or of drums the kit, where it is not the usual one; an engine
                without it plays the instrument.
        """


class Bodies:
    """Rendered bodies, the most recently used kept up to a number of bytes. Safe to share by threads.

    Args:
        budget_bytes: Bytes of samples to keep.
    """

    def __init__(self, *, budget_bytes: int = _BUDGET_BYTES) -> None:
        self._budget_bytes = budget_bytes
        self._kept: dict[object, Body] = {}
        self._n_bytes = 0
        self._lock = Lock()

    def get(self, key: object, make: Callable[[], Body]) -> Body:
        """Give the body kept under ``key``, or make and keep it."""
        with self._lock:
            body = self._kept.pop(key, None)
            if body is not None:
                self._kept[key] = body
                return body
        body = make()
        with self._lock:
            if key not in self._kept and body.nbytes <= self._budget_bytes:
                self._kept[key] = body
                self._n_bytes += body.nbytes
            while self._n_bytes > self._budget_bytes:
                self._n_bytes -= self._kept.pop(next(iter(self._kept))).nbytes
        return body


def standard_frames(held: int) -> int:
    """Give the standard length of a note: what is held shorter shares its body.

    Lengths double from a quarter of a second to 16 s and go up by 16 s from there, to ``MAX_HELD_S``.

    >>> standard_frames(100), standard_frames(11_026), standard_frames(20 * SAMPLE_RATE_HZ)
    (11025, 22050, 1411200)
    """
    if held > _DOUBLING_UNTIL:
        return min(ceil(held / _DOUBLING_UNTIL) * _DOUBLING_UNTIL, int(MAX_HELD_S * SAMPLE_RATE_HZ))
    n_frames = _SHORTEST
    while n_frames < held:
        n_frames *= 2
    return n_frames


def body_frames(held_frames: int, *, release_s: float) -> int:
    """Give the length of a body that lasts for a note and its release.

    >>> body_frames(11_025, release_s=1)
    37486
    """
    return held_frames + _release_frames(release_s) + 1


def key_hz(pitch: float) -> float:
    """Give the frequency of a MIDI pitch in equal temperament.

    >>> key_hz(57)
    220.0
    """
    return float(440.0 * 2 ** ((pitch - 69) / 12))


def _release_frames(release_s: float) -> int:
    """Give the frames until a released sound has gone, 60 dB down; 0 where it is never released."""
    return 0 if isinf(release_s) else ceil(release_s * _RELEASE_SHARE * SAMPLE_RATE_HZ)


def _slope(release_frames: int) -> float:
    """Give the decibels by which a release falls in a frame."""
    return _RELEASE_DB * _RELEASE_SHARE / release_frames if release_frames else 0.0
