"""What the tracks' addresses do: sends, routing, and lists of what stands on a track."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conduit.live.osc import Value
from conduit.live.simulator.devices import OUT_OF_RANGE
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.objects import at
from conduit.live.simulator.refusals import checked_value
from conduit.live.simulator.targets import Args, Method, read, track

__all__ = ["TRACK"]

_ROUTINGS = tuple(f"{way}_routing_{what}" for way in ("output", "input") for what in ("type", "channel"))


def _get_send(live: LiveSet, args: Args) -> Sequence[Value]:
    sends = track(live, args).sends
    (send,) = args[1:]
    return [at(sends, send)]


def _set_send(live: LiveSet, args: Args) -> Sequence[Value]:
    sends = track(live, args).sends
    send, value = args[1:]
    at(sends, send)
    found = checked_value(value, letter="f", owner="DeviceParameter", base="TimeableValue")
    if not 0 <= found <= 1:
        raise RuntimeError(OUT_OF_RANGE)
    sends[send] = found
    return ()


def _delete_clip(live: LiveSet, args: Args) -> Sequence[Value]:
    found = track(live, args)
    (slot,) = args[1:]
    at(found.clip_slots, slot)
    live.delete_clip(int(args[0]), slot)
    return ()


def _delete_device(live: LiveSet, args: Args) -> Sequence[Value]:
    found = track(live, args)
    at(found.devices, args[1])  # what Live says of a device that is not there was not seen
    del found.devices[args[1]]
    found.selected_device = max(min(found.selected_device, len(found.devices) - 1), 0)
    return ()


def _routing(name: str) -> Method:
    def answer(live: LiveSet, args: Args) -> Sequence[Value]:
        found = track(live, args)
        return [found.routing.get(name, found.available(name)[0])]

    return answer


def _available(name: str) -> Method:
    return lambda live, args: track(live, args).available(name)


def _route(name: str) -> Method:
    """Set a routing by its name; one that is not there changes nothing, and only the log tells."""

    def act(live: LiveSet, args: Args) -> Sequence[Value]:
        found = track(live, args)
        names = tuple(args[1:])
        wanted = str(names[0])
        if wanted in found.available(name):
            found.routing[name] = wanted
        return ()

    return act


def _clips(name: str) -> Method:
    def answer(live: LiveSet, args: Args) -> Sequence[Value]:
        return [read(slot.clip, name) if slot.clip else None for slot in track(live, args).clip_slots]

    return answer


def _arrangement(name: str) -> Method:
    return lambda live, args: [read(clip, name) for clip in track(live, args).arrangement_clips]


def _devices(name: str) -> Method:
    return lambda live, args: [read(device, name) for device in track(live, args).devices]


TRACK: Mapping[str, Method] = {
    "/live/track/get/send": _get_send,
    "/live/track/set/send": _set_send,
    "/live/track/get/num_devices": lambda live, args: [len(track(live, args).devices)],
    "/live/track/delete_clip": _delete_clip,
    "/live/track/delete_device": _delete_device,
    **{f"/live/track/get/{name}": _routing(name) for name in _ROUTINGS},
    **{f"/live/track/get/available_{name}s": _available(name) for name in _ROUTINGS},
    **{f"/live/track/set/{name}": _route(name) for name in _ROUTINGS},
    **{f"/live/track/get/clips/{name}": _clips(name) for name in ("name", "length", "color")},
    **{
        f"/live/track/get/arrangement_clips/{name}": _arrangement(name)
        for name in ("name", "length", "start_time")
    },
    **{
        f"/live/track/get/devices/{name}": _devices(name)
        for name in ("name", "type", "class_name", "can_have_chains")
    },
}
