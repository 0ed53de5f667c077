import asyncio
import json
from contextlib import aclosing
from dataclasses import replace

import pytest
from clients.cutting import TEMPO, asked, assert_no_reply_before, assert_same_however_cut, decoded
from hypothesis import given
from hypothesis import strategies as st
from servers.fault import FaultServer
from servers.recordings import recorded, recorded_request, replay

from conduit.clients.anthropic import MAX_TOKENS, MessagesAdapter
from conduit.clients.anthropic_limits import is_adaptive
from conduit.clients.connect import anthropic_client
from conduit.errors import ErrorKind, ProviderError, SetupError
from conduit.messages import (
    AssistantMessage,
    AudioPart,
    Conversation,
    GenerationParams,
    ImagePart,
    MessageEnd,
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

ADAPTER = MessagesAdapter("claude")
STREAMS = [
    "llamacpp/messages_stream",
    "llamacpp/messages_tools_stream",
    "ollama/qwen-tools-v1/messages_stream",
    "ollama/qwen-tools-v1/messages_tools_stream",
]
STOP = b'"type":"message_stop"}'


def body(request, adapter=ADAPTER, *, stream=False):
    return json.loads(adapter.encode(request, stream=stream).body)


def params(**facts):
    return GenerationParams(**facts)


def sse(*events):
    return b"".join(b"event: %s\ndata: %s\n\n" % (e["type"].encode(), json.dumps(e).encode()) for e in events)


def block(index, start, *deltas):
    return [
        {"type": "content_block_start", "index": index, "content_block": start},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def stream(*events, stop="end_turn"):
    end = {"type": "message_delta", "delta": {"stop_reason": stop}, "usage": {"output_tokens": 9}}
    start = {"type": "message_start", "message": {"model": "m", "usage": {"input_tokens": 3}}}
    return sse(start, *events, end, {"type": "message_stop"})


def result(call_id, text="done", **facts):
    return ToolMessage(result=ToolResultPart(call_id=call_id, name="set_tempo", text=text, **facts))


THOUGHT = block(
    0,
    {"type": "thinking", "thinking": ""},
    {"type": "thinking_delta", "thinking": "Let me "},
    {"type": "thinking_delta", "thinking": "think."},
    {"type": "signature_delta", "signature": "sig"},
)
HIDDEN = block(1, {"type": "redacted_thinking", "data": "secret"})
CALL = block(
    2,
    {"type": "tool_use", "id": "t1", "name": "set_tempo", "input": {}},
    {"type": "input_json_delta", "partial_json": '{"bpm"'},
    {"type": "input_json_delta", "partial_json": ": 128}"},
)


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_tells_the_same_however_it_is_cut(name):
    assert_same_however_cut(ADAPTER, asked(tools=(TEMPO,)), recorded(name).body)


def test_a_stream_with_thoughts_tells_the_same_however_it_is_cut():
    assert_same_however_cut(ADAPTER, asked(tools=(TEMPO,)), stream(*THOUGHT, *HIDDEN, *CALL, stop="tool_use"))


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_that_stops_before_its_end_is_no_answer(name):
    data = recorded(name).body

    assert_no_reply_before(data.index(STOP) + len(STOP), ADAPTER, asked(tools=(TEMPO,)), data)


@pytest.mark.parametrize("server", ["llamacpp", "ollama/qwen-tools-v1"])
def test_a_call_means_the_same_streamed_and_whole(server):
    request = asked(tools=(TEMPO,))
    streamed = decoded(ADAPTER, request, recorded(f"{server}/messages_tools_stream").body)[1]
    whole = ADAPTER.decode(recorded(f"{server}/messages_tools").body, request)

    assert [json.loads(call.arguments) for call in streamed.message.tool_calls] == [{"bpm": 128}]
    assert [json.loads(call.arguments) for call in whole.message.tool_calls] == [{"bpm": 128}]
    assert streamed.stop_reason == whole.stop_reason == StopReason.TOOL_CALLS
    assert streamed.usage == whole.usage


def test_an_answer_in_one_piece_is_read_with_its_cached_tokens():
    reply = ADAPTER.decode(recorded("llamacpp/messages").body, asked())

    assert reply.message.text == 'import sys\n\nsys.stdout.write("Hello'
    assert reply.stop_reason is StopReason.LENGTH
    assert reply.usage == Usage(input_tokens=10, output_tokens=8, cached_tokens=9)
    assert reply.model == "qwen0.5b"


def test_counts_are_the_last_of_each_kind():
    first = {"input_tokens": 3, "cache_read_input_tokens": 5, "cache_creation_input_tokens": 7}
    start = {"type": "message_start", "message": {"model": "m", "usage": {**first, "output_tokens": 1}}}
    end = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}}
    reply = decoded(ADAPTER, asked(), sse(start, {"type": "ping"}, end, {"type": "message_stop"}))[1]

    assert reply.usage == Usage(input_tokens=15, output_tokens=9, cached_tokens=5, cache_write_tokens=7)


