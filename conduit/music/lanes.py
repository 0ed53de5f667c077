"""Lanes of control changes, cut, put one after the other and turned round with the notes they belong to.

A control holds its value until the next change, so a piece of a lane begins with what held at its beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from conduit.music.control import BEND, PRESSURE, control_table

__all__ = ["chased", "joined", "layered", "turned"]

_Table = NDArray[np.void]
_MOD, _SUSTAIN, _SOSTENUTO, _SOFT = 1, 64, 66, 67
_RESTING = frozenset({_MOD, _SUSTAIN, _SOSTENUTO, _SOFT, BEND, PRESSURE})
"""Controls that hang when nobody takes them back to 0: the wheels, the pedals, pressure."""


def chased(lanes: _Table, edges: Sequence[int]) -> list[_Table]:
    """Give the changes between each two ticks, as pieces that start at 0 with what held at their beginning."""
    held, done, pieces = lanes[:0], 0, []
    for first, last in pairwise(edges):
        after = int(np.searchsorted(lanes["start"], first, side="right"))
        end = int(np.searchsorted(lanes["start"], last, side="left"))
        held, done = _latest(np.concatenate([held, lanes[done:after]])), after
        piece = np.concatenate([held, lanes[after : max(after, end)]])
        piece["start"] = np.maximum(0, piece["start"] - first)
        pieces.append(piece)
    return pieces


def _latest(lanes: _Table) -> _Table:
    """Give the last change of each control, in their order."""
    _, index = np.unique(lanes["control"][::-1], return_index=True)
    return lanes[np.sort(len(lanes) - 1 - index)]


def joined(pieces: Iterable[tuple[_Table, int]]) -> _Table:
    """Put lanes one after the other, each with its length in ticks.

    Where a piece begins, a change to what holds already is left out; the wheels, the pedals and pressure go back to
    0 unless the piece says where they are. What lies after a piece's end is left out, but for the last piece.
    """
    pieces = list(pieces)
    if not any(len(lanes) for lanes, _ in pieces):
        return control_table(())
    holding: dict[int, int] = {}
    found, offset = [], 0
    for index, (lanes, length) in enumerate(pieces):
        mine = lanes if index == len(pieces) - 1 else lanes[lanes["start"] < length]
        mine = mine[_news(mine, holding)].copy()
        mine["start"] += offset
        if index:
            heads = set(lanes["control"][lanes["start"] == 0].tolist())
            hang = [one for one, value in holding.items() if one in _RESTING and value and one not in heads]
            found.append(control_table((offset, control, 0) for control in hang))
            holding |= dict.fromkeys(hang, 0)
        found.append(mine)
        last = _latest(mine)
        holding |= dict(zip(last["control"].tolist(), last["value"].tolist(), strict=True))
        offset += length
    return np.concatenate(found)


def _news(lanes: _Table, holding: dict[int, int]) -> NDArray[np.bool_]:
    """Mark the changes but those at the start to a value that holds already."""
    news = np.ones(len(lanes), dtype=bool)
    for row in np.flatnonzero(lanes["start"] == 0).tolist():
        _, control, value = lanes[row].item()
        news[row] = holding.get(control) != value
    return news


def layered(tables: Iterable[_Table]) -> _Table:
    """Put the changes of several lanes into one, in order of time."""
    both = np.concatenate(list(tables))
    return both[np.argsort(both["start"], kind="stable")]


def turned(lanes: _Table, length: int) -> _Table:
    """Run lanes backwards in so many ticks.

    Before its first change a control is taken to have held that value, or 0 if it is one that ``joined`` takes back
    there.
    """
    found = []
    for control in np.unique(lanes["control"]):
        lane = lanes[(lanes["control"] == control) & (lanes["start"] < length)]
        if control in _RESTING and len(lane) and lane["start"][0]:
            lane = np.concatenate([control_table([(0, control, 0)]), lane])
        ends = np.append(lane["start"][1:], length)
        held = ends > lane["start"]  # of several at one time the last holds
        backwards = lane[held].copy()
        backwards["start"] = length - ends[held]
        found.append(backwards[::-1])
    return layered(found) if found else lanes.copy()
