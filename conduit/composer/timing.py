"""From rows to notes: in which unit times are, where counting begins, what stands in for what is not said.

All of it is decided for the rows of a block together, as whoever wrote them meant them together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conduit.composer.repair import Ledger
from conduit.composer.rows import Row
from conduit.music import Meter, Note
from conduit.music.note import MAX_BEATS

__all__ = ["Frame", "notes_of", "starts_of"]

_STEP = 0.25
_SHORTEST = 1 / 64
_USUAL_VELOCITY = 96
_SLACK = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the times of a block are read with.

    Attributes:
        meter: Its time signature.
        bpm: Its tempo, for times in seconds.
        ppq: Its ticks in a beat, for times in ticks.
        beats: How long it is to be, in beats; None where nothing says so.
        unit: The unit that the block names for all times; empty for none.
        grid: Beats of the grid that starts are moved to; 0 for none.
        swing: How late every second step of the grid is, per cent of half a step, 0-100.
    """

    meter: Meter
    bpm: float
    ppq: int = 480
    beats: float | None = None
    unit: str = ""
    grid: float = 0.0
    swing: float = 0.0


@dataclass(slots=True)
class _Bases:
    """From where bars and the times in them are counted: 0 or 1."""

    bar: int = 0
    inside: float = 0
    outside: float = 0
    n_from_one: int = 0  # rows whose times are counted from 1


def notes_of(rows: Sequence[Row], frame: Frame, ledger: Ledger) -> list[Note]:
    """Turn rows into notes, in their order; what is put right is written into the ledger."""
    if frame.unit:
        for row in rows:
            _take_unit(row, frame.unit)
    bases = _bases(rows, frame)
    ledger.add("from_one", bases.n_from_one)
    scale = _velocity_scale(rows, ledger)
    notes: list[Note] = []
    before = 0.0
    for row in rows:
        start = _start(row, frame, bases, ledger, before=before)
        duration = _duration(row, frame, ledger, start=_in_beats(row.start or 0, row.start_unit, frame))
        before = min(start + duration, float(MAX_BEATS))
        notes += _sounding(row, start, duration, velocity=_velocity(row, scale, ledger), ledger=ledger)
    return _placed(notes, frame, ledger)


def starts_of(rows: Sequence[Row], frame: Frame, *, beside: Sequence[Row]) -> list[float]:
    """Give the starts in beats of what stands beside notes, such as control changes.

    Args:
        rows: What says when, without pitches.
        frame: As for the notes.
        beside: The notes; as they count bars and beats, so does what stands beside them.

    Returns:
        Beats; what comes before the clip is under 0.
    """
    if frame.unit:
        for row in rows:
            _take_unit(row, frame.unit)
    of_notes, own = _bases(beside, frame), _bases(rows, frame)
    in_bars = of_notes if any(row.bar is not None for row in beside) else own
    loose = of_notes if any(row.bar is None and row.start is not None for row in beside) else own
    bases = _Bases(in_bars.bar, in_bars.inside, loose.outside)
    return [_counted(row, frame, bases) for row in rows]


def _take_unit(row: Row, unit: str) -> None:
    row.start_unit = unit if row.start_unit == "beat" else row.start_unit
    row.duration_unit = unit if row.duration_unit == "beat" else row.duration_unit


def _in_beats(value: float, unit: str, frame: Frame) -> float:
    factors = {
        "beat": 1.0,
        "step": _STEP,
        "s": frame.bpm / 60,
        "ms": frame.bpm / 60_000,
        "tick": 1 / frame.ppq,
        "bar": frame.meter.bar,
    }
    return value * factors[unit]


def _bases(rows: Sequence[Row], frame: Frame) -> _Bases:
    """Find where counting begins: bars from 0 if one is 0; times from 1 if none is 0 and one would not fit else."""
    bases = _Bases()
    inside = [row for row in rows if row.bar is not None and not row.from_zero]
    if any(row.bar is not None for row in rows):
        bases.bar = int(all(row.bar is None or row.bar >= 1 for row in rows))
    starts = [row.start for row in inside if row.start is not None]
    if starts and min(starts) >= 1:
        bases.inside = 1
    loose = [row for row in rows if row.bar is None and row.start is not None and not row.from_zero]
    units = {row.start_unit for row in loose}
    if frame.beats is not None and len(units) == 1 and units <= {"beat", "step"}:
        unit = next(iter(units))
        times = [row.start for row in loose if row.start is not None]
        last = frame.beats / _in_beats(1, unit, frame)
        if min(times) == 1 and last <= max(times) < last + 1:
            bases.outside = 1
    bases.n_from_one = len(inside) * int(bases.inside) + len(loose) * int(bases.outside)
    return bases


