"""Notes to one stereo buffer: placed by the frame, released, choked and summed.

A sound in one place goes into three rows, of which most notes need one: what both sides share, and what is
more on the left or the right. Clips of one length share a bus.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from conduit.audio.dice import strayed
from conduit.audio.moving import Moves, bent
from conduit.audio.reverb import RINGS_S, reverberated
from conduit.audio.voice import MAX_HELD_S, SAMPLE_RATE_HZ, Engine, Stereo, Voice, standard_frames
from conduit.music import Clip

__all__ = ["Bus", "clip_frames", "mixed", "onset_frames", "wrapped"]

_CHOKE_FRAMES = 700
_ENOUGH = 1e-6


class _Placed(NamedTuple):
    """A voice at its place: first frame, frames held, frames of its release (0: it is never released)."""

    start: int
    held: int
    voice: Voice
    release: int


class Bus:
    """A stereo sum of voices.

    Args:
        n_frames: Its length; what lies beyond is not heard.
    """

    def __init__(self, n_frames: int) -> None:
        self.n_frames = n_frames
        self._stereo = np.zeros((2, n_frames), dtype=np.float32)
        self._middle = np.zeros(n_frames, dtype=np.float32)
        self._scratch = np.empty((2, 0), dtype=np.float32)

    def add(self, placed: _Placed, moves: Moves) -> None:
        """Add a voice as its clip's controls have it: at their level, in their place, bent."""
        start, held, voice, release = placed
        body, balance = voice.body, moves.balance
        n = min(body.sounding(held, voice.gain * max(balance)), self.n_frames - start)
        if release:
            n = min(n, held + release)
        if n <= 0:
            return
        warp = moves.warp(start, n)
        samples = body.samples if warp is None else bent(body.samples, warp)
        n = min(n, samples.shape[1])
        fall = _release(release)[: n - held] if release and n > held else None
        if len(samples) == 1:
            self._add_mono(samples[0, :n], start, fall, _sides(voice, balance))
        else:
            self._add_stereo(samples[:, :n], start, fall, _sides(voice, balance))

    def add_sound(self, sound: Stereo) -> None:
        """Add a sound of the length of the bus."""
        self._stereo += sound

    def _add_mono(
        self,
        samples: NDArray[np.float32],
        start: int,
        fall: NDArray[np.float32] | None,
        sides: tuple[float, float],
    ) -> None:
        n = len(samples)
        sound = self._room(n)[0]
        np.multiply(samples, np.float32(max(sides)), out=sound)
        if fall is not None:
            sound[n - len(fall) :] *= fall
        shared = min(sides) / max(sides)
        louder = self._stereo[0 if sides[0] > sides[1] else 1, start : start + n]
        if shared < _ENOUGH:
            louder += sound
            return
        if shared < 1 - _ENOUGH:
            rest = self._room(n)[1]
            louder += np.multiply(sound, np.float32(1 - shared), out=rest)
            sound *= np.float32(shared)
        middle = self._middle[start : start + n]
        middle += sound

    def _add_stereo(
        self, samples: Stereo, start: int, fall: NDArray[np.float32] | None, sides: tuple[float, float]
    ) -> None:
        n = samples.shape[1]
        sound = self._room(n)
        np.multiply(samples, np.array(sides, dtype=np.float32)[:, None], out=sound)
        if fall is not None:
            sound[:, n - len(fall) :] *= fall
        self._stereo[:, start : start + n] += sound

    def _room(self, n: int) -> Stereo:
        if self._scratch.shape[1] < n:
            self._scratch = np.empty((2, 2 * n), dtype=np.float32)
        return self._scratch[:, :n]

    def total(self) -> Stereo:
        """Give the sum, shape ``(2, n_frames)``; the bus is used up."""
        self._stereo += self._middle
        self._middle = self._middle[:0].copy()  # half as much again as what is given
        return self._stereo


def _sides(voice: Voice, balance: tuple[float, float]) -> tuple[float, float]:
    left, right = voice.body.sides
    return left * balance[0] * voice.gain, right * balance[1] * voice.gain


def clip_frames(clip: Clip) -> int:
    """Give the clip's length in frames, at least 1."""
    return max(1, round(clip.duration_s * SAMPLE_RATE_HZ))


