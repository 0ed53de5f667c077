"""Group tracks: a track that holds some of those behind it, and whose slots launch and stop theirs.

Which tracks are groups is a fact of a saved set; AbletonOSC can make none. Whether muting a group is heard is
not simulated.
"""

from __future__ import annotations

from collections.abc import Sequence

from conduit.live.simulator.objects import Track, at
from conduit.live.simulator.performance import Performance

__all__ = ["halt", "launch", "show_groups", "without"]


def _members(tracks: Sequence[Track], track: Track) -> list[Track]:
    """Give the tracks that a launch on a track is about: those in it if it is a group, otherwise itself."""
    if not track.values["is_foldable"]:
        return [track]
    inside = [other for other in tracks if other.group is track.key]
    return [leaf for other in inside for leaf in _members(tracks, other)]


def launch(performance: Performance, tracks: Sequence[Track], track: int, scene: int) -> None:
    """Launch a slot; one of a group launches all in it at one time.

    Raises:
        IndexError: There is none.
    """
    found = at(tracks, track)
    slot = at(found.clip_slots, scene)
    if found.values["is_foldable"]:
        performance.fire_slots((member, member.clip_slots[scene]) for member in _members(tracks, found))
    else:
        performance.fire(found, slot)


def halt(performance: Performance, tracks: Sequence[Track], track: int) -> None:
    """Stop whatever plays or waits on a track, or on the tracks of a group.

    Raises:
        IndexError: There is none.
    """
    for member in _members(tracks, at(tracks, track)):
        performance.stop_track(member)


def without(tracks: Sequence[Track], gone: Track) -> list[Track]:
    """Give the tracks that are left when one is deleted; those in a group go with it."""
    keys = {gone.key}
    for track in tracks:
        if track.group in keys:
            keys.add(track.key)
    return [track for track in tracks if track.key not in keys]


def show_groups(tracks: Sequence[Track]) -> None:
    """Write what follows from who is in which group: its place into each track, and what a group's slots launch."""
    groups = {track.key: track for track in tracks if track.values["is_foldable"]}
    for track in tracks:
        group = groups.get(track.group)
        track.values |= {"group_track": group.place if group else None, "is_grouped": group is not None}
    for group in groups.values():
        inside = _members(tracks, group)
        for number, slot in enumerate(group.clip_slots):
            controls = any(track.clip_slots[number].clip for track in inside)
            slot.values |= {"is_group_slot": True, "controls_other_clips": controls}
