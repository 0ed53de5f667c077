"""What every provider keeps to, whatever it speaks: over real sockets, waited for and awaited."""

import asyncio
import json
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from servers import streams
from servers.fault import FaultServer, Reply

from conduit.clients import BlockingClient
from conduit.clients.connect import anthropic_client, ollama_client, openai_client
from conduit.clients.remote import RemoteClient
from conduit.errors import ErrorKind, ProviderError
from conduit.loop import LoopThread
from conduit.messages import (
    AssistantMessage,
    GenerationParams,
    MessageEnd,
    PartialMessage,
    Request,
    StopReason,
    TextDelta,
    ToolSpec,
    UserMessage,
)
from conduit.server.http import make_app
from conduit.server.serve import listen

pytestmark = pytest.mark.slow

KEY = "sk-planted-key-of-this-test"
TOKEN = "a-token-of-this-test"  # noqa: S105  of a server that lives for one test
TEXT = "A bass line, in A minor."
CALL = ("set_tempo", '{"bpm":128}')
TOOL = ToolSpec(
    name="set_tempo",
    description="Set the tempo.",
    parameters={"type": "object", "properties": {"bpm": {"type": "integer"}}, "required": ["bpm"]},
)
ASKED = Request(model="m", messages=(UserMessage.of("hello"),), params=GenerationParams(max_tokens=100))
WITH_TOOL = ASKED.model_copy(update={"tools": (TOOL,)})


@dataclass(frozen=True)
class Wire:
    """How one provider looks on the wire."""

    name: str
    connect: Any
    stream: Any
    answer: Any
    reply: Any
    models: bytes
    errors: Any


def openai_error(kind, text):
    return {"error": {"message": text, "type": kind, "code": None}}


def anthropic_error(kind, text):
    return {"type": "error", "error": {"type": kind, "message": text}, "request_id": "req_1"}


def ollama_error(_, text):
    return {"error": text}


MODELS = json.dumps({"object": "list", "data": [{"id": "m"}, {"id": "n"}]}).encode()
WIRES = {
    "openai": Wire(
        "openai",
        lambda url: openai_client("openai", base_url=f"{url}/v1", api_key=KEY),
        streams.openai_stream,
        streams.openai_answer,
        Reply.sse,
        MODELS,
        openai_error,
    ),
    "anthropic": Wire(
        "anthropic",
        lambda url: anthropic_client("anthropic", base_url=url, api_key=KEY),
        streams.anthropic_stream,
        streams.anthropic_answer,
        Reply.sse,
        MODELS,
        anthropic_error,
    ),
    "ollama": Wire(
        "ollama",
        lambda url: ollama_client("ollama", base_url=url, api_key=KEY),
        streams.ollama_stream,
        streams.ollama_answer,
        Reply.ndjson,
        json.dumps({"models": [{"name": "m", "model": "m"}, {"name": "n", "model": "n"}]}).encode(),
        ollama_error,
    ),
}
WIRES["remote"] = Wire(
    "openai",
    WIRES["openai"].connect,
    streams.openai_stream,
    streams.openai_answer,
    Reply.sse,
    MODELS,
    openai_error,
)


class Awaited:
    """Calls a client as asynchronous code does."""

    def __init__(self, client, loop):
        self.client, self.loop = client, loop

    def stream(self, request, events):
        async def read():
            async with aclosing(self.client.stream(request)) as stream:
                async for event in stream:
                    events.append(event)

        self.loop.submit(read()).result(timeout=20)

    def first(self, request):
        async def read():
            async with aclosing(self.client.stream(request)) as stream:
                return await anext(stream)

        return self.loop.submit(read()).result(timeout=20)

    def complete(self, request):
        return self.loop.submit(self.client.complete(request)).result(timeout=20)

    def list_models(self):
        return self.loop.submit(self.client.list_models()).result(timeout=20)


class Waited:
    """Calls a client as code that waits does."""

    def __init__(self, client, loop):
        self.client = BlockingClient(client, loop=loop)

    def stream(self, request, events):
        with self.client.stream(request) as stream:
            events.extend(stream)

    def first(self, request):
        with self.client.stream(request) as stream:
            return next(stream)

    def complete(self, request):
        return self.client.complete(request)

    def list_models(self):
        return self.client.list_models()


@pytest.fixture(scope="module")
def loop():
    thread = LoopThread()
    yield thread
    thread.close()


@pytest.fixture(params=list(WIRES))
def wire(request):
    return WIRES[request.param], request.param == "remote"


