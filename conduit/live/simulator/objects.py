"""What a Live set is made of, as AbletonOSC sees it: tracks, scenes, slots, clips and notes.

It follows Live's own rules where they are known: clips are made on MIDI tracks only, notes of one pitch
never overlap, the loop's start stays before its end, markers and loop are one when looping is off. Errors
carry Live's words where they were recorded; the others are this module's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from conduit.live.simulator.note_rows import LiveSetNote, NoteRows

__all__ = ["ClipSlot", "LiveSetClip", "Scene", "Track", "at"]

_Item = TypeVar("_Item")

_COLOR = 1769263
_COLOR_INDEX = 15

_TRACK: Mapping[str, Any] = {
    "can_be_armed": True, "fired_slot_index": -1, "has_audio_output": True, "has_midi_output": False,
    "is_foldable": False, "is_grouped": False, "is_visible": True, "playing_slot_index": -1, "arm": False,
    "color": _COLOR, "color_index": _COLOR_INDEX, "current_monitoring_state": 1, "fold_state": None,
    "mute": False, "solo": False, "volume": 0.85, "panning": 0.0,
}  # fmt: skip
_CLIP: Mapping[str, Any] = {
    "has_groove": False, "is_midi_clip": True, "is_audio_clip": False, "is_overdubbing": False,
    "is_playing": False, "is_recording": False, "is_triggered": False, "playing_position": 0.0,
    "start_time": 0.0, "will_record_on_start": False, "color": _COLOR, "color_index": _COLOR_INDEX,
    "launch_mode": 0, "launch_quantization": 0, "legato": False, "muted": False, "name": "",
    "velocity_amount": 0.0,
}  # fmt: skip
_SLOT: Mapping[str, Any] = {
    "controls_other_clips": False, "is_group_slot": False, "is_triggered": False, "playing_status": 0,
    "will_record_on_start": False, "has_stop_button": True,
}  # fmt: skip
_SCENE: Mapping[str, Any] = {
    "is_triggered": False, "color": None, "color_index": None, "name": "", "tempo": -1.0,
    "tempo_enabled": False, "time_signature_numerator": -1, "time_signature_denominator": -1,
    "time_signature_enabled": False,
}  # fmt: skip

_AUDIO_ONLY = (
    "file_path", "gain_display_string", "sample_length", "gain", "pitch_coarse", "pitch_fine", "ram_mode",
    "warp_mode", "warping",
)  # fmt: skip
_METERS = ("output_meter_level", "output_meter_left", "output_meter_right")


def at(items: list[_Item], index: int) -> _Item:
    """Give an item as Live does: negative indices count from the end.

    Raises:
        IndexError: There is none, in Live's words.
    """
    if not -len(items) <= index < len(items):
        raise IndexError("Index out of range")
    return items[index]


@dataclass(slots=True)
class LiveSetClip:
    """A MIDI clip. Times in beats."""

    loop: tuple[float, float]
    markers: tuple[float, float]
    looping: bool = True
    rows: NoteRows = field(default_factory=NoteRows)
    values: dict[str, Any] = field(default_factory=lambda: dict(_CLIP))

    def get(self, name: str) -> Any:
        """Read a property.

        Raises:
            RuntimeError: It is one of audio clips only.
        """
        start, end = self.loop if self.looping else self.markers
        if name in _AUDIO_ONLY:
            title = "".join(word.title() for word in name.split("_"))
            raise RuntimeError(f"{title} is only available for Audio Clips")
        shown = {
            "loop_start": start, "loop_end": end, "position": start, "length": end - start,
            "start_marker": self.markers[0], "end_marker": self.markers[1], "end_time": self.markers[1],
            "looping": self.looping,
        }  # fmt: skip
        return shown[name] if name in shown else self.values[name]

    def set(self, name: str, value: Any) -> None:
        """Set a property; the loop and the markers keep Live's rules.

        Raises:
            RuntimeError: It cannot be set to this.
        """
        start, end = self.loop if self.looping else self.markers
        match name:
            case "looping":
                self.looping = bool(value)
            case "loop_start":
                self._region(value, end)
            case "loop_end":
                self._region(start, value)
            case "position":
                self._region(value, value + end - start)
            case "start_marker" | "end_marker":
                self._mark(name, value)
            case _:
                self.get(name)
                self.values[name] = value

    def _region(self, start: float, end: float) -> None:
        if start >= end:
            raise RuntimeError("The loop start must be before the loop end")
        if self.looping:
            self.loop = (start, end)
        else:
            self.markers = (start, end)

    def _mark(self, name: str, value: float) -> None:
        if not self.looping and name == "start_marker":
            return  # Live ignores it
        start, end = (value, self.markers[1]) if name == "start_marker" else (self.markers[0], value)
        if start >= end:
            raise RuntimeError("The start marker must be before the end marker")
        self.markers = (start, end)

    @property
    def notes(self) -> list[LiveSetNote]:
        """Every note, sorted by pitch, then start."""
        return self.rows.all()

    def add_new_notes(self, notes: Iterable[LiveSetNote]) -> None:
        """Add notes; the newer of equal starts stays, and a note is cut where the next of its pitch starts."""
        self.rows.add(notes)

    def notes_in(self, pitch: int, span: int, start: float, length: float) -> list[LiveSetNote]:
        """Give the notes that start in a range, its ends not included."""
        return self.rows.within(pitch, span, start, length)

    def remove_notes(self, pitch: int, span: int, start: float, length: float) -> None:
        """Remove the notes that start in a range."""
        self.rows.remove(self.notes_in(pitch, span, start, length))

    def copy(self) -> LiveSetClip:
        """Give a clip of its own with the same content."""
        return LiveSetClip(self.loop, self.markers, self.looping, self.rows.copy(), dict(self.values))


@dataclass(slots=True)
class ClipSlot:
    """A place for a clip."""

    clip: LiveSetClip | None = None
    values: dict[str, Any] = field(default_factory=lambda: dict(_SLOT))

    def get(self, name: str) -> Any:
        """Read a property."""
        if name == "has_clip":
            return self.clip is not None
        if name == "is_playing":
            return self.clip is not None and self.clip.values["is_playing"]
        return self.values[name]

    def set(self, name: str, value: Any) -> None:
        """Set a property."""
        self.values[name] = value

    def copy(self) -> ClipSlot:
        """Give a slot of its own with the same content."""
        return ClipSlot(self.clip.copy() if self.clip else None, dict(self.values))


@dataclass(slots=True)
class Track:
    """A MIDI or audio track. A name of its own is kept; without one it is called by place and kind."""

    is_midi: bool
    clip_slots: list[ClipSlot]
    own_name: str = ""
    place: int = 0
    sends: list[float] = field(default_factory=lambda: [0.0, 0.0])
    values: dict[str, Any] = field(default_factory=lambda: dict(_TRACK))

    @property
    def kind(self) -> str:
        """``MIDI`` or ``Audio``, as in the names Live gives."""
        return "MIDI" if self.is_midi else "Audio"

    def get(self, name: str) -> Any:
        """Read a property.

        Raises:
            RuntimeError: The track has none.
        """
        if name in _METERS and self.is_midi:
            raise RuntimeError(f"Tracks with MIDI output have no '{name}' property!")
        shown = {
            "name": self.own_name or f"{self.place + 1}-{self.kind}",
            "has_midi_input": self.is_midi,
            "has_audio_input": not self.is_midi,
        } | dict.fromkeys(_METERS, 0.0)
        return shown[name] if name in shown else self.values[name]

    def set(self, name: str, value: Any) -> None:
        """Set a property.

        Raises:
            RuntimeError: The value is outside its range.
        """
        least, most = {"volume": (0, 1), "panning": (-1, 1)}.get(name, (value, value))
        if not least <= value <= most:
            raise RuntimeError("Invalid value. Check the parameters range with min/max")
        if name == "current_monitoring_state" and value not in range(3):
            raise RuntimeError("Invalid monitoring state!")
        if name == "name":
            self.own_name = value
        else:
            self.values[name] = value

    def copy(self) -> Track:
        """Give a track of its own with the same content."""
        slots = [slot.copy() for slot in self.clip_slots]
        return Track(self.is_midi, slots, self.own_name, self.place, list(self.sends), dict(self.values))


@dataclass(slots=True)
class Scene:
    """A row of slots."""

    is_empty: bool = True
    values: dict[str, Any] = field(default_factory=lambda: dict(_SCENE))

    def get(self, name: str) -> Any:
        """Read a property."""
        return self.is_empty if name == "is_empty" else self.values[name]

    def set(self, name: str, value: Any) -> None:
        """Set a property."""
        self.values[name] = value

    def copy(self) -> Scene:
        """Give a scene of its own with the same content."""
        return Scene(self.is_empty, dict(self.values))
