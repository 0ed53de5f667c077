"""Where ticks and pitches lie in a picture, and what is drawn under and beside the notes.

Bar lines are the strongest, then octaves, beats (the metre's counts) and sixteenths; a kind of line is left
out where its spacing would turn it into a grey field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

from conduit.drawing import svg
from conduit.drawing.caption import facts, fit, row_name, title
from conduit.drawing.tokens import CLIP_COLOURS, LIGHT, colour_of
from conduit.music import DRUM_PITCHES, Bar, Clip

__all__ = ["HEADER", "PAD", "RULER", "Grid", "header", "keys", "lines", "ruler"]

HEADER = 34
"""Height of the header line, px."""
RULER = 20
"""Height of the bar ruler, px."""
PAD = 12
"""Free space at the right and below, px."""

_SPARE = 3
_ROOM = 256  # px of grid that a clip of few pitches fills
_MIN_ROW, _MAX_ROW = 10, 16
_NAMED_ROW = 12  # from this height each key has its name
_HAIR_PX, _BEAT_PX, _BAR_PX, _NUMBER_PX, _BEAT_NUMBER_PX = 8, 5, 8, 34, 44
_SIXTEENTH = 0.25  # beats
_BLACK = frozenset({1, 3, 6, 8, 10})
_KIT = tuple(DRUM_PITCHES[name] for name in ("kick", "snare", "clap", "hat", "openhat"))
_EMPTY = (57, 64)  # the range of an empty clip: around middle C
_CHARACTER = 6.4  # px a character takes at 12 px, on average


@dataclass(frozen=True, slots=True)
class Grid:
    """The plane of a clip's notes.

    Attributes:
        clip: Whose length, metre and names it has.
        rows: The pitches shown, from the top.
        row: Height of a row, 10-16 px.
        left: Where time 0 lies, px.
        top: Where the highest row begins, px.
        width: Px from time 0 to the clip's end.
    """

    clip: Clip
    rows: tuple[int, ...]
    row: int
    left: int
    top: int
    width: float

    @classmethod
    def of(cls, clip: Clip, *, width: int, top: int) -> Grid:
        """Lay out a clip in a picture ``width`` px wide whose rows begin at ``top``.

        Raises:
            ValueError: The picture is narrower than 240 px.
        """
        if width < 240:
            raise ValueError(f"a picture {width} px wide is too narrow: give 240 px or more")
        rows = _drum_rows(clip) if clip.is_drums else _pitch_rows(clip)
        left = 76 if clip.is_drums else 48
        row = max(_MIN_ROW, min(_MAX_ROW, _ROOM // len(rows)))
        return cls(clip, rows, row, left, top, width - left - PAD)

    @property
    def scale(self) -> float:
        """Px a tick takes."""
        return self.width / self.clip.length_ticks

    @property
    def right(self) -> float:
        """Where the clip ends, px."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """Where the lowest row ends, px."""
        return self.top + self.row * len(self.rows)

    def x(self, tick: float) -> float:
        """Give the px of a time."""
        return self.left + tick * self.scale

    def y(self, pitch: int) -> int:
        """Give the px where a pitch's row begins."""
        return self.top + self.row * self.rows.index(pitch)

    def every(self, beats: float) -> Iterator[float]:
        """Give the px of each multiple of a time inside the clip, 0 and the end left out."""
        step = beats * self.clip.ppq
        for index in range(1, -int(-self.clip.length_ticks // step)):
            yield self.x(index * step)

    def px(self, beats: float) -> float:
        """Give the px that a time takes."""
        return beats * self.clip.ppq * self.scale

    @property
    def count(self) -> float:
        """Beats that one count of the metre takes."""
        return 4 / self.clip.meter.denominator

    def bars(self, apart: int = 1) -> Iterator[Bar]:
        """Give the first of every so many bars."""
        index, lines = 0, self.clip.bar_lines
        while (bar := lines.number(index)).start < self.clip.length_ticks:
            yield bar
            index += apart

    def counts(self) -> Iterator[tuple[int, int, float]]:
        """Give each count but the first of every bar: the number of the bar and of the count, and its px."""
        for bar in self.bars():
            unit = Fraction(4 * self.clip.ppq, bar.meter.denominator)
            for index in range(1, ceil(bar.length / unit)):
                if (tick := bar.start + index * unit) < self.clip.length_ticks:
                    yield bar.index + 1, index + 1, self.x(float(tick))


def _shown(clip: Clip) -> NDArray[np.uint8]:
    """Give the pitches of the notes that start before the end."""
    pitches: NDArray[np.uint8] = clip.table["pitch"][clip.table["start"] < clip.length_ticks]
    return pitches


def _pitch_rows(clip: Clip) -> tuple[int, ...]:
    pitches = _shown(clip)
    low, high = (int(pitches.min()), int(pitches.max())) if len(pitches) else _EMPTY
    return tuple(range(min(127, high + _SPARE), max(0, low - _SPARE) - 1, -1))


def _drum_rows(clip: Clip) -> tuple[int, ...]:
    used = {int(pitch) for pitch in _shown(clip)}
    for pitch in _KIT:
        if len(used) < len(_KIT):
            used.add(pitch)
    return tuple(sorted(used, reverse=True))


def lines(grid: Grid, *, bottom: float) -> str:
    """Draw the rows and the lines of time; bar lines go down to ``bottom``."""
    dark = (p for i, p in enumerate(grid.rows) if (i % 2 if grid.clip.is_drums else p % 12 in _BLACK))
    rows = [svg.rect(grid.left, grid.y(p), grid.width, grid.row) for p in dark]
    octaves = [] if grid.clip.is_drums else [p for p in grid.rows[:-1] if p % 12 == 0]
    across = [f"M{grid.left} {grid.y(p) + grid.row - 0.5}h{svg.number(grid.width)}" for p in octaves]
    parts = [svg.group("rows", rows, f'fill="{LIGHT["row"]}"'), svg.path(across, stroke=LIGHT["octave"])]
    if grid.px(_SIXTEENTH) > _HAIR_PX:
        parts.append(svg.path(_down(grid, grid.every(_SIXTEENTH), grid.bottom), stroke=LIGHT["hair"]))
    if grid.px(grid.count) > _BEAT_PX:
        counts = (x for _, _, x in grid.counts())
        parts.append(svg.path(_down(grid, counts, grid.bottom), stroke=LIGHT["beat"]))
    for px, token in ((_BAR_PX, "octave"), (_NUMBER_PX, "bar")):
        starts = (grid.x(float(bar.start)) for bar in grid.bars(_bars_apart(grid, px)) if bar.index)
        parts.append(svg.path(_down(grid, starts, bottom), stroke=LIGHT[token]))
    edges = [f"M{svg.number(x)} {grid.top}V{svg.number(bottom)}" for x in (grid.left - 0.5, grid.right + 0.5)]
    floor = f"M{grid.left} {grid.bottom + 0.5}h{svg.number(grid.width)}"
    parts.append(svg.path([*edges, floor], stroke=LIGHT["octave"]))
    return svg.group("grid", parts, 'shape-rendering="crispEdges"')


def _down(grid: Grid, places: Iterable[float], bottom: float) -> Iterator[str]:
    for x in places:
        yield f"M{svg.number(round(x) + 0.5)} {grid.top}V{svg.number(bottom)}"


def _bars_apart(grid: Grid, px: float) -> int:
    bars = 1
    while grid.px(grid.clip.meter.bar * bars) < px:
        bars *= 2
    return bars


def ruler(grid: Grid) -> str:
    """Draw the bar numbers, and ``bar.beat`` where there is room."""
    top, middle = grid.top - RULER, grid.top - RULER / 2
    marks = [(bar.index + 1, grid.x(float(bar.start))) for bar in grid.bars(_bars_apart(grid, _NUMBER_PX))]
    ticks = [f"M{svg.number(round(x) + 0.5)} {top + 5}V{grid.top}" for _, x in marks[1:]]
    base = f"M{grid.left} {grid.top - 0.5}H{svg.number(grid.right)}"
    parts = [svg.path([base, *ticks], stroke=LIGHT["bar"], extra='shape-rendering="crispEdges"')]
    parts += [svg.label(str(n), x + 4, middle, fill=LIGHT["text"]) for n, x in marks]
    if grid.px(grid.count) >= _BEAT_NUMBER_PX:
        for bar, count, x in grid.counts():
            parts.append(svg.label(f"{bar}.{count}", x + 4, middle, size=10))
    return svg.group("ruler", parts)


def keys(grid: Grid) -> str:
    """Draw what stands left of the rows: the drums' names, or a keyboard with the pitches' names."""
    return svg.group("keys", _drum_keys(grid) if grid.clip.is_drums else _keyboard(grid))


def _drum_keys(grid: Grid) -> Iterator[str]:
    for pitch in grid.rows:
        name = row_name(grid.clip, pitch)
        yield svg.label(name, grid.left - 8, grid.y(pitch) + grid.row / 2, anchor="end", fill=LIGHT["text"])


def _keyboard(grid: Grid) -> Iterator[str]:
    size = min(10, grid.row - 2)
    black = [p for p in grid.rows if p % 12 in _BLACK]
    shape = f'rx="1.5" fill="{LIGHT["key"]}"'
    between = [f"M8 {grid.y(p) - 0.5}H{grid.left}" for p in grid.rows[1:] if p % 12 in {4, 11}]
    yield svg.path(between, stroke=LIGHT["octave"], extra='shape-rendering="crispEdges"')
    yield from (svg.rect(8, grid.y(p) + 0.5, 22, grid.row - 1, shape) for p in black)
    for pitch in grid.rows:
        middle, name = grid.y(pitch) + grid.row / 2, row_name(grid.clip, pitch)
        if pitch % 12 == 0:
            yield svg.label(
                name, grid.left - 4, middle, size=size, anchor="end", fill=LIGHT["text"], weight=600
            )
        elif grid.row >= _NAMED_ROW and pitch in black:
            yield svg.label(name, 19, middle, size=size - 1.5, anchor="middle", fill=LIGHT["surface"])
        elif grid.row >= _NAMED_ROW:
            yield svg.label(name, grid.left - 4, middle, size=size, anchor="end")


def header(clip: Clip, *, width: int, said: list[str] | None = None, note: str = "") -> str:
    """Draw the first line: a swatch, the name, and at the right what ``said`` says (the clip's facts).

    ``note`` follows in the accent colour, such as ``writing``.
    """
    told = " · ".join(facts(clip) if said is None else said)
    colour, right = CLIP_COLOURS[colour_of(clip)], width - PAD
    middle = HEADER / 2 + 1
    parts = [svg.rect(PAD, middle - 5, 10, 10, f'rx="2" fill="{colour}"')]
    if note:
        parts.append(svg.label(note, right, middle, size=12, anchor="end", fill=LIGHT["accent"], weight=600))
        right -= round(len(note) * _CHARACTER) + 14
    told = fit(told, max(1, int((right - PAD - 60) / _CHARACTER)))
    room = int((right - len(told) * _CHARACTER - PAD - 34) / 7.2)
    parts.append(svg.label(told, right, middle, size=12, anchor="end"))
    name = fit(title(clip), max(1, room))
    parts.append(svg.label(name, PAD + 18, middle, size=13, fill=LIGHT["text"], weight=600))
    return svg.group("header", parts)
