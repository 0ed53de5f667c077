"""What plays, written where messages read it: into the values of tracks, slots, clips and scenes.

Only what changed is looked at: a track that is another object than before (undo keeps the same track at another
time) is written anew as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conduit.live.simulator.groups import show_groups
from conduit.live.simulator.launches import Playing, Waiting
from conduit.live.simulator.objects import ClipSlot, Scene, Track
from conduit.live.simulator.performance import Performance

__all__ = ["DERIVED", "Shown"]

DERIVED: Mapping[str, Mapping[str, Any]] = {
    "track": {"playing_slot_index": -1, "fired_slot_index": -1},
    "clip_slot": {"is_triggered": False},
    "clip": {"is_playing": False, "is_triggered": False, "playing_position": 0.0},
    "scene": {"is_triggered": False},
}
"""The values written here, as they are where nothing plays."""

_NONE, _STOP = -1, -2


class Shown:
    """Keeps the values of a set's objects true.

    Args:
        performance: What plays.
    """

    def __init__(self, performance: Performance) -> None:
        self._performance = performance
        self._tracks: dict[object, Track] = {}
        self._busy: dict[object, list[ClipSlot]] = {}

    def update(self, tracks: list[Track], scenes: list[Scene]) -> None:
        """Write what plays now."""
        show_groups(tracks)
        keys = {track.key for track in tracks}
        for gone in [key for key in self._tracks if key not in keys]:
            del self._tracks[gone], self._busy[gone]
            self._performance.forget(gone)
        for track in tracks:
            self._track(track)
        waiting = self._performance.scenes
        for scene in scenes:
            scene.values["is_triggered"] = scene.key in waiting

    def _track(self, track: Track) -> None:
        playing, waiting = self._performance.playing.get(track.key), self._performance.fired.get(track.key)
        seen = self._tracks.get(track.key) is track
        for slot in self._busy.get(track.key, []) if seen else track.clip_slots:
            _write(slot, None, is_triggered=False)
        self._tracks[track.key] = track
        self._busy[track.key] = []
        place = self._mark(track, playing.slot if playing else None, playing, waiting)
        fired = self._mark(track, waiting.target, playing, waiting) if waiting else _NONE
        if waiting and waiting.target is None:
            fired = _STOP
        track.values |= {"playing_slot_index": place, "fired_slot_index": fired}

    def _mark(self, track: Track, key: object, playing: Playing | None, waiting: Waiting | None) -> int:
        """Write what a slot does; give its place, or none where it is gone."""
        for place, slot in enumerate(track.clip_slots) if key is not None else ():
            if slot.key is key and slot.clip is not None:
                at = None
                if playing and playing.slot is key:
                    at = self._performance.position(slot.clip, playing)
                _write(slot, at, is_triggered=waiting is not None and waiting.target is key)
                self._busy[track.key].append(slot)
                return place
        return _NONE


def _write(slot: ClipSlot, position: float | None, *, is_triggered: bool) -> None:
    slot.values["is_triggered"] = is_triggered
    if slot.clip is not None:
        slot.clip.values |= {
            "is_playing": position is not None,
            "is_triggered": is_triggered or position is not None,
            "playing_position": position or 0.0,
        }
