import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from conduit.__main__ import main
from conduit.clients import ScriptedClient
from conduit.clients.remote import RemoteClient
from conduit.engine.define import tool
from conduit.engine.limits import Reason
from conduit.engine.plans import Plans
from conduit.engine.remote import RemoteEngine
from conduit.engine.sending import Question
from conduit.errors import ConduitError, ConversationError, ErrorKind, SetupError
from conduit.loop import LoopThread
from conduit.messages import AssistantMessage, Conversation, Request, ToolCallPart, UserMessage
from conduit.server import make_app
from conduit.server.serve import listen, start
from conduit.server.turns import Turns
from conduit.studio import Studio

pytestmark = pytest.mark.slow  # over real sockets

TOKEN = "a-token-of-this-test"  # noqa: S105  of a server that lives for one test
HEAD = {"Authorization": f"Bearer {TOKEN}"}
ASKED = Question(messages=(UserMessage.of("hello"),)).model_dump_json()


@pytest.fixture
def serve():
    """Serve a scripted model on a free port; give its address, its client and its turns."""
    loop, open_servers = LoopThread(), []

    def begin(*replies, alive_s=30.0, most=64, **facts):
        client = ScriptedClient(replies, **facts)
        turns = Turns(lambda _: client, plans=Plans(clock=lambda: 0.0), alive_s=alive_s, most=most)
        app = make_app(lambda _: client, client.list_models, token=TOKEN, turns=turns)
        server = loop.submit(listen(app)).result(timeout=20)
        open_servers.append(server)
        return server.url, client, turns

    yield begin
    for server in open_servers:
        loop.submit(server.close()).result(timeout=20)
    loop.close()


def refused(answer):
    """Give the error that an answer holds."""
    return ConduitError.from_json(answer.json()["error"])


@pytest.mark.parametrize("path", ["/v1/turn", "/v1/turn/1"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": ""}, 401),
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
    ids=str,
)
def test_who_asks_for_a_turn_is_checked(serve, path, headers, status):
    url, client, _ = serve("hello")

    answer = httpx2.post(url + path, content=ASKED, headers={**HEAD, **headers})

    assert answer.status_code == status
    assert client.requests == []


def test_a_turn_is_lines_of_json_the_first_its_name_and_the_last_its_end(serve):
    url, _, _ = serve("hello yourself")

    answer = httpx2.post(f"{url}/v1/turn", content=ASKED, headers=HEAD)

    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert lines[0]["type"] == "turn"
    assert lines[-1]["type"] == "end"
    assert lines[-1]["reason"] == "done"


USER = {"role": "user", "parts": [{"type": "text", "text": "hi"}]}
SYSTEM = {"role": "system", "content": "be brief"}
RESULT = {"role": "tool", "result": {"call_id": "1", "name": "x", "text": "y"}}


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([USER, SYSTEM], "a system message can only be the first"),
        ([USER, RESULT], "no tool call '1' waits for a result"),
        ([{"role": "assistant", "parts": []}], "an assistant message can only follow"),
    ],
    ids=["system", "tool", "assistant"],
)
def test_messages_in_an_order_no_model_accepts_are_refused_in_words(serve, messages, said):
    url, client, _ = serve("hello")

    answer = httpx2.post(f"{url}/v1/turn", json={"messages": messages}, headers=HEAD)

    assert answer.status_code == 400
    assert type(refused(answer)) is ConversationError
    assert said in refused(answer).message
    assert client.requests == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"", "the whole"),
        (b"[]", "the whole"),
        (b"{}", "messages"),
        (json.dumps({"messages": [USER], "limits": {"steps": 0}}).encode(), "limits"),
        (json.dumps({"messages": [USER], "limits": {"stepz": 1}}).encode(), "limits.stepz"),
        (json.dumps({"messages": [USER], "tools": "all"}).encode(), "tools"),
        (json.dumps({"messages": [USER], "news": 1}).encode(), "news"),
    ],
)
def test_what_is_no_turn_is_refused_with_its_place(serve, body, place):
    url, _, _ = serve()

    answer = httpx2.post(f"{url}/v1/turn", content=body, headers=HEAD)

    assert answer.status_code == 400
    assert f"this is not a turn: {place}" in refused(answer).message


@pytest.mark.parametrize(
    ("word", "kind", "said"),
    [
        ({"do": "pause"}, ConversationError, "this turn is over"),
        ({"do": "dance"}, SetupError, "this is not a word to a turn: do"),
        ({"do": "steer"}, SetupError, "steer has a message"),
        ({"do": "pause", "message": USER}, SetupError, "steer has a message"),
    ],
    ids=["over", "unknown", "empty", "too much"],
)
def test_a_word_that_cannot_be_is_refused(serve, word, kind, said):
    url, _, _ = serve()

    answer = httpx2.post(f"{url}/v1/turn/1", json=word, headers=HEAD)

    assert answer.status_code == 400
    assert type(refused(answer)) is kind
    assert said in refused(answer).message


