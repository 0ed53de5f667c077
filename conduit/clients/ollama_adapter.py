"""Ollama's own protocol, which alone says how long a prompt may be.

Ollama cuts a prompt that does not fit, and answers the rest as if nothing were missing. So each request asks for
room enough, asks not to be cut, and the count that comes back is compared with what was sent.
Source: recordings of a real server.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from conduit.clients.adapter import Call, Decoder, Outgoing, Reply, body_of
from conduit.clients.decoding import StreamDecoder
from conduit.clients.ollama_reader import OllamaReader
from conduit.errors import SetupError
from conduit.messages import (
    AssistantMessage,
    AudioPart,
    ImagePart,
    Message,
    Request,
    SystemMessage,
    ToolMessage,
    ToolSpec,
    UserMessage,
    UserPart,
)

__all__ = ["OllamaAdapter", "room"]

_LEAST = 4096
"""Tokens; the smallest window that is asked for."""
_ANSWER = 2048
"""Tokens that are kept free for an answer whose length the request does not say."""
_PER_MESSAGE = 16
_PER_IMAGE = 1024
_LEVELS = "gpt-oss"
"""The family whose thinking has levels; every other model thinks or does not."""
_OPTIONS = frozenset(
    {
        *("num_ctx", "num_keep", "num_predict", "num_batch", "num_gpu", "main_gpu", "num_thread", "use_mmap"),
        *("use_mlock", "numa", "low_vram", "seed", "stop", "temperature", "top_k", "top_p", "min_p", "tfs_z"),
        *("typical_p", "repeat_last_n", "repeat_penalty", "presence_penalty", "frequency_penalty"),
        *("mirostat", "mirostat_tau", "mirostat_eta", "penalize_newline"),
    }
)
"""Names that count only within ``options``; the server takes no notice of them anywhere else."""


class _Payload(Outgoing):
    model: str
    messages: list[dict[str, Any]]
    stream: bool
    truncate: bool = False
    tools: list[dict[str, Any]] | None = None
    format: dict[str, Any] | None = None
    think: bool | str | None = None
    options: dict[str, Any]


class OllamaAdapter:
    """Writes and reads ``/api/chat``.

    Args:
        provider: The name it goes by.
        most: Tokens the model can read; None where the server did not say.
        least: Tokens that were asked for before. A smaller window would load the model anew.
    """

    def __init__(self, provider: str, *, most: int | None = None, least: int = 0) -> None:
        self.provider = provider
        self._most = most
        self._least = least

    def window(self, request: Request) -> int:
        """Say how many tokens the server is asked to make room for."""
        return room(_text_bytes(request), request, most=self._most, least=self._least)

    def encode(self, request: Request, *, stream: bool) -> Call:
        """Write a request.

        Raises:
            SetupError: It holds sound, which the protocol does not know; or an extra parameter would replace one
                that Conduit sets.
        """
        own, beside = _parted(request.params.extra)
        tools = _offered(request)
        payload = _Payload(
            model=request.model,
            messages=[self._message(message) for message in request.messages],
            stream=stream,
            tools=[{"type": "function", "function": tool.model_dump()} for tool in tools] or None,
            format=request.response_schema,
            think=_think(request),
            options=_options(request, own, window=self.window(request)),
        )
        return Call("/api/chat", body_of(payload, request.params.model_copy(update={"extra": beside})))

    def decode(self, body: bytes, request: Request) -> Reply:
        """Read an answer in one piece.

        Raises:
            ProviderError: It is an error, or not an answer.
        """
        reader = self._reader(request)
        reader.take(body)
        return reader.reply()

    def decoder(self, request: Request) -> Decoder:
        """Make what reads the answer's stream."""
        return StreamDecoder(self._reader(request), content=bytes.strip)

    def _reader(self, request: Request) -> OllamaReader:
        return OllamaReader(self.provider, request, sent=_text_bytes(request), window=self.window(request))

    def _message(self, message: Message) -> dict[str, Any]:
        match message:
            case SystemMessage(content=content):
                return {"role": "system", "content": content}
            case UserMessage():
                return {"role": "user", "content": message.text, **self._images(message.parts)}
            case ToolMessage(result=result):
                named = {"tool_name": result.name, "tool_call_id": result.call_id}
                return {"role": "tool", "content": result.text, **named}
            case AssistantMessage():
                return _said(message)

    def _images(self, parts: tuple[UserPart, ...]) -> dict[str, Any]:
        if any(isinstance(part, AudioPart) for part in parts):
            raise SetupError(f"{self.provider} takes no sound; send words or images, or ask another model")
        images = [base64.b64encode(part.data).decode() for part in parts if isinstance(part, ImagePart)]
        return {"images": images} if images else {}