@pytest.mark.parametrize(
    ("reason", "stop"),
    [
        ("end_turn", StopReason.STOP),
        ("stop_sequence", StopReason.STOP),
        ("pause_turn", StopReason.STOP),
        ("something_new", StopReason.STOP),
        ("max_tokens", StopReason.LENGTH),
        ("model_context_window_exceeded", StopReason.LENGTH),
    ],
)
def test_why_an_answer_ended(reason, stop):
    text = block(0, {"type": "text", "text": "Hi"})

    assert decoded(ADAPTER, asked(), stream(*text, stop=reason))[1].stop_reason is stop


def test_a_refusal_is_an_error_that_keeps_what_came():
    text = block(0, {"type": "text", "text": ""}, {"type": "text_delta", "text": "Well"})
    with pytest.raises(ProviderError) as caught:
        decoded(ADAPTER, asked(), stream(*text, stop="refusal"))

    assert caught.value.kind is ErrorKind.CONTENT_FILTER
    assert caught.value.partial["parts"][0]["text"] == "Well"


def test_a_call_that_was_cut_must_not_run():
    cut = {"type": "tool_use", "id": "t", "name": "set_tempo", "input": {}}
    answer = {"model": "m", "content": [cut], "stop_reason": "max_tokens"}
    with pytest.raises(ProviderError) as caught:
        ADAPTER.decode(json.dumps(answer).encode(), asked(tools=(TEMPO,)))

    assert caught.value.kind is ErrorKind.LENGTH


def test_a_call_without_arguments_before_a_cut_text_is_whole():
    call = {"type": "tool_use", "id": "t", "name": "set_tempo", "input": {}}
    answer = {"content": [call, {"type": "text", "text": "and no"}], "stop_reason": "max_tokens"}
    reply = ADAPTER.decode(json.dumps(answer).encode(), asked(tools=(TEMPO,)))

    assert reply.message.tool_calls[0].arguments == "{}"


def test_arguments_that_stand_at_a_calls_start_are_taken():
    call = block(0, {"type": "tool_use", "id": "t", "name": "set_tempo", "input": {"bpm": 90}})
    reply = decoded(ADAPTER, asked(tools=(TEMPO,)), stream(*call, stop="tool_use"))[1]

    assert reply.message.tool_calls[0].arguments == '{"bpm": 90}'


def test_what_a_server_does_by_itself_is_no_call():
    search = block(0, {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}})

    assert decoded(ADAPTER, asked(tools=(TEMPO,)), stream(*search))[1].message.parts == ()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"type": "overloaded_error", "message": "Overloaded"}, ErrorKind.OVERLOADED),
        ({"type": "rate_limit_error", "message": "slow down"}, ErrorKind.RATE_LIMIT),
        ({"type": "api_error", "message": "boom"}, ErrorKind.SERVER),
        (None, ErrorKind.SERVER),
    ],
)
def test_an_error_within_a_stream_keeps_what_came_with_it(error, kind):
    text = block(0, {"type": "text", "text": ""}, {"type": "text_delta", "text": "So far"})
    data = sse(*text, {"type": "error", "error": error})
    with pytest.raises(ProviderError) as caught:
        ADAPTER.decoder(asked()).feed(data)

    assert caught.value.kind is kind
    assert caught.value.partial["parts"][0]["text"] == "So far"


