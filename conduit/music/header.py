"""The first line of a clip text: the name, then what holds for the whole clip, in any order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil
from types import MappingProxyType
from typing import Any

from conduit.music.clip import PPQ, Clip
from conduit.music.instrument import DRUMS, GM_PROGRAMS
from conduit.music.meter import Bars, Meter
from conduit.music.note import MAX_BEATS
from conduit.music.places import DIGITS, NUMBER, number, steps_text
from conduit.music.scale import Key

__all__ = ["GRID", "HEADER_FORM", "Header", "header_line", "read_header"]

GRID: Mapping[str, int] = MappingProxyType({"X": 120, "x": 96, "o": 56})
"""Velocity of each mark of a drum lane where the header says nothing else; ``.`` and ``-`` rest."""

HEADER_FORM = "clip NAME | 4 bars | 4/4 | 120 bpm | A minor | bass"

_MAX_BARS = 9_999
_SEPARATOR = re.compile(r"(?<!\\)\|")
_UNIT = "(bar|step|tick)"
_LABEL = re.compile(r"(?:key|tempo|metre|meter|length|instrument)\s*:?\s+", re.IGNORECASE)
_FIELDS: dict[str, re.Pattern[str]] = {
    "length": re.compile(rf"({NUMBER})\s*{_UNIT}s?"),
    "bpm": re.compile(rf"({NUMBER})\s*bpm", re.IGNORECASE),
    "ppq": re.compile(rf"({DIGITS})\s*ppq"),
    "change": re.compile(rf"(\S+)\s+from\s+{_UNIT}\s+({DIGITS})"),
    "loop": re.compile(rf"loop\s+{_UNIT}s?\s+({DIGITS})\s*-\s*({DIGITS})"),
    "program": re.compile(rf"program\s+({DIGITS})"),
    "colour": re.compile(r"#([0-9a-fA-F]{6})"),
    "marks": re.compile(rf"(?:[Xxo]{DIGITS}\s*)+"),
}
_MARK = re.compile(r"([Xxo])([0-9]+)")
_MOST_VELOCITY = 127


@dataclass(frozen=True)
class Header:
    """What the first line of a clip text says.

    Attributes:
        name: The clip's name.
        length_ticks: Length, or None until it is known.
        meter: Time signature.
        bpm: Tempo.
        key: Key, or None.
        instrument: ``drums`` or a key of ``GM_PROGRAMS``.
        ppq: Ticks in a beat.
        meter_changes: Ticks and the metre from there on.
        loop_ticks: Where the loop starts and ends, or None.
        program: General MIDI program, or None.
        colour: 0xRRGGBB, or None.
        marks: Velocity of each mark of a drum lane.
    """

    name: str = ""
    length_ticks: int | None = None
    meter: Meter = field(default_factory=Meter)
    bpm: float = 120.0
    key: Key | None = None
    instrument: str = "keys"
    ppq: int = PPQ
    meter_changes: tuple[tuple[int, Meter], ...] = ()
    loop_ticks: tuple[int, int] | None = None
    program: int | None = None
    colour: int | None = None
    marks: Mapping[str, int] = field(default_factory=lambda: GRID)

    @cached_property
    def bars(self) -> Bars:
        """Where the bars lie."""
        return Bars(self.meter, self.meter_changes, ppq=self.ppq)

    @cached_property
    def most_bars(self) -> int:
        """The highest number of a bar: 9,999, or fewer where so many would be over ``MAX_BEATS`` beats."""
        return min(_MAX_BARS, int(self.bars.count(MAX_BEATS * self.ppq)))


def read_header(text: str) -> Header:
    """Read what follows ``clip`` in a header line.

    Raises:
        ValueError: A field is none of the header's, or the clip is too long; the message says what is valid.
    """
    name, *parts = (part.replace(r"\|", "|").strip() for part in _SEPARATOR.split(text))
    found: dict[str, Any] = {}
    changes: list[tuple[str, str, str]] = []
    for part in filter(None, parts):
        what, value = _field(_LABEL.sub("", part, count=1))
        if what == "change":
            changes.append(value)
        else:
            found[what] = value
    spans = {what: found.pop(what, None) for what in ("length", "loop")}
    header = Header(name=name, **found)
    if changes:
        found["meter_changes"] = tuple(_read_changes(header, changes))
        header = Header(name=name, **found)
    if spans["length"]:
        found["length_ticks"] = _read_length(header, *spans["length"])
    if spans["loop"]:
        found["loop_ticks"] = _read_loop(header, *spans["loop"])
    return Header(name=name, **found)


def _field(part: str) -> tuple[str, Any]:
    """Tell which field this is; give its value, and groups of text for those that need the others."""
    if part.lower() in (DRUMS, *GM_PROGRAMS):
        return "instrument", part.lower()
    for what, pattern in _FIELDS.items():
        if match := pattern.fullmatch(part):
            return what, _VALUES[what](match)
    if "/" in part:
        return "meter", Meter.parse(part)
    return "key", Key(part)


def _read_marks(match: re.Match[str]) -> dict[str, int]:
    marks = {**GRID, **{mark: int(velocity) for mark, velocity in _MARK.findall(match[0])}}
    for mark, velocity in marks.items():
        if not 1 <= velocity <= _MOST_VELOCITY:
            raise ValueError(f"velocity {velocity} of {mark} is outside 1-{_MOST_VELOCITY}")
    return marks


_VALUES: dict[str, Callable[[re.Match[str]], Any]] = {
    "length": re.Match.groups,
    "bpm": lambda match: float(match[1]),
    "ppq": lambda match: Clip.of([], ppq=int(match[1])).ppq,  # refused here: lengths need it
    "change": re.Match.groups,
    "loop": re.Match.groups,
    "program": lambda match: int(match[1]),
    "colour": lambda match: int(match[1], 16),
    "marks": _read_marks,
}


def _read_changes(header: Header, changes: list[tuple[str, str, str]]) -> list[tuple[int, Meter]]:
    """Give the ticks of changes of metre; a bar's number counts the bars that those before it make."""
    read: list[tuple[int, Meter]] = []
    walk = _Walk(header.meter, header.ppq)
    for signature, unit, where in changes:
        value = int(where)
        if unit == "bar":
            tick = walk.tick_of(value)
        else:
            tick = round(Fraction((value - 1) * header.ppq, 4)) if unit == "step" else value
        meter = Meter.parse(signature)
        if tick <= walk.start or tick > MAX_BEATS * header.ppq:
            rule = "a change of metre comes after the start and the one before it"
            raise ValueError(f"{signature} from {unit} {where} cannot be: {rule}")
        walk.change(tick, meter)
        read.append((tick, meter))
    return read


