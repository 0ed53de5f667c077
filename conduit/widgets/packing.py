"""Clips as plain facts and bytes for the front end, and the edits that come back.

Records are little-endian and in order of time; times are the clip's ticks. A note is 12 bytes: uint32 start,
uint32 duration, uint8 pitch, uint8 velocity, uint8 flags (bit 0: mute), uint8 chance in percent. A control change
is 8 bytes: uint32 start, int16 control, int16 value. An edit is a list of pairs, the record before and the record
after; absent is a note of duration 0, or control -1. ``js/model.js`` and ``js/controls.js`` read and write them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conduit.drawing import CLIP_COLOURS, colour_of
from conduit.errors import ClipError
from conduit.music import DRUM_NAMES, Clip
from conduit.music.control import CONTROL_COLUMNS, ControlChange
from conduit.music.note import COLUMNS, MAX_BEATS, RELEASE_VELOCITY, in_order

__all__ = [
    "CONTROL_RECORD",
    "NOTE_RECORD",
    "StaleEdit",
    "chords_of",
    "pack_clip",
    "pack_controls",
    "pack_notes",
    "strays_of",
    "with_edit",
]

NOTE_RECORD = np.dtype(
    [
        ("start", "<u4"),
        ("duration", "<u4"),
        ("pitch", "u1"),
        ("velocity", "u1"),
        ("flags", "u1"),
        ("chance", "u1"),
    ]
)
"""One packed note, 12 bytes."""

CONTROL_RECORD = np.dtype([("start", "<u4"), ("control", "<i2"), ("value", "<i2")])
"""One packed control change, 8 bytes."""

_PERCENT = 100
_MIDI = 127
_HUGE = 1e9
_CHORDAL = 1.5
"""Notes that sound at once, on average, from which a clip is taken to be chords."""
_CHORD = 3
_STRUCK_SHARE = 0.25
"""And so it is where this share of its onsets strike so many notes at once."""
_MOST_FOR_CHORDS = 4000
"""Notes above which no chord names are worked out: it takes longer than an edit may."""


class StaleEdit(Exception):
    """An edit stands on notes that the clip does not have."""


def pack_notes(clip: Clip) -> bytes:
    """Pack a clip's notes, 12 bytes each, in order of their starts.

    >>> from conduit.music import Note
    >>> len(pack_notes(Clip.of([Note(45, 0, 1), Note(48, 1, 1)])))
    24
    """
    return _note_records(clip.table).tobytes()


def pack_controls(clip: Clip) -> bytes:
    """Pack a clip's control changes, 8 bytes each, in order of time."""
    return clip.control_table.astype(CONTROL_RECORD).tobytes()


def pack_clip(clip: Clip, *, colour: int | None = None, label: str = "") -> dict[str, Any]:
    """Give everything that a view shows of a clip.

    Args:
        clip: The clip.
        colour: Index of its colour, 0-11; by default the one that its name has everywhere.
        label: What it is called beside another, such as ``take B``.

    Raises:
        ValueError: There is no such colour.
    """
    index = colour_of(clip) if colour is None else colour
    if not 0 <= index < len(CLIP_COLOURS):
        raise ValueError(f"colour {index} is outside 0-{len(CLIP_COLOURS) - 1}")
    return {
        "name": clip.name,
        "ppq": clip.ppq,
        "length": clip.length,
        "loop": list(clip.loop) if clip.loop_ticks else None,
        "bpm": clip.bpm,
        "meter": [clip.meter.numerator, clip.meter.denominator],
        "changes": [[tick / clip.ppq, one.numerator, one.denominator] for tick, one in clip.meter_changes],
        "key": str(clip.key or ""),
        "scale": list(clip.key.pitch_classes) if clip.key else [],
        "instrument": clip.instrument,
        "program": clip.program,
        "drums": clip.is_drums,
        "drum_names": {str(pitch): name for pitch, name in DRUM_NAMES.items()} if clip.is_drums else {},
        "colour": index,
        "ink": CLIP_COLOURS[index],
        "label": label,
        "chords": chords_of(clip),
        "strays": strays_of(clip),
        "notes": pack_notes(clip),
        "controls": pack_controls(clip),
    }