@pytest.mark.parametrize("data", [b"{}", b"<html>", b"[]", b'{"choices": []}', b'{"content": "x"}', b"null"])
def test_what_is_no_message_is_a_protocol_error(data):
    with pytest.raises(ProviderError) as caught:
        ADAPTER.decode(data, asked())

    assert caught.value.kind is ErrorKind.PROTOCOL


def test_requests_are_written_as_recorded():
    plain = asked(params=params(max_tokens=8))
    tools = asked(
        "Set the tempo to 128 bpm using the tool.",
        tools=(TEMPO,),
        params=params(max_tokens=60, tool_choice="required"),
    )

    assert body(plain) == json.loads(recorded_request("llamacpp/messages"))
    assert body(plain, stream=True) == json.loads(recorded_request("llamacpp/messages_stream"))
    assert body(tools) == json.loads(recorded_request("llamacpp/messages_tools"))
    assert body(tools, stream=True) == json.loads(recorded_request("llamacpp/messages_tools_stream"))


def test_a_whole_conversation_is_written():
    image = ImagePart(media_type="image/png", data=b"png")
    called = AssistantMessage(
        parts=(
            TextPart(text="I will."),
            ToolCallPart(id="functions.a:0", name="set_tempo", arguments='{"bpm":128}'),
            ToolCallPart(id="b", name="set_tempo", arguments='{"bpm":'),
        )
    )
    request = Request(
        model="m",
        messages=(
            SystemMessage(content="Be brief."),
            UserMessage(parts=(TextPart(text="Look"), image)),
            called,
            result("functions.a:0"),
            result("b", "no JSON", is_error=True),
            UserMessage.of("Go on"),
        ),
    )

    assert body(request) == {
        "model": "m",
        "max_tokens": MAX_TOKENS,
        "system": "Be brief.",
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Look"},
                    {
                        "type": "image",
                        "source": {"type": "base64", "media_type": "image/png", "data": "cG5n"},
                    },
                ],
            },
            {
                "role": "assistant",
                "content": [
                    {"type": "text", "text": "I will."},
                    {"type": "tool_use", "id": "functions_a_0", "name": "set_tempo", "input": {"bpm": 128}},
                    {"type": "tool_use", "id": "b", "name": "set_tempo", "input": {}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "functions_a_0", "content": "done"},
                    {"type": "tool_result", "tool_use_id": "b", "content": "no JSON", "is_error": True},
                    {"type": "text", "text": "Go on"},
                ],
            },
        ],
    }


def test_sound_is_refused_with_words():
    with pytest.raises(SetupError, match="claude takes no sound"):
        body(
            Request(model="m", messages=(UserMessage(parts=(AudioPart(media_type="audio/wav", data=b""),)),))
        )


@pytest.mark.parametrize(
    ("choice", "written"),
    [
        ("auto", {"type": "auto"}),
        ("none", {"type": "none"}),
        ("required", {"type": "any"}),
        ("set_tempo", {"type": "tool", "name": "set_tempo"}),
    ],
)
def test_the_choice_of_a_tool_is_written(choice, written):
    assert body(asked(tools=(TEMPO,), params=params(tool_choice=choice)))["tool_choice"] == written


def test_a_schema_is_written():
    schema = {"type": "object"}

    assert body(asked(response_schema=schema))["output_config"] == {
        "format": {"type": "json_schema", "schema": schema}
    }


@pytest.mark.parametrize(("effort", "tokens"), [("low", 2048), ("medium", 8192), ("high", 16384)])
def test_thinking_has_room_beside_the_answer(effort, tokens):
    written = body(asked(params=params(reasoning=effort, max_tokens=100, temperature=0.5)))

    assert written["thinking"] == {"type": "enabled", "budget_tokens": tokens}
    assert written["max_tokens"] > tokens
    assert "temperature" not in written


@pytest.mark.parametrize(
    "facts",
    [
        {"params": params()},
        {"params": params(reasoning="none")},
        {"params": params(reasoning="high", tool_choice="required"), "tools": (TEMPO,)},
    ],
)
def test_there_is_no_thinking_unless_asked_for_and_allowed(facts):
    assert "thinking" not in body(asked(**facts))


