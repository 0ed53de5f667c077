"""The protocol: messages, requests, responses, events and conversations. Values only."""

from conduit.messages.branches import Comparison
from conduit.messages.content import (
    AssistantPart,
    AudioPart,
    ImagePart,
    ProviderData,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    UserPart,
)
from conduit.messages.conversation import Conversation, Node
from conduit.messages.events import (
    Event,
    MessageEnd,
    PartEnd,
    PartStart,
    ReasoningDelta,
    Restart,
    TextDelta,
    ToolCallDelta,
)
from conduit.messages.facts import Facts
from conduit.messages.media import audio_part, image_part, media_part
from conduit.messages.message import (
    AssistantMessage,
    Message,
    SystemMessage,
    ToolMessage,
    UserMessage,
    read_message,
)
from conduit.messages.partial import PartialMessage
from conduit.messages.request import GenerationParams, Request, ToolSpec
from conduit.messages.response import Response, ResponseMetadata, StopReason, Usage
from conduit.messages.tokens import estimate_tokens
from conduit.messages.tree import ConversationTree
from conduit.messages.turn import Turn

__all__ = [
    "AssistantMessage",
    "AssistantPart",
    "AudioPart",
    "Comparison",
    "Conversation",
    "ConversationTree",
    "Event",
    "Facts",
    "GenerationParams",
    "ImagePart",
    "Message",
    "MessageEnd",
    "Node",
    "PartEnd",
    "PartStart",
    "PartialMessage",
    "ProviderData",
    "ReasoningDelta",
    "ReasoningPart",
    "Request",
    "Response",
    "ResponseMetadata",
    "Restart",
    "StopReason",
    "SystemMessage",
    "TextDelta",
    "TextPart",
    "ToolCallDelta",
    "ToolCallPart",
    "ToolMessage",
    "ToolResultPart",
    "ToolSpec",
    "Turn",
    "Usage",
    "UserMessage",
    "UserPart",
    "audio_part",
    "estimate_tokens",
    "image_part",
    "media_part",
    "read_message",
]
