"""The sound in a static record."""

from __future__ import annotations

from functools import lru_cache

from conduit.music import Arrangement, Clip

__all__ = ["preview"]

_PREVIEW_S = 24.0
"""Seconds of sound that a record's player can hold."""


@lru_cache(maxsize=64)
def preview(*clips: Clip, share: float = 1) -> bytes:
    """Render the sound of clips for their record, of long ones the beginning; a decision draws a record anew.

    Args:
        clips: What sounds together.
        share: How much of the bytes that a sound may have in a record.
    """
    from conduit.audio import render  # noqa: PLC0415  the view is shown before anything sounds
    from conduit.audio.sound import PREVIEW_BYTES  # noqa: PLC0415  as above

    starts = [_start(clip) for clip in clips]
    sound = render(starts[0] if len(starts) == 1 else Arrangement.of(starts))
    return sound.preview(max_bytes=int(PREVIEW_BYTES * share))


def _start(clip: Clip) -> Clip:
    ticks = min(clip.length_ticks, round(_PREVIEW_S * clip.bpm / 60 * clip.ppq))
    return clip.with_table(clip.table[clip.table["start"] < ticks], length_ticks=ticks)
