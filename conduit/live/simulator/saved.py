"""A set as JSON: everything that is in it, nothing of what plays. Only what differs from an empty set is written.

What comes in is checked as a stranger's: one error says what is wrong and where.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from conduit.live.simulator.arrangement import ArrangementClip
from conduit.live.simulator.clips import AUDIO, LiveSetClip
from conduit.live.simulator.cues import CuePoint
from conduit.live.simulator.devices import Chain, Device, Parameter
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.note_rows import LiveSetNote
from conduit.live.simulator.objects import ClipSlot, Scene, Track
from conduit.live.simulator.saved_form import (
    FORMAT,
    VERSION,
    SavedClip,
    SavedDevice,
    SavedParameter,
    SavedSet,
    SavedSlot,
    SavedTrack,
)
from conduit.live.simulator.shown import DERIVED
from conduit.live.simulator.song import SONG, check_song_value

__all__ = ["from_json", "load", "save", "to_json"]

Values = dict[str, Any]

_EMPTY_CLIP = LiveSetClip((0.0, 1.0), (0.0, 1.0)).values
_EMPTY_SLOT = ClipSlot().values
_EMPTY_TRACK = Track(is_midi=True, clip_slots=[]).values
_EMPTY_SCENE = Scene().values


def to_json(live_set: LiveSet) -> dict[str, Any]:
    """Give all that is in a set as plain values for JSON; two sets that hold the same give the same."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "song": _changed(live_set.values, SONG),
        "tracks": [_track(track) for track in live_set.tracks],
        "returns": [_track(track) for track in live_set.returns],
        "scenes": [_changed(scene.values, _EMPTY_SCENE, owner="scene") for scene in live_set.scenes],
        "cue_points": [[cue.name, cue.time] for cue in live_set.cue_points],
        "selected_track": live_set.selected_track,
        "selected_scene": live_set.selected_scene,
    }


def _changed(values: Mapping[str, Any], empty: Mapping[str, Any], *, owner: str = "song") -> Values:
    derived = DERIVED.get(owner, {})
    return {name: value for name, value in values.items() if name not in derived and value != empty.get(name)}


def _track(track: Track) -> Values:
    return {
        "is_midi": track.is_midi,
        "name": track.own_name,
        "values": _changed(track.values, _EMPTY_TRACK, owner="track"),
        "sends": list(track.sends),
        "routing": dict(track.routing),
        "slots": [_slot(slot) for slot in track.clip_slots],
        "devices": [_device(device) for device in track.devices],
        "selected_device": track.selected_device,
        "arrangement": [
            {"start": clip.start_time, "end": clip.end_time, "clip": _clip(clip.clip)}
            for clip in track.arrangement_clips
        ],
    }


def _slot(slot: ClipSlot) -> Values:
    return {
        "values": _changed(slot.values, _EMPTY_SLOT, owner="clip_slot"),
        "clip": _clip(slot.clip) if slot.clip else None,
    }


def _clip(clip: LiveSetClip) -> Values:
    return {
        "loop": list(clip.loop),
        "markers": list(clip.markers),
        "looping": clip.looping,
        "values": _changed(clip.values, _EMPTY_CLIP, owner="clip"),
        "notes": [list(note) for note in clip.notes],
    }


def _device(device: Device) -> Values:
    return {
        "name": device.name,
        "class_name": device.class_name,
        "kind": device.kind,
        "parameters": [_parameter(parameter) for parameter in device.parameters],
        "chains": None
        if device.chains is None
        else [{"name": c.name, "mute": c.mute, "volume": c.volume} for c in device.chains],
    }


def _parameter(parameter: Parameter) -> Values:
    least, most = parameter.shown
    return {
        "name": parameter.name,
        "value": parameter.value,
        "minimum": parameter.minimum,
        "maximum": parameter.maximum,
        "labels": list(parameter.labels),
        "unit": parameter.unit,
        "shown": [None if math.isinf(least) else least, most],
    }


def from_json(data: object) -> LiveSet:
    """Give the set that ``to_json`` wrote.

    Raises:
        ValueError: It is no such set; the message says what is wrong, and where.
    """
    try:
        return _live_set(SavedSet.model_validate(data))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise _wrong(place, first["msg"]) from error


def _live_set(saved: SavedSet) -> LiveSet:
    live_set = LiveSet(n_midi=0, n_audio=0, n_scenes=len(saved.scenes))
    for name, value in _checked(saved.song, SONG, "song").items():
        _refused(f"song.{name}", check_song_value, name, value)
        live_set.values[name] = value
    live_set.tracks = [_to_track(track, f"tracks.{n}") for n, track in enumerate(saved.tracks)]
    _group(live_set.tracks)
    live_set.returns = [_to_track(track, f"returns.{n}") for n, track in enumerate(saved.returns)]
    for number, (scene, values) in enumerate(zip(live_set.scenes, saved.scenes, strict=True)):
        scene.values |= _checked(values, _EMPTY_SCENE, f"scenes.{number}", owner="scene")
    cues = sorted(saved.cue_points, key=lambda cue: cue[1])
    live_set.cue_points = tuple(CuePoint(name, time) for name, time in cues)
    live_set.selected_track, live_set.selected_scene = saved.selected_track, saved.selected_scene
    live_set.arrange()
    return live_set


