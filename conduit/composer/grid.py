"""The integer grid on which small models write clips: its JSON schema, its reader, and the way to notation.

::

    {"notes":[{"step":0,"pitch":45,"length":2,"velocity":100},{"step":6,"pitch":48,"length":1,"velocity":90}]}

Steps are sixteenth notes, counted from 0 over the whole clip. Every value is a whole number with bounds, or one
of a few, for those are what local servers enforce while a model writes (llama.cpp checks integer bounds, enums
and sizes of arrays, and does not check bounds of ``number``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from conduit.band.kit import PIECES
from conduit.band.parts import INSTRUMENTS
from conduit.composer.brief import Brief
from conduit.composer.sketch import key_of
from conduit.music import Clip, Key, Note
from conduit.music.drums import DRUM_NAMES, DRUM_PITCHES
from conduit.music.notation import notation_lines
from conduit.music.spelling import spell

__all__ = ["FEWEST", "Grid", "GridNote", "GridReader", "grid_json", "grid_of", "grid_schema"]

FEWEST = 2
"""Notes that a schema asks for at least; a clip that was cut off before it had them is no clip."""

_MOST = 16  # a small model writes some 20 tokens a note, and has to come to an end
_PER_BAR = {"drums": 8, "chords": 8, "pad": 8}  # several sound together; other parts have four
_LONGEST = 16
_VELOCITIES = (40, 127)

_REGISTERS = {
    "bass": (28, 52), "chords": (52, 76), "pad": (52, 76), "lead": (60, 84), "arp": (57, 81),
    "texture": (55, 79),
}  # fmt: skip
"""Lowest and highest pitch where each role usually lies: two octaves, so that there is little to choose."""

_KIT = ("kick", "snare", "clap", "rim", "hats", "toms", "ride", "crash")
_BRACES = re.compile(r"[{}]|[^{}]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Where a small model may put notes.

    Attributes:
        role: The part that is written.
        empty: The clip without its notes: name, length, tempo, metre, key and instrument.
        pitches: The pitches to choose from, ascending.
        max_notes: How many notes there may be.
    """

    role: str
    empty: Clip
    pitches: tuple[int, ...]
    max_notes: int

    @property
    def steps(self) -> int:
        """Length of the clip in sixteenth notes."""
        return round(self.empty.length * 4)

    @property
    def header(self) -> str:
        """The header line of the clip's notation."""
        return next(notation_lines(self.empty))

    def name(self, pitch: int) -> str:
        """Name a pitch as Live does, or the drum it is."""
        if self.empty.is_drums:
            return DRUM_NAMES[pitch]
        return spell(pitch, self.empty.key)


