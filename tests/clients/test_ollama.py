import asyncio
import json
from contextlib import aclosing
from dataclasses import replace

import pytest
from clients.cutting import TEMPO, asked, assert_no_reply_before, assert_same_however_cut, decoded
from hypothesis import given
from hypothesis import strategies as st
from servers.fake_ollama import fake_ollama
from servers.fault import FaultServer, Reply
from servers.recordings import recorded, recorded_request, replay
from servers.streams import ollama_answer, ollama_stream

from conduit.clients import Capabilities, Place
from conduit.clients.connect import connect, ollama_client
from conduit.clients.ollama_adapter import OllamaAdapter, room
from conduit.clients.presets import PRESETS
from conduit.errors import ContextTooLong, ErrorKind, ProviderError, SetupError
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
    UserMessage,
)

ADAPTER = OllamaAdapter("ollama")
HERE = "ollama/qwen-tools"
STREAMS = [f"{HERE}/chat_stream", f"{HERE}/chat_tools_stream"]
LONG = "A bar of four quarter notes, each an octave apart. "
"""About eleven tokens."""


def body(request, adapter=ADAPTER, *, stream=False):
    return json.loads(adapter.encode(request, stream=stream).body)


def params(**facts):
    return GenerationParams(**facts)


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_tells_the_same_however_it_is_cut(name):
    assert_same_however_cut(ADAPTER, asked(tools=(TEMPO,)), recorded(name).body)


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_that_stops_before_its_end_is_no_answer(name):
    data = recorded(name).body

    assert_no_reply_before(len(data.rstrip()), ADAPTER, asked(tools=(TEMPO,)), data)


def test_a_call_means_the_same_streamed_and_whole():
    request = asked(tools=(TEMPO,))
    streamed = decoded(ADAPTER, request, recorded(f"{HERE}/chat_tools_stream").body)[1]
    whole = ADAPTER.decode(recorded(f"{HERE}/chat_tools").body, request)

    for reply in (streamed, whole):
        assert [(call.name, call.arguments) for call in reply.message.tool_calls] == [
            ("set_tempo", '{"bpm": 128}')
        ]
        assert reply.stop_reason is StopReason.TOOL_CALLS
        assert reply.usage.input_tokens == 90
        assert reply.usage.output_tokens == 21


def test_an_answer_in_one_piece_is_read():
    reply = ADAPTER.decode(recorded(f"{HERE}/chat").body, asked())

    assert reply.message.text == "# Hi! How can I assist you"
    assert reply.stop_reason is StopReason.LENGTH
    assert reply.model == "qwen-tools"


def test_calls_that_every_line_numbers_anew_stay_apart():
    line = {
        "message": {"tool_calls": [{"function": {"index": 0, "name": "set_tempo", "arguments": {"bpm": 1}}}]}
    }
    end = {"done": True, "done_reason": "stop"}
    data = b"".join(json.dumps(part).encode() + b"\n" for part in (line, line, end))
    calls = decoded(ADAPTER, asked(tools=(TEMPO,)), data)[1].message.tool_calls

    assert len(calls) == len({call.id for call in calls}) == 2


def test_thinking_is_reasoning_and_comes_first():
    reply = decoded(ADAPTER, asked(), ollama_stream("Hi", thinking="Hm."))[1]

    assert reply.message.reasoning == "Hm."
    assert reply.message.text == "Hi"
    assert isinstance(reply.message.parts[0], ReasoningPart)


def test_a_model_that_was_only_loaded_is_no_answer():
    with pytest.raises(ProviderError, match="only loaded") as caught:
        ADAPTER.decode(recorded(f"{HERE}/chat_no_messages_load").body, asked())

    assert caught.value.kind is ErrorKind.PROTOCOL


def test_an_error_line_keeps_what_came():
    with pytest.raises(ProviderError, match="ran out") as caught:
        ADAPTER.decoder(asked()).feed(ollama_stream("So far", error="the model ran out"))

    assert caught.value.kind is ErrorKind.SERVER
    assert caught.value.partial["parts"][0]["text"] == "So far"


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"<html>", b'{"done": "yes"}', b'{"message": "x"}'])
def test_what_is_no_answer_is_a_protocol_error(data):
    with pytest.raises(ProviderError) as caught:
        ADAPTER.decode(data, asked())

    assert caught.value.kind is ErrorKind.PROTOCOL


