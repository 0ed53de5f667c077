"""A Live set: its tracks and scenes, what is selected, what plays, and what can be undone.

Time is handed in: ``advance`` plays up to a moment.

A new one is Live's default set: two MIDI and two audio tracks, eight scenes, 120 bpm, 4/4.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conduit.live.simulator.clips import LiveSetClip
from conduit.live.simulator.cues import CuePoint
from conduit.live.simulator.faults import Faults
from conduit.live.simulator.groups import halt, launch, without
from conduit.live.simulator.heard import sounding
from conduit.live.simulator.objects import ClipSlot, Scene, Track, at
from conduit.live.simulator.performance import Performance
from conduit.live.simulator.places import place_for
from conduit.live.simulator.script import Script
from conduit.live.simulator.shown import Shown
from conduit.live.simulator.song import SONG, check_song_value
from conduit.live.simulator.twins import twin_clip, twin_scene, twin_slot, twin_track
from conduit.live.simulator.undo import History

__all__ = ["LiveSet"]

_LETTERS = "ABCDEFGHIJKL"
_N_RETURNS = 2
_MINOR = 3

_State = tuple[list[Track], list[Scene], list[Track], dict[str, Any], tuple[CuePoint, ...]]


class LiveSet:
    """A Live set. Methods named as in Live's object model do what those do.

    Attributes:
        tracks: MIDI and audio tracks in order.
        scenes: Scenes in order; every track has a slot for each.
        returns: Return tracks, which AbletonOSC reaches through sends only.
        values: The song's generic properties, but for where it stands.
        cue_points: In order of time.
        selected_track: Index from 0.
        selected_scene: Index from 0.
        messages: What ``show_message`` was given.
        script: What AbletonOSC keeps for itself.
        faults: Live's version, and how it keeps undo steps.
        performance: What plays.
    """

    def __init__(self, *, n_midi: int = 2, n_audio: int = 2, n_scenes: int = 8) -> None:
        self.values: dict[str, Any] = dict(SONG)
        self.scenes = [Scene() for _ in range(n_scenes)]
        kinds = [True] * n_midi + [False] * n_audio
        self.tracks = [Track(is_midi, [ClipSlot() for _ in self.scenes]) for is_midi in kinds]
        self.returns = [Track(is_midi=False, clip_slots=[]) for _ in range(_N_RETURNS)]
        self.cue_points: tuple[CuePoint, ...] = ()
        self.selected_track = 0
        self.selected_scene = 0
        self.messages: list[str] = []
        self.script = Script()
        self.performance = Performance(self)
        self._shown = Shown(self.performance)
        self._history: History[_State] = History()
        self._by_key: dict[object, Any] = {}
        self.faults = Faults()
        self.arrange()

    @property
    def version(self) -> tuple[int, int]:
        """Live's version, major and minor."""
        return self.faults.version, _MINOR

    def get(self, name: str) -> Any:
        """Read a property of the song."""
        match name:
            case "can_undo":
                return self._history.can_undo
            case "can_redo":
                return self._history.can_redo
            case "is_playing":
                return self.performance.clock.is_playing
            case "current_song_time":
                return self.performance.clock.position
        return self.values[name]

    def set(self, name: str, value: Any) -> None:
        """Set a property of the song.

        Raises:
            RuntimeError: It is outside its range, such as 20-999 of the tempo.
        """
        check_song_value(name, value)
        if name == "current_song_time":
            self.performance.go_to(value)
        else:
            self.values[name] = value

    def slot(self, track: int, scene: int) -> ClipSlot:
        """Give the slot of a track in a scene; negative indices count from the end."""
        return at(at(self.tracks, track).clip_slots, scene)

    def find(self, key: object) -> Any:
        """Give the track, scene, slot, device or clip of the arrangement of a key as it is now.

        Raises:
            IndexError: It is gone.
        """
        if not self._by_key:
            on_tracks = (
                thing
                for track in self.tracks
                for thing in (*track.clip_slots, *track.devices, *track.arrangement_clips)
            )
            things: list[Any] = [*self.tracks, *self.scenes, *on_tracks]
            self._by_key = {thing.key: thing for thing in things}
        if key not in self._by_key:
            raise IndexError("Index out of range")
        return self._by_key[key]

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
        place = place_for(index, len(self.scenes), self.selected_scene)
        self.scenes.insert(place, Scene())
        for track in self.tracks:
            track.clip_slots.insert(place, ClipSlot())
        self.arrange()

    def delete_track(self, index: int) -> None:
        """Delete a track; a set keeps at least one."""
        gone = at(self.tracks, index)
        if len(self.tracks) == 1:
            raise RuntimeError("The last track cannot be deleted")
        self.tracks = without(self.tracks, gone)
        self.arrange()

    def delete_scene(self, index: int) -> None:
        """Delete a scene and its slots; a set keeps at least one."""
        at(self.scenes, index)
        if len(self.scenes) == 1:
            raise RuntimeError("The last scene cannot be deleted")
        del self.scenes[index]
        for track in self.tracks:
            del track.clip_slots[index]
        self.arrange()

    def duplicate_track(self, index: int) -> None:
        """Insert a copy of a track behind it."""
        copy = twin_track(at(self.tracks, index))
        self._insert_track(copy, range(len(self.tracks))[index] + 1)

    def duplicate_scene(self, index: int) -> None:
        """Insert a copy of a scene and its clips behind it."""
        copy = twin_scene(at(self.scenes, index))
        place = range(len(self.scenes))[index] + 1
        self.scenes.insert(place, copy)
        for track in self.tracks:
            track.clip_slots.insert(place, twin_slot(track.clip_slots[place - 1]))
        self.arrange()

    def _insert_track(self, track: Track, index: int | None) -> None:
        track.sends = [*track.sends, *[0.0] * len(self.returns)][: len(self.returns)]
        self.tracks.insert(place_for(index, len(self.tracks), self.selected_track), track)
        self.arrange()

    def arrange(self) -> None:
        """Bring up to date what follows from the order of things: default names, and what is selected."""
        for place, track in enumerate(self.tracks):
            track.place = place
        for letter, track in zip(_LETTERS, self.returns, strict=False):
            track.own_name = f"{letter}-Return"
        self.selected_track = min(self.selected_track, len(self.tracks) - 1)
        self.selected_scene = min(self.selected_scene, len(self.scenes) - 1)
        self.settle()

    def settle(self) -> None:
        """Bring up to date what follows from the rest: which scenes are empty, and what plays."""
        self._by_key = {}
        for number, scene in enumerate(self.scenes):
            scene.is_empty = all(track.clip_slots[number].clip is None for track in self.tracks)
        self._shown.update(self.tracks, self.scenes)

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
        self.performance.drop(at(self.tracks, track), slot)
        slot.clip = None

    def duplicate_clip_to(self, track: int, scene: int, to_track: int, to_scene: int) -> None:
        """Copy a clip into another slot; what is there is replaced, as in Live without a word."""
        slot = self.slot(track, scene)
        if slot.clip is None:
            raise RuntimeError("No clip in slot")
        if at(self.tracks, track).is_midi != at(self.tracks, to_track).is_midi:
            raise RuntimeError("Clips can only be duplicated to tracks of their kind")
        if at(self.tracks, to_track).values["is_foldable"]:  # not known what Live says
            raise RuntimeError("Clips cannot be duplicated to a group")
        self.slot(to_track, to_scene).clip = twin_clip(slot.clip)

    # What plays

    def advance(self, now_s: float) -> None:
        """Play up to a moment, in seconds of any clock; the first one is where time begins."""
        self.performance.advance(now_s)
        self._shown.update(self.tracks, self.scenes)

    def fire(self, track: int, scene: int) -> None:
        """Launch a slot; an empty one stops its track if it has a stop button."""
        launch(self.performance, self.tracks, track, scene)
        self.settle()

    def fire_scene(self, scene: int) -> None:
        """Launch every slot of a scene, of which the empty ones stop their tracks, and select it."""
        self.performance.fire_scene(at(self.scenes, scene))
        self.selected_scene = range(len(self.scenes))[scene]
        self.settle()

    def stop(self, track: int, scene: int) -> None:
        """Stop a slot if it plays; one that only waits is called off by its track."""
        if self.slot(track, scene).get("is_playing"):
            self.stop_track(track)

    def stop_track(self, track: int) -> None:
        """Stop whatever plays or waits on a track."""
        halt(self.performance, self.tracks, track)
        self.settle()

    def sounding(self) -> list[tuple[int, LiveSetClip, float]]:
        """Give what can be heard: the track's number from 1, the clip, and where it stands in beats."""
        return sounding(self.tracks, self.performance)

    # Undo

    def remember(self, *, tracks: Iterable[int], scenes: Iterable[int] = ()) -> None:
        """Keep what is there now for ``undo``, before something is changed.

        What will be changed goes on as a copy; what will not is shared with what is kept.

        Args:
            tracks: Indices of the tracks that will be changed, or whose slots or clips will be.
            scenes: Indices of the scenes that will be changed.
        """
        self._history.keep(self._state, merges=self.faults.undo == "merged")
        self.tracks, self.scenes, self.returns = list(self.tracks), list(self.scenes), list(self.returns)
        self.values = dict(self.values)
        for index in tracks:
            self.tracks[index] = self.tracks[index].copy()
        for index in scenes:
            self.scenes[index] = self.scenes[index].copy()

    def forget(self) -> None:
        """Drop the last step, because nothing came of it."""
        self._history.forget()

    def undo(self) -> None:
        """Take back the last step, if there is one."""
        self._become(self._history.undo(self._state))

    def redo(self) -> None:
        """Take back the last undo, if there is one."""
        self._become(self._history.redo(self._state))

    @property
    def _state(self) -> _State:
        return self.tracks, self.scenes, self.returns, self.values, self.cue_points

    def _become(self, state: _State) -> None:
        self.tracks, self.scenes, self.returns, self.values, self.cue_points = state
        self.arrange()