def test_a_turn_that_is_silent_says_that_it_still_runs(serve):
    url, client, turns = serve("hello", alive_s=0.05, stall_after=0)

    with httpx2.stream("POST", f"{url}/v1/turn", content=ASKED, headers=HEAD) as answer:
        lines = answer.iter_lines()
        came = [next(lines) for _ in range(3)]

    assert json.loads(came[0])["type"] == "turn"
    assert came[1:] == ["", ""]
    asyncio.run(until(lambda: client.closed == 1 and turns.running == 0))
    assert turns.controls == {}


def test_a_turn_more_than_may_be_under_way_is_refused(serve):
    url, _, turns = serve("hello", "hello", most=1, stall_after=1)

    with httpx2.stream("POST", f"{url}/v1/turn", content=ASKED, headers=HEAD) as first:
        lines = first.iter_lines()
        next(lines)
        second = httpx2.post(f"{url}/v1/turn", content=ASKED, headers=HEAD)

    assert refused(second).kind == ErrorKind.OVERLOADED
    assert "as many turns are under way here as may be (1)" in refused(second).message
    asyncio.run(until(lambda: turns.controls == {}))
    with httpx2.stream("POST", f"{url}/v1/turn", content=ASKED, headers=HEAD) as third:
        lines = third.iter_lines()
        assert json.loads(next(lines))["type"] == "turn"


def test_a_server_that_knows_no_model_wants_one_named(serve):
    url, client, _ = serve("hello")
    client.models = ()

    unnamed = httpx2.post(f"{url}/v1/turn", content=ASKED, headers=HEAD)
    named = httpx2.post(f"{url}/v1/turn", json={"messages": [USER], "model": "script"}, headers=HEAD)

    assert unnamed.status_code == 400
    assert "name one" in refused(unnamed).message
    assert json.loads(named.text.splitlines()[-1])["reason"] == "done"


@tool
def length(text: str) -> int:
    """Say how long a text is.

    Args:
        text: Any text.
    """
    return len(text)


CALL = AssistantMessage(parts=(ToolCallPart(id="1", name="length", arguments='{"text": "four"}'),))


def test_a_studio_runs_turns_with_the_tools_that_are_chosen_in_it():
    client = ScriptedClient([CALL, "it has four letters"])
    studio = Studio(clients=[client])
    studio.tools.choose([], own=[length.tool])
    server = studio.call(start(studio, port=0, token=TOKEN))

    async def turn():
        remote = RemoteClient(base_url=server.url, token=TOKEN)
        engine = RemoteEngine(remote, model="conduit/scripted/script", tools=["length"])
        try:
            return await engine.run(Conversation().add(UserMessage.of("how long?")), emit=lambda _: None)
        finally:
            await remote.close()

    end = asyncio.run(turn())
    studio.call(server.close())
    studio.close()

    assert end.reason is Reason.DONE
    assert [m.result.text for m in end.conversation.messages if m.role == "tool"] == ["4"]
    assert end.conversation.text == "it has four letters"


def test_a_server_that_shall_offer_a_tool_that_is_not_there_does_not_start(capsys):
    status = main(["serve", "--port", "0", "--tools", "nonsense"])

    assert status == 1
    assert "nonsense" in capsys.readouterr().err


HELLO = (UserMessage.of("hello"),)
REQUEST = Request(model="scripted/script", messages=HELLO)
QUESTION = Question(messages=HELLO, model="scripted/script")


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [("/v1/stream", REQUEST, 200), ("/v1/turn", QUESTION, 200), ("/v1/complete", REQUEST, 503)],
    ids=["stream", "turn", "whole"],
)
def test_a_server_that_ends_breaks_its_answers_off_in_words_and_logs_nothing(capsys, path, asked, status):
    client = ScriptedClient(["hello yourself"], piece=4, stall_after=1)
    studio = Studio(clients=[client])
    server = studio.call(start(studio, port=0, token=TOKEN))

    with ThreadPoolExecutor() as pool:
        post = {"content": asked.model_dump_json(), "headers": HEAD, "timeout": 20}
        asking = pool.submit(httpx2.post, server.url + path, **post)
        asyncio.run(until(lambda: client.requests))
        studio.call(server.close())
        answer = asking.result(timeout=20)
    studio.close()

    error = ConduitError.from_json(json.loads(answer.text.splitlines()[-1])["error"])
    assert (answer.status_code, error.kind) == (status, ErrorKind.STREAM_INCOMPLETE)
    assert "was stopped in the middle of its answer" in error.message
    assert client.closed == 1
    assert capsys.readouterr().err == ""


async def until(true):
    """Wait for what happens on another thread."""
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  doubles count, they do not call
            await asyncio.sleep(0.005)
