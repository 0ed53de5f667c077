"""The piano roll as a picture that needs nothing else: for records, cards, pages and print.

From the top: header, bar ruler, keyboard or drum names beside the rows, velocity lane. A drum clip shows the
drums it uses and no others, as Live does when it folds; every other clip its range with three rows to spare.
"""

from __future__ import annotations

from conduit.drawing import svg
from conduit.drawing.caption import caption
from conduit.drawing.grid import HEADER, PAD, RULER, Grid, header, keys, lines, ruler
from conduit.drawing.notes import MAX_BOXES, boxes, drawn, in_view, lane
from conduit.drawing.tokens import CLIP_COLOURS, LIGHT, colour_of
from conduit.music import Clip

__all__ = ["roll_svg"]

_GAP = 4
_LANE = 40


def roll_svg(clip: Clip, *, width: int = 760, title: bool = True, written: float | None = None) -> str:
    """Draw a clip as a self-contained SVG, light on its own surface.

    Up to 2,000 notes are one rectangle each, exact to 0.01 px; of more, notes that share pixels are joined.
    Notes that start after the clip's end are not drawn, and the header counts them.

    Args:
        clip: What to draw.
        width: Px, at least 240; the height follows from the pitches.
        title: Whether the header line is drawn.
        written: Beats that have been written so far, while the clip is still arriving; None when it is whole.

    Raises:
        ValueError: The width is below 240 px.
    """
    grid = Grid.of(clip, width=width, top=RULER + (HEADER if title else PAD // 2))
    bottom = grid.bottom + _GAP + _LANE
    parts = [lines(grid, bottom=bottom), keys(grid), ruler(grid)]
    if title:
        parts.append(header(clip, width=width, note="" if written is None else "writing"))
    parts += _note_parts(grid, bottom=bottom, written=written)
    return svg.document(parts, width=width, height=bottom + PAD, alt=caption(clip))


def _note_parts(grid: Grid, *, bottom: float, written: float | None) -> list[str]:
    colour, table = CLIP_COLOURS[colour_of(grid.clip)], in_view(grid.clip.table, grid)
    muted, sounding = table[table["mute"]], table[~table["mute"]]
    share = 1.0 if len(table) <= MAX_BOXES else 0.5
    parts = [
        drawn("muted", boxes(muted, grid, share=share), colour=colour, hollow=True),
        drawn("notes", boxes(sounding, grid, share=share), colour=colour),
        _lane_floor(grid, bottom),
        lane(sounding, grid, top=bottom - _LANE, height=_LANE, colour=colour),
    ]
    if not len(table):
        said = "empty clip" if written is None else "waiting for the first note"
        parts.append(_pill(said, grid.left + grid.width / 2, (grid.top + grid.bottom) / 2))
    if written is not None:
        x = min(grid.x(written * grid.clip.ppq), grid.right)
        parts.append(
            svg.path([f"M{svg.number(x)} {grid.top - 6}V{bottom}"], stroke=LIGHT["accent"], width=1.5)
        )
    return parts


def _lane_floor(grid: Grid, bottom: float) -> str:
    across = [f"M{grid.left} {bottom + 0.5}H{svg.number(grid.right)}"]
    half = [f"M{grid.left} {bottom - _LANE / 2 + 0.5}H{svg.number(grid.right)}"]
    x = grid.left - 6
    parts = [
        svg.path(half, stroke=LIGHT["hair"], extra='shape-rendering="crispEdges"'),
        svg.path(across, stroke=LIGHT["octave"], extra='shape-rendering="crispEdges"'),
        svg.label("127", x, bottom - _LANE + 5, size=9, anchor="end"),
        svg.label("vel", x, bottom - 5, size=9, anchor="end"),
    ]
    return svg.group("lane", parts)


def _pill(said: str, x: float, y: float) -> str:
    width = len(said) * 6.4 + 20
    shape = f'rx="4" fill="{LIGHT["surface"]}" stroke="{LIGHT["border"]}"'
    box = svg.rect(x - width / 2, y - 12, width, 24, shape)
    return box + svg.label(said, x, y, size=12, anchor="middle")
