"""The OpenAI chat protocol, which a dozen servers speak. Models that need the Responses protocol get that."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from conduit.clients.adapter import Call, Decoder, Incoming, Outgoing, Reply, body_of, read
from conduit.clients.decoding import StreamDecoder
from conduit.clients.openai_reader import ChatReader
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import (
    AssistantMessage,
    AudioPart,
    ImagePart,
    Message,
    ReasoningPart,
    Request,
    SystemMessage,
    TextPart,
    ToolCallPart,
    ToolMessage,
    UserMessage,
    UserPart,
)

__all__ = ["ChatAdapter", "data_url", "model_ids"]

_SOUNDS = {"audio/mpeg": "mp3"}
"""Kinds of sound that OpenAI calls by another name."""
_LONGEST_ID = 40
_SAYS = {"type", "anyOf", "$ref"}
_STRICT = _SAYS | {
    *(
        "title",
        "description",
        "enum",
        "const",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "$defs",
    ),
    *("pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minItems", "maxItems"),
}
"""Keywords that strict mode knows, and those of them of which it demands one; it refuses a schema that has others.

Source: OpenAI's guide to structured outputs, "supported schemas".
"""
_FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}


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
            messages=[self._message(message) for message in _in_turn(request.messages)],
            stream=stream or None,
            stream_options={"include_usage": True} if stream else None,
            temperature=params.temperature,
            top_p=params.top_p,
            stop=params.stop or None,
            seed=params.seed,
            tools=[_tool(tool) for tool in request.tools] or None,
            tool_choice=_choice(params.tool_choice) if request.tools else None,
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
        reader = ChatReader(self.provider, request)
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
        reader = ChatReader(self.provider, request)
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
                return {"role": "tool", "tool_call_id": call_id(result.call_id), "content": result.text}
            case AssistantMessage():
                calls = [self._call(call) for call in message.tool_calls]
                said: dict[str, Any] = {
                    "role": "assistant",
                    "content": message.text or None,
                    **self._thoughts(message),
                }
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
        function = {"name": call.name, "arguments": arguments(call)}
        return {"id": call_id(call.id), "type": "function", "function": function, **own}

    def _thoughts(self, message: AssistantMessage) -> dict[str, Any]:
        """Give back the opaque thoughts that OpenRouter wants again, to their own provider only."""
        for part in message.parts:
            own = part.provider_data.get(self.provider, {}) if isinstance(part, ReasoningPart) else {}
            if "reasoning_details" in own:
                return {"reasoning_details": own["reasoning_details"]}
        return {}


def _in_turn(messages: tuple[Message, ...]) -> list[Message]:
    """Join neighbouring user messages: some servers insist that user and assistant take turns."""
    joined: list[Message] = []
    for message in messages:
        last = joined[-1] if joined else None
        if isinstance(message, UserMessage) and isinstance(last, UserMessage):
            joined[-1] = UserMessage(parts=(*last.parts, *message.parts))
        else:
            joined.append(message)
    return joined


def call_id(text: str) -> str:
    """Give a call's id in a form that every server takes: at most 40 characters, the same for call and result."""
    if len(text) <= _LONGEST_ID:
        return text
    return "call_" + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()[: _LONGEST_ID - 5]


def arguments(call: ToolCallPart) -> str:
    """Give a call's arguments as a JSON object; servers that read them again refuse anything else for ever."""
    try:
        whole = isinstance(json.loads(call.arguments), dict)
    except ValueError:
        whole = False
    return call.arguments if whole else "{}"


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
    """Say whether OpenAI's strict mode takes a schema: it knows all of it, and objects list all they hold.

    >>> is_closed({"type": "array", "items": {"type": "string"}}), is_closed({"type": "array", "items": {}})
    (True, False)
    """
    if not isinstance(schema, dict) or not schema.keys() <= _STRICT or schema.keys().isdisjoint(_SAYS):
        return False
    if schema.get("format", "date") not in _FORMATS or "(?" in schema.get("pattern", ""):
        return False
    parts = [*schema.get("anyOf", ()), *schema.get("$defs", {}).values()]
    if _is_a("object", schema):
        names = schema.get("properties", {})
        if schema.get("additionalProperties") is not False or set(schema.get("required", ())) != set(names):
            return False
        parts += names.values()
    if _is_a("array", schema):
        parts.append(schema.get("items"))
    return all(map(is_closed, parts))


def _is_a(kind: str, schema: dict[str, Any]) -> bool:
    kinds = schema.get("type", ())
    return kind == kinds or (isinstance(kinds, list) and kind in kinds)
