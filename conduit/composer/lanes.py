"""Drum lanes in JSON: the hits of one drum as a row of marks, as cells of a grid, or as a list of places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conduit.composer.aliases import DRUM_WORDS, plain
from conduit.composer.loose import Object
from conduit.composer.named import number
from conduit.composer.repair import Ledger
from conduit.composer.rows import Row, read_row

__all__ = ["MARKS", "RESTS", "lane_rows"]

RESTS = frozenset(".-_ 0|")
MARKS = {
    "X": 120,
    "x": 96,
    "o": 56,
    "1": 96,
    "*": 96,
    "O": 96,
    "g": 40,
}  # the first three as in the notation
_LONGEST = 4_096  # steps of a lane that are read
_CELLS = 8  # so many numbers, of which some are 0, are the cells of a grid rather than places


def lane_rows(name: str, lane: str | list[Any], ledger: Ledger, *, bar: float | None) -> Iterator[Row]:
    """Give the hits of a lane.

    Args:
        name: The drum, a word of ``DRUM_WORDS``.
        lane: Marks such as ``x...x...``, cells such as ``[1, 0, 0, 0]``, places, or objects with a start each.
        ledger: Where what is put right is written down.
        bar: The bar it is of, as it was written; None where it is the whole clip.
    """
    pitch = DRUM_WORDS[plain(name)]
    if isinstance(lane, str):
        yield from _marks(pitch, lane, ledger, bar=bar)
        return
    rest = sum(number(one) != 0 for one in lane[_LONGEST:])
    ledger.seen(rest)
    ledger.add("too_many", rest, what=f"{_LONGEST:,} places in a lane")
    lane = lane[:_LONGEST]
    numbers = [number(one) for one in lane if not isinstance(one, Object)]
    places = [one for one in numbers if one is not None]
    if _are_cells(places) and len(places) == len(lane):
        yield from _cells(pitch, places, ledger, bar=bar)
        return
    unit = "beat" if any(one % 1 for one in places) or max(places, default=0) < 4 else "step"
    for one in lane:
        if isinstance(one, Object):
            row = read_row(Object([("pitch", pitch), *one.pairs]), ledger, drums=True)
            if row is not None:
                yield row
        elif (place := number(one)) is None:
            ledger.lost(what=f"{name} at {one!r}")
        else:
            ledger.seen()
            yield _hit(pitch, place, None, unit=unit, bar=bar)
    ledger.add("lanes", int(bool(places)), what=f"{unit}s from 0")


def _marks(pitch: int, lane: str, ledger: Ledger, *, bar: float | None) -> Iterator[Row]:
    step = 0
    rest = sum(lane.count(mark, _LONGEST) for mark in MARKS)
    ledger.seen(rest)
    ledger.add("too_many", rest, what=f"{_LONGEST:,} steps in a lane")
    for mark in lane[:_LONGEST]:
        if mark in MARKS:
            ledger.seen()
            yield _hit(pitch, step, MARKS[mark], unit="step", bar=bar)
        elif mark not in RESTS:
            ledger.lost(what=f"the mark {mark!r} in a drum lane")
        step += mark not in " |"


def _are_cells(places: list[float]) -> bool:
    if set(places) <= {0.0, 1.0}:
        return len(places) >= 4
    return len(places) >= _CELLS and places.count(0.0) > 1


def _cells(pitch: int, cells: list[float], ledger: Ledger, *, bar: float | None) -> Iterator[Row]:
    for step, strength in enumerate(cells):
        if strength > 0:
            ledger.seen()
            yield _hit(pitch, step, None if strength == 1 else strength, unit="step", bar=bar)


def _hit(pitch: int, place: float, velocity: float | None, *, unit: str, bar: float | None) -> Row:
    usual = 96.0
    row = Row([pitch], drum=True, start=place, start_unit=unit, duration=1.0, duration_unit="step")
    row.velocity, row.bar, row.from_zero = (usual if velocity is None else velocity), bar, True
    return row
