"""The compact text in which models and people read and write clips.

::

    clip Acid bass | 2 bars | 4/4 | 128 bpm | A minor | bass
    1 | 1:A1/2v110 4:A1/1 7:C2,E2/2v90
    2 = 1

The first line is the header: the name, then in any order a length (``2 bars`` or ``37 steps``), a metre, a
tempo, a key and an instrument. Then a line a bar: ``STEP:PITCH/LENGTHvVELOCITY``. A step is a sixteenth note,
the first in a bar is 1, fractions are allowed; a comma joins pitches that sound together; length is in steps;
a trailing ``~`` mutes. Length and velocity, once written, hold to the end of the line; a line starts with
length 1 and velocity 96. Pitches are names as in Live (60 is C3), numbers, or drum names. ``2 = 1`` repeats a
bar. A drum lane may be drawn: ``1 | kick X...x...x...x...`` (``X`` 120, ``x`` 96, ``o`` 56, ``.`` rest).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from conduit.music.clip import PPQ, Clip
from conduit.music.drums import DRUM_NAMES
from conduit.music.instrument import DRUMS, GM_PROGRAMS
from conduit.music.meter import Meter
from conduit.music.pitch import pitch_name
from conduit.music.scale import Key

__all__ = ["EVENT_FORM", "GRID", "HEADER_FORM", "Header", "notation_lines", "read_header", "write_clip"]

GRID = {"X": 120, "x": 96, "o": 56}
"""Velocity of each mark of a drum lane; ``.`` and ``-`` rest."""

_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(bars?|steps?)")
_TEMPO = re.compile(r"(\d+(?:\.\d+)?)\s*bpm")
_RESOLUTION = re.compile(r"(\d+)\s*ppq")
EVENT_FORM = "STEP:PITCH/LENGTHvVELOCITY, such as 1:A1/2v110"
HEADER_FORM = "clip NAME | 4 bars | 4/4 | 120 bpm | A minor | bass"


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a clip text.

    Attributes:
        name: The clip's name.
        steps: Length in sixteenth notes, or None until it is known.
        meter: Time signature.
        bpm: Tempo.
        key: Key, or None.
        instrument: ``drums`` or a key of ``GM_PROGRAMS``.
        ppq: Ticks in a beat.
    """

    name: str = ""
    steps: float | None = None
    meter: Meter = field(default_factory=Meter)
    bpm: float = 120.0
    key: Key | None = None
    instrument: str = "keys"
    ppq: int = PPQ


def read_header(text: str) -> Header:
    """Read what follows ``clip`` in a header line.

    Raises:
        ValueError: A field is none of the header's; the message says what would be valid.
    """
    name, *fields = (part.replace("\0", "|").strip() for part in text.replace(r"\|", "\0").split("|"))
    header = Header(name=name)
    bars = None
    for part in fields:
        if match := _LENGTH.fullmatch(part):
            bars = float(match[1]) if match[2].startswith("bar") else None
            header = replace(header, steps=float(match[1]))
        elif part:
            header = _with_field(header, part)
    return header if bars is None else replace(header, steps=bars * header.meter.steps)


def _with_field(header: Header, part: str) -> Header:
    if part == DRUMS or part in GM_PROGRAMS:
        return replace(header, instrument=part)
    if match := _TEMPO.fullmatch(part):
        return replace(header, bpm=float(match[1]))
    if match := _RESOLUTION.fullmatch(part):
        return replace(header, ppq=int(match[1]))
    if "/" in part:
        return replace(header, meter=Meter.parse(part))
    return replace(header, key=Key(part))


def write_clip(clip: Clip) -> str:
    """Write a clip as text; ``read_clip`` gives an equal clip back.

    >>> from conduit.music.note import Note
    >>> print(write_clip(Clip.of([Note(45, 0, 0.5), Note(48, 1, 0.5)], name="Bass", instrument="bass")))
    clip Bass | 1 bars | 4/4 | 120 bpm | bass
    1 | 1:A1/2 5:C2
    """
    return "\n".join(notation_lines(clip))


def notation_lines(clip: Clip) -> Iterator[str]:
    """Give the lines of ``write_clip`` one by one: the header, then a line for each bar with notes."""
    yield _header_line(clip)
    bar_ticks = round(clip.meter.bar * clip.ppq)
    bars: dict[int, list[tuple[int, int, int, int, bool]]] = {}
    for row in clip.table.tolist():
        bars.setdefault(row[0] // bar_ticks, []).append(row)
    for bar, rows in bars.items():
        yield f"{bar + 1} | {' '.join(_events(rows, clip, bar * bar_ticks))}"


def _header_line(clip: Clip) -> str:
    bars = clip.length_ticks / (clip.meter.bar * clip.ppq)
    length = f"{bars:.0f} bars" if bars == int(bars) else f"{_steps(clip.length_ticks, clip.ppq)} steps"
    name = " ".join(clip.name.split()).replace("|", r"\|")
    fields = [f"clip {name}", length, str(clip.meter), f"{clip.bpm!r} bpm".replace(".0 ", " ")]
    if clip.key:
        fields.append(clip.key)
    if clip.ppq != PPQ:
        fields.append(f"{clip.ppq} ppq")
    return " | ".join([*fields, clip.instrument])


def _events(rows: list[tuple[int, int, int, int, bool]], clip: Clip, bar_start: int) -> Iterator[str]:
    length, velocity = clip.ppq // 4, 96
    for start, duration, pitch, strength, mute in rows:
        name = DRUM_NAMES.get(pitch) if clip.is_drums else None
        text = f"{_steps(start - bar_start + clip.ppq // 4, clip.ppq)}:{name or _name(pitch, clip)}"
        if duration != length:
            text += f"/{_steps(duration, clip.ppq)}"
        if strength != velocity:
            text += f"v{strength}"
        length, velocity = duration, strength
        yield text + "~" * mute


def _name(pitch: int, clip: Clip) -> str:
    return pitch_name(pitch, flats=clip.key is not None and clip.key.flats)


def _steps(ticks: int, ppq: int) -> str:
    return f"{ticks * 4 / ppq:.5f}".rstrip("0").rstrip(".")
