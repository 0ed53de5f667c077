"""How many tokens something will be, before anyone has counted them.

Each provider counts with a tokenizer of its own. The estimate is of the right size for prose and code of all of
them, a little high for English, low for dense scripts; what a provider counts stands in ``Usage``.
"""

from __future__ import annotations

import json

from conduit.messages.content import TextPart, UserPart
from conduit.messages.message import AssistantMessage, Message, SystemMessage, ToolMessage, UserMessage
from conduit.messages.request import Request

__all__ = ["AUDIO_TOKENS", "IMAGE_TOKENS", "MESSAGE_TOKENS", "estimate_tokens"]

BYTES_A_TOKEN = 3.5
"""Bytes of UTF-8. English prose has about 4 a token, JSON and notation about 3."""
MESSAGE_TOKENS = 4
"""What stands around each message: its role and its borders."""
IMAGE_TOKENS = 1024
"""A picture, of any size: providers scale to 500-1600."""
AUDIO_TOKENS = 1024
"""A sound, of any length: 10-32 tokens a second, so about a minute."""


def estimate_tokens(given: str | Message | Request) -> int:
    """Estimate the tokens of a text, of a message with its borders, or of a request with its tools and schema.

    Images and sounds count a fixed number each, whatever their size.

    >>> from conduit.messages import UserMessage
    >>> estimate_tokens("a bass line in A minor"), estimate_tokens(UserMessage.of("a bass line in A minor"))
    (7, 11)
    """
    if isinstance(given, str):
        return -int(-len(given.encode(errors="replace")) // BYTES_A_TOKEN)
    if isinstance(given, Request):
        offered = sum(estimate_tokens(tool.model_dump_json()) for tool in given.tools)
        schema = 0 if given.response_schema is None else estimate_tokens(json.dumps(given.response_schema))
        return offered + schema + sum(map(estimate_tokens, given.messages))
    return MESSAGE_TOKENS + _content(given)


def _content(message: Message) -> int:
    match message:
        case SystemMessage(content=text):
            return estimate_tokens(text)
        case ToolMessage(result=result):
            return estimate_tokens(result.name + result.text)
        case UserMessage(parts=parts):
            return sum(map(_part, parts))
        case AssistantMessage():
            calls = "".join(call.name + call.arguments for call in message.tool_calls)
            return estimate_tokens(message.reasoning + message.text + calls)


def _part(part: UserPart) -> int:
    if isinstance(part, TextPart):
        return estimate_tokens(part.text)
    return IMAGE_TOKENS if part.type == "image" else AUDIO_TOKENS
