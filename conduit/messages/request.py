"""What is asked of a model, as one value that can be hashed, stored and sent."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from pydantic import Field

from conduit.messages.content import Value
from conduit.messages.message import Message

__all__ = ["GenerationParams", "Request", "ToolSpec"]


class GenerationParams(Value):
    """How to generate. None leaves a choice to the provider.

    Attributes:
        temperature: 0-2.
        top_p: 0-1.
        max_tokens: Longest answer, in tokens.
        stop: Texts that end the answer.
        seed: For providers that can repeat an answer.
        tool_choice: Whether to call a tool: ``auto``, ``none``, ``required``, or the name of one.
        reasoning: How much to think first, where the model can.
        extra: Parameters of one provider, passed as they are.
    """

    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1)
    stop: tuple[str, ...] = ()
    seed: int | None = None
    tool_choice: str | None = None
    reasoning: Literal["none", "low", "medium", "high"] | None = None
    extra: dict[str, Any] = Field(default_factory=dict)


class ToolSpec(Value):
    """A tool as a model is told of it.

    Attributes:
        name: What the model calls it by.
        description: When and how to use it.
        parameters: JSON schema of its arguments, an object.
    """

    name: str
    description: str
    parameters: dict[str, Any]


class Request(Value):
    """One question to a model.

    Attributes:
        model: The provider's own name of the model; ``provider/model`` where a router decides who is asked.
        messages: The conversation so far; the last is a user or tool message.
        params: How to generate.
        tools: What the model may call.
        response_schema: JSON schema the answer has to fit, if any.
    """

    model: str
    messages: tuple[Message, ...] = Field(min_length=1)
    params: GenerationParams = GenerationParams()
    tools: tuple[ToolSpec, ...] = ()
    response_schema: dict[str, Any] | None = None

    @property
    def hash(self) -> str:
        """Hash of the whole content, the same on every machine; equal requests have equal hashes."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return "b2:" + hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()