def _group(tracks: list[Track]) -> None:
    """Put tracks into the groups that they name, which stand before them."""
    for number, track in enumerate(tracks):
        place = track.values["group_track"]
        if place is None:
            continue
        if type(place) is not int or not 0 <= place < number or not tracks[place].values["is_foldable"]:
            raise _wrong(f"tracks.{number}.values.group_track", f"{place} is no group before it")
        track.group = tracks[place].key


def _wrong(place: str, said: object) -> ValueError:
    return ValueError(f"this is not a saved Live set of version {VERSION}: {place}: {said}")


def _refused(place: str, work: Callable[..., None], *args: Any) -> None:
    """Do something, and say where it was when Live would refuse it."""
    try:
        work(*args)
    except (AttributeError, RuntimeError, TypeError) as error:
        raise _wrong(place, error) from error


def _checked(values: Values, empty: Mapping[str, Any], place: str, *, owner: str = "song") -> Values:
    """Give values back if an empty object has them, and of their types; numbers become floats where it has those.

    Raises:
        ValueError: One is unknown, or of another type.
    """
    known = {name: value for name, value in empty.items() if name not in DERIVED.get(owner, {})}
    return {name: _fitting(name, value, known, f"{place}.{name}") for name, value in values.items()}


def _fitting(name: str, value: Any, known: Mapping[str, Any], place: str) -> Any:
    if name not in known:
        raise _wrong(place, "there is no such value")
    kinds = (int, bool, type(None)) if known[name] is None else (type(known[name]),)
    if float in kinds and type(value) is int:
        return float(value)
    if type(value) not in kinds:
        raise _wrong(place, f"{value!r} is not of type {' or '.join(kind.__name__ for kind in kinds)}")
    return value


def _to_track(saved: SavedTrack, place: str) -> Track:
    slots = [_to_slot(slot, f"{place}.slots.{number}") for number, slot in enumerate(saved.slots)]
    track = Track(saved.is_midi, slots, saved.name, sends=list(saved.sends), routing=dict(saved.routing))
    for name, value in _checked(saved.values, _EMPTY_TRACK, f"{place}.values", owner="track").items():
        _refused(f"{place}.values.{name}", track.set, name, value)
    track.devices = [_to_device(device) for device in saved.devices]
    track.selected_device = saved.selected_device
    track.arrangement_clips = [
        ArrangementClip(_to_clip(one.clip, f"{place}.arrangement.{number}"), one.start, one.end)
        for number, one in enumerate(saved.arrangement)
    ]
    return track


def _to_slot(saved: SavedSlot, place: str) -> ClipSlot:
    clip = _to_clip(saved.clip, f"{place}.clip") if saved.clip else None
    slot = ClipSlot(clip)
    slot.values |= _checked(saved.values, _EMPTY_SLOT, f"{place}.values", owner="clip_slot")
    return slot


def _to_clip(saved: SavedClip, place: str) -> LiveSetClip:
    clip = LiveSetClip(saved.loop, saved.markers, saved.looping)
    clip.add_new_notes(LiveSetNote(*note) for note in saved.notes)
    empty = {**_EMPTY_CLIP, **(AUDIO if saved.is_audio else {})}
    clip.values |= _checked(saved.values, empty, f"{place}.values", owner="clip")
    return clip


def _to_device(saved: SavedDevice) -> Device:
    chains = None if saved.chains is None else [Chain(c.name, c.mute, c.volume) for c in saved.chains]
    parameters = [_to_parameter(parameter) for parameter in saved.parameters]
    return Device(saved.name, saved.class_name, saved.kind, parameters, chains)


def _to_parameter(saved: SavedParameter) -> Parameter:
    least, most = saved.shown
    return Parameter(
        saved.name,
        saved.value,
        saved.minimum,
        saved.maximum,
        saved.labels,
        saved.unit,
        (-math.inf if least is None else least, most),
    )


def save(live_set: LiveSet, path: Path) -> None:
    """Write a set to a file, which is whole at any time.

    Raises:
        OSError: It cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(to_json(live_set), allow_nan=False), encoding="utf-8")
    part.replace(path)


def load(path: Path) -> LiveSet:
    """Read a set from a file.

    Raises:
        OSError: It cannot be read.
        ValueError: It holds no set.
    """
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not JSON: {error}") from error
    return from_json(data)
