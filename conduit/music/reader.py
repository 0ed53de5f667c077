"""The reader of clip texts; their grammar stands in ``notation``.

It takes the text in pieces of any size and gives each note as soon as it is complete. What it cannot read it
keeps as an error with its place; nothing is dropped in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import numpy as np

from conduit.errors import ClipError
from conduit.music.clip import Clip
from conduit.music.drums import DRUM_PITCHES
from conduit.music.instrument import DRUMS
from conduit.music.notation import EVENT_FORM, GRID, HEADER_FORM, Header, read_header
from conduit.music.note import COLUMNS, Note, in_order
from conduit.music.pitch import parse_pitch

__all__ = ["ClipReader", "read_clip"]

_PIECE = re.compile(r"\n|[^\S\n]+|\S+")
_EVENT = re.compile(r"(\d+(?:\.\d+)?):(.+?)(?:/(\d+(?:\.\d+)?))?(?:v(\d+))?(~?)")
_LANE = re.compile(r"[Xxo.\-]+")
_MAX_SHOWN = 5
_LONGEST_WORD = 256


@dataclass(slots=True)
class _Line:
    """The line being read: what it is, and what its notes inherit."""

    number: int = 1
    column: int = 1
    kind: str = "start"  # start, header, bar, repeat, lane, skip
    bar: int = 0
    length: float = 1.0
    velocity: int = 96
    lane: int = 0
    lane_step: int = 0
    words: list[str] = field(default_factory=list)


class ClipReader:
    r"""Reads a clip text as it arrives.

    Attributes:
        header: The header, or None until its line is complete.
        errors: What could not be read so far.

    >>> reader = ClipReader()
    >>> reader.feed("clip Bass | 1 bars | bass\n1 | 1:A1/2 5:C")
    [Note(pitch=45, start=0.0, duration=0.5, velocity=96, mute=False)]
    >>> reader.feed("2/4\n")[0].pitch, reader.finish().length
    (48, 4.0)
    """

    def __init__(self) -> None:
        self.header: Header | None = None
        self.errors: list[ClipError] = []
        self._rest = ""
        self._line = _Line()
        self._bars: dict[int, list[Note]] = {}

    def feed(self, text: str) -> list[Note]:
        """Take more of the text; give the notes it completes, in the order written."""
        found: list[Note] = []
        pieces = _PIECE.findall(self._rest + text)
        self._rest = pieces.pop() if pieces and not pieces[-1].isspace() else ""
        for piece in pieces:
            found += self._take(piece)
        if len(self._rest) > _LONGEST_WORD:
            if self._line.kind != "skip":
                self._fail(f"a word of more than {_LONGEST_WORD} characters is no note", valid=[EVENT_FORM])
            self._rest, self._line.kind = "", "skip"
        return found

    def finish(self) -> Clip:
        """Give the whole clip.

        Raises:
            ClipError: Something in the text could not be read; it says what, where, and what would be valid.
        """
        self.feed("\n")
        if self.header is None:
            self._line = _Line()
            self._fail("the text has no header line", valid=[HEADER_FORM])
        if self.errors:
            raise _summary(self.errors)
        return self.clip()

    def clip(self) -> Clip:
        """Give the clip as far as it has been read, errors left out.

        Raises:
            ClipError: The header's values do not make a clip.
        """
        header = self.header or Header()
        ppq = header.ppq
        notes = [note for bar in self._bars.values() for note in bar]
        rows = [
            (round(n.start * ppq), max(1, round(n.duration * ppq)), n.pitch, n.velocity, n.mute)
            for n in notes
        ]
        table = np.array(rows, dtype=COLUMNS)
        steps = header.steps or max(self._bars, default=1) * header.meter.steps
        return Clip(
            in_order(table),
            round(steps * ppq / 4),
            ppq=ppq,
            name=header.name,
            bpm=header.bpm,
            meter=header.meter,
            key=header.key,
            instrument=header.instrument,
        )

    def _take(self, piece: str) -> list[Note]:
        line = self._line
        if piece == "\n":
            found = self._end_line()
            self._line = _Line(number=line.number + 1)
            return found
        found = []
        if line.kind == "header":
            line.words.append(piece)
        elif not piece.isspace():
            found = self._word(piece)
        line.column += len(piece)
        return found

    def _word(self, word: str) -> list[Note]:
        line = self._line
        match line.kind:
            case "start":
                self._start(word)
            case "numbered":
                self._mark(word)
            case "repeat":
                line.words.append(word)
            case "bar":
                return self._event(word)
            case "lane":
                return self._grid(word)
        return []

    def _start(self, word: str) -> None:
        line = self._line
        if word == "clip" and self.header is None:
            line.kind = "header"
        elif word.startswith("```"):
            line.kind = "skip"
        elif word.isdecimal() and int(word) > 0 and self.header is not None:
            line.kind, line.bar = "numbered", int(word)
        else:
            first = self.header is None
            valid = [HEADER_FORM] if first else ["1 | 1:A1/2v110", "2 = 1"]
            what = "the header line" if first else "a bar's number"
            self._fail(f"{word!r} stands where {what} is expected", valid=valid)
            line.kind = "skip"

    def _mark(self, word: str) -> None:
        kinds = {"|": "bar", "=": "repeat"}
        self._line.kind = kinds.get(word, "skip")
        if word not in kinds:
            self._fail(f"{word!r} follows bar number {self._line.bar}", valid=["|", "="])

    def _event(self, word: str) -> list[Note]:
        line = self._line
        header = self.header or Header()
        if word in DRUM_PITCHES and header.instrument == DRUMS:
            line.kind, line.lane = "lane", DRUM_PITCHES[word]
            return []
        match = _EVENT.fullmatch(word)
        if match is None:
            self._fail(f"{word!r} is not a note", valid=[EVENT_FORM])
            return []
        step, pitches, steps, strength, mute = match.groups()
        length = float(steps) if steps else line.length
        velocity = int(strength) if strength else line.velocity
        try:
            start = self._beat(float(step))
            made = [
                Note(_pitch(name, header.instrument), start, length / 4, velocity, mute == "~")
                for name in pitches.split(",")
            ]
        except (ClipError, ValueError) as error:
            self._fail(f"{word!r} cannot be played: {error}", valid=[EVENT_FORM])
            return []
        line.length, line.velocity = length, velocity
        self._bars.setdefault(line.bar, []).extend(made)
        return made

    def _grid(self, word: str) -> list[Note]:
        line = self._line
        if _LANE.fullmatch(word) is None:
            self._fail(f"{word!r} is not a drum lane", valid=["X...x...o...x..."])
            return []
        made: list[Note] = []
        for mark in word:
            line.lane_step += 1
            if mark in GRID:
                try:
                    made.append(Note(line.lane, self._beat(line.lane_step), 0.25, GRID[mark]))
                except ClipError as error:
                    self._fail(error.message, valid=error.valid)
                    break
        self._bars.setdefault(line.bar, []).extend(made)
        return made

    def _beat(self, step: float) -> float:
        """Give the beat in the clip of a step in the current bar."""
        meter = (self.header or Header()).meter
        if not 1 <= step < meter.steps + 1:
            valid = [f"1 to {meter.steps:g}"]
            raise ClipError(
                f"step {step:g} is outside a bar of {meter} (steps 1 to {meter.steps:g})", valid=valid
            )
        return (self._line.bar - 1) * meter.bar + (step - 1) / 4

    def _end_line(self) -> list[Note]:
        line = self._line
        if line.kind == "header":
            try:
                self.header = read_header("".join(line.words).strip())
            except ValueError as error:
                self.header = Header()
                self._fail(f"the header cannot be read: {error}", valid=[HEADER_FORM])
        elif line.kind == "repeat":
            return self._repeat(" ".join(line.words))
        return []

    def _repeat(self, text: str) -> list[Note]:
        bar = self._line.bar
        if not text.isdecimal() or int(text) not in self._bars:
            written = [str(number) for number in self._bars if number != bar]
            self._fail(f"bar {bar} repeats bar {text or '?'}, which is not written above", valid=written)
            return []
        meter = (self.header or Header()).meter
        shift = (bar - int(text)) * meter.bar
        made = [replace(note, start=note.start + shift) for note in self._bars[int(text)]]
        self._bars.setdefault(bar, []).extend(made)
        return made

    def _fail(self, message: str, *, valid: list[str]) -> None:
        line = self._line
        place = f"line {line.number}, column {line.column}: "
        self.errors.append(ClipError(place + message, line=line.number, column=line.column, valid=valid))


def _pitch(name: str, instrument: str) -> int:
    if name in DRUM_PITCHES and instrument == DRUMS:
        return DRUM_PITCHES[name]
    try:
        return parse_pitch(name)
    except ValueError:
        if instrument == DRUMS:
            raise ClipError(
                f"{name!r} is not a drum: {', '.join(DRUM_PITCHES)}", valid=list(DRUM_PITCHES)
            ) from None
        raise


def _summary(errors: list[ClipError]) -> ClipError:
    first = errors[0]
    shown = "; ".join(error.message for error in errors[:_MAX_SHOWN])
    more = f"; and {len(errors) - _MAX_SHOWN} more" if len(errors) > _MAX_SHOWN else ""
    hint = f" (valid: {', '.join(first.valid)})" if first.valid else ""
    return ClipError(
        f"the clip cannot be read: {shown}{more}{hint}",
        line=first.line,
        column=first.column,
        valid=first.valid,
    )


def read_clip(text: str) -> Clip:
    """Read a whole clip text.

    Raises:
        ClipError: It cannot be read; the error says what, where, and what would be valid.
    """
    reader = ClipReader()
    reader.feed(text)
    return reader.finish()
