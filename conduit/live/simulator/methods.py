"""The simulator's answers to every address that is not a generic property: one table, address to function.

A function takes the set and all arguments as they came, ids first. It returns what follows the ids in the
reply; for methods that is never sent. Notes' errors are worded as recorded from AbletonOSC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from conduit.live.osc import Value
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.note_rows import LiveSetNote
from conduit.live.simulator.objects import LiveSetClip, Track, at

__all__ = ["METHODS", "Method", "read"]

Args = list[Any]
Method = Callable[[LiveSet, Args], Sequence[Value]]

_VERSION = (12, 3)
_ROUTING = {
    "available_output_routing_types": ("Main", "Sends Only"),
    "available_output_routing_channels": ("Track In",),
    "output_routing_type": ("Main",),
    "output_routing_channel": ("Track In",),
    "available_input_routing_types": ("All Ins", "Computer Keyboard"),
    "available_input_routing_channels": ("All Channels",),
    "input_routing_type": ("All Ins",),
    "input_routing_channel": ("All Channels",),
}
_NO_DEVICES = (
    "get/num_parameters", "get/parameters/name", "get/parameters/value", "get/parameters/min",
    "get/parameters/max", "get/parameters/is_quantized", "get/parameter/value",
    "get/parameter/value_string", "get/parameter/name", "start_listen/parameter/value",
    "stop_listen/parameter/value",
)  # fmt: skip
_EMPTY_LISTS = (
    "arrangement_clips/name", "arrangement_clips/length", "arrangement_clips/start_time", "devices/name",
    "devices/type", "devices/class_name", "devices/can_have_chains",
)  # fmt: skip
_ADD_NOTE = (
    "__init__(_object*, int pitch, double start_time, double duration, double velocity=100.0, "
    "bool mute=False, double probability=1.0, double velocity_deviation=0.0, double release_velocity=64.0)"
)
_NOTE_FIELDS = 5
_RANGE_FIELDS = 4
# AbletonOSC's own default, which misses pitch 127 and what starts at beat 8192 or later.
_DEFAULT_RANGE = (0, 127, -8192.0, 16384.0)


def read(thing: Any, name: str) -> Value:
    """Read a property as AbletonOSC's getters do: one that does not apply is None."""
    if thing is None:
        raise AttributeError(f"'NoneType' object has no attribute '{name}'")
    try:
        value: Value = thing.get(name)
    except RuntimeError:
        return None
    return value


def _track(live: LiveSet, args: Args) -> Track:
    return at(live.tracks, int(args[0]))


def _clip(live: LiveSet, args: Args, *, wanted: str) -> LiveSetClip:
    clip = live.slot(int(args[0]), int(args[1])).clip
    if clip is None:
        raise AttributeError(f"'NoneType' object has no attribute '{wanted}'")
    return clip


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


def _track_data(live: LiveSet, args: Args) -> Sequence[Value]:
    first, last, *names = args
    span = range(first, len(live.tracks) if last == -1 else last)
    return [value for index in span for name in names for value in _data(at(live.tracks, index), name)]


def _data(track: Track, name: str) -> Iterator[Value]:
    owner, prop = name.split(".")
    match owner:
        case "track":
            yield 0 if prop == "num_devices" else read(track, prop)
        case "clip_slot":
            yield from (read(slot, prop) for slot in track.clip_slots)
        case "clip":
            yield from (read(slot.clip, prop) if slot.clip else None for slot in track.clip_slots)
        case "device":
            return
        case _:
            raise ValueError(f"Unknown object identifier in get/track_data: {owner}")


def _clips(name: str) -> Method:
    def answer(live: LiveSet, args: Args) -> Sequence[Value]:
        return [read(slot.clip, name) if slot.clip else None for slot in _track(live, args).clip_slots]

    return answer


def _constant(values: Sequence[Value]) -> Method:
    def answer(live: LiveSet, args: Args) -> Sequence[Value]:
        _track(live, args)
        return values

    return answer


