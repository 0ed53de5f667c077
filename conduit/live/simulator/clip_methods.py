"""What the addresses of clips and slots do, but for launching: notes, loops, and filtering clips by their names.

Notes' errors are worded as recorded from AbletonOSC.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from conduit.live.osc import Value
from conduit.live.simulator.clips import LiveSetClip
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.note_rows import LiveSetNote
from conduit.live.simulator.objects import ClipSlot, at
from conduit.live.simulator.targets import Args, Method, calls, clip, track

__all__ = ["CLIP"]

_ADD_NOTE = (
    "__init__(_object*, int pitch, double start_time, double duration, double velocity=100.0, "
    "bool mute=False, double probability=1.0, double velocity_deviation=0.0, double release_velocity=64.0)"
)
_RANGE = "class TPyHandle<class AClip>, int from_pitch, int pitch_span, double from_time, double time_span"
_IDS = "class TPyHandle<class AClip>, class std::vector<int,class std::allocator<int> >"  # not seen on Live
_NOTE_FIELDS = 5
_RANGE_FIELDS = 4
# AbletonOSC's own default, which misses pitch 127 and what starts at beat 8192 or later.
_DEFAULT_RANGE = (0, 127, -8192.0, 16384.0)
_NAMED_NOTES = re.compile("[_-]([A-G][A-G#b1-9-]*)$")
_PITCHES = (("C",), ("C#", "Db"), ("D",), ("D#", "Eb"), ("E",), ("F",), ("F#", "Gb"), ("G",), ("G#", "Ab"),
            ("A",), ("A#", "Bb"), ("B",))  # fmt: skip

Finder = Callable[..., LiveSetClip]


def _of_notes(live: LiveSet, args: Args, *, wanted: str) -> LiveSetClip:
    found = clip(live, args, wanted=wanted)
    if found.values["is_audio_clip"]:
        raise RuntimeError("Notes are only available for MIDI Clips")  # not seen on Live
    return found


def _arranged(live: LiveSet, args: Args, *, wanted: str) -> LiveSetClip:  # noqa: ARG001  as ``clip``
    number = int(args[1])
    return at(track(live, args).arrangement_clips, number).clip


def _refuse(method: str, args: Args, signature: str, *, owner: str = "Clip") -> TypeError:
    types = ", ".join([owner, *(type(value).__name__ for value in args)])
    return TypeError(
        f"Python argument types in\n    {owner}.{method}({types})\n"
        f"did not match C++ signature:\n    {signature}"
    )


def _note_range(args: Args, *, address: str, method: str) -> tuple[int, int, float, float]:
    found = args[2:]
    if len(found) not in {0, _RANGE_FIELDS}:
        raise ValueError(
            f"Invalid number of arguments for {address}. Either 0 or 4 arguments must be passed."
        )
    pitch, span, start, length = found or _DEFAULT_RANGE
    numbers = all(isinstance(value, int | float) for value in (start, length))
    if not (isinstance(pitch, int) and isinstance(span, int) and numbers):
        raise _refuse(method, found, f"{method}({_RANGE})")
    return pitch, span, start, length


def _get_notes(find: Finder, address: str) -> Method:
    def answer(live: LiveSet, args: Args) -> Sequence[Value]:
        wanted = _note_range(args, address=address, method="get_notes_extended")
        notes = find(live, args, wanted="get_notes_extended").notes_in(*wanted)
        return [value for note in notes for value in note]

    return answer


def _remove_notes(find: Finder, address: str) -> Method:
    def act(live: LiveSet, args: Args) -> Sequence[Value]:
        wanted = _note_range(args, address=address, method="remove_notes_extended")
        find(live, args, wanted="remove_notes_extended").remove_notes(*wanted)
        return ()

    return act


def _add_notes(find: Finder) -> Method:
    def act(live: LiveSet, args: Args) -> Sequence[Value]:
        at(live.tracks, int(args[0]))
        fields = args[2:]
        notes = [_note(fields[i : i + _NOTE_FIELDS]) for i in range(0, len(fields), _NOTE_FIELDS)]
        find(live, args, wanted="add_new_notes").add_new_notes(notes)
        return ()

    return act


def _note(fields: Args) -> LiveSetNote:
    pitch, start, duration, velocity, mute = fields
    numbers = all(isinstance(value, int | float) for value in (start, duration, velocity))
    if not (isinstance(pitch, int) and numbers and isinstance(mute, int)):
        raise _refuse("__init__", fields, _ADD_NOTE, owner="MidiNoteSpecification")
    if not (0 <= pitch <= 127 and duration > 0 and 0 <= velocity <= 127):  # not known what Live says
        raise RuntimeError("Invalid value. A note has a pitch and a velocity of 0-127, and a duration")
    return LiveSetNote(pitch, float(start), float(duration), float(velocity), bool(mute))


def _duplicate_loop(live: LiveSet, args: Args) -> Sequence[Value]:
    clip(live, args, wanted="duplicate_loop").duplicate_loop()
    return ()


def _remove_by_id(live: LiveSet, args: Args) -> Sequence[Value]:
    """Fail, as it always does: AbletonOSC passes single numbers where Live wants a list of them."""
    clip(live, args, wanted="remove_notes_by_id")
    raise _refuse("remove_notes_by_id", args[2:], f"remove_notes_by_id({_IDS})")


def _pitch_class(name: Any) -> int | None:
    return next((number for number, names in enumerate(_PITCHES) if name in names), None)


def _named_notes(slot: ClipSlot) -> list[int | None]:
    """Give the pitch classes that a clip's name ends with, as in ``bass_C-Eb2``; octaves do not count."""
    found = _NAMED_NOTES.search(slot.clip.get("name")) if slot.clip else None
    return [_pitch_class(name) for name in re.sub("[1-9]", "", found[1]).split("-")] if found else []