def onset_frames(clip: Clip, ticks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the frame of each tick: beats times seconds a beat times the rate, rounded half up as in JavaScript."""
    frames: NDArray[np.int64] = np.floor(ticks / clip.ppq * 60 / clip.bpm * SAMPLE_RATE_HZ + 0.5).astype(
        np.int64
    )
    return frames


def mixed(clips: Sequence[Clip], engine: Engine, *, tail_frames: int, seed: int = 0) -> Stereo:
    """Mix clips that are played once, from the same beginning; the end of each is faded out.

    Args:
        clips: At least one; the longest gives the length.
        engine: What sounds.
        tail_frames: Frames after the end of each clip.
        seed: Decides which notes of a probability below 1 are played, and how far velocities stray.

    Returns:
        Shape ``(2, n_frames)``, at any level.
    """
    buses: dict[int, list[Clip]] = {}
    for clip in clips:
        buses.setdefault(clip_frames(clip), []).append(clip)
    out: Stereo | None = None
    for length in sorted(buses, reverse=True):
        one = _once(buses[length], engine, n_frames=length + tail_frames, tail_frames=tail_frames, seed=seed)
        if out is None:
            out = one
        else:
            out[:, : one.shape[1]] += one
    if out is None:
        raise ValueError("there are no clips to mix: give at least one")
    return out


def _once(clips: Iterable[Clip], engine: Engine, *, n_frames: int, tail_frames: int, seed: int) -> Stereo:
    bus = Bus(n_frames)
    send: NDArray[np.float32] | None = None  # all clips stand in one room
    for clip in clips:
        moves = Moves.of(clip)
        own = Bus(n_frames) if moves.gliding or moves.rings else bus
        for placed in _choked(_placed(clip, engine, moves, seed), loop=0):
            own.add(placed, moves)
        if own is not bus:
            sound = moves.glided(own.total()) if moves.gliding else own.total()
            bus.add_sound(sound)
            if moves.rings:
                send = moves.sent(sound) if send is None else send + moves.sent(sound)
    out = bus.total()
    if send is not None:
        out += reverberated(send)
    n_fade = min(n_frames, max(tail_frames // 2, SAMPLE_RATE_HZ // 200))
    out[:, n_frames - n_fade :] *= np.cos(np.linspace(0, np.pi / 2, n_fade, dtype=np.float32)) ** 2
    return out


def wrapped(clip: Clip, engine: Engine, *, seed: int = 0) -> Stereo:
    """Mix a clip that goes round: what sounds on past its end sounds at its beginning.

    Returns:
        Shape ``(2, clip_frames(clip))``, at any level.
    """
    loop = clip_frames(clip)
    moves = Moves.of(clip)
    everything = _choked(_placed(clip, engine, moves, seed), loop=loop)
    gain = max(moves.balance)
    end = max([loop, *(p.start + p.voice.body.sounding(p.held, p.voice.gain * gain) for p in everything)])
    if moves.rings:
        end += round(RINGS_S * SAMPLE_RATE_HZ)
    rounds = -(-end // loop)
    bus = Bus(rounds * loop)
    for placed in everything:
        bus.add(placed, moves)
    out = bus.total()
    if moves.gliding:
        out = moves.glided(out, loop=loop)
    if moves.rings:
        out += reverberated(moves.sent(out, loop=loop))
    folded: Stereo = out.reshape(2, rounds, loop).sum(axis=1)
    return folded


def _heard(clip: Clip, seed: int) -> NDArray[np.void]:
    """Give the notes that are played, as loud as this time: begun within the clip, not muted, and lucky."""
    table = clip.table[~clip.table["mute"] & (clip.table["start"] < clip.length_ticks)]
    table = strayed(table, seed)
    chance = table["probability"]
    if len(table) and float(chance.min()) < 1:
        table = table[np.random.default_rng(seed).random(len(table)) < chance]
    return table


def _placed(clip: Clip, engine: Engine, moves: Moves, seed: int) -> list[_Placed]:
    table = _heard(clip, seed)
    end = np.minimum(table["start"] + table["duration"], clip.length_ticks)
    starts = onset_frames(clip, table["start"])
    ends = moves.sustained(onset_frames(clip, end), clip_frames(clip))
    helds = np.minimum(ends - starts, int(MAX_HELD_S * SAMPLE_RATE_HZ))
    columns = (starts, helds, table["pitch"], table["velocity"])
    placed: list[_Placed] = []
    voices = _voices(clip, engine)
    for start, held, pitch, velocity in zip(*(column.tolist() for column in columns), strict=True):
        for voice in voices(pitch, velocity, standard_frames(held)):
            placed.append(_Placed(start, held, voice, voice.body.release_frames))  # noqa: PERF401  a hot loop
    return placed


def _voices(clip: Clip, engine: Engine) -> Callable[[int, int, int], Sequence[Voice]]:
    """Give an engine's voices for a clip, those of like notes once."""
    known: dict[tuple[int, int, int], Sequence[Voice]] = {}

    def voices(pitch: int, velocity: int, held: int) -> Sequence[Voice]:
        key = (pitch, velocity, held)
        found = known.get(key)
        if found is None:
            found = known[key] = engine.voices(
                clip.instrument, pitch, velocity=velocity, held_frames=held, program=clip.program
            )
        return found

    return voices


def _choked(everything: list[_Placed], *, loop: int) -> list[_Placed]:
    """End every voice of a choke class where the next of its class begins; ``loop`` frames make a round."""
    starts: dict[int, list[int]] = {}
    for placed in everything:
        if placed.voice.body.choke:
            starts.setdefault(placed.voice.body.choke, []).append(placed.start)
    if not starts:
        return everything
    for of_class in starts.values():
        of_class.extend([of_class[0] + loop] if loop else [])
    return [_cut(p, starts[p.voice.body.choke]) if p.voice.body.choke else p for p in everything]


def _cut(placed: _Placed, starts: list[int]) -> _Placed:
    later = bisect_right(starts, placed.start)
    if later == len(starts):
        return placed
    until = starts[later] - placed.start
    if placed.release and placed.held + placed.release < until:
        return placed
    held = min(placed.held, until) if placed.release else until
    return placed._replace(held=held, release=_CHOKE_FRAMES)


@lru_cache(maxsize=256)
def _release(n_frames: int) -> NDArray[np.float32]:
    """Give a fall of 60 dB in ``n_frames``, linear in decibels."""
    return np.exp(np.linspace(0, -3 * np.log(10), n_frames)).astype(np.float32)