def _no_device(live: LiveSet, args: Args) -> Sequence[Value]:
    _track(live, args)
    return at([()], int(args[1]) + 1)  # the simulated tracks have none, so this is always out of range


def _get_send(live: LiveSet, args: Args) -> Sequence[Value]:
    sends = _track(live, args).sends
    (send,) = args[1:]
    return [at(sends, send)]


def _set_send(live: LiveSet, args: Args) -> Sequence[Value]:
    sends = _track(live, args).sends
    send, value = args[1:]
    at(sends, send)
    if not 0 <= value <= 1:
        raise RuntimeError("Invalid value. Check the parameters range with min/max")
    sends[send] = float(value)
    return ()


def _note_range(args: Args, *, address: str) -> tuple[int, int, float, float]:
    found = args[2:]
    if len(found) not in {0, _RANGE_FIELDS}:
        raise ValueError(
            f"Invalid number of arguments for {address}. Either 0 or 4 arguments must be passed."
        )
    pitch, span, start, length = found or _DEFAULT_RANGE
    return pitch, span, start, length


def _get_notes(live: LiveSet, args: Args) -> Sequence[Value]:
    found = _note_range(args, address="/clip/get/notes")
    return [
        value for note in _clip(live, args, wanted="get_notes_extended").notes_in(*found) for value in note
    ]


def _remove_notes(live: LiveSet, args: Args) -> Sequence[Value]:
    found = _note_range(args, address="/clip/remove/notes")
    _clip(live, args, wanted="remove_notes_extended").remove_notes(*found)
    return ()


def _add_notes(live: LiveSet, args: Args) -> Sequence[Value]:
    live.slot(int(args[0]), int(args[1]))
    fields = args[2:]
    notes = [_note(fields[i : i + _NOTE_FIELDS]) for i in range(0, len(fields), _NOTE_FIELDS)]
    _clip(live, args, wanted="add_new_notes").add_new_notes(notes)
    return ()


def _note(fields: Args) -> LiveSetNote:
    pitch, start, duration, velocity, mute = fields
    numbers = all(isinstance(value, int | float) for value in (start, duration, velocity))
    if not (isinstance(pitch, int) and numbers and isinstance(mute, int)):
        types = ", ".join(["MidiNoteSpecification", *(type(value).__name__ for value in fields)])
        raise TypeError(
            f"Python argument types in\n    MidiNoteSpecification.__init__({types})\n"
            f"did not match C++ signature:\n    {_ADD_NOTE}"
        )
    return LiveSetNote(pitch, float(start), float(duration), float(velocity), bool(mute))


def _play(live: LiveSet, args: Args, *, playing: bool) -> Sequence[Value]:
    live.values["is_playing"] = playing
    return args[:0]


def _stop_all(live: LiveSet, args: Args) -> Sequence[Value]:
    for index in range(len(live.tracks)):
        live.stop_track(index)
    return args[:0]


def _fire_scene(live: LiveSet, args: Args) -> Sequence[Value]:
    for index in range(len(live.tracks)):
        live.fire(index, int(args[0]))
    return ()


def _fire_clip(live: LiveSet, args: Args) -> Sequence[Value]:
    _clip(live, args, wanted="fire")
    live.fire(int(args[0]), int(args[1]))
    return ()


def _stop_clip(live: LiveSet, args: Args) -> Sequence[Value]:
    _clip(live, args, wanted="stop")
    live.stop(int(args[0]), int(args[1]))
    return ()


def _select(live: LiveSet, *, track: int | None = None, scene: int | None = None) -> Sequence[Value]:
    if track is not None:
        at(live.tracks, track)
        live.selected_track = range(len(live.tracks))[track]
    if scene is not None:
        at(live.scenes, scene)
        live.selected_scene = range(len(live.scenes))[scene]
    return ()


