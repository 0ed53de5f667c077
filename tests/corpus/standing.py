"""Where clips stand among real clips of their role; the numbers are those of ``tests/data/roles.json``.

Clips stand well if, for each measure, their median lies within the quartiles of real clips and at least nine in ten
of them lie between the 1 and 99 % points. Bounds belong to the range. Where nearly all real clips give the same
number (one voice in a bass, every note on the grid), bounds coincide: there they are widened by 5 % of what the
measure spans over all roles.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from conduit.music.analysis import MEASURES, Measures

__all__ = ["JUDGED", "Standing", "failures", "standing"]

JUDGED = tuple(name for name in MEASURES if name != "n_notes")
"""What clips are compared by: every measure but the number of notes, which is density times length."""

INSIDE = 0.9
_SLACK = 0.05
_TABLE = Path(__file__).parents[1] / "data" / "roles.json"


@dataclass(frozen=True)
class Standing:
    """Where clips stand in one measure.

    Attributes:
        median: Of the clips.
        quartiles: Of real clips.
        range: The 1 and 99 % points of real clips.
        inside: Share of the clips in that range.
    """

    median: float
    quartiles: tuple[float, float]
    range: tuple[float, float]
    inside: float

    @property
    def good(self) -> bool:
        """Whether the median lies within the quartiles and nine in ten clips within the range."""
        low, high = self.quartiles
        return low <= self.median <= high and self.inside >= INSIDE


@cache
def role_table() -> dict[str, Any]:
    return json.loads(_TABLE.read_text(encoding="utf-8"))["roles"]


def standing(measures: Iterable[Measures], role: str) -> dict[str, Standing]:
    """Compare clips of one role with real ones, measure by measure; those without a meaning are left out."""
    clips = list(measures)
    found = {}
    for name, points in role_table()[role]["measures"].items():
        values = [value for clip in clips if (value := getattr(clip, name)) is not None]
        if name in JUDGED and values:
            least, low, _, high, most = points
            bounds = _widened(name, least, most)
            inside = sum(bounds[0] <= value <= bounds[1] for value in values) / len(values)
            found[name] = Standing(median(values), _widened(name, low, high), bounds, inside)
    return found


def failures(measures: Iterable[Measures], role: str) -> list[str]:
    """Say in which measures clips of a role stand badly; an empty list is what is wanted."""
    return [
        f"{role} {name}: median {one.median:.3g} ({one.quartiles[0]:.3g} to {one.quartiles[1]:.3g}), "
        f"{one.inside:.0%} within {one.range[0]:.3g} to {one.range[1]:.3g}"
        for name, one in standing(measures, role).items()
        if not one.good
    ]


def _widened(name: str, low: float, high: float) -> tuple[float, float]:
    if low < high:
        return low, high
    ranges = [facts["measures"][name] for facts in role_table().values() if name in facts["measures"]]
    slack = _SLACK * (max(one[-1] for one in ranges) - min(one[0] for one in ranges))
    return low - slack, high + slack
