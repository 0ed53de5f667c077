"""Reads what comes from a server that speaks OpenAI's Responses protocol, whole answers and events alike."""

from __future__ import annotations

import json
from typing import Any

from conduit.clients.adapter import Incoming, Reply, read
from conduit.clients.assembly import Assembly
from conduit.clients.faults import declined, fault
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import Request, StopReason, Usage

__all__ = ["ResponsesReader"]

_THOUGHTS = {"response.reasoning_summary_text.delta", "response.reasoning_text.delta"}
_WORDS = {"response.output_text.delta", "response.refusal.delta"}
_ENDS = {"response.completed", "response.incomplete"}


class _Text(Incoming):
    text: str | None = None
    refusal: str | None = None


class _Item(Incoming):
    type: str = ""
    content: list[_Text] | None = None
    summary: list[_Text] | None = None
    call_id: str | None = None
    id: str | None = None
    name: str | None = None
    arguments: str | None = None


class _Details(Incoming):
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None


class _Usage(Incoming):
    input_tokens: int = 0
    output_tokens: int = 0
    input_tokens_details: _Details | None = None
    output_tokens_details: _Details | None = None


class _Why(Incoming):
    reason: str | None = None


class _Answer(Incoming):
    model: str = ""
    status: str | None = None
    output: list[dict[str, Any]] | None = None
    usage: _Usage | None = None
    incomplete_details: _Why | None = None
    error: Any = None


class _Event(Incoming):
    type: str = ""
    output_index: int = 0
    summary_index: int = 0
    delta: Any = None
    item: dict[str, Any] | None = None
    response: _Answer | None = None
    error: Any = None


class ResponsesReader:
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
        self._answer = _Answer()
        self._told: set[int] = set()  # items that have come, or of which pieces have
        self._thought = (0, 0)  # the summary that is being told

    def take_whole(self, data: bytes) -> None:
        """Read an answer in one piece.

        Raises:
            ProviderError: It is an error, or not an answer.
        """
        answer = read(_Answer, data, provider=self.provider)
        if answer.error is None and answer.output is None:
            raise ProviderError(
                f"{self.provider} sent an answer without output; is that the address of its API?",
                kind=ErrorKind.PROTOCOL,
                provider=self.provider,
            )
        self._end(answer, data)

    def take(self, data: bytes) -> None:
        """Read an event.

        Raises:
            ProviderError: It says that the provider failed, or cannot be read.
        """
        event = read(_Event, data, provider=self.provider, what="piece of an answer")
        if event.type == "error" or event.error is not None:
            raise self._fault(data)
        if event.response is not None and (event.type in _ENDS or event.type == "response.failed"):
            self._end(event.response, data)
        elif event.item is not None:
            self._take_item(event.type, event.output_index, event.item)
        elif isinstance(event.delta, str):
            self._grow(event, event.delta)

    def reply(self) -> Reply:
        """Give the whole answer.

        Raises:
            ProviderError: It was declined, or cut in the middle of a tool call.
        """
        why = self._answer.incomplete_details
        reason = why.reason if why is not None else None
        if reason == "content_filter":
            raise declined(self.provider, partial=self.assembly.message().model_dump(mode="json"))
        cut = reason == "max_output_tokens" or (self._answer.status == "incomplete" and reason is None)
        message = self.assembly.finish(cut=cut)
        called = StopReason.TOOL_CALLS if message.tool_calls else StopReason.STOP
        stop = StopReason.LENGTH if cut else called
        usage = self._answer.usage
        return Reply(message, stop, self._answer.model, _usage(usage) if usage else None)

    def _fault(self, data: bytes) -> ProviderError:
        return fault(provider=self.provider, model=self._request.model, status=None, body=data)

    def _end(self, answer: _Answer, data: bytes) -> None:
        if answer.error is not None:
            raise self._fault(json.dumps({"error": answer.error}).encode())
        if answer.status in {"failed", "cancelled"}:
            raise self._fault(data)
        self._answer = answer
        for index, item in enumerate(answer.output or ()):
            if index not in self._told:
                self._finish_item(index, item)
        self.complete = True

    def _take_item(self, kind: str, index: int, item: dict[str, Any]) -> None:
        if kind == "response.output_item.done":
            self._finish_item(index, item)
        elif kind == "response.output_item.added":
            self._begin(index, self._read(item))

    def _begin(self, index: int, item: _Item) -> None:
        if item.type == "function_call" and not self.assembly.has_call(index):
            self.assembly.call(index, id=item.call_id or item.id or "", name=item.name or "")

    def _grow(self, event: _Event, delta: str) -> None:
        index = event.output_index
        if event.type in _WORDS:
            self._told.add(index)
            self.assembly.text(delta)
        elif event.type in _THOUGHTS:
            self._told.add(index)
            here = (index, event.summary_index)
            apart = here[1] > 0 and here != self._thought  # a summary is a paragraph
            self._thought = here
            self.assembly.reasoning("\n\n" + delta if apart else delta)
        elif event.type == "response.function_call_arguments.delta":
            self._told.add(index)
            self.assembly.arguments(index, delta)

    def _finish_item(self, index: int, data: dict[str, Any]) -> None:
        """End an item; say what of it has not come piece by piece."""
        item = self._read(data)
        new = index not in self._told
        self._told.add(index)
        match item.type:
            case "message":
                if new:
                    self.assembly.text(
                        "".join(part.text or part.refusal or "" for part in item.content or ())
                    )
                self.assembly.close()
            case "reasoning":
                if new:
                    thoughts = item.summary or item.content or ()
                    self.assembly.reasoning("\n\n".join(part.text or "" for part in thoughts))
                self.assembly.keep("reasoning", model=self._request.model, item=data)
                self.assembly.close()
            case "function_call":
                self._begin(index, item)
                if new:
                    self.assembly.arguments(index, item.arguments or "")
                self.assembly.close(index)

    def _read(self, item: dict[str, Any]) -> _Item:
        return read(_Item, json.dumps(item).encode(), provider=self.provider, what="piece of an answer")


def _usage(usage: _Usage) -> Usage:
    read_, wrote = usage.input_tokens_details or _Details(), usage.output_tokens_details or _Details()
    return Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cached_tokens=read_.cached_tokens or 0,
        reasoning_tokens=wrote.reasoning_tokens or 0,
    )
