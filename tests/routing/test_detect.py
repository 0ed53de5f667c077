import asyncio
import json
import time
from contextlib import AsyncExitStack

import pytest
from servers.fault import FaultServer, Reply

from conduit.clients import Place
from conduit.clients.presets import PRESETS, Preset, custom
from conduit.errors import SetupError
from conduit.routing import Registry
from conduit.routing.detect import detect

LLAMACPP = {
    "models": [{"name": "qwen", "model": "qwen", "type": "model"}],
    "object": "list",
    "data": [
        {"id": "qwen", "object": "model", "created": 1, "owned_by": "llamacpp", "meta": {"n_ctx": 4096}}
    ],
}
OLLAMA = {"models": [{"name": "qwen3:8b", "model": "qwen3:8b", "size": 1}, {"name": "smollm2:135m"}]}
LONG = 30.0
"""Far longer than any of these tests takes, and never waited for."""


def http(body, *, status="200 OK", extra=""):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(raw)}\r\n{extra}\r\n".encode() + raw


class Server:
    """Answers every request on a port of its own with the same bytes; None hangs after the request."""

    def __init__(self, answer):
        self.answer = answer
        self.requests = []

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self._tasks = set()
        return self

    async def __aexit__(self, *_):
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader, writer):
        self._tasks.add(asyncio.current_task())
        try:
            self.requests.append((await reader.readuntil(b"\r\n\r\n")).decode())
            if self.answer is None:
                await reader.read()
            else:
                writer.write(self.answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


def look(answer, *, protocol="openai", budget_s=LONG):
    """Detect one provider whose server gives this answer; give what was found, and the server."""

    async def run():
        async with Server(answer) as server:
            base_url = f"http://127.0.0.1:{server.port}{'/v1' if protocol == 'openai' else ''}"
            preset = Preset("home", protocol, base_url, Place.LOCAL, keys=("HOME_API_KEY",))
            return (await detect([preset], lambda _: False, budget_s=budget_s))["home"], server

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("protocol", "answer", "path", "models"),
    [
        ("openai", LLAMACPP, "/v1/models", ("qwen",)),
        ("ollama", OLLAMA, "/api/tags", ("qwen3:8b", "smollm2:135m")),
        ("remote", LLAMACPP, "/v1/models", ("qwen",)),
    ],
)
def test_a_server_that_lists_models_is_present(protocol, answer, path, models):
    found, server = look(http(answer), protocol=protocol)

    assert (found.present, found.models) == (True, models)
    assert server.requests[0].startswith(f"GET {path} ")


def test_a_server_without_models_is_present_and_says_so():
    found, _ = look(http({"object": "list", "data": []}))

    assert (found.present, found.models, found.reason) == (True, (), "answers, but has no model")


def test_a_key_is_never_sent_to_find_out():
    _, server = look(http(LLAMACPP))

    assert "authorization" not in server.requests[0].lower()


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>Files</title>",
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"data": null}',
        b'{"data": [{"id": 5}]}',
        b'{"data": [{"id": ""}]}',
        b'{"data": ["qwen"]}',
        b'{"error": "Unexpected endpoint or method. (GET /v1/models)"}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_another_program_on_the_port_does_not_count(body):
    found, _ = look(http(body))

    assert not found.present
    assert "another program" in found.reason


def test_one_protocol_is_not_taken_for_another():
    found, _ = look(http(OLLAMA))

    assert not found.present


@pytest.mark.parametrize(
    "body", [{"error": {"message": "Invalid API Key", "code": 401}}, {"error": "Unauthorized"}], ids=str
)
def test_a_server_that_wants_a_key_is_present(body):
    found, _ = look(http(body, status="401 Unauthorized"))

    assert (found.present, found.models) == (True, ())
    assert found.reason == "needs a key; set HOME_API_KEY"


def test_a_web_page_that_wants_a_password_does_not_count():
    found, _ = look(http(b"<h1>Log in</h1>", status="401 Unauthorized"))

    assert not found.present


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oops", "204 No Content"])
def test_another_status_does_not_count(status):
    found, _ = look(http({}, status=status))

    assert not found.present
    assert status[:3] in found.reason


