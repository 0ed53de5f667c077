"""Metre. A beat is a quarter note everywhere, as in Live and in MIDI files."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Meter"]

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
