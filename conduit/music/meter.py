"""Metre, and where bars lie. A beat is a quarter note everywhere, as in Live and in MIDI files."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

__all__ = ["Bar", "Bars", "Meter"]

_METER = re.compile(r"\s*(\d{1,2})\s*/\s*(\d{1,2})\s*", re.ASCII)
_MAX_NUMERATOR = 99
_DENOMINATORS = (1, 2, 4, 8, 16)


@dataclass(frozen=True, slots=True)
class Meter:
    """A time signature.

    Args:
        numerator: Counts in a bar, 1-99.
        denominator: The note value counted: 1, 2, 4, 8 or 16.

    Raises:
        ValueError: Either is outside what Live knows.

    >>> Meter.parse("7/8").bar
    3.5
    """

    numerator: int = 4
    denominator: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.numerator <= _MAX_NUMERATOR or self.denominator not in _DENOMINATORS:
            raise ValueError(f"{self} is not a metre; write 1-99 over 1, 2, 4, 8 or 16, such as 7/8")

    @classmethod
    def parse(cls, text: str) -> Meter:
        """Read ``4/4``, ``7/8`` and the like."""
        match = _METER.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a metre; write 1-99 over 1, 2, 4, 8 or 16, such as 7/8")
        return cls(int(match[1]), int(match[2]))

    @property
    def bar(self) -> float:
        """Length of a bar in beats (quarter notes)."""
        return self.numerator * 4 / self.denominator

    @property
    def steps(self) -> float:
        """Length of a bar in steps (sixteenth notes)."""
        return self.numerator * 16 / self.denominator

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a clip.

    Attributes:
        index: Its number, from 0.
        start: Ticks from the start of the clip; not always whole, for a bar of 7/16 need not begin on a tick.
        length: Ticks; shorter than the metre's where a change of metre cuts it off.
        meter: The metre that holds in it.
    """

    index: int
    start: Fraction
    length: Fraction
    meter: Meter


class Bars:
    """Where the bars of a clip lie, without drift however many there are.

    Args:
        meter: The metre at the start.
        changes: Ticks, more than 0 and rising, and the metre from there on; a change begins a new bar.
        ppq: Ticks in a beat.

    >>> bars = Bars(Meter(4, 4), [(3840, Meter(3, 4))], ppq=960)
    >>> bars.at(4000).index, bars.count(3840 + 2 * 2880)
    (1, 3.0)
    """

    def __init__(self, meter: Meter, changes: Sequence[tuple[int, Meter]] = (), *, ppq: int) -> None:
        self._starts = [0, *(tick for tick, _ in changes)]
        self._meters = [meter, *(one for _, one in changes)]
        self._lengths = [Fraction(one.numerator * 4 * ppq, one.denominator) for one in self._meters]
        self._firsts = [0]  # number of the first bar under each metre
        for start, following, length in zip(self._starts, self._starts[1:], self._lengths, strict=False):
            self._firsts.append(self._firsts[-1] + ceil((following - start) / length))

    def at(self, tick: float) -> Bar:
        """Give the bar in which a tick of 0 or more lies."""
        place = bisect_right(self._starts, tick) - 1
        return self._bar(place, int((Fraction(tick) - self._starts[place]) // self._lengths[place]))

    def number(self, index: int) -> Bar:
        """Give a bar by its number, from 0."""
        place = bisect_right(self._firsts, index) - 1
        return self._bar(place, index - self._firsts[place])

    def count(self, ticks: float) -> float:
        """Give how many bars so many ticks from the start are."""
        bar = self.at(ticks)
        return float(bar.index + (Fraction(ticks) - bar.start) / bar.length)

    def _bar(self, place: int, number: int) -> Bar:
        length = self._lengths[place]
        start = self._starts[place] + number * length
        if place + 1 < len(self._starts):
            length = min(length, self._starts[place + 1] - start)
        return Bar(self._firsts[place] + number, Fraction(start), length, self._meters[place])