@pytest.mark.parametrize("server", ["qwen-tools", "smollm2"])
@pytest.mark.parametrize("characters_a_token", [3, 4, 6])
def test_a_prompt_that_was_cut_in_silence_is_found_out(server, characters_a_token):
    request = asked("x" * (12_010 * characters_a_token))
    with pytest.raises(ContextTooLong, match="read only 20") as caught:
        ADAPTER.decode(recorded(f"ollama/{server}/chat_overflow").body, request)

    assert caught.value.actual_tokens > 12_000
    assert caught.value.max_tokens == ADAPTER.window(request)


@given(st.integers(0, 2000), st.integers(1, 4096))
def test_a_short_prompt_is_never_taken_for_a_cut_one(n_words, count):
    answer = {"message": {"content": "Hi"}, "done": True, "done_reason": "stop", "prompt_eval_count": count}

    assert ADAPTER.decode(json.dumps(answer).encode(), asked("do " * n_words)).message.text == "Hi"


@given(st.integers(0, 40_000), st.floats(1.5, 8))
def test_a_prompt_that_was_read_whole_is_never_taken_for_a_cut_one(n_bytes, bytes_a_token):
    answer = {
        "message": {"content": "Hi"},
        "done": True,
        "prompt_eval_count": 1 + int(n_bytes / bytes_a_token),
    }

    assert ADAPTER.decode(json.dumps(answer).encode(), asked("x" * n_bytes)).message.text == "Hi"


@given(st.integers(0, 300_000), st.integers(1, 40_000), st.integers(2048, 200_000), st.integers(0, 70_000))
def test_the_window_holds_prompt_and_answer_or_all_that_the_model_can_read(sent, answer, most, least):
    window = room(sent, asked(params=params(max_tokens=answer)), most=most, least=least)

    assert window == most or (window >= sent // 3 + answer and window >= max(least, 4096))
    assert window in {most, least} or window.bit_count() == 1


def test_requests_are_written_as_recorded_with_room_and_without_leave_to_cut():
    options = params(max_tokens=8, temperature=0)
    tools = asked(
        "Set the tempo to 128",
        model="qwen-tools",
        tools=(TEMPO.model_copy(update={"description": "d"}),),
        params=params(max_tokens=48, temperature=0),
    )
    schema = {"type": "object", "properties": {"bpm": {"type": "integer"}}, "required": ["bpm"]}
    answer = asked(
        "tempo as JSON",
        model="qwen-tools",
        response_schema=schema,
        params=params(max_tokens=24, temperature=0),
    )

    for request, name in (
        (asked(model="qwen-tools", params=options), "chat"),
        (tools, "chat_tools"),
        (answer, "chat_format_schema_stream"),
    ):
        expected = json.loads(recorded_request(f"{HERE}/{name}"))
        written = body(request, stream=expected.get("stream", True))
        assert written.pop("truncate") is False
        assert written["options"].pop("num_ctx") == 4096
        assert written == {"stream": True, **expected}


def test_a_whole_conversation_is_written():
    image = ImagePart(media_type="image/png", data=b"png")
    call = ToolCallPart(id="c", name="set_tempo", arguments='{"bpm":128}')
    request = Request(
        model="m",
        messages=(
            SystemMessage(content="Be brief."),
            UserMessage(parts=(TextPart(text="Look"), image)),
            AssistantMessage(parts=(ReasoningPart(text="Hm"), TextPart(text="Yes"), call)),
            ToolMessage(result=ToolResultPart(call_id="c", name="set_tempo", text="done")),
        ),
    )

    assert body(request)["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Look", "images": ["cG5n"]},
        {
            "role": "assistant",
            "content": "Yes",
            "tool_calls": [{"id": "c", "function": {"name": "set_tempo", "arguments": {"bpm": 128}}}],
        },
        {"role": "tool", "content": "done", "tool_name": "set_tempo", "tool_call_id": "c"},
    ]


def test_another_providers_data_never_goes_out():
    data = {"anthropic": {"signature": "hidden"}, "ollama": {"signature": "hidden"}}
    parts = (
        ReasoningPart(text="hidden", provider_data=data),
        TextPart(text="Hi", provider_data=data),
        ToolCallPart(id="c", name="set_tempo", provider_data=data),
    )
    result = ToolMessage(result=ToolResultPart(call_id="c", name="set_tempo", text="done"))
    messages = (UserMessage.of("Hi"), AssistantMessage(parts=parts), result)

    assert b"hidden" not in ADAPTER.encode(Request(model="m", messages=messages), stream=False).body


