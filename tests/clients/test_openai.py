import json

import pytest
from clients.cutting import TEMPO, asked, assert_same_however_cut, decoded
from hypothesis import given
from hypothesis import strategies as st
from servers.recordings import recorded, recorded_request

from conduit.clients.openai import ChatAdapter, is_closed, model_ids
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

ADAPTER = ChatAdapter("llamacpp")
STREAMS = [
    "llamacpp/chat_stream",
    "llamacpp/chat_tools_stream",
    "ollama/qwen-tools-v1/chat_stream",
    "ollama/qwen-tools-v1/chat_tools_stream",
]
PAIRS = [
    ("llamacpp/chat_tools", "llamacpp/chat_tools_stream"),
    ("ollama/qwen-tools-v1/chat_tools", "ollama/qwen-tools-v1/chat_tools_stream"),
]


def written(request, *, adapter=ADAPTER, stream=False):
    return json.loads(adapter.encode(request, stream=stream).body)


def sse(*chunks, done=True):
    lines = [b"data: " + json.dumps(chunk).encode() for chunk in chunks]
    return b"\n\n".join([*lines, *([b"data: [DONE]"] if done else []), b""])


def chunk(delta=None, *, finish=None, **facts):
    return {"choices": [{"index": 0, "delta": delta or {}, "finish_reason": finish}], "model": "m", **facts}


def read(*chunks, request=None, adapter=ADAPTER, done=True):
    return decoded(adapter, request or asked(tools=(TEMPO,)), sse(*chunks, done=done))[1]


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_tells_the_same_however_it_is_cut(name):
    assert_same_however_cut(ADAPTER, asked(tools=(TEMPO,)), recorded(name).body)


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_that_stops_before_its_reason_is_no_answer(name):
    body = recorded(name).body
    last = max(
        body.rindex(b'"finish_reason":"stop"') if b'"finish_reason":"stop"' in body else 0,
        body.rindex(b'"finish_reason":"length"') if b'"finish_reason":"length"' in body else 0,
        body.rindex(b'"finish_reason":"tool_calls"') if b'"finish_reason":"tool_calls"' in body else 0,
    )
    line_ends = body.index(b"\n", last)

    for place in range(0, last, 7):
        with pytest.raises(ProviderError) as caught:
            decoded(ADAPTER, asked(tools=(TEMPO,)), body[:place])
        assert caught.value.kind is ErrorKind.STREAM_INCOMPLETE
    assert decoded(ADAPTER, asked(tools=(TEMPO,)), body[: line_ends + 1])[1].message.parts


@pytest.mark.parametrize(("whole", "streamed"), PAIRS)
def test_a_call_means_the_same_streamed_and_whole(whole, streamed):
    request = asked(tools=(TEMPO,))
    one = ADAPTER.decode(recorded(whole).body, request)
    many = decoded(ADAPTER, request, recorded(streamed).body)[1]

    calls = [[(c.name, json.loads(c.arguments)) for c in reply.message.tool_calls] for reply in (one, many)]
    assert calls[0] == calls[1] == [("set_tempo", {"bpm": 128})]
    assert one.stop_reason is many.stop_reason is StopReason.TOOL_CALLS


def test_requests_are_written_as_recorded():
    plain = asked(params=GenerationParams(max_tokens=8, temperature=0))
    tool = asked(
        "Set the tempo to 128 bpm using the tool.",
        tools=(TEMPO,),
        params=GenerationParams(max_tokens=60, temperature=0, tool_choice="required"),
    )

    assert written(plain) == json.loads(recorded_request("llamacpp/chat"))
    assert written(plain, stream=True) == json.loads(recorded_request("llamacpp/chat_stream"))
    assert written(tool) == json.loads(recorded_request("llamacpp/chat_tools"))


