"""A clip in front of the judges of its score, and what a judge says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from conduit.composer.brief import Brief
from conduit.composer.typical import points
from conduit.music import Clip, Key
from conduit.music.analysis import Measures, measure
from conduit.music.estimate import estimate_key
from conduit.music.heard import Heard

__all__ = ["Judge", "Judged", "Part", "Verdict", "listed", "ramp", "usually"]

_SHOWN = 4

Verdict = tuple[float, str] | None
"""A number from 0 to 1 and a sentence; None where there is nothing to judge."""


@dataclass(frozen=True, slots=True)
class Part:
    """One side of a score.

    Attributes:
        name: What was looked at, such as ``key``.
        value: 0 (nothing is right) to 1 (nothing to mend).
        said: What was found and what would be better, in plain words.
        weight: How much it counts beside the others.
    """

    name: str
    value: float
    said: str
    weight: float = 1.0


class Judged:
    """A clip in front of the judges.

    Args:
        clip: The clip; something is heard in it.
        brief: What was asked for.
    """

    def __init__(self, clip: Clip, brief: Brief) -> None:
        self.clip = clip
        self.brief = brief
        self.heard = Heard(clip)

    @cached_property
    def measures(self) -> Measures:
        """What the clip measures."""
        return measure(self.clip)

    @property
    def role(self) -> str:
        """The role whose numbers hold; drums are drums whatever was asked for."""
        return "drums" if self.clip.is_drums else self.brief.role

    @cached_property
    def key(self) -> Key:
        """The key asked for, else the clip's own, else the one that its notes are nearest to."""
        return self.brief.key or self.clip.key or estimate_key(self.clip)[0]

    @property
    def n_bars(self) -> int:
        """Bars, the last one counted even if it is cut."""
        return len(self.heard.bar_firsts)

    @cached_property
    def bars(self) -> list[frozenset[tuple[int, int]]]:
        """What each bar strikes: steps and pitches."""
        found: list[set[tuple[int, int]]] = [set() for _ in range(self.n_bars)]
        heard = self.heard
        for bar, place, pitch in zip(
            heard.bar.tolist(), heard.place.tolist(), heard.pitch.tolist(), strict=True
        ):
            found[bar].add((place, pitch))
        return [frozenset(bar) for bar in found]


Judge = Callable[[Judged], Verdict]


def ramp(value: float, *, nothing: float, all_right: float) -> float:
    """Map a number to 0-1 along a line.

    >>> ramp(0.7, nothing=0.6, all_right=0.8)
    0.5
    """
    return round(min(1.0, max(0.0, (value - nothing) / (all_right - nothing))), 6)


def usually(role: str, name: str) -> str:
    """Say between which quartiles a measure of a role lies, to stand behind a number.

    >>> usually("bass", "density")
    ' (usual: 0.89 to 1.8)'
    """
    row = points(role, name)
    return "" if row is None else f" (usual: {row[1]:.2g} to {row[3]:.2g})"


def listed(names: list[str]) -> str:
    """List the first few of many.

    >>> listed(["1", "2", "3", "4", "5"])
    '1, 2, 3, 4 and others'
    """
    return ", ".join(names[:_SHOWN]) + (" and others" if len(names) > _SHOWN else "")
