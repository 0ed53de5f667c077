"""The OpenAI chat protocol, which a dozen servers speak. Models that need the Responses protocol get that."""

from __future__ import annotations

import base64
from typing import Any

from conduit.clients.adapter import Call, Decoder, Incoming, Outgoing, Reply, body_of, read
from conduit.clients.assembly import Assembly
from conduit.clients.decoding import StreamDecoder
from conduit.clients.faults import declined, fault
from conduit.clients.lines import data_of
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import (
    AssistantMessage,
    AudioPart,
    ImagePart,
    Message,
    Request,
    StopReason,
    SystemMessage,
    TextPart,
    ToolCallPart,
    ToolMessage,
    Usage,
    UserMessage,
    UserPart,
)

__all__ = ["ChatAdapter", "data_url", "model_ids"]

_STOPS = {
    "stop": StopReason.STOP,
    "eos": StopReason.STOP,
    "length": StopReason.LENGTH,
    "tool_calls": StopReason.TOOL_CALLS,
    "function_call": StopReason.TOOL_CALLS,
}
_SOUNDS = {"audio/mpeg": "mp3"}
"""Kinds of sound that OpenAI calls by another name."""


class ChatPayload(Outgoing):
    """What is sent to ``/chat/completions``."""

    model: str
    messages: list[dict[str, Any]]
    stream: bool | None = None
    stream_options: dict[str, bool] | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    stop: tuple[str, ...] | None = None
    seed: int | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: str | dict[str, Any] | None = None
    response_format: dict[str, Any] | None = None
    reasoning_effort: str | None = None


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
    tool_calls: list[_Call] | None = None


class _Choice(Incoming):
    finish_reason: str | None = None
    delta: _Said | None = None
    message: _Said | None = None


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


class ChatAdapter:
    """Writes and reads ``/chat/completions``.

    Args:
        provider: The name of the provider that speaks it.
        newest: Whether it is OpenAI's own server, which has new names for old parameters.
    """

    def __init__(self, provider: str, *, newest: bool = False) -> None:
        self.provider = provider
        self._newest = newest

    def encode(self, request: Request, *, stream: bool) -> Call:
        """Write a request."""
        params = request.params
        limit = "max_completion_tokens" if self._newest else "max_tokens"
        payload = ChatPayload(
            model=request.model,
            messages=[self._message(message) for message in request.messages],
            stream=stream or None,
            stream_options={"include_usage": True} if stream else None,
            temperature=params.temperature,
            top_p=params.top_p,
            stop=params.stop or None,
            seed=params.seed,
            tools=[_tool(tool) for tool in request.tools] or None,
            tool_choice=_choice(params.tool_choice),
            response_format=_format(request.response_schema),
            reasoning_effort=params.reasoning,
            **{limit: params.max_tokens},
        )
        return Call("/chat/completions", body_of(payload, params))

    def decode(self, body: bytes, request: Request) -> Reply:
        """Read an answer in one piece.

        Raises:
            ProviderError: It is an error, or not an answer.
        """
        reader = _Reader(self.provider, request)
        reader.take(body)
        if not reader.answered:
            raise ProviderError(
                f"{self.provider} sent an answer without choices; is that the address of its API?",
                kind=ErrorKind.PROTOCOL,
                provider=self.provider,
            )
        return reader.reply()

    def decoder(self, request: Request) -> Decoder:
        """Make what reads the answer's stream."""
        reader = _Reader(self.provider, request)
        return StreamDecoder(reader, content=reader.content)

    def _message(self, message: Message) -> dict[str, Any]:
        match message:
            case SystemMessage(content=content):
                return {"role": "system", "content": content}
            case UserMessage(parts=(TextPart(text=text),)):
                return {"role": "user", "content": text}
            case UserMessage(parts=parts):
                return {"role": "user", "content": [self._part(part) for part in parts]}
            case ToolMessage(result=result):
                return {"role": "tool", "tool_call_id": result.call_id, "content": result.text}
            case AssistantMessage():
                calls = [self._call(call) for call in message.tool_calls]
                said: dict[str, Any] = {"role": "assistant", "content": message.text or None}
                return {**said, "tool_calls": calls} if calls else {**said, "content": message.text}

    def _part(self, part: UserPart) -> dict[str, Any]:
        match part:
            case TextPart(text=text):
                return {"type": "text", "text": text}
            case ImagePart():
                return {"type": "image_url", "image_url": {"url": data_url(part)}}
            case AudioPart(media_type=kind, data=data):
                sound = {
                    "data": base64.b64encode(data).decode(),
                    "format": _SOUNDS.get(kind, kind.partition("/")[2].removeprefix("x-")),
                }
                return {"type": "input_audio", "input_audio": sound}

    def _call(self, call: ToolCallPart) -> dict[str, Any]:
        own = call.provider_data.get(self.provider, {})
        function = {"name": call.name, "arguments": call.arguments or "{}"}
        return {"id": call.id, "type": "function", "function": function, **own}


