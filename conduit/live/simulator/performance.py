"""What plays: the transport, what was launched and waits for its beat, and where each clip stands.

A launch starts at once when the transport stands, and starts it too; otherwise it waits for the next boundary
of its quantization. Stopping is quantized likewise. What Live does beyond that is not known here: a clip stays
launched when the transport stops, and starts from its beginning with the song.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from conduit.live.simulator.clips import LiveSetClip
from conduit.live.simulator.clock import EPSILON, Clock, bar_beats, clip_position, quantum_beats
from conduit.live.simulator.launches import Playing, Waiting
from conduit.live.simulator.objects import ClipSlot, Scene, Track
from conduit.live.simulator.song import MAX_BPM, MIN_BPM, loop_of
from conduit.live.simulator.tapping import tapped, tempo_of

if TYPE_CHECKING:
    from conduit.live.simulator.live_set import LiveSet

__all__ = ["Performance"]

_TOGGLE = 2
_OWN_QUANTIZATIONS = range(1, 15)  # one more than the song's; 0 is the song's
_NEVER = float("inf")


class Performance:
    """Plays a set.

    Args:
        live: The set.

    Attributes:
        clock: Where the song stands.
        playing: What plays on each track, by the track's key.
        fired: What waits on each track, by the track's key.
        scenes: The scenes that wait, by their keys.
        jump: Going to a place in the song, if that waits.
    """

    def __init__(self, live: LiveSet) -> None:
        self._live = live
        self._now_s: float | None = None
        self.clock = Clock()
        self.playing: dict[object, Playing] = {}
        self.fired: dict[object, Waiting] = {}
        self.scenes: dict[object, Waiting] = {}
        self.jump: Waiting | None = None
        self._goal = 0.0
        self._taps: tuple[float, ...] = ()

    @property
    def now_s(self) -> float:
        """The moment it was last played up to."""
        return self._now_s or 0.0

    @property
    def is_waiting(self) -> bool:
        """Whether something was fired and has not started."""
        return bool(self.fired or self.scenes or self.jump)

    # Time

    def advance(self, now_s: float) -> None:
        """Play up to a moment; the first one is where time begins."""
        left_s = max(now_s - self._now_s, 0.0) if self._now_s is not None else 0.0
        self._now_s = max(now_s, self.now_s) if self._now_s is not None else now_s
        while self.clock.is_playing:
            step = self._until_event()
            if step > left_s * self._beats_per_s:
                self.clock = self.clock.moved(left_s * self._beats_per_s)
                return
            left_s -= step / self._beats_per_s
            self.clock = self.clock.moved(step)
            self._happen()

    def due_s(self, *, beats: bool) -> float | None:
        """Give the seconds until something happens, or None when nothing will.

        Args:
            beats: Whether the next beat is something.
        """
        if not self.clock.is_playing:
            return None
        position = self.clock.position
        step = min(self._until_event(), int(position) + 1 - position if beats else _NEVER)
        return step / self._beats_per_s if step < _NEVER else None

    @property
    def _beats_per_s(self) -> float:
        return float(self._live.values["tempo"]) / 60

    def _until_event(self) -> float:
        """Give the beats until the next launch, the end of a clip, or the end of the song's loop."""
        position = self.clock.position
        dues = [waiting.due - position for waiting in self._waiting()]
        ends = [
            0.0 if at is None else clip.markers[1] - at
            for _, clip, at in self.clips()
            if at is None or not clip.looping
        ]
        _, loop_end = loop_of(self._live.values)
        to_end = loop_end - position
        return max(min(*dues, *ends, to_end if to_end > EPSILON else _NEVER, _NEVER, _NEVER), 0.0)

    def _waiting(self) -> Iterator[Waiting]:
        yield from self.fired.values()
        yield from self.scenes.values()
        if self.jump is not None:
            yield self.jump

    def _happen(self) -> None:
        """Let everything happen that is due here: launches, ends of clips, jumps, the song's loop."""
        scenes = {scene.key: scene for scene in self._live.scenes}
        for key in [key for key, waiting in self.scenes.items() if self._is_due(waiting)]:
            del self.scenes[key]
            self._take_scene(scenes.get(key))
        for key in [key for key, waiting in self.fired.items() if self._is_due(waiting)]:
            self._launch(key, self.fired.pop(key))
        for track, _, at in list(self.clips()):
            if at is None:
                self.playing.pop(track.key, None)
        if self.jump is not None and self._is_due(self.jump):
            self.jump = None
            self.go_to(self._goal)
        start, end = loop_of(self._live.values)
        if abs(end - self.clock.position) <= EPSILON:
            self.go_to(start)

    def _is_due(self, waiting: Waiting) -> bool:
        return waiting.due - self.clock.position <= EPSILON

    def go_to(self, position: float) -> None:
        """Go to a position at once; what waits waits for its grid from there."""
        self.clock = self.clock.jumped(position)
        self.fired = {key: self._again(waiting) for key, waiting in self.fired.items()}
        self.scenes = {key: self._again(waiting) for key, waiting in self.scenes.items()}
        self.jump = self._again(self.jump) if self.jump else None

    def _again(self, waiting: Waiting) -> Waiting:
        return replace(waiting, due=self.clock.boundary(waiting.quantum))

    # Transport

    def start(self, *, at: float) -> None:
        """Run from a position; what was launched before starts from its beginning."""
        here = self.clock.elapsed
        self.playing = {key: replace(found, since=here) for key, found in self.playing.items()}
        self.clock = self.clock.started()
        self.go_to(at)

    def go_on(self) -> None:
        """Run from where everything stands."""
        self.clock = self.clock.started()

    def stop(self) -> None:
        """Stand still; what waits is called off."""
        self.clock = self.clock.stopped()
        self.fired, self.scenes, self.jump = {}, {}, None

    def jump_to(self, position: float) -> None:
        """Go to a position: at once when the transport stands, otherwise at the next boundary."""
        if self.clock.is_playing:
            self.jump, self._goal = self._wait(None, self.quantum()), position
            self._happen()
        else:
            self.go_to(position)

    def tap(self) -> None:
        """Set the tempo by the last taps."""
        self._taps = tapped(self._taps, self.now_s)
        bpm = tempo_of(self._taps)
        if bpm is not None:
            self._live.values["tempo"] = bpm

    def quantum(self, clip: LiveSetClip | None = None) -> float:
        """Give the grid that launches wait for, in beats: a clip's own, or the song's."""
        values = self._live.values
        bar = bar_beats(values["signature_numerator"], values["signature_denominator"])
        own = clip.values["launch_quantization"] if clip else 0
        return quantum_beats(
            own - 1 if own in _OWN_QUANTIZATIONS else values["clip_trigger_quantization"], bar
        )

    def _wait(self, target: object, quantum: float) -> Waiting:
        return Waiting(target, quantum, self.clock.boundary(quantum))

    # Launching

    def fire(self, track: Track, slot: ClipSlot) -> None:
        """Launch a slot; an empty one stops its track if it has a stop button."""
        playing = self.playing.get(track.key)
        toggles = slot.clip is not None and slot.clip.values["launch_mode"] == _TOGGLE
        if toggles and playing and playing.slot is slot.key:
            self.stop_track(track)
        else:
            self.fire_slots([(track, slot)])

    def fire_scene(self, scene: Scene) -> None:
        """Launch a scene: its tempo and signature, and every slot of it."""
        self.scenes[scene.key] = self._wait(scene.key, self.quantum())
        number = next(number for number, other in enumerate(self._live.scenes) if other is scene)
        self.fire_slots((track, track.clip_slots[number]) for track in self._live.tracks)

    def fire_slots(self, slots: Iterable[tuple[Track, ClipSlot]]) -> None:
        """Launch slots at one time, of which the empty ones stop their tracks."""
        for track, slot in slots:
            if slot.clip is not None:
                self.fired[track.key] = self._wait(slot.key, self.quantum(slot.clip))
            elif slot.values["has_stop_button"]:
                self.stop_track(track)
        self._begin()

    def _begin(self) -> None:
        """Launch what was fired: at once if the transport stands, which then starts with the first clip."""
        if not self.clock.is_playing:
            if any(waiting.target is not None for waiting in self.fired.values()):
                self.start(at=self.clock.marker)
            here = self.clock.position
            self.fired = {key: replace(waiting, due=here) for key, waiting in self.fired.items()}
            self.scenes = {key: replace(waiting, due=here) for key, waiting in self.scenes.items()}
        self._happen()

    def stop_track(self, track: Track) -> None:
        """Stop what plays on a track, and call off what waits there."""
        self.fired.pop(track.key, None)
        if track.key not in self.playing:
            return
        if self.clock.is_playing:
            self.fired[track.key] = self._wait(None, self.quantum())
            self._happen()
        else:
            self.playing.pop(track.key, None)

    def drop(self, track: Track, slot: ClipSlot) -> None:
        """Stop a slot at once, because its clip goes."""
        playing, waiting = self.playing.get(track.key), self.fired.get(track.key)
        if playing and playing.slot is slot.key:
            self.playing.pop(track.key, None)
        if waiting and waiting.target is slot.key:
            del self.fired[track.key]

    def forget(self, key: object) -> None:
        """Drop a track that is gone."""
        self.playing.pop(key, None)
        self.fired.pop(key, None)

    def _launch(self, key: object, waiting: Waiting) -> None:
        if waiting.target is None:
            self.playing.pop(key, None)
            return
        before = self.playing.get(key)
        slot = next((slot for slot in self._slots(key) if slot.key is waiting.target), None)
        since = self.clock.elapsed
        if before and slot and slot.clip and slot.clip.values["legato"]:
            since = before.since
        self.playing[key] = Playing(waiting.target, since)

    def _slots(self, key: object) -> list[ClipSlot]:
        return next((track.clip_slots for track in self._live.tracks if track.key is key), [])

    def _take_scene(self, scene: Scene | None) -> None:
        if scene is None:
            return
        song, values = self._live.values, scene.values
        if values["tempo_enabled"] and MIN_BPM <= values["tempo"] <= MAX_BPM:
            song["tempo"] = values["tempo"]
        signature = values["time_signature_numerator"], values["time_signature_denominator"]
        if values["time_signature_enabled"] and min(signature) > 0:
            song["signature_numerator"], song["signature_denominator"] = signature

    # What is heard

    def playing_slots(self) -> Iterator[tuple[Track, ClipSlot, Playing]]:
        """Give the slots that play, in order of their tracks."""
        for track in self._live.tracks:
            playing = self.playing.get(track.key)
            for slot in track.clip_slots if playing else ():
                if playing and slot.key is playing.slot and slot.clip is not None:
                    yield track, slot, playing

    def clips(self) -> Iterator[tuple[Track, LiveSetClip, float | None]]:
        """Give the clips that play, each with its position, or None where it has ended."""
        for track, slot, playing in self.playing_slots():
            if slot.clip is not None:
                yield track, slot.clip, self.position(slot.clip, playing)

    def position(self, clip: LiveSetClip, playing: Playing) -> float | None:
        """Give where a clip stands, in beats, or None when it has ended."""
        return clip_position(
            clip.loop, clip.markers, looping=clip.looping, beats=self.clock.elapsed - playing.since
        )
