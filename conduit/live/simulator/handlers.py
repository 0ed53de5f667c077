"""What AbletonOSC does with a message: find its address, act on the set, answer or say what failed.

Setters and methods never answer. A failure is one text on ``/live/error``, without the request it belongs
to. Track getters take ``*`` for all tracks, but answer for the first only, as the real ones do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from conduit.live.endpoints import BEAT, ENDPOINTS, ERROR, N_IDS, STARTUP, Endpoint, Kind
from conduit.live.osc import Message, Value
from conduit.live.simulator.listening import Listeners, Voice
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.methods import METHODS, read
from conduit.live.simulator.objects import at
from conduit.live.simulator.refusals import check_listenable, check_signature, set_property
from conduit.live.simulator.script import Script
from conduit.live.simulator.steps import is_step, remember

__all__ = ["GREETING", "Handlers", "Outcome"]

Args = list[Any]

GREETING = (Message(STARTUP), Message("/live/application/get/average_process_usage"))
"""What AbletonOSC sends when it starts; the second one is a slip of its own."""

# What a wrong message can make the handlers raise; AbletonOSC sends the text of any exception.
_FAILURES = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
# Methods of AbletonOSC's own, which fail in their own words; the others are Live's, which looks at types first.
_NOT_FINITE = "Invalid value. Only finite numbers are taken"  # not known what Live says
_OWN_WORDS = {
    f"/live/{path}"
    for path in (
        "api/show_message", "clip/add/notes", "clip/remove/notes", "arrangement_clip/add/notes",
        "arrangement_clip/remove/notes", "clips/filter", "clips/unfilter", "midimap/map_cc",
        "scene/fire_selected", "song/cue_point/jump", "song/cue_point/set/name", "track/delete_clip",
        "track/delete_arrangement_clip",
    )
}  # fmt: skip
_TUPLES = {
    "track",
    "clip",
    "clip_slot",
    "arrangement_clip",
}  # what AbletonOSC holds arguments in; errors show it
_RELOAD = "/live/api/reload"
_PARAMETER = "/live/device/get/parameter/value"
_BREAK_RELOAD = {"/live/track/get/volume", "/live/track/get/panning", _PARAMETER}
_HELD = {
    "clip": "clip_slots", "clip_slot": "clip_slots", "device": "devices", "arrangement_clip": "arrangement_clips",
}  # fmt: skip
_READING = {Kind.GET, Kind.LISTEN, Kind.UNLISTEN}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a message.

    Attributes:
        replies: Messages to send back, in order.
        failed: Whether an exception left the receive loop, which costs the real one a tick.
    """

    replies: tuple[Message, ...]
    failed: bool = False