class _Reader:
    """Reads bodies, whole ones and chunks alike."""

    def __init__(self, provider: str, request: Request) -> None:
        self.provider = provider
        self.assembly = Assembly(provider=provider, request=request)
        self.answered = False
        self._done = False
        self._request = request
        self._stop: str | None = None
        self._model = ""
        self._usage: Usage | None = None
        self._citations: tuple[str, ...] = ()

    def content(self, line: bytes) -> bytes | None:
        data = data_of(line)
        if data == b"[DONE]":
            self._done = True
            return None
        return data

    def take(self, data: bytes) -> None:
        body = read(_Body, data, provider=self.provider)
        if body.error is not None:
            raise fault(provider=self.provider, model=self._request.model, status=None, body=data)
        self._model = body.model or self._model
        if body.usage is not None:
            self._usage = _usage(body.usage)
        if body.citations or body.search_results:
            self._citations = tuple(body.citations or [found.url for found in body.search_results or []])
        for choice in body.choices[:1]:
            said = choice.message if choice.delta is None else choice.delta
            if said is not None:
                self.answered = True
                self._take_said(said)
            self._stop = choice.finish_reason or self._stop

    def _take_said(self, said: _Said) -> None:
        thought = said.reasoning_content or said.reasoning
        if thought:
            self.assembly.reasoning(thought)
        text = said.content or said.refusal
        if text:
            self.assembly.text(text)
        for place, call in enumerate(said.tool_calls or ()):
            self._take_call(place if call.index is None else call.index, call)

    def _take_call(self, key: int, call: _Call) -> None:
        if not self.assembly.has_call(key):
            own = {"extra_content": call.extra_content} if call.extra_content else {}
            self.assembly.call(key, id=call.id or "", name=call.function.name or "", **own)
        self.assembly.arguments(key, call.function.arguments or "")

    @property
    def complete(self) -> bool:
        """Whether the end was seen: a reason, or where a server gives none, its count and its last word."""
        return self._stop is not None or (self._done and self._usage is not None)

    def reply(self) -> Reply:
        if self._stop == "content_filter":
            raise declined(self.provider, partial=self.assembly.message().model_dump(mode="json"))
        stop = _STOPS.get(self._stop or "stop", StopReason.STOP)
        message = self.assembly.finish(cut=stop is StopReason.LENGTH)
        if message.tool_calls and stop is StopReason.STOP:
            stop = StopReason.TOOL_CALLS  # several servers say "stop" after a call
        return Reply(message, stop, self._model, self._usage, self._citations)


class _Model(Incoming):
    id: str


class _Models(Incoming):
    data: list[_Model]


def model_ids(body: bytes, *, provider: str) -> tuple[str, ...]:
    """Read the answer of ``/models``.

    Raises:
        ProviderError: It is something else.
    """
    return tuple(
        model.id.removeprefix("models/")
        for model in read(_Models, body, provider=provider, what="list of models").data
    )


def data_url(part: ImagePart) -> str:
    """Write an image as a ``data:`` address."""
    return f"data:{part.media_type};base64,{base64.b64encode(part.data).decode()}"


def _tool(tool: Any) -> dict[str, Any]:
    facts = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {"type": "function", "function": facts}


def _choice(choice: str | None) -> str | dict[str, Any] | None:
    if choice is None or choice in {"auto", "none", "required"}:
        return choice
    return {"type": "function", "function": {"name": choice}}


def _format(schema: dict[str, Any] | None) -> dict[str, Any] | None:
    if schema is None:
        return None
    return {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": schema, "strict": is_closed(schema)},
    }


def is_closed(schema: Any) -> bool:
    """Say whether every object of a schema lists all it may hold, as OpenAI demands of strict schemas."""
    if isinstance(schema, list):
        return all(is_closed(item) for item in schema)
    if not isinstance(schema, dict):
        return True
    if schema.get("type") == "object":
        names = set(schema.get("properties", {}))
        if schema.get("additionalProperties") is not False or set(schema.get("required", ())) != names:
            return False
    return all(is_closed(value) for value in schema.values())


def _usage(usage: _Usage) -> Usage:
    read_, wrote = usage.prompt_tokens_details or _Details(), usage.completion_tokens_details or _Details()
    return Usage(
        input_tokens=usage.prompt_tokens,
        output_tokens=usage.completion_tokens,
        cached_tokens=read_.cached_tokens or 0,
        reasoning_tokens=wrote.reasoning_tokens or 0,
    )
