"""Puts an answer together from its pieces, and tells of each as an event. Pure, shared by every decoder."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from conduit.clients.rescue import TextGate
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import (
    AssistantMessage,
    AssistantPart,
    Event,
    PartEnd,
    PartStart,
    ReasoningDelta,
    ReasoningPart,
    Request,
    TextDelta,
    TextPart,
    ToolCallDelta,
    ToolCallPart,
)

__all__ = ["Assembly"]


@dataclass(slots=True)
class _Open:
    """A part that is being written."""

    index: int
    kind: Literal["text", "reasoning", "tool_call"]
    id: str = ""
    name: str = ""
    pieces: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


class Assembly:
    """An answer as far as it has come.

    Args:
        provider: Under whose name opaque data is kept.
        request: What is answered; text that is a call of one of its tools becomes that call,
            unless it forbids calls.

    Attributes:
        events: What has happened since ``drain``.
    """

    def __init__(self, *, provider: str, request: Request) -> None:
        self.events: list[Event] = []
        self._provider = provider
        self._turn = len(request.messages)  # makes ids that no other turn has
        self._parts: dict[int, AssistantPart] = {}
        self._count = 0
        self._said: _Open | None = None  # text or reasoning; it ends where another part begins
        self._calls: dict[Any, _Open] = {}
        callable_ = () if request.params.tool_choice == "none" else request.tools
        self._gate = TextGate(tool.name for tool in callable_) if callable_ else None

    def drain(self) -> list[Event]:
        """Give the events that have happened since the last time."""
        events, self.events = self.events, []
        return events

    def text(self, piece: str) -> None:
        """Take more words."""
        if self._gate is not None:
            piece = self._gate.feed(piece)
        if piece:
            self._speak(piece)

    def reasoning(self, piece: str) -> None:
        """Take more thoughts."""
        self._give_up()
        part = self._saying("reasoning")
        if piece:
            part.pieces.append(piece)
            self.events.append(ReasoningDelta(index=part.index, text=piece))

    def keep(self, kind: Literal["text", "reasoning"], **data: Any) -> None:
        """Keep opaque data of the provider with the part of this kind that is open."""
        self._give_up()  # said later, it would cut that part in two
        part = self._saying(kind)
        for name, value in data.items():
            before = part.data.get(name)
            part.data[name] = before + value if isinstance(before, str) else value

    def call(self, key: Any, *, id: str, name: str, **data: Any) -> None:  # noqa: A002  the field's own name
        """Begin a tool call.

        Args:
            key: What the provider's later pieces name it by.
            id: Ties the result to the call; one is made where a server gives none.
            name: The tool's name.
            data: Opaque data of the provider.
        """
        self._give_up()
        self.close()
        call = self._calls[key] = self._open(
            "tool_call", id=id or f"call_{self._turn}_{self._count}", name=name
        )
        call.data.update(data)

    def arguments(self, key: Any, piece: str) -> None:
        """Take more of a call's arguments; nothing where no such call has begun."""
        call = self._calls.get(key)
        if call is not None and piece:
            call.pieces.append(piece)
            self.events.append(ToolCallDelta(index=call.index, arguments=piece))

    def has_call(self, key: Any) -> bool:
        """Say whether a call with this key has begun."""
        return key in self._calls

    def close(self, key: Any = None) -> None:
        """End the open text or reasoning, or the tool call with this key."""
        if key is not None:
            call = self._calls.get(key)
            if call is not None and call.index not in self._parts:
                self._end(call)
        elif self._said is not None:
            said, self._said = self._said, None
            self._end(said)

    def finish(self, *, cut: bool = False) -> AssistantMessage:
        """End every part, and give the message.

        Args:
            cut: Whether the answer reached its limit of tokens.

        Raises:
            ProviderError: It did, in the middle of a tool call: that call is not whole and must not run.
        """
        self._let_go()
        self.close()
        for key, call in self._calls.items():
            if cut and not _is_whole(call.pieces, last=call.index == self._count - 1):
                raise ProviderError(
                    f"the answer of {self._provider} reached its limit of tokens in the middle of {call.name}; "
                    "ask for less, or allow more",
                    kind=ErrorKind.LENGTH,
                    provider=self._provider,
                    partial=self.message().model_dump(mode="json"),
                )
            self.close(key)
        return self.message()

    def message(self) -> AssistantMessage:
        """Give the message so far; a tool call that is not whole is left out, it must never run."""
        parts = dict(self._parts)
        if self._said is not None:
            parts[self._said.index] = self._made(self._said)
        return AssistantMessage(parts=tuple(parts[index] for index in sorted(parts)))

    def _give_up(self) -> None:
        """Say what was held back: something else has come, so it is not the end of the answer."""
        held = self._gate.release() if self._gate is not None else ""
        if held:
            self._speak(held)

    def _let_go(self) -> None:
        """Decide about text that was held back because it looked like a tool call."""
        if self._gate is None or self._calls:  # who can call does not print calls
            self._give_up()
            return
        held, calls = self._gate.finish()
        if held:
            self._speak(held)
        for number, (name, arguments) in enumerate(calls):
            key = ("rescued", number)
            self.call(key, id="", name=name)
            self.arguments(key, arguments)

    def _speak(self, piece: str) -> None:
        part = self._saying("text")
        part.pieces.append(piece)
        self.events.append(TextDelta(index=part.index, text=piece))

    def _saying(self, kind: Literal["text", "reasoning"]) -> _Open:
        if self._said is None or self._said.kind != kind:
            self.close()
            self._said = self._open(kind)
        return self._said

    def _open(
        self,
        kind: Literal["text", "reasoning", "tool_call"],
        *,
        id: str = "",  # noqa: A002  the field's own name
        name: str = "",
    ) -> _Open:
        part = _Open(self._count, kind, id, name)
        self._count += 1
        self.events.append(PartStart(index=part.index, kind=kind, id=id, name=name))
        return part

    def _end(self, part: _Open) -> None:
        made = self._parts[part.index] = self._made(part)
        self.events.append(PartEnd(index=part.index, part=made))

    def _made(self, part: _Open) -> AssistantPart:
        text = "".join(part.pieces)
        data = {self._provider: part.data} if part.data else {}
        match part.kind:
            case "text":
                return TextPart(text=text, provider_data=data)
            case "reasoning":
                return ReasoningPart(text=text, provider_data=data)
            case _:
                return ToolCallPart(id=part.id, name=part.name, arguments=text or "{}", provider_data=data)


def _is_whole(pieces: list[str], *, last: bool) -> bool:
    """Say whether arguments are a JSON object; some servers send a cut call, which is the last, as ``{}``."""
    try:
        value = json.loads("".join(pieces) or "{}")
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and (bool(value) or not last)