class Handlers:
    """Answers messages about one set.

    Args:
        live_set: What the messages read and change.

    Attributes:
        live_set: What the messages read and change.
        listeners: Who listens to it.
    """

    def __init__(self, live_set: LiveSet) -> None:
        self.live_set = live_set
        live_set.script = Script()
        self.listeners = Listeners(live_set)
        self._is_broken = False

    def handle(self, message: Message) -> Outcome:
        """Act on one message."""
        replies: list[Message] = []
        failure = None
        try:
            for reply in self._matching(message):
                replies.append(reply)  # noqa: PERF402  what came before a failure is still sent
        except _FAILURES as error:
            failure = Message(ERROR, (f"Error handling OSC message: {error}",))
        replies[:0] = [Message(ERROR, (text,)) for text in self.live_set.script.take_errors()]
        endpoint = ENDPOINTS.get(message.address)
        if endpoint is None or endpoint.kind not in _READING:
            self.live_set.settle()
            replies += self.listeners.updates()
        return Outcome((*replies, failure) if failure else tuple(replies), failed=failure is not None)

    def _matching(self, message: Message) -> Iterator[Message]:
        args = list(message.args)
        if any(isinstance(value, float) and not math.isfinite(value) for value in args):
            raise ValueError(_NOT_FINITE)
        if self._knows(ENDPOINTS.get(message.address)):
            yield from self._run(ENDPOINTS[message.address], args)
        elif "*" in message.address:
            yield from self._wildcard(message.address, args)
        else:
            yield Message(ERROR, (f"Unknown OSC address: {message.address}",))

    def _knows(self, endpoint: Endpoint | None) -> bool:
        if endpoint is None or self._is_broken:
            return False
        return self.live_set.faults.fork or not endpoint.fork

    def _wildcard(self, address: str, args: Args) -> Iterator[Message]:
        """Run every address that begins like the pattern; two kinds of failure are passed over."""
        pattern = re.compile(re.escape(address).replace(r"\*", "[^/]+"))
        for endpoint in filter(self._knows, ENDPOINTS.values()):
            if pattern.match(endpoint.address):
                try:
                    yield from self._run(endpoint, args)
                except (AttributeError, ValueError):
                    continue

    def _reload(self) -> list[Message]:
        """Start anew; with certain listeners that fails half way, and nothing is known until a restart."""
        breaking = sorted(self.listeners.addresses() & _BREAK_RELOAD)
        if breaking:
            self._is_broken = True
            raise KeyError(breaking[0])
        self.listeners = Listeners(self.live_set)
        self.live_set.script = Script()
        return list(GREETING)

    def _run(self, endpoint: Endpoint, args: Args) -> list[Message]:
        if endpoint.owner == "track" and args[:1] == ["*"]:
            tracks = range(1 if endpoint.kind is Kind.GET else len(self.live_set.tracks))
            return [reply for track in tracks for reply in self._run(endpoint, [track, *args[1:]])]
        if endpoint.address == _RELOAD:
            return self._reload()
        if endpoint.kind in {Kind.LISTEN, Kind.UNLISTEN}:
            return self._listen(endpoint, args)
        if not is_step(endpoint):
            return self._act(endpoint, args)
        remember(self.live_set, endpoint, args)
        try:
            return self._act(endpoint, args)
        except _FAILURES:
            self.live_set.forget()
            raise

    def _act(self, endpoint: Endpoint, args: Args) -> list[Message]:
        found: Sequence[Value] | None
        if endpoint.prop is None:
            found = self._special(endpoint, args)
        else:
            target = self._target(endpoint, args)
            rest = (tuple if endpoint.owner in _TUPLES else list)(args[endpoint.ids :])
            if endpoint.kind is Kind.SET:
                set_property(target, endpoint, rest[0])
                return []
            found = (read(target, endpoint.prop.name), *rest)
        if endpoint.gives is None or found is None:
            return []
        ids = args if endpoint.kind is Kind.SET else _ids(endpoint, args)
        return [Message(endpoint.address, (*ids, *found))]

    def _special(self, endpoint: Endpoint, args: Args) -> Sequence[Value] | None:
        if endpoint.kind is Kind.METHOD and endpoint.address not in _OWN_WORDS:
            self._target(endpoint, args)
            check_signature(endpoint, args)
        return METHODS[endpoint.address](self.live_set, args)

    def _target(self, endpoint: Endpoint, args: Args) -> Any:
        owner, live = endpoint.owner, self.live_set
        if not endpoint.ids or owner not in N_IDS:
            return live
        first, *rest = [int(args[place]) for place in range(N_IDS[owner])]
        if owner == "scene":
            return at(live.scenes, first)
        track = at(live.tracks, first)
        if owner == "track":
            return track
        thing = at(getattr(track, _HELD[owner]), rest[0])
        return thing.clip if owner == "clip" else thing

    def _listen(self, endpoint: Endpoint, args: Args) -> list[Message]:
        """Start or stop listening; what is listened to is compared after every message."""
        starts = endpoint.kind is Kind.LISTEN
        address = re.sub("/(start|stop)_listen/", "/get/", endpoint.address)
        if address == BEAT:
            self.listeners.beats(heard=starts)
            return []
        target = self._target(endpoint, args)
        named = endpoint.ids if endpoint.owner != "device" or endpoint.prop is None else 0
        key = (address, _ids(endpoint, args)[:named])  # AbletonOSC forgets the ids of a device's properties
        if not starts:
            self.listeners.stop(key)
            return []
        if endpoint.prop is not None:
            check_listenable(target, endpoint.prop, endpoint.owner)
        return self.listeners.start(key, *self._voices(endpoint, address, args), ids=tuple(args[:named]))

    def _voices(self, endpoint: Endpoint, address: str, args: Args) -> list[Voice]:
        live = self.live_set
        if endpoint.prop is None:
            told = [address, f"{address}_string"] if address == _PARAMETER else [address]
            return [(where, partial(_asked, live, where, args)) for where in told]
        name = endpoint.prop.name
        target = self._target(endpoint, args)
        is_clip = endpoint.owner == "clip"
        thing = live.slot(int(args[0]), int(args[1])) if is_clip else target
        if not hasattr(thing, "key"):
            return [(address, lambda: target.get(name))]

        def reader() -> Value:
            found = live.find(thing.key)
            value: Value = (found.clip if is_clip else found).get(name)
            return value

        return [(address, reader)]


def _asked(live: LiveSet, address: str, args: Args) -> Value:
    values = METHODS[address](live, args)
    return values[0] if values else None


def _ids(endpoint: Endpoint, args: Args) -> tuple[int, ...]:
    return tuple(int(value) for value in args[: endpoint.ids])
