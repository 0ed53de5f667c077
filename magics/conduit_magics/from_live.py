"""What ``--context`` takes of the set: ``live`` is the set in words, ``live/2`` and ``live/2/1`` clips of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from conduit.errors import SetupError

if TYPE_CHECKING:
    from conduit.music import Clip
    from conduit.studio import Studio

__all__ = ["from_live"]

_NAME = re.compile(r"live(?:/(?P<track>\d{1,4})(?:/(?P<slot>\d{1,4}))?)?")


def from_live(studio: Studio, names: Iterable[str], variables: Mapping[str, Any]) -> dict[str, Any]:
    """Read what the names mean that are of the set; a variable that is called ``live`` goes before it.

    Args:
        studio: The way to the set.
        names: What stands behind ``--context``.
        variables: The notebook's variables.

    Raises:
        SetupError: The track holds no clip.
        LinkError: Live does not answer, or has no such slot.
    """
    found: dict[str, Any] = {}
    for name in names:
        match = _NAME.fullmatch(name)
        if match is None or name in variables:
            continue
        if match["track"] is None:
            found[name] = studio.call(studio.live.state()).text
        else:
            found[name] = studio.call(_clip(studio, int(match["track"]), match["slot"]))
    return found


async def _clip(studio: Studio, track: int, slot: str | None) -> Clip:
    """Give a clip: of a track without a slot the one that plays, else its first."""
    if slot is not None:
        return await studio.live.pull(track, int(slot))
    tracks = (await studio.live.state()).snapshot.tracks
    if not 1 <= track <= len(tracks):
        raise SetupError(f"there is no track {track}; the set has tracks 1 to {len(tracks)}")
    held = tracks[track - 1]
    there = [number for number, clip in enumerate(held.slots, 1) if clip is not None]
    if not there:
        raise SetupError(f"track {track} {held.name!r} holds no clip")
    return await studio.live.pull(track, held.playing_slot or there[0])
