"""Making and deleting tracks over AbletonOSC. Indices count from 0 here; ``link`` alone speaks to callers."""

from __future__ import annotations

from dataclasses import replace

from conduit.errors import LinkError
from conduit.live.guards import Check, tell_checked
from conduit.live.osc import Value, plain
from conduit.live.restore import TakeBack, finished, or_restored
from conduit.live.slots import Asker, moved, one, together
from conduit.live.snapshot import known_as

__all__ = ["create", "delete"]

_CLIPS = "/live/track/get/clips/name"
_BESIDE = 8  # tracks on each side whose names are compared; that of one moved from further away is missed


async def create(live: Asker, name: str, *, midi: bool = True) -> int:
    """Add a MIDI or audio track behind the others and give its index; what fails or is cancelled leaves none.

    Raises:
        ValueError: The name cannot be sent.
        LinkError: ``refused``, also when afterwards there is not one more.
        PartlyDone: A track may have been left.
    """
    plain(name)
    index = await _count(live)
    back = TakeBack(
        f"Delete the track {index + 1} that was made",
        f"A new track {index + 1} may be there",
        lambda: _take_back(live, index, name),
    )
    return await or_restored(_add(live, index, name, midi=midi), back)


async def delete(live: Asker, index: int, *, name: str | None = None, n_tracks: int | None = None) -> None:
    """Delete a track, which must be there; see ``LiveLink.delete_track``."""
    found, count = await together(one(live, "/live/track/get/name", index), _count(live))
    if name is not None and found != name:
        raise LinkError(f"track {index + 1} was not deleted: {moved(found, name)}", kind="refused")
    if n_tracks not in {None, count}:
        text = f"track {index + 1} was not deleted: there are {count} tracks now, not {n_tracks}; look again"
        raise LinkError(text, kind="refused")
    first, end = max(index - _BESIDE, 0), min(index + 1 + _BESIDE, count)
    beside = [at for at in (index - 1, index, index + 1) if 0 <= at < count]
    names, *clips = await together(
        live.ask("/live/song/get/track_names", first, end),
        *(live.ask(_CLIPS, at) for at in beside),
    )
    held = dict(zip(beside, clips, strict=True))
    known = [known_as(number, str(one)) for number, one in enumerate(names, first + 1)]
    left = (*known[: index - first], *known[index - first + 1 :])
    if known[index - first] != known_as(index + 1, found):
        raise LinkError(
            f"track {index + 1} was not deleted: tracks have moved, so look again", kind="refused"
        )
    before = [_counted(count), _called(first, end, tuple(known)), _holding(index, held[index])]
    after = [replace(_counted(count - 1), alone=f"Live did not delete track {index + 1}")]
    if left:
        after.append(_called(first, end - 1, left))
    after += [_holding(min(at, index), held[at]) for at in beside if at != index]
    await tell_checked(
        live,
        ("/live/song/delete_track", index),
        before=before,
        after=after,
        risk=f"Track {index + 1} {found!r} was to be deleted; the track that was there at that moment may be gone "
        "instead, with all that was on it. Undo in Live brings it back.",
    )


async def _add(live: Asker, index: int, name: str, *, midi: bool) -> int:
    kind = "midi" if midi else "audio"
    risk = f"The new track for {name!r} is the last one, or it was moved."
    made = replace(_counted(index + 1), alone=f"Live made no track for {name!r}: try again in a moment")
    work = tell_checked(
        live,
        (f"/live/song/create_{kind}_track", -1),
        before=[_counted(index)],
        after=[made],
        risk=risk,
    )
    await finished(work)
    if name:
        await tell_checked(
            live,
            ("/live/track/set/name", index, name),
            before=[_counted(index + 1), _called(index, index + 1, ("",))],
            after=[_counted(index + 1), _called(index, index + 1, (known_as(index + 1, name),))],
            risk=f"{risk} Another track may be called {name!r} now; Undo in Live takes that back.",
        )
    return index


async def _take_back(live: Asker, index: int, name: str) -> str:
    """Delete the track at a place where there was none, if it is as one that was just made."""
    count = await _count(live)
    if count <= index:
        return "No track was left behind."
    if count > index + 1:
        text = "other tracks were added meanwhile, so it cannot be told apart; delete it by hand"
        raise LinkError(text, kind="refused")
    found, clips, n_devices = await together(
        one(live, "/live/track/get/name", index),
        live.ask("/live/track/get/clips/name", index),
        one(live, "/live/track/get/num_devices", index),
    )
    is_named = found == name or not known_as(index + 1, found)
    if not is_named or n_devices or any(clip is not None for clip in clips):
        raise LinkError(
            f"track {index + 1} is {found!r}; delete it by hand if it is not wanted", kind="refused"
        )
    await delete(live, index, name=found, n_tracks=index + 1)
    return "The new track was removed."


def _counted(count: int) -> Check:
    return Check("the number of tracks", "/live/song/get/num_tracks", (), (count,))


def _called(first: int, end: int, known: tuple[str, ...]) -> Check:
    """Ask what tracks from one index up to another are known by."""
    return Check("the row of tracks", "/live/song/get/track_names", (first, end), known, number=first + 1)


def _holding(index: int, clips: tuple[Value, ...]) -> Check:
    return Check(f"what is on track {index + 1}", _CLIPS, (index,), clips)


async def _count(live: Asker) -> int:
    return int(await one(live, "/live/song/get/num_tracks"))
