"""MIDI files: reading and writing them, against pretty_midi, mido and, where it is installed, symusic.

Run ``python tests/benchmarks/midi.py``. CPU milliseconds, the best of a few runs, all in one process on one file
of one track: notes on sixteenths that are a little late, no two alike. ``Clip`` and ``Arrangement`` keep everything
that is in the file; mido only parses the events, without pairing notes; pretty_midi loses what
``conduit.music.prettymidi`` lists; symusic reads no release velocity and drops text and aftertouch, so Conduit
uses it for ``read_notes`` alone.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import mido
import pretty_midi
from report.table import table

from conduit.music import Arrangement, Clip
from conduit.music.midifile import read_notes
from conduit.music.note import in_order, note_table

SIZES = (1_000, 10_000, 100_000)
TIMES = 3
PPQ = 240  # pretty_midi reads up to ten million ticks


def clip_of(count: int) -> Clip:
    """Give a clip with so many notes, the same each time."""
    rng = random.Random(7)
    rows = [
        (at * PPQ // 4 + rng.randrange(15), rng.randrange(15, 220), rng.randint(36, 84), rng.randint(60, 120))
        for at in range(count)
    ]
    return Clip(in_order(note_table(rows)), (count + 4) * PPQ // 4, ppq=PPQ, name="Line", instrument="bass")


def cpu_ms(work: Callable[[], object]) -> float:
    """Give the CPU time that something takes, the best of ``TIMES`` runs."""
    spent = []
    for _ in range(TIMES):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent) * 1000


def tasks(path: Path) -> dict[str, list[Callable[[], object]]]:
    """Give how each reads the file, and how it writes what it read."""
    clip, arrangement = Clip.load(path), Arrangement.load(path)
    pretty, parsed = pretty_midi.PrettyMIDI(str(path)), mido.MidiFile(str(path))
    out = path.with_suffix(".out.mid")
    every: dict[str, list[Callable[[], object]]] = {
        "pretty_midi": [partial(pretty_midi.PrettyMIDI, str(path)), partial(pretty.write, str(out))],
        "Clip": [partial(Clip.load, path), partial(clip.save, out)],
        "Arrangement": [partial(Arrangement.load, path), partial(arrangement.save, out)],
        "mido, events only": [partial(mido.MidiFile, str(path)), lambda: parsed.save(file=BytesIO())],
    }
    if find_spec("symusic"):
        import symusic  # noqa: PLC0415  only where it is installed

        score = symusic.Score(str(path))
        every["symusic"] = [partial(symusic.Score, str(path)), partial(score.dump_midi, str(out))]
        every["read_notes, by symusic"] = [partial(read_notes, path)]
    return every


def main() -> None:
    """Print milliseconds, and how many times faster than pretty_midi each is."""
    for count in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            path = clip_of(count).save(Path(folder) / "line.mid")
            spent = {name: [cpu_ms(work) for work in works] for name, works in tasks(path).items()}
        table(
            f"{count:,} notes, CPU ms; as fast as pretty_midi is 1.00",
            ("", "read", "faster", "write", "faster"),
            [row(name, times, spent["pretty_midi"]) for name, times in spent.items()],
        )


def row(name: str, times: Sequence[float], peer: Sequence[float]) -> tuple[str, ...]:
    """Give a row of the table; what does not write has dashes."""
    cells = [f"{cell:.{digits}f}" for one in zip(times, peer, strict=False) for digits, cell in faster(*one)]
    return (name, *cells, *["-"] * (4 - len(cells)))


def faster(mine: float, theirs: float) -> tuple[tuple[int, float], tuple[int, float]]:
    """Give digits and number of a time, and of how many times faster it is."""
    return (1, mine), (2, theirs / mine)


if __name__ == "__main__":
    main()