def test_a_whole_conversation_is_written():
    call = ToolCallPart(id="c1", name="set_tempo", arguments='{"bpm": 1}')
    talk = (
        SystemMessage(content="you compose"),
        UserMessage(
            parts=(
                TextPart(text="look"),
                ImagePart(media_type="image/png", data=b"png"),
                AudioPart(media_type="audio/wav", data=b"wav"),
            )
        ),
        AssistantMessage(parts=(ReasoningPart(text="hm"), TextPart(text="ok"), call)),
        ToolMessage(result=ToolResultPart(call_id="c1", name="set_tempo", text="done")),
        AssistantMessage(parts=(TextPart(text="it is done"),)),
        UserMessage.of("thanks"),
    )

    messages = written(Request(model="m", messages=talk))["messages"]

    assert [message["role"] for message in messages] == [
        "system", "user", "assistant", "tool", "assistant", "user",
    ]  # fmt: skip
    assert [part["type"] for part in messages[1]["content"]] == ["text", "image_url", "input_audio"]
    assert messages[1]["content"][1]["image_url"]["url"] == "data:image/png;base64,cG5n"
    assert messages[1]["content"][2]["input_audio"] == {"data": "d2F2", "format": "wav"}
    assert messages[2]["tool_calls"][0]["function"] == {"name": "set_tempo", "arguments": '{"bpm": 1}'}
    assert "hm" not in json.dumps(messages)
    assert messages[3] == {"role": "tool", "tool_call_id": "c1", "content": "done"}


def test_openai_itself_has_a_newer_name_for_the_limit():
    request = asked(params=GenerationParams(max_tokens=8))

    assert written(request, adapter=ChatAdapter("openai", newest=True))["max_completion_tokens"] == 8
    assert written(request)["max_tokens"] == 8


def test_a_schema_is_strict_only_where_it_lists_everything():
    closed = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    closed["additionalProperties"] = False
    wide = {"type": "object", "properties": {"a": {}}}

    shapes = [written(asked(response_schema=schema))["response_format"] for schema in (closed, wide)]

    assert [shape["json_schema"]["strict"] for shape in shapes] == [True, False]
    assert not is_closed(
        {"type": "object", "properties": {"x": wide}, "required": ["x"], "additionalProperties": False}
    )


def test_extra_parameters_go_along_and_replace_nothing():
    assert written(asked(params=GenerationParams(extra={"top_k": 5})))["top_k"] == 5
    with pytest.raises(SetupError, match="model"):
        written(asked(params=GenerationParams(extra={"model": "other"})))


def test_a_first_piece_of_a_call_may_have_no_arguments():
    reply = read(
        chunk(
            {"tool_calls": [{"index": 0, "id": "c", "type": "function", "function": {"name": "set_tempo"}}]}
        ),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"bpm":'}}]}),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": " 1}"}}]}),
        chunk(finish="tool_calls"),
    )

    assert [(call.id, call.arguments) for call in reply.message.tool_calls] == [("c", '{"bpm": 1}')]


def test_stop_after_a_call_means_that_it_is_to_be_run():
    reply = read(
        chunk(
            {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "set_tempo", "arguments": "{}"}}]}
        ),
        chunk(finish="stop"),
    )

    assert reply.stop_reason is StopReason.TOOL_CALLS


def test_two_calls_at_once_stay_apart():
    reply = read(
        chunk(
            {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "set_tempo", "arguments": "{}"}}]}
        ),
        chunk(
            {"tool_calls": [{"index": 1, "id": "b", "function": {"name": "set_tempo", "arguments": '{"b'}}]}
        ),
        chunk({"tool_calls": [{"index": 1, "function": {"arguments": 'pm":2}'}}]}),
        chunk(finish="tool_calls"),
    )

    assert [(call.id, call.arguments) for call in reply.message.tool_calls] == [
        ("a", "{}"),
        ("b", '{"bpm":2}'),
    ]


