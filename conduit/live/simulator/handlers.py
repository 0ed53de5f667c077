"""What AbletonOSC does with a message: find its address, act on the set, answer or say what failed.

Setters and methods never answer. A failure is one text on ``/live/error``, without the request it belongs
to. Track getters take ``*`` for all tracks, but answer for the first only, as the real ones do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from conduit.live.endpoints import ENDPOINTS, ERROR, Endpoint, Kind, Property
from conduit.live.osc import Message, Value
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.methods import METHODS, read
from conduit.live.simulator.objects import at

__all__ = ["Handlers", "Outcome"]

Args = list[Any]

# What a wrong message can make the handlers raise; AbletonOSC sends the text of any exception.
_FAILURES = (ArithmeticError, AttributeError, IndexError, RuntimeError, TypeError, ValueError)
_CLASSES = {"song": "Song", "track": "Track", "clip": "Clip", "clip_slot": "ClipSlot", "scene": "Scene"}
_TYPES: dict[str, tuple[type, ...]] = {"f": (int, float), "i": (int,), "b": (int, type(None)), "s": (str,)}
_CPP = {"f": "float", "i": "int", "b": "bool", "s": "TString"}
_PYTHON: dict[str, Callable[[Any], Any]] = {"f": float, "i": int, "b": bool, "s": str}
_OWN_WORDS = {"add/notes", "remove/notes"}
_NOT_UNDONE = {
    "fire", "stop", "start_playing", "stop_playing", "continue_playing", "stop_all_clips", "undo", "redo",
    "show_message", "selected_scene", "selected_track", "selected_clip",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a message.

    Attributes:
        replies: Messages to send back, in order.
        failed: Whether an exception left the receive loop, which costs the real one a tick.
    """

    replies: tuple[Message, ...]
    failed: bool = False


@dataclass(slots=True)
class _Listener:
    reader: Callable[[], Value]
    ids: tuple[Value, ...]
    last: Value


class Handlers:
    """Answers messages about one set.

    Args:
        live_set: What the messages read and change.
    """

    def __init__(self, live_set: LiveSet) -> None:
        self.live_set = live_set
        self._listeners: dict[tuple[str, tuple[int, ...]], _Listener] = {}

    def handle(self, message: Message) -> Outcome:
        """Act on one message."""
        replies: list[Message] = []
        failure = None
        try:
            for reply in self._matching(message):
                replies.append(reply)  # noqa: PERF402  what came before a failure is still sent
        except _FAILURES as error:
            failure = Message(ERROR, (f"Error handling OSC message: {error}",))
        self.live_set.settle()
        replies += self._updates()
        return Outcome((*replies, failure) if failure else tuple(replies), failed=failure is not None)

    def _matching(self, message: Message) -> Iterator[Message]:
        args = list(message.args)
        if message.address in ENDPOINTS:
            yield from self._run(ENDPOINTS[message.address], args)
        elif "*" in message.address:
            yield from self._wildcard(message.address, args)
        else:
            yield Message(ERROR, (f"Unknown OSC address: {message.address}",))

    def _wildcard(self, address: str, args: Args) -> Iterator[Message]:
        """Run every address that begins like the pattern; two kinds of failure are passed over."""
        pattern = re.compile(re.escape(address).replace(r"\*", "[^/]+"))
        for endpoint in ENDPOINTS.values():
            if pattern.match(endpoint.address):
                try:
                    yield from self._run(endpoint, args)
                except (AttributeError, ValueError):
                    continue

    def _run(self, endpoint: Endpoint, args: Args) -> list[Message]:
        if endpoint.owner == "track" and args[:1] == ["*"]:
            tracks = range(1 if endpoint.kind is Kind.GET else len(self.live_set.tracks))
            return [reply for track in tracks for reply in self._run(endpoint, [track, *args[1:]])]
        writes = endpoint.kind in {Kind.SET, Kind.METHOD}
        undoable = writes and endpoint.address.rpartition("/")[2] not in _NOT_UNDONE
        if undoable:
            self._remember(endpoint, args)
        try:
            return self._listen(endpoint, args) if _is_listening(endpoint) else self._act(endpoint, args)
        except _FAILURES:
            if undoable:
                self.live_set.forget()
            raise

    def _remember(self, endpoint: Endpoint, args: Args) -> None:
        """Keep for undo what a message may change; one that names nothing that is there changes nothing."""
        n_tracks, n_scenes = len(self.live_set.tracks), len(self.live_set.scenes)
        if endpoint.owner == "song":
            whole = endpoint.kind is Kind.METHOD
            self.live_set.remember(
                tracks=range(n_tracks if whole else 0), scenes=range(n_scenes if whole else 0)
            )
        elif endpoint.owner == "scene":
            self.live_set.remember(tracks=(), scenes=_present(args[:1], n_scenes))
        else:
            places = args[: 2 * endpoint.ids : 2]  # the second one, of duplicate_clip_to, is its target
            if not endpoint.address.endswith("/duplicate_clip_to"):
                places = places[:1]
            self.live_set.remember(tracks=_present(places, n_tracks))

    def _act(self, endpoint: Endpoint, args: Args) -> list[Message]:
        if endpoint.prop is None:
            found = self._special(endpoint, args)
        else:
            target = self._target(endpoint, args)
            rest = args[endpoint.ids :]
            if endpoint.kind is Kind.SET:
                _set(target, endpoint, rest[0])
                return []
            found = (read(target, endpoint.prop.name), *rest)
        if endpoint.kind is not Kind.GET:
            return []
        return [Message(endpoint.address, (*_ids(endpoint, args), *found))]

    def _special(self, endpoint: Endpoint, args: Args) -> tuple[Value, ...]:
        if endpoint.kind is Kind.METHOD and not any(endpoint.address.endswith(w) for w in _OWN_WORDS):
            self._target(endpoint, args)
            _check_signature(endpoint, args)
        return tuple(METHODS[endpoint.address](self.live_set, args))

    def _target(self, endpoint: Endpoint, args: Args) -> Any:
        match endpoint.owner:
            case "track":
                return at(self.live_set.tracks, int(args[0]))
            case "scene":
                return at(self.live_set.scenes, int(args[0]))
            case "clip_slot":
                return self.live_set.slot(int(args[0]), int(args[1]))
            case "clip":
                return self.live_set.slot(int(args[0]), int(args[1])).clip
            case "device":
                return METHODS["/live/device/get/num_parameters"](self.live_set, args)
        return self.live_set

    def _listen(self, endpoint: Endpoint, args: Args) -> list[Message]:
        """Start or stop listening; what is listened to is compared after every message."""
        target = self._target(endpoint, args)
        address = re.sub("/(start|stop)_listen/", "/get/", endpoint.address)
        key = (address, _ids(endpoint, args))
        if endpoint.kind is Kind.UNLISTEN:
            self._listeners.pop(key, None)
            return []
        if endpoint.prop is not None:
            _check_listenable(target, endpoint.prop, _CLASSES[endpoint.owner])

        def reader() -> Value:
            if endpoint.prop is None:
                return METHODS[address](self.live_set, [])[0]
            value: Value = self._target(endpoint, args).get(endpoint.prop.name)
            return value

        listener = _Listener(reader, tuple(args[: endpoint.ids]), reader())
        self._listeners[key] = listener
        return [Message(address, (*listener.ids, listener.last))]

    def _updates(self) -> Iterator[Message]:
        for (address, _), listener in self._listeners.items():
            try:
                value = listener.reader()
            except _FAILURES:
                continue  # what it listened to is gone
            if value != listener.last:
                listener.last = value
                yield Message(address, (*listener.ids, value))


