"""What the fork's addresses for clips in the arrangement do. Each answers with the index of the clip it made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conduit.live.osc import Value
from conduit.live.simulator.arrangement import ArrangementClip, placed
from conduit.live.simulator.clips import LiveSetClip
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.objects import Track, at
from conduit.live.simulator.targets import Args, Method, track
from conduit.live.simulator.twins import twin_clip

__all__ = ["ARRANGEMENT"]


def _put(found: Track, clip: LiveSetClip, time: float) -> int:
    found.arrangement_clips = placed(found.arrangement_clips, twin_clip(clip), at=time)
    return _index(found, time)


def _index(found: Track, time: float) -> int:
    starts = (place for place, clip in enumerate(found.arrangement_clips) if clip.starts_at(time))
    return next(starts, -1)


def _clip(live: LiveSet, args: Args) -> ArrangementClip:
    return at(track(live, args).arrangement_clips, int(args[1]))


def _create(live: LiveSet, args: Args) -> Sequence[Value]:
    """Make an empty clip, on its way through an empty slot of the session."""
    number, start, length = int(args[0]), float(args[1]), float(args[2])
    found = at(live.tracks, number)
    free = next((place for place, slot in enumerate(found.clip_slots) if slot.clip is None), None)
    if free is None:
        raise RuntimeError("No empty clip slot available for arrangement clip creation")
    live.create_clip(number, free, length)
    made = found.clip_slots[free].clip
    live.delete_clip(number, free)
    return [_put(found, made, start)] if made else [-1]


def _from_session(live: LiveSet, args: Args) -> Sequence[Value]:
    number, place, time = int(args[0]), int(args[1]), float(args[2])
    clip = live.slot(number, place).clip
    if clip is None:
        raise RuntimeError(f"No clip in slot {place}")
    return [_put(at(live.tracks, number), clip, time)]


def _duplicate(live: LiveSet, args: Args) -> Sequence[Value]:
    time = float(args[2])
    return [_put(track(live, args), _clip(live, args).clip, time)]


def _move(live: LiveSet, args: Args) -> Sequence[Value]:
    """Copy a clip and delete what then stands at its old index, be it the clip or not."""
    time = float(args[2])
    found = track(live, args)
    _put(found, _clip(live, args).clip, time)
    at(found.arrangement_clips, int(args[1]))
    del found.arrangement_clips[int(args[1])]
    return [_index(found, time)]


def _split(live: LiveSet, args: Args) -> Sequence[Value]:
    """Cut a clip in two; answers with the indices of both."""
    time = float(args[2])
    found, clip = track(live, args), _clip(live, args)
    start, end = clip.start_time, clip.end_time
    if not start < time < end:
        raise ValueError(f"split_time must be within clip bounds ({start:f}, {end:f})")
    place = _put(found, clip.clip, time)
    first, second = _index(found, start), found.arrangement_clips[place]
    gap = time - start
    _mark(found.arrangement_clips[first].clip, "end", gap)
    _mark(second.clip, "start", gap)
    second.end_time = end
    return [first, place]


def _mark(clip: LiveSetClip, which: str, beats: float) -> None:
    clip.set(f"{which}_marker", beats)
    if clip.looping:
        clip.set(f"loop_{which}", beats)


def _delete(live: LiveSet, args: Args) -> Sequence[Value]:
    _clip(live, args)
    del track(live, args).arrangement_clips[int(args[1])]
    return ()


ARRANGEMENT: Mapping[str, Method] = {
    "/live/track/create_arrangement_clip": _create,
    "/live/track/duplicate_to_arrangement": _from_session,
    "/live/track/split_arrangement_clip": _split,
    "/live/track/move_arrangement_clip": _move,
    "/live/track/duplicate_arrangement_clip": _duplicate,
    "/live/track/delete_arrangement_clip": _delete,
}