def _selected_device(_live: LiveSet, _args: Args) -> Sequence[Value]:
    raise AttributeError("'NoneType' object has no attribute 'canonical_parent'")


def _calls(name: str, *, ids: int = 0) -> Method:
    def answer(live: LiveSet, args: Args) -> Sequence[Value]:
        given = [int(args[place]) for place in range(ids)]
        getattr(live, name)(*given, *args[ids:])
        return ()

    return answer


METHODS: dict[str, Method] = {
    "/live/test": lambda _live, _args: ["ok"],
    "/live/test/simulated": lambda _live, _args: [True],
    "/live/application/get/version": lambda _live, _args: _VERSION,
    "/live/application/get/average_process_usage": lambda _live, _args: [0.0],
    "/live/api/get/log_level": lambda _live, _args: ["info"],
    "/live/api/show_message": _calls("show_message"),
    "/live/song/get/num_tracks": lambda live, _args: [len(live.tracks)],
    "/live/song/get/num_scenes": lambda live, _args: [len(live.scenes)],
    "/live/song/get/track_names": _track_names,
    "/live/song/get/scenes/name": _scene_names,
    "/live/song/get/cue_points": lambda _live, _args: (),
    "/live/song/get/track_data": _track_data,
    "/live/song/start_playing": lambda live, args: _play(live, args, playing=True),
    "/live/song/continue_playing": lambda live, args: _play(live, args, playing=True),
    "/live/song/stop_playing": lambda live, args: _play(live, args, playing=False),
    "/live/song/stop_all_clips": _stop_all,
    "/live/track/get/send": _get_send,
    "/live/track/set/send": _set_send,
    "/live/track/get/num_devices": _constant([0]),
    "/live/track/stop_all_clips": _calls("stop_track", ids=1),
    "/live/track/delete_clip": _calls("delete_clip", ids=2),
    "/live/clip_slot/create_clip": _calls("create_clip", ids=2),
    "/live/clip_slot/delete_clip": _calls("delete_clip", ids=2),
    "/live/clip_slot/duplicate_clip_to": _calls("duplicate_clip_to", ids=4),
    "/live/clip_slot/fire": _calls("fire", ids=2),
    "/live/clip_slot/stop": _calls("stop", ids=2),
    "/live/clip/fire": _fire_clip,
    "/live/clip/stop": _stop_clip,
    "/live/clip/get/notes": _get_notes,
    "/live/clip/add/notes": _add_notes,
    "/live/clip/remove/notes": _remove_notes,
    "/live/scene/fire": _fire_scene,
    "/live/view/get/selected_scene": lambda live, _args: [live.selected_scene],
    "/live/view/get/selected_track": lambda live, _args: [live.selected_track],
    "/live/view/get/selected_clip": lambda live, _args: [live.selected_track, live.selected_scene],
    "/live/view/get/selected_device": _selected_device,
    "/live/view/set/selected_scene": lambda live, args: _select(live, scene=args[0]),
    "/live/view/set/selected_track": lambda live, args: _select(live, track=args[0]),
    "/live/view/set/selected_clip": lambda live, args: _select(live, track=args[0], scene=args[1]),
}
"""What each address does; the tables above fill in the rest."""
METHODS |= {f"/live/track/get/clips/{name}": _clips(name) for name in ("name", "length", "color")}
METHODS |= {f"/live/track/get/{name}": _constant(values) for name, values in _ROUTING.items()}
METHODS |= {f"/live/track/get/{name}": _constant(()) for name in _EMPTY_LISTS}
METHODS |= {f"/live/device/{name}": _no_device for name in _NO_DEVICES}
METHODS |= {
    f"/live/song/{name}": _calls(name)
    for name in (
        "undo", "redo", "create_midi_track", "create_audio_track", "create_scene", "delete_track",
        "delete_scene", "duplicate_track", "duplicate_scene",
    )
}  # fmt: skip
