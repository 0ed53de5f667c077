import asyncio
import json

import pytest
from clients.cutting import TEMPO, asked, assert_no_reply_before, assert_same_however_cut, decoded
from servers.fault import FaultServer, Reply
from servers.recordings import recorded, replay

from conduit.clients.connect import openai_client
from conduit.clients.responses import OpenAIAdapter, ResponsesAdapter, needs_responses
from conduit.errors import ErrorKind, ProviderError, SetupError
from conduit.messages import (
    AssistantMessage,
    AudioPart,
    GenerationParams,
    ImagePart,
    ReasoningPart,
    Request,
    StopReason,
    SystemMessage,
    TextPart,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    Usage,
    UserMessage,
)

ADAPTER = ResponsesAdapter("openai")
MODEL = "o3-pro"
THOUGHT = {
    "type": "reasoning",
    "id": "rs_1",
    "summary": [{"type": "summary_text", "text": "First."}, {"type": "summary_text", "text": "Then."}],
    "encrypted_content": "sealed",
}
SAID = {
    "type": "message",
    "id": "msg_1",
    "role": "assistant",
    "content": [{"type": "output_text", "text": "Here.", "annotations": []}],
}
CALL = {
    "type": "function_call",
    "id": "fc_1",
    "call_id": "call_1",
    "name": "set_tempo",
    "arguments": '{"bpm":128}',
}
COUNTS = {
    "input_tokens": 10,
    "output_tokens": 8,
    "input_tokens_details": {"cached_tokens": 4},
    "output_tokens_details": {"reasoning_tokens": 5},
}


def body(request, *, stream=False):
    return json.loads(ADAPTER.encode(request, stream=stream).body)


def params(**facts):
    return GenerationParams(**facts)


def whole(*output, status="completed", **facts):
    return {"model": MODEL, "status": status, "output": list(output), "usage": COUNTS, "error": None, **facts}


def events(*output):
    """Write the events that tell of an output piece by piece, as the SDK's types describe them."""
    yield {"type": "response.created", "response": {"model": MODEL, "status": "in_progress", "output": []}}
    for index, item in enumerate(output):
        begun = {**item, "summary": [], "content": [], "arguments": ""}
        yield {"type": "response.output_item.added", "output_index": index, "item": begun}
        for kind, delta, place in pieces(item):
            yield {"type": kind, "output_index": index, "summary_index": place, "delta": delta}
        yield {"type": "response.output_item.done", "output_index": index, "item": item}


def pieces(item):
    match item["type"]:
        case "reasoning":
            for place, part in enumerate(item["summary"]):
                for character in part["text"]:
                    yield "response.reasoning_summary_text.delta", character, place
        case "message":
            yield from (("response.output_text.delta", c, 0) for c in item["content"][0]["text"])
        case "function_call":
            yield from (("response.function_call_arguments.delta", c, 0) for c in item["arguments"])


def stream(*output, end="response.completed", **facts):
    told = [*events(*output), {"type": end, "response": whole(*output, **facts)}]
    return b"".join(b"event: x\ndata: %s\n\n" % json.dumps(event).encode() for event in told)


def test_a_stream_tells_the_same_however_it_is_cut():
    assert_same_however_cut(ADAPTER, asked(model=MODEL, tools=(TEMPO,)), stream(SAID))


def test_a_stream_that_stops_before_its_end_is_no_answer():
    data = stream(CALL)

    assert_no_reply_before(len(data.rstrip()), ADAPTER, asked(tools=(TEMPO,)), data)


def test_streamed_and_whole_answers_are_equal():
    request = asked(model=MODEL, tools=(TEMPO,))
    streamed = decoded(ADAPTER, request, stream(THOUGHT, SAID, CALL))[1]

    assert streamed == ADAPTER.decode(json.dumps(whole(THOUGHT, SAID, CALL)).encode(), request)
    assert streamed.message.reasoning == "First.\n\nThen."
    assert streamed.message.text == "Here."
    assert streamed.message.tool_calls[0].id == "call_1"
    assert streamed.stop_reason is StopReason.TOOL_CALLS
    assert streamed.usage == Usage(input_tokens=10, output_tokens=8, cached_tokens=4, reasoning_tokens=5)


