"""Reading and writing clips: the text of models, clips themselves, and MIDI files against ``pretty_midi``.

Run ``python tests/benchmarks/notation.py``. Wall seconds, the best of a few runs. Linear growth shows as
microseconds a note that do not rise with the number of notes; "a word without end" is what a model that went
astray may send, fed in pieces of 16 characters as the text of a clip is when it streams. ``pretty_midi`` runs
in the same process on the same notes.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pretty_midi
from report.table import best_s, table

from conduit.composer import ClipStream
from conduit.music import Clip, ClipReader, Note, read_clip, write_clip

SIZES = (100, 1_000, 10_000)
MANY = 100_000
WORD_SIZES = (1_000, 10_000, 100_000)
PIECE = 16
A_BAR = 16
TIMES = 5


def notes(count: int) -> list[Note]:
    """Give notes on sixteenths with uneven lengths and velocities, 16 a bar, the same each time."""
    rng = random.Random(7)
    return [
        Note(rng.randint(36, 84), at / 4, rng.choice((0.25, 0.5, 0.75, 1.0)), rng.randint(60, 120))
        for at in range(count)
    ]


def clip_of(count: int) -> Clip:
    """Give a clip with so many notes."""
    return Clip.of(notes(count), name="Line", bpm=120.0, key="A minor", instrument="bass")


def times(count: int) -> int:
    """Give how often to run something of this size."""
    return TIMES if count <= SIZES[-1] else 2


def in_pieces(text: str, feed: Callable[[str], object]) -> None:
    """Hand a text over as it streams."""
    for at in range(0, len(text), PIECE):
        feed(text[at : at + PIECE])


def texts() -> None:
    """Print microseconds a note for each way to read and to write."""
    rows: dict[str, list[str]] = {}
    for count in SIZES:
        clip = clip_of(count)
        text = write_clip(clip)
        arguments = json.dumps({"clip": text})
        ways: dict[str, Callable[[], object]] = {
            "write_clip": partial(write_clip, clip),
            "read_clip, whole": partial(read_clip, text),
            f"ClipReader, pieces of {PIECE}": lambda text=text: in_pieces(text, ClipReader().feed),
            f"ClipStream, JSON, pieces of {PIECE}": lambda text=arguments: in_pieces(text, ClipStream().feed),
        }
        for name, run in ways.items():
            rows.setdefault(name, []).append(f"{1e6 * best_s(run, times=times(count)) / count:.1f}")
    table("Clip text, microseconds a note", ("", *(f"{n:,} notes" for n in SIZES)), _rows(rows))


def words() -> None:
    """Print microseconds a character for a text that is one endless word."""
    rows: dict[str, list[str]] = {}
    header = "clip Line | 4 bars | drums\n1 | kick "
    for count in WORD_SIZES:
        ways: dict[str, Callable[[], object]] = {
            "ClipReader, a word without end": lambda n=count: in_pieces(header + n * "x", ClipReader().feed),
            "ClipStream, JSON without a clip": lambda n=count: in_pieces('{"' + n * "x", ClipStream().feed),
        }
        for name, run in ways.items():
            rows.setdefault(name, []).append(f"{1e6 * best_s(run, times=1) / count:.3f}")
    table("Astray, microseconds a character", ("", *(f"{n:,} characters" for n in WORD_SIZES)), _rows(rows))


def clips() -> None:
    """Print microseconds a note for what a clip does in memory."""
    rows: dict[str, list[str]] = {}
    for count in (*SIZES, MANY):
        made = notes(count)
        clip = Clip.of(made)
        ways: dict[str, Callable[[], object]] = {
            "[Note(...), ...]": partial(notes, count),
            "Clip.of(notes)": partial(Clip.of, made),
            "digest": lambda clip=clip: clip.with_(name="again").digest,
            "list(clip.notes)": lambda clip=clip: list(clip.notes),
        }
        for name, run in ways.items():
            rows.setdefault(name, []).append(f"{1e6 * best_s(run, times=times(count)) / count:.2f}")
    columns = ("", *(f"{n:,} notes" for n in (*SIZES, MANY)))
    table("A clip in memory, microseconds a note", columns, _rows(rows))


def files(place: Path) -> None:
    """Print milliseconds for MIDI files of the larger clips, and pretty_midi's as ratios."""
    rows = []
    for count in SIZES[1:]:
        clip = clip_of(count)
        midi = clip.to_pretty_midi()
        ours, theirs = place / f"ours{count}.mid", place / f"theirs{count}.mid"
        ways: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "write": (partial(clip.save, ours), partial(midi.write, str(theirs))),
            "read": (partial(Clip.load, ours), partial(pretty_midi.PrettyMIDI, str(ours))),
        }
        for name, both in ways.items():
            mine, other = (best_s(run, times=3) for run in both)
            row = (f"{1000 * mine:.1f}", f"{1000 * other:.1f}", f"{other / mine:.2f} x")
            rows.append((f"{name} {count:,} notes", *row))
    columns = ("", "Conduit", "pretty_midi", "pretty_midi takes")
    table("MIDI files, milliseconds", columns, rows)


def _rows(cells: dict[str, list[str]]) -> list[tuple[str, ...]]:
    return [(name, *values) for name, values in cells.items()]


def main() -> None:
    """Print the tables."""
    texts()
    words()
    clips()
    with tempfile.TemporaryDirectory() as place:
        files(Path(place))


if __name__ == "__main__":
    main()
