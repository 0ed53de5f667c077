"""What a value in a model's JSON looks like: a lane, a bar, a note as a bare list, or nothing."""

from __future__ import annotations

from typing import Any

from conduit.composer.aliases import FACT_PARTS, NOTE_FIELDS, plain
from conduit.composer.lanes import MARKS, RESTS
from conduit.composer.loose import Object
from conduit.composer.named import fact, number
from conduit.composer.rows import is_row, row_fields

__all__ = [
    "column_order",
    "composed_facts",
    "holds_objects",
    "is_bar",
    "is_column",
    "is_empty",
    "is_flat",
    "shown",
    "times_a_note",
    "unknown_hits",
    "without_inside",
]

_SHORTEST_LANE = 4  # marks
_PITCH_FIRST = ("pitch", "start", "duration", "velocity", "mute")
_START_FIRST = ("start", "pitch", "duration", "velocity", "mute")


def composed_facts(own: list[tuple[str | None, str, Any]]) -> dict[str, Any]:
    """Give the facts that are written as lists or objects and can be read."""
    written = ((name, one) for name, _, one in own if name in FACT_PARTS and isinstance(one, list | Object))
    found = ((name, fact(name, one)) for name, one in written if name is not None)
    return {name: value for name, value in found if value is not None}


def unknown_hits(value: Any, *, among_drums: bool, drums: bool) -> int:
    """Count the hits of a lane whose name is no drum's; 0 where the value is no lane."""
    if isinstance(value, str):
        is_lane = len(value) >= _SHORTEST_LANE and not set(value) - MARKS.keys() - RESTS
        return sum(mark in MARKS for mark in value) if is_lane else 0
    if not is_flat(value):
        return 0
    numbers = [number(one) for one in value]
    is_lane = None not in numbers and (among_drums or (drums and set(numbers) <= {0, 1}))
    return sum(one != 0 for one in numbers) if is_lane else 0


def is_flat(value: Any) -> bool:
    """Say whether a value is a list of none but numbers, texts and the like."""
    return isinstance(value, list) and not any(isinstance(one, list | Object) for one in value)


def times_a_note(value: Object) -> bool:
    """Say whether an object that stands alone has the times of a note, and more."""
    fields = row_fields(value).keys()
    return bool(fields & {"start", "step"}) and bool(fields & {"duration", "velocity"})


def is_empty(value: Object) -> bool:
    """Say whether an object holds nothing, as a bar without notes does."""
    return not value.pairs or any(one in ([], Object()) for _, one in value.pairs)


def shown(value: Object) -> str:
    """Name an object by its first fields, for a message."""
    parts = (f"{key} {one!r}" for key, one in value.pairs if not isinstance(one, list | Object))
    return ", ".join(list(parts)[:3]) or "of another form"


def is_bar(value: Object) -> bool:
    """Say whether an object is a bar: its number, and notes."""
    names = {NOTE_FIELDS.get(plain(key or "")) for key, _ in value.pairs}
    return "bar" in names and any(holds_objects(key, one) for key, one in value.pairs)


def is_column(value: Any) -> bool:
    """Say whether a value is a note as a bare list, such as ``[60, 0, 1, 100]``."""
    if not isinstance(value, list) or not 3 <= len(value) <= 8:
        return False
    return all(number(one) is not None for one in value[1:3]) and isinstance(value[0], int | float | str)


def column_order(rows: list[Any]) -> tuple[str, ...]:
    """Say which column of bare lists is the pitch: the first, as in Live, unless only the second can be."""
    columns = [one for one in rows if is_column(one)]

    def may_be_pitches(place: int) -> bool:
        values = [number(one[place]) for one in columns]
        return all(value is None or (value == int(value) and 12 <= value <= 127) for value in values)

    return _START_FIRST if columns and may_be_pitches(1) and not may_be_pitches(0) else _PITCH_FIRST


def holds_objects(key: str | None, value: Any) -> bool:
    """Say whether a field of a note holds notes of its own."""
    if isinstance(value, Object):
        return key is None or is_row(value)
    return isinstance(value, list) and any(isinstance(one, Object) for one in value)


def without_inside(value: Object) -> list[tuple[str | None, Any]]:
    """Give the fields of a note but those that hold notes of their own."""
    return [(key, one) for key, one in value.pairs if not holds_objects(key, one)]
