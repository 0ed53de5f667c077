"""The sound in a static record."""

from __future__ import annotations

from functools import lru_cache

from conduit.audio import render
from conduit.audio.sound import PREVIEW_BYTES
from conduit.music import Clip

__all__ = ["preview"]

_PREVIEW_S = 24.0
"""Seconds of sound that a record's player can hold."""


@lru_cache(maxsize=64)
def preview(clip: Clip, *, max_bytes: int = PREVIEW_BYTES) -> bytes:
    """Render a clip's sound for its record, of a long clip the beginning; a decision draws a record anew."""
    ticks = min(clip.length_ticks, round(_PREVIEW_S * clip.bpm / 60 * clip.ppq))
    start = clip.with_table(clip.table[clip.table["start"] < ticks], length_ticks=ticks)
    return render(start).preview(max_bytes=max_bytes)
