"""A clip's notes as boxes: one rectangle each while there are few; of many, those that share pixels are one.

However many notes there are, the work is linear in them and a picture stays under 200 KB: ``MAX_BOXES`` notes
are drawn as rectangles, more as at most ``MAX_RUNS`` strokes, which take a fifth of the bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from conduit.drawing import svg
from conduit.drawing.grid import Grid
from conduit.drawing.tokens import LIGHT, mix

__all__ = ["LEVELS", "MAX_BOXES", "MAX_RUNS", "Box", "Boxes", "boxes", "drawn", "in_view", "lane"]

MAX_BOXES = 2000
"""The most notes that a picture draws as rectangles, one each."""
MAX_RUNS = 8000
"""The most strokes that stand for more notes than that."""
LEVELS = 16
"""Steps of velocity that a fill tells apart."""

_STEP = 128 // LEVELS
_FAINTEST = 0.22  # share of the clip's colour in the fill of velocity 1
_EDGE = 0.68  # share of the clip's colour in its darker edge
_MIN_WIDTH = 2.5
_EDGED = 4  # px from which a note has room for its edge


class Box(NamedTuple):
    """A rectangle for a note, or for several that share its pixels; px, with its velocity's level."""

    x: float
    y: float
    width: float
    height: float
    level: int


class Boxes(NamedTuple):
    """Boxes of one kind; ``joined`` when they stand for more notes than are drawn one by one."""

    members: list[Box]
    joined: bool = False


def in_view(table: NDArray[np.void], grid: Grid) -> NDArray[np.void]:
    """Give the notes that start inside the clip, cut at its end."""
    length = grid.clip.length_ticks
    kept = table[table["start"] < length].copy()
    kept["duration"] = np.minimum(kept["duration"], length - kept["start"])
    return kept


def boxes(table: NDArray[np.void], grid: Grid, *, share: float = 1.0) -> Boxes:
    """Give the boxes of notes that are in view: one each while they are few, else joined.

    ``share`` (0-1) is the part of ``MAX_BOXES`` and ``MAX_RUNS`` that these notes may use.
    """
    if len(table) <= MAX_BOXES * share:
        columns = (table["start"], table["duration"], table["pitch"], table["velocity"])
        top = {pitch: grid.top + grid.row * index for index, pitch in enumerate(grid.rows)}
        return Boxes(
            [
                Box(
                    grid.x(start),
                    top[pitch],
                    max(_MIN_WIDTH, length * grid.scale),
                    grid.row,
                    velocity // _STEP,
                )
                for start, length, pitch, velocity in zip(*(c.tolist() for c in columns), strict=True)
            ]
        )
    px = 1
    while (n_runs := np.count_nonzero(_edges(level := _levels(table, grid, px))[1] >= 0)) > MAX_RUNS * share:
        px = max(px + 1, int(px * min(2, n_runs / (MAX_RUNS * share))))
    return Boxes(_runs(level, grid, px), joined=True)