def test_a_server_without_a_reason_ends_with_its_count_and_its_last_word():
    usage = {"prompt_tokens": 3, "completion_tokens": 1}
    counted = {"choices": [], "usage": usage}

    assert read(chunk({"content": "hi"}), counted).message.text == "hi"
    for incomplete in ([chunk({"content": "hi"})], [chunk({"content": "hi"}), counted]):
        with pytest.raises(ProviderError) as caught:
            read(*incomplete, done=incomplete[-1] is not counted)
        assert caught.value.kind is ErrorKind.STREAM_INCOMPLETE


def test_a_cut_call_is_an_error_and_never_runs():
    with pytest.raises(ProviderError) as caught:
        read(
            chunk({"content": "now "}),
            chunk(
                {
                    "tool_calls": [
                        {"index": 0, "id": "a", "function": {"name": "set_tempo", "arguments": '{"b'}}
                    ]
                }
            ),
            chunk(finish="length"),
        )

    assert caught.value.kind is ErrorKind.LENGTH
    assert caught.value.partial["parts"][0]["text"] == "now "


def test_a_filtered_answer_is_an_error_that_keeps_what_came():
    with pytest.raises(ProviderError) as caught:
        read(chunk({"content": "well"}), chunk(finish="content_filter"))

    assert caught.value.kind is ErrorKind.CONTENT_FILTER
    assert caught.value.partial["parts"][0]["text"] == "well"


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_thoughts_come_under_two_names(field):
    reply = read(chunk({field: "hm"}), chunk({"content": "yes"}), chunk(finish="stop"))

    assert (reply.message.reasoning, reply.message.text) == ("hm", "yes")


def test_citations_are_kept():
    reply = read(chunk({"content": "x"}, citations=["https://a.example"]), chunk(finish="stop"))
    found = read(
        chunk({"content": "x"}, search_results=[{"url": "https://b.example", "title": "b"}]),
        chunk(finish="stop"),
    )

    assert (reply.citations, found.citations) == (("https://a.example",), ("https://b.example",))


def test_a_signature_of_a_call_goes_back_to_its_own_provider_only():
    gemini = ChatAdapter("gemini")
    signed = {"google": {"thought_signature": "sig"}}
    call = {
        "index": 0,
        "id": "c",
        "function": {"name": "set_tempo", "arguments": "{}"},
        "extra_content": signed,
    }
    message = read(chunk({"tool_calls": [call]}), chunk(finish="stop"), adapter=gemini).message
    result = ToolMessage(result=ToolResultPart(call_id="c", name="set_tempo", text="ok"))
    request = Request(model="m", messages=(UserMessage.of("x"), message, result))

    assert written(request, adapter=gemini)["messages"][1]["tool_calls"][0]["extra_content"] == signed
    assert "extra_content" not in json.dumps(written(request))


def test_tokens_are_counted_with_their_kinds():
    usage = {
        "prompt_tokens": 10,
        "completion_tokens": 8,
        "prompt_tokens_details": {"cached_tokens": 4},
        "completion_tokens_details": {"reasoning_tokens": 3},
    }

    reply = read(chunk({"content": "x"}), chunk(finish="stop"), {"choices": [], "usage": usage})

    assert reply.usage == Usage(input_tokens=10, output_tokens=8, cached_tokens=4, reasoning_tokens=3)


def test_an_error_in_a_stream_is_told_in_kind():
    with pytest.raises(ProviderError) as caught:
        read(chunk({"content": "x"}), {"error": {"message": "busy", "type": "overloaded_error"}})

    assert caught.value.kind is ErrorKind.OVERLOADED


@pytest.mark.parametrize(
    "wrong", [{"choices": [{"delta": {"content": 5}}]}, {"choices": {}}, [], "x"], ids=repr
)
def test_wrong_types_are_a_protocol_error(wrong):
    with pytest.raises(ProviderError) as caught:
        read(wrong)

    assert caught.value.kind is ErrorKind.PROTOCOL


