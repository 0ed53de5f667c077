"""Notes as models write them in JSON, each by itself: what is said of pitch, time and strength under any name.

A row says what it says in its own units; ``timing`` turns rows into notes, for that takes all of them together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from conduit.composer.aliases import BLOCK_FIELDS, DRUM_WORDS, NOTE_FIELDS, NOTE_VALUES, VELOCITY_WORDS, plain
from conduit.composer.loose import Object
from conduit.composer.named import number, read_pitches
from conduit.composer.repair import Ledger

__all__ = [
    "SAYS",
    "WHEN",
    "Row",
    "is_note_off",
    "is_row",
    "read_row",
    "read_times",
    "row_fields",
    "split_row",
]

_FRACTION = re.compile(r"(\d{1,4}) ?/ ?(\d{1,4})( ?t| ?d|\.)?")
_VALUE = re.compile(r"(\d{1,3})(n|th|nd)(t|d|\.)?")
_PLACE = re.compile(
    r"(-?\d{1,5})(?:(:)(\d{1,5}(?:\.\d{1,9})?)(?::(\d{1,5}(?:\.\d{1,9})?))?|(\.)(\d{1,5})\.(\d{1,5}))"
)
_DOTTED, _TRIPLET = 1.5, 2 / 3
WHEN = frozenset({"start", "step", "bar", "start_s", "start_ms", "start_ticks"})
"""Fields that say when something is."""

_TYPES = {"type", "event", "eventtype", "message", "messagetype", "kind"}
_OFFS, _ONS = {"noteoff", "off", "noteoffevent"}, {"noteon", "on", "noteonevent"}
_OF_CLIPS = {"bpm", "meter", "bars"}
SAYS = WHEN | {"duration", "steps", "end", "velocity", "duration_s", "duration_ms", "duration_ticks"}


@dataclass(slots=True)
class Row:
    """One note, or several that sound together, in the units they were written in.

    Attributes:
        pitches: MIDI pitches, 0-127.
        drum: Whether it is said to be a drum.
        start: When, in units of ``start_unit``; None where nothing is said.
        start_unit: ``beat``, ``step``, ``s``, ``ms``, ``tick`` or ``bar``.
        bar: The bar that ``start`` is counted in, as it was written; None where it is counted from the beginning.
        duration: How long, in units of ``duration_unit``.
        duration_unit: As above.
        end: When it ends, in units of ``start_unit``.
        velocity: As it was written; None where nothing can be read.
        from_zero: Whether its place in the bar is known to be counted from 0.
        fraction: Whether the velocity is a fraction of 1.
        extras: Fields of ``Note`` beside those.
    """

    pitches: list[int]
    drum: bool = False
    start: float | None = None
    start_unit: str = "beat"
    bar: float | None = None
    duration: float | None = None
    duration_unit: str = "beat"
    end: float | None = None
    velocity: float | None = None
    from_zero: bool = False
    fraction: bool = False
    extras: dict[str, Any] = field(default_factory=dict)


def is_row(value: Object) -> bool:
    """Say whether an object is meant for a note: it has a pitch or a drum, and says when, how long or how loud.

    One whose pitches are objects or lists is no note but holds some, and one with a tempo is a clip.
    """
    names = {plain(key): one for key, one in value.pairs if key is not None}
    fields = {NOTE_FIELDS.get(name): one for name, one in names.items()}
    if not fields.keys() & SAYS or any(BLOCK_FIELDS.get(name) in _OF_CLIPS for name in names):
        return False
    if "pitch" not in fields:
        return isinstance(fields.get("drum"), str) and plain(str(fields["drum"])) in DRUM_WORDS
    inside = fields["pitch"]
    return not (isinstance(inside, list) and any(isinstance(one, Object | list) for one in inside))


def is_note_off(value: Object) -> bool:
    """Say whether an event ends a note, as MIDI has it: a note-off, or a note-on without a velocity."""
    names = {plain(key): one for key, one in value.pairs if key is not None}
    kinds = {plain(one) for name, one in names.items() if name in _TYPES and isinstance(one, str)}
    is_silent = any(NOTE_FIELDS.get(name) == "velocity" and number(one) == 0 for name, one in names.items())
    return bool(kinds & _OFFS) or (bool(kinds & _ONS) and is_silent)


def row_fields(value: Object) -> dict[str, tuple[str, Any]]:
    """Give the fields of a note by their meaning, each with the name it was written under."""
    fields: dict[str, tuple[str, Any]] = {}
    for key, one in value.pairs:
        meaning = NOTE_FIELDS.get(plain(key)) if key is not None else None
        if meaning is not None:
            fields.setdefault(meaning, (plain(str(key)), one))
    return fields


def split_row(value: Object) -> Iterator[Object]:
    """Give the notes of an object in which brackets were forgotten: each begins where a field comes again."""
    pairs: list[tuple[str | None, Any]] = []
    names: set[str] = set()
    for key, one in value.pairs:
        name = plain(key) if key is not None else ""
        if name and name in names:
            yield Object(pairs)
            pairs, names = [], set()
        pairs.append((key, one))
        names.add(name)
    yield Object(pairs, whole=value.whole)


def read_row(value: Object, ledger: Ledger, *, drums: bool, chords: bool = False) -> Row | None:
    """Read a note; None where it has no pitch that can be read, which the ledger then knows.

    Args:
        value: What was written.
        ledger: Where what is put right is written down.
        drums: Whether it stands among drums.
        chords: Whether it stands among chords.
    """
    fields = row_fields(value)
    name, given = fields.get("pitch") or fields.get("drum") or ("", None)
    pitches = read_pitches(given, ledger, drums=drums, chords=chords or name.startswith("chord"))
    if not pitches.found:
        return None
    row = Row(pitches.found, drum=drums or pitches.drums or _value(fields, "is_drum") is True)
    read_times(row, fields)
    if pitches.chord and row.duration is None and row.end is None:
        row.duration, row.duration_unit = 1.0, "bar"
        ledger.add("bar_long")
    row.velocity, row.fraction = _velocity(_value(fields, "velocity"))
    _read_extras(row, fields, ledger)
    return row


def _value(fields: dict[str, tuple[str, Any]], name: str) -> Any:
    return fields[name][1] if name in fields else None


def read_times(row: Row, fields: dict[str, tuple[str, Any]]) -> None:
    """Read when a row is and how long, from fields as ``row_fields`` gives them."""
    row.bar = number(_value(fields, "bar"))
    for name, unit in (("start_s", "s"), ("start_ms", "ms"), ("start_ticks", "tick"), ("step", "step")):
        if name in fields and "start" not in fields:
            row.start, row.start_unit = number(_value(fields, name)), unit
    if "start" in fields:
        row.start = _start(row, _value(fields, "start"))
    row.end = number(_value(fields, "end"))
    if "end_s" in fields and row.start_unit == "s":
        row.end = number(_value(fields, "end_s"))
    _read_duration(row, fields)


def _read_duration(row: Row, fields: dict[str, tuple[str, Any]]) -> None:
    units = (("duration_s", "s"), ("duration_ms", "ms"), ("duration_ticks", "tick"), ("steps", "step"))
    for name, unit in units:
        if name in fields:
            row.duration, row.duration_unit = number(_value(fields, name)), unit
    if "duration" in fields and row.duration is None:
        name, written = fields["duration"]
        value = note_value(written) if isinstance(written, str) else None
        row.duration = value if value is not None else number(written)
        # Where a start is a step, a length is in steps too, unless it says otherwise.
        is_plain = value is None and "beat" not in name
        row.duration_unit = row.start_unit if is_plain else "beat"


def _start(row: Row, written: Any) -> float | None:
    """Read a start; ``2:1:0`` counts bars, beats and sixteenths from 0, ``2.1.1`` from 1."""
    plain_number = number(written)
    if plain_number is not None or not isinstance(written, str):
        return plain_number
    place = _PLACE.fullmatch(written.strip())
    if place is None:
        return note_value(written)
    bar, *found = place.groups()
    first = 1 if found[3] else 0
    _, beat, sixteenth = found[3:] if first else found[:3]
    row.bar = int(bar) + 1 - first
    row.from_zero = True
    return float(beat) - first + (float(sixteenth) - first) / 4 if sixteenth else float(beat) - first


def note_value(written: str) -> float | None:
    """Give the beats of a note value such as ``1/8``, ``8n``, ``1/8t`` or ``eighth``; None where it is none.

    >>> note_value("1/8"), note_value("4n."), note_value("half"), note_value("long")
    (0.5, 1.5, 2.0, None)
    """
    text = written.strip().lower()
    if plain(text) in NOTE_VALUES:
        return NOTE_VALUES[plain(text)]
    if match := _FRACTION.fullmatch(text):
        over, under, more = int(match[1]), int(match[2]), match[3]
    elif match := _VALUE.fullmatch(text):
        over, under, more = 1, int(match[1]), match[3]
    else:
        return None
    if not under or not over:
        return None
    factor = {"t": _TRIPLET, "d": _DOTTED, ".": _DOTTED}.get((more or "").strip(), 1.0)
    return over * 4 / under * factor


def _velocity(written: Any) -> tuple[float | None, bool]:
    if isinstance(written, str) and plain(written) in VELOCITY_WORDS:
        return VELOCITY_WORDS[plain(written)], False
    value = number(written)
    return value, isinstance(written, float) and 0 < written <= 1


def _read_extras(row: Row, fields: dict[str, tuple[str, Any]], ledger: Ledger) -> None:
    """Read what few notes say; what cannot be is left out."""
    if _value(fields, "mute") in (True, "true", "True"):
        row.extras["mute"] = True
    limits = (("probability", "probability", 0, 1), ("deviation", "velocity_deviation", -127, 127))
    for name, argument, low, high in (*limits, ("release", "release_velocity", 0, 127)):
        if _value(fields, name) is None:
            continue
        value = number(_value(fields, name))
        if value is None or not low <= value <= high:
            ledger.add("extras")
        else:
            row.extras[argument] = value if argument == "probability" else round(value)