def chords_of(clip: Clip) -> list[list[Any]]:
    """Give beat and name of each chord that a clip spells; none for single lines, drums and very long clips."""
    return [list(pair) for pair in _chords(clip)]


@lru_cache(
    maxsize=64
)  # a clip is shown more than once, and naming its chords takes the longest of packing it
def _chords(clip: Clip) -> tuple[tuple[float, str], ...]:
    if clip.is_drums or not 0 < len(clip) <= _MOST_FOR_CHORDS or not _spells_chords(clip):
        return ()
    found: list[tuple[float, str]] = []
    for span in clip.chords():
        if not found or found[-1][1] != span.chord.name:
            found.append((span.start, span.chord.name))
    return tuple(found)


def strays_of(clip: Clip) -> list[list[int]]:
    """Give tick, pitch and velocity deviation of each note that has one; a note's record does not carry it."""
    strays = clip.table[clip.table["velocity_deviation"] != 0]
    rows: list[list[int]] = np.stack(
        [strays[name].astype(np.int64) for name in ("start", "pitch", "velocity_deviation")], axis=1
    ).tolist()
    return rows


def _spells_chords(clip: Clip) -> bool:
    if clip.table["duration"].sum() >= _CHORDAL * clip.length_ticks:
        return True
    _, counts = np.unique(clip.table["start"], return_counts=True)
    return bool((counts >= _CHORD).mean() >= _STRUCK_SHARE)


def with_edit(clip: Clip, notes: bytes, controls: bytes, facts: Mapping[str, Any]) -> Clip:
    """Give a clip with an edit of the front end.

    Args:
        clip: What was edited.
        notes: Pairs of note records, 24 bytes a change.
        controls: Pairs of control records, 16 bytes a change.
        facts: ``length`` in beats, ``loop`` in beats or None, ``bpm``, ``name``; what is missing stays.

    Raises:
        StaleEdit: The clip lacks a note or a control change that was changed.
        ClipError: The edit cannot be read, or a value is outside its range.

    >>> from conduit.music import Note
    >>> clip = Clip.of([Note(45, 0, 1)])
    >>> louder = np.array([(0, 960, 45, 96, 0, 100), (0, 960, 45, 127, 0, 100)], dtype=NOTE_RECORD)
    >>> with_edit(clip, louder.tobytes(), b"", {}).notes[0].velocity
    127
    """
    table = _edited_notes(clip.table, _pairs(notes, NOTE_RECORD), ppq=clip.ppq)
    moves = _edited_controls(clip.control_table, _pairs(controls, CONTROL_RECORD), ppq=clip.ppq)
    changed: dict[str, Any] = {"table": table, "control_table": moves}
    if "length" in facts:
        changed["length_ticks"] = _ticks(facts["length"], "length", ppq=clip.ppq)
    if "loop" in facts:
        changed["loop_ticks"] = _loop(facts["loop"], clip.ppq)
    if "bpm" in facts:
        changed["bpm"] = _number(facts["bpm"], "tempo")
    if "name" in facts:
        changed["name"] = str(facts["name"])
    return clip.with_(**changed)


def _note_records(table: NDArray[np.void]) -> NDArray[np.void]:
    records = np.zeros(len(table), dtype=NOTE_RECORD)
    for name in ("start", "duration", "pitch", "velocity"):
        records[name] = table[name]
    records["flags"] = table["mute"]
    records["chance"] = np.rint(table["probability"] * _PERCENT)
    return records


def _pairs(data: bytes, record: np.dtype[np.void]) -> NDArray[np.void]:
    """Read an edit as rows of two records, shape ``(n_changes, 2)``."""
    if len(data) % (2 * record.itemsize):
        raise ClipError(f"an edit of {len(data)} bytes is not made of whole pairs of records")
    return np.frombuffer(data, dtype=record).reshape(-1, 2)