def _is_listening(endpoint: Endpoint) -> bool:
    return endpoint.kind in {Kind.LISTEN, Kind.UNLISTEN} and endpoint.owner != "device"


def _present(indices: Args, count: int) -> set[int]:
    """Give the places from 0 of those indices that name something; negative ones count from the end."""
    return {
        range(count)[int(i)] for i in indices if isinstance(i, int | float | str) and -count <= int(i) < count
    }


def _ids(endpoint: Endpoint, args: Args) -> tuple[int, ...]:
    return tuple(int(value) for value in args[: endpoint.ids])


def _set(target: Any, endpoint: Endpoint, value: Any) -> None:
    prop = endpoint.prop
    if prop is None or target is None:
        raise AttributeError(f"'NoneType' object has no attribute '{prop.name if prop else ''}'")
    if not isinstance(value, _TYPES[prop.letter]):
        name = _CLASSES[endpoint.owner]
        raise TypeError(
            f"Python argument types in\n    None.None({name}, {type(value).__name__})\n"
            f"did not match C++ signature:\n    None(class TPyHandle<class A{name}>, {_CPP[prop.letter]})"
        )
    target.set(prop.name, _PYTHON[prop.letter](value))


def _check_signature(endpoint: Endpoint, args: Args) -> None:
    """Refuse what Live's methods do not take, worded after the recorded errors of its setters."""
    name = _CLASSES.get(endpoint.owner, "Application")
    method = endpoint.address.rpartition("/")[2]
    given = args[endpoint.ids :]
    ids = [0] * endpoint.ids
    try:
        endpoint.check([*ids, *given])
    except ValueError:
        types = ", ".join([name, *(type(value).__name__ for value in given)])
        wanted = ", ".join([f"class TPyHandle<class A{name}>", *(_CPP.get(c, "") for c in endpoint.takes)])
        raise TypeError(
            f"Python argument types in\n    {name}.{method}({types})\n"
            f"did not match C++ signature:\n    {method}({wanted})"
        ) from None


def _check_listenable(target: Any, prop: Property, name: str) -> None:
    if target is None or not prop.listenable:
        kind = "NoneType" if target is None else name
        raise AttributeError(f"'{kind}' object has no attribute 'add_{prop.name}_listener'")
