"""Scales and keys. A key is its own name: ``Key("Am") == "A minor"``."""

from __future__ import annotations

import re
from typing import Self

from conduit.music.pitch import pitch_class

__all__ = ["SCALES", "Key"]

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic minor": (0, 2, 3, 5, 7, 9, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "major pentatonic": (0, 2, 4, 7, 9),
    "blues": (0, 3, 5, 6, 7, 10),
    "whole tone": (0, 2, 4, 6, 8, 10),
}
"""Semitones above the tonic, ascending. ``minor`` is the natural minor."""

_SHORT = {
    "": "major",
    "m": "minor",
    "maj": "major",
    "min": "minor",
    "ionian": "major",
    "aeolian": "minor",
    "natural minor": "minor",
    "pentatonic": "minor pentatonic",
}
_ACCIDENTALS = {"sharp": "#", "flat": "b", "♯": "#", "♭": "b"}
_KEY = re.compile(
    r"([A-Ga-g](?:##|bb|#|b|♯|♭|[\s_-]*sharp|[\s_-]*flat)?)[\s_-]*(.*)", re.DOTALL | re.IGNORECASE
)
_TO_RELATIVE_MAJOR = {
    "minor": 3,
    "harmonic minor": 3,
    "melodic minor": 3,
    "minor pentatonic": 3,
    "blues": 3,
    "dorian": 10,
    "phrygian": 8,
    "lydian": 7,
    "mixolydian": 5,
    "locrian": 1,
    "phrygian dominant": 8,
}
"""Semitones from a scale's tonic up to the major key whose signature it is written in."""
_FLAT_MAJORS = frozenset(map(pitch_class, ("F", "Bb", "Eb", "Ab", "Db", "Gb")))


class Key(str):
    """A tonic and a scale, written as people write it.

    It equals its canonical name, so it prints, compares and serialises as text.

    Attributes:
        tonic: The tonic's name, such as ``F#``.
        scale: The scale's name, a key of ``SCALES``.

    Raises:
        ValueError: The text names no note, or no known scale; the message lists the scales.

    >>> Key("f#m"), Key("D dorian").pitch_classes
    ('F# minor', (2, 4, 5, 7, 9, 11, 0))
    """

    __slots__ = ("scale", "tonic")
    tonic: str
    scale: str

    def __new__(cls, name: str) -> Self:
        """Read a key in any of its spellings."""
        match = _KEY.fullmatch(name.strip())
        if match is None:
            raise ValueError(f"{name!r} is not a key; write a note and a scale, such as A minor or F# dorian")
        accidental = re.sub(r"[\s_-]", "", match[1][1:].lower())
        tonic = match[1][0].upper() + _ACCIDENTALS.get(accidental, accidental)
        wanted = " ".join(re.split(r"[\s_-]+", match[2].strip()))
        scale = "major" if wanted == "M" else _SHORT.get(wanted.lower(), wanted.lower())
        if scale not in SCALES:
            raise ValueError(f"{name!r} has no known scale; the scales are {', '.join(SCALES)}")
        self = super().__new__(cls, f"{tonic} {scale}")
        self.tonic = tonic
        self.scale = scale
        return self

    @property
    def root(self) -> int:
        """The tonic's pitch class, 0-11."""
        return pitch_class(self.tonic)

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """The scale's pitch classes from the tonic up."""
        return tuple((self.root + step) % 12 for step in SCALES[self.scale])

    @property
    def flats(self) -> bool:
        """Whether the key is written with flats."""
        relative = (self.root + _TO_RELATIVE_MAJOR.get(self.scale, 0)) % 12
        return "b" in self.tonic or ("#" not in self.tonic and relative in _FLAT_MAJORS)

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
