"""Two versions of a clip as one picture: what ``music.changes`` finds, drawn on one grid and said in a line."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from conduit.drawing import svg
from conduit.drawing.caption import caption, columns, facts
from conduit.drawing.caption import title as name_of
from conduit.drawing.grid import HEADER, PAD, RULER, Grid, header, keys, lines, ruler
from conduit.drawing.notes import LEVELS, MAX_BOXES, Box, Boxes, boxes, drawn, in_view
from conduit.drawing.tokens import LIGHT, mix
from conduit.music import Clip
from conduit.music.changes import Changes, Row, diff

__all__ = ["diff_svg", "diff_text"]

_LEGEND = 26
_MOST_LINES = 400  # more lines from old to new hide the notes
_LIGHTER = 47  # velocity whose fill a moved note has
_PAIRED = frozenset({"moved", "changed"})
_QUIET = mix(LIGHT["text2"], LIGHT["surface"], share=0.35)
_LINE = mix(LIGHT["accent"], "#000000", share=0.7)


def diff_text(before: Clip | None, after: Clip | None) -> str:
    """Say in one line what changed.

    >>> from conduit.music import Note
    >>> diff_text(None, Clip.of([Note(45, 0, 1)]))
    '+1 note'
    """
    return diff(before, after).summary


def diff_svg(before: Clip | None, after: Clip | None, *, width: int = 760, title: bool = True) -> str:
    """Draw both versions on one grid: kept quiet, removed hollow and struck, added solid, moved old to new.

    Args:
        before: The old version, or None for an empty slot.
        after: The new version, or None when the clip goes.
        width: Px, at least 240.
        title: Whether the header line is drawn.

    Raises:
        ValueError: There is no clip on either side, or the width is below 240 px.
    """
    shown = after or before
    if shown is None:
        raise ValueError("there is nothing to compare: give a clip before, after, or both")
    changes = diff(before, after)
    grid = Grid.of(_union(shown, before, changes), width=width, top=RULER + (HEADER if title else PAD // 2))
    parts = [lines(grid, bottom=grid.bottom), keys(grid), ruler(grid), *_changes(changes, grid)]
    if title:
        parts.append(header(shown, width=width, said=_changed_facts(before, after)))
    parts.append(_legend(changes, grid))
    alt = f"{caption(shown)}; {changes.summary}"
    return svg.document(parts, width=width, height=grid.bottom + _LEGEND + PAD // 2, alt=alt)


def _union(shown: Clip, before: Clip | None, changes: Changes) -> Clip:
    """Make the clip whose grid holds every note of both versions."""
    rows = [
        *changes.kept,
        *changes.added,
        *changes.removed,
        *(row for pair in _pairs(changes) for row in pair),
    ]
    lengths = [clip.length_ticks * (changes.ppq // clip.ppq) for clip in (shown, before) if clip is not None]
    return shown.with_(ppq=changes.ppq).with_table(_table(rows, shown), length_ticks=max(lengths))


def _pairs(changes: Changes) -> list[tuple[Row, Row]]:
    """Give the notes that both versions have, though not alike; what changed at its place is drawn as a move."""
    return [*changes.moved, *changes.changed]


def _table(rows: Iterable[Row], like: Clip) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    return np.array(list(rows), dtype=like.table.dtype)


def _changes(changes: Changes, grid: Grid) -> list[str]:
    pairs = _pairs(changes)
    came, went = [b for _, b in pairs], [a for a, _ in pairs]
    total = len(changes.kept) + len(changes.added) + len(changes.removed) + len(came) + len(went)
    share = 1.0 if total <= MAX_BOXES else 0.2
    kept, old, new = (_found(rows, grid, share=share) for rows in (changes.kept, went, _at(came, _LIGHTER)))
    removed, added = (_found(_at(rows, 127), grid, share=share) for rows in (changes.removed, changes.added))
    struck = [] if removed.joined else [_strike(b) for b in removed.members]
    return [
        drawn("kept", kept, colour=_QUIET),
        drawn("moved-from", old, colour=LIGHT["bar"], hollow=True),
        drawn("removed", removed, colour=LIGHT["error"], hollow=True),
        svg.path(struck, stroke=LIGHT["error"]),
        drawn("moved-to", new, colour=LIGHT["accent"]),
        _move_lines(pairs, grid) if len(pairs) <= _MOST_LINES else "",
        drawn("added", added, colour=LIGHT["accent"]),
    ]


def _found(rows: Iterable[Row], grid: Grid, *, share: float) -> Boxes:
    return boxes(in_view(_table(rows, grid.clip), grid), grid, share=share)


def _at(rows: Iterable[Row], velocity: int) -> list[Row]:
    """Give the notes one velocity: colour says here what became of them, and not how loud they are."""
    return [row._replace(velocity=velocity) for row in rows]


def _strike(box: Box) -> str:
    middle = box.y + box.height / 2
    return f"M{svg.number(box.x - 1.5)} {svg.number(middle)}h{svg.number(box.width + 3)}"


def _move_lines(pairs: list[tuple[Row, Row]], grid: Grid) -> str:
    half = grid.row / 2
    ends = [
        (grid.x(a.start) + 2, grid.y(a.pitch) + half, grid.x(b.start) + 2, grid.y(b.pitch) + half)
        for a, b in pairs
        if max(a.start, b.start) < grid.clip.length_ticks
    ]
    moves = [f"M{svg.number(x)} {svg.number(y)}L{svg.number(u)} {svg.number(v)}" for x, y, u, v in ends]
    dots = [f"M{svg.number(u)} {svg.number(v)}h0" for _, _, u, v in ends]
    return svg.group(
        "moves",
        [
            svg.path(moves, stroke=_LINE),
            svg.path(dots, stroke=_LINE, width=4, extra='stroke-linecap="round"'),
        ],
    )


def _changed_facts(before: Clip | None, after: Clip | None) -> list[str]:
    """Give the facts of a header, each with its old value where it changed."""
    if before is None or after is None:
        return [*facts(after or before or Clip.of([])), "new clip" if before is None else "clip removed"]
    old, new = facts(before), facts(after)
    old += [""] * (len(new) - len(old))
    said = [b if a in {b, ""} else f"{a} → {b}" for a, b in zip(old, new, strict=False)]
    return [*([f"was {name_of(before)}"] if before.name != after.name else []), *said]


def _legend(changes: Changes, grid: Grid) -> str:
    """Draw a line that explains each shape that occurs, with its count."""
    x, middle = float(grid.left), grid.bottom + _LEGEND / 2 + 2
    looks = (
        ("added", changes.added, LIGHT["accent"], 127),
        ("removed", changes.removed, LIGHT["error"], 0),
        ("moved", changes.moved, LIGHT["accent"], _LIGHTER),
        ("changed", changes.changed, LIGHT["accent"], _LIGHTER),
        ("kept", changes.kept, _QUIET, 96),
    )
    parts = []
    for name, rows, colour, velocity in looks:
        if not rows:
            continue
        box = Box(x + (8 if name in _PAIRED else 0), middle - 5, 18, 10, velocity * LEVELS // 128)
        parts.append(drawn("sample", Boxes([box]), colour=colour, hollow=name == "removed"))
        if name == "removed":
            parts.append(svg.path([_strike(box)], stroke=colour))
        if name in _PAIRED:
            parts.append(svg.path([f"M{svg.number(x)} {svg.number(middle)}h12"], stroke=_LINE))
        said = f"{len(rows)} {name}"
        parts.append(svg.label(said, box.x + 25, middle, fill=LIGHT["text"]))
        x = box.x + 25 + columns(said) * 6.2 + 24
    return svg.group("legend", parts or [svg.label("no notes", x, middle)])
