"""OpenAI's Responses protocol, for the models that speak nothing else.

Source: the types of the ``openai`` SDK, and recordings of llama.cpp and Ollama. Not tried on OpenAI's own server.
"""

from __future__ import annotations

import re
from typing import Any

from conduit.clients.adapter import Call, Decoder, Outgoing, Reply, body_of
from conduit.clients.decoding import StreamDecoder, event_of
from conduit.clients.openai import ChatAdapter, data_url, is_closed
from conduit.clients.responses_reader import ResponsesReader
from conduit.clients.turns import settled
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
    ToolSpec,
    UserMessage,
    UserPart,
)

__all__ = ["OpenAIAdapter", "ResponsesAdapter", "needs_responses"]

_RESPONSES_ONLY = re.compile(r"(?:o\d+|gpt-\d+(?:\.\d+)?)-pro\b|codex|deep-research|computer-use")
_PLAIN = re.compile(r"computer-use")
"""Models without thoughts to give back; asking them for some is an error."""

_Item = dict[str, Any]


class _Payload(Outgoing):
    model: str
    input: list[_Item]
    instructions: str | None = None
    stream: bool | None = None
    store: bool = False
    include: tuple[str, ...] | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_output_tokens: int | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: str | dict[str, str] | None = None
    text: dict[str, Any] | None = None
    reasoning: dict[str, str] | None = None


def needs_responses(model: str) -> bool:
    """Say whether a model of OpenAI's is reached by the Responses protocol only.

    >>> needs_responses("gpt-5.1-codex"), needs_responses("gpt-5.1")
    (True, False)
    """
    return _RESPONSES_ONLY.search(model) is not None


class OpenAIAdapter:
    """Writes and reads what OpenAI's own server wants: each model in the protocol it speaks."""

    def __init__(self, provider: str) -> None:
        self.provider = provider
        self._chat = ChatAdapter(provider, newest=True)
        self._responses = ResponsesAdapter(provider)

    def encode(self, request: Request, *, stream: bool) -> Call:
        """Write a request."""
        return self._of(request).encode(request, stream=stream)

    def decode(self, body: bytes, request: Request) -> Reply:
        """Read an answer in one piece."""
        return self._of(request).decode(body, request)

    def decoder(self, request: Request) -> Decoder:
        """Make what reads the answer's stream."""
        return self._of(request).decoder(request)

    def _of(self, request: Request) -> ChatAdapter | ResponsesAdapter:
        return self._responses if needs_responses(request.model) else self._chat


class ResponsesAdapter:
    """Writes and reads ``/responses``. The server keeps nothing; thoughts come and go back encrypted.

    Args:
        provider: The name of the provider that speaks it.
    """

    def __init__(self, provider: str) -> None:
        self.provider = provider

    def encode(self, request: Request, *, stream: bool) -> Call:
        """Write a request.

        Raises:
            SetupError: It holds sound, or texts that end the answer, which the protocol does not know.
        """
        params = request.params
        if params.stop:
            raise SetupError(f"{request.model} of {self.provider} knows no stop texts; leave them out")
        words = [message.content for message in request.messages if isinstance(message, SystemMessage)]
        payload = _Payload(
            model=request.model,
            input=[item for message in request.messages for item in self._items(message, request.model)],
            instructions="\n\n".join(filter(None, words)) or None,
            stream=stream or None,
            include=None if _PLAIN.search(request.model) else ("reasoning.encrypted_content",),
            temperature=params.temperature,
            top_p=params.top_p,
            max_output_tokens=params.max_tokens,
            tools=[_tool(tool) for tool in request.tools] or None,
            tool_choice=_choice(params.tool_choice) if request.tools else None,
            text=_format(request.response_schema),
            reasoning=_effort(params.reasoning),
        )
        return Call("/responses", body_of(payload, params))

    def decode(self, body: bytes, request: Request) -> Reply:
        """Read an answer in one piece.

        Raises:
            ProviderError: It is an error, or not an answer.
        """
        reader = ResponsesReader(self.provider, request)
        reader.take_whole(body)
        return reader.reply()

    def decoder(self, request: Request) -> Decoder:
        """Make what reads the answer's stream."""
        return StreamDecoder(ResponsesReader(self.provider, request), content=event_of)

    def _items(self, message: Message, model: str) -> list[_Item]:
        match message:
            case SystemMessage():
                return []
            case UserMessage(parts=parts):
                return [{"type": "message", "role": "user", "content": [self._given(part) for part in parts]}]
            case ToolMessage(result=result):
                return [{"type": "function_call_output", "call_id": result.call_id, "output": result.text}]
            case AssistantMessage(parts=parts):
                return [item for part in settled(parts) for item in self._said(part, model)]

    def _given(self, part: UserPart) -> dict[str, Any]:
        match part:
            case TextPart(text=text):
                return {"type": "input_text", "text": text}
            case ImagePart():
                return {"type": "input_image", "image_url": data_url(part)}
            case AudioPart():
                raise SetupError(f"this model of {self.provider} takes no sound; send words or images")

    def _said(self, part: AssistantPart, model: str) -> list[_Item]:
        match part:
            case ReasoningPart(provider_data=data):
                own = data.get(self.provider)
                fits = isinstance(own, dict) and own.get("model") == model and "item" in own
                return [own["item"]] if isinstance(own, dict) and fits else []
            case TextPart(text=text):
                said = {"type": "output_text", "text": text, "annotations": []}
                return [{"type": "message", "role": "assistant", "content": [said]}] if text else []
            case ToolCallPart(id=call, name=name, arguments=arguments):
                return [
                    {"type": "function_call", "call_id": call, "name": name, "arguments": arguments or "{}"}
                ]


def _tool(tool: ToolSpec) -> dict[str, Any]:
    return {
        "type": "function",
        "name": tool.name,
        "description": tool.description,
        "parameters": tool.parameters,
        "strict": is_closed(tool.parameters),
    }


def _choice(choice: str | None) -> str | dict[str, str] | None:
    if choice is None or choice in {"auto", "none", "required"}:
        return choice
    return {"type": "function", "name": choice}


def _format(schema: dict[str, Any] | None) -> dict[str, Any] | None:
    if schema is None:
        return None
    facts = {"type": "json_schema", "name": "answer", "schema": schema, "strict": is_closed(schema)}
    return {"format": facts}


def _effort(reasoning: str | None) -> dict[str, str] | None:
    if reasoning is None:
        return None
    return {"effort": reasoning} if reasoning == "none" else {"effort": reasoning, "summary": "auto"}
