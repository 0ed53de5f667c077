"""Metre and phrase: where a bar's pulses fall, and how a written sixteenth pattern fits any metre.

Patterns are written for 4/4 as sixteen letters, one a sixteenth: ``X`` accented, ``x`` played, ``o`` soft,
``g`` ghosted, ``r`` two thirty-seconds, ``t`` three in a sixteenth, ``s`` played and slid into the next, ``_`` the
note before is held, ``-`` silence. A bar of another metre takes the four cells of a pattern in an order of its own
and stretches a cell to a pulse of three eighths. Twelve or 24 letters are triplets: three or six to a pulse.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from conduit.band.beats import VELOCITIES
from conduit.band.genre import PLAIN, Genre
from conduit.music.chord import Chord
from conduit.music.meter import Meter
from conduit.music.pulse import pulse_starts, pulses
from conduit.music.scale import Key

__all__ = [
    "STEP",
    "VELOCITIES",
    "Hit",
    "Setting",
    "answer",
    "fit",
    "form",
    "half_way",
    "hits",
    "onsets",
    "rhythm",
    "stretch",
]

STEP = 0.25
"""A sixteenth in beats."""

_CELL = 4
# Which of a 4/4 pattern's four cells the pulses of a bar take, by their number: the first stays the first,
# the back beat (cells 1 and 3) stays late in the bar.
_CELLS = {
    1: (0,),
    2: (0, 1),
    3: (0, 2, 1),
    4: (0, 1, 2, 3),
    5: (0, 1, 2, 2, 3),
    6: (0, 1, 2, 0, 2, 3),
    7: (0, 1, 2, 3, 0, 2, 3),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What a renderer plays in.

    Attributes:
        key: Tonic and scale.
        meter: Time signature.
        bars: Length, 1 or more.
        genre: Facts of the genre.
        styles: Words of style that were asked for, such as ``acid`` or ``sparse``.
        energy: 0 (still) to 1 (full).
        chords: A progression that was asked for, one chord after the other; empty: the genre's.
        take: Which of the genre's progressions; 0 the usual one.
        fills: Whether drums play fills; None: as long as the clip is no shorter than three bars.
    """

    key: Key
    meter: Meter = field(default_factory=Meter)
    bars: int = 4
    genre: Genre = PLAIN
    styles: tuple[str, ...] = ()
    energy: float = 0.55
    chords: tuple[Chord, ...] = ()
    take: int = 0
    fills: bool | None = None

    @property
    def length(self) -> float:
        """Length in beats."""
        return self.bars * self.meter.bar

    @property
    def drive(self) -> float:
        """What velocities are multiplied with: 0.8 (still) to 1.1 (full)."""
        return 0.8 + 0.3 * self.energy


@dataclass(frozen=True, slots=True)
class Hit:
    """One onset of a pattern: its step and length in sixteenths, and its letter."""

    step: int
    length: int
    letter: str


@cache
def fit(row: str, meter: Meter, *, lilt: bool = False) -> str:
    """Fit a pattern of sixteen letters to one bar of a metre.

    Args:
        row: Sixteen letters.
        meter: The metre it is to fill.
        lilt: Stretch a pulse of six as long and short (for kicks and snares); else go on in eighths.

    >>> fit("x-x-x-x-x-x-x-x-", Meter.parse("7/8"))
    'x-x-x-x-x-x-x-'
    """
    lengths = pulses(meter)
    order = _CELLS.get(len(lengths)) or tuple(index % _CELL for index in range(len(lengths)))
    cells = [row[_CELL * index : _CELL * (index + 1)] for index in order]
    return "".join(stretch(cell, length, lilt=lilt) for cell, length in zip(cells, lengths, strict=True))


