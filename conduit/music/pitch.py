"""Pitch names. 60 is C3, as in Live's window; most other software calls it C4."""

from __future__ import annotations

import re

__all__ = ["NATURALS", "parse_pitch", "pitch_class", "pitch_name"]

NATURALS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTALS = {"": 0, "#": 1, "##": 2, "b": -1, "bb": -2, "♯": 1, "♭": -1}
_SHARP_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLAT_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_PITCH = re.compile(r"([A-Ga-g])(##|bb|#|b|♯|♭|)(-?\d)", re.ASCII)
_CLASS = re.compile(r"([A-Ga-g])(##|bb|#|b|♯|♭|)")
_LIVE_OCTAVE_OF_0 = -2
MAX_PITCH = 127


def pitch_class(name: str) -> int:
    """Give the pitch class, 0 (C) to 11 (B), of a letter with an optional accidental.

    Raises:
        ValueError: The name is not a letter A-G with at most a double accidental.

    >>> pitch_class("Bb")
    10
    """
    match = _CLASS.fullmatch(name.strip())
    if match is None:
        raise ValueError(f"{name!r} is not a note; a note is A to G with an optional # or b, such as F#")
    return (NATURALS[match[1].upper()] + _ACCIDENTALS[match[2]]) % 12


def parse_pitch(name: str) -> int:
    """Give the MIDI pitch of a name (60 is C3) or of a number in digits.

    Raises:
        ValueError: It is neither, or lies outside 0-127 (C-2 to G8).

    >>> parse_pitch("A1"), parse_pitch("C3"), parse_pitch("45")
    (45, 60, 45)
    """
    text = name.strip()
    if text.isascii() and text.isdecimal():
        pitch = int(text)
    else:
        match = _PITCH.fullmatch(text)
        if match is None:
            raise ValueError(f"{name!r} is not a pitch; write a name such as A1 or F#2, or a number 0-127")
        octave = int(match[3]) - _LIVE_OCTAVE_OF_0
        pitch = octave * 12 + NATURALS[match[1].upper()] + _ACCIDENTALS[match[2]]
    if not 0 <= pitch <= MAX_PITCH:
        raise ValueError(f"pitch {name!r} is outside 0-127 (C-2 to G8)")
    return pitch


def pitch_name(pitch: int, *, flats: bool = False) -> str:
    """Name a MIDI pitch as Live does.

    >>> pitch_name(60), pitch_name(45), pitch_name(70, flats=True)
    ('C3', 'A1', 'Bb3')
    """
    names = _FLAT_NAMES if flats else _SHARP_NAMES
    return f"{names[pitch % 12]}{pitch // 12 + _LIVE_OCTAVE_OF_0}"
