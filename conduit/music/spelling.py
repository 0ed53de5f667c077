"""Spelling: which letter a pitch has in a key.

A note of the scale has the letter of its degree. Any other note is spelled as in the harmonic chromatic scale
(ABRSM, *The AB Guide to Music Theory*, I §16): lowered second, third, sixth and seventh, raised fourth, and in
minor keys the natural third, sixth and leading note. Every name reads back as its pitch.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest

from conduit.music.modes import SCALES, degrees_of
from conduit.music.pitch import ACCIDENTALS, NATURALS, degree_above, pitch_name
from conduit.music.scale import Key

__all__ = ["names_in", "spell", "spell_line", "with_octave"]

_CHROMATIC = ("1", "b2", "2", "b3", "3", "4", "#4", "5", "b6", "6", "b7", "7")
_LETTERS = "CDEFGAB"


@lru_cache(maxsize=1024)
def names_in(key: Key) -> tuple[str, ...]:
    """Give the names of the pitch classes 0 (C) to 11 (B) in a key.

    >>> names_in(Key("F minor"))
    ('C', 'Db', 'D', 'Eb', 'E', 'F', 'Gb', 'G', 'Ab', 'A', 'Bb', 'B')
    """
    own = dict(zip(SCALES[key.scale], degrees_of(key.scale), strict=True))
    names = [degree_above(key.tonic, own.get(above, _CHROMATIC[above])) for above in range(12)]
    return tuple(names[(pitch_class - key.root) % 12] for pitch_class in range(12))


def spell(pitch: int, key: Key | None) -> str:
    """Name a MIDI pitch as a key has it (60 is C3); without a key with sharps.

    >>> spell(70, Key("F major")), spell(66, Key("G# minor")), spell(67, Key("G# harmonic minor"))
    ('Bb3', 'F#3', 'F##3')
    """
    return _spelled(key)[pitch] if 0 <= pitch <= 127 else _named(pitch, key)


@lru_cache(maxsize=1024)
def _spelled(key: Key | None) -> tuple[str, ...]:
    return tuple(_named(pitch, key) for pitch in range(128))


def _named(pitch: int, key: Key | None) -> str:
    return pitch_name(pitch) if key is None else with_octave(names_in(key)[pitch % 12], pitch)


def with_octave(name: str, pitch: int) -> str:
    """Give a note's name its octave in Live's numbering, which goes by the letter: B#2 sounds as C3.

    >>> with_octave("B#", 60), with_octave("Cb", 59)
    ('B#2', 'Cb3')
    """
    return f"{name}{(pitch - NATURALS[name[0]] - ACCIDENTALS[name[1:]]) // 12 - 2}"


def spell_line(pitches: Sequence[int], key: Key) -> list[str]:
    """Name the pitches of a melody; a note from outside the scale is spelled by where it goes.

    One that rises a semitone to a note of the scale is the letter below it raised, one that falls is the letter
    above it lowered; others are as ``spell`` has them.

    >>> spell_line([60, 61, 62, 61, 60], Key("C major"))
    ['C3', 'C#3', 'D3', 'Db3', 'C3']
    """
    return [_led(pitch, goal, key) for pitch, goal in zip_longest(pitches, pitches[1:])]


def _led(pitch: int, goal: int | None, key: Key) -> str:
    outside = pitch % 12 not in key.pitch_classes
    if goal is None or not outside or abs(goal - pitch) != 1 or goal % 12 not in key.pitch_classes:
        return spell(pitch, key)
    target = names_in(key)[goal % 12]
    letter = _LETTERS[(_LETTERS.index(target[0]) + (1 if goal < pitch else -1)) % 7]
    sharps = (pitch - NATURALS[letter] + 6) % 12 - 6
    if abs(sharps) > 2:
        return spell(pitch, key)
    return with_octave(letter + ("#" * sharps if sharps > 0 else "b" * -sharps), pitch)
