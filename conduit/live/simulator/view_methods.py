"""What the addresses of the view do: what is selected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conduit.live.osc import Value
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.objects import at
from conduit.live.simulator.targets import Args, Method

__all__ = ["VIEW"]


def _place(items: Sequence[Any], index: int) -> int:
    """Give the place from 0 of what an index names; negative ones count from the end."""
    at(items, index)
    return range(len(items))[index]


def _select_track(live: LiveSet, args: Args) -> Sequence[Value]:
    live.selected_track = _place(live.tracks, args[0])
    return ()


def _select_scene(live: LiveSet, args: Args) -> Sequence[Value]:
    live.selected_scene = _place(live.scenes, args[0])
    return ()


def _select_clip(live: LiveSet, args: Args) -> Sequence[Value]:
    _select_track(live, args)
    return _select_scene(live, args[1:])


def _select_device(live: LiveSet, args: Args) -> Sequence[Value]:
    """Select a device on its track; whether Live then goes to that track was not seen, here it does not."""
    track = at(live.tracks, args[0])
    track.selected_device = _place(track.devices, args[1])
    return ()


def _selected_device(live: LiveSet, _args: Args) -> Sequence[Value]:
    track = live.tracks[live.selected_track]
    if not track.devices:
        raise ValueError("None is not in list")
    return [live.selected_track, min(track.selected_device, len(track.devices) - 1)]


VIEW: Mapping[str, Method] = {
    "/live/view/get/selected_scene": lambda live, _args: [live.selected_scene],
    "/live/view/get/selected_track": lambda live, _args: [live.selected_track],
    "/live/view/get/selected_clip": lambda live, _args: [live.selected_track, live.selected_scene],
    "/live/view/get/selected_device": _selected_device,
    "/live/view/set/selected_scene": _select_scene,
    "/live/view/set/selected_track": _select_track,
    "/live/view/set/selected_clip": _select_clip,
    "/live/view/set/selected_device": _select_device,
}
