"""Notes as bytes for the front end: small, fast, and the same whatever the clip's ticks.

A note is 12 bytes, little-endian: float32 start and float32 duration in beats, uint8 pitch, uint8 velocity, uint8
flags (bit 0: mute), one byte of padding. Notes are sorted by start. ``js/model.js`` reads them.
"""

from __future__ import annotations

import numpy as np

from conduit.music import Clip

__all__ = ["RECORD", "pack_notes"]

RECORD = np.dtype(
    [
        ("start", "<f4"),
        ("duration", "<f4"),
        ("pitch", "u1"),
        ("velocity", "u1"),
        ("flags", "u1"),
        ("padding", "u1"),
    ]
)
"""One packed note, 12 bytes."""


def pack_notes(clip: Clip) -> bytes:
    """Pack a clip's notes, 12 bytes each, in order of their starts.

    >>> from conduit.music import Note
    >>> len(pack_notes(Clip.of([Note(45, 0, 1), Note(48, 1, 1)])))
    24
    """
    table = clip.table
    records = np.zeros(len(table), dtype=RECORD)
    records["start"] = table["start"] / clip.ppq
    records["duration"] = table["duration"] / clip.ppq
    records["pitch"] = table["pitch"]
    records["velocity"] = table["velocity"]
    records["flags"] = table["mute"]
    return records.tobytes()
