"""The line of a clip text that is being read: what it is, which bars it writes, what its words inherit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from conduit.errors import ClipError
from conduit.music.control import CONTROLS, parse_control
from conduit.music.drums import DRUM_PITCHES
from conduit.music.event import (
    CHORD_FORM,
    CONTROL_FORM,
    EVENT_FORM,
    Hit,
    Hold,
    Move,
    read_chords,
    read_moves,
    read_notes,
    read_pitch,
)
from conduit.music.header import Header
from conduit.music.instrument import DRUMS
from conduit.music.places import DIGITS, NUMBER, Offset, a_step, read_length

__all__ = ["LANE_FORM", "Line"]

LANE_FORM = "X...x...o...x..."
CHORDS = "chords"

_LANE = re.compile(r"[Xxo.\-|]+")
_LANE_NAME = re.compile(rf"(.+?)(?:/({NUMBER}))?(?:\+({DIGITS}))?")
_CONTROL = re.compile(r"cc[0-9]{1,3}")
_FORMS = {"bar": EVENT_FORM, "lane": LANE_FORM, "chords": CHORD_FORM, "control": CONTROL_FORM}


@dataclass(slots=True)
class Line:
    """A line as far as it has come.

    Attributes:
        number: Line of the text, from 1.
        column: Column of the next character, from 1.
        kind: ``start``, ``numbered``, ``header``, ``repeat`` or ``skip``; or what its words are: ``bar`` for
            notes, ``lane`` for drum marks, ``chords``, ``control``.
        first: The first bar that it writes, from 1.
        last: The last one.
        hold: What notes inherit.
        words: Words kept for the line's end.
    """

    number: int = 1
    column: int = 1
    kind: str = "start"
    first: int = 0
    last: int = 0
    hold: Hold = field(default_factory=lambda: Hold(0))
    words: list[str] = field(default_factory=list)
    _key: int = 0
    _duration: int = 0
    _step: int = 0

    @property
    def form(self) -> str:
        """How a word would look right here."""
        return _FORMS.get(self.kind, EVENT_FORM)

    def begin_notes(self, header: Header) -> None:
        """Let notes follow."""
        self.kind = "bar"
        self.hold = Hold(a_step(header.ppq))

    def read(self, word: str, header: Header) -> list[Hit | Move]:
        """Read one word of a bar's line; a name alone says what the words after it are.

        Raises:
            ClipError: It means nothing here; the error says what would be valid.
            ValueError: A part of it cannot be read.
        """
        if self.kind == "lane" and _LANE.fullmatch(word):
            return self._marks(word, header)
        if ":" not in word:
            self._name(word, header)
            return []
        if self.kind == "control":
            return [*read_moves(word, self._key, ppq=header.ppq)]
        hold = self.hold.copy()
        if self.kind == "chords":
            made = read_chords(word, hold, ppq=header.ppq)
        else:
            made = read_notes(word, hold, instrument=header.instrument, ppq=header.ppq)
        self.hold = hold
        return [*made]

    def _marks(self, word: str, header: Header) -> list[Hit | Move]:
        made: list[Hit | Move] = []
        for mark in word.replace("|", ""):
            if mark in header.marks:
                offset = Offset(self._step * header.ppq / 4, whole=False)
                made.append(Hit(offset, self._key, self._duration, header.marks[mark]))
            self._step += 1
        return made

    def _name(self, word: str, header: Header) -> None:
        """Take a word that stands alone."""
        match = _LANE_NAME.fullmatch(word)
        name = match[1] if match else word
        if word == CHORDS:
            self.kind, self.hold = "chords", Hold(0)
        elif word in CONTROLS or _CONTROL.fullmatch(word):
            self.kind, self._key = "control", parse_control(word)
        elif match and header.instrument == DRUMS and (name in DRUM_PITCHES or name.isdecimal()):
            self._key = read_pitch(name, header.instrument)
            self._duration = read_length(match[2], match[3], header.ppq) or a_step(header.ppq)
            self.kind, self._step = "lane", 0
        elif name in DRUM_PITCHES:
            self.kind = "skip"
            raise ClipError(
                f"{word!r} is a drum, and this is no clip of drums", valid=[f"{DRUMS} in the header"]
            )
        else:
            what = {"lane": "drum lane", "control": "move of a control", "chords": "chord"}.get(
                self.kind, "note"
            )
            raise ClipError(f"{word!r} is not a {what}", valid=[self.form])
