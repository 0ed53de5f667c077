"""Who listens to what in a set, and what each is to hear: the value at once, then every change.

A listener stays with its object when places shift, and goes on telling the ids it was asked with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conduit.live.endpoints import BEAT
from conduit.live.osc import Message, Value
from conduit.live.simulator.live_set import LiveSet

__all__ = ["LOOK_S", "Key", "Listeners", "Voice"]

LOOK_S = 0.1
"""The longest that a change which no message made stays unheard, in seconds: Live's own tick."""

Key = tuple[str, tuple[Value, ...]]
"""An address, and the ids that tell its listeners apart."""

Voice = tuple[str, Callable[[], Value]]
"""An address that updates come from, and what reads the value."""

# What a listener may meet whose object is gone or has no such value any more.
_GONE = (AttributeError, LookupError, RuntimeError, TypeError, ValueError)


@dataclass(slots=True)
class _Listener:
    voices: tuple[Voice, ...]
    ids: tuple[Value, ...]
    last: Value

    def messages(self) -> Iterator[Message]:
        for address, reader in self.voices:
            yield Message(address, (*self.ids, reader()))


class Listeners:
    """The listeners of a set.

    Args:
        live_set: What they listen to.
    """

    def __init__(self, live_set: LiveSet) -> None:
        self._live = live_set
        self._all: dict[Key, _Listener] = {}
        self._beats = False
        self._beat_time = -1.0  # as AbletonOSC begins: the first move of a song that stands at 0 is a beat
        self._time = 0.0

    def __len__(self) -> int:
        return len(self._all) + self._beats

    def addresses(self) -> set[str]:
        """Give the addresses that anybody listens to."""
        return {address for address, _ in self._all}

    def start(self, key: Key, *voices: Voice, ids: tuple[Value, ...]) -> list[Message]:
        """Listen to the first of some voices; give what is told at once."""
        listener = _Listener(voices, ids, voices[0][1]())
        told = list(listener.messages())
        self._all[key] = listener
        return told

    def stop(self, key: Key) -> None:
        """Listen no more; a key that is unknown is passed over."""
        self._all.pop(key, None)

    def beats(self, *, heard: bool) -> None:
        """Start or stop listening to beats; nothing is told at once."""
        self._beats = heard
        self._time = self._live.get("current_song_time")

    def updates(self) -> Iterator[Message]:
        """Give what changed since it was told last."""
        if self._beats:
            yield from self._beat()
        for listener in list(self._all.values()):
            try:
                value = listener.voices[0][1]()
                if value != listener.last:
                    listener.last = value
                    yield from listener.messages()
            except _GONE:
                continue

    def _beat(self) -> Iterator[Message]:
        time = self._live.get("current_song_time")
        if time == self._time:
            return
        if time < self._beat_time or int(time) > int(self._beat_time):
            yield Message(BEAT, (int(time),))
        self._time = self._beat_time = time

    def due_s(self) -> float | None:
        """Give the seconds until the next look is worth while, or None when nobody would hear of it."""
        due_s = self._live.performance.due_s(beats=self._beats)
        if len(self):
            return LOOK_S if due_s is None else min(due_s, LOOK_S)
        return due_s if self._live.performance.is_waiting else None
