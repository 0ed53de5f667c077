"""The compact text in which models and people read and write clips.

::

    clip Acid bass | 2 bars | 4/4 | 128 bpm | A minor | bass
    1 | 1:A1/2v110 4:A1/1 7:C2,E2/2v90
    2 = 1

The first line is the header: the name, then in any order a length (``2 bars`` or ``37 steps``), a metre, a
tempo, a key and an instrument. Then a line a bar: ``STEP:PITCH/LENGTHvVELOCITY``. A step is a sixteenth note,
the first in a bar is 1, fractions are allowed; a comma joins pitches that sound together; length is in steps;
a trailing ``~`` mutes. Length and velocity, once written, hold to the end of the line; a line starts with
length 1 and velocity 96. Pitches are names as in Live (60 is C3), numbers, or drum names. ``2 = 1`` repeats
bar 1 as bar 2, which is still empty. A drum lane may be drawn: ``1 | kick X...x...x...x...`` (``X`` 120, ``x``
96, ``o`` 56, ``.`` rest).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from conduit.errors import ClipError
from conduit.music.clip import PPQ, Clip
from conduit.music.drums import DRUM_NAMES, DRUM_PITCHES
from conduit.music.instrument import DRUMS, GM_PROGRAMS
from conduit.music.meter import Meter
from conduit.music.note import MAX_BEATS
from conduit.music.pitch import parse_pitch, pitch_name
from conduit.music.scale import Key

__all__ = [
    "EVENT",
    "EVENT_FORM",
    "GRID",
    "HEADER_FORM",
    "LONGEST_WORD",
    "Header",
    "max_bars",
    "notation_lines",
    "read_header",
    "read_pitch",
    "write_clip",
]

GRID = {"X": 120, "x": 96, "o": 56}
"""Velocity of each mark of a drum lane; ``.`` and ``-`` rest."""

LONGEST_WORD = 256
"""Characters of the longest word that is read."""

_DIGITS = rf"\d{{1,{LONGEST_WORD}}}"  # so few that float() and int() take every match
_NUMBER = rf"{_DIGITS}(?:\.{_DIGITS})?"
EVENT = re.compile(rf"({_NUMBER}):(.+?)(?:/({_NUMBER}))?(?:v({_DIGITS}))?(~?)")
"""The notes of one step: step, pitches, length, velocity and mute."""

_MAX_BARS = 9_999
_LENGTH = re.compile(rf"({_NUMBER})\s*(bars?|steps?)")
_TEMPO = re.compile(rf"({_NUMBER})\s*bpm")
_RESOLUTION = re.compile(rf"({_DIGITS})\s*ppq")
_SEPARATOR = re.compile(r"(?<!\\)\|")
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


def max_bars(meter: Meter) -> int:
    """Give the highest number of a bar: 9,999, or fewer where so many would be over ``MAX_BEATS`` beats."""
    return min(_MAX_BARS, int(MAX_BEATS // meter.bar))


def read_header(text: str) -> Header:
    """Read what follows ``clip`` in a header line.

    Raises:
        ValueError: A field is none of the header's, or the clip is too long; the message says what is valid.
    """
    name, *fields = (part.replace(r"\|", "|").strip() for part in _SEPARATOR.split(text))
    header = Header(name=name)
    bars = None
    for part in fields:
        if match := _LENGTH.fullmatch(part):
            bars = float(match[1]) if match[2].startswith("bar") else None
            header = replace(header, steps=float(match[1]))
        elif part:
            header = _with_field(header, part)
    if bars is not None:
        header = replace(header, steps=bars * header.meter.steps)
    most = max_bars(header.meter)
    if header.steps is not None and not 0 < header.steps <= most * header.meter.steps:
        length = f"{header.steps / header.meter.steps:g} bars of {header.meter}"
        raise ValueError(f"{length} cannot be; a clip is more than 0 and up to {most} bars of them")
    return header


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
        drums = list(DRUM_PITCHES)
        raise ClipError(f"{name!r} is not a drum: {', '.join(drums)}", valid=drums) from None


def write_clip(clip: Clip) -> str:
    """Write a clip as text; ``read_clip`` gives an equal clip back, up to 9,999 bars and 100,000 notes.

    >>> from conduit.music.note import Note
    >>> print(write_clip(Clip.of([Note(45, 0, 0.5), Note(48, 1, 0.5)], name="Bass", instrument="bass")))
    clip Bass | 1 bars | 4/4 | 120 bpm | bass
    1 | 1:A1/2 5:C2
    """
    return "\n".join(notation_lines(clip))


def notation_lines(clip: Clip) -> Iterator[str]:
    """Give the lines of ``write_clip`` one by one: the header, then a line for each bar with notes."""
    yield _header_line(clip)
    # Not rounded: a bar of 7/16 need not end on a tick.
    bar_ticks = clip.meter.bar * clip.ppq
    bars: dict[int, list[tuple[int, int, int, int, bool]]] = {}
    for row in clip.table.tolist():
        bars.setdefault(int(row[0] // bar_ticks), []).append(row)
    for bar, rows in bars.items():
        yield f"{bar + 1} | {' '.join(_events(rows, clip, bar * bar_ticks))}"


def _header_line(clip: Clip) -> str:
    bars = clip.length_ticks / (clip.meter.bar * clip.ppq)
    length = f"{bars:.0f} bars" if bars == int(bars) else f"{_steps(clip.length_ticks, clip.ppq)} steps"
    name = clip.name.replace("|", r"\|")
    fields = [f"clip {name}", length, str(clip.meter), f"{clip.bpm!r} bpm".replace(".0 ", " ")]
    if clip.key:
        fields.append(clip.key)
    if clip.ppq != PPQ:
        fields.append(f"{clip.ppq} ppq")
    return " | ".join([*fields, clip.instrument])


def _events(rows: list[tuple[int, int, int, int, bool]], clip: Clip, bar_start: float) -> Iterator[str]:
    step = clip.ppq / 4
    length, velocity = step, 96
    for start, duration, pitch, strength, mute, *_ in rows:
        name = DRUM_NAMES.get(pitch) if clip.is_drums else None
        text = f"{_steps(start - bar_start + step, clip.ppq)}:{name or _name(pitch, clip)}"
        if duration != length:
            text += f"/{_steps(duration, clip.ppq)}"
        if strength != velocity:
            text += f"v{strength}"
        length, velocity = duration, strength
        yield text + "~" * mute


def _name(pitch: int, clip: Clip) -> str:
    return pitch_name(pitch, flats=clip.key is not None and clip.key.flats)


def _steps(ticks: float, ppq: int) -> str:
    return f"{ticks * 4 / ppq:.5f}".rstrip("0").rstrip(".")