def test_only_anthropic_itself_is_told_what_to_cache():
    request = Request(
        model="m", messages=(SystemMessage(content="Long."), UserMessage.of("Hi")), tools=(TEMPO, TEMPO)
    )
    kept = {"type": "ephemeral"}
    cloud = body(request, MessagesAdapter("anthropic", caches=True))

    assert cloud["system"] == [{"type": "text", "text": "Long.", "cache_control": kept}]
    assert [tool.get("cache_control") for tool in cloud["tools"]] == [None, kept]
    assert b"cache_control" not in ADAPTER.encode(request, stream=True).body


CLOUD = MessagesAdapter("anthropic", caches=True)
NEW = "claude-sonnet-5-5"


@pytest.mark.parametrize(("effort", "written"), [("none", "low"), ("low", "low"), ("high", "high")])
def test_a_new_model_of_anthropics_gets_effort_and_nothing_to_sample_with(effort, written):
    facts = body(asked(model=NEW, params=params(reasoning=effort, temperature=0.5, top_p=0.5)), CLOUD)

    assert facts["output_config"] == {"effort": written}
    assert facts.get("thinking") == (None if effort == "none" else {"type": "adaptive"})
    assert not {"temperature", "top_p"} & set(facts)


def test_a_new_model_that_must_call_is_not_told_to_think():
    forced = asked(model=NEW, tools=(TEMPO,), params=params(reasoning="high", tool_choice="required"))

    assert "thinking" not in body(forced, CLOUD)


def test_a_new_model_without_a_wish_for_thoughts_samples_as_it_likes():
    facts = body(asked(model=NEW, params=params(temperature=0.5)), CLOUD)

    assert set(facts) == {"model", "max_tokens", "messages"}


@pytest.mark.parametrize(
    ("adapter", "model"),
    [(CLOUD, "claude-sonnet-4-5-20250929"), (CLOUD, "claude-opus-4-6"), (ADAPTER, NEW)],
    ids=["old", "last old", "other server"],
)
def test_old_models_and_other_servers_get_a_budget_and_a_temperature(adapter, model):
    thinking = body(asked(model=model, params=params(reasoning="low")), adapter)
    plain = body(asked(model=model, params=params(temperature=0.5)), adapter)

    assert thinking["thinking"] == {"type": "enabled", "budget_tokens": 2048}
    assert "output_config" not in thinking
    assert plain["temperature"] == 0.5


@pytest.mark.parametrize(
    ("model", "adaptive"),
    [
        ("claude-3-7-sonnet-20250219", False),
        ("claude-haiku-4-5-20251001", False),
        ("claude-opus-4-20250514", False),
        ("claude-sonnet-4-6", False),
        ("claude-opus-4-7", True),
        ("claude-mythos-preview", True),
        ("claude-haiku-5-5", True),
    ],
)
def test_the_models_that_decide_how_long_they_think(model, adaptive):
    assert is_adaptive(model) is adaptive


NOTE = {"type": "integer", "minimum": 0, "maximum": 127}
NOTES = {
    "type": "object",
    "$defs": {"minimum": {"type": "object", "properties": {"pitch": {"description": "MIDI", **NOTE}}}},
    "properties": {
        "maximum": {"type": "array", "items": {"$ref": "#/$defs/minimum", "title": "x"}, "maxItems": 8},
        "key": {"oneOf": [NOTE, {"type": ["object", "null"], "additionalProperties": True}], "minItems": 1},
        "mode": {"enum": ["major", "minor"], "default": "major"},
    },
    "required": ["maximum"],
}


def test_anthropic_gets_the_bounds_of_a_schema_in_words():
    schema = body(asked(model=NEW, response_schema=NOTES), CLOUD)["output_config"]["format"]["schema"]

    bounds = "{minimum: 0, maximum: 127}"
    pitch = {"type": "integer", "description": f"MIDI\n\n{bounds}"}
    whole = {"type": "integer", "description": bounds}
    closed = {"additionalProperties": False}
    assert schema == {
        "type": "object",
        "$defs": {"minimum": {"type": "object", "properties": {"pitch": pitch}, **closed}},
        "properties": {
            "maximum": {
                "type": "array",
                "items": {"$ref": "#/$defs/minimum"},
                "description": "{maxItems: 8}",
            },
            "key": {"anyOf": [whole, {"type": ["object", "null"], **closed}], "minItems": 1},
            "mode": {"enum": ["major", "minor"], "description": '{default: "major"}'},
        },
        "required": ["maximum"],
        **closed,
    }