class _Walk:
    """Counts bars along changes of metre, as ``Bars`` does, one change at a time."""

    def __init__(self, meter: Meter, ppq: int) -> None:
        self.start = 0
        self._ppq = ppq
        self._first = 1
        self._length = Fraction(meter.numerator * 4 * ppq, meter.denominator)

    def tick_of(self, bar: int) -> int:
        """Give the tick nearest to the start of a bar, counted from 1."""
        return round(self.start + (bar - self._first) * self._length)

    def bar_at(self, tick: int) -> int | None:
        """Give the number of the bar that starts at a tick, or None."""
        bar = self._first + round((tick - self.start) / self._length)
        return bar if self.tick_of(bar) == tick else None

    def change(self, tick: int, meter: Meter) -> None:
        """Go on with another metre."""
        self._first += ceil((tick - self.start) / self._length)
        self.start = tick
        self._length = Fraction(meter.numerator * 4 * self._ppq, meter.denominator)


def _read_length(header: Header, amount: str, unit: str) -> int:
    value = Fraction(amount) if unit == "bar" else number(amount)
    if unit == "bar":
        most = header.most_bars
        if not 0 < value <= most:
            raise ValueError(f"{float(value):g} bars of {header.meter} cannot be; {_lengths(header)}")
        bar = header.bars.number(int(value))
        ticks = round(bar.start + (value - int(value)) * bar.length)
    else:
        ticks = round(value * header.ppq / 4 if unit == "step" else value)
        if not 0 < ticks <= round(header.bars.number(header.most_bars).start):
            raise ValueError(f"a length of {amount} {unit}s cannot be; {_lengths(header)}")
    return max(1, ticks)


def _lengths(header: Header) -> str:
    return f"a clip is more than 0 and up to {header.most_bars} bars of them"


def _read_loop(header: Header, unit: str, first: str, last: str) -> tuple[int, int]:
    """Give the ticks of a loop; bars and steps count from 1 and the last is inside, ticks count from 0."""
    start, end = int(first), int(last)
    if unit == "bar":
        if not 1 <= start <= end <= header.most_bars:
            raise ValueError(f"loop bars {first}-{last} cannot be: bars are 1 to {header.most_bars}")
        return round(header.bars.number(start - 1).start), round(header.bars.number(end).start)
    if unit == "tick":
        return start, end
    return round(Fraction((start - 1) * header.ppq, 4)), round(Fraction(end * header.ppq, 4))


def header_line(clip: Clip, marks: Mapping[str, int] = GRID) -> str:
    """Write the header of a clip, with the marks of its drum lanes where they are not the usual ones."""
    changed = {mark: marks[mark] for mark in GRID if marks.get(mark, GRID[mark]) != GRID[mark]}
    fields = [
        f"clip {clip.name}".replace("|", r"\|"),
        _length(clip),
        str(clip.meter),
        *_change_fields(clip),
        f"{clip.bpm!r} bpm".replace(".0 ", " "),
        clip.key,
        None if clip.ppq == PPQ else f"{clip.ppq} ppq",
        clip.instrument,
        None if clip.program is None else f"program {clip.program}",
        _loop(clip),
        None if clip.colour is None else f"#{clip.colour:06x}",
        " ".join(f"{mark}{velocity}" for mark, velocity in changed.items()),
    ]
    return " | ".join(filter(None, fields))


def _bar_number(clip: Clip, tick: int) -> int | None:
    """Give the index, from 0, of the bar that starts at a tick when rounded, or None."""
    index = round(clip.bar_lines.count(tick))
    return index if round(clip.bar_lines.number(index).start) == tick else None


def _length(clip: Clip) -> str:
    if bars := _bar_number(clip, clip.length_ticks):
        return f"{bars} bars"
    steps = steps_text(clip.length_ticks, clip.ppq)
    return f"{clip.length_ticks} ticks" if steps is None else f"{steps} steps"


def _change_fields(clip: Clip) -> list[str]:
    walk = _Walk(clip.meter, clip.ppq)
    fields = []
    for tick, meter in clip.meter_changes:
        bar = walk.bar_at(tick)
        known = bar is not None and bar <= _MAX_BARS
        fields.append(f"{meter} from bar {bar}" if known else f"{meter} from tick {tick}")
        walk.change(tick, meter)
    return fields


def _loop(clip: Clip) -> str | None:
    if clip.loop_ticks is None:
        return None
    start, end = (_bar_number(clip, tick) for tick in clip.loop_ticks)
    if start is None or not end or start == end:
        return "loop ticks {}-{}".format(*clip.loop_ticks)
    return f"loop bars {start + 1}-{end}"
