"""The test servers do what the tests believe of them."""

import asyncio
import threading
import time
from contextlib import closing
from dataclasses import replace

import anthropic
import httpx2
import openai
import pytest
from servers.fault import FaultServer, Reply
from servers.llamacpp import llama_server
from servers.recordings import recorded
from servers.streams import openai_stream

pytestmark = pytest.mark.slow  # over real sockets

CHAT = {"model": "smollm2", "messages": [{"role": "user", "content": "Say hi"}]}


def test_replies_come_in_order_then_by_path_then_from_the_function_and_every_request_is_kept():
    by_path = {"/a": Reply(body=b"path")}
    with (
        FaultServer(
            Reply(body=b"first"), by_path=by_path, answer=lambda asked: Reply(body=asked.body)
        ) as server,
        httpx2.Client(base_url=server.url) as client,
    ):
        got = [client.post(path, content=b"said").text for path in ("/a?q=1", "/a", "/b")]

        assert got == ["first", "path", "said"]
        assert [(asked.method, asked.path, asked.query, asked.body) for asked in server.requests] == [
            ("POST", "/a", "q=1", b"said"),
            ("POST", "/a", "", b"said"),
            ("POST", "/b", "", b"said"),
        ]
        assert (server.opened.count, server.disconnects.count) == (1, 0)


def test_a_request_beyond_the_script_is_refused_and_kept():
    with FaultServer() as server:
        got = httpx2.get(f"{server.url}/x")

        assert (got.status_code, got.json()["error"]["type"]) == (500, "script_over")
        assert server.asked.count == 1


def test_a_body_sent_in_chunks_is_read_whole():
    def pieces():
        yield b"one "
        yield b"two"

    with FaultServer(Reply()) as server:
        httpx2.post(server.url, content=pieces())

        assert server.requests[0].body == b"one two"


def test_headers_and_unusual_statuses_pass():
    with FaultServer(Reply(status=529, headers={"retry-after": "7"}, body=b"{}")) as server:
        got = httpx2.get(server.url)

    assert (got.status_code, got.headers["retry-after"]) == (529, "7")


@pytest.mark.parametrize("chunks", [None, 2], ids=["length announced", "chunked"])
@pytest.mark.parametrize(
    ("then", "error"),
    [("close", httpx2.RemoteProtocolError), ("reset", httpx2.ReadError), ("stall", httpx2.ReadTimeout)],
)
def test_a_body_that_is_cut_gives_what_came_and_then_the_fault(then, error, chunks):
    reply = Reply(body=b"abcdef", chunks=chunks, cut_after=4, then=then)
    got = []
    with (
        FaultServer(reply) as server,
        pytest.raises(error),
        httpx2.stream("GET", server.url, timeout=0.5) as response,
    ):
        got.extend(response.iter_raw())

    assert b"".join(got) == b"abcd"


@pytest.mark.parametrize("chunks", [None, 2])
def test_a_body_that_ends_early_looks_whole(chunks):
    with FaultServer(Reply(body=b"abcdef", chunks=chunks, cut_after=3)) as server:
        assert httpx2.get(server.url).content == b"abc"


@pytest.mark.parametrize(
    ("then", "error"), [("close", httpx2.RemoteProtocolError), ("reset", httpx2.ReadError)]
)
def test_a_server_can_hang_up_without_a_word(then, error):
    with FaultServer(Reply(status=None, then=then)) as server, pytest.raises(error):
        httpx2.get(server.url)


def test_a_delay_comes_before_the_head_and_a_pause_between_writes():
    started = time.monotonic()
    with (
        FaultServer(Reply(body=b"abc", chunks=1, delay_s=0.1, pause_s=0.1)) as server,
        httpx2.stream("GET", server.url) as response,
    ):
        headed = time.monotonic()
        response.read()

    assert headed - started >= 0.1
    assert time.monotonic() - headed >= 0.2


def test_a_client_that_stops_reading_is_counted():
    reply = replace(Reply.sse(openai_stream("Hi " * 100, pieces=100)), pause_s=0.05)
    with FaultServer(reply) as server:
        with httpx2.stream("GET", server.url) as response:
            pieces = response.iter_raw()
            next(pieces)
            assert (server.n_open, server.disconnects.count) == (1, 0)

        assert server.disconnects.wait()


def test_a_client_that_gives_up_waiting_is_counted():
    with FaultServer(Reply(delay_s=60)) as server:
        with pytest.raises(httpx2.ReadTimeout):
            httpx2.get(server.url, timeout=0.2)

        assert server.disconnects.wait()


def test_a_client_that_reads_to_the_end_is_not_counted():
    with FaultServer(Reply.sse(b"data: 1\n\n")) as server:
        httpx2.get(server.url)

    assert server.disconnects.count == 0


