"""Reading what a set holds: song, tracks, which clips are where. Values come out counted from 1, as users count.

AbletonOSC gives many properties of many tracks in one answer; what it leaves out there, the mixer, is asked
beside it. An answer that would not fit a datagram is asked again for half of its tracks.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from itertools import islice
from typing import Any

from conduit.errors import LinkError
from conduit.live.osc import Value
from conduit.live.slots import Asker, batched, one, together
from conduit.live.snapshot import (
    DeviceName,
    SetSnapshot,
    SlotSnapshot,
    SongSnapshot,
    TrackSnapshot,
    live_key,
)
from conduit.music import Meter

__all__ = ["read_set", "read_song", "track_asks", "track_of"]

_DATA = "/live/song/get/track_data"
_CELLS_AT_ONCE = 160  # slots in one answer: about 40 bytes each with usual names, so below macOS's 9,216
_MIXERS_AT_ONCE = 32
_SONG = (
    "tempo", "signature_numerator", "signature_denominator", "root_note", "scale_name", "is_playing",
    "num_tracks", "num_scenes", "clip_trigger_quantization",
)  # fmt: skip
_TRACK = (
    "name",
    "has_midi_input",
    "color",
    "mute",
    "solo",
    "playing_slot_index",
    "fired_slot_index",
    "num_devices",
)
_CLIP = ("name", "length", "color")
_DEVICE = ("name", "type", "class_name")
_MIXER = ("volume", "panning", "arm")
_ASKED = (
    *(f"track.{name}" for name in _TRACK),
    *(f"clip.{name}" for name in _CLIP),
    *(f"device.{name}" for name in _DEVICE),
)


async def read_song(live: Asker) -> SongSnapshot:
    """Read what holds for the whole set."""
    tempo, numerator, denominator, root, scale, is_playing, n_tracks, n_scenes, quantization = await together(
        *(one(live, f"/live/song/get/{name}") for name in _SONG)
    )
    meter = Meter(numerator, denominator)
    return SongSnapshot(tempo, meter, live_key(root, scale), is_playing, n_tracks, n_scenes, quantization)


async def read_set(live: Asker) -> SetSnapshot:
    """Read what the set holds."""
    track, scene, scenes, song = await together(
        _selected(live, "track"),
        _selected(live, "scene"),
        live.ask("/live/song/get/scenes/name"),
        read_song(live),
    )
    size = max(1, _CELLS_AT_ONCE // max(song.n_scenes, 1))
    spans = [(some[0], some[-1] + 1) for some in batched(range(song.n_tracks), size)]
    rows, *mixers = await together(
        _rows(live, spans, song.n_scenes),
        *(_mixers(live, some) for some in batched(range(song.n_tracks), _MIXERS_AT_ONCE)),
    )
    mixed = [mixer for some in mixers for mixer in some]
    return SetSnapshot(
        tempo=song.tempo,
        meter=song.meter,
        key=song.key,
        is_playing=song.is_playing,
        tracks=tuple(
            _track(number, row, mixer) for number, (row, mixer) in enumerate(zip(rows, mixed, strict=True), 1)
        ),
        scenes=tuple(map(str, scenes)),
        selected_track=track,
        selected_scene=scene,
        quantization=song.quantization,
    )


def track_asks(live: Asker, index: int) -> list[Callable[[], Coroutine[Any, Any, Any]]]:
    """Give the queries whose answers, in order, ``track_of`` makes a track of."""
    return [
        partial(live.ask, _DATA, index, index + 1, *_ASKED),
        *(partial(one, live, f"/live/track/get/{name}", index) for name in _MIXER),
    ]


def track_of(index: int, answers: list[Any]) -> TrackSnapshot:
    """Give a track from the answers to ``track_asks``."""
    values, *mixer = answers
    n_devices = int(values[len(_TRACK) - 1])
    n_scenes = (len(values) - len(_TRACK) - len(_DEVICE) * n_devices) // len(_CLIP)
    (row,) = _cut(values, n_tracks=1, n_scenes=n_scenes)
    return _track(index + 1, row, mixer)


async def _rows(live: Asker, spans: Sequence[tuple[int, int]], n_scenes: int) -> list[list[Any]]:
    """Read the tracks of each span; one whose answer is refused or lost is asked again in halves."""
    answers = await live.ask_each(_DATA, *((*span, *_ASKED) for span in spans))
    found: list[list[Any]] = []
    for (first, last), values in zip(spans, answers, strict=True):
        if values is None and last - first > 1:
            middle = (first + last) // 2
            found += await _rows(live, [(first, middle), (middle, last)], n_scenes)
        else:
            told = await live.ask(_DATA, first, last, *_ASKED) if values is None else values
            found += _cut(told, n_tracks=last - first, n_scenes=n_scenes)
    return found


def _cut(values: Sequence[Value], *, n_tracks: int, n_scenes: int) -> list[list[Any]]:
    """Cut an answer into tracks, each a list of its values, its clips' and its devices' columns."""
    left = iter(values)
    rows: list[list[Any]] = []
    for _ in range(n_tracks):
        row: list[Any] = list(islice(left, len(_TRACK)))
        counts = [n_scenes] * len(_CLIP) + [int(row[-1]) if row else 0] * len(_DEVICE)
        rows.append([*row, *(tuple(islice(left, count)) for count in counts)])
    if len(values) != sum(len(_TRACK) + sum(map(len, row[len(_TRACK) :])) for row in rows):
        raise LinkError("the set changed while it was read: read it again", kind="protocol", address=_DATA)
    return rows


def _track(number: int, row: list[Any], mixer: Sequence[Any]) -> TrackSnapshot:
    name, is_midi, color, mute, solo, playing, fired, _, *columns = row
    clips, devices = columns[: len(_CLIP)], columns[len(_CLIP) :]
    volume, panning, arm = mixer
    return TrackSnapshot(
        number,
        str(name),
        bool(is_midi),
        tuple(None if clip[0] is None else SlotSnapshot(*clip) for clip in zip(*clips, strict=True)),
        tuple(DeviceName(*device) for device in zip(*devices, strict=True)),
        color=color,
        mute=bool(mute),
        solo=bool(solo),
        arm=arm,
        volume=volume,
        panning=panning,
        playing_slot=playing + 1 if playing >= 0 else None,
        fired_slot=fired + 1 if fired >= 0 else None,
    )


async def _mixers(live: Asker, tracks: Sequence[int]) -> list[Sequence[Any]]:
    asked = [one(live, f"/live/track/get/{name}", track) for track in tracks for name in _MIXER]
    return list(batched(await together(*asked), len(_MIXER)))


async def _selected(live: Asker, what: str) -> int | None:
    try:
        return int(await one(live, f"/live/view/get/selected_{what}")) + 1
    except LinkError as error:
        if error.kind == "refused":  # a return or the main track, which AbletonOSC cannot name
            return None
        raise
