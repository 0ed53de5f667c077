"""A Live set: its tracks and scenes, what is selected, what plays, and what can be undone. No clock.

A new one is Live's default set: two MIDI and two audio tracks, eight scenes, 120 bpm, 4/4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conduit.live.simulator.objects import ClipSlot, LiveSetClip, Scene, Track, at

__all__ = ["LiveSet"]

_SONG: Mapping[str, Any] = {
    "is_playing": False, "song_length": 128.0, "session_record_status": 0, "arrangement_overdub": False,
    "back_to_arranger": False, "clip_trigger_quantization": 4, "current_song_time": 0.0,
    "groove_amount": 1.0, "is_ableton_link_enabled": False, "loop": False, "loop_length": 16.0,
    "loop_start": 8.0, "metronome": False, "midi_recording_quantization": 0, "nudge_down": False,
    "nudge_up": False, "punch_in": False, "punch_out": False, "record_mode": False, "root_note": 0,
    "scale_name": "Major", "session_record": False, "signature_denominator": 4, "signature_numerator": 4,
    "tempo": 120.0,
}  # fmt: skip
_MIN_BPM, _MAX_BPM = 20.0, 999.0
_MAX_UNDO = 100
_END = -1

_State = tuple[list[Track], list[Scene], dict[str, Any]]


class LiveSet:
    """A Live set. Methods named as in Live's object model do what those do.

    Attributes:
        tracks: MIDI and audio tracks in order.
        scenes: Scenes in order; every track has a slot for each.
        values: The song's generic properties.
        selected_track: Index from 0.
        selected_scene: Index from 0.
        messages: What ``show_message`` was given.
    """

    def __init__(self, *, n_midi: int = 2, n_audio: int = 2, n_scenes: int = 8) -> None:
        self.values: dict[str, Any] = dict(_SONG)
        self.scenes = [Scene() for _ in range(n_scenes)]
        kinds = [True] * n_midi + [False] * n_audio
        self.tracks = [Track(is_midi, [ClipSlot() for _ in self.scenes]) for is_midi in kinds]
        self.selected_track = 0
        self.selected_scene = 0
        self.messages: list[str] = []
        self._undo: list[_State] = []
        self._redo: list[_State] = []
        self._arrange()

    def get(self, name: str) -> Any:
        """Read a property of the song."""
        if name in {"can_undo", "can_redo"}:
            return bool(self._undo if name == "can_undo" else self._redo)
        return self.values[name]

    def set(self, name: str, value: Any) -> None:
        """Set a property of the song.

        Raises:
            RuntimeError: The tempo is outside 20-999.
        """
        if name == "tempo" and not _MIN_BPM <= value <= _MAX_BPM:
            raise RuntimeError("Invalid value. Check the parameters range with min/max")
        self.values[name] = value

    def slot(self, track: int, scene: int) -> ClipSlot:
        """Give the slot of a track in a scene; negative indices count from the end."""
        return at(at(self.tracks, track).clip_slots, scene)

    def show_message(self, text: str) -> None:
        """Show a text in Live's status bar."""
        self.messages.append(text)

    # Tracks and scenes

    def create_midi_track(self, index: int | None = None) -> None:
        """Insert a MIDI track: before ``index``, at the end for -1, after the selected one for None."""
        self._insert_track(Track(True, [ClipSlot() for _ in self.scenes]), index)  # noqa: FBT003  a field

    def create_audio_track(self, index: int | None = None) -> None:
        """Insert an audio track, as ``create_midi_track``."""
        self._insert_track(Track(False, [ClipSlot() for _ in self.scenes]), index)  # noqa: FBT003  a field

    def create_scene(self, index: int | None = None) -> None:
        """Insert a scene, as ``create_midi_track``."""
        place = _place(index, len(self.scenes), self.selected_scene)
        self.scenes.insert(place, Scene())
        for track in self.tracks:
            track.clip_slots.insert(place, ClipSlot())

    def delete_track(self, index: int) -> None:
        """Delete a track; a set keeps at least one."""
        at(self.tracks, index)
        if len(self.tracks) == 1:
            raise RuntimeError("The last track cannot be deleted")
        del self.tracks[index]
        self._arrange()

    def delete_scene(self, index: int) -> None:
        """Delete a scene and its slots; a set keeps at least one."""
        at(self.scenes, index)
        if len(self.scenes) == 1:
            raise RuntimeError("The last scene cannot be deleted")
        del self.scenes[index]
        for track in self.tracks:
            del track.clip_slots[index]
        self._arrange()

    def duplicate_track(self, index: int) -> None:
        """Insert a copy of a track behind it."""
        copy = at(self.tracks, index).copy()
        self._insert_track(copy, range(len(self.tracks))[index] + 1)

    def duplicate_scene(self, index: int) -> None:
        """Insert a copy of a scene and its clips behind it."""
        copy = at(self.scenes, index).copy()
        place = range(len(self.scenes))[index] + 1
        self.scenes.insert(place, copy)
        for track in self.tracks:
            track.clip_slots.insert(place, track.clip_slots[place - 1].copy())

    def _insert_track(self, track: Track, index: int | None) -> None:
        self.tracks.insert(_place(index, len(self.tracks), self.selected_track), track)
        self._arrange()

    def _arrange(self) -> None:
        for place, track in enumerate(self.tracks):
            track.place = place
        self.selected_track = min(self.selected_track, len(self.tracks) - 1)
        self.selected_scene = min(self.selected_scene, len(self.scenes) - 1)
        self.settle()

    def settle(self) -> None:
        """Bring up to date what follows from the slots: which scenes are empty."""
        for number, scene in enumerate(self.scenes):
            scene.is_empty = all(track.clip_slots[number].clip is None for track in self.tracks)

    # Clips

    def create_clip(self, track: int, scene: int, length: float) -> None:
        """Put an empty clip of ``length`` beats into an empty slot of a MIDI track."""
        slot = self.slot(track, scene)
        if slot.clip is not None:
            raise RuntimeError("The slot already has a clip")
        if not at(self.tracks, track).is_midi:
            raise RuntimeError("Clips can only be created on MIDI tracks")
        if length <= 0:
            raise RuntimeError("The clip's length must be more than 0")
        slot.clip = LiveSetClip((0.0, float(length)), (0.0, float(length)))

    def delete_clip(self, track: int, scene: int) -> None:
        """Empty a slot."""
        slot = self.slot(track, scene)
        if slot.clip is None:
            raise RuntimeError("No clip in slot")
        self.stop(track, scene)
        slot.clip = None

    def duplicate_clip_to(self, track: int, scene: int, to_track: int, to_scene: int) -> None:
        """Copy a clip into another slot; what is there is replaced, as in Live without a word."""
        slot = self.slot(track, scene)
        if slot.clip is None:
            raise RuntimeError("No clip in slot")
        if at(self.tracks, track).is_midi != at(self.tracks, to_track).is_midi:
            raise RuntimeError("Clips can only be duplicated to tracks of their kind")
        self.slot(to_track, to_scene).clip = slot.clip.copy()

    # Transport: without a clock, what is fired plays at once

    def fire(self, track: int, scene: int) -> None:
        """Start a slot; an empty one stops its track."""
        self.stop_track(track)
        slot = self.slot(track, scene)
        if slot.clip is not None:
            slot.clip.values["is_playing"] = True
            at(self.tracks, track).values["playing_slot_index"] = range(len(self.scenes))[scene]
            self.values["is_playing"] = True

    def stop(self, track: int, scene: int) -> None:
        """Stop a slot if it plays."""
        if self.slot(track, scene).get("is_playing"):
            self.stop_track(track)

    def stop_track(self, track: int) -> None:
        """Stop whatever plays on a track."""
        stopped = at(self.tracks, track)
        stopped.values["playing_slot_index"] = -1
        for slot in stopped.clip_slots:
            if slot.clip is not None:
                slot.clip.values["is_playing"] = False

    # Undo: one step for each message that changes something

    def remember(self, *, tracks: Iterable[int], scenes: Iterable[int] = ()) -> None:
        """Keep what is there now for ``undo``, before something is changed.

        What will be changed goes on as a copy; what will not is shared with what is kept.

        Args:
            tracks: Indices of the tracks that will be changed, or whose slots or clips will be.
            scenes: Indices of the scenes that will be changed.
        """
        self._undo = [*self._undo, (self.tracks, self.scenes, self.values)][-_MAX_UNDO:]
        self._redo = []
        self.tracks, self.scenes, self.values = list(self.tracks), list(self.scenes), dict(self.values)
        for index in tracks:
            self.tracks[index] = self.tracks[index].copy()
        for index in scenes:
            self.scenes[index] = self.scenes[index].copy()

    def forget(self) -> None:
        """Drop the last step, because nothing came of it."""
        self._undo.pop()

    def undo(self) -> None:
        """Take back the last step, if there is one."""
        self._swap(self._undo, self._redo)

    def redo(self) -> None:
        """Take back the last undo, if there is one."""
        self._swap(self._redo, self._undo)

    def _swap(self, source: list[_State], target: list[_State]) -> None:
        if source:
            target.append((self.tracks, self.scenes, self.values))
            self.tracks, self.scenes, self.values = source.pop()
            self._arrange()


def _place(index: int | None, count: int, selected: int) -> int:
    if index is None:
        return selected + 1
    if index == _END:
        return count
    if not 0 <= index <= count:
        raise IndexError("Index out of range")
    return index
