"""The Anthropic messages protocol: Anthropic itself, and the servers that speak it too.

Source: the types of the ``anthropic`` SDK, and recordings of llama.cpp and Ollama. Not tried on Anthropic's own
server.
"""

from __future__ import annotations

import base64
import re
from typing import Any

from pydantic_core import from_json

from conduit.clients.adapter import Call, Decoder, Outgoing, Reply, body_of
from conduit.clients.anthropic_limits import is_adaptive, narrowed
from conduit.clients.anthropic_reader import MessagesReader
from conduit.clients.decoding import StreamDecoder, event_of
from conduit.clients.turns import distinct, settled
from conduit.errors import SetupError
from conduit.messages import (
    AssistantMessage,
    AssistantPart,
    AudioPart,
    ImagePart,
    Message,
    ReasoningPart,
    Request,
    SystemMessage,
    TextPart,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    ToolSpec,
    UserMessage,
    UserPart,
)

__all__ = ["MAX_TOKENS", "MessagesAdapter"]

MAX_TOKENS = 8192
"""Longest answer where the request names none; the protocol demands a number."""
_BUDGETS = {"low": 2048, "medium": 8192, "high": 16384}
"""Tokens to think with."""
_CACHED = {"type": "ephemeral"}
_EMPTY = {"type": "text", "text": "(empty)"}
"""Stands for a turn without words, which the protocol does not know."""
_Block = dict[str, Any]


class _Payload(Outgoing):
    model: str
    max_tokens: int
    messages: list[dict[str, Any]]
    system: str | list[_Block] | None = None
    stream: bool | None = None
    temperature: float | None = None
    top_p: float | None = None
    stop_sequences: tuple[str, ...] | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: dict[str, str] | None = None
    thinking: dict[str, Any] | None = None
    output_config: dict[str, Any] | None = None


class MessagesAdapter:
    """Writes and reads ``/messages``, under an address that ends with ``/v1``.

    Args:
        provider: The name of the provider that speaks it.
        caches: Whether it is Anthropic's own server, which is told what to keep in its cache, and refuses what
            other servers take.
    """

    def __init__(self, provider: str, *, caches: bool = False) -> None:
        self.provider = provider
        self._caches = caches

    def encode(self, request: Request, *, stream: bool) -> Call:
        """Write a request.

        Raises:
            SetupError: It holds sound, which the protocol does not know.
        """
        params = request.params
        adaptive = self._caches and is_adaptive(request.model)
        budget = _adapted(request) if adaptive else _budget(request, self._own)
        most = params.max_tokens or MAX_TOKENS
        samples = budget is None and not adaptive  # who thinks chooses it by itself
        payload = _Payload(
            model=request.model,
            max_tokens=most if budget is None else max(most, budget + MAX_TOKENS),
            messages=self._turns(request),
            system=self._system(request),
            stream=stream or None,
            temperature=params.temperature if samples else None,
            top_p=params.top_p if samples else None,
            stop_sequences=params.stop or None,
            tools=self._tools(request.tools),
            tool_choice=_choice(params.tool_choice) if request.tools else None,
            thinking=_thinking(budget, adaptive=adaptive),
            output_config=self._output(request, adaptive=adaptive),
        )
        return Call("/messages", body_of(payload, params))

    def decode(self, body: bytes, request: Request) -> Reply:
        """Read an answer in one piece.

        Raises:
            ProviderError: It is an error, or not an answer.
        """
        reader = MessagesReader(self.provider, request)
        reader.take_whole(body)
        return reader.reply()

    def decoder(self, request: Request) -> Decoder:
        """Make what reads the answer's stream."""
        return StreamDecoder(MessagesReader(self.provider, request), content=event_of)

    def _system(self, request: Request) -> str | list[_Block] | None:
        words = [message.content for message in request.messages if isinstance(message, SystemMessage)]
        text = "\n\n".join(filter(None, words))
        if not text:
            return None
        return [{"type": "text", "text": text, "cache_control": _CACHED}] if self._caches else text

    def _tools(self, tools: tuple[ToolSpec, ...]) -> list[dict[str, Any]] | None:
        written: list[dict[str, Any]] = [
            {"name": tool.name, "description": tool.description, "input_schema": tool.parameters}
            for tool in tools
        ]
        if written and self._caches:
            written[-1]["cache_control"] = _CACHED
        return written or None

    def _output(self, request: Request, *, adaptive: bool) -> dict[str, Any] | None:
        """Write the form of the answer, and how much effort it is worth."""
        output: dict[str, Any] = {}
        schema, effort = request.response_schema, request.params.reasoning
        if schema is not None:
            output["format"] = {"type": "json_schema", "schema": narrowed(schema) if self._caches else schema}
        if adaptive and effort is not None:
            output["effort"] = "low" if effort == "none" else effort  # some models cannot but think
        return output or None

    def _turns(self, request: Request) -> list[dict[str, Any]]:
        """Write the conversation: the two sides take turns, so neighbours of one side become one turn."""
        turns: list[tuple[str, list[_Block]]] = []
        for message in distinct(request.messages, write=_id):
            role, blocks = self._blocks(message, request.model)
            if not role or (role == "assistant" and not blocks):
                continue
            if turns and turns[-1][0] == role:
                turns[-1][1].extend(blocks)
            else:
                turns.append((role, blocks))
        return [{"role": role, "content": _brief(blocks)} for role, blocks in turns]

    def _blocks(self, message: Message, model: str) -> tuple[str, list[_Block]]:
        match message:
            case SystemMessage():
                return "", []
            case UserMessage(parts=parts):
                return "user", [self._given(part) for part in parts if not _is_empty(part)]
            case ToolMessage(result=result):
                return "user", [_result(result)]
            case AssistantMessage(parts=parts):
                return "assistant", [block for part in settled(parts) for block in self._said(part, model)]

    def _given(self, part: UserPart) -> _Block:
        match part:
            case TextPart(text=text):
                return {"type": "text", "text": text}
            case ImagePart(media_type=kind, data=data):
                source = {"type": "base64", "media_type": kind, "data": base64.b64encode(data).decode()}
                return {"type": "image", "source": source}
            case AudioPart():
                raise SetupError(
                    f"{self.provider} takes no sound; send words or images, or ask another model"
                )

    def _said(self, part: AssistantPart, model: str) -> list[_Block]:
        match part:
            case ReasoningPart():
                return self._thought(part, model)
            case TextPart(text=text):
                return [{"type": "text", "text": text}] if text.strip() else []
            case ToolCallPart():
                call = {"type": "tool_use", "id": _id(part.id), "name": part.name}
                return [{**call, "input": _input(part.arguments)}]

    def _thought(self, part: ReasoningPart, model: str) -> list[_Block]:
        own = self._own(part, model)
        if "redacted" in own:
            return [{"type": "redacted_thinking", "data": own["redacted"]}]
        if "signature" in own:
            return [{"type": "thinking", "thinking": part.text, "signature": own["signature"]}]
        return []

    def _own(self, part: ReasoningPart, model: str) -> dict[str, Any]:
        """Give what this provider's same model wants back; a signature is worth nothing to any other."""
        own = part.provider_data.get(self.provider)
        return own if isinstance(own, dict) and own.get("model") == model else {}


