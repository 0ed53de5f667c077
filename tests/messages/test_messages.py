import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from conduit.messages import (
    AssistantMessage,
    AudioPart,
    GenerationParams,
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
    read_message,
)

MESSAGES = [
    SystemMessage(content="you compose"),
    UserMessage.of("bass", "<brief>{}</brief>"),
    UserMessage(parts=(ImagePart(media_type="image/png", data=b"\x89PNG\xff"), TextPart(text="this"))),
    UserMessage(parts=(AudioPart(media_type="audio/wav", data=b"RIFF"),)),
    AssistantMessage(
        parts=(
            ReasoningPart(text="hm", provider_data={"signature": "s"}),
            TextPart(text="here"),
            ToolCallPart(id="c1", name="write_clip", arguments='{"clip": "x"}'),
        )
    ),
    ToolMessage(result=ToolResultPart(call_id="c1", name="write_clip", text="ok")),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.role)
def test_a_message_goes_through_json_unchanged(message):
    assert read_message(message.model_dump_json()) == message


@given(st.text(), st.binary())
def test_any_text_and_bytes_go_through_json_unchanged(text, data):
    message = UserMessage(parts=(TextPart(text=text), ImagePart(media_type="image/png", data=data)))

    assert read_message(message.model_dump_json()) == message


@pytest.mark.parametrize("data", ['{"role": "robot"}', '{"role": "user", "parts": []}', "{}", "nonsense"])
def test_what_is_none_of_the_four_is_refused(data):
    with pytest.raises(ValueError, match="validation error"):
        read_message(data)


def test_a_message_cannot_be_changed():
    with pytest.raises(ValidationError):
        MESSAGES[0].content = "else"


def test_an_assistant_message_keeps_the_order_of_its_parts_and_shows_each_kind():
    message = MESSAGES[4]

    assert message.text == "here"
    assert message.reasoning == "hm"
    assert [call.name for call in message.tool_calls] == ["write_clip"]


def _request(**changes):
    facts = {
        "model": "composer",
        "messages": tuple(MESSAGES[:2]),
        "params": GenerationParams(seed=1),
        "tools": (ToolSpec(name="t", description="d", parameters={"type": "object"}),),
    }
    return Request(**{**facts, **changes})


def test_equal_requests_have_equal_hashes_also_after_json():
    again = Request.model_validate_json(_request().model_dump_json())

    assert again == _request()
    assert again.hash == _request().hash


@pytest.mark.parametrize(
    "change",
    [
        {"model": "other"},
        {"params": GenerationParams(seed=2)},
        {"tools": ()},
        {"response_schema": {"type": "object"}},
        {"messages": tuple(MESSAGES[:3])},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_part_of_a_request_is_in_its_hash(change):
    assert _request(**change).hash != _request().hash


def test_the_hash_is_the_blake2b_of_the_canonical_json():
    canonical = json.dumps(_request().model_dump(mode="json"), sort_keys=True, separators=(",", ":"))

    assert _request().hash == "b2:" + hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()
