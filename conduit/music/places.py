"""Where in a bar something is, and how long, in the words of a clip text.

A place is a step of the bar from 1 (``3``, ``2.5``), ticks after the bar's start (``+616``), or ticks after a step
(``3+37``); a length is steps (``/2``), ticks (``+71``) or both. A step is a sixteenth note. Two decimals that stand
for a third of a step are exactly that: ``2.33`` is 2 1/3.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import NamedTuple

from conduit.errors import ClipError
from conduit.music.meter import Bar

__all__ = [
    "DIGITS",
    "LONGEST_WORD",
    "NUMBER",
    "Offset",
    "a_step",
    "length_text",
    "number",
    "place_text",
    "read_length",
    "read_place",
    "steps_text",
]

LONGEST_WORD = 256
"""Characters of the longest word that is read."""

DIGITS = rf"[0-9]{{1,{LONGEST_WORD}}}"
"""A whole number as a pattern: ASCII, and so short that ``int`` and ``float`` take every match."""

NUMBER = rf"{DIGITS}(?:\.{DIGITS})?"
"""A number with or without decimals, as a pattern."""

_PLACE = re.compile(rf"({NUMBER})?(?:\+({DIGITS}))?")
_PARTS = {"33": 1 / 3, "67": 2 / 3}
_DECIMALS = {
    Fraction(numerator, denominator): text
    for (numerator, denominator), text in {
        (0, 1): "", (1, 2): ".5", (1, 4): ".25", (3, 4): ".75",
        (1, 3): ".33", (2, 3): ".67",
    }.items()
}  # fmt: skip
"""Parts of a step that are written as decimals; whatever else is off the grid is written in ticks."""

PLACE_FORM = "a step such as 3 or 2.5, or ticks after the bar's start such as +616"


class Offset(NamedTuple):
    """How far from a bar's start something lies.

    Attributes:
        ticks: From there on, 0 or more.
        whole: Whether they count from the last whole tick at or before the start, which need not be on one.
    """

    ticks: float
    whole: bool

    def tick(self, bar: Bar, ppq: int) -> int:
        """Give the tick in the clip.

        Raises:
            ClipError: It lies outside the bar; the error says which steps there are.
        """
        start, length = _plain(bar.start), _plain(bar.length)
        begin = floor(start) if self.whole else start
        if self.ticks >= 0 and begin + self.ticks < start + length:
            return round(begin + self.ticks)
        if self.whole:
            last = ceil(bar.start + bar.length) - floor(bar.start) - 1
            raise _outside(f"tick +{self.ticks}", bar, "ticks", f"+0 to +{last}")
        steps = f"1 to {float(bar.length * 4 / ppq):g}"
        raise _outside(f"step {1 + self.ticks * 4 / ppq:g}", bar, "steps", steps)


def _plain(value: Fraction) -> Fraction | int:
    """Give a whole number as one: nearly every bar begins on a tick, and fractions are slow."""
    return value.numerator if value.denominator == 1 else value


def _outside(what: str, bar: Bar, unit: str, valid: str) -> ClipError:
    return ClipError(f"{what} is outside a bar of {bar.meter} ({unit} {valid})", valid=[valid])


def a_step(ppq: int) -> int:
    """Give the ticks of a step, one at the least."""
    return max(1, round(ppq / 4))


def number(text: str) -> float:
    """Read a number that matches ``NUMBER``; thirds are exact.

    >>> number("2.5"), number("1.33") * 3
    (2.5, 4.0)
    """
    whole, _, part = text.partition(".")
    return int(whole) + _PARTS[part] if part in _PARTS else float(text)


@lru_cache(maxsize=4096)
def read_place(text: str, ppq: int) -> Offset:
    """Read a place in a bar.

    Raises:
        ValueError: It is none.
    """
    match = _PLACE.fullmatch(text)
    if match is None or not text:
        raise ValueError(f"{text!r} is not a place in a bar: write {PLACE_FORM}")
    ticks = int(match[2] or 0)
    if match[1] is None:
        return Offset(ticks, whole=True)
    return Offset((number(match[1]) - 1) * ppq / 4 + ticks, whole=False)


def read_length(steps: str | None, ticks: str | None, ppq: int) -> int:
    """Give the ticks of a length in steps, in ticks or in both; one at the least, so that rounding loses none."""
    total = (number(steps) * ppq / 4 if steps else 0) + int(ticks or 0)
    return max(1, round(total)) if total else 0


def steps_text(ticks: Fraction | int, ppq: int) -> str | None:
    """Write ticks in steps, or give None where they are not in the table of simple parts of one.

    >>> steps_text(320, 960), steps_text(37, 960)
    ('1.33', None)
    """
    steps = Fraction(ticks) * 4 / ppq
    whole = steps.numerator // steps.denominator
    part = _DECIMALS.get(steps - whole)
    return None if part is None else f"{whole}{part}"


def place_text(ppq: int) -> Callable[[Bar, int], str]:
    """Make what writes the place of a tick in a bar of a clip; it remembers what it has written."""
    written: dict[tuple[int, int, int], str] = {}

    def text(bar: Bar, tick: int) -> str:
        over, parts = bar.start.numerator, bar.start.denominator
        base = over // parts
        key = (tick - base, over - base * parts, parts)
        if key not in written:
            steps = steps_text(tick - bar.start + Fraction(ppq, 4), ppq)
            written[key] = f"+{tick - base}" if steps is None else steps
        return written[key]

    return text


def length_text(ppq: int) -> Callable[[int], str]:
    """Make what writes a length of a clip, mark included; it remembers what it has written."""
    written: dict[int, str] = {}

    def text(ticks: int) -> str:
        if ticks not in written:
            steps = steps_text(ticks, ppq)
            written[ticks] = f"+{ticks}" if steps is None else f"/{steps}"
        return written[ticks]

    return text