def _budget(request: Request, own: Any) -> int | None:
    """Say how much to think, in tokens; not at all where the protocol forbids it.

    It does so where a tool is forced, and where an answer that waits for its tools was begun without thinking.
    """
    if _is_forced(request):
        return None
    if isinstance(request.messages[-1], ToolMessage):
        asked = next(
            (said for said in reversed(request.messages) if isinstance(said, AssistantMessage)), None
        )
        first = asked.parts[0] if asked is not None and asked.parts else None
        if not isinstance(first, ReasoningPart) or not own(first, request.model):
            return None
    return _BUDGETS.get(request.params.reasoning or "none")


def _adapted(request: Request) -> int | None:
    """Say how much room thoughts need where the model itself decides about them."""
    return None if _is_forced(request) else _BUDGETS.get(request.params.reasoning or "none")


def _is_forced(request: Request) -> bool:
    return bool(request.tools) and request.params.tool_choice not in {None, "auto", "none"}


def _thinking(budget: int | None, *, adaptive: bool) -> dict[str, Any] | None:
    if budget is None:
        return None
    return {"type": "adaptive"} if adaptive else {"type": "enabled", "budget_tokens": budget}


def _choice(choice: str | None) -> dict[str, str] | None:
    match choice:
        case None:
            return None
        case "auto" | "none":
            return {"type": choice}
        case "required":
            return {"type": "any"}
        case _:
            return {"type": "tool", "name": choice}


def _is_empty(part: UserPart) -> bool:
    return isinstance(part, TextPart) and not part.text.strip()


def _brief(blocks: list[_Block]) -> str | list[_Block]:
    """Write a turn of plain words as plain words, results of tools first."""
    match blocks:
        case []:
            return [_EMPTY]
        case [{"type": "text", "text": str() as text}]:
            return text
        case _:
            return sorted(blocks, key=lambda block: block["type"] != "tool_result")


def _result(result: ToolResultPart) -> _Block:
    block = {"type": "tool_result", "tool_use_id": _id(result.call_id), "content": result.text}
    return {**block, "is_error": True} if result.is_error else block


def _id(text: str) -> str:
    """Write a call's id, perhaps another provider's, with the characters that are allowed."""
    return re.sub(r"[^a-zA-Z0-9_-]", "_", text) or "_"


def _input(arguments: str) -> dict[str, Any]:
    """Read a call's arguments; what no JSON object is, and was refused for that, goes back as an empty one."""
    try:
        value = from_json(arguments, allow_inf_nan=False)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
