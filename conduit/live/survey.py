"""Reading what a set holds: song, tracks, which clips are where. Values come out counted from 1, as users count."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from conduit.errors import LinkError
from conduit.live.slots import Asker, batched, one, together
from conduit.live.snapshot import SetSnapshot, SongSnapshot, TrackSnapshot, live_key
from conduit.music import Meter

__all__ = ["read_set", "read_song", "track_asks", "track_of"]

_TRACKS_AT_ONCE = 16
_SONG = (
    "tempo", "signature_numerator", "signature_denominator", "root_note", "scale_name", "is_playing",
    "num_tracks", "num_scenes",
)  # fmt: skip


async def read_song(live: Asker) -> SongSnapshot:
    """Read what holds for the whole set."""
    tempo, numerator, denominator, root, scale, is_playing, n_tracks, n_scenes = await together(
        *(one(live, f"/live/song/get/{name}") for name in _SONG)
    )
    meter = Meter(numerator, denominator)
    return SongSnapshot(tempo, meter, live_key(root, scale), is_playing, n_tracks, n_scenes)


async def read_set(live: Asker) -> SetSnapshot:
    """Read what the set holds."""
    selected, scenes, song = await together(
        _selected(live), live.ask("/live/song/get/scenes/name"), read_song(live)
    )
    tracks: list[TrackSnapshot] = []
    for some in batched(range(song.n_tracks), _TRACKS_AT_ONCE):
        tracks += await together(*(_track(live, index) for index in some))
    return SetSnapshot(
        tempo=song.tempo,
        meter=song.meter,
        key=song.key,
        is_playing=song.is_playing,
        tracks=tuple(tracks),
        scenes=tuple(map(str, scenes)),
        selected_track=selected,
    )


def track_asks(live: Asker, index: int) -> list[Callable[[], Coroutine[Any, Any, Any]]]:
    """Give the queries whose answers, in order, ``track_of`` makes a track of."""
    get = "/live/track/get/"
    singles = [partial(one, live, get + name, index) for name in ("name", "has_midi_input")]
    return [*singles, *(partial(live.ask, get + name, index) for name in ("clips/name", "devices/type"))]


def track_of(index: int, answers: list[Any]) -> TrackSnapshot:
    """Give a track from the answers to ``track_asks``."""
    name, is_midi, clips, devices = answers
    return TrackSnapshot(index + 1, name, bool(is_midi), clips, devices)


async def _track(live: Asker, index: int) -> TrackSnapshot:
    return track_of(index, await together(*(ask() for ask in track_asks(live, index))))


async def _selected(live: Asker) -> int | None:
    try:
        return int(await one(live, "/live/view/get/selected_track")) + 1
    except LinkError as error:
        if error.kind == "refused":  # a return or the main track, which AbletonOSC cannot name
            return None
        raise
