"""A channel whose turns run at another Conduit, over real sockets."""

import json

import pytest
from pydantic import BaseModel

from conduit.channel import Channel, LocalHome, Parser
from conduit.clients import ScriptedClient
from conduit.clients.remote import RemoteClient
from conduit.engine.define import tool
from conduit.engine.plans import Plans
from conduit.errors import SetupError
from conduit.loop import LoopThread
from conduit.messages import AssistantMessage, ToolCallPart
from conduit.server import make_app
from conduit.server.serve import listen
from conduit.server.turns import Turns

pytestmark = pytest.mark.slow

TOKEN = "a-token-of-this-test"  # noqa: S105  of a server that lives for one test


class Chord(BaseModel):
    root: str


@tool
def double(number: int) -> int:
    """Double a number."""
    return number * 2


@pytest.fixture
def serve():
    """Serve a scripted model with a tool; give the way there, and the model."""
    loop, servers = LoopThread(), []

    def begin(*replies):
        client = ScriptedClient(replies)
        turns = Turns(lambda _: client, plans=Plans(clock=lambda: 0.0), tools=lambda: [double])
        app = make_app(lambda _: client, client.list_models, token=TOKEN, turns=turns)
        servers.append(loop.call(listen(app)))
        return RemoteClient(base_url=servers[-1].url, token=TOKEN), client

    yield begin
    for server in servers:
        loop.call(server.close())
    loop.close()


@pytest.fixture
def home():
    with LocalHome() as made:
        yield made


def test_a_turn_runs_there_and_its_conversation_is_kept_here(serve, home):
    call = ToolCallPart(id="1", name="double", arguments=json.dumps({"number": 21}))
    remote, client = serve(AssistantMessage(parts=(call,)), "no chord", '{"root": "A"}', '{"root": "B"}')
    talk = Channel(
        remote=remote, tools=["double"], parser=Parser(Chord), home=home, name="far", window_tokens=1
    )

    try:
        values = [talk.run("one").value, talk.run("two").value]
    finally:
        home.call(remote.close())

    roles = [message.role for message in talk.conversation.messages]
    assert values == [Chord(root="A"), Chord(root="B")]
    assert roles == ["user", "assistant", "tool", "assistant", "user", "assistant", "user", "assistant"]
    assert len(client.requests[3].messages) == 1
    assert home.store.load("far") == talk.tree


def test_tools_of_this_side_cannot_go_there():
    with pytest.raises(SetupError, match="tools run where the turn runs"):
        Channel(remote=RemoteClient(base_url="http://127.0.0.1:1"), tools=[double])
