"""From a block of JSON to a clip: its facts, its notes in beats, its control changes, and how long it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import floor
from statistics import median_low
from typing import Any

from conduit.band.parts import INSTRUMENTS
from conduit.composer.aliases import CONTROL_FIELDS, NOTE_FIELDS, UNITS, plain
from conduit.composer.blocks import Block
from conduit.composer.brief import MAX_BARS, Options
from conduit.composer.loose import Object
from conduit.composer.named import number
from conduit.composer.repair import Ledger
from conduit.composer.rows import WHEN, Row, note_value, read_times
from conduit.composer.timing import Frame, notes_of, starts_of
from conduit.music import BEND, DRUMS, GM_PROGRAMS, PRESSURE, Clip, ControlChange, Key, Meter, Note
from conduit.music.control import parse_control
from conduit.music.note import MAX_BEATS

__all__ = ["assembled", "parted"]

_LOWEST_BPM, _HIGHEST_BPM = 20, 999
_MOST_PPQ = 32_767
_BASS_BELOW = 48
_BENDS = {"pitchbend": BEND, "bend": BEND, "aftertouch": PRESSURE, "channelpressure": PRESSURE}
_BEND_LOW, _BEND_HIGH = -8192, 8191
_NEARLY = 1e-6


def parted(block: Block) -> Iterator[Block]:
    """Give a block as blocks of one instrument each, drums first: a clip is of one."""
    drums = [row for row in block.rows if row.drum]
    if not drums or len(drums) == len(block.rows):
        yield block
        return
    yield Block(drums, block.facts | {"instrument": DRUMS})
    yield replace(block, rows=[row for row in block.rows if not row.drum])


def assembled(block: Block, options: Options, ledger: Ledger) -> Clip:
    """Make the clip of a block.

    Args:
        block: Its rows are of one instrument.
        options: What was asked for; it stands in where the block says nothing.
        ledger: Where what is put right is written down.
    """
    facts = _Facts(block.facts, ledger)
    asked = Meter.parse(options.meter) if isinstance(options.meter, str) else options.meter
    meter = facts.meter() or asked or Meter()
    bpm = facts.bpm() or options.bpm or 120.0
    bars = options.bars or facts.number("bars", 0, MAX_BARS)
    beats = bars * meter.bar if bars else None
    frame = Frame(
        meter=meter,
        bpm=bpm,
        ppq=round(facts.number("ppq", 1, _MOST_PPQ) or 480),
        beats=beats,
        unit=UNITS.get(plain(str(block.facts.get("unit", ""))), ""),
        grid=facts.grid(),
        swing=facts.swing(),
    )
    notes = notes_of(block.rows, frame, ledger)
    drums = bool(block.rows) and all(row.drum for row in block.rows)
    return Clip.of(
        _within(notes, MAX_BARS * meter.bar, ledger),
        length=_length(notes, facts, meter),
        name=str(block.facts.get("name") or ""),
        bpm=bpm,
        meter=meter,
        key=facts.key() or (None if drums else options.key),
        instrument=DRUMS if drums else facts.instrument() or options_instrument(options) or _likely(notes),
        controls=_controls(block.controls, frame, ledger, beside=block.rows),
    )


def options_instrument(options: Options) -> str | None:
    """Give the instrument of the part that was asked for."""
    return INSTRUMENTS.get(options.role) if options.role else None


def _likely(notes: list[Note]) -> str:
    return "bass" if notes and median_low(note.pitch for note in notes) < _BASS_BELOW else "keys"


def _within(notes: list[Note], beats: float, ledger: Ledger) -> list[Note]:
    kept = [note for note in notes if note.start < beats]
    ledger.add("late", len(notes) - len(kept), what=f"bar {MAX_BARS}")
    return kept


def _length(notes: list[Note], facts: _Facts, meter: Meter) -> float:
    """Give the length in beats: as the block says, else the whole bars in which notes start."""
    last = max((note.start for note in notes if note.start < MAX_BARS * meter.bar), default=0.0)
    bars = facts.number("bars", 0, MAX_BARS)
    if bars:
        return bars * meter.bar
    beats = facts.number("beats", 0, MAX_BARS * meter.bar)
    if beats and beats > last:
        return beats
    if beats and beats <= MAX_BARS and beats * meter.bar > last:
        return beats * meter.bar  # ``length`` may count bars
    return (floor(last / meter.bar + 1e-6) + 1) * meter.bar


@dataclass(frozen=True, slots=True)
class _Facts:
    """Reads the facts of a block; one that cannot be is told and left out."""

    given: dict[str, Any]
    ledger: Ledger

    def number(self, name: str, low: float, high: float) -> float | None:
        """Give a number over ``low`` and up to ``high``."""
        if self.given.get(name) is None:
            return None
        value = number(self.given[name])
        if value is None or not low < value <= high:
            self._left_out(name)
            return None
        return value

    def bpm(self) -> float | None:
        """Give the tempo."""
        return self.number("bpm", _LOWEST_BPM - 1e-9, _HIGHEST_BPM)

    def meter(self) -> Meter | None:
        """Give the metre."""
        written = self.given.get("meter")
        if written is None:
            return None
        try:
            return Meter.parse(str(written)[:16])
        except ValueError:
            self._left_out("meter")
            return None

    def key(self) -> Key | None:
        """Give the key."""
        written = self.given.get("key")
        if written is None or written == "":
            return None
        try:
            return Key(str(written)[:40])
        except ValueError:
            self._left_out("key")
            return None

    def instrument(self) -> str | None:
        """Give the instrument, where it is one of those there are or plays one of the parts."""
        word = plain(str(self.given.get("instrument") or ""))
        return word if word in {DRUMS, *GM_PROGRAMS} else INSTRUMENTS.get(word)

    def grid(self) -> float:
        """Give the grid in beats; 0 for none."""
        written = self.given.get("quantize")
        if written in (None, False, "", "none", "off", 0):
            return 0.0
        beats = note_value(written) if isinstance(written, str) else number(written)
        if beats is None or not 1 / 64 <= beats <= 16:
            self._left_out("quantize")
            return 0.0
        return beats

    def swing(self) -> float:
        """Give the swing, 0-100."""
        written = self.given.get("swing")
        if written in (None, False, "", "none", "off"):
            return 0.0
        value = number(written)
        if value is not None and 0 < value < 1:
            value *= 100
        if value is None or not 0 <= value <= 100:
            self._left_out("swing")
            return 0.0
        return value

    def _left_out(self, name: str) -> None:
        self.ledger.add("fact", what=f"{name} {self.given[name]!r}")


@dataclass(slots=True)
class _Change:
    """A control change as it was written: which control, to what, and when."""

    control: int
    value: float
    row: Row


def _controls(given: list[Any], frame: Frame, ledger: Ledger, *, beside: list[Row]) -> list[ControlChange]:
    changes = list(_changes(given, ledger))
    _scale(changes, ledger)
    found: list[ControlChange] = []
    for one, start in zip(
        changes, starts_of([one.row for one in changes], frame, beside=beside), strict=True
    ):
        if not start <= MAX_BEATS:
            ledger.add("control", what=f"{one.control} at beat {start:g}")
            continue
        ledger.add("control_start", int(start < -_NEARLY))
        low, high = (_BEND_LOW, _BEND_HIGH) if one.control == BEND else (0, 127)
        near = round(min(high, max(low, one.value)))
        outside = not low - 0.5 <= one.value <= high + 0.5
        ledger.add("control_value", int(outside))
        ledger.add("control_rounded", int(not outside and abs(near - one.value) > _NEARLY))
        found.append(ControlChange(one.control, max(0.0, start), near))
    return found


def _changes(given: list[Any], ledger: Ledger) -> Iterator[_Change]:
    """Read control changes; one that cannot be read is told."""
    for one in given:
        fields = _control_fields(one)
        written = {name: value for name, (_, value) in fields.items()}
        row = Row([])
        read_times(row, {name: field for name, field in fields.items() if name in WHEN})
        control, value = _control(written.get("control")), number(written.get("value"))
        says_when = bool(fields.keys() & WHEN)
        unread = says_when and row.start is None and (row.bar is None or "start" in fields)
        if control is None or value is None or unread:
            when = next((value for name, value in written.items() if name in WHEN), None)
            ledger.add("control", what=f"{written.get('control')!r} at beat {when!r}")
        else:
            yield _Change(control, value, row)


def _scale(changes: list[_Change], ledger: Ledger) -> None:
    """Multiply by 127 what is written in fractions of 1: all of a block, or all of a control."""
    plain_ones = [one for one in changes if one.control != BEND]
    of_each = [
        [one for one in plain_ones if one.control == number] for number in {one.control for one in plain_ones}
    ]
    for group in [plain_ones] if _are_fractions(plain_ones) else filter(_are_fractions, of_each):
        ledger.add("control_fraction", len(group))
        for one in group:
            one.value = float(round(one.value * 127))


def _are_fractions(changes: list[_Change]) -> bool:
    values = [one.value for one in changes]
    return all(0 <= value <= 1 for value in values) and any(0 < value < 1 for value in values)


def _control_fields(given: Any) -> dict[str, tuple[str, Any]]:
    """Give the fields of a control change by their meaning, as ``row_fields``."""
    fields: dict[str, tuple[str, Any]] = {}
    if isinstance(given, list):
        fields = {name: (name, one) for name, one in zip(("control", "value", "start"), given, strict=False)}
    pairs = given.pairs if isinstance(given, Object) else []
    for key, value in pairs:
        name = plain(key or "")
        meaning = CONTROL_FIELDS.get(name) or NOTE_FIELDS.get(name)
        if meaning in WHEN or name in CONTROL_FIELDS:
            fields.setdefault(str(meaning), (name, value))
    return fields


def _control(written: Any) -> int | None:
    """Give the number of a control; None where there is none of that name."""
    value = number(written)
    if value is not None:
        return int(value) if value == int(value) and 0 <= value <= 127 else None
    if not isinstance(written, str):
        return None
    if plain(written) in _BENDS:
        return _BENDS[plain(written)]
    try:
        return parse_control(plain(written))
    except ValueError:
        return None
