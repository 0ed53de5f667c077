r"""Conduit's own event in a MIDI file: what a clip knows and the rest of the file cannot say.

It is a sequencer-specific meta event (``FF 7F``, Standard MIDI Files 1.0), which other programs pass over:
``7D``, the number for anybody's own use, then ``Conduit``, then text in UTF-8. A long text goes on in the next
such event of the track. Each line of the text is a JSON object for one channel of the track:

==============  ====================================================================================
``channel``     The clip's channel, 0-15.
``clip``        Facts that differ from what the file says: ``name``, ``bpm``, ``meter``, ``meter_changes``,
                ``key``, ``instrument``, ``program``, ``length``, ``loop``, ``colour``; times in ticks.
``columns``     Columns of the sounding notes that differ, each as the numbers of the notes, in order of their
                beginnings, and the values there.
``notes``       A hash of the notes that ``columns`` is about: it does not hold once others have edited them.
``muted``       Notes that do not sound, as rows of ``note.COLUMNS``.
==============  ====================================================================================
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conduit.errors import ClipError
from conduit.music.clip import Clip
from conduit.music.meter import Meter
from conduit.music.note import COLUMNS, MAX_BEATS, in_order, note_table

__all__ = ["MARK", "marked", "marking", "read_marks", "written_marks"]

MARK = b"\x7dConduit"
"""How each of these events begins."""

_MOST = 500_000  # bytes in one event; mido reads no event of a million
_RANGES = {
    "start": (0, None),
    "duration": (1, None),
    "pitch": (0, 127),
    "velocity": (1, 127),
    "probability": (0, 1),
    "velocity_deviation": (-127, 127),
    "release_velocity": (0, 127),
}
_PLAIN_FACTS = ("name", "bpm", "key", "instrument", "program", "colour")


def written_marks(marks: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Write marks as the contents of one or more events."""
    text = "".join(
        json.dumps(mark, separators=(",", ":"), ensure_ascii=False) + "\n" for mark in marks
    ).encode()
    for start in range(0, len(text), _MOST):
        yield MARK + text[start : start + _MOST]


def read_marks(contents: Iterable[bytes]) -> dict[int, dict[str, Any]]:
    """Read the marks of a track, by channel.

    Raises:
        ValueError: They are damaged.
    """
    text = b"".join(content.removeprefix(MARK) for content in contents).decode()
    marks = [json.loads(line) for line in text.split("\n") if line]
    if any(not isinstance(mark, dict) or not _is_channel(mark.get("channel")) for mark in marks):
        raise ValueError("a line of it is about no channel")
    return {mark["channel"]: mark for mark in marks}


def _is_channel(value: object) -> bool:
    return type(value) is int and value in range(16)  # 1.0 and true are in that range, too


def marking(clip: Clip, *, plain: Clip, heard: NDArray[np.void], channel: int) -> dict[str, Any] | None:
    """Say what a file without marks would not tell about a clip; None where it tells everything.

    Args:
        clip: What is written.
        plain: The clip as the file's facts have it; its notes do not matter.
        heard: The notes that any program reads, in the order of the clip's sounding ones.
        channel: Where it is written.
    """
    facts, common = _facts(clip), _facts(plain)
    differing = {name: value for name, value in facts.items() if value != common[name]}
    sounding, muted = clip.table[~clip.table["mute"]], clip.table[clip.table["mute"]]
    columns: dict[str, Any] = {}
    for name in _RANGES:
        (places,) = np.nonzero(sounding[name] != heard[name])
        if len(places):
            columns[name] = [places.tolist(), sounding[name][places].tolist()]
    mark: dict[str, Any] = {"channel": channel}
    if differing:
        mark["clip"] = differing
    if columns:
        mark |= {"notes": _hash(heard), "columns": columns}
    if len(muted):
        mark["muted"] = muted.tolist()
    return mark if len(mark) > 1 or not len(heard) else None


def _facts(clip: Clip) -> dict[str, Any]:
    return {
        **{name: getattr(clip, name) for name in _PLAIN_FACTS},
        "meter": str(clip.meter),
        "meter_changes": [[tick, str(meter)] for tick, meter in clip.meter_changes],
        "length": clip.length_ticks,
        "loop": clip.loop_ticks and list(clip.loop_ticks),
    }


def _hash(table: NDArray[np.void]) -> str:
    columns = [table[name].astype("<i8").tobytes() for name in ("start", "duration", "pitch", "velocity")]
    return hashlib.blake2b(b"".join(columns), digest_size=8).hexdigest()


def marked(clip: Clip, mark: dict[str, Any]) -> Clip:
    """Give a clip as its mark has it.

    Args:
        clip: What the file says without the mark; its notes in the order of their beginnings in the file.
        mark: One of ``read_marks``.

    Raises:
        ValueError: The mark is damaged.
    """
    try:
        facts = dict(mark.get("clip", {}))
        known = {name: facts[name] for name in _PLAIN_FACTS if name in facts}
        if "meter" in facts:
            known["meter"] = Meter.parse(facts["meter"])
        if "meter_changes" in facts:
            known["meter_changes"] = tuple(
                (tick, Meter.parse(meter)) for tick, meter in facts["meter_changes"]
            )
        if "length" in facts:
            known["length_ticks"] = int(facts["length"])
        if "loop" in facts:
            known["loop_ticks"] = facts["loop"] and tuple(facts["loop"])
        return replace(clip, table=_table(clip, mark), **known)
    except (TypeError, KeyError, IndexError, AttributeError, OverflowError, ClipError) as error:
        raise ValueError(str(error) or type(error).__name__) from error


def _table(clip: Clip, mark: dict[str, Any]) -> NDArray[np.void]:
    table = clip.table.copy()
    if "columns" in mark and mark["notes"] == _hash(table):
        for name, (places, values) in mark["columns"].items():
            table[name][np.array(places, dtype=np.int64)] = np.array(values, dtype=COLUMNS[name])
    muted = note_table(tuple(row) for row in mark.get("muted", ()))
    whole = in_order(np.concatenate([table, muted]))
    for name, (low, high) in _RANGES.items():
        most = MAX_BEATS * clip.ppq if high is None else high
        if len(whole) and not (whole[name].min() >= low and whole[name].max() <= most):
            raise ValueError(f"{name} is outside {low} to {most:,}")
    return whole
