"""Forms and chords that a style brings: the twelve-bar blues, and sevenths on bare Roman numerals."""

from __future__ import annotations

import re

from conduit.composer.page import Page
from conduit.music import SCALES, Key
from conduit.music.chord import Chord
from conduit.music.modes import parent_of
from conduit.music.numerals import roman

__all__ = ["BLUES_BARS", "blues", "read_blues", "read_waltz", "sevenths"]

BLUES_BARS = 12
_BLUES = re.compile(
    r"\b(?:12|twelve) bars?(?: of)?(?: \w+){0,2} blues\b|\bblues\b[^.|]{0,40}\b(?:12|twelve) bars?\b"
    r"|\bblues (?:form|progression|changes|chords|chord progression)\b"
)
_WALTZ = re.compile(r"\b(?:waltz|walzer|valse|oom ?pah(?: ?pah)?)\b")
_TWELVE = "I I I I IV IV I I V IV I V"


def read_blues(page: Page) -> bool:
    """Say whether a twelve-bar blues is asked for; nothing is taken off the page."""
    return _BLUES.search(page.text) is not None


def read_waltz(page: Page) -> bool:
    """Say whether a waltz is asked for; nothing is taken off the page."""
    return _WALTZ.search(page.text) is not None


def blues(key: Key) -> tuple[Chord, ...]:
    """Give a blues, a chord a bar: dominant sevenths on I, IV and V; in minor keys minor ones on i and iv.

    >>> [chord.name for chord in blues(Key("E blues"))][::4]
    ['E7', 'A7', 'B7']
    """
    minor = parent_of(key.scale) == "minor" and key.scale not in {"blues", "minor pentatonic"}
    minor = minor or key.scale == "dorian"
    names = {"I": "i7", "IV": "iv7", "V": "V7"} if minor else {"I": "I7", "IV": "IV7", "V": "V7"}
    plain = Key(f"{key.tonic} {'minor' if minor else 'major'}")
    return tuple(roman(names[numeral], key=plain) for numeral in _TWELVE.split())


def sevenths(chords: tuple[Chord, ...], *, key: Key) -> tuple[Chord, ...]:
    """Give triads their seventh as the key has it; the fifth degree is dominant, as is a borrowed flat seventh.

    Other chords stay.

    >>> [chord.name for chord in sevenths((Chord(2, "m"), Chord(7), Chord(0)), key=Key("C major"))]
    ['Dm7', 'G7', 'Cmaj7']
    """
    return tuple(_seventh(chord, key) for chord in chords)


def _seventh(chord: Chord, key: Key) -> Chord:
    minor = 3 in SCALES[key.scale]
    if chord.quality == "m":
        half_diminished = minor and (chord.root - key.root) % 12 == 2
        return Chord(chord.root, "m7b5" if half_diminished else "m7", chord.bass)
    if chord.quality == "dim":
        return Chord(chord.root, "m7b5", chord.bass)
    if chord.quality == "":
        inside = key.pitch_classes
        low, high = ((chord.root + seventh) % 12 in inside for seventh in (10, 11))
        degree = (chord.root - key.root) % 12
        borrowed = degree == 10 and chord.root not in inside
        dominant = degree == 7 or borrowed or (low and not high)
        return Chord(chord.root, "7" if dominant else "maj7", chord.bass)
    return chord
