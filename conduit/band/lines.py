"""Lines: how the bass of a genre goes, as rhythms and the tones that they play.

A rhythm is written as ``phrase`` reads it, a bar or several of sixteen letters. Under each letter that sounds may
stand its tone: ``1`` the root, ``8`` its octave, ``0`` the octave below, ``3`` and ``5`` of the chord, ``2 4 6``
of the key above the root, ``7`` the note of the key below it, ``l`` the fifth below, ``a`` and ``d`` the notes of
the key below and above the next root, ``.`` whatever the genre likes.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PLAIN_BASS", "TONES", "Bass", "Line"]

TONES: dict[str, str] = {
    "0": "sub",
    "1": "root",
    "2": "second",
    "3": "third",
    "4": "fourth",
    "5": "fifth",
    "6": "sixth",
    "7": "seventh",
    "8": "octave",
    "a": "below",
    "d": "above",
    "l": "low fifth",
}
"""Tones by the letter that stands for them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A rhythm and its tones, a text a bar each; a tone of ``.`` is free."""

    rhythm: tuple[str, ...]
    tones: tuple[str, ...]

    @classmethod
    def of(cls, rhythm: str, tones: str = "") -> Line:
        """Make one of bars with ``|`` between.

        >>> Line.of("X---|x---").tones
        ('....', '....')
        """
        bars = tuple(rhythm.replace(" ", "").split("|"))
        named = tuple(tones.replace(" ", "").split("|")) if tones else tuple("." * len(bar) for bar in bars)
        return cls(bars, named)


@dataclass(frozen=True, slots=True)
class Bass:
    """The bass of a genre.

    Attributes:
        lines: What a seed takes one of, and answers with another.
        tones: What a free tone may be, with likelihoods.
        low: Lowest root as a MIDI pitch; roots lie in the octave and a third above.
        gate: How much of its length a note sounds.
        pedal: Whether it stays on the tonic when chords change.
        slide: Sixteenths by which a slid note sounds into the next.
        lock: How likely notes that are near a kick move to it, 0-1.
        walk: Whether it walks: each note as near the one before as can be, chords reached by a half step.
    """

    lines: tuple[Line, ...]
    tones: tuple[tuple[str, float], ...]
    low: int = 31
    gate: float = 0.9
    pedal: bool = False
    slide: float = 0.4
    lock: float = 0.0
    walk: bool = False


PLAIN_BASS = Bass(
    (
        Line.of("X__-x---X__-x-x-", "1...1...1...5.7."),
        Line.of("X_x---x_X---x_x-", "1.1...8.1...5.7."),
        Line.of("X__-x_--x__-x-o-"),
        Line.of("X_____x_X_____x_", "1.....5.1.....a."),
        Line.of("X_x_X_x_X_x_X_x_", "1.1.1.5.1.1.8.7."),
        Line.of("X__x__x_X__-x_x_", "1..1..5.1...3.5."),
    ),
    (("root", 0.45), ("octave", 0.15), ("fifth", 0.2), ("seventh", 0.1), ("third", 0.1)),
)
"""What plays where no genre is named."""
