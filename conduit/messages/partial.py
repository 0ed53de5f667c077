"""A message as far as it has come, so that a stream that is cut off loses nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from conduit.messages.content import AssistantPart, ReasoningPart, TextPart
from conduit.messages.events import Event, PartEnd, PartStart, ReasoningDelta, Restart, TextDelta
from conduit.messages.message import AssistantMessage

__all__ = ["PartialMessage"]


@dataclass(slots=True)
class PartialMessage:
    """Collects a stream's events.

    A part that was cut off is kept if it is text or reasoning. A tool call that was cut off is left out:
    its arguments are not whole, so it must never run.
    """

    _parts: dict[int, AssistantPart] = field(default_factory=dict)
    _texts: dict[int, list[str]] = field(default_factory=dict)
    _kinds: dict[int, str] = field(default_factory=dict)

    def feed(self, event: Event) -> None:
        """Take the next event."""
        match event:
            case PartStart(index=index, kind=kind):
                self._kinds[index] = kind
            case TextDelta(index=index, text=text) | ReasoningDelta(index=index, text=text):
                self._texts.setdefault(index, []).append(text)
            case PartEnd(index=index, part=part):
                self._parts[index] = part
            case Restart():
                self._parts, self._texts, self._kinds = {}, {}, {}

    @property
    def open_call(self) -> bool:
        """Whether a tool call has begun and is not complete."""
        return any(kind == "tool_call" and index not in self._parts for index, kind in self._kinds.items())

    def message(self) -> AssistantMessage:
        """Give what has come so far as a message, its parts in order."""
        parts = dict(self._parts)
        for index, texts in self._texts.items():
            kind = ReasoningPart if self._kinds.get(index) == "reasoning" else TextPart
            parts.setdefault(index, kind(text="".join(texts)))
        return AssistantMessage(parts=tuple(parts[index] for index in sorted(parts)))