def _check_notes(records: NDArray[np.void], *, ticks: int) -> None:
    most = {"start": ticks, "duration": ticks, "pitch": _MIDI, "velocity": _MIDI, "chance": _PERCENT}
    for name, top in most.items():
        if (records[name] > top).any() or (name == "velocity" and (records[name] < 1).any()):
            raise ClipError(f"an edit holds a note whose {name} is outside its range, up to {top}")


def _edited_notes(table: NDArray[np.void], pairs: NDArray[np.void], *, ppq: int) -> NDArray[np.void]:
    before, after = pairs[:, 0], pairs[:, 1]
    changed, came = before["duration"] > 0, after["duration"] > 0
    places = _places(_note_records(table), before[changed])
    # What a record does not carry stays with the note that it changes.
    rows = np.zeros(len(pairs), dtype=COLUMNS)
    rows["probability"], rows["release_velocity"] = 1, RELEASE_VELOCITY
    rows[changed] = table[places]
    for name in ("start", "duration", "pitch", "velocity"):
        rows[name] = after[name]
    rows["mute"] = after["flags"] & 1
    chances = after["chance"] != np.where(changed, before["chance"], 255)
    rows["probability"][chances] = after["chance"][chances] / _PERCENT
    _check_notes(after[came], ticks=MAX_BEATS * ppq)
    return _with_rows(np.delete(table, places), rows[came])


def _with_rows(table: NDArray[np.void], rows: NDArray[np.void]) -> NDArray[np.void]:
    """Put rows into a table in order; only what starts with one of them is sorted anew."""
    beside = np.isin(table["start"], rows["start"])
    fresh = in_order(np.concatenate([table[beside], rows]))
    rest = table[~beside]
    return np.insert(rest, np.searchsorted(rest["start"], fresh["start"]), fresh)


def _edited_controls(table: NDArray[np.void], pairs: NDArray[np.void], *, ppq: int) -> NDArray[np.void]:
    before, after = pairs[:, 0], pairs[:, 1]
    places = _places(table.astype(CONTROL_RECORD), before[before["control"] >= 0])
    came = after[after["control"] >= 0]
    for row in np.unique(came[["control", "value"]]):
        ControlChange(int(row["control"]), 0, int(row["value"]))  # a value that checks its ranges
    if (came["start"] > MAX_BEATS * ppq).any():
        raise ClipError(f"an edit holds a control change after beat {MAX_BEATS:,}")
    rows = np.concatenate([np.delete(table, places), came.astype(CONTROL_COLUMNS)])
    return rows[np.argsort(rows["start"], kind="stable")]


def _places(records: NDArray[np.void], wanted: NDArray[np.void]) -> NDArray[np.intp]:
    """Find each wanted record, every one at a place of its own."""
    if len(wanted) == 0:
        return np.empty(0, dtype=np.intp)
    near = np.flatnonzero(np.isin(records["start"], wanted["start"]))
    have, want = (one.view(f"V{records.itemsize}").ravel() for one in (records[near], wanted.copy()))
    order = np.argsort(have, kind="stable")
    among = np.argsort(want, kind="stable")
    ordered = want[among]
    # Equal records stand together: the k-th of them that is wanted is the k-th that is there.
    nth = np.arange(len(ordered)) - np.searchsorted(ordered, ordered)
    at = np.searchsorted(have[order], ordered) + nth
    if (at >= len(have)).any() or (have[order][at] != ordered).any():
        raise StaleEdit("the clip lacks what was edited")
    places = np.empty(len(wanted), dtype=np.intp)
    places[among] = near[order[at]]
    return places


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _HUGE:
        raise ClipError(f"{what} {value!r} is no number for that")
    return float(value)


def _ticks(value: object, what: str, *, ppq: int) -> int:
    beats = _number(value, what)
    if not 0 <= beats <= MAX_BEATS:
        raise ClipError(f"{what} {beats!r} is outside 0-{MAX_BEATS:,} beats")
    return round(beats * ppq)


def _loop(value: object, ppq: int) -> tuple[int, int] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise ClipError(f"{value!r} is not a loop: beats where it starts and ends")
    return _ticks(value[0], "loop start", ppq=ppq), _ticks(value[1], "loop end", ppq=ppq)