class GridNote(BaseModel):
    """A note as a small model writes it, on any grid.

    Attributes:
        step: Sixteenth notes from the start of the clip.
        pitch: MIDI pitch.
        length: Sixteenth notes.
        velocity: 1-127.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    step: int = Field(ge=0)
    pitch: int
    length: int = Field(default=1, ge=1)
    velocity: int = Field(default=96, ge=1, le=127)

    def line(self, grid: Grid) -> str:
        """Write the note as a line of notation; it ends with the clip at the latest."""
        length = min(self.length, grid.steps - self.step)
        note = Note(self.pitch, self.step / 4, length / 4, self.velocity)
        clip = grid.empty
        alone = Clip.of(
            [note], length=clip.length, meter=clip.meter, key=clip.key, instrument=clip.instrument
        )
        *_, line = notation_lines(alone)
        return line


class GridReader:
    """Reads notes out of grid JSON as it arrives, whatever stands around them.

    Each character is looked at once. A note on a step and a pitch that have one already is left out: no key is
    struck twice at once.

    Attributes:
        n_notes: Notes so far.
        strays: What was meant for a note and fits nowhere on the grid, as it was written.
        n_doubled: Notes that were left out since their key was struck in the same step already.
    """

    def __init__(self, grid: Grid) -> None:
        self.strays: list[str] = []
        self.n_doubled = 0
        self._grid = grid
        self._open: list[str] | None = None
        self._taken: set[tuple[int, int]] = set()

    @property
    def n_notes(self) -> int:
        """Notes so far."""
        return len(self._taken)

    def feed(self, text: str) -> list[GridNote]:
        """Take more of the text; give the notes that it completes."""
        found: list[GridNote] = []
        for piece in _BRACES.findall(text):
            if piece == "{":
                self._open = []
            elif piece != "}":
                if self._open is not None:
                    self._open.append(piece)
            elif self._open is not None:
                found += self._object("{" + "".join(self._open) + "}")
                self._open = None
        return found

    def _object(self, text: str) -> Iterator[GridNote]:
        if '"step"' not in text and '"pitch"' not in text:
            return
        try:
            note = GridNote.model_validate_json(text)
        except ValidationError:
            self.strays.append(text)
            return
        if note.step >= self._grid.steps or note.pitch not in self._grid.pitches:
            self.strays.append(text)
        elif (note.step, note.pitch) in self._taken:
            self.n_doubled += 1
        else:
            self._taken.add((note.step, note.pitch))
            yield note


def grid_of(brief: Brief, *, key: Key | None = None) -> Grid:
    """Give the grid for a brief without a problem.

    Args:
        brief: What is to be written.
        key: A key that drums are to bear too, since it was asked for explicitly.
    """
    drums = brief.role == "drums"
    key = key if drums else key_of(brief)
    what = " ".join(filter(None, (brief.genre, brief.role)))
    name = f"{what} in {key}" if key else what
    empty = Clip.of(
        [],
        length=brief.bars * brief.meter.bar,
        name=name[0].upper() + name[1:],
        bpm=brief.bpm or brief.facts.bpm,
        meter=brief.meter,
        key=key,
        instrument=INSTRUMENTS[brief.role],
    )
    return Grid(
        role=brief.role,
        empty=empty,
        pitches=_drums(brief) if drums else _scale(brief, key_of(brief)),
        max_notes=min(_MOST, _PER_BAR.get(brief.role, 4) * brief.bars),
    )


def _scale(brief: Brief, key: Key) -> tuple[int, ...]:
    low, high = (pitch + 12 * brief.octave for pitch in _REGISTERS[brief.role])
    while low < 0:
        low, high = low + 12, high + 12
    while high > 127:
        low, high = low - 12, high - 12
    return tuple(pitch for pitch in range(low, high + 1) if pitch % 12 in key.pitch_classes)


def _drums(brief: Brief) -> tuple[int, ...]:
    """The drums to choose from: those asked for, else the usual ones, without those that are to be silent."""
    pieces = brief.pieces
    wanted = pieces.only or (*_KIT, *(piece for piece, _ in pieces.placed))
    names = _lanes(wanted) - _lanes(pieces.without) or set(DRUM_PITCHES) - _lanes(pieces.without)
    return tuple(sorted(DRUM_PITCHES[name] for name in names or _lanes(_KIT)))


def _lanes(pieces: tuple[str, ...]) -> set[str]:
    return {drum for piece in pieces for drum in PIECES[piece].drums}


def grid_schema(grid: Grid) -> dict[str, Any]:
    """Give the JSON schema of the clips that can be written on a grid."""
    low, high = _VELOCITIES
    note = {
        "step": {"type": "integer", "minimum": 0, "maximum": grid.steps - 1},
        "pitch": {"type": "integer", "enum": list(grid.pitches)},
        "length": {"type": "integer", "minimum": 1, "maximum": _LONGEST},
        "velocity": {"type": "integer", "minimum": low, "maximum": high},
    }
    notes = {
        "type": "array",
        "items": _object(note),
        "minItems": FEWEST,
        "maxItems": grid.max_notes,
    }
    return _object({"notes": notes})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def grid_json(clip: Clip) -> str:
    """Write the first notes of a clip as grid JSON, brought to the nearest step, on one line.

    >>> grid_json(Clip.of([Note(45, 1, 0.5)]))
    '{"notes":[{"step":4,"pitch":45,"length":2,"velocity":96}]}'
    """
    low, high = _VELOCITIES
    sounding = [note for note in clip.notes if not note.mute][:_MOST]
    notes = [
        {
            "step": round(note.start * 4),
            "pitch": note.pitch,
            "length": max(1, min(_LONGEST, round(note.duration * 4))),
            "velocity": max(low, min(high, note.velocity)),
        }
        for note in sounding
    ]
    return json.dumps({"notes": notes}, separators=(",", ":"))
