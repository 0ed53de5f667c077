"""The words of a bar's line: notes, chords and moves of a control, each at a place that any bar can have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from conduit.errors import ClipError
from conduit.music.chord import Chord
from conduit.music.control import ControlChange
from conduit.music.drums import DRUM_PITCHES
from conduit.music.instrument import DRUMS
from conduit.music.meter import Bar
from conduit.music.note import RELEASE_VELOCITY, Note
from conduit.music.pitch import ACCIDENTAL, parse_pitch
from conduit.music.places import DIGITS, NUMBER, Offset, read_length, read_place

__all__ = [
    "CHORD_FORM",
    "CONTROL_FORM",
    "EVENT_FORM",
    "Hit",
    "Hold",
    "Move",
    "chord_pitches",
    "read_chords",
    "read_moves",
    "read_notes",
    "read_pitch",
]

EVENT_FORM = "STEP:PITCH/LENGTHvVELOCITY, such as 1:A1/2v110"
CHORD_FORM = "STEP:CHORD/LENGTHvVELOCITY, such as 1:Am7/8v80"
CONTROL_FORM = "STEP:VALUE, such as 1:64"

_MARKS = rf"/{NUMBER}|\+{DIGITS}|v{DIGITS}|d-?{DIGITS}|r{DIGITS}|\?{NUMBER}|~"
_MARK = re.compile(_MARKS)
_NOTE = re.compile(rf"(.+?)((?:{_MARKS})*)")
# The only chord whose name ends in a slash and a number is kept whole: C6/9 has no length.
_CHORD = re.compile(rf"(.+?(?:6/9)?)((?:/{NUMBER})?(?:v{DIGITS})?~?)")
_VALUE = re.compile(rf"-?{DIGITS}")
_OPEN_PITCH = re.compile(rf"([A-Ga-g](?:{ACCIDENTAL}))(-?[0-9]+)?")
_HELD = {"/", "+", "v"}
_Sound = tuple[int, int, int, bool, float, int, int]  # a hit without its place
_BASS, _ABOVE = 48, 60  # the bass of a chord lies in the octave from C2, the rest in that from C3


@dataclass(slots=True)
class Hold:
    """What the notes of a line inherit from those before them.

    Attributes:
        duration: Ticks; 0 where none has been given: a chord then lasts to the end of its bar.
        velocity: 1-127.
        octave: The octave of the last pitch, as it is written, or an empty text.
    """

    duration: int
    velocity: int = 96
    octave: str = ""

    def copy(self) -> Hold:
        """Give another that says the same."""
        return Hold(self.duration, self.velocity, self.octave)


class Hit(NamedTuple):
    """A note at a place in any bar; durations in ticks, 0 for the rest of the bar, all else as in ``Note``."""

    offset: Offset
    pitch: int
    duration: int
    velocity: int
    mute: bool = False
    probability: float = 1.0
    deviation: int = 0
    release: int = RELEASE_VELOCITY

    def at(self, bar: Bar, ppq: int) -> Note:
        """Give the note in a bar.

        Raises:
            ClipError: It does not lie inside the bar, or no note can be so.
        """
        tick = self.offset.tick(bar, ppq)
        duration = self.duration or max(1, round(bar.start + bar.length) - tick)
        return Note(
            self.pitch,
            tick / ppq,
            duration / ppq,
            self.velocity,
            self.mute,
            probability=self.probability,
            velocity_deviation=self.deviation,
            release_velocity=self.release,
        )


class Move(NamedTuple):
    """A change of a control at a place in any bar."""

    offset: Offset
    control: int
    value: int

    def at(self, bar: Bar, ppq: int) -> ControlChange:
        """Give the change in a bar.

        Raises:
            ClipError: It does not lie inside the bar, or the value is out of range.
        """
        return ControlChange(self.control, self.offset.tick(bar, ppq) / ppq, self.value)


@lru_cache(maxsize=1024)
def read_pitch(name: str, instrument: str) -> int:
    """Give the MIDI pitch of a name, for drums also of a drum.

    Raises:
        ClipError: The name is no drum's.
        ValueError: It is no pitch.
    """
    if instrument != DRUMS:
        return parse_pitch(name)
    if name in DRUM_PITCHES:
        return DRUM_PITCHES[name]
    try:
        return parse_pitch(name)
    except ValueError:
        drums = get_close_matches(name, DRUM_PITCHES, cutoff=0.5) or list(DRUM_PITCHES)
        raise ClipError(f"{name!r} is not a drum; did you mean one of these?", valid=drums) from None


def chord_pitches(symbol: str) -> list[int]:
    """Voice a chord: its bass in C2-B2, every other pitch class once in C3-B3, ascending.

    Raises:
        ClipError: The symbol is no chord.

    >>> chord_pitches("Am7"), chord_pitches("C/E")
    ([57, 60, 64, 67], [52, 60, 67])
    """
    chord = Chord.parse(symbol)
    bass = chord.pitch_classes[0] if chord.bass is None else chord.bass
    above = sorted({one for one in chord.pitch_classes if one != bass})
    return [_BASS + bass, *(_ABOVE + one for one in above)]


def _split(word: str, form: str) -> tuple[list[str], str]:
    places, colon, rest = word.partition(":")
    if not colon or not rest:
        raise ClipError("a place and what stands there are joined by a colon", valid=[form])
    return places.split(","), rest


def _marks(text: str) -> dict[str, str]:
    marks: dict[str, str] = {}
    for mark in _MARK.findall(text):
        if mark[0] in marks:
            raise ValueError(f"{mark} comes after {mark[0]}{marks[mark[0]]}: write one of them")
        marks[mark[0]] = mark[1:]
    return marks


def read_notes(word: str, hold: Hold, *, instrument: str, ppq: int) -> list[Hit]:
    """Read a word such as ``1,5:C3,E3/2v90``; what it says of length, velocity and octave holds on.

    Raises:
        ClipError: It is no note; the error says what would be valid.
        ValueError: A part cannot be read.
    """
    places, rest = _split(word, EVENT_FORM)
    sounds: list[_Sound] = []
    pitches: list[int] = []
    for part in rest.split(","):
        name, marks = _part(part)
        pitches.append(_pitch(name, hold, instrument))
        if marks:
            sounds += _sounds(pitches, marks, hold, ppq)
            pitches = []
    sounds += _sounds(pitches, {}, hold, ppq)
    return [Hit(read_place(place, ppq), *sound) for place in places for sound in sounds]


@lru_cache(maxsize=4096)
def _part(text: str) -> tuple[str, dict[str, str]]:
    match = _NOTE.fullmatch(text)
    if match is None:
        raise ClipError("a pitch is missing", valid=[EVENT_FORM])
    return match[1], _marks(match[2])


def _pitch(name: str, hold: Hold, instrument: str) -> int:
    if open_pitch := _OPEN_PITCH.fullmatch(name):
        letter, octave = open_pitch.groups()
        hold.octave = octave or hold.octave
        if not hold.octave:
            raise ClipError(f"{name!r} has no octave, and no note before it in the line", valid=[f"{name}3"])
        name = letter + hold.octave
    return read_pitch(name, instrument)


def _sounds(pitches: list[int], marks: dict[str, str], hold: Hold, ppq: int) -> list[_Sound]:
    """Give pitches with what they share; length and velocity are held."""
    if "/" in marks or "+" in marks:
        hold.duration = read_length(marks.get("/"), marks.get("+"), ppq)
        if not hold.duration:
            raise ClipError("a note of no length cannot be", valid=["a length of more than 0"])
    if "v" in marks:
        hold.velocity = int(marks["v"])
    if marks.keys() <= _HELD:
        return [(pitch, hold.duration, hold.velocity, False, 1.0, 0, RELEASE_VELOCITY) for pitch in pitches]
    # A table keeps 32 bits of a probability.
    probability = float(np.float32(marks.get("?", 1)))
    rest = ("~" in marks, probability, int(marks.get("d", 0)), int(marks.get("r", RELEASE_VELOCITY)))
    return [(pitch, hold.duration, hold.velocity, *rest) for pitch in pitches]


def read_chords(word: str, hold: Hold, *, ppq: int) -> list[Hit]:
    """Read a word such as ``1:Am7/8v80``; without a length the chord lasts to the end of its bar.

    Raises:
        ClipError: It is no chord; the error says what would be valid.
        ValueError: A part cannot be read.
    """
    places, rest = _split(word, CHORD_FORM)
    match = _CHORD.fullmatch(rest)
    symbol, marks = match.groups() if match else (rest, "")
    pitches = chord_pitches(symbol)
    sounds = _sounds(pitches, _marks(marks), hold, ppq)
    return [Hit(read_place(place, ppq), *sound) for place in places for sound in sounds]


def read_moves(word: str, control: int, *, ppq: int) -> list[Move]:
    """Read a word such as ``1:64`` in the line of a control.

    Raises:
        ClipError: It is none; the error says what would be valid.
        ValueError: A part cannot be read.
    """
    places, value = _split(word, CONTROL_FORM)
    if _VALUE.fullmatch(value) is None:
        raise ClipError(f"{value!r} is not a value", valid=[CONTROL_FORM])
    return [Move(read_place(place, ppq), control, int(value)) for place in places]