@pytest.fixture(params=[Awaited, Waited], ids=["async", "sync"])
def connected(request, wire, loop):
    """Give ``connected(url)``, a context of the client for a server at that address."""
    facts, remote = wire

    @contextmanager
    def connect(url):
        client = facts.connect(url)
        closing = [client]
        serving = None
        if remote:
            app = make_app(lambda _: client, client.list_models, token=TOKEN)
            serving = loop.submit(listen(app)).result(timeout=20)
            far = RemoteClient(base_url=serving.url, token=TOKEN)
            closing.insert(0, far)
        try:
            yield request.param(closing[0], loop)
        finally:
            for one in closing:
                loop.submit(one.close()).result(timeout=20)
            if serving is not None:
                loop.submit(serving.close()).result(timeout=20)

    return connect


SHOWN = {
    "capabilities": ["completion", "tools"],
    "model_info": {"general.architecture": "x", "x.context_length": 8192},
}


def serving(*replies):
    """Start a server that plays these replies; what Ollama's client asks beside the answer is answered too."""
    waiting = list(replies)

    def answer(question):
        return Reply.json(SHOWN) if question.path == "/api/show" else waiting.pop(0)

    return FaultServer(answer=answer)


def asked(caller, request=ASKED):
    """Read a stream to its end; give its events and its error."""
    events = []
    try:
        caller.stream(request, events)
    except ProviderError as error:
        return events, error
    return events, None


def seen(events):
    partial = PartialMessage()
    for event in events:
        partial.feed(event)
    return partial.message()


def test_words_come_piece_by_piece_and_end_once(connected, wire):
    with serving(wire[0].reply(wire[0].stream(TEXT, pieces=5))) as server, connected(server.url) as caller:
        events, error = asked(caller)

    assert error is None
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == TEXT
    assert [isinstance(event, MessageEnd) for event in events].index(True) == len(events) - 1
    response = events[-1].response
    assert response.message.text == TEXT
    assert seen(events) == response.message
    assert response.request == ASKED
    assert response.metadata.stop_reason is StopReason.STOP
    assert (response.metadata.usage.input_tokens, response.metadata.usage.output_tokens) == (10, 8)
    assert response.metadata.first_token_s <= response.metadata.duration_s


def test_a_tool_call_comes_whole_with_its_arguments(connected, wire):
    reply = wire[0].reply(wire[0].stream("I will.", tool=CALL, pieces=4))
    with serving(reply) as server, connected(server.url) as caller:
        events, error = asked(caller, WITH_TOOL)

    assert error is None
    (call,) = events[-1].response.message.tool_calls
    assert (call.name, json.loads(call.arguments)) == (CALL[0], json.loads(CALL[1]))
    assert call.id
    assert events[-1].response.metadata.stop_reason is StopReason.TOOL_CALLS
    assert seen(events) == events[-1].response.message


@pytest.mark.parametrize("facts", [{}, {"tool": CALL}], ids=["words", "tool"])
def test_one_piece_and_a_stream_give_the_same_answer(connected, wire, facts):
    one = Reply(body=wire[0].answer(TEXT, **facts))
    many = wire[0].reply(wire[0].stream(TEXT, **facts))
    with serving(one, many) as server, connected(server.url) as caller:
        response = caller.complete(WITH_TOOL)
        events, _ = asked(caller, WITH_TOOL)

    streamed = events[-1].response
    assert response.message.text == streamed.message.text == TEXT
    assert [(c.name, json.loads(c.arguments)) for c in response.message.tool_calls] == [
        (c.name, json.loads(c.arguments)) for c in streamed.message.tool_calls
    ]
    assert response.metadata.stop_reason == streamed.metadata.stop_reason
    assert response.metadata.usage.output_tokens == streamed.metadata.usage.output_tokens


