"""Reads the OpenAI chat protocol: whole answers and the chunks of a stream alike. Pure."""

from __future__ import annotations

import json
from typing import Any

from conduit.clients.adapter import Incoming, Reply, read
from conduit.clients.assembly import Assembly
from conduit.clients.faults import declined, fault
from conduit.clients.lines import data_of
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import Request, StopReason, Usage

__all__ = ["ChatReader"]

_STOPS = {
    "stop": StopReason.STOP,
    "eos": StopReason.STOP,
    "length": StopReason.LENGTH,
    "tool_calls": StopReason.TOOL_CALLS,
    "function_call": StopReason.TOOL_CALLS,
    "max_tokens": StopReason.LENGTH,
}
# Proxies pass on what the provider behind them calls it.
_DECLINED = ("content_filter", "safety", "recitation", "blocklist", "prohibited", "spii")
_FAILED = ("error", "abort", "malformed")


class _Function(Incoming):
    name: str | None = None
    arguments: str | None = None


class _Call(Incoming):
    index: int | None = None
    id: str | None = None
    function: _Function = _Function()
    extra_content: dict[str, Any] | None = None


class _Said(Incoming):
    content: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    reasoning_details: list[dict[str, Any]] | None = None
    tool_calls: list[_Call] | None = None


class _Choice(Incoming):
    finish_reason: str | None = None
    delta: _Said | None = None
    message: _Said | None = None
    error: Any = None


class _Details(Incoming):
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None


class _Usage(Incoming):
    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: _Details | None = None
    completion_tokens_details: _Details | None = None


class _Result(Incoming):
    url: str


class _Body(Incoming):
    choices: tuple[_Choice, ...] = ()
    model: str = ""
    usage: _Usage | None = None
    citations: list[str] | None = None
    search_results: list[_Result] | None = None
    error: Any = None


class ChatReader:
    """Reads bodies, whole ones and chunks alike."""

    def __init__(self, provider: str, request: Request) -> None:
        self.provider = provider
        self.assembly = Assembly(provider=provider, request=request)
        self.answered = False
        self._done = False
        self._request = request
        self._ids: dict[int, tuple[int, str | None]] = {}
        self._extra = 0
        self._details: list[dict[str, Any]] = []
        self._stop: str | None = None
        self._model = ""
        self._usage: Usage | None = None
        self._citations: tuple[str, ...] = ()

    def content(self, line: bytes) -> bytes | None:
        """Give the JSON of a line of a stream; None for any other line."""
        data = data_of(line)
        if data == b"[DONE]":
            self._done = True
            return None
        return data

    def take(self, data: bytes) -> None:
        """Take a body or a chunk.

        Raises:
            ProviderError: It is an error, or cannot be read.
        """
        body = read(_Body, data, provider=self.provider)
        if body.error is not None:
            raise fault(provider=self.provider, model=self._request.model, status=None, body=data)
        self._model = body.model or self._model
        if body.usage is not None:
            self._usage = _usage(body.usage)
        if body.citations or body.search_results:
            self._citations = tuple(body.citations or [found.url for found in body.search_results or []])
        for choice in body.choices[:1]:
            if choice.error is not None:
                failed = {"error": choice.error}
                raise fault(
                    provider=self.provider,
                    model=self._request.model,
                    status=None,
                    body=json.dumps(failed).encode(),
                )
            said = choice.message if choice.delta is None else choice.delta
            if said is not None:
                self.answered = True
                self._take_said(said)
            self._stop = choice.finish_reason or self._stop

    def _take_said(self, said: _Said) -> None:
        thought = said.reasoning_content or said.reasoning
        if thought:
            self.assembly.reasoning(thought)
        if said.reasoning_details:
            self._details += said.reasoning_details
            self.assembly.keep("reasoning", reasoning_details=self._details)
        text = said.content or said.refusal
        if text:
            self.assembly.text(text)
        for place, call in enumerate(said.tool_calls or ()):
            self._take_call(place if call.index is None else call.index, call)

    def _take_call(self, index: int, call: _Call) -> None:
        key, known = self._ids.get(index, (index, call.id))
        if call.id and known and call.id != known:
            self._extra -= 1  # some servers give every call the same place
            key = self._extra
        self._ids[index] = (key, call.id or known)
        if not self.assembly.has_call(key):
            own = {"extra_content": call.extra_content} if call.extra_content else {}
            self.assembly.call(key, id=call.id or "", name=call.function.name or "", **own)
        self.assembly.arguments(key, call.function.arguments or "")

    @property
    def complete(self) -> bool:
        """Whether the end was seen: a reason, or where a server gives none, its count and its last word."""
        return self._stop is not None or (self._done and self._usage is not None)

    def reply(self) -> Reply:
        """Give the answer.

        Raises:
            ProviderError: It was declined, or cut in the middle of a tool call.
        """
        reason = (self._stop or "stop").lower()
        if any(word in reason for word in _DECLINED):
            raise declined(self.provider, partial=self.assembly.message().model_dump(mode="json"))
        if any(word in reason for word in _FAILED):
            raise ProviderError(
                f"{self.provider} broke off ({self._stop}); what came is kept, ask again",
                kind=ErrorKind.SERVER,
                provider=self.provider,
                partial=self.assembly.message().model_dump(mode="json"),
            )
        stop = _STOPS.get(reason, StopReason.STOP)
        message = self.assembly.finish(cut=stop is StopReason.LENGTH)
        if message.tool_calls and stop is StopReason.STOP:
            stop = StopReason.TOOL_CALLS  # several servers say "stop" after a call
        return Reply(message, stop, self._model, self._usage, self._citations)


def _usage(usage: _Usage) -> Usage:
    read_, wrote = usage.prompt_tokens_details or _Details(), usage.completion_tokens_details or _Details()
    return Usage(
        input_tokens=usage.prompt_tokens,
        output_tokens=usage.completion_tokens,
        cached_tokens=read_.cached_tokens or 0,
        reasoning_tokens=wrote.reasoning_tokens or 0,
    )
