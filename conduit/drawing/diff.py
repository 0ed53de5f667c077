"""Two versions of a clip compared: what was kept, added, removed and moved: values, words, picture.

Notes are compared in exact ticks. A note that only one version has is *moved* when the other has a free note
of the same pitch at the same time or near it (a changed length or velocity is such a move), or of another
pitch at the same time. Nearer partners are found first; swapping the versions swaps the answer and no more.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from conduit.drawing import svg
from conduit.drawing.caption import caption, columns, facts
from conduit.drawing.caption import title as name_of
from conduit.drawing.grid import HEADER, PAD, RULER, Grid, header, keys, lines, ruler
from conduit.drawing.notes import LEVELS, MAX_BOXES, Box, Boxes, boxes, drawn, in_view
from conduit.drawing.tokens import LIGHT, mix
from conduit.music import Clip
from conduit.music.note import RELEASE_VELOCITY

__all__ = ["ClipDiff", "Row", "clip_diff", "diff_svg", "diff_text"]

_OCTAVE = 12
_LEGEND = 26
_MOST_LINES = 400  # more lines from old to new hide the notes
_LIGHTER = 47  # velocity whose fill a moved note has
_QUIET = mix(LIGHT["text2"], LIGHT["surface"], share=0.35)
_LINE = mix(LIGHT["accent"], "#000000", share=0.7)


class Row(NamedTuple):
    """A note in ticks, as a clip's table holds it."""

    start: int
    duration: int
    pitch: int
    velocity: int
    mute: bool
    probability: float = 1.0
    velocity_deviation: int = 0
    release_velocity: int = RELEASE_VELOCITY


@dataclass(frozen=True, slots=True)
class ClipDiff:
    """What became of each note; every tuple is in order of time.

    Attributes:
        ppq: Ticks in a beat, of both versions (the least common multiple of theirs).
        kept: Notes that both have.
        added: Notes that only the new version has.
        removed: Notes that only the old version has.
        moved: Pairs of a note's old and new place.
    """

    ppq: int
    kept: tuple[Row, ...]
    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    moved: tuple[tuple[Row, Row], ...]


