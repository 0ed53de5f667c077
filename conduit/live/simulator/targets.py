"""What the tables of methods have in common: what a method is, and how it finds what its ids name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from conduit.live.osc import Value
from conduit.live.simulator.clips import LiveSetClip
from conduit.live.simulator.devices import Device
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.objects import Track, at

__all__ = ["Args", "Method", "calls", "clip", "device", "read", "track"]

Args = list[Any]

Method = Callable[[LiveSet, Args], Sequence[Value] | None]
"""Takes the set and all arguments as they came, ids first. It returns what follows the ids in the reply, or None
where none comes; for methods it is never sent."""


def read(thing: Any, name: str) -> Value:
    """Read a property as AbletonOSC's getters do: one that does not apply is None.

    Raises:
        AttributeError: There is nothing to read, or no such property.
    """
    if thing is None:
        raise AttributeError(f"'NoneType' object has no attribute '{name}'")
    try:
        value: Value = thing.get(name)
    except RuntimeError:
        return None
    return value


def track(live: LiveSet, args: Args) -> Track:
    """Give the track that the first id names."""
    return at(live.tracks, int(args[0]))


def clip(live: LiveSet, args: Args, *, wanted: str) -> LiveSetClip:
    """Give the clip that the first two ids name.

    Raises:
        AttributeError: The slot is empty, in the words of Python, of which ``wanted`` is asked.
    """
    found = live.slot(int(args[0]), int(args[1])).clip
    if found is None:
        raise AttributeError(f"'NoneType' object has no attribute '{wanted}'")
    return found


def device(live: LiveSet, args: Args) -> Device:
    """Give the device that the first two ids name."""
    number = int(args[1])
    return at(track(live, args).devices, number)


def calls(name: str, *, ids: int = 0) -> Method:
    """Make a method of the set's own method of that name."""

    def answer(live: LiveSet, args: Args) -> Sequence[Value]:
        given = [int(args[place]) for place in range(ids)]
        getattr(live, name)(*given, *args[ids:])
        return ()

    return answer