def test_new_fields_of_a_vendor_are_passed_over():
    reply = read(
        chunk({"content": "x", "new": [1]}, timings={"a": 1}, obfuscation="zz"), chunk(finish="stop")
    )

    assert reply.message.text == "x"


@pytest.mark.parametrize("name", ["llamacpp/models", "ollama/qwen-tools-v1/models"])
def test_models_are_listed_as_recorded(name):
    assert model_ids(recorded(name).body, provider="x")


def test_geminis_models_are_named_as_they_are_asked_for():
    assert model_ids(b'{"data": [{"id": "models/gemini-pro"}]}', provider="gemini") == ("gemini-pro",)


@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_any_words_come_through(pieces):
    body = sse(*(chunk({"content": piece}) for piece in pieces), chunk(finish="stop"))

    assert decoded(ADAPTER, asked(), body)[1].message.text == "".join(pieces)


@pytest.mark.parametrize("index", [{"index": 0}, {}], ids=["same place", "no place"])
def test_calls_that_come_whole_at_the_same_place_stay_apart(index):
    calls = [
        {**index, "id": f"c{bar}", "function": {"name": "set_tempo", "arguments": f'{{"bpm":{bar}}}'}}
        for bar in (1, 2)
    ]

    reply = read(*(chunk({"tool_calls": [call]}) for call in calls), chunk(finish="stop"))

    assert [(call.id, call.arguments) for call in reply.message.tool_calls] == [
        ("c1", '{"bpm":1}'),
        ("c2", '{"bpm":2}'),
    ]


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("error", ErrorKind.SERVER),
        ("abort", ErrorKind.SERVER),
        ("MALFORMED_FUNCTION_CALL", ErrorKind.SERVER),
        ("SAFETY", ErrorKind.CONTENT_FILTER),
        ("content_filter: PROHIBITED_CONTENT", ErrorKind.CONTENT_FILTER),
    ],
)
def test_a_failed_answer_is_no_short_success(reason, kind):
    with pytest.raises(ProviderError) as caught:
        read(chunk({"content": "two ba"}), chunk(finish=reason))

    assert caught.value.kind is kind
    assert caught.value.partial["parts"][0]["text"] == "two ba"


def test_an_error_of_a_choice_is_told():
    wrong = {"choices": [{"finish_reason": "error", "error": {"message": "upstream", "code": 503}}]}

    with pytest.raises(ProviderError, match="upstream") as caught:
        ADAPTER.decode(json.dumps(wrong).encode(), asked())

    assert caught.value.kind is ErrorKind.OVERLOADED


def test_what_other_servers_would_refuse_for_ever_is_mended_on_the_way_out():
    long = ToolCallPart(id="chatcmpl-tool-" + "a" * 32, name="set_tempo", arguments='{"bpm": 1')
    result = ToolMessage(result=ToolResultPart(call_id=long.id, name="set_tempo", text="no"))
    talk = (
        UserMessage.of("x"),
        AssistantMessage(parts=(long,)),
        result,
        UserMessage.of("a"),
        UserMessage.of("b"),
    )

    messages = written(Request(model="m", messages=talk))["messages"]

    (call,) = messages[1]["tool_calls"]
    assert call["function"]["arguments"] == "{}"
    assert len(call["id"]) <= 40
    assert messages[2]["tool_call_id"] == call["id"]
    assert [message["role"] for message in messages] == ["user", "assistant", "tool", "user"]


def test_opaque_thoughts_go_back_to_their_own_provider_only():
    router = ChatAdapter("openrouter")
    details = [{"type": "reasoning.encrypted", "data": "SIG"}]
    message = read(
        chunk({"reasoning_details": details}), chunk({"content": "x"}), chunk(finish="stop"), adapter=router
    ).message
    request = Request(model="m", messages=(UserMessage.of("x"), message, UserMessage.of("y")))

    assert written(request, adapter=router)["messages"][1]["reasoning_details"] == details
    assert "SIG" not in json.dumps(written(request))
