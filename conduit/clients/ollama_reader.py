"""Reads what comes from Ollama: lines of JSON, the last of them with ``done``."""

from __future__ import annotations

import json
from typing import Any

from conduit.clients.adapter import Incoming, Reply, read
from conduit.clients.assembly import Assembly
from conduit.clients.faults import fault
from conduit.errors import ContextTooLong, ErrorKind, ProviderError
from conduit.messages import Request, StopReason, Usage

__all__ = ["OllamaReader"]

_STOPS = {"stop": StopReason.STOP, "length": StopReason.LENGTH}
_SMALLEST_WINDOW = 2048
"""Tokens; no prompt below is ever cut."""
_MOST_BYTES = 12
"""Bytes of words in one token: real text has two to six, so more means that words are missing."""


class _Function(Incoming):
    name: str = ""
    arguments: dict[str, Any] | str | None = None


class _Call(Incoming):
    id: str | None = None
    function: _Function


class _Said(Incoming):
    content: str | None = None
    thinking: str | None = None
    tool_calls: list[_Call] | None = None


class _Chunk(Incoming):
    model: str = ""
    message: _Said | None = None
    done: bool = False
    done_reason: str | None = None
    prompt_eval_count: int | None = None
    eval_count: int | None = None
    error: Any = None


class OllamaReader:
    """Reads whole answers and lines alike.

    Args:
        provider: Whose they are.
        request: What is answered.
        sent: Bytes of words in the request.
        window: Tokens the server was asked to make room for.
    """

    def __init__(self, provider: str, request: Request, *, sent: int, window: int) -> None:
        self.provider = provider
        self.assembly = Assembly(provider=provider, request=request)
        self._request = request
        self._sent = sent
        self._window = window
        self._last: _Chunk | None = None
        self._calls = 0

    @property
    def complete(self) -> bool:
        """Whether the last line was seen."""
        return self._last is not None

    def take(self, data: bytes) -> None:
        """Read a line.

        Raises:
            ProviderError: It says that the server failed, or cannot be read.
        """
        chunk = read(_Chunk, data, provider=self.provider)
        if chunk.error is not None:
            raise fault(provider=self.provider, model=self._request.model, status=None, body=data)
        if chunk.message is not None:
            self._take_said(chunk.message)
        if chunk.done:
            self._last = chunk

    def reply(self) -> Reply:
        """Give the whole answer.

        Raises:
            ProviderError: It is none, was cut in the middle, or answers a prompt that was cut.
        """
        last = self._last
        if last is None or (last.done_reason == "load" and not self.assembly.message().parts):
            raise ProviderError(
                f"{self.provider} sent no answer, it only loaded {self._request.model}; ask again",
                kind=ErrorKind.PROTOCOL,
                provider=self.provider,
            )
        self._check_count(last.prompt_eval_count)
        stop = _STOPS.get(last.done_reason or "stop", StopReason.STOP)
        message = self.assembly.finish(cut=stop is StopReason.LENGTH)
        if message.tool_calls and stop is StopReason.STOP:
            stop = StopReason.TOOL_CALLS
        return Reply(message, stop, last.model, _usage(last))

    def _check_count(self, read_tokens: int | None) -> None:
        """Compare what was read with what was sent: servers that do not know ``truncate`` cut in silence."""
        estimate = self._sent // 3
        if read_tokens is None or estimate <= _SMALLEST_WINDOW or self._sent <= read_tokens * _MOST_BYTES:
            return
        raise ContextTooLong(
            f"{self.provider}/{self._request.model} read only {read_tokens} tokens of about {estimate}; start a "
            "new conversation with -n, or ask a model that reads more",
            provider=self.provider,
            model=self._request.model,
            max_tokens=self._window,
            actual_tokens=estimate,
            partial=self.assembly.message().model_dump(mode="json"),
        )

    def _take_said(self, said: _Said) -> None:
        if said.thinking:
            self.assembly.reasoning(said.thinking)
        if said.content:
            self.assembly.text(said.content)
        for call in said.tool_calls or ():
            self._take_call(call)

    def _take_call(self, call: _Call) -> None:
        """Take a call, which comes whole; its number counts here, as some servers number each line anew."""
        key, self._calls = self._calls, self._calls + 1
        arguments = call.function.arguments
        self.assembly.call(key, id=call.id or "", name=call.function.name)
        text = arguments if isinstance(arguments, str) else json.dumps(arguments or {}, ensure_ascii=False)
        self.assembly.arguments(key, text)
        self.assembly.close(key)


def _usage(last: _Chunk) -> Usage | None:
    if last.prompt_eval_count is None and last.eval_count is None:
        return None
    return Usage(input_tokens=last.prompt_eval_count or 0, output_tokens=last.eval_count or 0)
