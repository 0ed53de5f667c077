"""Live's browser with a small library: what it finds by name, and what loading does to the selected track.

Searching follows the fork's code. What Live does when it loads was not seen: here effects stand in Live's order
(MIDI effects, instrument, audio effects), an instrument takes the place of the one that is there, and what needs
notes makes a MIDI track of its own behind a selected audio track.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conduit.live.simulator.device_library import LIBRARY, device
from conduit.live.simulator.devices import AUDIO_EFFECT, INSTRUMENT, MIDI_EFFECT, Device
from conduit.live.simulator.objects import Track

if TYPE_CHECKING:
    from conduit.live.simulator.live_set import LiveSet

__all__ = ["CATEGORIES", "Item", "find", "first_loadable", "load", "search"]

_ORDER = (MIDI_EFFECT, INSTRUMENT, AUDIO_EFFECT)
_SEARCHED = (
    "instruments", "drums", "sounds", "audio_effects", "midi_effects", "plugins", "clips", "samples",
)  # fmt: skip
_MAX_OF_CATEGORY, _MAX_FOUND = 10, 50
_CLIP_BEATS = 4.0


@dataclass(frozen=True, slots=True)
class Item:
    """Something in the browser.

    Attributes:
        name: As the browser shows it.
        loads: The device in the library it is made of, ``clip`` for a clip, empty for a folder.
        children: What is in it.
    """

    name: str
    loads: str = ""
    children: tuple[Item, ...] = ()

    @property
    def is_device(self) -> bool:
        """Whether it is a device itself, not a preset of one."""
        return self.name in LIBRARY

    def all(self) -> Iterator[Item]:
        """Give everything in it, each before its children."""
        for item in self.children:
            yield item
            yield from item.all()


def _folder(name: str, *children: Item) -> Item:
    return Item(name, children=children)


def _devices(kind: int) -> tuple[Item, ...]:
    return tuple(Item(name, name) for name, (_, number, _) in LIBRARY.items() if number == kind)


def _files(loads: str, *names: str) -> tuple[Item, ...]:
    return tuple(Item(name, loads) for name in names)


CATEGORIES: Mapping[str, Item] = {
    "instruments": _folder("Instruments", *_devices(INSTRUMENT)),
    "drums": _folder(
        "Drums", *_files("Drum Rack", "606 Core Kit.adg", "808 Core Kit.adg", "909 Core Kit.adg")
    ),
    "sounds": _folder(
        "Sounds",
        _folder("Bass", *_files("Operator", "Basic Bass.adv", "Sub Bass.adv")),
        _folder("Pad", *_files("Wavetable", "Warm Pad.adv")),
        _folder("Piano & Keys", *_files("Operator", "Electric Piano.adv")),
    ),
    "audio_effects": _folder("Audio Effects", *_devices(AUDIO_EFFECT)),
    "midi_effects": _folder("MIDI Effects", *_devices(MIDI_EFFECT)),
    "max_for_live": _folder(
        "Max for Live", _folder("Max Audio Effect", *_files("Auto Filter", "Shaper.amxd"))
    ),
    "plugins": _folder("Plug-ins", _folder("VST3", *_files("Analog", "Simulated Synth"))),
    "clips": _folder("Clips", *_files("clip", "Chords Am F C G.alc", "Four on the Floor.alc")),
    "samples": _folder("Samples", _folder("Drums", *_files("Simpler", "Kick 808.wav", "Snare 909.wav"))),
    "packs": _folder("Packs", _folder("Core Library")),
    "user_library": _folder("User Library", _folder("Presets", *_files("Operator", "My Lead.adv"))),
    "current_project": _folder("Current Project"),
}
"""The browser's categories, by the names that the fork calls them."""


def find(parent: Item, name: str) -> Item | None:
    """Find something by its whole name, in capitals or not."""
    return next((item for item in parent.all() if item.name.lower() == name.lower()), None)


def first_loadable(item: Item) -> Item | None:
    """Give an item itself if it can be loaded, or the first such thing in it."""
    return next((found for found in (item, *item.all()) if found.loads), None)


def search(text: str) -> Sequence[tuple[str, str]]:
    """Give category and name of what holds a text in its name, at most ten of a category."""
    found: list[tuple[str, str]] = []
    for category in _SEARCHED:
        names = [item.name for item in CATEGORIES[category].all() if text.lower() in item.name.lower()]
        found += [(category, name) for name in names[:_MAX_OF_CATEGORY]]
    return found[:_MAX_FOUND]


def load(live: LiveSet, item: Item) -> None:
    """Load something onto the selected track."""
    if item.loads == "clip":
        _load_clip(live, item)
        return
    name = "" if item.is_device else item.name.rpartition(".")[0] or item.name
    made = device(item.loads, name=name)
    _place(_track_for(live, made), made)


def _track_for(live: LiveSet, made: Device) -> Track:
    selected = live.tracks[live.selected_track]
    if made.kind == AUDIO_EFFECT or selected.is_midi:
        return selected
    live.create_midi_track()
    return live.tracks[live.selected_track + 1]


def _place(track: Track, made: Device) -> None:
    kept = [old for old in track.devices if not old.kind == made.kind == INSTRUMENT]
    place = sum(_ORDER.index(old.kind) <= _ORDER.index(made.kind) for old in kept)
    track.devices = [*kept[:place], made, *kept[place:]]
    track.selected_device = place


def _load_clip(live: LiveSet, item: Item) -> None:
    """Put a clip into the first free slot of the selected track, if it takes notes."""
    track = live.tracks[live.selected_track]
    free = next((place for place, slot in enumerate(track.clip_slots) if slot.clip is None), None)
    if free is not None and track.is_midi:
        live.create_clip(live.selected_track, free, _CLIP_BEATS)
        clip = track.clip_slots[free].clip
        if clip is not None:
            clip.set("name", item.name.rpartition(".")[0])
