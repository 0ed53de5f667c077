"""Parts of messages: what a user or a model can put into a turn, in order."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "AssistantPart",
    "AudioPart",
    "ImagePart",
    "ProviderData",
    "ReasoningPart",
    "TextPart",
    "ToolCallPart",
    "ToolResultPart",
    "UserPart",
    "Value",
]


class Value(BaseModel):
    """A frozen pydantic model that refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")


ProviderData = dict[str, Any]
"""What providers want back unchanged, such as signatures, by the name of the provider; none sees another's."""


class TextPart(Value):
    """Words.

    Attributes:
        text: The words.
        provider_data: What its own provider wants back unchanged.
    """

    type: Literal["text"] = "text"
    text: str
    provider_data: ProviderData = Field(default_factory=dict)


class ImagePart(Value):
    """A picture, as the bytes of its file.

    Attributes:
        media_type: Such as ``image/png``.
        data: The file's bytes; base64 in JSON.
    """

    type: Literal["image"] = "image"
    media_type: str
    data: bytes = Field(repr=False)


class AudioPart(Value):
    """A sound, as the bytes of its file.

    Attributes:
        media_type: Such as ``audio/wav``.
        data: The file's bytes; base64 in JSON.
    """

    type: Literal["audio"] = "audio"
    media_type: str
    data: bytes = Field(repr=False)


class ReasoningPart(Value):
    """What a model thought before it answered.

    Attributes:
        text: The thought, which may be empty where a provider hides it.
        provider_data: What its own provider wants back unchanged.
    """

    type: Literal["reasoning"] = "reasoning"
    text: str = ""
    provider_data: ProviderData = Field(default_factory=dict)


class ToolCallPart(Value):
    """A model asks for a tool.

    Attributes:
        id: Ties the result to the call.
        name: The tool's name.
        arguments: The raw JSON text as the model wrote it; it is read when the tool is run.
        provider_data: What its own provider wants back unchanged.
    """

    type: Literal["tool_call"] = "tool_call"
    id: str
    name: str
    arguments: str = "{}"
    provider_data: ProviderData = Field(default_factory=dict)


class ToolResultPart(Value):
    """What a tool answered.

    Attributes:
        call_id: The ``id`` of the call it answers.
        name: The tool's name.
        text: The answer, for the model to read.
        is_error: Whether the tool failed or was refused.
    """

    type: Literal["tool_result"] = "tool_result"
    call_id: str
    name: str
    text: str
    is_error: bool = False


UserPart = Annotated[TextPart | ImagePart | AudioPart, Field(discriminator="type")]
AssistantPart = Annotated[TextPart | ReasoningPart | ToolCallPart, Field(discriminator="type")]
