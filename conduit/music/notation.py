"""The writer of clip texts, the compact form in which models and people read and write clips.

::

    clip Acid bass | 2 bars | 4/4 | 128 bpm | A minor | bass
    1 | 1:A1/2v110 4:A/1 7:C2,E/2v90
    2 = 1

``page()`` gives the whole grammar on one page; it is what models are told. ``reader`` reads such a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from math import ceil
from typing import NamedTuple, TypeVar

import numpy as np

from conduit.music.clip import Clip
from conduit.music.control import control_name
from conduit.music.drums import DRUM_NAMES
from conduit.music.event import Hold
from conduit.music.header import GRID, Header, header_line
from conduit.music.meter import Bar
from conduit.music.note import RELEASE_VELOCITY
from conduit.music.places import a_step, length_text, place_text, steps_text
from conduit.music.spelling import spell

__all__ = ["Header", "notation_lines", "page", "write_clip"]

_LONGEST_CHORD = 140  # characters; a chord of many different notes becomes several words
_MOST_PLACES = 10  # at which one word strikes
_MOST_PITCHES = 8  # that share one length and velocity
_LANE_WORD = 64  # marks that stand together
_FEWEST_MARKS = 2  # a lane of fewer is no shorter than a note


RowT = TypeVar("RowT", bound="tuple[float, ...]")


class _Row(NamedTuple):
    """A row of a clip's table."""

    start: int
    duration: int
    pitch: int
    velocity: int
    mute: bool
    probability: float
    deviation: int
    release: int

    @property
    def plain(self) -> bool:
        """Whether it can stand in a drum lane."""
        return self[4:] == (False, 1.0, 0, RELEASE_VELOCITY)


@cache
def page() -> str:
    """Give the page that describes the notation."""
    return files("conduit.music").joinpath("notation.md").read_text(encoding="utf-8")


def write_clip(clip: Clip) -> str:
    """Write a clip as text; ``read_clip`` gives an equal clip back, up to 9,999 bars and 100,000 notes.

    >>> from conduit.music.note import Note
    >>> print(write_clip(Clip.of([Note(45, 0, 0.5), Note(48, 1, 0.5)], name="Bass", instrument="bass")))
    clip Bass | 1 bars | 4/4 | 120 bpm | bass
    1 | 1:A1/2 5:C2
    """
    return "\n".join(notation_lines(clip))


def notation_lines(clip: Clip) -> Iterator[str]:
    """Give the lines of ``write_clip`` one by one: the header, then a line or more for each bar with notes."""
    velocities = _velocities(clip)
    writer = _Writer(clip, velocities)
    bars = writer.bars()
    if writer.used and not writer.used >= velocities and not velocities <= set(GRID.values()):
        writer = _Writer(clip, writer.used)  # with no mark left over
        bars = writer.bars()
    yield header_line(
        clip, {mark: velocity for velocity, mark in writer.mark_of.items() if velocity in writer.used}
    )
    yield from _with_repeats({number + 1: bars[number] for number in sorted(bars)})


def _by_bar(clip: Clip, rows: Iterator[RowT]) -> Iterator[tuple[Bar, list[RowT]]]:
    """Gather rows, which come in order of time, by the bars in which they start."""
    bar = clip.bar_lines.number(0)
    end = ceil(bar.start + bar.length)
    inside: list[RowT] = []
    for row in rows:
        if row[0] >= end:
            if inside:
                yield bar, inside
            bar = clip.bar_lines.at(row[0])
            end = ceil(bar.start + bar.length)
            inside = []
        inside.append(row)
    if inside:
        yield bar, inside


def _with_repeats(bars: dict[int, list[str]]) -> Iterator[str]:
    """Write the lines of each bar, and bars that are as others above by their numbers: ``5-8 = 1-4``."""
    first_with: dict[tuple[str, ...], int] = {}
    done = 0
    for number, lines in bars.items():
        if number <= done:
            continue
        source = first_with.setdefault(tuple(lines), number)
        if source == number:
            yield from (f"{number} | {line}" for line in lines)
            continue
        one = _run(bars, number, source, period=1)
        block = _run(bars, number, source, period=number - source)
        done = number + max(one, block) - 1
        targets = f"{number}-{done}" if done > number else f"{number}"
        yield f"{targets} = {source}" + (f"-{min(number, source + block) - 1}" if block > one else "")


