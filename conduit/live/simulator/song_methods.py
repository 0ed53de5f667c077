"""What the song's addresses do, but for the transport: its tracks and scenes, and reading many of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from conduit.live.osc import Value
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.objects import Track, at
from conduit.live.simulator.structure import write_structure
from conduit.live.simulator.targets import Args, Method, calls, read

__all__ = ["SONG_METHODS"]

_MIXER = {"volume", "panning"}  # AbletonOSC's own: in Live they are a mixer's, not a track's


def _span(args: Args, count: int) -> range:
    if not args:
        return range(count)
    first, last = args
    return range(first, last)


def _track_names(live: LiveSet, args: Args) -> Sequence[Value]:
    if len(args) == 2 and args[1] == -1:
        args = [args[0], len(live.tracks)]
    return [read(at(live.tracks, index), "name") for index in _span(args, len(live.tracks))]


def _scene_names(live: LiveSet, args: Args) -> Sequence[Value]:
    return [read(at(live.scenes, index), "name") for index in _span(args, len(live.scenes))]


def _export(live: LiveSet, _args: Args) -> Sequence[Value]:
    try:
        write_structure(live)
    except OSError as error:
        raise RuntimeError(str(error)) from error
    return [1]


def _track_data(live: LiveSet, args: Args) -> Sequence[Value]:
    first, last, *names = args
    first, last = int(first), int(last)
    span = range(first, len(live.tracks) if last == -1 else last)
    return [value for index in span for name in names for value in _data(live, at(live.tracks, index), name)]


def _data(live: LiveSet, track: Track, name: str) -> Iterator[Value]:
    """Give a property of a track, or of everything of a kind on it. What does not apply fails here."""
    owner, prop = name.split(".")
    if owner not in _READERS:
        live.script.complain(owner)
        return
    yield from _READERS[owner](track, prop)


def _of_track(track: Track, prop: str) -> Iterator[Value]:
    if prop in _MIXER:
        raise AttributeError(f"'Track' object has no attribute '{prop}'")
    yield len(track.devices) if prop == "num_devices" else track.get(prop)


def _of_clips(track: Track, prop: str) -> Iterator[Value]:
    return (slot.clip.get(prop) if slot.clip else None for slot in track.clip_slots)


_READERS: Mapping[str, Callable[[Track, str], Iterator[Any]]] = {
    "track": _of_track,
    "clip": _of_clips,
    "clip_slot": lambda track, prop: (slot.get(prop) for slot in track.clip_slots),
    "device": lambda track, prop: (device.get(prop) for device in track.devices),
}


SONG_METHODS: Mapping[str, Method] = {
    "/live/song/get/num_tracks": lambda live, _args: [len(live.tracks)],
    "/live/song/get/num_scenes": lambda live, _args: [len(live.scenes)],
    "/live/song/get/track_names": _track_names,
    "/live/song/get/scenes/name": _scene_names,
    "/live/song/get/track_data": _track_data,
    "/live/song/export/structure": _export,
} | {
    f"/live/song/{name}": calls(name)
    for name in (
        "undo", "redo", "create_midi_track", "create_audio_track", "create_scene",
        "delete_track", "delete_scene", "duplicate_track", "duplicate_scene",
    )
}  # fmt: skip
