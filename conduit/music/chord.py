"""Chords: their grammar, and chords of a key by Roman numeral.

A chord is a root, a quality and perhaps another bass: ``Am7``, ``F#m7b5``, ``Cmaj9/E``. The table of qualities
is all there is; what it does not have is refused with the nearest that it has.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from conduit.errors import ClipError
from conduit.music.pitch import pitch_class, pitch_name
from conduit.music.scale import Key

__all__ = ["QUALITIES", "Chord", "roman"]

QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "dim": (0, 3, 6),
    "dim7": (0, 3, 6, 9),
    "m7b5": (0, 3, 6, 10),
    "aug": (0, 4, 8),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "5": (0, 7),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "6/9": (0, 4, 7, 9, 14),
    "add9": (0, 4, 7, 14),
    "madd9": (0, 3, 7, 14),
    "9": (0, 4, 7, 10, 14),
    "maj9": (0, 4, 7, 11, 14),
    "m9": (0, 3, 7, 10, 14),
    "mmaj7": (0, 3, 7, 11),
    "aug7": (0, 4, 8, 10),
    "7sus4": (0, 5, 7, 10),
    "9sus4": (0, 5, 7, 10, 14),
    "7b5": (0, 4, 6, 10),
    "7b9": (0, 4, 7, 10, 13),
    "7#9": (0, 4, 7, 10, 15),
    "m7b9": (0, 3, 7, 10, 13),
    "m9b5": (0, 3, 6, 10, 14),
    "maj7#11": (0, 4, 7, 11, 18),
    "augmaj7": (0, 4, 8, 11),
    "11": (0, 4, 7, 10, 14, 17),
    "m11": (0, 3, 7, 10, 14, 17),
    "13": (0, 4, 7, 10, 14, 21),
    "maj13": (0, 4, 7, 11, 14, 21),
    "m13": (0, 3, 7, 10, 14, 21),
}
"""Semitones above the root, by the quality's shortest usual spelling."""

_ALIASES = {
    "maj": "", "M": "", "min": "m", "-": "m", "min7": "m7", "-7": "m7", "dom7": "7", "M7": "maj7", "Δ": "maj7",
    "Δ7": "maj7", "j7": "maj7", "°": "dim", "o": "dim", "°7": "dim7", "o7": "dim7", "ø": "m7b5", "ø7": "m7b5",
    "min7b5": "m7b5", "-7b5": "m7b5", "m7(b5)": "m7b5", "+": "aug", "+7": "aug7", "7#5": "aug7", "sus": "sus4",
    "7sus": "7sus4", "9sus": "9sus4", "min6": "m6", "69": "6/9", "2": "add9", "add2": "add9", "min9": "m9",
    "-9": "m9", "M9": "maj9", "min11": "m11", "M13": "maj13", "min13": "m13", "mM7": "mmaj7", "minmaj7": "mmaj7",
    "m(maj7)": "mmaj7",
}  # fmt: skip
_CHORD = re.compile(r"([A-G](?:#|b|♯|♭)?)(.*?)(?:/([A-G](?:#|b|♯|♭)?))?")
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
_ROMAN = re.compile(r"([b#]?)(VII|VI|IV|V|III|II|I)(.*)", re.IGNORECASE)
_DIATONIC_MAJOR = (0, 2, 4, 5, 7, 9, 11)


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord by pitch classes.

    Args:
        root: Pitch class of the root, 0-11.
        quality: A key of ``QUALITIES``.
        bass: Pitch class of the lowest note where it is not the root.

    >>> Chord.parse("Am7").name, Chord.parse("C/E").pitch_classes
    ('Am7', (0, 4, 7))
    """

    root: int
    quality: str = ""
    bass: int | None = None

    @classmethod
    def parse(cls, text: str) -> Chord:
        """Read a chord symbol.

        Raises:
            ClipError: It is none that the table has; ``valid`` lists the nearest, else every quality.
        """
        match = _CHORD.fullmatch(text.strip())
        if match is None:
            raise ClipError(
                f"{text!r} is not a chord; write a root A to G and a quality, such as Am7 or F#m7b5",
                valid=list(QUALITIES),
            )
        quality = _ALIASES.get(match[2], match[2])
        if quality not in QUALITIES:
            near = difflib.get_close_matches(match[2], [*QUALITIES, *_ALIASES], n=4, cutoff=0.5)
            valid = [match[1] + name for name in near or QUALITIES]
            raise ClipError(
                f"{text!r} has no known quality; did you mean {', '.join(valid[:6])}?", valid=valid
            )
        return cls(pitch_class(match[1]), quality, pitch_class(match[3]) if match[3] else None)

    @classmethod
    def of(cls, pitch_classes: tuple[int, ...]) -> Chord | None:
        """Name the chord of these pitch classes, the first being the root; None where it has no name."""
        root = pitch_classes[0]
        wanted = sorted((pc - root) % 12 for pc in pitch_classes)
        for quality, intervals in QUALITIES.items():
            if sorted(step % 12 for step in intervals) == wanted:
                return cls(root, quality)
        return None

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """The chord's pitch classes, the root first."""
        return tuple((self.root + step) % 12 for step in QUALITIES[self.quality])

    @property
    def name(self) -> str:
        """The chord's symbol, with sharps."""
        return self.spelled()

    def spelled(self, *, flats: bool = False) -> str:
        """Give the chord's symbol.

        >>> Chord(10, "maj7").spelled(flats=True)
        'Bbmaj7'
        """
        names = [pitch_name(pc, flats=flats)[:-2] for pc in (self.root, self.bass) if pc is not None]
        return names[0] + self.quality + "".join("/" + name for name in names[1:])


def roman(text: str, *, key: Key) -> Chord:
    """Give the chord of a Roman numeral in a key.

    The numeral counts the key's own degrees (VI of A minor is F); ``b`` and ``#`` count from the major scale.
    Capital letters are major, small ones minor; a quality may follow: ``ii7``, ``V7``, ``bVIImaj7``.

    Raises:
        ClipError: It is no numeral, or its quality is unknown.

    >>> [roman(numeral, key=Key("C major")).name for numeral in ("ii7", "V7", "Imaj7", "bVII")]
    ['Dm7', 'G7', 'Cmaj7', 'A#']
    """
    match = _ROMAN.fullmatch(text.strip())
    if match is None:
        raise ClipError(f"{text!r} is not a Roman numeral; write I to VII, such as ii7 or bVII")
    accidental, numeral, quality = match[1], match[2], match[3]
    degree = _NUMERALS.index(numeral.upper())
    classes = key.pitch_classes
    if accidental or len(classes) != len(_NUMERALS):
        root = key.root + _DIATONIC_MAJOR[degree] + {"": 0, "b": -1, "#": 1}[accidental]
    else:
        root = classes[degree]
    minor = "m" if numeral.islower() and not quality.startswith(("m", "dim", "°", "ø", "o")) else ""
    return Chord.parse(pitch_name(root % 12)[:-2] + minor + quality)
