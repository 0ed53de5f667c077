"""The times between the events of a file, as its bytes have them.

mido forgets the time before a meta event of a type that it does not know, so that all that follows in the track
comes too early (1.3.3, ``meta.build_meta_message``). Where it met such an event, its times are put right from here.
Source: Standard MIDI Files 1.0.
"""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["event_deltas", "track_chunks"]

_CHUNK_HEAD = 8  # bytes: a name of four, and the length
_META, _SYSEX, _ESCAPE = 0xFF, 0xF0, 0xF7
_DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
_SYSTEM_BYTES = {0xF1: 1, 0xF2: 2, 0xF3: 1}


def track_chunks(content: bytes) -> Iterator[bytes]:
    """Give the events of each track of a file that has been read without a fault."""
    at = 0
    while at + _CHUNK_HEAD <= len(content):
        start = at + _CHUNK_HEAD
        at = start + int.from_bytes(content[at + 4 : start])
        if start > _CHUNK_HEAD:
            yield content[start:at]


def event_deltas(chunk: bytes) -> Iterator[int]:
    """Give the ticks before each event of such a track.

    >>> list(event_deltas(bytes.fromhex("00902440 602400 8100ff0a00")))
    [0, 96, 128]
    """
    at = running = 0
    while at < len(chunk):
        delta, at = _number(chunk, at)
        status = running
        if chunk[at] & 0x80:
            status, at = chunk[at], at + 1
            running = running if status == _META else status
        if status in (_META, _SYSEX, _ESCAPE):
            length, at = _number(chunk, at + (status == _META))
            at += length
        else:
            at += _SYSTEM_BYTES.get(status, 0) if status > _SYSEX else _DATA_BYTES[status & 0xF0]
        yield delta


def _number(chunk: bytes, at: int) -> tuple[int, int]:
    """Read a number of any length, and give where it ends."""
    value = 0
    while True:
        value = (value << 7) | (chunk[at] & 0x7F)
        at += 1
        if chunk[at - 1] < 0x80:
            return value, at
