"""Reads what comes from a server that speaks the Anthropic messages protocol, whole answers and events alike."""

from __future__ import annotations

import json
from typing import Any

from conduit.clients.adapter import Incoming, Reply, read
from conduit.clients.assembly import Assembly
from conduit.clients.faults import declined, fault
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import Request, StopReason, Usage

__all__ = ["MessagesReader"]

_STOPS = {
    "end_turn": StopReason.STOP,
    "stop_sequence": StopReason.STOP,
    "pause_turn": StopReason.STOP,
    "max_tokens": StopReason.LENGTH,
    "model_context_window_exceeded": StopReason.LENGTH,
    "tool_use": StopReason.TOOL_CALLS,
    "refusal": StopReason.CONTENT_FILTER,
}


class _Content(Incoming):
    type: str
    text: str | None = None
    thinking: str | None = None
    signature: str | None = None
    data: str | None = None
    id: str | None = None
    name: str | None = None
    input: dict[str, Any] | None = None


class _Delta(Incoming):
    type: str = ""
    text: str | None = None
    thinking: str | None = None
    signature: str | None = None
    partial_json: str | None = None
    stop_reason: str | None = None


class _Usage(Incoming):
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None


class _Message(Incoming):
    model: str = ""
    content: list[_Content] | None = None
    stop_reason: str | None = None
    usage: _Usage | None = None


class _Body(_Message):
    error: Any = None


class _Event(Incoming):
    type: str = ""
    index: int = 0
    message: _Message | None = None
    content_block: _Content | None = None
    delta: _Delta | None = None
    usage: _Usage | None = None
    error: Any = None


class MessagesReader:
    """Reads whole answers and events.

    Args:
        provider: Whose they are.
        request: What is answered.
    """

    def __init__(self, provider: str, request: Request) -> None:
        self.provider = provider
        self.assembly = Assembly(provider=provider, request=request)
        self.complete = False
        self._request = request
        self._stop: str | None = None
        self._model = ""
        self._counts: dict[str, int] = {}
        self._inputs: dict[
            int, dict[str, Any]
        ] = {}  # given at a call's start by servers that do not stream it

    def take_whole(self, data: bytes) -> None:
        """Read an answer in one piece.

        Raises:
            ProviderError: It is an error, or not an answer.
        """
        body = read(_Body, data, provider=self.provider)
        if body.error is not None:
            raise self._fault(data)
        if body.content is None:
            raise ProviderError(
                f"{self.provider} sent an answer without content; is that the address of its messages?",
                kind=ErrorKind.PROTOCOL,
                provider=self.provider,
            )
        self._note(body)
        for index, block in enumerate(body.content):
            self._begin(index, block)
            self._end(index)

    def take(self, data: bytes) -> None:
        """Read an event.

        Raises:
            ProviderError: It says that the provider failed, or cannot be read.
        """
        event = read(_Event, data, provider=self.provider, what="piece of an answer")
        if event.type == "error" or event.error is not None:
            raise self._fault(data)
        match event:
            case _Event(type="message_start", message=_Message() as message):
                self._note(message)
            case _Event(type="content_block_start", content_block=_Content() as block):
                self._begin(event.index, block)
            case _Event(type="content_block_delta", delta=_Delta() as delta):
                self._grow(event.index, delta)
            case _Event(type="content_block_stop"):
                self._end(event.index)
            case _Event(type="message_delta"):
                self._stop = event.delta.stop_reason if event.delta else self._stop
                self._count(event.usage)
            case _Event(type="message_stop"):
                self.complete = True

    def reply(self) -> Reply:
        """Give the whole answer.

        Raises:
            ProviderError: It was declined, or cut in the middle of a tool call.
        """
        stop = _STOPS.get(self._stop or "", StopReason.STOP)
        if stop is StopReason.CONTENT_FILTER:
            raise declined(self.provider, partial=self.assembly.message().model_dump(mode="json"))
        message = self.assembly.finish(cut=stop is StopReason.LENGTH)
        if message.tool_calls and stop is StopReason.STOP:
            stop = StopReason.TOOL_CALLS
        return Reply(message, stop, self._model, _usage(self._counts))

    def _fault(self, data: bytes) -> ProviderError:
        return fault(provider=self.provider, model=self._request.model, status=None, body=data)

    def _note(self, message: _Message) -> None:
        self._model = message.model or self._model
        self._stop = message.stop_reason or self._stop
        self._count(message.usage)

    def _count(self, usage: _Usage | None) -> None:
        """Keep the last count of each kind: some servers count the input again at the end, rightly only then."""
        if usage is not None:
            self._counts.update(usage.model_dump(exclude_none=True))

    def _begin(self, index: int, block: _Content) -> None:
        match block.type:
            case "text":
                self.assembly.text(block.text or "")
            case "thinking":
                self.assembly.keep("reasoning", model=self._request.model)
                self.assembly.reasoning(block.thinking or "")
                self._sign(block.signature)
            case "redacted_thinking":
                self.assembly.keep("reasoning", model=self._request.model, redacted=block.data or "")
            case "tool_use":
                self.assembly.call(index, id=block.id or "", name=block.name or "")
                self._inputs[index] = block.input or {}

    def _grow(self, index: int, delta: _Delta) -> None:
        match delta.type:
            case "text_delta":
                self.assembly.text(delta.text or "")
            case "thinking_delta":
                self.assembly.reasoning(delta.thinking or "")
            case "signature_delta":
                self._sign(delta.signature)
            case "input_json_delta" if delta.partial_json:
                self._inputs.pop(index, None)
                self.assembly.arguments(index, delta.partial_json)

    def _sign(self, signature: str | None) -> None:
        if signature:
            self.assembly.keep("reasoning", signature=signature)

    def _end(self, index: int) -> None:
        given = self._inputs.pop(index, None)
        if given:
            self.assembly.arguments(index, json.dumps(given, ensure_ascii=False))
        self.assembly.close(index if self.assembly.has_call(index) else None)


def _usage(counts: dict[str, int]) -> Usage | None:
    if not counts:
        return None
    cached = counts.get("cache_read_input_tokens", 0)
    written = counts.get("cache_creation_input_tokens", 0)
    return Usage(
        input_tokens=counts.get("input_tokens", 0) + cached + written,
        output_tokens=counts.get("output_tokens", 0),
        cached_tokens=cached,
        cache_write_tokens=written,
    )