@pytest.mark.parametrize("then", ["close", "reset", "end"])
def test_a_stream_that_is_cut_is_an_error_with_what_had_come(connected, wire, then):
    whole = wire[0].stream(TEXT, tool=CALL, pieces=3)
    terminal = len(whole) - len(_tail(wire[0].name, whole))
    cuts = [1, *range(terminal // 9, terminal, terminal // 9)]
    headers = wire[0].reply(b"").headers
    replies = [Reply(headers=headers, body=whole, chunks=64, cut_after=cut, then=then) for cut in cuts]
    with serving(*replies) as server, connected(server.url) as caller:
        outcomes = [asked(caller, WITH_TOOL) for _ in cuts]

    for events, error in outcomes:
        assert error is not None
        assert error.kind in {ErrorKind.STREAM_INCOMPLETE, ErrorKind.NETWORK}
        assert not any(isinstance(event, MessageEnd) for event in events)
        partial = AssistantMessage.model_validate(error.partial) if error.partial else AssistantMessage()
        assert TEXT.startswith(partial.text)
        assert seen(events).text == partial.text


def _tail(name, whole):
    """Give the part of a stream from its provider's terminal event on."""
    marks = {"openai": b'data: {"choices":[{"finish_reason":"', "anthropic": b"event: message_stop"}
    return whole[whole.rindex(marks.get(name, b'{"model"')) :]


STATUSES = [
    (401, "authentication_error", "bad key", {}, ErrorKind.AUTHENTICATION),
    (403, "permission_error", "not yours", {}, ErrorKind.AUTHENTICATION),
    (404, "not_found_error", "model 'm' not found", {}, ErrorKind.NOT_FOUND),
    (400, "invalid_request_error", "no such parameter", {}, ErrorKind.BAD_REQUEST),
    (413, "request_too_large", "too large", {}, ErrorKind.TOO_LARGE),
    (422, "invalid_request_error", "no", {}, ErrorKind.BAD_REQUEST),
    (429, "rate_limit_error", "slow down", {"retry-after": "7"}, ErrorKind.RATE_LIMIT),
    (500, "api_error", "oops", {}, ErrorKind.SERVER),
    (503, "overloaded_error", "busy", {}, ErrorKind.OVERLOADED),
    (529, "overloaded_error", "busy", {}, ErrorKind.OVERLOADED),
]


@pytest.mark.parametrize("case", STATUSES, ids=lambda case: str(case[0]))
def test_an_error_answer_is_an_error_of_its_kind(connected, wire, case):
    status, word, text, headers, kind = case
    body = json.dumps(wire[0].errors(word, text)).encode()
    reply = Reply(status=status, headers={"x-request-id": "req_7", **headers}, body=body)
    with serving(reply, reply) as server, connected(server.url) as caller:
        _, error = asked(caller)
        with pytest.raises(ProviderError) as caught:
            caller.complete(ASKED)

    for found in (error, caught.value):
        assert found.kind == kind
        assert (found.status, found.provider, found.model) == (status, wire[0].name, "m")
        assert found.retry_after_s == (7.0 if headers else None)
        assert text in found.message


def test_a_server_that_is_not_there_is_a_network_error(connected):
    with FaultServer() as server:
        url = server.url

    with connected(url) as caller:
        events, error = asked(caller)

    assert events == []
    assert error.kind == ErrorKind.NETWORK


@pytest.mark.parametrize("body", [b"<html>hello</html>", b"{}", b'{"choices": 5}', b"\xff\xfe\x00"], ids=repr)
def test_what_is_no_answer_is_never_taken_for_one(connected, wire, body):
    with serving(Reply(body=body), wire[0].reply(body)) as server, connected(server.url) as caller:
        with pytest.raises(ProviderError) as caught:
            caller.complete(ASKED)
        events, error = asked(caller)

    assert caught.value.kind in {ErrorKind.PROTOCOL, ErrorKind.STREAM_INCOMPLETE}
    assert error.kind in {ErrorKind.PROTOCOL, ErrorKind.STREAM_INCOMPLETE}
    assert events == []


def test_leaving_a_stream_stops_the_generation(connected, wire):
    whole = wire[0].stream(TEXT, pieces=5)
    cut = Reply(
        headers=wire[0].reply(b"").headers, body=whole, chunks=64, cut_after=len(whole) // 2, then="stall"
    )
    with serving(cut) as server, connected(server.url) as caller:
        caller.first(ASKED)

        assert server.disconnects.wait(timeout_s=5)


def test_the_models_are_listed(connected, wire):
    with (
        FaultServer(answer=lambda _: Reply(body=wire[0].models)) as server,
        connected(server.url) as caller,
    ):
        assert caller.list_models() == ("m", "n")


def test_a_key_that_a_server_echoes_is_not_shown(connected, wire):
    body = json.dumps(wire[0].errors("authentication_error", f"wrong key {KEY}")).encode()
    with serving(Reply(status=401, body=body)) as server, connected(server.url) as caller:
        _, error = asked(caller)

    assert any(KEY in value for value in server.requests[0].headers.values())
    assert KEY not in error.message + error.to_json() + repr(error) + repr(caller.client)


def test_many_are_answered_at_once(connected, wire):
    with serving(*[wire[0].reply(wire[0].stream(TEXT))] * 12) as server:
        with connected(server.url) as caller:
            texts = asyncio.run(_at_once(caller))

        assert texts == [TEXT] * 12


async def _at_once(caller):
    def one():
        return asked(caller)[0][-1].response.message.text

    return await asyncio.gather(*(asyncio.to_thread(one) for _ in range(12)))
