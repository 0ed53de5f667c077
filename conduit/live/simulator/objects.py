"""What a Live set is made of, as AbletonOSC sees it: tracks, scenes and slots, and what stands on them.

It follows Live's own rules where they are known. Errors carry Live's words where they were recorded; the others
are this module's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from conduit.live.simulator.arrangement import ArrangementClip
from conduit.live.simulator.clips import COLOR, COLOR_INDEX, LiveSetClip
from conduit.live.simulator.devices import INSTRUMENT, OUT_OF_RANGE, Device
from conduit.live.simulator.palette import coloured

__all__ = ["ClipSlot", "Scene", "Track", "at"]

_Item = TypeVar("_Item")

_TRACK: Mapping[str, Any] = {
    "can_be_armed": True, "fired_slot_index": -1, "has_audio_output": True, "has_midi_output": False,
    "is_foldable": False, "is_grouped": False, "is_visible": True, "playing_slot_index": -1, "arm": False,
    "color": COLOR, "color_index": COLOR_INDEX, "current_monitoring_state": 1, "fold_state": None,
    "mute": False, "solo": False, "volume": 0.85, "panning": 0.0, "group_track": None,
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

_COLOURS = {"color", "color_index"}
_METERS = ("output_meter_level", "output_meter_left", "output_meter_right")
_ROUTING: Mapping[str, tuple[str, ...]] = {
    "output_routing_type": ("Main", "Sends Only"), "output_routing_channel": ("Track In",),
    "input_routing_type": ("All Ins", "Computer Keyboard"), "input_routing_channel": ("All Channels",),
}  # fmt: skip
# What an audio track hears was not seen on Live.
_AUDIO_ROUTING: Mapping[str, tuple[str, ...]] = {
    **_ROUTING,
    "input_routing_type": ("Ext. In", "Resampling", "No Input"),
    "input_routing_channel": ("1/2", "1", "2"),
}


def at(items: Sequence[_Item], index: int) -> _Item:
    """Give an item as Live does: negative indices count from the end.

    Raises:
        IndexError: There is none, in Live's words.
        TypeError: The index is no whole number, in the words of Boost, which Live's lists are made of.
    """
    if not isinstance(index, int):
        raise TypeError("Invalid index type")
    if not -len(items) <= index < len(items):
        raise IndexError("Index out of range")
    return items[index]


def _value(values: Mapping[str, Any], name: str, *, owner: str) -> Any:
    if name not in values:
        raise AttributeError(f"'{owner}' object has no attribute '{name}'")
    return values[name]


def _changed(name: str, value: Any) -> dict[str, Any]:
    """Give what setting a value changes: of a colour both it and its place in the palette."""
    return coloured(name, value) if name in _COLOURS else {name: value}


@dataclass(slots=True)
class ClipSlot:
    """A place for a clip."""

    clip: LiveSetClip | None = None
    values: dict[str, Any] = field(default_factory=lambda: dict(_SLOT))
    key: object = field(default_factory=object, compare=False)

    def get(self, name: str) -> Any:
        """Read a property."""
        if name == "has_clip":
            return self.clip is not None
        if name == "is_playing":
            return self.clip is not None and self.clip.values["is_playing"]
        return _value(self.values, name, owner="ClipSlot")

    def set(self, name: str, value: Any) -> None:
        """Set a property."""
        self.values[name] = value

    def copy(self) -> ClipSlot:
        """Give the same slot as it is now, so that one of the two can be kept while the other changes."""
        return ClipSlot(self.clip.copy() if self.clip else None, dict(self.values), self.key)


@dataclass(slots=True)
class Track:
    """A MIDI, audio or group track. A name of its own is kept; without one it is called by place and kind.

    ``group`` is the key of the group it is in.
    """

    is_midi: bool
    clip_slots: list[ClipSlot]
    own_name: str = ""
    place: int = 0
    sends: list[float] = field(default_factory=lambda: [0.0, 0.0])
    values: dict[str, Any] = field(default_factory=lambda: dict(_TRACK))
    key: object = field(default_factory=object, compare=False)
    devices: list[Device] = field(default_factory=list)
    selected_device: int = 0
    arrangement_clips: list[ArrangementClip] = field(default_factory=list)
    routing: dict[str, str] = field(default_factory=dict)
    group: object = None

    @property
    def kind(self) -> str:
        """``MIDI`` or ``Audio``, as in the names Live gives."""
        return "MIDI" if self.is_midi else "Audio"

    @property
    def has_meters(self) -> bool:
        """Whether it gives sound: a MIDI track does with an instrument on it."""
        return not self.is_midi or any(device.kind == INSTRUMENT for device in self.devices)

    def available(self, name: str) -> tuple[str, ...]:
        """Give what a routing can be set to; the first is where it begins."""
        return (_ROUTING if self.is_midi else _AUDIO_ROUTING)[name]

    def get(self, name: str) -> Any:
        """Read a property.

        Raises:
            AttributeError: There is none of this name.
            RuntimeError: The track has none.
        """
        if name in _METERS and not self.has_meters:
            raise RuntimeError(f"Tracks with MIDI output have no '{name}' property!")
        shown = {
            "name": self.own_name or f"{self.place + 1}-{self.kind}",
            "has_midi_input": self.is_midi,
            "has_audio_input": not self.is_midi,
        } | dict.fromkeys(_METERS, 0.0)
        return shown[name] if name in shown else _value(self.values, name, owner="Track")

    def set(self, name: str, value: Any) -> None:
        """Set a property.

        Raises:
            RuntimeError: The value is outside its range, or the track has no such property.
        """
        least, most = {"volume": (0, 1), "panning": (-1, 1)}.get(name, (value, value))
        if not least <= value <= most:
            raise RuntimeError(OUT_OF_RANGE)
        if name == "fold_state" and not self.values["is_foldable"]:
            raise RuntimeError("Only foldable tracks have a 'fold_state' property!")  # not seen on Live
        if name == "current_monitoring_state" and value not in range(3):
            raise RuntimeError("Invalid monitoring state!")
        if name == "name":
            self.own_name = value
        else:
            self.values |= _changed(name, value)

    def copy(self) -> Track:
        """Give the same track as it is now, so that one of the two can be kept while the other changes."""
        return replace(
            self,
            clip_slots=[slot.copy() for slot in self.clip_slots],
            sends=list(self.sends),
            values=dict(self.values),
            devices=[device.copy() for device in self.devices],
            arrangement_clips=[clip.copy() for clip in self.arrangement_clips],
            routing=dict(self.routing),
        )


@dataclass(slots=True)
class Scene:
    """A row of slots."""

    is_empty: bool = True
    values: dict[str, Any] = field(default_factory=lambda: dict(_SCENE))
    key: object = field(default_factory=object, compare=False)

    def get(self, name: str) -> Any:
        """Read a property."""
        return self.is_empty if name == "is_empty" else _value(self.values, name, owner="Scene")

    def set(self, name: str, value: Any) -> None:
        """Set a property."""
        self.values |= _changed(name, value)

    def copy(self) -> Scene:
        """Give the same scene as it is now, so that one of the two can be kept while the other changes."""
        return Scene(self.is_empty, dict(self.values), self.key)