def _counted(row: Row, frame: Frame, bases: _Bases) -> float:
    """Give a row's start in beats from the beginning of the clip; one that says nothing is at its base."""
    in_bar = row.bar is not None
    base = 0.0 if row.from_zero else bases.inside if in_bar else bases.outside
    value = base if row.start is None else row.start
    start = _in_beats(value - base, row.start_unit, frame)
    return start if row.bar is None else start + (row.bar - bases.bar) * frame.meter.bar


def _start(row: Row, frame: Frame, bases: _Bases, ledger: Ledger, *, before: float) -> float:
    """Give a row's start in beats, 0 or later; after the note before where nothing is said."""
    if row.start is None and row.bar is None:
        ledger.add("no_start", len(row.pitches))
        return before
    start = _counted(row, frame, bases)
    _tell_unit(row, frame, ledger)
    if not start >= 0:
        ledger.add("negative", len(row.pitches) if start < -_SLACK else 0)
        return 0.0
    return start


def _tell_unit(row: Row, frame: Frame, ledger: Ledger) -> None:
    if row.start_unit in {"s", "ms"}:
        ledger.add("seconds", len(row.pitches), what=f"{frame.bpm:g} bpm")
    elif row.start_unit == "tick":
        ledger.add("ticks", len(row.pitches), what=frame.ppq)


def _duration(row: Row, frame: Frame, ledger: Ledger, *, start: float) -> float:
    """Give a row's length in beats, more than 0."""
    beats = None if row.duration is None else _in_beats(row.duration, row.duration_unit, frame)
    if beats is None and row.end is not None:
        beats = _in_beats(row.end, row.start_unit, frame) - start
    if beats is None or not beats > 0:
        usual = _STEP if row.drum else 2 * _STEP
        ledger.add("no_duration", len(row.pitches), what=f"{usual:g} beats")
        return usual
    return min(max(beats, _SHORTEST), float(MAX_BEATS))


def _velocity_scale(rows: Sequence[Row], ledger: Ledger) -> float:
    """Give what velocities are multiplied by: 127 where all of them are fractions of 1."""
    said = [row for row in rows if row.velocity is not None]
    if not said or not all(row.fraction or row.velocity == 0 for row in said):
        return 1.0
    if not any(row.fraction for row in said):
        return 1.0
    ledger.add("fractions", sum(len(row.pitches) for row in said))
    return 127.0


def _velocity(row: Row, scale: float, ledger: Ledger) -> int:
    if row.velocity is None:
        ledger.add("no_velocity", len(row.pitches))
        return _USUAL_VELOCITY
    wanted = row.velocity * scale
    velocity = round(min(127, max(1, wanted)))
    ledger.add("velocity", len(row.pitches) if not 0.5 <= wanted < 127.5 else 0)
    return velocity


def _sounding(row: Row, start: float, duration: float, *, velocity: int, ledger: Ledger) -> list[Note]:
    """Give a row's notes; one that would start later than any clip can be is left out."""
    if start > MAX_BEATS - duration or not math.isfinite(start):
        ledger.add("late", len(row.pitches), what=f"beat {MAX_BEATS:,}")
        return []
    return [Note(pitch, start, duration, velocity, **row.extras) for pitch in row.pitches]


def _placed(notes: list[Note], frame: Frame, ledger: Ledger) -> list[Note]:
    """Quantise and swing as the block asks, and let no key be struck twice at once."""
    grid = frame.grid or _STEP
    placed: dict[tuple[float, int], Note] = {}
    for note in notes:
        start = note.start
        if frame.grid:
            start = round(start / grid) * grid
            ledger.add("quantised", int(abs(start - note.start) > _SLACK), what=f"{frame.grid:g} beats")
        swung = _swung(start, grid, frame.swing)
        ledger.add("swung", int(swung != start), what=f"{frame.swing:g} of 100")
        at = (round(swung, 6), note.pitch)
        if at in placed:
            ledger.add("doubled")
        else:
            placed[at] = replace(note, start=swung)
    return list(placed.values())


def _swung(start: float, grid: float, swing: float) -> float:
    """Move a note on a second step of the grid by ``swing`` per cent of half a step, as the bridge does."""
    steps = start / grid
    if not swing or round(steps) % 2 == 0 or abs(steps - round(steps)) > 0.01:
        return start
    return start + swing / 100 * grid / 2
