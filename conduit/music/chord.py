"""Chords: a root, a quality and perhaps another bass, such as ``Am7``, ``F#m7b5`` or ``Cmaj9/E``.

The grammar of qualities stands in ``symbols``. What it does not read is refused with what comes near; nothing
is taken for something else. ``C-7`` is minor, ``C7-5`` has a flat fifth, ``Cb5`` is a fifth on C flat.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from conduit.errors import ClipError
from conduit.music.chord_name import name_of_degrees, quality_of_steps
from conduit.music.pitch import ACCIDENTAL, ACCIDENTALS, degree_above, foreign_note, pitch_class, pitch_name
from conduit.music.scale import Key
from conduit.music.spelling import names_in
from conduit.music.symbols import Degrees, degrees_of_quality, semitones

__all__ = ["QUALITIES", "Chord", "is_chord"]

_USUAL = """
m 7 maj7 m7 dim dim7 m7b5 aug sus2 sus4 5 6 m6 6/9 m6/9 add9 madd9 9 maj9 m9 mmaj7 mmaj9 7#5 maj7#5
7sus4 9sus4 13sus4 7sus2 7b5 7b9 7#9 7#11 7b13 m7b9 m9b5 m11b5 maj7#11 maj7b5 11 maj11 m11 13 maj13 m13
9#11 maj9#11 13#11 maj13#11 13b9 13#9 9b5 9#5 9b13 7b5b9 7b5#9 7#5b9 7#5#9 7b9#9 7b9#11 7#9#11 7b9b13
7#9b13 7alt 7sus4b9 maj7sus4 7add11 7add13 m7add11 add11 madd11 6/9#11 add#11 dimmaj7 dim9 m#5 m7#5
m9#5 maj9#5 sus2sus4 sus4add9 5add9 (b5) no5 mno5 7no5 maj7no5 m7no5 7no3
"""

QUALITIES: dict[str, tuple[int, ...]] = {
    name: semitones(degrees_of_quality(name) or ()) for name in ("", *_USUAL.split())
}
"""Semitones above the root of the usual qualities, the commoner first; the grammar reads many more."""

_OF_TONES = {
    frozenset(step % 12 for step in steps): quality for quality, steps in reversed(list(QUALITIES.items()))
}
_NOTE = rf"[A-G](?:{ACCIDENTAL})"
_CHORD = re.compile(rf"({_NOTE})(.*?)(?:/({_NOTE}))?", re.DOTALL)
_USUAL_ROOTS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_MEANT = {"4": ("sus4", "add11"), "add7": ("7", "maj7"), "sus9": ("9sus4", "sus2"), "m4": ("madd11", "sus4")}
_FORM = "write a root A to G and a quality, such as Am7 or F#m7b5"


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord by pitch classes. Chords that sound alike are equal, however they are written.

    Args:
        root: Pitch class of the root, 0-11.
        quality: In any spelling that the grammar reads; kept in its usual one.
        bass: Pitch class of the lowest note, 0-11; kept only where it is not the root.
        written: How the root is written, such as ``Eb``, where that is known; ``name`` and ``tones`` follow it.
        written_bass: How the bass is written.

    Raises:
        ClipError: The quality is none.
        ValueError: Root or bass is outside 0-11, or is written as another note.

    >>> Chord.parse("Am7").name, Chord.parse("C/E").pitch_classes, Chord(7, "min7(b5)").quality
    ('Am7', (0, 4, 7), 'm7b5')
    """

    root: int
    quality: str = ""
    bass: int | None = None
    written: str | None = field(default=None, compare=False, repr=False, kw_only=True)
    written_bass: str | None = field(default=None, compare=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        if not (0 <= self.root <= 11 and 0 <= (self.bass or 0) <= 11):
            raise ValueError(f"root {self.root} and bass {self.bass} are pitch classes, 0 (C) to 11 (B)")
        degrees = degrees_of_quality(self.quality)
        if degrees is None:
            raise _unknown(_USUAL_ROOTS[self.root] + self.quality, _USUAL_ROOTS[self.root], self.quality)
        object.__setattr__(self, "quality", _name(degrees))
        if self.bass == self.root:
            object.__setattr__(self, "bass", None)
        object.__setattr__(self, "written", _plain(self.written, self.root))
        bass = self.written_bass if self.bass is not None else None
        object.__setattr__(self, "written_bass", _plain(bass, self.bass))

    @classmethod
    def parse(cls, text: str) -> Chord:
        """Read a chord symbol.

        Raises:
            ClipError: It is none; ``valid`` lists what comes near, else the usual qualities.

        >>> [Chord.parse(symbol).name for symbol in ("CΔ9", "F#-7b5", "Bb13(b9)", "Dsus/A")]
        ['Cmaj9', 'F#m7b5', 'Bb13b9', 'Dsus4/A']
        """
        return _parsed(text)

    @classmethod
    def of(cls, pitch_classes: tuple[int, ...]) -> Chord | None:
        """Name the chord of these pitch classes, the first being the root; None where it has no name."""
        root = pitch_classes[0] % 12
        steps = frozenset((pc - root) % 12 for pc in pitch_classes)
        quality = _OF_TONES.get(steps, quality_of_steps(steps))
        return None if quality is None else cls(root, quality)

    @property
    def degrees(self) -> Degrees:
        """The degrees above the root, such as ``("1", "b3", "5", "b7")``."""
        return degrees_of_quality(self.quality) or ()

    @property
    def intervals(self) -> tuple[int, ...]:
        """Semitones above the root, ascending from 0; a ninth is 14."""
        return semitones(self.degrees)

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """The chord's pitch classes, each once, the root first; a bass from outside is not among them."""
        return tuple(dict.fromkeys((self.root + step) % 12 for step in self.intervals))

    @property
    def name(self) -> str:
        """The chord's symbol, as it was written; one of pitch classes alone is spelled as is usual.

        >>> Chord.parse("Gb7").name, Chord(6, "7").name
        ('Gb7', 'F#7')
        """
        return self.spelled()

    def spelled(self, *, flats: bool | None = None, key: Key | None = None) -> str:
        """Give the chord's symbol.

        Args:
            flats: Whether black keys are flats; None: as the chord was written, or whichever needs fewer
                accidentals in the chord.
            key: A key whose spelling holds instead.

        >>> Chord(10, "maj7").spelled(), Chord(10, "maj7").spelled(flats=False), Chord(6).spelled(key=Key("Db"))
        ('Bbmaj7', 'A#maj7', 'Gb')
        """
        root = self._root_name(flats=flats, key=key)
        if self.bass is None:
            return root + self.quality
        bass = self.written_bass if flats is None and key is None else None
        return f"{root}{self.quality}/{bass or self._bass_name(root, key=key)}"

    def tones(self, *, flats: bool | None = None, key: Key | None = None) -> tuple[str, ...]:
        """Name the chord's notes, the root first, each with the letter of its degree; arguments as ``spelled``.

        >>> Chord.parse("Abm7").tones(flats=True), Chord.parse("B7b9").tones()
        (('Ab', 'Cb', 'Eb', 'Gb'), ('B', 'D#', 'F#', 'A', 'C'))
        """
        root = self._root_name(flats=flats, key=key)
        return tuple(degree_above(root, degree) for degree in self.degrees)

    def _root_name(self, *, flats: bool | None, key: Key | None) -> str:
        if key is not None:
            return names_in(key)[self.root]
        if flats is not None:
            return pitch_name(self.root, flats=flats)[:-2]
        return self.written or _plainest(self.root, self.degrees)

    def written_in(self, key: Key) -> Chord:
        """Give the same chord written for a key: its root as the scale has it.

        A root from outside the scale is written so that most of the chord's notes are as the key has them.

        >>> Chord(8, "m").written_in(Key("Eb")).name, Chord(1, "dim7").written_in(Key("C")).name
        ('Abm', 'C#dim7')
        """
        return replace(self, written=_fitting(self.root, self.degrees, key), written_bass=None)

    def _bass_name(self, root: str, *, key: Key | None) -> str:
        """A chord tone as in the chord; another note as the key has it, else with the root's kind of accidental."""
        bass = self.bass or 0
        for degree, step in zip(self.degrees, self.intervals, strict=True):
            if (self.root + step) % 12 == bass:
                return degree_above(root, degree)
        return names_in(key)[bass] if key is not None else pitch_name(bass, flats="#" not in root)[:-2]


@lru_cache(maxsize=4096)
def _name(degrees: Degrees) -> str:
    return name_of_degrees(degrees)


@lru_cache(maxsize=4096)
def _plainest(root: int, degrees: Degrees) -> str:
    """The root's name with which the chord needs fewest accidentals; of two alike the usual one."""

    def accidentals(name: str) -> tuple[int, bool]:
        return sum(len(degree_above(name, degree)) - 1 for degree in degrees), name not in _USUAL_ROOTS

    return min((pitch_name(root)[:-2], pitch_name(root, flats=True)[:-2]), key=accidentals)


@lru_cache(maxsize=4096)
def _fitting(root: int, degrees: Degrees, key: Key) -> str:
    """The root's name in a key; outside its scale the one with which most notes are named as in the key."""
    names = names_in(key)
    if root in key.pitch_classes:
        return names[root]

    def alike(name: str) -> int:
        return sum(degree_above(name, degree) in names for degree in degrees)

    return max((names[root], pitch_name(root)[:-2], pitch_name(root, flats=True)[:-2]), key=alike)


def _plain(name: str | None, sounds: int | None) -> str | None:
    """A note's name with # and b alone."""
    if name is None:
        return None
    if sounds != pitch_class(name):
        raise ValueError(f"pitch class {sounds} is not written {name!r}; write a name that sounds as it does")
    letter, sign = name.strip()[0].upper(), ACCIDENTALS[name.strip()[1:]]
    return letter + ("#" * sign if sign > 0 else "b" * -sign)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Chord:
    match = _CHORD.fullmatch(text.strip())
    if match is None:
        near = [name for name in (foreign_note(text) or "", text[:1].upper() + text[1:]) if is_chord(name)]
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ClipError(f"{text!r} is not a chord; {_FORM}{hint}", valid=near or [*QUALITIES])
    root, quality, bass = match.groups()
    if degrees_of_quality(quality) is None:
        raise _unknown(text, root, quality)
    low = pitch_class(bass) if bass else None
    return Chord(pitch_class(root), quality, low, written=root, written_bass=bass)


def is_chord(symbol: str) -> bool:
    """Tell whether ``Chord.parse`` reads a text.

    >>> is_chord("Am7"), is_chord("Amx")
    (True, False)
    """
    match = _CHORD.fullmatch(symbol.strip())
    return match is not None and degrees_of_quality(match[2]) is not None


def _unknown(text: str, root: str, quality: str) -> ClipError:
    near = _MEANT.get(quality) or difflib.get_close_matches(quality, QUALITIES, n=4, cutoff=0.5)
    english = foreign_note(text)
    valid = [root + name for name in near or QUALITIES]
    if english and is_chord(english):
        valid.insert(0, english)
    return ClipError(f"{text!r} has no known quality; did you mean {', '.join(valid[:6])}?", valid=valid)