def test_other_servers_get_a_schema_as_it_is():
    assert body(asked(response_schema=NOTES))["output_config"]["format"]["schema"] == NOTES


def thoughtful():
    reply = decoded(ADAPTER, asked(tools=(TEMPO,)), stream(*THOUGHT, *HIDDEN, *CALL, stop="tool_use"))[1]
    return (UserMessage.of("Think"), reply.message, result("t1"))


def test_thoughts_go_back_whole_to_their_own_model():
    request = Request(model="qwen0.5b", messages=thoughtful(), params=params(reasoning="low"))
    written = body(request)

    assert written["messages"][1]["content"][:2] == [
        {"type": "thinking", "thinking": "Let me think.", "signature": "sig"},
        {"type": "redacted_thinking", "data": "secret"},
    ]
    assert "thinking" in written


@pytest.mark.parametrize(
    ("adapter", "model"),
    [(ADAPTER, "another"), (MessagesAdapter("other"), "qwen0.5b")],
    ids=["model", "provider"],
)
def test_thoughts_never_go_to_another(adapter, model):
    request = Request(model=model, messages=thoughtful(), params=params(reasoning="low"))
    written = adapter.encode(request, stream=False).body

    assert b"sig" not in written
    assert b"secret" not in written
    assert b'"thinking"' not in written


def test_another_providers_data_never_goes_out():
    data = {"openai": {"item": {"type": "reasoning", "id": "hidden"}, "model": "m", "signature": "hidden"}}
    parts = (
        ReasoningPart(text="hidden", provider_data=data),
        TextPart(text="Hi", provider_data=data),
        ToolCallPart(id="c", name="set_tempo", provider_data=data),
    )
    messages = (UserMessage.of("Hi"), AssistantMessage(parts=parts), result("c"))

    assert b"hidden" not in ADAPTER.encode(Request(model="m", messages=messages), stream=False).body


def test_thoughts_that_led_to_nothing_stay_here():
    data = {"claude": {"model": "m", "signature": "sig"}}
    thought = ReasoningPart(text="Hm.", provider_data=data)
    parts = (thought, TextPart(text="Well"), thought, TextPart(text=" "), thought)
    messages = (UserMessage.of("Hi"), AssistantMessage(parts=parts), UserMessage.of("Go on"))
    said = body(Request(model="m", messages=messages))["messages"][1]["content"]

    assert [block["type"] for block in said] == ["thinking", "text"]


def test_an_answer_of_nothing_but_thoughts_leaves_one_turn_of_the_person():
    thought = ReasoningPart(text="Hm.", provider_data={"claude": {"model": "m", "signature": "sig"}})
    messages = (UserMessage.of("Hi"), AssistantMessage(parts=(thought,)), UserMessage.of("Go on"))

    assert [turn["role"] for turn in body(Request(model="m", messages=messages))["messages"]] == ["user"]


def test_words_that_were_held_back_do_not_cut_a_thought_in_two():
    words = block(0, {"type": "text", "text": ""}, {"type": "text_delta", "text": "See ``"})
    thought = [{**event, "index": 1} for event in THOUGHT]
    message = decoded(ADAPTER, asked(tools=(TEMPO,)), stream(*words, *thought))[1].message

    assert message.text == "See ``"
    kept = [part.provider_data["claude"] for part in message.parts if isinstance(part, ReasoningPart)]
    assert kept == [{"model": "qwen0.5b", "signature": "sig"}]


@pytest.mark.parametrize(("choice", "calls"), [("auto", 1), ("none", 0)])
def test_a_printed_call_is_words_where_calls_are_forbidden(choice, calls):
    printed = '{"name": "set_tempo", "arguments": {"bpm": 1}}'
    request = asked(tools=(TEMPO,), params=params(tool_choice=choice))
    message = decoded(ADAPTER, request, stream(*block(0, {"type": "text", "text": printed})))[1].message

    assert len(message.tool_calls) == calls
    assert message.text == ("" if calls else printed)