def test_sound_is_refused_with_words():
    with pytest.raises(SetupError, match="ollama takes no sound"):
        body(
            Request(model="m", messages=(UserMessage(parts=(AudioPart(media_type="audio/wav", data=b""),)),))
        )


@pytest.mark.parametrize(("choice", "names"), [(None, 2), ("required", 2), ("none", 0), ("play", 1)])
def test_tools_that_must_not_be_called_are_kept_from_the_model(choice, names):
    play = TEMPO.model_copy(update={"name": "play"})
    written = body(asked(tools=(TEMPO, play), params=params(tool_choice=choice)))

    assert len(written.get("tools", [])) == names


@pytest.mark.parametrize(
    ("model", "effort", "think"),
    [
        ("qwen3", None, None),
        ("qwen3", "none", False),
        ("qwen3", "high", True),
        ("gpt-oss:20b", "low", "low"),
    ],
)
def test_thinking_is_asked_for_only_where_the_request_says_so(model, effort, think):
    assert body(asked(model=model, params=params(reasoning=effort))).get("think") == think


def test_options_are_written_by_ollamas_names():
    options = body(asked(params=params(top_p=0.5, seed=7, stop=("END",), max_tokens=9)))["options"]

    assert options == {"num_ctx": 4096, "num_predict": 9, "top_p": 0.5, "seed": 7, "stop": ["END"]}


def test_extra_parameters_stand_where_ollama_reads_them():
    extra = {"top_k": 40, "keep_alive": "5m", "options": {"min_p": 0.1, "new_option": 1}}
    written = body(asked(params=params(extra=extra)))

    assert written["options"] == {"num_ctx": 4096, "top_k": 40, "min_p": 0.1, "new_option": 1}
    assert written["keep_alive"] == "5m"
    assert "top_k" not in written


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"seed": 1}, "cannot replace seed"),
        ({"options": {"num_ctx": 1}}, "cannot replace num_ctx"),
        ({"options": 1}, "options has to be a dict"),
        ({"stream": True}, "cannot replace stream"),
    ],
)
def test_extra_parameters_that_cannot_be_sent_are_refused(extra, words):
    with pytest.raises(SetupError, match=words):
        body(asked(params=params(seed=7, extra=extra)))


def asking(url, act, **facts):
    """Let an act have a client, and close it."""

    async def run():
        client = ollama_client(base_url=url, **facts)
        try:
            return await act(client)
        finally:
            await client.close()

    return asyncio.run(run())


async def told(client, request):
    async with aclosing(client.stream(request)) as events:
        return [event async for event in events]


def test_streamed_and_whole_answers_are_equal():
    async def both(client):
        request = asked(model="qwen-tools", tools=(TEMPO,))
        return (await told(client, request))[-1].response, await client.complete(request)

    with fake_ollama() as server:
        streamed, whole = asking(server.url, both)

    assert streamed.message.tool_calls[0].arguments == whole.message.tool_calls[0].arguments == '{"bpm": 128}'
    assert streamed.metadata.stop_reason is StopReason.TOOL_CALLS
    assert streamed.metadata.usage == whole.metadata.usage


def test_a_model_is_asked_about_once_and_its_window_never_shrinks():
    async def ask(client):
        await client.complete(asked(LONG * 200, model="qwen-tools"))
        await client.complete(asked(model="qwen-tools"))
        return await client.capabilities("qwen-tools")

    with fake_ollama() as server:
        can = asking(server.url, ask)
        paths = [request.path for request in server.requests]
        windows = [r.json()["options"]["num_ctx"] for r in server.requests if r.path == "/api/chat"]

    assert paths == ["/api/show", "/api/chat", "/api/chat"]
    assert windows == [8192, 8192]
    assert can == Capabilities(tools=True, images=False, schema=True)


def test_a_window_is_as_large_as_the_model_reads_and_what_is_longer_is_an_error():
    with fake_ollama() as server, pytest.raises(ContextTooLong) as caught:
        asking(server.url, lambda client: client.complete(asked(LONG * 900, model="smollm2:135m")))

    assert server.requests[-1].json()["options"]["num_ctx"] == 8192
    assert caught.value.max_tokens == 8192
    assert caught.value.actual_tokens > 8192