def clip_diff(before: Clip | None, after: Clip | None) -> ClipDiff:
    """Compare two versions of a clip; None is a slot with no clip in it.

    >>> from conduit.music import Note
    >>> old, new = Clip.of([Note(45, 0, 1)]), Clip.of([Note(45, 0.25, 1)])
    >>> [(a.start, b.start) for a, b in clip_diff(old, new).moved]
    [(0, 240)]
    """
    ppq = math.lcm(*(clip.ppq for clip in (before, after) if clip is not None))
    old, new = _rows(before, ppq), _rows(after, ppq)
    kept = Counter(old) & Counter(new)
    removed, added = Counter(old) - kept, Counter(new) - kept
    left, right = sorted(removed.elements()), sorted(added.elements())
    moved: list[tuple[Row, Row]] = []
    for other, along, most in (
        ("pitch", "start", ppq // 4),
        ("start", "pitch", _OCTAVE),
        ("pitch", "start", ppq),
    ):
        for reach in (0, most):
            pairs, left, right = _pair(left, right, group=other, along=along, reach=reach)
            moved += pairs
    return ClipDiff(ppq, tuple(sorted(kept.elements())), tuple(right), tuple(left), tuple(sorted(moved)))


def _rows(clip: Clip | None, ppq: int) -> list[Row]:
    if clip is None:
        return []
    times = ppq // clip.ppq
    return [Row(start * times, length * times, *rest) for start, length, *rest in clip.table.tolist()]


def _pair(
    left: list[Row], right: list[Row], *, group: str, along: str, reach: int
) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """Pair notes of one group that lie within reach of each other; give the pairs and what stays single."""
    groups: dict[int, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((left, right)):
        for row in rows:
            groups[getattr(row, group)][side].append(row)
    pairs: list[tuple[Row, Row]] = []
    single: tuple[list[Row], list[Row]] = ([], [])
    for mine, theirs in groups.values():
        for rows in (mine, theirs):
            rows.sort(key=attrgetter(along))
        _walk(mine, theirs, along=along, reach=reach, pairs=pairs, single=single)
    return pairs, sorted(single[0]), sorted(single[1])


def _walk(
    mine: list[Row],
    theirs: list[Row],
    *,
    along: str,
    reach: int,
    pairs: list[tuple[Row, Row]],
    single: tuple[list[Row], list[Row]],
) -> None:
    i = j = 0
    while i < len(mine) and j < len(theirs):
        distance = getattr(mine[i], along) - getattr(theirs[j], along)
        if abs(distance) <= reach:
            pairs.append((mine[i], theirs[j]))
            i, j = i + 1, j + 1
        elif distance < 0:
            single[0].append(mine[i])
            i += 1
        else:
            single[1].append(theirs[j])
            j += 1
    single[0].extend(mine[i:])
    single[1].extend(theirs[j:])


def diff_text(before: Clip | None, after: Clip | None) -> str:
    """Say in one line what changed.

    >>> from conduit.music import Note
    >>> diff_text(None, Clip.of([Note(45, 0, 1)]))
    '+1 note'
    """
    return _said(clip_diff(before, after))


def _said(diff: ClipDiff) -> str:
    counts = (
        (f"+{len(diff.added)}", diff.added),
        (f"-{len(diff.removed)}", diff.removed),
        (f"{len(diff.moved)} moved", diff.moved),
        (f"{len(diff.kept)} kept", diff.kept),
    )
    said = [words for words, rows in counts if rows]
    if not said:
        return "no notes"
    if len(said) == 1 and diff.kept:
        return f"no change, {said[0]}"
    sign, _, rest = said[0].partition(" ")
    noun = "note" if sign.lstrip("+-") == "1" else "notes"
    return ", ".join([f"{sign} {noun} {rest}".rstrip(), *said[1:]])


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
    diff = clip_diff(before, after)
    grid = Grid.of(_union(shown, before, diff), width=width, top=RULER + (HEADER if title else PAD // 2))
    parts = [lines(grid, bottom=grid.bottom), keys(grid), ruler(grid), *_changes(diff, grid)]
    if title:
        parts.append(header(shown, width=width, said=_changed_facts(before, after)))
    parts.append(_legend(diff, grid))
    alt = f"{caption(shown)}; {_said(diff)}"
    return svg.document(parts, width=width, height=grid.bottom + _LEGEND + PAD // 2, alt=alt)


def _union(shown: Clip, before: Clip | None, diff: ClipDiff) -> Clip:
    """Make the clip whose grid holds every note of both versions."""
    old, new = zip(*diff.moved, strict=True) if diff.moved else ((), ())
    rows = [*diff.kept, *diff.added, *diff.removed, *old, *new]
    lengths = [clip.length_ticks * (diff.ppq // clip.ppq) for clip in (shown, before) if clip is not None]
    return shown.with_(ppq=diff.ppq).with_table(_table(rows, shown), length_ticks=max(lengths))


def _table(rows: Iterable[Row], like: Clip) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    return np.array(list(rows), dtype=like.table.dtype)


def _changes(diff: ClipDiff, grid: Grid) -> list[str]:
    came, went = [b for _, b in diff.moved], [a for a, _ in diff.moved]
    total = len(diff.kept) + len(diff.added) + len(diff.removed) + len(came) + len(went)
    share = 1.0 if total <= MAX_BOXES else 0.2
    kept, old, new = (_found(rows, grid, share=share) for rows in (diff.kept, went, _at(came, _LIGHTER)))
    removed, added = (_found(_at(rows, 127), grid, share=share) for rows in (diff.removed, diff.added))
    struck = [] if removed.joined else [_strike(b) for b in removed.members]
    return [
        drawn("kept", kept, colour=_QUIET),
        drawn("moved-from", old, colour=LIGHT["bar"], hollow=True),
        drawn("removed", removed, colour=LIGHT["error"], hollow=True),
        svg.path(struck, stroke=LIGHT["error"]),
        drawn("moved-to", new, colour=LIGHT["accent"]),
        _move_lines(diff, grid) if len(diff.moved) <= _MOST_LINES else "",
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


def _move_lines(diff: ClipDiff, grid: Grid) -> str:
    half = grid.row / 2
    ends = [
        (grid.x(a.start) + 2, grid.y(a.pitch) + half, grid.x(b.start) + 2, grid.y(b.pitch) + half)
        for a, b in diff.moved
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


def _legend(diff: ClipDiff, grid: Grid) -> str:
    """Draw a line that explains each shape that occurs, with its count."""
    x, middle = float(grid.left), grid.bottom + _LEGEND / 2 + 2
    looks = (
        ("added", diff.added, LIGHT["accent"], 127),
        ("removed", diff.removed, LIGHT["error"], 0),
        ("moved", diff.moved, LIGHT["accent"], _LIGHTER),
        ("kept", diff.kept, _QUIET, 96),
    )
    parts = []
    for name, rows, colour, velocity in looks:
        if not rows:
            continue
        box = Box(x + (8 if name == "moved" else 0), middle - 5, 18, 10, velocity * LEVELS // 128)
        parts.append(drawn("sample", Boxes([box]), colour=colour, hollow=name == "removed"))
        if name == "removed":
            parts.append(svg.path([_strike(box)], stroke=colour))
        if name == "moved":
            parts.append(svg.path([f"M{svg.number(x)} {svg.number(middle)}h12"], stroke=_LINE))
        said = f"{len(rows)} {name}"
        parts.append(svg.label(said, box.x + 25, middle, fill=LIGHT["text"]))
        x = box.x + 25 + columns(said) * 6.2 + 24
    return svg.group("legend", parts or [svg.label("no notes", x, middle)])