def test_a_redirect_is_not_followed():
    async def run():
        async with AsyncExitStack() as stack:
            there = await stack.enter_async_context(Server(http(LLAMACPP)))
            extra = f"Location: http://127.0.0.1:{there.port}/v1/models\r\n"
            here = await stack.enter_async_context(Server(http(b"", status="302 Found", extra=extra)))
            preset = Preset("home", "openai", f"http://127.0.0.1:{here.port}/v1", Place.LOCAL)
            return (await detect([preset], lambda _: False, budget_s=LONG))["home"], there.requests

    found, requests = asyncio.run(run())

    assert (found.present, requests) == (False, [])
    assert "302" in found.reason


def test_an_answer_that_is_too_long_is_cut_off():
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 5_000_000

    found, _ = look(endless)

    assert not found.present
    assert "too long" in found.reason


def test_a_packed_answer_is_not_unpacked():
    found, _ = look(http(b"\x1f\x8b\x08\x00", extra="Content-Encoding: gzip\r\n"))

    assert not found.present


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"]
)
def test_what_does_not_speak_http_does_not_count(answer):
    found, _ = look(answer)

    assert not found.present
    assert "no such server" in found.reason


def test_a_port_where_nothing_listens_is_said():
    async def run():
        async with Server(b"") as server:
            port = server.port
        preset = Preset("home", "openai", f"http://127.0.0.1:{port}/v1", Place.LOCAL)
        return (await detect([preset], lambda _: False, budget_s=LONG))["home"]

    found = asyncio.run(run())

    assert not found.present
    assert "nothing listens" in found.reason


@pytest.mark.slow
def test_ports_that_hang_cost_the_budget_once_and_hold_up_nobody():
    async def run():
        async with AsyncExitStack() as stack:
            servers = [await stack.enter_async_context(Server(None)) for _ in range(4)]
            servers.append(await stack.enter_async_context(Server(http(LLAMACPP))))
            presets = [
                Preset(f"s{n}", "openai", f"http://127.0.0.1:{server.port}/v1", Place.LOCAL)
                for n, server in enumerate(servers)
            ]
            return await detect(presets, lambda _: False, budget_s=1.0)

    begun = time.perf_counter()
    found = asyncio.run(run())
    taken = time.perf_counter() - begun

    assert [one.present for one in found.values()] == [False, False, False, False, True]
    assert "within 1 s" in found["s0"].reason
    assert taken < 3.0  # one after the other they would take 4


def test_proxies_of_the_environment_are_not_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

    found, _ = look(http(LLAMACPP))

    assert found.present


def test_the_cloud_is_there_by_its_key_and_is_not_contacted():
    async def run():
        async with Server(http(LLAMACPP)) as server:
            url = f"http://127.0.0.1:{server.port}/v1"
            presets = [
                Preset("paid", "openai", url, Place.CLOUD, keys=("PAID_KEY",), models=("big",)),
                Preset("other", "openai", url, Place.CLOUD, keys=("A", "B")),
            ]
            return await detect(presets, lambda preset: preset.name == "paid"), server.requests

    found, requests = asyncio.run(run())

    assert requests == []
    assert (found["paid"].present, found["paid"].models) == (True, ("big",))
    assert (found["other"].present, found["other"].reason) == (False, "no key; set A or B")


def test_what_is_found_stands_in_the_order_asked():
    wanted = [PRESETS["openai"], PRESETS["anthropic"]]

    found = asyncio.run(detect(wanted, lambda _: True))

    assert list(found) == ["openai", "anthropic"]


def test_nobody_asked_for_is_nobody_found():
    assert asyncio.run(detect([], lambda _: True)) == {}


def test_a_server_that_is_not_in_the_order_is_found_when_it_is_named():
    models = b'{"object": "list", "data": [{"id": "m"}]}'
    with FaultServer(answer=lambda _: Reply(body=models)) as server:
        registry = Registry(order=("offline",), presets={"mine": custom("mine", f"{server.url}/v1")})

        choice = asyncio.run(registry.choose("mine/m"))

    assert (choice.candidates[0].client.provider, choice.candidates[0].model) == ("mine", "m")


def test_a_server_that_was_started_since_is_found_when_it_is_named():
    with FaultServer() as gone:
        url = gone.url
    registry = Registry(order=("mine",), presets={"mine": custom("mine", f"{url}/v1")})

    async def before_and_after():
        with pytest.raises(SetupError, match="mine does not answer"):
            await registry.choose("mine")
        models = b'{"object": "list", "data": [{"id": "m"}]}'
        with FaultServer(answer=lambda _: Reply(body=models), port=int(url.rpartition(":")[2])):
            return await registry.choose("mine")

    assert asyncio.run(before_and_after()).named
