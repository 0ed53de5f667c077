import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.messages import (
    AssistantMessage,
    AudioPart,
    ImagePart,
    ReasoningPart,
    Request,
    SystemMessage,
    TextPart,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    ToolSpec,
    UserMessage,
    estimate_tokens,
)
from conduit.messages.tokens import AUDIO_TOKENS, IMAGE_TOKENS, MESSAGE_TOKENS

WORDS = "seven b"
MESSAGES = {
    "system": SystemMessage(content=WORDS),
    "user": UserMessage.of(WORDS),
    "assistant": AssistantMessage(parts=(TextPart(text="seven"), ReasoningPart(text=" b"))),
    "call": AssistantMessage(parts=(ToolCallPart(id="not counted", name="seven", arguments="{}"),)),
    "result": ToolMessage(result=ToolResultPart(call_id="not counted", name="seve", text="n b")),
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_a_message_is_its_words_and_its_borders(message):
    assert estimate_tokens(message) == estimate_tokens(WORDS) + MESSAGE_TOKENS == 2 + MESSAGE_TOKENS


@given(st.text(), st.text())
def test_more_words_are_never_fewer_tokens_and_parts_never_fewer_than_the_whole(one, other):
    whole = estimate_tokens(one + other)

    assert max(estimate_tokens(one), estimate_tokens(other)) <= whole
    assert whole <= estimate_tokens(one) + estimate_tokens(other)


@pytest.mark.parametrize("size", [10, 1_000_000])
def test_pictures_and_sounds_count_a_fixed_number(size):
    image = ImagePart(media_type="image/png", data=bytes(size))
    audio = AudioPart(media_type="audio/wav", data=bytes(size))

    assert estimate_tokens(UserMessage(parts=(image, audio))) == IMAGE_TOKENS + AUDIO_TOKENS + MESSAGE_TOKENS


def test_a_request_counts_its_messages_its_tools_and_its_schema():
    bare = Request(model="m", messages=(MESSAGES["system"], MESSAGES["user"]))
    tool = ToolSpec(name="write_clip", description="writes", parameters={"type": "object"})

    assert estimate_tokens(bare) == sum(map(estimate_tokens, bare.messages))
    assert estimate_tokens(bare.model_copy(update={"tools": (tool,)})) > estimate_tokens(bare) + 10
    assert estimate_tokens(bare.model_copy(update={"response_schema": {"type": "object"}})) > estimate_tokens(
        bare
    )
