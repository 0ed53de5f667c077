"""Twenty cuts of real files, on which the tokens of the notation are counted.

Four or eight bars of one part each: drums, bass, chords, melodies, and piano as it was played, without a grid.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from corpus.reading import read_song

from conduit.music import DRUMS, Clip

__all__ = ["CUTS", "Cut", "cut_clips", "other_clips"]


_FEWEST = 12


class Cut(NamedTuple):
    """Where a clip comes from: a file, the number of its part, the first bar from 0, and how many bars."""

    what: str
    file: str
    part: int
    first: int
    bars: int


CUTS = (
    Cut("drums, programmed", "busy_schedule", 5, 4, 8),
    Cut("drums, programmed", "Funkytown", 7, 8, 4),
    Cut("drums, uneven velocities", "moo_redfarn", 0, 8, 4),
    Cut("drums, played late", "I Gotta Feeling", 4, 32, 4),
    Cut("bass, programmed", "keep_on_rolling", 10, 8, 8),
    Cut("bass, uneven velocities", "moo_redfarn", 2, 8, 4),
    Cut("bass, played", "Girls Just Want to Have Fun", 1, 8, 8),
    Cut("bass, played", "What a Fool Believes", 1, 8, 8),
    Cut("chords, programmed", "keep_on_rolling", 7, 8, 4),
    Cut("chords, played", "What a Fool Believes", 0, 8, 4),
    Cut("chords, programmed", "Mr. Blue Sky", 1, 8, 4),
    Cut("chords, arpeggio", "relax_song", 1, 8, 8),
    Cut("melody, played", "slow_neasy_redfarn", 0, 8, 8),
    Cut("melody, sung", "Aicha", 3, 8, 8),
    Cut("melody, programmed", "keep_on_rolling", 3, 8, 8),
    Cut("piano, played", "POP909_008", 0, 8, 8),
    Cut("piano, played", "POP909_191", 0, 8, 4),
    Cut("piano, performance", "Maestro_1", 0, 8, 4),
    Cut("piano, performance", "Maestro_5", 0, 8, 8),
    Cut("piano, performance", "Maestro_9", 0, 16, 4),
)


def cut_clips(folder: Path) -> list[tuple[Cut, Clip]]:
    """Read the cuts; the files are those that ``make .corpus/done`` puts into the folder."""
    paths = {path.stem: path for path in sorted(folder.rglob("*.mid"), reverse=True)}
    return [(cut, _clip(cut, paths[cut.file])) for cut in CUTS]


def other_clips(folder: Path) -> list[Clip]:
    """Cut bars 13-16 out of every part that is not among the cuts and plays a dozen notes there."""
    known = {(cut.file, cut.part) for cut in CUTS}
    paths = {path.name: path for path in sorted(folder.rglob("*.mid"))}.values()
    songs = [(path, song) for path in paths if (song := read_song(path))]
    clips = [
        _clip(Cut("", path.stem, number, 12, 4), path)
        for path, song in songs
        for number in range(len(song.parts))
        if (path.stem, number) not in known
    ]
    return [clip for clip in clips if len(clip) >= _FEWEST]


def _clip(cut: Cut, path: Path) -> Clip:
    song = read_song(path)
    assert song is not None, path
    meter = song.meters[0][1]
    bar = round(meter.bar * song.ppq)
    part = song.parts[cut.part]
    table = part.notes_in(cut.first * bar, cut.bars * bar)
    instrument = DRUMS if part.drums else "keys"
    return song.clip(table, ticks=cut.bars * bar, meter=meter, instrument=instrument).with_(name=cut.what)