def _levels(table: NDArray[np.void], grid: Grid, px: int) -> NDArray[np.int64]:
    """Give the level of each column of ``px`` pixels in each row, -1 where nothing sounds; the last is such."""
    n_columns = int(-(-grid.width // px))
    row_of = np.zeros(128, dtype=np.intp)
    row_of[list(grid.rows)] = range(len(grid.rows))
    rows = row_of[table["pitch"]]
    first = np.minimum(table["start"] * grid.scale // px, n_columns - 1).astype(np.intp)
    last = np.ceil((table["start"] + table["duration"]) * grid.scale / px).astype(np.intp)
    last = np.clip(last, first + 1, n_columns)
    count = np.zeros((len(grid.rows), n_columns + 1), dtype=np.int64)
    total = np.zeros_like(count)
    velocity = table["velocity"].astype(np.int64)
    for at, sign in ((first, 1), (last, -1)):
        np.add.at(count, (rows, at), sign)
        np.add.at(total, (rows, at), sign * velocity)
    count, total = count.cumsum(axis=1), total.cumsum(axis=1)
    coarse = _STEP * 4  # fewer levels, longer runs
    level = np.where(count > 0, (total // np.maximum(count, 1)) // coarse * 4 + 3, -1)
    level[:, -1] = -1
    return level


def _edges(level: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Give where levels change, counted through all rows one after another, and the level from there on."""
    flat = level.ravel()
    edges = np.flatnonzero(np.diff(flat, prepend=-1))
    return edges, flat[edges]


def _runs(level: NDArray[np.int64], grid: Grid, px: int) -> list[Box]:
    """Join columns of like velocity: each run is one rectangle. A row ends in silence, so none goes over."""
    edges, strengths = _edges(level)
    (loud,) = np.nonzero(strengths >= 0)
    row, start = np.divmod(edges[loud], level.shape[1])
    end = edges[loud + 1] - row * level.shape[1]
    x, y = grid.left + start * px, grid.top + grid.row * row
    width = np.minimum(end * float(px), grid.width) - start * px
    columns = (one.tolist() for one in (x, y, width, strengths[loud]))
    return [Box(x, y, width, grid.row, strength) for x, y, width, strength in zip(*columns, strict=True)]


def drawn(part: str, found: Boxes, *, colour: str, hollow: bool = False) -> str:
    """Draw boxes: a fill as strong as the velocity, or none, and a 1 px darker edge inside.

    A box too narrow for an edge has none, so that its velocity shows; a hollow one always has. Joined boxes
    are strokes as high as their row; joined hollow ones a line along its middle.
    """
    by_look: dict[tuple[bool, int], list[Box]] = defaultdict(list)
    for box in found.members:
        by_look[(hollow or box.width >= _EDGED, -1 if hollow else box.level)].append(box)
    edge = colour if hollow else mix(colour, "#000000", share=_EDGE)
    groups = []
    for (edged, level), members in sorted(by_look.items()):
        strength = _FAINTEST + (1 - _FAINTEST) * (level + 1) / LEVELS
        fill = LIGHT["surface"] if hollow else mix(colour, LIGHT["surface"], share=strength)
        if found.joined:
            groups.append(_strokes(members, colour=edge if hollow else fill, line=hollow))
        elif edged:
            groups.append(f'<g fill="{fill}" stroke="{edge}">{"".join(_inset(b) for b in members)}</g>')
        else:
            slim = (svg.rect(b.x, b.y + 0.5, b.width - 0.5, b.height - 1) for b in members)
            groups.append(f'<g fill="{fill}">{"".join(slim)}</g>')
    return svg.group(part, groups)


def _inset(box: Box) -> str:
    return svg.rect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1, 'rx="1.5"')


def _strokes(members: Sequence[Box], *, colour: str, line: bool) -> str:
    height = members[0].height
    moves = (f"M{svg.number(b.x)} {svg.number(b.y + height / 2)}h{svg.number(b.width)}" for b in members)
    return svg.path(moves, stroke=colour, width=2 if line else height - 1)


def lane(table: NDArray[np.void], grid: Grid, *, top: float, height: float, colour: str) -> str:
    """Draw a stem as high as its velocity for each note; of those that share a pixel, the highest."""
    at = np.rint((grid.left + table["start"] * grid.scale) * (2 if len(table) <= MAX_BOXES else 1))
    half = 2 if len(table) <= MAX_BOXES else 1
    places, which = np.unique(at / half, return_inverse=True)
    highest = np.zeros(len(places), dtype=np.int64)
    np.maximum.at(highest, which, table["velocity"])
    floor = top + height
    tops = [
        (x, floor - height * velocity / 127)
        for x, velocity in zip(places.tolist(), highest.tolist(), strict=True)
    ]
    stems = [f"M{svg.number(x + 1)} {svg.number(floor)}V{svg.number(y)}" for x, y in tops]
    parts = [svg.path(stems, stroke=mix(colour, LIGHT["surface"], share=0.75), width=1.5)]
    parts += [svg.path(_heads(tops), stroke=mix(colour, "#000000", share=_EDGE), width=2)]
    return svg.group("velocities", parts)


def _heads(tops: Sequence[tuple[float, float]]) -> Iterable[str]:
    if len(tops) <= MAX_BOXES // 4:
        return (f"M{svg.number(x - 0.5)} {svg.number(y)}h4" for x, y in tops)
    return ()
