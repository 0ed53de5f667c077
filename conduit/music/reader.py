"""The reader of clip texts; their grammar stands in ``notation.md``.

It takes the text in pieces of any size and gives each note as soon as it is complete. What it cannot read it
keeps as an error with its place; nothing is dropped in silence. Whatever the text, it gives a clip or a
``ClipError``: numbers, bars and notes have an upper end.
"""

from __future__ import annotations

import re

from conduit.errors import ClipError
from conduit.music.clip import Clip
from conduit.music.event import EVENT_FORM
from conduit.music.header import HEADER_FORM, Header, read_header
from conduit.music.line import Line
from conduit.music.note import Note
from conduit.music.places import DIGITS, LONGEST_WORD
from conduit.music.sheet import MAX_NOTES, Sheet

__all__ = ["MAX_NOTES", "ClipReader", "read_clip"]

_PIECE = re.compile(r"\n|[^\S\n]+|\S+")
_BARS = re.compile(rf"({DIGITS})(?:-({DIGITS}))?([|=]?)")
_MAX_SHOWN = 5


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
        self._joined = ""
        self._line = Line()
        self._sheet = Sheet(Header())

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
            self._line = Line()
            self._fail("the text has no header line", valid=[HEADER_FORM])
        if self.errors:
            raise _summary(self.errors)
        return self.clip()

    def clip(self) -> Clip:
        """Give the clip as far as it has been read, errors left out."""
        return self._sheet.clip()

    def _take(self, piece: str) -> list[Note]:
        line = self._line
        if piece == "\n":
            found = self._end_line()
            self._line = Line(number=line.number + 1)
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
            case "bar" | "lane" | "chords" | "control":
                return self._sounding(word)
        return []

    def _start(self, word: str) -> None:
        line = self._line
        if word.lower() == "clip" and self.header is None:
            line.kind = "header"
        elif word.startswith("```"):
            line.kind = "skip"
        elif self.header is not None and (match := _BARS.fullmatch(word)):
            line.kind = "numbered"
            line.first, line.last = int(match[1]), int(match[2] or match[1])
            most = self.header.most_bars
            if not 1 <= line.first <= line.last <= most:
                line.kind = "skip"
                self._fail(f"bar {match[1]}{_to(match[2])} is outside 1-{most}", valid=[f"1 to {most}"])
            elif match[3]:
                self._mark(match[3])
        elif self.header is None or word.lower() != "bar":
            first = self.header is None
            valid = [HEADER_FORM] if first else ["1 | 1:A1/2v110", "2 = 1"]
            what = "the header line" if first else "a bar's number"
            self._fail(f"{word!r} stands where {what} is expected", valid=valid)
            line.kind = "skip"

    def _mark(self, word: str) -> None:
        line = self._line
        if word == "|":
            line.begin_notes(self._sheet.header)
        elif word == "=":
            line.kind = "repeat"
        else:
            line.kind = "skip"
            self._fail(f"{word!r} follows bar number {line.first}", valid=["|", "="])

    def _sounding(self, word: str) -> list[Note]:
        """Take a word of a bar's line; one that ends in a comma or a colon is not complete."""
        line = self._line
        word, self._joined = self._joined + word, ""
        if len(word) > LONGEST_WORD:
            self._overlong()
            return []
        if word.endswith((",", ":")):
            self._joined = word
            return []
        hold, found = line.hold, list[Note]()
        try:
            made = line.read(word, self._sheet.header)
            for part in [[one] for one in made] if line.kind == "lane" else [made]:
                found += self._sheet.put(part, range(line.first, line.last + 1))
        except (ClipError, ValueError) as error:
            line.hold = hold
            said = str(error) if str(error).startswith(repr(word)) else f"{word!r} cannot be played: {error}"
            self._fail(said, valid=getattr(error, "valid", None) or [line.form])
        return found

    def _end_line(self) -> list[Note]:
        line = self._line
        if self._joined:
            self._fail(f"{self._joined!r} is not complete", valid=[line.form])
            self._joined = ""
        if line.kind == "header":
            self._head("".join(line.words).strip())
        elif line.kind == "repeat":
            return self._repeat("".join(line.words))
        elif line.kind == "numbered":
            self._fail(f"nothing follows bar number {line.first}", valid=["|", "="])
        return []

    def _head(self, text: str) -> None:
        try:
            self.header = read_header(text)
            self._sheet = Sheet(self.header)
            self._sheet.clip()  # refuses here, where the place is known, what makes no clip
        except (ClipError, ValueError) as error:
            self.header = Header()
            self._sheet = Sheet(self.header)
            self._fail(
                f"the header cannot be read: {error}", valid=getattr(error, "valid", None) or [HEADER_FORM]
            )

    def _repeat(self, text: str) -> list[Note]:
        line = self._line
        match = _BARS.fullmatch(text)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        found: list[Note] = []
        try:
            bars = range(line.first, line.last + 1)
            for notes in self._sheet.repeat(bars, range(first, min(last, line.last) + 1), text):
                found += notes
        except ClipError as error:
            self._fail(error.message, valid=error.valid)
        return found

    def _fail(self, message: str, *, valid: list[str]) -> None:
        line = self._line
        place = f"line {line.number}, column {line.column}: "
        self.errors.append(ClipError(place + message, line=line.number, column=line.column, valid=valid))


def _to(last: str | None) -> str:
    return f"-{last}" if last else ""


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
