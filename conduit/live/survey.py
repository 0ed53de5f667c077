"""Reading what a set holds: song, tracks, which clips are where. Values come out counted from 1, as users count.

AbletonOSC gives many properties of many tracks in one answer; what it leaves out there, the mixer, is asked
beside it. An answer that would not fit a datagram is asked again for half of its tracks, and a single track
value by value. A set that changes between two answers is read once more.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count, islice, starmap
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
_NAMES_AT_ONCE = 64
_READINGS = 3
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
    values = await together(*(one(live, f"/live/song/get/{name}") for name in _SONG))
    tempo, numerator, denominator, root, scale, is_playing, n_tracks, n_scenes, quantization = values
    with _understood():
        return SongSnapshot(
            float(tempo),
            Meter(numerator, denominator),
            live_key(int(root), str(scale)),
            is_playing,
            int(n_tracks),
            int(n_scenes),
            int(quantization),
        )


async def read_set(live: Asker) -> SetSnapshot:
    """Read what the set holds; where tracks or scenes come or go meanwhile, read it once more.

    Raises:
        LinkError: ``no_reply``; ``protocol``: it changed during each reading, or Live answers nonsense.
    """
    for _ in range(_READINGS - 1):
        try:
            return await _read_set(live)
        except LinkError as error:
            if error.kind not in {"protocol", "refused"}:  # a place that is gone is refused
                raise
    return await _read_set(live)


async def _read_set(live: Asker) -> SetSnapshot:
    track, scene, song = await together(_selected(live, "track"), _selected(live, "scene"), read_song(live))
    size = max(1, _CELLS_AT_ONCE // max(song.n_scenes, 1))
    spans = [(some[0], some[-1] + 1) for some in batched(range(song.n_tracks), size)]
    scenes, rows, *mixers = await together(
        _names(live, "scenes/name", song.n_scenes),
        _rows(live, spans, song.n_scenes),
        *(_mixers(live, some) for some in batched(range(song.n_tracks), _MIXERS_AT_ONCE)),
    )
    await _check(live, song, [row[0] for row in rows])
    mixed = [mixer for some in mixers for mixer in some]
    with _understood():
        return SetSnapshot(
            tempo=song.tempo,
            meter=song.meter,
            key=song.key,
            is_playing=song.is_playing,
            tracks=tuple(starmap(_track, zip(count(1), rows, mixed, strict=False))),
            scenes=tuple(map(str, scenes)),
            selected_track=track,
            selected_scene=scene,
            quantization=song.quantization,
        )


async def _check(live: Asker, song: SongSnapshot, names: list[Any]) -> None:
    """Ask again what tells whether the answers are of one set.

    Raises:
        LinkError: ``protocol``: they are not.
    """
    n_tracks, n_scenes, found = await together(
        one(live, "/live/song/get/num_tracks"),
        one(live, "/live/song/get/num_scenes"),
        _names(live, "track_names", song.n_tracks),
    )
    if (n_tracks, n_scenes, found) != (song.n_tracks, song.n_scenes, names):
        raise _changed()


async def _names(live: Asker, what: str, n_names: int) -> list[Value]:
    """Read the names of all tracks or scenes, a part in each answer."""
    spans = [(some[0], some[-1] + 1) for some in batched(range(n_names), _NAMES_AT_ONCE)]
    return await _parts(live, f"/live/song/get/{what}", spans)


async def _parts(live: Asker, address: str, spans: list[tuple[int, int]]) -> list[Value]:
    if not spans:
        return []
    found: list[Value] = []
    for (first, last), values in zip(spans, await live.ask_each(address, *spans), strict=True):
        if values is not None:
            found += values
        elif last - first > 1:
            middle = (first + last) // 2
            found += await _parts(live, address, [(first, middle), (middle, last)])
        else:
            found += await live.ask(address, first, last)
    return found


def _changed() -> LinkError:
    return LinkError("the set changed while it was read: read it again", kind="protocol", address=_DATA)


@contextmanager
def _understood() -> Iterator[None]:
    """Turn what odd values raise into one error of the link."""
    try:
        yield
    except (ArithmeticError, TypeError, ValueError) as error:
        raise LinkError(f"Live answered what no set can hold: {error}", kind="protocol") from error


def track_asks(live: Asker, index: int) -> list[Callable[[], Coroutine[Any, Any, Any]]]:
    """Give the queries whose answers, in order, ``track_of`` makes a track of."""
    return [
        partial(live.ask, _DATA, index, index + 1, *_ASKED),
        *(partial(one, live, f"/live/track/get/{name}", index) for name in _MIXER),
    ]


def track_of(index: int, answers: list[Any]) -> TrackSnapshot:
    """Give a track from the answers to ``track_asks``."""
    values, *mixer = answers
    if len(values) < len(_TRACK):
        raise _changed()
    with _understood():
        n_devices = int(values[len(_TRACK) - 1])
        n_scenes = (len(values) - len(_TRACK) - len(_DEVICE) * n_devices) // len(_CLIP)
        (row,) = _cut(values, n_tracks=1, n_scenes=n_scenes)
        return _track(index + 1, row, mixer)


async def _rows(live: Asker, spans: Sequence[tuple[int, int]], n_scenes: int) -> list[list[Any]]:
    """Read the tracks of each span; one whose answer is refused or lost is asked again in halves."""
    if not spans:
        return []
    answers = await live.ask_each(_DATA, *((*span, *_ASKED) for span in spans))
    found: list[list[Any]] = []
    for (first, last), values in zip(spans, answers, strict=True):
        if values is None and last - first > 1:
            middle = (first + last) // 2
            found += await _rows(live, [(first, middle), (middle, last)], n_scenes)
        elif values is None:
            found.append(await _row(live, first, n_scenes))
        else:
            found += _cut(values, n_tracks=last - first, n_scenes=n_scenes)
    return found


async def _row(live: Asker, track: int, n_scenes: int) -> list[Any]:
    """Read a track value by value, since all of them fit no answer, and clips' names one by one if need be."""
    answers = await live.ask_each(_DATA, *((track, track + 1, asked) for asked in _ASKED))
    columns = dict(zip(_ASKED, answers, strict=True))
    for asked in [asked for asked, values in columns.items() if values is None and asked != "clip.name"]:
        columns[asked] = await live.ask(_DATA, track, track + 1, asked)
    if columns["clip.name"] is None:
        taken = [length is not None for length in columns["clip.length"] or ()]
        names = await together(
            *(one(live, "/live/clip/get/name", track, slot) for slot, has in enumerate(taken) if has)
        )
        left = iter(names)
        columns["clip.name"] = tuple(next(left) if has else None for has in taken)
    values = [value for column in columns.values() for value in column or ()]
    return _cut(values, n_tracks=1, n_scenes=n_scenes)[0]


def _cut(values: Sequence[Value], *, n_tracks: int, n_scenes: int) -> list[list[Any]]:
    """Cut an answer into tracks, each a list of its values, its clips' and its devices' columns."""
    left = iter(values)
    rows: list[list[Any]] = []
    for _ in range(n_tracks):
        row: list[Any] = list(islice(left, len(_TRACK)))
        if len(row) < len(_TRACK) or not isinstance(row[-1], int) or row[-1] < 0:
            raise _changed()
        counts = [n_scenes] * len(_CLIP) + [row[-1]] * len(_DEVICE)
        rows.append([*row, *(tuple(islice(left, count)) for count in counts)])
    if len(values) != sum(len(_TRACK) + sum(map(len, row[len(_TRACK) :])) for row in rows):
        raise _changed()
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
        number = await one(live, f"/live/view/get/selected_{what}")
        with _understood():
            return int(number) + 1
    except LinkError as error:
        if error.kind == "refused":  # a return or the main track, which AbletonOSC cannot name
            return None
        raise
