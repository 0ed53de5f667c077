"""How fast a clip and a song become sound, by Conduit's engines and by what else renders MIDI from Python.

Run ``python tests/benchmarks/audio.py``; ``--quick`` repeats less, ``--only NAME,NAME`` takes some. The peers are
installed into ``.peers/`` the first time; ``pretty_midi.fluidsynth`` needs the system's FluidSynth besides
(``apt-get install fluidsynth``). All render the same MIDI files with the same soundfont, each in a process of its
own; they take turns, beginning with another one in each repetition. "cold" is the first rendering of a process,
with the soundfont to be opened; "warm" the best of several after it. What counts is CPU time; "x real time" is
seconds of audio for each CPU second. "to fluidsynth" is the median over the repetitions of how many times faster
it is.

``auto`` is the default of ``render``. Conduit gives stereo at a loudness, through a limiter; symusic and
TinySoundFont give stereo as it comes. ``pretty_midi`` gives mono, and its ``synthesize`` sines without drums.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from peers.venvs import PeerError, Subject, prepare, script
from report.table import spread, table

from conduit.audio.soundfont import installed_soundfont
from conduit.music import DRUMS, GM_PROGRAMS, Arrangement, Clip, Note

NUMPY, PRETTY_MIDI = "numpy==2.4.6", "pretty_midi==0.2.11.post0"
SUBJECTS = (
    Subject("conduit", "run_audio.py", ("auto", "gm", "synth"), ()),
    Subject(
        "pretty_midi",
        "run_audio.py",
        ("synthesize", "fluidsynth"),
        (),
        (PRETTY_MIDI, "pyfluidsynth==1.4.0", NUMPY),
    ),
    Subject("symusic", "run_audio.py", ("symusic",), (), ("symusic==0.5.9", NUMPY)),
    Subject(
        "tinysoundfont",
        "run_audio.py",
        ("tinysoundfont",),
        (),
        (
            "--no-deps",
            "tinysoundfont==0.3.7",
            "mido==1.3.3",
            "packaging",
            NUMPY,
        ),  # pyaudio is not to be built
    ),
)
BASE = ("pretty_midi", "fluidsynth")
RUNS, QUICK_RUNS = 5, 2
BPM = 120.0
PIECES = ("4 bars, 4 tracks", "3 minutes, 10 tracks")

Key = tuple[str, str]
Runs = dict[Key, list[dict[str, Any]]]


def drums(bars: int) -> Clip:
    """Give four on the floor with snares and eighth hats: 14 notes a bar."""
    notes = []
    for at in range(0, bars * 4, 4):
        notes += [Note(36, at + b, 0.25) for b in range(4)] + [Note(38, at + b, 0.25) for b in (1, 3)]
        notes += [Note(46 if b == 7 else 42, at + b / 2, 0.25, 70 + 10 * (b % 3)) for b in range(8)]
    return played(Clip.of(notes, length=bars * 4, bpm=BPM, instrument=DRUMS, name=DRUMS), seed=0)


def line(instrument: str, *, bars: int, a_bar: int, low: int, seed: int) -> Clip:
    """Give a line in a pentatonic scale."""
    rng = random.Random(seed)
    scale = [low + 12 * octave + step for octave in range(2) for step in (0, 3, 5, 7, 10)]
    length = 4 / a_bar
    notes = [
        Note(rng.choice(scale), i * length, length * 0.9, rng.randint(60, 110)) for i in range(bars * a_bar)
    ]
    name = f"{instrument} {seed}"
    return played(Clip.of(notes, length=bars * 4, bpm=BPM, instrument=instrument, name=name), seed=seed)


def played(clip: Clip, *, seed: int) -> Clip:
    """Give the clip as a person would play it: no two notes alike in time, length and velocity."""
    rng = np.random.default_rng(seed)
    table = clip.table.copy()
    table["start"] += rng.integers(0, 20, len(table))
    table["duration"] = np.maximum(20, table["duration"] + rng.integers(-150, 90, len(table)))
    table["velocity"] = np.clip(table["velocity"].astype(int) + rng.integers(-12, 12, len(table)), 1, 127)
    return clip.with_table(table)


def pieces() -> list[Arrangement]:
    """Give the four-bar clip (168 notes, 8 s) and the song (8,820 notes, 180 s) of the comparison."""
    clip = [drums(4)] + [
        line(name, bars=4, a_bar=a_bar, low=low, seed=seed)
        for seed, (name, a_bar, low) in enumerate((("bass", 8, 33), ("keys", 12, 57), ("lead", 8, 69)))
    ]
    names = [name for name in GM_PROGRAMS for _ in range(2)][:9]
    song = [drums(90)] + [
        line(name, bars=90, a_bar=a_bar, low=33 if name == "bass" else 48, seed=seed)
        for seed, (name, a_bar) in enumerate(zip(names, (8, 8, 10, 10, 8, 12, 12, 8, 8), strict=True))
    ]
    return [Arrangement.of(clip), Arrangement.of(song)]


def interleaved(
    subjects: Sequence[Subject], files: Sequence[str], *, runs: int
) -> tuple[Runs, dict[Key, str]]:
    """Measure everything several times, in turns; give what was found, and what failed and why."""
    turns = [(subject, way) for subject in subjects for way in subject.ways]
    found: Runs = {(subject.name, way): [] for subject, way in turns}
    failures: dict[Key, str] = {}
    font = str(installed_soundfont())
    for number in range(runs):
        first = number * len(turns) // runs
        for subject, way in (*turns[first:], *turns[:first]):
            sys.stderr.write(f"\r\033[K{number + 1} of {runs}: {subject.name} {way}")
            run: dict[str, Any] = {}
            try:
                prepare(subject)
                run = script(subject, subject.runner, way, font, *files)
            except PeerError as error:
                failures[subject.name, way] = str(error)
            found[subject.name, way].append(run)
    sys.stderr.write("\r\033[K")
    return found, failures


def piece(runs: Runs, number: int) -> None:
    """Print what one piece takes."""
    rows = []
    for key, each in runs.items():
        audio_s, warm = (values(each, f"{what}_{number}") for what in ("audio_s", "warm_s"))
        if not warm:
            continue
        milliseconds = {
            what: spread([1_000 * value for value in values(each, f"{what}_{number}")], digits=1)
            for what in ("cold_s", "warm_s", "wall_s")
        }
        speed = f"{audio_s[0] / min(warm):.0f}", f"{audio_s[0] / median(warm):.0f}"
        rows.append(
            (" ".join(dict.fromkeys(key)), *milliseconds["cold_s"], *milliseconds["warm_s"], *speed,
             ratio(runs, key, f"warm_s_{number}"), milliseconds["wall_s"][0])
        )  # fmt: skip
    columns = (
        "", "cold least", "median", "warm least", "median", "x real time", "median", "to fluidsynth", "wall least",
    )  # fmt: skip
    table(f"{PIECES[number]}: CPU ms (x real time is warm)", columns, rows)


def values(each: Sequence[dict[str, Any]], what: str) -> list[float]:
    """Give a figure of every repetition that has it."""
    return [run[what] for run in each if what in run]


def ratio(runs: Runs, key: Key, what: str) -> str:
    """Give how many times faster than FluidSynth something is: the median over the repetitions."""
    pairs = zip(runs[key], runs.get(BASE, []), strict=False)
    ratios = [base[what] / run[what] for run, base in pairs if what in run and what in base]
    return f"{median(ratios):.1f}x" if ratios else "-"


def main() -> None:
    """Measure, and print a table for each piece."""
    parser = argparse.ArgumentParser(description="Conduit's engines beside what else renders MIDI.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_RUNS} repetitions, not {RUNS}")
    parser.add_argument("--only", default="", help="names of subjects, with commas between")
    asked = parser.parse_args()
    names = set(filter(None, asked.only.split(","))) or {subject.name for subject in SUBJECTS}
    unknown = names - {subject.name for subject in SUBJECTS}
    if unknown:
        parser.error(f"no {', '.join(unknown)}; there are {', '.join(subject.name for subject in SUBJECTS)}")
    chosen = [subject for subject in SUBJECTS if subject.name in names]
    with TemporaryDirectory() as folder:
        files = [str(music.save(Path(folder) / f"{i}.mid")) for i, music in enumerate(pieces())]
        runs, failures = interleaved(chosen, files, runs=QUICK_RUNS if asked.quick else RUNS)
    for number in range(len(PIECES)):
        piece(runs, number)
    versions = dict.fromkeys(run["version"] for each in runs.values() for run in each if run)
    sys.stdout.write(f"\n  versions: {', '.join(versions)}\n")
    for key, why in failures.items():
        sys.stdout.write(f"  failed: {' '.join(key)}: {why}\n")


if __name__ == "__main__":
    main()