def test_the_window_a_models_maker_chose_is_kept():
    show = {"model_info": {"x.context_length": 65536}, "parameters": 'stop  "<x>"\nnum_ctx    32768'}
    with FaultServer(Reply.json(show), Reply(body=ollama_answer("Hi"))) as server:
        asking(server.url, lambda client: client.complete(asked()))
        window = server.requests[1].json()["options"]["num_ctx"]

    assert window == 32768


def test_a_server_that_does_not_tell_about_models_is_still_asked():
    with FaultServer(Reply(status=404), Reply(body=ollama_answer("Hi"))) as server:
        response = asking(server.url, lambda client: client.complete(asked()))

    assert response.message.text == "Hi"


def test_the_models_that_can_answer_are_listed():
    with fake_ollama(extra={"embedder": ["embedding"]}) as server:
        models = asking(server.url, lambda client: client.list_models())

    assert models == ("qwen-tools:latest", "qwen2.5-coder:0.5b", "smollm2:135m")


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("chat_missing_model", ErrorKind.NOT_FOUND, "'nope' not found"),
        ("chat_think_unsupported", ErrorKind.BAD_REQUEST, "does not support thinking"),
        ("chat_bad_json", ErrorKind.BAD_REQUEST, "unexpected EOF"),
        ("chat_overflow_notrunc", ErrorKind.CONTEXT_LENGTH, "12009 tokens"),
    ],
)
@pytest.mark.parametrize("stream", [True, False])
def test_recorded_errors_are_told_in_kind_and_words(name, kind, words, stream):
    async def ask(client):
        return await (told(client, asked()) if stream else client.complete(asked()))

    show = Reply.json({})
    with (
        FaultServer(show, replay(f"{HERE}/{name}")) as server,
        pytest.raises(ProviderError, match=words) as caught,
    ):
        asking(server.url, ask)

    assert caught.value.kind is kind
    assert caught.value.model == "qwen0.5b"


def test_the_sizes_of_a_nested_error_are_read():
    reply = replay(f"{HERE}/chat_overflow_notrunc")
    with FaultServer(Reply.json({}), reply) as server, pytest.raises(ContextTooLong) as caught:
        asking(server.url, lambda client: client.complete(asked()))

    assert (caught.value.max_tokens, caught.value.actual_tokens) == (4096, 12009)


@pytest.mark.parametrize("then", ["end", "close", "reset"])
def test_a_stream_that_breaks_is_incomplete_and_keeps_what_came(then):
    cut = replace(replay(f"{HERE}/chat_stream"), cut_after=400, then=then)
    with FaultServer(Reply.json({}), cut) as server, pytest.raises(ProviderError) as caught:
        asking(server.url, lambda client: told(client, asked()))

    assert caught.value.kind is ErrorKind.STREAM_INCOMPLETE
    assert caught.value.partial["parts"][0]["text"].startswith("#")


def test_nobody_there_is_a_network_error():
    with FaultServer() as server:
        url = server.url
    with pytest.raises(ProviderError, match="cannot be reached") as caught:
        asking(url, lambda client: told(client, asked()))

    assert caught.value.kind is ErrorKind.NETWORK


def test_leaving_a_stream_stops_the_server():
    async def leave(client):
        async with aclosing(client.stream(asked())) as events:
            async for _ in events:
                break

    slow = replace(replay(f"{HERE}/chat_stream"), cut_after=400, then="stall")
    with FaultServer(Reply.json({}), slow) as server:
        asking(server.url, leave)
        gone = server.disconnects.wait()

    assert gone


def test_nothing_of_the_environment_goes_out(monkeypatch):
    monkeypatch.setenv("OLLAMA_API_KEY", "other")
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    async def ask(client):
        return await client.list_models()

    with fake_ollama() as server:
        asking(server.url, ask)
        asking(server.url, ask, api_key="own")
        without, with_key = (request.headers for request in server.requests)

    assert "authorization" not in without
    assert with_key["authorization"] == "Bearer own"


def test_every_preset_makes_a_client_of_its_name_and_place():
    for preset in PRESETS.values():
        client = connect(preset, api_key="key")
        place = Place.CLOUD if preset.protocol == "remote" else preset.place  # it may ask anybody
        assert (client.provider, client.place, client.models) == (preset.name, place, preset.models)
        assert isinstance(client.place, Place)
        assert "key" not in repr(client)