def _offered(request: Request) -> list[ToolSpec]:
    """Give the tools the model may call. The protocol has no choice of tools, so others are kept from it."""
    choice = request.params.tool_choice
    if choice == "none":
        return []
    named = [tool for tool in request.tools if tool.name == choice]
    return named or list(request.tools)


def room(sent: int, request: Request, *, most: int | None, least: int = 0) -> int:
    """Say how many tokens a request and its answer need at most: a power of two, so that few sizes are loaded.

    Args:
        sent: Bytes of words in the request.
        request: The request.
        most: Tokens the model can read.
        least: Tokens that are asked for in any case.
    """
    needed = _estimate(sent, request) + (request.params.max_tokens or _ANSWER)
    rounded = max(_LEAST, least, 1 << (needed - 1).bit_length())
    return rounded if most is None else min(rounded, most)


def _estimate(sent: int, request: Request) -> int:
    images = sum(
        isinstance(part, ImagePart)
        for message in request.messages
        if isinstance(message, UserMessage)
        for part in message.parts
    )
    return sent // 3 + _PER_MESSAGE * len(request.messages) + _PER_IMAGE * images


def _text_bytes(request: Request) -> int:
    """Count the bytes of all words that a model reads: three of them are a token, or less than one."""
    words = [_words(message) for message in request.messages]
    tools = [json.dumps(tool.model_dump()) for tool in request.tools]
    return sum(len(text.encode()) for text in (*words, *tools))


def _words(message: Message) -> str:
    match message:
        case SystemMessage(content=text):
            return text
        case ToolMessage(result=result):
            return result.text
        case UserMessage():
            return message.text
        case AssistantMessage():
            return message.text + "".join(call.name + call.arguments for call in message.tool_calls)


def _said(message: AssistantMessage) -> dict[str, Any]:
    calls = [
        {"id": call.id, "function": {"name": call.name, "arguments": _arguments(call.arguments)}}
        for call in message.tool_calls
    ]
    said: dict[str, Any] = {"role": "assistant", "content": message.text}
    if calls:
        said["tool_calls"] = calls
    return said


def _arguments(text: str) -> Mapping[str, Any]:
    try:
        value = from_json(text, allow_inf_nan=False)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _parted(extra: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part the extra parameters into options of the model and what stands beside them."""
    given = extra.get("options", {})
    if not isinstance(given, dict):
        raise SetupError(
            f"the extra parameter options has to be a dict of Ollama's options, not {type(given).__name__}; "
            "for example extra={'options': {'top_k': 40}}"
        )
    own = {name: value for name, value in extra.items() if name in _OPTIONS}
    beside = {name: value for name, value in extra.items() if name not in _OPTIONS and name != "options"}
    return {**own, **given}, beside


def _options(request: Request, own: dict[str, Any], *, window: int) -> dict[str, Any]:
    params = request.params
    options = {
        "num_ctx": window,
        "num_predict": params.max_tokens,
        "temperature": params.temperature,
        "top_p": params.top_p,
        "seed": params.seed,
        "stop": params.stop or None,
    }
    known = {name: value for name, value in options.items() if value is not None}
    taken = sorted(set(known) & set(own))
    if taken:
        raise SetupError(
            f"extra parameters cannot replace {', '.join(taken)}; use the parameter itself "
            "(num_ctx is chosen to fit the prompt, max_tokens is num_predict)"
        )
    return {**known, **own}


def _think(request: Request) -> bool | str | None:
    effort = request.params.reasoning
    if effort is None:
        return None
    if effort == "none":
        return False
    return effort if _LEVELS in request.model else True