def test_a_stream_of_its_end_alone_is_an_answer():
    end = {"type": "response.completed", "response": whole(SAID)}
    data = b"data: %s\n\ndata: [DONE]\n\n" % json.dumps(end).encode()

    assert decoded(ADAPTER, asked(), data)[1].message.text == "Here."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("llamacpp/responses", "import time\n\ndef say_hello(name):\n"),
        ("ollama/qwen-tools/v1_responses", "# Hi There"),
        ("ollama/qwen-tools-v1/responses", "# Hello! How can I assist you"),
    ],
)
def test_recorded_answers_are_read(name, text):
    reply = ADAPTER.decode(recorded(name).body, asked())

    assert reply.message.text == text
    assert reply.usage.input_tokens == 10
    assert reply.stop_reason is StopReason.STOP


def test_an_answer_at_its_limit_says_so():
    cut = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
    reply = decoded(ADAPTER, asked(), stream(SAID, end="response.incomplete", **cut))[1]

    assert reply.stop_reason is StopReason.LENGTH


def test_a_call_that_was_cut_must_not_run():
    cut = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
    call = {**CALL, "arguments": '{"bpm":1'}
    with pytest.raises(ProviderError) as caught:
        decoded(ADAPTER, asked(tools=(TEMPO,)), stream(call, end="response.incomplete", **cut))

    assert caught.value.kind is ErrorKind.LENGTH


def test_a_filtered_answer_is_an_error_that_keeps_what_came():
    cut = {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}
    with pytest.raises(ProviderError) as caught:
        decoded(ADAPTER, asked(), stream(SAID, end="response.incomplete", **cut))

    assert caught.value.kind is ErrorKind.CONTENT_FILTER
    assert caught.value.partial["parts"][0]["text"] == "Here."


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (
            {
                "type": "response.failed",
                "response": {"status": "failed", "error": {"code": "rate_limit_exceeded", "message": "slow"}},
            },
            ErrorKind.RATE_LIMIT,
        ),
        (
            {
                "type": "response.failed",
                "response": {"status": "failed", "error": {"code": "server_error", "message": "x"}},
            },
            ErrorKind.SERVER,
        ),
        ({"type": "response.failed", "response": {"status": "failed"}}, ErrorKind.SERVER),
        ({"type": "error", "code": "context_length_exceeded", "message": "x"}, ErrorKind.CONTEXT_LENGTH),
        ({"type": "error", "error": {"code": "server_error", "message": "x"}}, ErrorKind.SERVER),
    ],
)
def test_an_error_within_a_stream_is_told_in_kind(event, kind):
    with pytest.raises(ProviderError) as caught:
        ADAPTER.decoder(asked()).feed(b"data: %s\n\n" % json.dumps(event).encode())

    assert caught.value.kind is kind


@pytest.mark.parametrize("data", [b"{}", b"<html>", b"[]", b'{"choices": []}', b'{"output": [{"type": 5}]}'])
def test_what_is_no_answer_is_a_protocol_error(data):
    with pytest.raises(ProviderError) as caught:
        ADAPTER.decode(data, asked())

    assert caught.value.kind is ErrorKind.PROTOCOL


def conversation(model=MODEL):
    thought = ReasoningPart(text="First.", provider_data={"openai": {"model": MODEL, "item": THOUGHT}})
    call = ToolCallPart(id="call_1", name="set_tempo", arguments='{"bpm":128}')
    return Request(
        model=model,
        messages=(
            SystemMessage(content="Be brief."),
            UserMessage(parts=(TextPart(text="Look"), ImagePart(media_type="image/png", data=b"png"))),
            AssistantMessage(parts=(thought, TextPart(text="Yes"), call)),
            ToolMessage(result=ToolResultPart(call_id="call_1", name="set_tempo", text="done")),
        ),
        tools=(TEMPO,),
        response_schema={"type": "object", "properties": {}, "additionalProperties": False},
        params=params(reasoning="low", max_tokens=9, tool_choice="set_tempo"),
    )


