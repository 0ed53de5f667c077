"""What a clip may hold: the checks of its constructor, each giving the value as the clip keeps it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from conduit.errors import ClipError
from conduit.music.instrument import DRUMS, GM_PROGRAMS
from conduit.music.meter import Meter
from conduit.music.note import MAX_BEATS

__all__ = [
    "MAX_BPM",
    "MAX_PPQ",
    "MIN_BPM",
    "colour",
    "instrument",
    "length",
    "loop",
    "meter_changes",
    "one_line",
    "program",
    "resolution",
    "tempo",
]

MAX_BPM = 999.0
MIN_BPM = 20.0

MAX_PPQ = 32_767
"""Ticks in a beat: what the header of a Standard MIDI File can hold."""

_MAX_NAME = 120  # characters


def one_line(name: str) -> str:
    r"""Give a name as a clip keeps it: one line of up to 120 characters, single spaces, nothing unprintable.

    >>> one_line(" Acid\n  bass\0")
    'Acid bass'
    """
    # A lone surrogate (Cs) cannot be written to any file.
    kept = (mark for mark in name if mark.isspace() or unicodedata.category(mark) not in {"Cc", "Cs"})
    return " ".join("".join(kept).split())[:_MAX_NAME].rstrip()


def tempo(bpm: float) -> float:
    """Give a tempo, 20-999 quarter notes a minute."""
    try:
        found = float(bpm)
    except (TypeError, ValueError):
        raise ClipError(f"{bpm!r} is not a tempo: write {MIN_BPM:g}-{MAX_BPM:g} beats a minute") from None
    if not MIN_BPM <= found <= MAX_BPM:
        raise ClipError(f"{found:g} bpm is outside {MIN_BPM:g}-{MAX_BPM:g}")
    return found


def program(number: int | None) -> int | None:
    """Give a General MIDI program, 0-127, or None."""
    return _whole(number, 127, "a General MIDI program")


def colour(rgb: int | None) -> int | None:
    """Give a colour, 0xRRGGBB, or None."""
    return _whole(rgb, 0xFFFFFF, "a colour")


def _whole(value: int | None, most: int, what: str) -> int | None:
    if value is not None and not 0 <= value <= most:
        raise ClipError(f"{value} is not {what}: it is 0-{most}, or None")
    return None if value is None else int(value)


def meter_changes(changes: Iterable[tuple[int, Meter | str]]) -> tuple[tuple[int, Meter], ...]:
    """Read changes of metre; their ticks are more than 0 and rise."""
    read = [(int(tick), Meter.parse(one) if isinstance(one, str) else one) for tick, one in changes]
    ticks = [tick for tick, _ in read]
    if any(tick <= 0 for tick in ticks) or ticks != sorted(set(ticks)):
        raise ClipError(f"changes of metre at ticks {ticks} cannot be: they are more than 0 and rise")
    return tuple(read)


def resolution(ppq: int) -> int:
    """Give ticks a beat, 1 to ``MAX_PPQ``."""
    if not 1 <= ppq <= MAX_PPQ:
        raise ClipError(f"{ppq} ticks a beat cannot be: it is 1-{MAX_PPQ}")
    return int(ppq)


def length(ticks: float, unit: str = "ticks", *, ppq: int) -> float:
    """Give a clip's length in ticks, or in beats with a ppq of 1: more than 0 and up to ``MAX_BEATS`` beats."""
    if not 0 < ticks <= MAX_BEATS * ppq:
        raise ClipError(
            f"a clip of {ticks:.10g} {unit} cannot be: its length is more than 0 and up to {MAX_BEATS:,} beats"
        )
    return ticks


def instrument(name: str) -> str:
    """Give what plays a clip: ``drums`` or a key of ``GM_PROGRAMS``."""
    valid = [DRUMS, *GM_PROGRAMS]
    if name not in valid:
        raise ClipError(f"{name!r} is not an instrument: {', '.join(valid)}", valid=valid)
    return name


def loop(ticks: tuple[int, int] | None, *, ppq: int) -> tuple[int, int] | None:
    """Give a loop's start and end in ticks, or None."""
    if ticks is not None and not 0 <= ticks[0] < ticks[1] <= MAX_BEATS * ppq:
        raise ClipError(f"a loop from tick {ticks[0]} to {ticks[1]} cannot be: 0 or later, the start first")
    return ticks
