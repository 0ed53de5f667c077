"""Clips in the arrangement of a track: clips that have a place in the song.

They never overlap: what is put onto occupied time takes it, and the clips that were there are cut. Live is known
to crash when a clip *of the arrangement* is put there; here it is treated like one of the session. How long a
clip is in the song, and what a cut does to the piece behind it, was not seen on Live.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from conduit.live.simulator.clips import LiveSetClip

__all__ = ["ArrangementClip", "placed"]

_SAME_BEATS = 1e-3


@dataclass(slots=True)
class ArrangementClip:
    """A clip in the arrangement.

    Attributes:
        clip: What it plays.
        start_time: Where it starts in the song, in beats.
        end_time: Where it ends, in beats.
    """

    clip: LiveSetClip
    start_time: float
    end_time: float
    key: object = field(default_factory=object, compare=False)

    def get(self, name: str) -> Any:
        """Read a property; all but its place are the clip's."""
        places = {"start_time": self.start_time, "end_time": self.end_time}
        return places[name] if name in places else self.clip.get(name)

    def set(self, name: str, value: Any) -> None:
        """Set a property of the clip."""
        self.clip.set(name, value)

    def starts_at(self, time: float) -> bool:
        """Tell whether it starts at a time, as near as AbletonOSC looks."""
        return abs(self.start_time - time) < _SAME_BEATS

    def copy(self) -> ArrangementClip:
        """Give the same clip as it is now, so that one of the two can be kept while the other changes."""
        return replace(self, clip=self.clip.copy())


def placed(clips: list[ArrangementClip], clip: LiveSetClip, *, at: float) -> list[ArrangementClip]:
    """Put a copy of a clip somewhere; give all clips in order of their starts."""
    put = ArrangementClip(clip.copy(), at, at + clip.get("length"))
    kept = [piece for other in clips for piece in _cut(other, put.start_time, put.end_time)]
    return sorted([*kept, put], key=lambda found: found.start_time)


def _cut(clip: ArrangementClip, start: float, end: float) -> Iterator[ArrangementClip]:
    """Give what is left of a clip outside of some time."""
    if clip.end_time <= start or clip.start_time >= end:
        yield clip
        return
    if clip.start_time < start:
        yield replace(clip, end_time=start)
    if clip.end_time > end:
        yield ArrangementClip(clip.clip.copy(), end, clip.end_time)
