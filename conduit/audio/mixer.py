"""Notes to one stereo buffer: placed by the frame, released, choked, summed, kept below full scale.

The limiter looks ahead: its gain is already down when a peak comes and recovers slowly, so nothing clips
and a sound that fits is not touched at all.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from conduit.audio.voice import MAX_HELD_S, SAMPLE_RATE_HZ, Engine, Stereo, Voice
from conduit.music import Clip

__all__ = ["CEILING", "clip_frames", "limited", "mixed", "wrapped"]

CEILING = 0.95
"""The highest peak that leaves the mixer."""

_BLOCK = 64
_ATTACK_DB = 3.0  # a block of 1.5 ms: a peak 12 dB too high is met within 6 ms
_RELEASE_DB = 0.06  # a block: back by 40 dB in a second
_CHOKE_S = 0.02
_MIN_RELEASE_S = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A voice at its place: first frame, frames held, and what it is."""

    start: int
    held: int
    voice: Voice


def clip_frames(clip: Clip) -> int:
    """Give the clip's length in frames, at least 1."""
    return max(1, round(clip.duration_s * SAMPLE_RATE_HZ))


def mixed(clip: Clip, engine: Engine, *, tail_frames: int) -> Stereo:
    """Mix a clip that is played once; its end is faded out.

    Returns:
        Shape ``(2, clip_frames(clip) + tail_frames)``, at any level.
    """
    n_frames = clip_frames(clip) + tail_frames
    out = np.zeros((2, n_frames), dtype=np.float32)
    for placed in _choked(list(_placed(clip, engine)), loop=0):
        _add(out, placed)
    n_fade = min(n_frames, max(tail_frames // 2, SAMPLE_RATE_HZ // 200))
    out[:, n_frames - n_fade :] *= np.cos(np.linspace(0, np.pi / 2, n_fade, dtype=np.float32)) ** 2
    return out


def wrapped(clip: Clip, engine: Engine) -> Stereo:
    """Mix a clip that goes round: what sounds on past its end sounds at its beginning.

    Returns:
        Shape ``(2, clip_frames(clip))``, at any level.
    """
    loop = clip_frames(clip)
    everything = _choked(list(_placed(clip, engine)), loop=loop)
    end = max([loop, *(p.start + _sounding(p) for p in everything)])
    rounds = -(-end // loop)
    out = np.zeros((2, rounds * loop), dtype=np.float32)
    for placed in everything:
        _add(out, placed)
    folded: Stereo = out.reshape(2, rounds, loop).sum(axis=1)
    return folded


def limited(sound: Stereo, *, loop: bool = False) -> Stereo:
    """Turn down what would exceed the ceiling, around its peaks only.

    Args:
        sound: Shape ``(2, n_frames)``.
        loop: Whether its end leads to its beginning.
    """
    n_frames = sound.shape[1]
    n_blocks = -(-n_frames // _BLOCK)
    edges = np.arange(n_blocks) * _BLOCK
    peaks = np.maximum(np.maximum.reduceat(sound, edges, axis=1), -np.minimum.reduceat(sound, edges, axis=1))
    peak = peaks.max(axis=0)
    if peak.max() <= CEILING:
        return sound
    gain_db = -20 * np.log10(np.maximum(peak / CEILING, 1.0).astype(np.float64))
    turns = 3 if loop else 1
    smooth = _recovered(np.tile(gain_db, turns))
    smooth = smooth[n_blocks : 2 * n_blocks] if loop else smooth
    around = np.concatenate(
        [smooth[-1:] if loop else smooth[:1], smooth, smooth[:1] if loop else smooth[-1:]]
    )
    at_edges = np.minimum(around[:-1], around[1:])
    places = np.append(edges, n_frames)
    gain = np.interp(np.arange(n_frames), places, 10 ** (at_edges / 20)).astype(np.float32)
    out: Stereo = sound * gain
    return out


def _recovered(gain_db: NDArray[np.float64]) -> NDArray[np.float64]:
    """Let each dip begin before its peak and end slowly after it: running minima along two slopes."""
    ramp = np.arange(len(gain_db), dtype=np.float64)
    after = np.minimum.accumulate(gain_db - ramp * _RELEASE_DB) + ramp * _RELEASE_DB
    back = after[::-1]
    before = np.minimum.accumulate(back - ramp * _ATTACK_DB) + ramp * _ATTACK_DB
    return before[::-1]


def _placed(clip: Clip, engine: Engine) -> Iterator[_Placed]:
    table = clip.table[~clip.table["mute"] & (clip.table["start"] < clip.length_ticks)]
    frames_per_tick = 60 / clip.bpm / clip.ppq * SAMPLE_RATE_HZ
    end = np.minimum(table["start"] + table["duration"], clip.length_ticks)
    starts = np.rint(table["start"] * frames_per_tick).astype(np.int64)
    helds = np.minimum(
        np.rint(end * frames_per_tick).astype(np.int64) - starts, int(MAX_HELD_S * SAMPLE_RATE_HZ)
    )
    rows = zip(
        starts.tolist(), helds.tolist(), table["pitch"].tolist(), table["velocity"].tolist(), strict=True
    )
    for start, held, pitch, velocity in rows:
        voices = engine.voices(clip.instrument, pitch, velocity=velocity, held_s=held / SAMPLE_RATE_HZ)
        for voice in voices:
            yield _Placed(start, held, voice)


def _choked(everything: list[_Placed], *, loop: int) -> list[_Placed]:
    """End every voice of a choke class where the next of its class begins; ``loop`` frames make a round."""
    starts: dict[int, list[int]] = {}
    for placed in everything:
        if placed.voice.choke:
            starts.setdefault(placed.voice.choke, []).append(placed.start)
    for of_class in starts.values():
        of_class.extend([of_class[0] + loop] if loop else [])
    return [_cut(p, starts[p.voice.choke]) if p.voice.choke else p for p in everything]


def _cut(placed: _Placed, starts: list[int]) -> _Placed:
    later = bisect_right(starts, placed.start)
    if later == len(starts):
        return placed
    voice = placed.voice
    until = starts[later] - placed.start
    if voice.release_frames and placed.held + voice.release_frames < until:
        return placed
    held = min(placed.held, until) if voice.release_frames else until
    return _Placed(placed.start, held, Voice(voice.body, voice.gain, _CHOKE_S, voice.choke))


def _sounding(placed: _Placed) -> int:
    release = placed.voice.release_frames
    n_body = int(placed.voice.body.shape[1])
    return min(n_body, placed.held + release) if release else n_body


@lru_cache(maxsize=128)
def _release(n_frames: int) -> NDArray[np.float32]:
    """Give a fall of 80 dB in ``n_frames``, linear in decibels."""
    return np.exp(np.linspace(0, -4 * np.log(10), n_frames)).astype(np.float32)


def _add(out: Stereo, placed: _Placed) -> None:
    voice = placed.voice
    n = min(_sounding(placed), out.shape[1] - placed.start)
    n_held = min(n, placed.held) if voice.release_frames else n
    gain = np.float32(voice.gain)
    out[:, placed.start : placed.start + n_held] += voice.body[:, :n_held] * gain
    if n > n_held:
        falling = voice.body[:, n_held:n] * (_release(voice.release_frames)[: n - n_held] * gain)
        out[:, placed.start + n_held : placed.start + n] += falling
