"""Pitch names. 60 is C3, as in Live's window; most other software calls it C4."""

from __future__ import annotations

import re
from functools import lru_cache

from conduit.music.near import UnknownNameError

__all__ = ["NATURALS", "degree_above", "foreign_note", "parse_pitch", "pitch_class", "pitch_name"]

NATURALS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS = {
    "": 0, "♮": 0, "#": 1, "♯": 1, "b": -1, "♭": -1,
    "##": 2, "♯♯": 2, "x": 2, "𝄪": 2, "bb": -2, "♭♭": -2, "𝄫": -2,
}  # fmt: skip
"""Semitones of every accidental."""

ACCIDENTAL = "|".join(sorted(ACCIDENTALS, key=lambda sign: (-len(sign), sign)))
"""A pattern for an accidental, or none."""

MAX_PITCH = 127
_SHARP_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLAT_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_PITCH = re.compile(rf"([A-Ga-g])({ACCIDENTAL})(-?\d)", re.ASCII)
_CLASS = re.compile(rf"([A-Ga-g])({ACCIDENTAL})")
_DEGREE = re.compile(r"(##|#|bb|b|)(\d{1,2})")
_LIVE_OCTAVE_OF_0 = -2
_LETTERS = "CDEFGAB"
_MAJOR = (0, 2, 4, 5, 7, 9, 11)

_GERMAN = re.compile(r"([A-Ha-h])(is|es|s|)((?![a-ln-z]).*)", re.DOTALL)
_GERMAN_ENDS = {"is": "#", "es": "b", "s": "b", "": ""}
_SOLFEGE = {
    "do": "C",
    "re": "D",
    "ré": "D",
    "mi": "E",
    "fa": "F",
    "sol": "G",
    "la": "A",
    "si": "B",
    "ti": "B",
}
_SUNG = re.compile(rf"({'|'.join(_SOLFEGE)})([#b♯♭]?)((?![a-z]).*)", re.DOTALL | re.IGNORECASE)


@lru_cache(maxsize=2048)
def pitch_class(name: str) -> int:
    """Give the pitch class, 0 (C) to 11 (B), of a letter with an optional accidental.

    Raises:
        UnknownNameError: The name is not a letter A-G with at most a double accidental; a ``ValueError``.

    >>> pitch_class("Bb"), pitch_class("F##"), pitch_class("B𝄫")
    (10, 7, 9)
    """
    match = _CLASS.fullmatch(name.strip())
    if match is None:
        message = f"{name!r} is not a note; a note is A to G with an optional # or b, such as F#"
        raise _unknown(message, name)
    return (NATURALS[match[1].upper()] + ACCIDENTALS[match[2]]) % 12


@lru_cache(maxsize=2048)
def parse_pitch(name: str) -> int:
    """Give the MIDI pitch of a name (60 is C3) or of a number in digits.

    Raises:
        UnknownNameError: It is neither; a ``ValueError``. German H is refused, never taken for something else.
        ValueError: It lies outside 0-127 (C-2 to G8).

    >>> parse_pitch("A1"), parse_pitch("C3"), parse_pitch("Fx2"), parse_pitch("45")
    (45, 60, 55, 45)
    """
    text = name.strip()
    if text.isascii() and text.isdecimal():
        pitch = int(text)
    else:
        match = _PITCH.fullmatch(text)
        if match is None:
            message = f"{name!r} is not a pitch; write a name such as A1 or F#2, or a number 0-127"
            raise _unknown(message, name)
        octave = int(match[3]) - _LIVE_OCTAVE_OF_0
        pitch = octave * 12 + NATURALS[match[1].upper()] + ACCIDENTALS[match[2]]
    if not 0 <= pitch <= MAX_PITCH:
        raise ValueError(f"pitch {name!r} is outside 0-127 (C-2 to G8)")
    return pitch


def _unknown(message: str, name: str) -> UnknownNameError:
    english = foreign_note(name)
    if english is None:
        return UnknownNameError(message)
    return UnknownNameError(f"{message} ({english} in English)", [english])


def foreign_note(text: str) -> str | None:
    """Give the English spelling where a text begins with a German or sung note, else None; what follows stays.

    >>> foreign_note("H"), foreign_note("Fis2"), foreign_note("Hm7"), foreign_note("sol#1"), foreign_note("C")
    ('B', 'F#2', 'Bm7', 'G#1', None)
    """
    text = text.strip()
    if sung := _SUNG.fullmatch(text):
        return _SOLFEGE[sung[1].lower()] + sung[2] + sung[3]
    match = _GERMAN.fullmatch(text)
    if match is None or (not match[2] and match[1] not in "Hh"):
        return None
    letter = match[1].upper()
    if match[2] == "s" and letter not in "AE":
        return None
    return ("B" if letter == "H" else letter) + _GERMAN_ENDS[match[2]] + match[3]


def pitch_name(pitch: int, *, flats: bool = False) -> str:
    """Name a MIDI pitch as Live does. ``spelling.spell`` names it as a key has it.

    >>> pitch_name(60), pitch_name(45), pitch_name(70, flats=True)
    ('C3', 'A1', 'Bb3')
    """
    names = _FLAT_NAMES if flats else _SHARP_NAMES
    return f"{names[pitch % 12]}{pitch // 12 + _LIVE_OCTAVE_OF_0}"


@lru_cache(maxsize=4096)
def degree_above(root: str, degree: str) -> str:
    """Name the note that stands a degree above another, with the letter that the degree has.

    Degrees count in the major scale of the root: ``b3`` is the minor third, ``#11`` the raised eleventh. A note
    that would need more than a double accidental gets its plainest name.

    >>> degree_above("Eb", "b3"), degree_above("G#", "7"), degree_above("C", "bb7")
    ('Gb', 'F##', 'Bbb')
    """
    match = _DEGREE.fullmatch(degree)
    if match is None or int(match[2]) == 0:
        raise ValueError(f"{degree!r} is not a degree; write a number from 1 with # or b, such as b3 or #11")
    step = int(match[2]) - 1
    wanted = (pitch_class(root) + _MAJOR[step % 7] + ACCIDENTALS[match[1]]) % 12
    letter = _LETTERS[(_LETTERS.index(root[0].upper()) + step) % 7]
    sharps = (wanted - NATURALS[letter] + 6) % 12 - 6
    if abs(sharps) > 2:
        return (_SHARP_NAMES if sharps > 0 else _FLAT_NAMES)[wanted]
    return letter + ("#" * sharps if sharps > 0 else "b" * -sharps)
