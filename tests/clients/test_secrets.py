"""Keys never show: not in logs, reprs, errors, traces or what is kept, whatever the server echoes."""

import asyncio
import copy
import json
import logging
import pickle
import traceback
from dataclasses import replace

import pytest
from servers.fault import FaultServer, Reply
from servers.streams import openai_answer

from conduit.clients.connect import connect
from conduit.clients.presets import PRESETS, custom
from conduit.errors import ConduitError, ProviderError, SetupError
from conduit.keys import Keys, Secret
from conduit.messages import Request, UserMessage
from conduit.routing import AnswerFile, CacheMode, Policy, Registry, Router
from conduit.settings import Settings
from conduit.studio import Question, Studio

PLANTED = "sk-planted-0123456789abcdefABCDEF"
ASKED = Request(model="m", messages=(UserMessage.of("hello"),))


def made(name, url):
    """Make the client of a provider that has the planted key, but for this server's address."""
    preset = custom(name, url) if name == "mine" else replace(PRESETS[name], base_url=url)
    return connect(preset, api_key=PLANTED)


def echo(question):
    """Answer with an error that holds everything the client sent."""
    told = dict(question.headers)
    return Reply(status=401, body=json.dumps({"error": {"message": f"bad key: {told}"}}).encode())


@pytest.mark.parametrize("name", ["openai", "anthropic", "ollama", "conduit", "gemini", "mine"])
def test_a_key_shows_nowhere_when_a_call_fails(name, caplog):
    caplog.set_level(logging.DEBUG)
    with FaultServer(answer=echo) as server:
        client = made(name, f"{server.url}/v1" if name == "mine" else server.url)
        shown = [repr(client), str(client)]

        async def call():
            try:
                await client.complete(ASKED)
            finally:
                await client.close()

        with pytest.raises(ProviderError) as caught:
            asyncio.run(call())
        sent = [value for question in server.requests for value in question.headers.values()]

    error = caught.value
    shown += [str(error), repr(error), error.to_json(), *error._render_traceback_(), caplog.text]
    shown += traceback.format_exception(error)
    assert any(PLANTED in value for value in sent)
    assert not [text for text in shown if PLANTED in text]


def test_a_key_is_in_no_answer_that_is_kept(tmp_path):
    path = tmp_path / "song.answers.jsonl"
    with FaultServer(Reply(body=openai_answer("hi"))) as server:
        router = Router(Registry([made("openai", server.url)], presets={}), answers=AnswerFile(path))
        policy = Policy(cache=CacheMode.REFRESH)
        request = ASKED.model_copy(update={"model": "openai/m"})

        async def call():
            await router.route("openai/m", policy=policy).complete(request)
            await router.close()

        asyncio.run(call())

    kept = path.read_text()
    assert "hi" in kept
    assert PLANTED not in kept


def test_a_studio_tells_where_a_key_is_and_not_what_it_is():
    environ = {"ANTHROPIC_API_KEY": PLANTED}
    studio = Studio(settings=Settings(live="simulated", order=("anthropic", "offline")), keys=Keys(environ))

    told = studio.providers.keys()
    studio.close()

    assert ("anthropic", "set (environment)") in told
    assert PLANTED not in repr(told)


def test_a_failing_cell_shows_no_key():
    with FaultServer(answer=echo) as server:
        studio = Studio(
            clients=[made("openai", server.url)], settings=Settings(live="simulated"), keys=Keys({})
        )
        with pytest.raises(ConduitError) as caught:
            studio.call(studio.ask(Question("bass", model="openai/m"), emit=lambda _: None))
        conversation = studio.conversation.to_json()
        studio.close()

    assert PLANTED not in str(caught.value) + caught.value.to_json() + conversation
    assert PLANTED not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "show", [repr, str, format, lambda s: f"{s:>20}", lambda s: json.dumps(s, default=str)]
)
def test_a_secret_shows_as_a_mask(show):
    assert PLANTED not in show(Secret(PLANTED))


def test_a_secret_is_copied_as_itself_and_never_pickled():
    secret = Secret(PLANTED)

    assert copy.deepcopy(secret) is secret
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_a_key_inside_a_stream_that_began_well_is_taken_out():
    body = b'data: {"error": {"message": "bad key ' + PLANTED.encode() + b'"}}\n\n'
    with FaultServer(Reply.sse(body), Reply(body=body[6:])) as server:
        client = made("openai", server.url)

        async def calls():
            errors = []
            for work in (_read(client), client.complete(ASKED)):
                with pytest.raises(ProviderError) as caught:
                    await work
                errors.append(caught.value)
            await client.close()
            return errors

        errors = asyncio.run(calls())

    assert not [error for error in errors if PLANTED in error.to_json() + str(error)]


async def _read(client):
    async for _ in client.stream(ASKED):
        pass


@pytest.mark.parametrize("key", ["sk-”quoted”", "sk-a\nb"])
def test_a_key_that_cannot_be_one_is_refused_without_showing_it(key):
    with pytest.raises(SetupError, match="the key of openai") as caught:
        connect(PRESETS["openai"], api_key=key)

    assert key not in str(caught.value)


@pytest.mark.parametrize("name", ["llamacpp", "mine"])
def test_a_question_for_this_machine_goes_through_no_proxy(name, monkeypatch):
    with (
        FaultServer(Reply(body=openai_answer("from the proxy"))) as proxy,
        FaultServer(Reply(body=openai_answer("from here"))) as server,
    ):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        client = made(name, f"{server.url}/v1")

        async def call():
            try:
                return await client.complete(ASKED)
            finally:
                await client.close()

        assert asyncio.run(call()).message.text == "from here"
        assert proxy.asked.count == 0