def test_a_whole_conversation_is_written():
    assert body(conversation(), stream=True) == {
        "model": MODEL,
        "instructions": "Be brief.",
        "input": [
            {
                "type": "message",
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "Look"},
                    {"type": "input_image", "image_url": "data:image/png;base64,cG5n"},
                ],
            },
            THOUGHT,
            {
                "type": "message",
                "role": "assistant",
                "content": [{"type": "output_text", "text": "Yes", "annotations": []}],
            },
            {"type": "function_call", "call_id": "call_1", "name": "set_tempo", "arguments": '{"bpm":128}'},
            {"type": "function_call_output", "call_id": "call_1", "output": "done"},
        ],
        "stream": True,
        "store": False,
        "include": ["reasoning.encrypted_content"],
        "max_output_tokens": 9,
        "tools": [{"type": "function", "strict": False, **TEMPO.model_dump()}],
        "tool_choice": {"type": "function", "name": "set_tempo"},
        "text": {
            "format": {
                "type": "json_schema",
                "name": "answer",
                "schema": {"type": "object", "properties": {}, "additionalProperties": False},
                "strict": True,
            }
        },
        "reasoning": {"effort": "low", "summary": "auto"},
    }


def test_thoughts_that_led_to_nothing_stay_here():
    thought = ReasoningPart(text="First.", provider_data={"openai": {"model": MODEL, "item": THOUGHT}})
    parts = (thought, TextPart(text="Yes"), thought)
    hi = UserMessage.of("Hi")
    cut = Request(model=MODEL, messages=(hi, AssistantMessage(parts=parts), hi))
    nothing = Request(model=MODEL, messages=(hi, AssistantMessage(parts=(thought,)), hi))

    assert [item["type"] for item in body(cut)["input"]] == ["message", "reasoning", "message", "message"]
    assert [item["role"] for item in body(nothing)["input"]] == ["user", "user"]


@pytest.mark.parametrize(
    ("adapter", "model"),
    [(ADAPTER, "gpt-5-pro"), (ResponsesAdapter("other"), MODEL)],
    ids=["model", "provider"],
)
def test_thoughts_never_go_to_another(adapter, model):
    written = adapter.encode(conversation(model), stream=False).body

    assert b"sealed" not in written
    assert b"rs_1" not in written


@pytest.mark.parametrize(
    "request_",
    [
        Request(model=MODEL, messages=(UserMessage(parts=(AudioPart(media_type="audio/wav", data=b""),)),)),
        asked(model=MODEL, params=params(stop=("END",))),
    ],
    ids=["sound", "stop"],
)
def test_what_the_protocol_does_not_know_is_refused(request_):
    with pytest.raises(SetupError, match="openai"):
        body(request_)


@pytest.mark.parametrize(
    ("model", "needs"),
    [
        ("o1-pro", True),
        ("o1-pro-2025-03-19", True),
        ("o3-pro", True),
        ("gpt-5-pro", True),
        ("gpt-5.2-pro-2025-12-11", True),
        ("gpt-5.1-codex-max", True),
        ("codex-mini-latest", True),
        ("o4-mini-deep-research", True),
        ("computer-use-preview", True),
        ("o1", False),
        ("o3-mini", False),
        ("gpt-4o", False),
        ("gpt-5.1", False),
        ("gpt-6.1-terra", False),
        ("gpt-5-professor", False),
    ],
)
def test_models_that_need_the_responses_protocol(model, needs):
    assert needs_responses(model) is needs


@pytest.mark.parametrize(("model", "path"), [("o3-pro", "/responses"), ("gpt-5.1", "/chat/completions")])
def test_each_model_is_asked_in_the_protocol_it_speaks(model, path):
    assert OpenAIAdapter("openai").encode(asked(model=model), stream=False).path == path


def test_openai_gets_its_key_and_nothing_of_the_environment(monkeypatch):
    for name in ("ADMIN_KEY", "API_KEY", "ORG_ID", "PROJECT_ID"):
        monkeypatch.setenv(f"OPENAI_{name}", "leaked")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Leak: leaked")

    async def ask(url):
        client = openai_client("openai", base_url=f"{url}/v1", api_key="own", newest=True)
        try:
            chat = await client.complete(asked())
            return chat, await client.complete(asked(model=MODEL))
        finally:
            await client.close()

    answer = Reply.json(whole(SAID))
    with FaultServer(replay("llamacpp/chat"), answer) as server:
        chat, said = asyncio.run(ask(server.url))
        requests = server.requests

    assert chat.message.text
    assert said.message.text == "Here."
    assert [request.path for request in requests] == ["/v1/chat/completions", "/v1/responses"]
    for request in requests:
        assert request.headers["authorization"] == "Bearer own"
        assert "leaked" not in str(request.headers)
