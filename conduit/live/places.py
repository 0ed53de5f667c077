"""Finding tracks and slots before something is done there, with numbers from 1, as users count."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any

from conduit.errors import LinkError
from conduit.live.asking import Asker, every, one, sure
from conduit.live.guards import Seen
from conduit.live.slots import Slot, moved
from conduit.live.snapshot import TrackSnapshot

__all__ = ["check_device", "found", "found_slot", "free_slot"]


async def found(
    live: Asker, track: int, slot: int = 1, *asks: Callable[[], Coroutine[Any, Any, Any]]
) -> list[Any]:
    """Check that a place exists; give what was asked about it in the same breath.

    Raises:
        ValueError: A number is below 1.
        LinkError: ``refused`` when there is no such place.
    """
    for what, number in (("track", track), ("slot", slot)):
        if number < 1:
            raise ValueError(f"{what} {number} cannot be: they count from 1, as in Live's window")
    counts = (one(live, f"/live/song/get/num_{what}s") for what in ("track", "scene"))
    *answers, n_tracks, n_scenes = await every(*(ask() for ask in asks), *counts)
    sure([n_tracks, n_scenes])
    for what, number, count in (("track", track, n_tracks), ("slot", slot, n_scenes)):
        if number > count:
            raise LinkError(f"there is no {what} {number}: the set has 1 to {count}", kind="refused")
    return sure(answers)


async def found_slot(
    live: Asker, track: int, slot: int, *asks: Callable[[Slot], Coroutine[Any, Any, Any]]
) -> tuple[Slot, list[Any]]:
    """Find a slot, as ``found``, with what is around it; give also what was asked about it."""
    place = Slot(live, track - 1, slot - 1)
    name, n_tracks, n_scenes, *answers = await found(
        live,
        track,
        slot,
        place.track_name,
        lambda: one(live, "/live/song/get/num_tracks"),
        lambda: one(live, "/live/song/get/num_scenes"),
        *(partial(ask, place) for ask in asks),
    )
    return replace(place, seen=Seen.of(track - 1, name, n_tracks, n_scenes)), answers


async def free_slot(live: Asker, track: int, slot: int, *, track_name: str | None) -> Slot:
    """Find a slot that a clip can be written to.

    Args:
        live: The way to Live.
        track: From 1.
        slot: From 1.
        track_name: What the track must be called, or None for any name.

    Raises:
        ValueError: A number is below 1.
        LinkError: ``refused``, with the reason and what to do.
    """
    place, (name, is_midi, taken) = await found_slot(
        live, track, slot, Slot.track_name, Slot.is_midi, Slot.has_clip
    )
    if track_name is not None and name != track_name:
        reason = moved(name, track_name)
    elif not is_midi:
        reason = f"{name!r} is not a MIDI track; choose one that is"
    elif taken:
        reason = f"slot {slot} of {name!r} holds a clip; choose an empty slot"
    else:
        return place
    raise LinkError(f"nothing was written to track {track}: {reason}", kind="refused")


def check_device(track: TrackSnapshot, device: int) -> None:
    """Make sure that a track has a device of this number, from 1.

    Raises:
        LinkError: ``refused``; the message lists what is there.
    """
    if not 1 <= device <= len(track.devices):
        names = ", ".join(f"{number} {one.name!r}" for number, one in enumerate(track.devices, 1)) or "none"
        text = f"there is no device {device} on track {track.number} {track.name!r}; it has {names}"
        raise LinkError(text, kind="refused")