def test_a_killed_server_resets_its_connections_and_refuses_new_ones():
    with FaultServer(Reply(body=b"abc", chunks=1, cut_after=1, then="stall")) as server:
        with httpx2.stream("GET", server.url) as response:
            pieces = response.iter_raw()
            next(pieces)
            server.kill()
            with pytest.raises(httpx2.ReadError):
                next(pieces)

        with pytest.raises(httpx2.ConnectError):
            httpx2.get(server.url)


def test_a_killed_server_can_come_back_at_its_address():
    with FaultServer() as server:
        pass
    port = int(server.url.rpartition(":")[2])

    with FaultServer(Reply(body=b"back"), port=port) as again:
        assert httpx2.get(server.url).content == b"back"
        assert again.url == server.url


def test_many_async_clients_are_served_at_once():
    async def ask_all(url):
        async with httpx2.AsyncClient() as client:
            return await asyncio.gather(*(client.get(url) for _ in range(20)))

    with FaultServer(by_path={"/": Reply(body=b"ok", delay_s=0.2)}) as server:
        started = time.monotonic()
        got = asyncio.run(ask_all(server.url))

        assert [response.text for response in got] == ["ok"] * 20
        assert time.monotonic() - started < 2


def test_nothing_of_a_server_is_left_running():
    with FaultServer(Reply(then="stall")) as server:
        pass

    assert "fault-server" not in [thread.name for thread in threading.enumerate()]
    assert server.n_open == 0


# llmock: the vendors' own SDKs against it


def test_llmock_asks_to_wait_and_answers_after_that(llmock):
    llmock.rate_limit(retry_after=0.1)
    with httpx2.Client(base_url=llmock.base_url()) as client:
        body = {"model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]}
        headers = {"authorization": "Bearer k"}
        refused, answered = (client.post("/chat/completions", json=body, headers=headers) for _ in range(2))

    assert (refused.status_code, float(refused.headers["retry-after"])) == (429, 1.0)
    assert answered.json()["object"] == "chat.completion"


def test_llmock_is_overloaded_as_anthropic_is(llmock):
    llmock.fail(529, provider="anthropic")
    client = anthropic.Anthropic(base_url=llmock.base_url("anthropic"), api_key="k", max_retries=0)

    with closing(client), pytest.raises(anthropic.APIStatusError) as caught:
        client.messages.create(model="claude-sonnet-5-5", max_tokens=9, messages=CHAT["messages"])

    assert (caught.value.status_code, caught.value.body["error"]["type"]) == (529, "overloaded_error")


def test_llmock_ends_a_stream_early_and_the_sdk_does_not_notice(llmock):
    llmock.truncate(after_chunks=2)
    with openai.OpenAI(base_url=llmock.base_url(), api_key="k", max_retries=0) as client:
        stream = client.chat.completions.create(model="gpt-5", stream=True, messages=CHAT["messages"])
        reasons = [choice.finish_reason for chunk in stream for choice in chunk.choices]

    assert len(reasons) == 2
    assert set(reasons) == {None}


# The real llama.cpp


@pytest.mark.slow
def test_llamacpp_tells_what_its_template_can(llamacpp):
    props = httpx2.get(f"{llamacpp}/props").json()

    assert props["chat_template_caps"]["supports_tools"] is False
    assert props["default_generation_settings"]["n_ctx"] == 4096
    assert httpx2.get(f"{llamacpp}/v1/models").json()["data"][0]["id"] == "smollm2"
    assert httpx2.get(f"{llamacpp}/health").json() == {"status": "ok"}


@pytest.mark.slow
def test_llamacpp_streams_a_real_answer(llamacpp):
    body = {**CHAT, "stream": True, "max_tokens": 8}
    got = httpx2.post(f"{llamacpp}/v1/chat/completions", json=body, timeout=60)

    assert got.text.endswith("data: [DONE]\n\n")
    assert '"finish_reason":"length"' in got.text


@pytest.mark.slow
def test_llamacpp_asks_for_its_key_and_refuses_what_does_not_fit():
    body = {**CHAT, "messages": [{"role": "user", "content": "la " * 600}]}
    with llama_server(api_key="open sesame", n_ctx=512) as url:
        closed = httpx2.post(f"{url}/v1/chat/completions", json=body)
        long = httpx2.post(f"{url}/v1/chat/completions", json=body, headers={"x-api-key": "open sesame"})

    assert (closed.status_code, closed.content) == (401, recorded("llamacpp/chat_badkey").body)
    assert (long.status_code, long.json()["error"]["type"]) == (400, "exceed_context_size_error")
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(url)
