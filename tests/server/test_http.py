import asyncio
import json
from contextlib import aclosing, contextmanager

import httpx2
import pytest
from servers.fault import FaultServer, Reply

from conduit.clients import Cut, Place, ScriptedClient
from conduit.clients.remote import RemoteClient
from conduit.errors import AllUnavailable, ConduitError, ContextTooLong, ErrorKind, ProviderError, SetupError
from conduit.loop import LoopThread
from conduit.messages import (
    AssistantMessage,
    MessageEnd,
    ReasoningPart,
    Request,
    TextDelta,
    TextPart,
    ToolCallPart,
    UserMessage,
)
from conduit.server import make_app
from conduit.server.replies import MOST_PIECES
from conduit.server.serve import listen, start
from conduit.studio import Studio

pytestmark = pytest.mark.slow  # over real sockets

TOKEN = "a-token-of-this-test"  # noqa: S105  of a server that lives for one test
SAID = AssistantMessage(
    parts=(
        ReasoningPart(text="hm", provider_data={"scripted": {"signature": "s"}}),
        TextPart(text="here you are"),
        ToolCallPart(id="c1", name="write_clip", arguments='{"clip": "x"}'),
    )
)
REQUEST = Request(model="scripted/script", messages=(UserMessage.of("hello"),))
HEAD = {"Authorization": f"Bearer {TOKEN}"}
BODY = json.dumps(
    {"model": "scripted/script", "messages": [{"role": "user", "parts": [{"type": "text", "text": "hi"}]}]}
)


@pytest.fixture
def serve():
    """Serve a studio with a scripted model on a free port; give its address and the scripted client."""
    open_studios = []

    def begin(*replies, **facts):
        client = ScriptedClient(replies, piece=4, **facts)
        studio = Studio(clients=[client])
        server = studio.call(start(studio, port=0, token=TOKEN))
        open_studios.append((studio, server))
        return server.url, client

    yield begin
    for studio, server in open_studios:
        studio.call(server.close())
        studio.close()


@contextmanager
def served(route):
    """Serve what a function gives for a model's name."""
    loop = LoopThread()
    app = make_app(route, ScriptedClient([]).list_models, token=TOKEN)
    server = loop.submit(listen(app)).result(timeout=20)
    yield server.url
    loop.submit(server.close()).result(timeout=20)
    loop.close()


def asked(url, work, *, token=TOKEN):
    """Run ``work(client)`` with a remote client, and close it."""

    async def run():
        client = RemoteClient(base_url=url, token=token)
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


async def read(client, request=REQUEST):
    async with aclosing(client.stream(request)) as events:
        return [event async for event in events]


def test_a_stream_comes_through_unchanged(serve):
    url, _ = serve(SAID)

    events = asked(url, read)

    assert isinstance(events[-1], MessageEnd)
    assert sum(isinstance(event, MessageEnd) for event in events) == 1
    assert events[-1].response.message == SAID
    assert events[-1].response.metadata.provider == "scripted"
    assert events[-1].response.request == REQUEST
    assert "".join(e.text for e in events if isinstance(e, TextDelta)) == "here you are"


def test_an_answer_in_one_piece_is_the_same(serve):
    url, _ = serve(SAID, SAID)

    whole = asked(url, lambda client: client.complete(REQUEST))
    streamed = asked(url, read)[-1].response

    assert whole.message == streamed.message
    assert whole.metadata.stop_reason == streamed.metadata.stop_reason


def test_the_models_are_listed(serve):
    url, _ = serve()

    assert asked(url, lambda client: client.list_models()) == ("scripted/script", "offline/composer")


ERRORS = [
    ProviderError(
        "slow down", kind=ErrorKind.RATE_LIMIT, provider="x", model="m", status=429, retry_after_s=900.0
    ),
    ContextTooLong("too long", provider="x", model="m", max_tokens=4096, actual_tokens=9000, status=400),
    SetupError("no such thing", valid=["this"]),
]


@pytest.mark.parametrize("way", ["stream", "complete"])
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_comes_back_as_itself(serve, error, way):
    url, _ = serve(error)
    work = read if way == "stream" else (lambda client: client.complete(REQUEST))

    with pytest.raises(type(error)) as caught:
        asked(url, work)

    assert type(caught.value) is type(error)
    assert vars(caught.value) == vars(error)


def test_a_stream_that_breaks_off_is_an_error_with_its_partial(serve):
    broken = ProviderError("gone", kind=ErrorKind.CONTENT_FILTER, provider="scripted")
    url, _ = serve(Cut(SAID, 5, broken))

    with pytest.raises(ProviderError) as caught:
        asked(url, read)

    assert caught.value.kind == ErrorKind.CONTENT_FILTER
    assert caught.value.partial["parts"][0]["text"] == "hm"


def test_nobody_there_lists_the_attempts_over_the_wire(serve):
    wait = ProviderError("wait", kind=ErrorKind.RATE_LIMIT, provider="scripted", retry_after_s=90.0)
    url, _ = serve(wait, place=Place.CLOUD)
    with pytest.raises(ProviderError):
        asked(url, read)

    with pytest.raises(AllUnavailable) as caught:
        asked(url, read)

    assert caught.value.attempts[0]["kind"] == ErrorKind.CIRCUIT_OPEN
    assert caught.value.retry_in_s == pytest.approx(90, abs=5)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": ""}, 401),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example:80"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:8888"}, 200),
        ({}, 200),
    ],
    ids=str,
)
def test_who_asks_is_checked(serve, headers, status):
    url, client = serve("hello")
    head = {"Authorization": f"Bearer {TOKEN}", **headers}

    answer = httpx2.post(f"{url}/v1/complete", content=REQUEST.model_dump_json(), headers=head)

    assert answer.status_code == status
    assert len(client.requests) == (status == 200)