def _filter(live: LiveSet, args: Args) -> Sequence[Value]:
    """Mute every clip whose name has notes but those given, and unmute the others that name notes."""
    if not live.script.clip_notes:
        live.script.clip_notes = [[_named_notes(slot) for slot in found.clip_slots] for found in live.tracks]
    given = [_pitch_class(name) for name in args]
    for number, found in enumerate(live.tracks):
        for place, slot in enumerate(found.clip_slots):
            notes = live.script.clip_notes[number][place]
            if notes:
                _mute(slot, muted=not all(note in given for note in notes))
    return ()


def _mute(slot: ClipSlot, *, muted: bool) -> None:
    if slot.clip is None:
        raise AttributeError("'NoneType' object has no attribute 'muted'")
    slot.clip.set("muted", muted)


def _unfilter(live: LiveSet, args: Args) -> Sequence[Value]:
    first, last = [*args, *(0, len(live.tracks))[len(args) :]][:2]
    if not (isinstance(first, int) and isinstance(last, int)):
        raise TypeError("slice indices must be integers or None or have an __index__ method")
    for found in live.tracks[first:last]:
        for slot in found.clip_slots:
            if slot.clip is not None:
                _mute(slot, muted=False)
    return ()


CLIP: Mapping[str, Method] = {
    "/live/clip_slot/create_clip": calls("create_clip", ids=2),
    "/live/clip_slot/delete_clip": calls("delete_clip", ids=2),
    "/live/clip_slot/duplicate_clip_to": calls("duplicate_clip_to", ids=4),
    "/live/clip/get/notes": _get_notes(_of_notes, "/clip/get/notes"),
    "/live/clip/add/notes": _add_notes(_of_notes),
    "/live/clip/remove/notes": _remove_notes(_of_notes, "/clip/remove/notes"),
    "/live/clip/duplicate_loop": _duplicate_loop,
    "/live/clip/remove_notes_by_id": _remove_by_id,
    "/live/clips/filter": _filter,
    "/live/clips/unfilter": _unfilter,
    "/live/arrangement_clip/get/notes": _get_notes(_arranged, "get/notes"),
    "/live/arrangement_clip/add/notes": _add_notes(_arranged),
    "/live/arrangement_clip/remove/notes": _remove_notes(_arranged, "remove/notes"),
}
