"""How fast both engines render, against ``pretty_midi.synthesize`` in the same run.

Run ``python tests/benchmarks/audio.py``. CPU seconds of the whole process, the best of a few runs; "x real
time" is seconds of audio for each CPU second. "cold" renders with empty caches, "warm" the same notes again,
"uneven" with every duration and start a little different. ``pretty_midi.synthesize`` is mono sines without
drums.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pretty_midi

from conduit.audio.mixer import limited, mixed
from conduit.audio.soundfont import SoundFont
from conduit.audio.synth import Synth
from conduit.audio.voice import SAMPLE_RATE_HZ, Engine
from conduit.music import DRUMS, GM_PROGRAMS, Clip, Note

BPM = 120.0


@dataclass(frozen=True)
class Piece:
    """Tracks that play together."""

    name: str
    tracks: list[Clip]
    seconds: float


def drums(bars: int) -> Clip:
    """Give four on the floor with snares and eighth hats: 14 notes a bar."""
    notes = []
    for bar in range(bars):
        at = bar * 4
        notes += [Note(36, at + b, 0.25) for b in range(4)] + [Note(38, at + b, 0.25) for b in (1, 3)]
        notes += [Note(46 if b == 7 else 42, at + b / 2, 0.25, 70 + 10 * (b % 3)) for b in range(8)]
    return Clip.of(notes, length=bars * 4, bpm=BPM, instrument=DRUMS)


def line(instrument: str, *, bars: int, a_bar: int, low: int, seed: int) -> Clip:
    """Give a line of even notes in a pentatonic scale."""
    rng = random.Random(seed)
    scale = [low + 12 * octave + step for octave in range(2) for step in (0, 3, 5, 7, 10)]
    length = 4 / a_bar
    notes = [
        Note(rng.choice(scale), i * length, length * 0.9, rng.randint(70, 110)) for i in range(bars * a_bar)
    ]
    return Clip.of(notes, length=bars * 4, bpm=BPM, instrument=instrument)


def uneven(clip: Clip) -> Clip:
    """Give the clip as a person would play it: no two durations alike."""
    rng = np.random.default_rng(7)
    table = clip.table.copy()
    table["start"] += rng.integers(0, 20, len(table))
    table["duration"] = np.maximum(20, table["duration"] + rng.integers(-90, 90, len(table)))
    return clip.with_table(table)


def pieces() -> list[Piece]:
    """Give the four-bar clip and the three-minute song of the comparison."""
    clip = [
        drums(4),
        line("bass", bars=4, a_bar=8, low=33, seed=1),
        line("keys", bars=4, a_bar=12, low=57, seed=2),
        line("lead", bars=4, a_bar=8, low=69, seed=3),
    ]
    names = [name for name in GM_PROGRAMS for _ in range(2)][:9]
    song = [drums(90)] + [
        line(name, bars=90, a_bar=9, low=33 if name == "bass" else 48, seed=i) for i, name in enumerate(names)
    ]
    return [Piece("4 bars, 4 tracks", clip, 8.0), Piece("3 minutes, 10 tracks", song, 180.0)]


def render_with(engine: Engine, tracks: list[Clip]) -> None:
    """Render tracks and sum them, as ``mix`` does."""
    together = mixed(tracks[0], engine, tail_frames=SAMPLE_RATE_HZ)
    for track in tracks[1:]:
        together += mixed(track, engine, tail_frames=SAMPLE_RATE_HZ)
    limited(together)


def sines(tracks: list[Clip]) -> None:
    """Render tracks with ``pretty_midi``, in the song that they make together."""
    song = pretty_midi.PrettyMIDI(initial_tempo=BPM)
    for track in tracks:
        song.instruments += track.to_pretty_midi().instruments
    song.synthesize(fs=SAMPLE_RATE_HZ)


def cpu_s(run: Callable[[], None], *, times: int) -> float:
    """Give the least CPU time of a few runs, in seconds."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        run()
        best = min(best, time.process_time() - began)
    return best


def main() -> None:
    """Print one table for each piece."""
    for piece in pieces():
        times = 3 if piece.seconds > 60 else 7
        rows = {"pretty_midi.synthesize": cpu_s(lambda p=piece: sines(p.tracks), times=times)}
        loose = [uneven(track) for track in piece.tracks]
        for make in (Synth, SoundFont.installed):
            engine = make()
            name = engine.name
            rows[f"{name} cold"] = cpu_s(lambda e=engine, p=piece: render_with(e, p.tracks), times=1)
            rows[f"{name} warm"] = cpu_s(lambda e=engine, p=piece: render_with(e, p.tracks), times=times)
            rows[f"{name} uneven"] = cpu_s(lambda e=engine, t=loose: render_with(e, t), times=1)
        n_notes = sum(len(track) for track in piece.tracks)
        print(f"\n{piece.name}, {n_notes} notes, {piece.seconds:g} s")  # noqa: T201  a report
        reference = rows["pretty_midi.synthesize"]
        for name, spent in rows.items():
            print(  # noqa: T201  a report
                f"  {name:24} {spent:8.3f} CPU s {piece.seconds / spent:8.0f} x real time "
                f"{reference / spent:7.1f} x pretty_midi"
            )


if __name__ == "__main__":
    main()