def _run(bars: dict[int, list[str]], number: int, source: int, *, period: int) -> int:
    """Count the bars from one on that are as those from a source on, over and over."""
    count = 1
    while number + count in bars and bars[number + count] == bars.get(source + count % period):
        count += 1
    return count


def _velocities(clip: Clip) -> set[int]:
    """Choose the velocities that drum lanes can have: the usual ones, or the three of most notes on steps."""
    velocities = clip.table["velocity"]
    if not clip.is_drums or np.isin(velocities, list(GRID.values())).all():
        return set(GRID.values())
    on_steps = velocities[clip.table["start"] * 4 % clip.ppq == 0]
    counts = np.bincount(on_steps, minlength=1)
    most = sorted((-int(count), velocity) for velocity, count in enumerate(counts) if count)
    return {velocity for _, velocity in most[: len(GRID)]}


def _marks(velocities: set[int]) -> dict[str, int]:
    """Give each velocity a mark, ``x`` the only or the middle one."""
    if velocities <= set(GRID.values()):
        return dict(GRID)
    names = "Xxo" if len(velocities) == len(GRID) else "Xx" if len(velocities) > 1 else "x"
    return dict(zip(names, sorted(velocities, reverse=True), strict=True))


class _Writer:
    """Writes the lines of a clip's bars.

    Attributes:
        mark_of: The mark of each velocity that drum lanes can have.
        used: The velocities that they have.
    """

    def __init__(self, clip: Clip, velocities: set[int]) -> None:
        self.mark_of = {velocity: mark for mark, velocity in _marks(velocities).items()}
        self.used: set[int] = set()
        self._clip = clip
        self._key = clip.key
        self._names: dict[int, str] = {}
        self._place = place_text(clip.ppq)
        self._length = length_text(clip.ppq)

    def bars(self) -> dict[int, list[str]]:
        """Give the lines of each bar in which something is."""
        bars: dict[int, list[str]] = {}
        for bar, rows in _by_bar(self._clip, map(_Row._make, self._clip.table.tolist())):
            bars[bar.index] = self.note_lines(bar, rows)
        for bar, moves in _by_bar(self._clip, iter(self._clip.control_table.tolist())):
            bars.setdefault(bar.index, []).extend(self.control_lines(bar, moves))
        return bars

    def note_lines(self, bar: Bar, rows: list[_Row]) -> list[str]:
        """Write the notes of a bar: drum lanes, then a line of all that is in none."""
        lanes: list[str] = []
        if self._clip.is_drums:
            drums: dict[int, list[_Row]] = {}
            for row in rows:
                drums.setdefault(row.pitch, []).append(row)
            drawn = {pitch: self._lane(bar, drum) for pitch, drum in drums.items()}
            lanes = [lane for lane in drawn.values() if lane]
            rows = [row for row in rows if not drawn[row.pitch]]
        return [*lanes, " ".join(self._events(bar, rows))] if rows else lanes

    def control_lines(self, bar: Bar, moves: list[tuple[int, int, int]]) -> Iterator[str]:
        """Write the moves of controls in a bar, a line a control where that keeps their order."""
        rank: dict[int, int] = {}
        for _, control, _ in moves:
            rank.setdefault(control, len(rank))
        together = sorted(moves, key=lambda move: rank[move[1]])
        if sorted(together, key=lambda move: move[0]) != moves:
            together = moves
        for control, run in groupby(together, key=lambda move: move[1]):
            words = (f"{self._place(bar, tick)}:{value}" for tick, _, value in run)
            yield f"{control_name(control)} {' '.join(words)}"

    def _lane(self, bar: Bar, rows: list[_Row]) -> str:
        """Draw the notes of one drum, or give an empty text where marks cannot say all of them."""
        steps = [steps_text(row.start - bar.start, self._clip.ppq) or "" for row in rows]
        same = len({row.duration for row in rows}) == 1 and len(set(steps)) == len(rows) >= _FEWEST_MARKS
        fit = all(row.plain and row.velocity in self.mark_of for row in rows)
        if not (same and fit and all(map(str.isdecimal, steps))):
            return ""
        marks = ["."] * max(int(bar.length * 4 / self._clip.ppq), int(steps[-1]) + 1)
        for step, row in zip(steps, rows, strict=True):
            marks[int(step)] = self.mark_of[row.velocity]
            self.used.add(row.velocity)
        duration = rows[0].duration
        name = self._name(rows[0].pitch) + self._length(duration) * (duration != a_step(self._clip.ppq))
        words = ("".join(marks[at : at + _LANE_WORD]) for at in range(0, len(marks), _LANE_WORD))
        return " ".join([name, *words])

    def _events(self, bar: Bar, rows: list[_Row]) -> Iterator[str]:
        """Write notes: those that start together joined, and the places of the same struck again."""
        hold = Hold(a_step(self._clip.ppq))
        chords = [list(chord) for _, chord in groupby(rows, key=lambda row: row.start)]
        for _, run in groupby(chords, key=lambda chord: [row[1:] for row in chord]):
            again = list(run)
            for at in range(0, len(again), _MOST_PLACES):
                places = ",".join(self._place(bar, chord[0].start) for chord in again[at : at + _MOST_PLACES])
                for text in self._chord(again[0], hold, off_grid=places.startswith("+")):
                    yield f"{places}:{text}"

    def _chord(self, rows: list[_Row], hold: Hold, *, off_grid: bool) -> Iterator[str]:
        """Write what starts together: pitches of one length, velocity and so on before what they share."""
        shared: dict[tuple[float, ...], list[int]] = {}
        for row in rows:
            shared.setdefault((row.duration, *row[3:]), []).append(row.pitch)
        groups = [
            (values, pitches[at : at + _MOST_PITCHES])
            for values, pitches in shared.items()
            for at in range(0, len(pitches), _MOST_PITCHES)
        ]
        text = ""
        for number, (values, pitches) in enumerate(groups, start=1):
            names = ",".join(self._open_name(pitch, hold) for pitch in pitches)
            marks = self._values(values, hold, off_grid=off_grid)
            if not marks and number < len(groups):
                marks = f"v{hold.velocity}"  # so that what follows does not count for these
            if text and len(text) + len(names) + len(marks) >= _LONGEST_CHORD:
                yield text
                text = ""
            text += f"{',' * bool(text)}{names}{marks}"
        yield text

    def _values(self, values: Sequence[float], hold: Hold, *, off_grid: bool) -> str:
        duration, velocity, mute, probability, deviation, release = values
        length = f"+{duration}" if off_grid else self._length(int(duration))
        text = "" if duration == hold.duration else length
        text += "" if velocity == hold.velocity else f"v{velocity}"
        hold.duration, hold.velocity = int(duration), int(velocity)
        text += f"d{deviation}" if deviation else ""
        text += "" if release == RELEASE_VELOCITY else f"r{release}"
        text += (
            "" if probability == 1 else f"?{np.format_float_positional(np.float32(probability), trim='-')}"
        )
        return text + "~" * bool(mute)

    def _open_name(self, pitch: int, hold: Hold) -> str:
        """Name a pitch, without its octave where that is as before."""
        name = self._name(pitch)
        if self._clip.is_drums:
            return name
        letter = name.rstrip("-0123456789")
        before, hold.octave = hold.octave, name[len(letter) :]
        return letter if before == hold.octave else name

    def _name(self, pitch: int) -> str:
        if pitch not in self._names:
            drum = DRUM_NAMES.get(pitch) or str(pitch)
            self._names[pitch] = drum if self._clip.is_drums else spell(pitch, self._clip.key)
        return self._names[pitch]