TEXTS = st.text(max_size=8)
CALLS = st.lists(
    st.one_of(st.just('{"bpm": 1}'), TEXTS, st.just('{"a": "\\ud800"}'), st.just("[NaN]")), max_size=3
)


@st.composite
def conversations(draw):
    talk = Conversation()
    if draw(st.booleans()):
        talk = talk.add(SystemMessage(content=draw(TEXTS)))
    for turn in range(draw(st.integers(1, 4))):
        talk = talk.add(UserMessage.of(*draw(st.lists(TEXTS, min_size=1, max_size=2))))
        if draw(st.booleans()):
            calls = draw(CALLS)
            parts = [TextPart(text=text) for text in draw(st.lists(TEXTS, max_size=2))]
            parts += [
                ToolCallPart(id=f"c{turn}.{n}", name="set_tempo", arguments=text)
                for n, text in enumerate(calls)
            ]
            talk = talk.add(AssistantMessage(parts=tuple(parts)))
            talk = talk.closed(draw(TEXTS)) if draw(st.booleans()) else answered(talk)
    if not isinstance(talk.tail, UserMessage | ToolMessage):
        talk = talk.add(UserMessage.of(draw(TEXTS)))
    return talk


def answered(talk):
    for call in reversed(talk.open_calls):
        talk = talk.add(result(call.id))
    return talk


@given(conversations())
def test_any_conversation_is_written_in_turns_that_answer_their_calls(talk):
    turns = body(Request(model="m", messages=talk.messages))["messages"]

    assert [turn["role"] for turn in turns] == [("user", "assistant")[n % 2] for n in range(len(turns))]
    assert turns[-1]["role"] == "user"
    assert all(turn["content"] for turn in turns)
    for before, after in zip(turns[1::2], turns[2::2], strict=True):
        calls = [b["id"] for b in before["content"] if isinstance(b, dict) and b["type"] == "tool_use"]
        kinds = [b["type"] for b in after["content"] if isinstance(b, dict)]
        assert kinds[: len(calls)] == ["tool_result"] * len(calls)
        assert "tool_result" not in kinds[len(calls) :]


def test_a_server_gets_both_forms_of_the_key_and_nothing_of_the_environment(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "X-Leak: secret\nAuthorization: Bearer other")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "other")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "other")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")

    async def ask(url):
        client = anthropic_client("claude", base_url=url, api_key="own")
        try:
            async with aclosing(client.stream(asked())) as events:
                return [event async for event in events][-1], await client.list_models()
        finally:
            await client.close()

    with FaultServer(replay("llamacpp/messages_stream"), replay("llamacpp/models")) as server:
        end, models = asyncio.run(ask(server.url))
        chat, listing = server.requests

    assert isinstance(end, MessageEnd)
    assert end.response.message.text == "# Hello! How can I assist you"
    assert models == ("qwen0.5b",)
    assert (chat.path, listing.path) == ("/v1/messages", "/v1/models")
    assert chat.headers["x-api-key"] == "own"
    assert chat.headers["authorization"] == "Bearer own"
    assert "anthropic-version" in chat.headers
    assert "x-leak" not in chat.headers


def test_a_connection_that_breaks_keeps_what_came():
    async def ask(url):
        client = anthropic_client("claude", base_url=url)
        try:
            async with aclosing(client.stream(asked())) as events:
                async for _ in events:
                    pass
        finally:
            await client.close()

    cut = replace(replay("llamacpp/messages_stream"), cut_after=900, then="close")
    with FaultServer(cut) as server, pytest.raises(ProviderError) as caught:
        asyncio.run(ask(server.url))

    assert caught.value.kind is ErrorKind.STREAM_INCOMPLETE
    assert caught.value.partial["parts"][0]["text"].startswith("#")


def test_a_connection_that_was_closed_after_an_answer_does_not_cost_the_next_one():
    async def ask(url):
        client = anthropic_client("claude", base_url=url)
        try:
            return [(await client.complete(asked())).message.text for _ in range(4)]
        finally:
            await client.close()

    answer = replace(replay("llamacpp/messages"), then="close")  # as llama.cpp does after streams
    with FaultServer(*[answer] * 4) as server:
        texts = asyncio.run(ask(server.url))

    assert len(texts) == len(server.requests) == 4
