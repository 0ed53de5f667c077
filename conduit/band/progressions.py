"""Progressions: the chords that genres and modes go round in, and how they are written.

A progression is a line of chords. A digit counts the degrees of the key, and its chord is stacked from the
scale; after it may stand a shape (``5``, ``6``, ``7``, ``9``, ``sus2``, ``sus4``, ``add9``), still of the scale:
``1 6 3 7sus4``. A Roman numeral counts from the major scale of the tonic and names its quality, for chords that
a key borrows or that lead elsewhere: ``VI7`` (the dominant of ii), ``IVm6``, ``bII7``. ``:`` gives the bars
where they are not one: ``2:.5 5:.5 1``. Eight bars are two rounds, of which the first can stand alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from conduit.music.chord import QUALITIES

__all__ = ["MODAL", "PROGRESSIONS", "STATIC", "Change", "read_progression"]

PROGRESSIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "plain": {
        "minor": (
            "1 6 3 7", "1 4 6 7", "1 3 7 4", "1 6 4 5", "1 7 6 7", "6 7 1 1", "1 5 6 4", "1 4 7 3",
            "1 6 3 7 1 6 4 7", "1 7 4 6",
        ),
        "major": (
            "1 5 6 4", "1 6 4 5", "1 3 4 5", "1 4 6 5", "6 4 1 5", "1 2 4 5", "4 5 3 6", "1 5 2 4",
            "1 5 6 3 4 1 4 5", "1 4 2 5",
        ),
    },
    "pop": {
        "minor": ("1 6 3 7", "6 7 1 1", "1 4 6 V", "1 7 6 7", "1 6 7 5", "4 6 1 7", "1 3 7 4 1 3 6 V"),
        "major": (
            "1 5 6 4", "6 4 1 5", "1 3 6 4", "1 4 IVm 1", "1 III 6 4", "1 6 2 5", "4 5 3 6", "1 bVII 4 1",
            "1 5 6 3 4 1 IVm 5",
        ),
    },
    "techno": {
        "minor": ("1 1 1 6", "1 1 4 1", "1 1 7 6", "1 1 6 7", "1:2 6:2", "1 1 1 5", "1:3 7", "1 1 3 4"),
        "major": ("1 1 4 1", "1 1 1 5", "1:2 4:2", "1 1 6 4", "1 1 2 1"),
    },
    "house": {
        "minor": (
            "1 4 7 3", "1 6 4 5", "1 3 4 7", "1 7 6 7", "6 7 1 1", "1 4 1 5", "4 5 1 3", "6 5 1 1",
            "1 4 7 3 6 4 5 5", "4 1 6 7",
        ),
        "major": ("1 6 2 5", "1 3 4 5", "2 5 1 6", "4 3 2 1", "4 5 3 6", "1 2 3 2", "4 1 2 6", "6 2 4 1"),
    },
    "garage": {
        "minor": (
            "1 4 7 3", "1 6 4 5:.5 7:.5", "4 5 1 1", "1 3 6 7:.5 5:.5", "6 7 1 3", "1 1 4 5", "6 5 4 1:.5 7:.5",
        ),
        "major": ("2 5 1 6", "4 3 6 5", "1 3 4 2:.5 5:.5", "4 5 3 6", "6 4 2 5", "1 6 4 3"),
    },
    "dub": {
        "minor": ("1 1 4 1", "1 7 1 7", "1 1 6 7", "1:2 4:2", "1:2 7:2", "1 4 1 5", "1 1 7 4"),
        "major": ("1 4 1 5", "1 1 4 4", "1:2 4:2", "1 2 1 2", "1 4 1 4", "1 1 2 4"),
    },
    "ambient": {
        "minor": (
            "1 6 3 7", "1 4 6 3", "1 7 6 4", "6add9 1 4 7sus4", "1sus2 6 3 7sus4", "4 6 1 7", "1 5 6 3", "6 1 7 4",
        ),
        "major": (
            "1 3 4 6", "1 4 6 4", "4 1 6 5sus4", "1add9 4 2 6", "4 6 1sus2 5sus4", "1 5sus4 2 4", "6 4 1 3",
        ),
    },
    "trance": {
        "minor": (
            "1 6 3 7", "1 6 7 4", "1 3 6 7", "6 7 1 1", "4 6 1 7", "6 4 1 7", "1 7 6 7", "6 7 1 3",
            "1 6 3 7 4 6 7sus4 7", "1 5 6 7",
        ),
        "major": ("1 5 6 4", "1 4 6 5", "6 4 1 5", "4 5 6 6", "4 1 5 6", "1 3 6 4 2 4 5sus4 5"),
    },
    "hiphop": {
        "minor": (
            "1 6 4 5", "1 4 7 3", "1 6 1 7", "4:.5 5:.5 1 6 7", "6 5 1 1", "1 1 6 V7", "1 3 4 V7", "2 V7 1 1",
        ),
        "major": (
            "1 6 2 5", "1 4 2 5", "2 5 1 6", "4 3 2 1", "1 3 6 2:.5 5:.5", "4 IVm6 1 6", "1 III7 6 5:.5 1:.5",
        ),
    },
    "lofi": {
        "minor": (
            "1 4 7 3", "6 5 1 1", "2 V7 1 1", "1 7 6 V7", "4 7 3 6", "1 6 2 V7", "4 V7 1 3:.5 6:.5", "6 7 1 4",
        ),
        "major": (
            "2 5 1 6", "1 6 2 5", "4 3 2 1", "4 3 6 2:.5 5:.5", "1 VI7 2 5", "4 IVm6 3 6", "1 III7 6 4",
            "2 5:.5 bII7:.5 1 VI7", "4 3:.5 VI7:.5 2 5",
        ),
    },
    "jazz": {
        "minor": (
            "2 V7 1 1", "1 6 2 V7", "4 7 3 6 2 V7 1 1", "2 V7 1 4:.5 V7:.5", "2 bII7 1 1", "1 4 2 V7",
            "1:.5 6:.5 2:.5 V7:.5 1 V7", "1 7 6 V7", "2 V7 1 6 2 bII7 1 V7", "1 2:.5 V7:.5 1 6:.5 V7:.5",
            "1 6 2 V7 1 I7 4 V7", "1 4 2:.5 V7:.5 1", "1:.5 6:.5 2:.5 V7:.5 1:.5 4:.5 2:.5 V7:.5",
        ),
        "major": (
            "2 5 1 6", "1 6 2 5", "3 6 2:.5 5:.5 1", "1 VI7 2 5", "2 5 1 VI7", "2 bII7 1 VI7", "1 #Idim7 2 5",
            "1:.5 6:.5 2:.5 5:.5 3:.5 VI7:.5 2:.5 5:.5", "2 5 1 1 IVm7 bVII7 1 VI7", "3 VI7 2:.5 bII7:.5 1",
            "1 I7 4 IVm6 3 VI7 2 5", "#IVm7b5 VII7 3 VI7 2 5 1 1", "2:.5 5:.5 1 3:.5 VI7:.5 2:.5 5:.5",
        ),
    },
    "funk": {
        "minor": (
            "1 IV9 1 IV9", "1 1 1 1", "1 1 IV9 1", "1 1 1 IV9", "1 7 1 4", "1:1.5 IV9:.5 1:1.5 7:.5", "1 3 4 1",
        ),
        "major": (
            "I9 I9 I9 I9", "I9 IV9 I9 IV9", "I9 I9 IV9 I9", "I9 I9 I9 V9:.5 IV9:.5", "I9:1.5 IV9:.5 I9:1.5 IV9:.5",
            "I13 I13 IV9 V9",
        ),
    },
    "drum and bass": {
        "minor": ("1 6 3 7", "1 6 4 5", "1 4 6 7", "6 7 1 1", "1 3 6 4", "4 6 1 5", "1 5 4 6"),
        "major": ("1 5 6 4", "4 1 2 6", "1 3 4 6", "6 4 1 5", "2 4 1 5", "4 5 6 3"),
    },
    "dark": {
        "minor": ("1 1 6 5", "1 6 1 7", "1 6 5 1", "1 1 6 V", "1 1 4 6", "1 3 6 V", "6 1 5 1", "1 7 6 6"),
        "major": ("1 4 1 5", "1 6 4 4", "1 1 6 4", "1 3 6 4"),
    },
    "idm": {
        "minor": (
            "1 5 4 6", "6add9 5 1 4", "4 7sus2 1 6", "1sus2 3 6 4", "1 6 5sus4 3", "6 3add9 4 1", "1 2:.5 4:.5 6 5",
        ),
        "major": ("1add9 3 6 4", "4 1sus2 6 3", "2 4 6 1add9", "1 5sus2 4 6", "6 3 4add9 2", "3 4 1 5sus4"),
    },
}  # fmt: skip
"""By the name a genre gives, and whether the third of its key is minor or major."""

MODAL: dict[str, tuple[str, ...]] = {
    "dorian": ("1 4 1 4", "1 4 7 4", "1 2 3 4", "1:2 4:2", "1 7 4 1", "1 3 4 2", "1 2 1 4"),
    "phrygian": ("1 2 1 2", "1 2 3 2", "1 6 2 1", "1:2 2:2", "1 7 2 1", "1 3 2 1"),
    "lydian": ("1 2 1 2", "1 2 6 2", "1 5 2 1", "1:2 2:2", "6 2 1 1", "1 3 2 6"),
    "mixolydian": ("1 7 4 1", "1 4 7 4", "1 7 1 7", "1:2 7:2", "1 5 7 4", "1 2 7 4"),
    "locrian": ("1 2 1 5", "1 5 2 1", "1:2 2:2"),
    "phrygian dominant": ("1 2 1 2", "1 4 2 1", "1 7 2 1", "1:2 2:2", "1 4 1 7"),
    "harmonic minor": ("1 4 5 1", "1 6 4 5", "1 1 4 5", "1 6 2 5", "1 5 1 5", "6 5 1 1"),
    "melodic minor": ("1 4 1 5", "1 2 5 1", "1 4 5 1", "1:2 4:2"),
    "minor pentatonic": ("1 2 1 5", "1 5 2 3", "1 4 5 1", "1:2 5:2"),
    "major pentatonic": ("1 5 1 4", "1 5 4 3", "1 4 5 1", "1:2 5:2"),
    "blues": ("I7 IV7 I7 V7", "I7 I7 IV7 I7", "I7 IV7 I7 I7", "I7:2 IV7:2", "I7 IV7 V7 IV7"),
    "whole tone": ("1 2 1 2", "1 3 2 1", "1:2 2:2"),
}
"""Modes have a sound of their own, which one chord beside the tonic gives away."""

STATIC = ("1 1 4 1", "1 4 1 5", "1 2 1 4", "1:2 4:2")
"""For scales that have no progressions of their own."""

_SHAPES: dict[str, tuple[int, ...]] = {
    "5": (0, 4), "6": (0, 2, 4, 5), "7": (0, 2, 4, 6), "9": (0, 2, 4, 6, 8), "sus2": (0, 1, 4),
    "sus4": (0, 3, 4), "7sus4": (0, 3, 4, 6), "7sus2": (0, 1, 4, 6), "add9": (0, 2, 4, 8),
}  # fmt: skip
_NUMERALS = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_ACCIDENTALS = {"": 0, "b": -1, "#": 1}
_DEGREE = re.compile(r"([1-7])(.*)")
_CHROMATIC = re.compile(r"([b#]?)(VII|VI|IV|V|III|II|I)(.*)")


@dataclass(frozen=True, slots=True)
class Change:
    """One chord of a progression.

    Attributes:
        bars: How long it lasts.
        degree: Degree of the key from 0; -1 where the chord is not of the key.
        shape: Degrees above it that sound; empty: thirds, as many as the genre has.
        root: Semitones above the tonic, where it is not of the key.
        tones: Semitones above its root, where it is not of the key.
    """

    bars: float
    degree: int = -1
    shape: tuple[int, ...] = ()
    root: int = 0
    tones: tuple[int, ...] = ()


@cache
def read_progression(text: str) -> tuple[Change, ...]:
    """Read a progression.

    Raises:
        ValueError: A chord of it cannot be read.

    >>> [change.degree for change in read_progression("1 6 4 V7")]
    [0, 5, 3, -1]
    """
    return tuple(_read_change(word) for word in text.split())


def _read_change(word: str) -> Change:
    symbol, _, bars = word.partition(":")
    length = float(bars or 1)
    if match := _DEGREE.fullmatch(symbol):
        if match[2] in {"", *_SHAPES}:
            return Change(length, degree=int(match[1]) - 1, shape=_SHAPES.get(match[2], ()))
    elif (match := _CHROMATIC.fullmatch(symbol)) and match[3] in QUALITIES:
        root = (_NUMERALS[match[2]] + _ACCIDENTALS[match[1]]) % 12
        return Change(length, root=root, tones=QUALITIES[match[3]])
    raise ValueError(f"{word!r} is no chord of a progression: write a degree or a numeral, such as 4 or VI7")
