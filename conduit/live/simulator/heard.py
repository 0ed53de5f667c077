"""What of a set can be heard."""

from __future__ import annotations

from conduit.live.simulator.clips import LiveSetClip
from conduit.live.simulator.objects import Track
from conduit.live.simulator.performance import Performance

__all__ = ["sounding"]


def sounding(tracks: list[Track], performance: Performance) -> list[tuple[int, LiveSetClip, float]]:
    """Give what sounds: the track's number from 1, the clip, and where it stands in beats."""
    if not performance.clock.is_playing:
        return []
    soloed = any(track.values["solo"] for track in tracks)
    return [
        (track.place + 1, clip, at)
        for track, clip, at in performance.clips()
        if at is not None
        and not (track.values["mute"] or clip.values["muted"])
        and (track.values["solo"] or not soloed)
    ]
