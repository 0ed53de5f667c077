"""Scales and keys. A key is its own name: ``Key("Am") == "A minor"``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Self

from conduit.music.modes import SCALES, degrees_of, parent_of, scale_name
from conduit.music.near import UnknownNameError
from conduit.music.pitch import degree_above, foreign_note, pitch_class, pitch_name

__all__ = ["SCALES", "Key"]

_SIGNS = {"sharp": "#", "flat": "b", "♯": "#", "♭": "b", "♯♯": "##", "♭♭": "bb", "𝄪": "##", "𝄫": "bb"}
_KEY = re.compile(
    r"([A-Ga-g](?:##|bb|#|b|♯♯|♭♭|♯|♭|𝄪|𝄫|[\s_-]*sharp\b|[\s_-]*flat\b)?)(?:[\s_-]*(.*))",
    re.DOTALL | re.IGNORECASE,
)
_GERMAN = re.compile(r"([a-h])(is|es|s|)[\s_-]*(dur|moll)")
_USUAL_TONICS = frozenset({"C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"})
_GERMAN_SIGNS = {"": "", "is": "#", "es": "b", "s": "b"}


class Key(str):
    """A tonic and a scale, written as people write it.

    It equals its canonical name, so it prints, compares and serialises as text.

    Attributes:
        tonic: The tonic's name, such as ``F#``.
        scale: The scale's name, a key of ``SCALES``.

    Raises:
        UnknownNameError: The text names no note, or no known scale; a ``ValueError`` whose ``valid`` lists keys
            that come near.

    >>> Key("f#m"), Key("D dorian").pitch_classes
    ('F# minor', (2, 4, 5, 7, 9, 11, 0))
    """

    __slots__ = ("scale", "tonic")
    tonic: str
    scale: str

    def __new__(cls, name: str) -> Self:
        """Read a key in any of its spellings."""
        tonic, scale = _read(name)
        self = super().__new__(cls, f"{tonic} {scale}")
        self.tonic = tonic
        self.scale = scale
        return self

    @classmethod
    def on(cls, root: int, scale: str = "major") -> Self:
        """Give the key on a pitch class, 0-11, its tonic spelled so that the scale needs fewest accidentals.

        >>> Key.on(1), Key.on(1, "minor"), Key.on(6, "dorian"), Key.on(3, "minor")
        ('Db major', 'C# minor', 'F# dorian', 'Eb minor')
        """
        names = (pitch_name(root)[:-2], pitch_name(root, flats=True)[:-2])
        keys = [cls(f"{tonic} {scale}") for tonic in names]
        return min(keys, key=lambda key: (len("".join(key.notes)), key.tonic not in _USUAL_TONICS))

    @property
    def root(self) -> int:
        """The tonic's pitch class, 0-11."""
        return pitch_class(self.tonic)

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """The scale's pitch classes from the tonic up."""
        return _pitch_classes(self.tonic, self.scale)

    @property
    def notes(self) -> tuple[str, ...]:
        """The scale's notes from the tonic up, each with the letter of its degree.

        >>> Key("Eb minor").notes
        ('Eb', 'F', 'Gb', 'Ab', 'Bb', 'Cb', 'Db')
        """
        return tuple(degree_above(self.tonic, degree) for degree in degrees_of(self.scale))

    @property
    def flats(self) -> bool:
        """Whether the key is written with flats."""
        return _is_flat(self.tonic, self.scale)

    def pitch(self, degree: int, *, octave: int) -> int:
        """Give the MIDI pitch of a scale degree.

        Args:
            degree: 0 is the tonic; one more than the scale's last is the tonic an octave up; may be negative.
            octave: Octave of the tonic in Live's numbering, where 3 holds middle C.

        >>> Key("A minor").pitch(0, octave=1), Key("A minor").pitch(-1, octave=1)
        (45, 43)
        """
        steps = SCALES[self.scale]
        octaves, index = divmod(degree, len(steps))
        return (octave + 2 + octaves) * 12 + self.root + steps[index]


@lru_cache(maxsize=1024)
def _read(name: str) -> tuple[str, str]:
    match = _KEY.fullmatch(name.strip())
    if match is None:
        form = "write a note and a scale, such as A minor or F# dorian"
        raise _refusal(f"{name!r} is not a key; {form}", _english(name))
    accidental = re.sub(r"[\s_-]", "", match[1][1:].lower())
    tonic = match[1][0].upper() + _SIGNS.get(accidental, accidental)
    if not match[2].strip():
        return tonic, "major"
    try:
        return tonic, scale_name(match[2])
    except UnknownNameError as error:
        if english := _english(name):
            raise _refusal(f"{name!r} is not written in English", english) from None
        keys = [f"{tonic} {scale}" for scale in error.valid]
        hint = str(error).partition("; ")[2]
        raise UnknownNameError(f"{name!r} has no known scale; {hint}", keys) from None


def _refusal(message: str, english: str | None) -> UnknownNameError:
    hint = f"; did you mean {english}?" if english else ""
    return UnknownNameError(message + hint, [english] if english else [])


def _english(name: str) -> str | None:
    """A key in German, where H is B and B is B flat, or on a sung note; None where it is neither."""
    if german := _GERMAN.fullmatch(name.strip().lower()):
        letter, sign, mode = german.groups()
        tonic = {"h": "B", "b": "Bb"}.get(letter, letter.upper())
        return f"{tonic}{_GERMAN_SIGNS[sign]} {'major' if mode == 'dur' else 'minor'}"
    english = foreign_note(name)
    return english if english and (" " in english or len(english) < 4) else None


@lru_cache(maxsize=1024)
def _pitch_classes(tonic: str, scale: str) -> tuple[int, ...]:
    root = pitch_class(tonic)
    return tuple((root + step) % 12 for step in SCALES[scale])


@lru_cache(maxsize=1024)
def _is_flat(tonic: str, scale: str) -> bool:
    signs = "".join(degree_above(tonic, degree)[1:] for degree in degrees_of(parent_of(scale)))
    return "b" in signs and signs.count("b") >= signs.count("#")
