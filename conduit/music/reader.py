"""The reader of clip texts; their grammar stands in ``notation``.

It takes the text in pieces of any size and gives each note as soon as it is complete. What it cannot read it
keeps as an error with its place; nothing is dropped in silence. Whatever the text, it gives a clip or a
``ClipError``: numbers, bars and notes have an upper end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from conduit.errors import ClipError
from conduit.music.clip import Clip
from conduit.music.drums import DRUM_PITCHES
from conduit.music.instrument import DRUMS
from conduit.music.notation import (
    EVENT,
    EVENT_FORM,
    GRID,
    HEADER_FORM,
    LONGEST_WORD,
    Header,
    max_bars,
    read_header,
    read_pitch,
)
from conduit.music.note import Note

__all__ = ["ClipReader", "read_clip"]

_PIECE = re.compile(r"\n|[^\S\n]+|\S+")
_LANE = re.compile(r"[Xxo.\-]+")
_MAX_SHOWN = 5
_MAX_VALID = 16  # bars that one error lists
MAX_NOTES = 100_000
"""Notes in one text: repeats make many of few characters."""


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
        self._n_notes = 0

    def feed(self, text: str) -> list[Note]:
        """Take more of the text; give the notes it completes, in the order written."""
        found: list[Note] = []
        pieces = _PIECE.findall(self._rest + text)
        self._rest = pieces.pop() if pieces and not pieces[-1].isspace() else ""
        if len(self._rest) > LONGEST_WORD:
            pieces.append(self._rest)
            self._rest = ""
        for piece in pieces:
            found += self._take(piece)
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
        """Give the clip as far as it has been read, errors left out."""
        header = self.header or Header()
        bars = max(self._bars, default=1)
        return Clip.of(
            (note for bar in self._bars.values() for note in bar),
            length=bars * header.meter.bar if header.steps is None else header.steps / 4,
            ppq=header.ppq,
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
        if len(piece) > LONGEST_WORD and not piece.isspace():
            self._overlong()
        elif line.kind == "header":
            line.words.append(piece)
        elif not piece.isspace():
            found = self._word(piece)
        line.column += len(piece)
        return found

    def _overlong(self) -> None:
        line = self._line
        if line.kind == "header":
            self.header = Header()
        if line.kind != "skip":
            valid = [HEADER_FORM if line.kind == "header" else EVENT_FORM]
            self._fail(f"a word of more than {LONGEST_WORD} characters cannot be read", valid=valid)
        line.kind = "skip"

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
        elif word.isdecimal() and self.header is not None:
            line.kind, line.bar = "numbered", int(word)
            most = max_bars(self.header.meter)
            if not 1 <= line.bar <= most:
                line.kind = "skip"
                self._fail(f"bar {word} is outside 1-{most}", valid=[f"1 to {most}"])
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
        match = EVENT.fullmatch(word)
        if match is None:
            self._fail(f"{word!r} is not a note", valid=[EVENT_FORM])
            return []
        step, pitches, steps, strength, mute = match.groups()
        length = float(steps) if steps else line.length
        velocity = int(strength) if strength else line.velocity
        try:
            start = self._beat(float(step))
            made = [
                Note(read_pitch(name, header.instrument), start, length / 4, velocity, mute == "~")
                for name in pitches.split(",")
            ]
        except (ClipError, ValueError) as error:
            self._fail(f"{word!r} cannot be played: {error}", valid=[EVENT_FORM])
            return []
        line.length, line.velocity = length, velocity
        return self._kept(made, count=len(made))

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
        return self._kept(made, count=len(made))

    def _beat(self, step: float) -> float:
        """Give the beat in the clip of a step in the current bar."""
        meter = (self.header or Header()).meter
        if not 1 <= step < meter.steps + 1:
            last = f"{meter.steps:g}"
            raise ClipError(
                f"step {step:g} is outside a bar of {meter} (steps 1 to {last})", valid=[f"1 to {last}"]
            )
        return (self._line.bar - 1) * meter.bar + (step - 1) / 4

    def _end_line(self) -> list[Note]:
        line = self._line
        if line.kind == "header":
            try:
                self.header = read_header("".join(line.words).strip())
                self.clip()  # refuses here, where the place is known, what makes no clip
            except (ClipError, ValueError) as error:
                self.header = Header()
                self._fail(f"the header cannot be read: {error}", valid=[HEADER_FORM])
        elif line.kind == "repeat":
            return self._repeat(" ".join(line.words))
        return []

    def _repeat(self, text: str) -> list[Note]:
        bar = self._line.bar
        source = self._bars.get(int(text)) if text.isdecimal() and int(text) != bar else None
        if self._bars.get(bar):
            self._fail(f"bar {bar} has notes already; only an empty bar can repeat another", valid=[])
            return []
        if source is None:
            written = [str(number) for number in self._bars][:_MAX_VALID]
            self._fail(f"bar {bar} repeats bar {text or '?'}, which is not written above", valid=written)
            return []
        shift = (bar - int(text)) * (self.header or Header()).meter.bar
        made = (replace(note, start=note.start + shift) for note in source)
        return self._kept(made, count=len(source))

    def _kept(self, made: Iterable[Note], *, count: int) -> list[Note]:
        """Put so many notes into the current bar and give them; too many are an error and end the line."""
        if self._n_notes + count > MAX_NOTES:
            most = f"{MAX_NOTES:,} notes"
            self._fail(f"a text of more than {most} is too long", valid=[f"up to {most}"])
            self._line.kind = "skip"
            return []
        self._n_notes += count
        kept = list(made)
        self._bars.setdefault(self._line.bar, []).extend(kept)
        return kept

    def _fail(self, message: str, *, valid: list[str]) -> None:
        line = self._line
        place = f"line {line.number}, column {line.column}: "
        self.errors.append(ClipError(place + message, line=line.number, column=line.column, valid=valid))


def _summary(errors: list[ClipError]) -> ClipError:
    first = errors[0]
    shown = "; ".join(error.message for error in errors[:_MAX_SHOWN])
    more = f"; and {len(errors) - _MAX_SHOWN} more" if len(errors) > _MAX_SHOWN else ""
    hint = f" (valid: {', '.join(first.valid)})" if first.valid else ""
    message = f"the clip cannot be read: {shown}{more}{hint}"
    return ClipError(message, line=first.line, column=first.column, valid=first.valid)


def read_clip(text: str) -> Clip:
    """Read a whole clip text.

    Raises:
        ClipError: It cannot be read; the error says what, where, and what would be valid.
    """
    reader = ClipReader()
    reader.feed(text)
    return reader.finish()
