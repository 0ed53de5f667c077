"""Making and deleting tracks over AbletonOSC. Indices count from 0 here; ``link`` alone speaks to callers."""

from __future__ import annotations

from conduit.errors import LinkError
from conduit.live.osc import plain
from conduit.live.restore import finished, or_restored
from conduit.live.slots import Asker, moved, one, together

__all__ = ["create", "delete"]


async def create(live: Asker, name: str, *, midi: bool = True) -> int:
    """Add a MIDI or audio track behind the others and give its index; what fails or is cancelled leaves none.

    Raises:
        ValueError: The name cannot be sent.
        LinkError: ``refused``, also when afterwards there is not one more.
    """
    plain(name)
    index = await _count(live)
    return await or_restored(_add(live, index, name, midi=midi), lambda: _take_back(live, index))


async def delete(live: Asker, index: int, *, name: str | None = None) -> None:
    """Delete a track, which must be there; see ``LiveLink.delete_track``."""
    found, count = await together(one(live, "/live/track/get/name", index), _count(live))
    if name is not None and found != name:
        raise LinkError(f"track {index + 1} was not deleted: {moved(found, name)}", kind="refused")
    await live.tell("/live/song/delete_track", index)
    if await _count(live) != count - 1:
        raise LinkError(f"Live did not delete track {index + 1}", kind="refused")


async def _add(live: Asker, index: int, name: str, *, midi: bool) -> int:
    kind = "midi" if midi else "audio"
    await finished(live.tell(f"/live/song/create_{kind}_track", -1))
    if await _count(live) != index + 1:
        raise LinkError(f"Live made no track for {name!r}: try again in a moment", kind="refused")
    if name:
        await live.tell("/live/track/set/name", index, name)
    return index


async def _take_back(live: Asker, index: int) -> str:
    try:
        if await _count(live) != index + 1:
            return "No track was left behind."
        await delete(live, index)
    except LinkError as error:
        return f"A new track {index + 1} may be there: {error.message}"
    return "The new track was removed."


async def _count(live: Asker) -> int:
    return int(await one(live, "/live/song/get/num_tracks"))