def test_a_wrong_token_is_an_authentication_error(serve):
    url, _ = serve("hello")

    with pytest.raises(ProviderError) as caught:
        asked(url, read, token="wrong")  # noqa: S106

    assert caught.value.kind == ErrorKind.AUTHENTICATION
    assert "wrong" not in repr(caught.value).replace("missing or wrong", "")


@pytest.mark.parametrize("body", [b"", b"nonsense", b"{}", b'{"model": "x", "messages": []}'])
def test_what_is_no_request_is_refused_with_its_place(serve, body):
    url, _ = serve()
    head = {"Authorization": f"Bearer {TOKEN}"}

    answer = httpx2.post(f"{url}/v1/stream", content=body, headers=head)

    assert answer.status_code == 400
    assert "not a request" in json.loads(answer.json()["error"])["message"]


@pytest.mark.parametrize("path", ["/v1/complete", "/v1/stream", "/v1/turn"])
def test_a_model_that_is_not_there_is_named_on_every_way(path):
    def nobody(name):
        raise SetupError(f"there is no model {name!r}", valid=["a", "b"])

    with served(nobody) as url:
        answer = httpx2.post(url + path, content=BODY, headers=HEAD)

    assert answer.status_code == 400
    assert vars(ConduitError.from_json(answer.json()["error"])) == {
        "message": "there is no model 'scripted/script'",
        "valid": ["a", "b"],
    }


MANY = [{"type": "text", "text": "x"}] * MOST_PIECES


@pytest.mark.parametrize(
    "messages",
    [[{"role": "user", "parts": MANY}], [{"role": "user", "parts": MANY[:1]}] * (MOST_PIECES // 2 + 1)],
    ids=["parts", "messages"],
)
@pytest.mark.parametrize("path", ["/v1/complete", "/v1/stream", "/v1/turn", "/v1/turn/1"])
def test_a_question_of_very_many_pieces_is_refused_in_words(serve, path, messages):
    url, client = serve("hello")

    answer = httpx2.post(url + path, json={"model": "script", "messages": messages}, headers=HEAD)

    assert answer.status_code == 400
    assert "at most 20,000; leave the oldest turns out" in answer.text
    assert client.requests == []


def test_a_text_that_speaks_of_very_many_pieces_is_one(serve):
    url, _ = serve("hello")
    text = '{"type": "role"}' * MOST_PIECES
    request = Request(model="scripted/script", messages=(UserMessage.of(text),))

    answer = asked(url, lambda client: client.complete(request))

    assert answer.message.text == "hello"


def test_leaving_a_stream_stops_the_generation(serve):
    url, client = serve(SAID, stall_after=3)

    async def leave(remote):
        async with aclosing(remote.stream(REQUEST)) as events:
            async for _ in events:
                break

    asked(url, leave)

    async def until_closed():
        async with asyncio.timeout(5):
            while not client.closed:  # noqa: ASYNC110  the double counts, it does not call
                await asyncio.sleep(0.01)

    asyncio.run(until_closed())
    assert client.closed == 1


def test_a_port_that_is_taken_is_named(serve):
    url, _ = serve()
    studio = Studio()

    with pytest.raises(SetupError, match=r"port \d+ cannot be had"):
        studio.call(start(studio, port=int(url.rpartition(":")[2]), token=TOKEN))
    studio.close()


def test_leaving_an_answer_in_one_piece_stops_the_generation_too(serve):
    url, client = serve(SAID, stall_after=3)

    async def leave(remote):
        call = asyncio.ensure_future(remote.complete(REQUEST))
        while not client.requests:  # noqa: ASYNC110  the double counts, it does not call
            await asyncio.sleep(0.01)
        call.cancel()
        async with asyncio.timeout(5):
            while not client.closed:  # noqa: ASYNC110  as above
                await asyncio.sleep(0.01)

    asked(url, leave)

    assert client.closed == 1


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"error","error":"{\\"type\\":\\"New\\"}"}',
        b'{"type":"error","error":"{\\"type\\":\\"ProviderError\\"}"}',
        b'{"type":"error"}',
        b'{"type":"error","error":"[]"}',
    ],
)
def test_an_error_of_another_version_is_an_error_all_the_same(line):
    with FaultServer(Reply.ndjson(line + b"\n")) as server, pytest.raises(ProviderError) as caught:
        asked(server.url, read)

    assert caught.value.kind == ErrorKind.PROTOCOL


def test_an_error_that_came_without_a_message_can_be_shown_all_the_same():
    line = b'{"type":"error","error":"{\\"type\\":\\"SetupError\\"}"}\n'
    with FaultServer(Reply.ndjson(line)) as server, pytest.raises(SetupError) as caught:
        asked(server.url, read)

    assert str(caught.value) == caught.value.message == "it failed without a word"


def test_an_error_that_breaks_off_is_a_provider_error():
    cut = Reply(status=500, body=b"x" * 100, cut_after=10, then="reset")
    with FaultServer(cut) as server, pytest.raises(ProviderError):
        asked(server.url, read)


def test_a_way_that_breaks_keeps_what_had_come():
    start = (
        b'{"type":"part_start","index":0,"kind":"text"}\n{"type":"text_delta","index":0,"text":"so far"}\n'
    )
    cut = Reply(body=start + b" " * 50, chunks=16, cut_after=len(start), then="reset")
    with FaultServer(cut) as server, pytest.raises(ProviderError) as caught:
        asked(server.url, read)

    assert caught.value.kind == ErrorKind.STREAM_INCOMPLETE
    assert caught.value.partial["parts"][0]["text"] == "so far"
