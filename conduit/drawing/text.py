"""The piano roll in characters, for shells and for ``text/plain``.

One character is a sixteenth note, unless the clip is so long that it takes more; the second line then says
how much. Only pitches that occur have a line. A note starts with a block as heavy as its velocity (``x`` when
muted) and lasts as a dash; a dot is a beat. Of what shares a character, a start wins; of starts, the loudest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from conduit.drawing.caption import caption, columns, fit, row_name
from conduit.music import Clip

__all__ = ["roll_text"]

_WEIGHTS = "░▒▓█"
_MUTED, _HELD, _BEAT, _SILENT = "x", "─", "·", " "
_LOUDER = _MUTED + _WEIGHTS
_MOST_LINES = 64
_MOST_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class _Scale:
    """How time becomes characters: ``steps`` sixteenths each, ``cells`` between two bar lines."""

    steps: int
    cells: int
    cells_in_row: int
    n_cells: int

    @property
    def rows(self) -> int:
        return -(-self.n_cells // self.cells_in_row)


def roll_text(clip: Clip, *, width: int = 64) -> str:
    """Draw a clip in characters.

    Args:
        clip: What to draw; notes that start after its end are counted in the first line.
        width: Characters of time in a line, 16-80; bar lines and names come on top.

    Raises:
        ValueError: The width is outside its range.

    >>> from conduit.music import Note
    >>> print(roll_text(Clip.of([Note(45, 0, 1, 127), Note(48, 2, 0.5, 40)], name="Two")))
    Two · 1 bar · 4/4 · 120 bpm · 2 notes
        1
     C2 │    ·   ▒─  ·   │
     A1 │█───·   ·   ·   │
    """
    if not 16 <= width <= 80:
        raise ValueError(f"a roll {width} characters wide cannot be: give 16 to 80")
    pitches = sorted(set(clip.table["pitch"][clip.table["start"] < clip.length_ticks].tolist()), reverse=True)
    fits = (
        s for s in _scales(clip, width=width) if s.rows * (len(pitches) + 1) <= _MOST_LINES or s.rows == 1
    )
    scale = next(fits)
    said = [fit(caption(clip), _MOST_COLUMNS)]
    if scale.steps > 1:
        said.append(f"a character is {_length(clip, scale.steps)}")
    return "\n".join([*said, *_rolled(clip, scale, pitches)])


def _rolled(clip: Clip, scale: _Scale, pitches: list[int]) -> Iterator[str]:
    """Give the lines of each row of bars: the bar numbers, then each pitch's."""
    lines = [(row_name(clip, pitch), line) for pitch, line in _cells(clip, scale, pitches)]
    lines = lines or [("", _silence(clip, scale))]
    margin = max(3, *(columns(name) for name, _ in lines))
    for first in range(0, scale.n_cells, scale.cells_in_row):
        last = min(first + scale.cells_in_row, scale.n_cells)
        yield f"{'':{margin}} {_numbers(clip, scale, first, last)}".rstrip()
        yield from (f"{name:>{margin}} {_barred(line[first:last], scale)}" for name, line in lines)


def _scales(clip: Clip, *, width: int) -> Iterator[_Scale]:
    """Give the scales from the finest: the divisors of a bar's sixteenths, then doublings of the bar."""
    bar = int(clip.meter.steps)
    for steps in _steps(bar):
        cells = bar // steps if steps <= bar else width // 4
        n_cells = -(-clip.length_ticks * 4 // (clip.ppq * steps))
        groups = (width + width // 4) // (cells + 1)
        if cells <= width:
            yield _Scale(steps, cells, cells << max(0, groups.bit_length() - 1), n_cells)


def _steps(bar: int) -> Iterator[int]:
    yield from (n for n in range(1, bar + 1) if bar % n == 0)
    while True:
        bar *= 2
        yield bar


def _silence(clip: Clip, scale: _Scale) -> list[str]:
    """Give a line without notes: a dot at each count of the metre that a bar line does not mark."""
    count = 16 // clip.meter.denominator
    return [
        _BEAT if scale.steps < count and i * scale.steps % count == 0 and i % scale.cells else _SILENT
        for i in range(scale.n_cells)
    ]


def _cells(clip: Clip, scale: _Scale, pitches: list[int]) -> Iterator[tuple[int, list[str]]]:
    """Give each pitch with its line."""
    table, per_cell = clip.table[clip.table["start"] < clip.length_ticks], clip.ppq * scale.steps
    row_of = np.zeros(128, dtype=np.intp)
    row_of[pitches] = range(len(pitches))
    rows = row_of[table["pitch"]]
    first = table["start"] * 4 // per_cell
    last = -(-(table["start"] + table["duration"]) * 4 // per_cell)
    last = np.minimum(np.maximum(first + 1, last), scale.n_cells)
    sounding = np.zeros((len(pitches), scale.n_cells + 1), dtype=np.int64)
    np.add.at(sounding, (rows, first), 1)
    np.add.at(sounding, (rows, last), -1)
    signs = np.where(sounding.cumsum(axis=1)[:, :-1] > 0, _HELD, np.array(_silence(clip, scale)))
    loudest = np.full((len(pitches), scale.n_cells), -1)
    np.maximum.at(loudest, (rows, first), np.where(table["mute"], 0, 1 + table["velocity"] // 32))
    begun = loudest >= 0
    signs[begun] = np.array(list(_LOUDER))[loudest[begun]]
    yield from zip(pitches, signs.tolist(), strict=True)


def _numbers(clip: Clip, scale: _Scale, first: int, last: int) -> str:
    """Write the bar number above each bar line of a row, where there is room."""
    written = ""
    for index, cell in enumerate(range(first, last, scale.cells)):
        number = str(1 + cell * scale.steps // int(clip.meter.steps))
        at = index * (scale.cells + 1)
        if at == 0 or len(written) < at:
            written = written.ljust(at) + number
    return written


def _barred(cells: list[str], scale: _Scale) -> str:
    bars = ("".join(cells[i : i + scale.cells]) for i in range(0, len(cells), scale.cells))
    return f"│{'│'.join(bars)}│"


def _length(clip: Clip, steps: int) -> str:
    bars = Fraction(steps, int(clip.meter.steps))
    if bars >= 1:
        return f"{bars} bar{'s' if bars > 1 else ''}"
    note = Fraction(steps, 16)
    return f"{note} note" if note.numerator == 1 else f"{steps} sixteenth notes"
