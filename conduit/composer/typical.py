"""What real clips of each role measure: the numbers that a score compares with.

They are the 1, 25, 50, 75 and 99 % points over four-bar clips of real songs, written by ``tests/corpus/roles.py``;
what songs, and how roles are told, says ``tests/corpus/clips.py``.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

__all__ = ["Points", "fit", "points"]

Points = tuple[float, float, float, float, float]
"""The 1, 25, 50, 75 and 99 % points of a measure."""

_AT_THE_EDGE = 0.6  # what a value on the 1 or 99 % point is worth
_NARROW = 0.05  # the least width between a quartile and its edge


@cache
def _table() -> dict[str, dict[str, Points]]:
    text = files("conduit.composer").joinpath("typical.json").read_text(encoding="utf-8")
    return {role: {name: tuple(row) for name, row in rows.items()} for role, rows in json.loads(text).items()}


def points(role: str, name: str) -> Points | None:
    """Give the points of a measure for a role; None where real clips have none.

    >>> points("bass", "voices")[2]
    1.0
    """
    return _table().get(role, {}).get(name)


def fit(value: float, role: str, name: str, *, low: bool = True, high: bool = True) -> float:
    """Say how usual a value is for a role, 0-1: 1 between the quartiles, 0.6 on the 1 and 99 % points, then less.

    Args:
        value: What was measured.
        role: Such as ``bass``.
        name: A measure of ``MEASURES``.
        low: Whether it can be too small.
        high: Whether it can be too great.
    """
    row = points(role, name)
    if row is None:
        return 1.0
    least, first, _, third, most = row
    narrow = max(_NARROW, 0.1 * (most - least))
    over = (value - third) / max(most - third, narrow) if high else 0.0
    under = (first - value) / max(first - least, narrow) if low else 0.0
    return max(0.0, 1 - (1 - _AT_THE_EDGE) * max(0.0, over, under))