def stretch(cell: str, length: int, *, lilt: bool = False) -> str:
    """Fit a cell of four letters to a pulse; ``lilt`` as for ``fit``.

    >>> stretch("x-x-", 6), stretch("x-x-", 6, lilt=True)
    ('x-x-x-', 'x---x-')
    """
    if length <= _CELL:
        return cell[:length]
    if not lilt:
        return (cell + cell[2:] * length)[:length]
    first, second, third, fourth = tuple(cell)
    gaps = ["_" if follower == "_" else "-" for follower in (second, third)]
    return (first + gaps[0] + second + gaps[1] + third + fourth).ljust(length, "-")[:length]


@cache
def hits(row: str) -> tuple[Hit, ...]:
    """Give the onsets of a pattern with their lengths.

    >>> [(hit.step, hit.length) for hit in hits("x__-x---")]
    [(0, 3), (4, 1)]
    """
    found = []
    for step, letter in enumerate(row):
        if letter in VELOCITIES:
            tail = row[step + 1 :]
            found.append(Hit(step, 1 + len(tail) - len(tail.lstrip("_")), letter))
    return tuple(found)


@cache
def onsets(row: str, meter: Meter, *, lilt: bool = False) -> tuple[tuple[float, str], ...]:
    """Give the steps and letters of the onsets of a bar's pattern in a metre, rolls written out.

    Args:
        row: 16 letters, or 12 or 24 of triplets.
        meter: The metre it is to fill.
        lilt: As for ``fit``.

    >>> onsets("x--x--------", Meter()), onsets("--r-------------", Meter())
    (((0.0, 'x'), (4.0, 'x')), ((2.0, 'r'), (2.5, 'r')))
    """
    if len(row) == 4 * _CELL:
        found = [(float(hit.step), 1.0, hit.letter) for hit in hits(fit(row, meter, lilt=lilt))]
    else:
        found = list(_triplets(row, meter))
    parts = {"r": 2, "t": 3}
    return tuple(
        (step + size * part / parts.get(letter, 1), letter)
        for step, size, letter in found
        for part in range(parts.get(letter, 1))
    )


def _triplets(row: str, meter: Meter) -> Iterator[tuple[float, float, str]]:
    cell = len(row) // _CELL
    lengths = pulses(meter)
    order = _CELLS.get(len(lengths)) or tuple(index % _CELL for index in range(len(lengths)))
    for start, length, which in zip(pulse_starts(meter), lengths, order, strict=True):
        size = max(length, _CELL) / cell  # the bar may end inside a pulse of less than a quarter
        for place, letter in enumerate(row[cell * which : cell * (which + 1)]):
            if letter in VELOCITIES and place * size < length:
                yield start + place * size, size, letter


def rhythm(row: str, meter: Meter) -> tuple[Hit, ...]:
    """Give the onsets of a pattern in a metre; where it is silent there, one on the downbeat."""
    return hits(fit(row, meter)) or (Hit(0, int(meter.steps), "x"),)


def answer(call: Sequence[Hit], other: Sequence[Hit], meter: Meter) -> list[Hit]:
    """Give the first half of a call, then the second half of another bar.

    >>> [hit.step for hit in answer(hits("X___X___X___X___"), hits("x-------o-o-----"), Meter())]
    [0, 4, 8, 10]
    """
    half = half_way(meter)
    first = [Hit(hit.step, min(hit.length, half - hit.step), hit.letter) for hit in call if hit.step < half]
    return [*first, *(hit for hit in other if hit.step >= half)]


def half_way(meter: Meter) -> int:
    """Give the sixteenth on which the second half of a bar's pulses begins."""
    starts = pulse_starts(meter)
    return starts[len(starts) // 2] or int(meter.steps)


def form(bars: int, shape: str = "ABAC") -> str:
    """Give the form of a clip, one letter a bar: ``A`` the call, ``B`` its answer, ``C`` the turn.

    Args:
        bars: Length, 1 or more.
        shape: The form of a phrase of four bars.

    >>> form(8), form(2), form(1)
    ('ABACABAC', 'AC', 'A')
    """
    if bars == 1:
        return "A"
    return (shape * (bars // 4 + 1))[: bars - 1] + "C"
