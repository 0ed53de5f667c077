"""From a block of JSON to a clip: its facts, its notes in beats, its control changes, and how long it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import floor
from statistics import median_low
from typing import Any

from conduit.band.parts import INSTRUMENTS
from conduit.composer.aliases import CONTROL_FIELDS, UNITS, plain
from conduit.composer.blocks import Block
from conduit.composer.brief import MAX_BARS, Options
from conduit.composer.loose import Object
from conduit.composer.named import number
from conduit.composer.repair import Ledger
from conduit.composer.rows import note_value
from conduit.composer.timing import Frame, notes_of
from conduit.music import BEND, DRUMS, GM_PROGRAMS, PRESSURE, Clip, ControlChange, Key, Meter, Note
from conduit.music.control import parse_control
from conduit.music.note import MAX_BEATS

__all__ = ["assembled", "parted"]

_LOWEST_BPM, _HIGHEST_BPM = 20, 999
_MOST_PPQ = 32_767
_BASS_BELOW = 48
_BENDS = {"pitchbend": BEND, "bend": BEND, "aftertouch": PRESSURE, "channelpressure": PRESSURE}
_BEND_LOW, _BEND_HIGH = -8192, 8191


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
        controls=list(_controls(block.controls, ledger)),
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
        if not isinstance(written, str) or not written.strip():
            return None
        try:
            return Key(written[:40])
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


def _controls(given: list[Any], ledger: Ledger) -> Iterator[ControlChange]:
    for one in given:
        fields = _control_fields(one)
        control = _control(fields.get("control"))
        value, start = number(fields.get("value")), number(fields.get("start", 0))
        if control is None or value is None or start is None or not 0 <= start <= MAX_BEATS:
            ledger.add("control", what=f"{fields.get('control')!r} at beat {fields.get('start')!r}")
            continue
        low, high = (_BEND_LOW, _BEND_HIGH) if control == BEND else (0, 127)
        near = round(min(high, max(low, value)))
        ledger.add("control_value", int(abs(near - value) > 0.5))
        yield ControlChange(control, start, near)


def _control_fields(given: Any) -> dict[str, Any]:
    if isinstance(given, list):
        return dict(zip(("control", "value", "start"), given, strict=False))
    if not isinstance(given, Object):
        return {}
    fields: dict[str, Any] = {}
    for key, value in given.pairs:
        if (name := CONTROL_FIELDS.get(plain(key or ""))) is not None:
            fields.setdefault(name, value)
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
