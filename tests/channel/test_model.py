import asyncio
import threading
from contextlib import aclosing

import pytest
from pydantic import BaseModel

from conduit.channel import LocalHome, Model, Parser
from conduit.channel.shaped import ShapedClient
from conduit.clients import Capabilities, ScriptedClient
from conduit.engine.define import tool
from conduit.errors import ConversationError, ErrorKind, ProviderError, SetupError
from conduit.messages import (
    AssistantMessage,
    Conversation,
    GenerationParams,
    MessageEnd,
    PartEnd,
    PartStart,
    Request,
    StopReason,
    SystemMessage,
    TextDelta,
    TextPart,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    UserMessage,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 8
WAV = b"RIFF0000WAVE" + b"0" * 8


class Telling(ScriptedClient):
    """Tells when it has been asked."""

    def __init__(self, replies, **facts):
        super().__init__(replies, **facts)
        self.begun = threading.Event()

    async def stream(self, request):
        self.begun.set()
        async with aclosing(super().stream(request)) as events:
            async for event in events:
                yield event


class Chord(BaseModel):
    root: str
    minor: bool


@pytest.fixture
def home():
    with LocalHome() as made:
        yield made


@pytest.fixture
def model(home):
    """Make a model that says what it is told to say."""

    def make(*replies, can=None, **facts):
        options = {key: facts.pop(key) for key in ("piece", "stall_after") if key in facts}
        client = Telling(replies, **options)
        if can is not None:
            client.capabilities = lambda _: asyncio.sleep(0, can)
        return Model(client=client, home=home, **facts), client

    return make


def test_an_answer_in_one_line(model):
    asked, client = model("F minor", system="Answer with a key.", params=GenerationParams(seed=3))

    answer = asked.ask("dubstep")

    assert (answer.text, str(answer)) == ("F minor", "F minor")
    assert client.requests[0].messages == (
        SystemMessage(content="Answer with a key."),
        UserMessage.of("dubstep"),
    )
    assert client.requests[0].model == "script"
    assert client.requests[0].params.seed == 3


def test_it_works_inside_a_running_loop_as_a_notebook_has_it(model):
    asked, _ = model("one", "two", "three")

    async def cell():
        sync = asked.ask("x").text
        with asked.stream("y") as stream:
            streamed = "".join(stream.text)
        return sync, streamed, (await asked.ask_async("z")).text

    assert asyncio.run(cell()) == ("one", "two", "three")


def test_on_conduits_own_loop_it_refuses_to_wait_for_itself(home, model):
    asked, client = model("one", "two")

    async def in_a_tool():
        with pytest.raises(RuntimeError, match="await its async form there: ask_async"):
            asked.ask("x")
        with pytest.raises(RuntimeError, match="await its async form"), asked.stream("x"):
            pass
        async with asked.stream_async("y") as stream:
            streamed = [piece async for piece in stream.text]
        return (await asked.ask_async("x")).text, streamed

    assert home.submit(in_a_tool()).result(timeout=5) == ("two", ["one"])
    assert len(client.requests) == 2


def test_a_stream_gives_events_words_and_the_whole(model):
    asked, _ = model("four on the floor", piece=4)

    with asked.stream("x") as stream:
        events = list(stream)

    assert isinstance(events[-1], MessageEnd)
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == stream.response.text


def test_leaving_a_stream_stops_the_model_and_leaves_no_task(home, model):
    asked, client = model("one two three four", piece=4, stall_after=2)

    with asked.stream("x") as stream:
        next(iter(stream))

    assert client.closed == 1
    assert home.call(_tasks()) == set()


def test_leaving_an_async_stream_stops_the_model_and_leaves_no_task(home, model):
    asked, client = model("one two three four", piece=4, stall_after=2)

    async def cell():
        async with asked.stream_async("x") as stream:
            async for _ in stream:
                break
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert asyncio.run(cell()) == set()
    assert client.closed == 1
    assert home.call(_tasks()) == set()


def test_cancelling_an_async_question_stops_the_model(home, model):
    asked, client = model("one two", stall_after=0)

    async def cell():
        task = asyncio.create_task(asked.ask_async("x"))
        assert await asyncio.to_thread(client.begun.wait, 5)
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled()

    assert asyncio.run(cell())
    assert client.closed == 1
    assert home.call(_tasks()) == set()


async def _tasks():
    return asyncio.all_tasks() - {asyncio.current_task()}


def test_an_error_is_the_models_own_sync_and_streamed(model):
    broken = ProviderError("gone", kind=ErrorKind.NETWORK, provider="scripted")
    asked, _ = model(broken, broken, broken)

    with pytest.raises(ProviderError, match="gone"):
        asked.ask("x")
    with pytest.raises(ProviderError, match="gone"), asked.stream("x") as stream:
        list(stream)
    with pytest.raises(ProviderError, match="gone"):
        asyncio.run(asked.ask_async("x"))


def test_pictures_and_sounds_go_with_the_words(model):
    asked, client = model("a cat", "a snare")

    asked.ask("what is it?", images=PNG, audio=[WAV])
    asked.ask(UserMessage.of("and this?"), media=[PNG, WAV])

    kinds = [[part.type for part in request.messages[0].parts] for request in client.requests]
    assert kinds == [["image", "audio", "text"]] * 2


def test_a_conversation_is_asked_as_it_is_and_keeps_its_own_system(model):
    asked, client = model("a", "b", system="mine")
    talk = Conversation().add(SystemMessage(content="its own")).add(UserMessage.of("x"))

    asked.ask(talk)
    asked.ask(Conversation().add(UserMessage.of("x")))

    assert client.requests[0].messages == talk.messages
    assert client.requests[1].messages[0].content == "mine"


def test_a_finished_request_is_asked_as_it_is(model):
    asked, client = model("a", system="mine")
    request = Request(model="script", messages=(UserMessage.of("x"),))

    asked.ask(request)

    assert client.requests == [request]
    with pytest.raises(SetupError, match="go with words"):
        asked.ask(request, images=PNG)


def test_tools_are_told_and_not_run(model):
    @tool
    def tempo() -> int:
        """Read the tempo."""
        raise AssertionError

    call = AssistantMessage(parts=(ToolCallPart(id="1", name="tempo"),))
    asked, client = model(call, tools=[tempo, tempo.spec])

    answer = asked.ask("x")

    assert client.requests[0].tools == (tempo.spec, tempo.spec)
    assert answer.message == call


def test_a_home_finds_the_model_by_its_name():
    clients = ScriptedClient(["a"], provider="one"), ScriptedClient(["b"], provider="two")
    with LocalHome(*clients) as home:
        answers = [Model(name, home=home).ask("x") for name in ("two/script", "")]

    assert [answer.text for answer in answers] == ["b", "a"]
    assert [answer.metadata.provider for answer in answers] == ["two", "one"]


def test_a_model_that_nobody_has_is_named():
    with LocalHome(ScriptedClient(["a"])) as home, pytest.raises(SetupError, match="no model is called 'x'"):
        Model("x", home=home).ask("y")


def test_models_are_asked_from_many_threads_at_once(home):
    answers = []
    asked = Model(client=ScriptedClient(["a"] * 20), home=home)
    threads = [threading.Thread(target=lambda: answers.append(asked.ask("x").text)) for _ in range(20)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)

    assert answers == ["a"] * 20


# A schema, for each kind of model

AM = '{"root": "A", "minor": true}'
CAN = {
    "native": Capabilities(schema=True),
    "tool": Capabilities(schema=False, tools=True),
    "fenced": Capabilities(schema=False, tools=False),
}
REPLY = {
    "native": AM,
    "tool": AssistantMessage(parts=(ToolCallPart(id="1", name="answer", arguments=AM),)),
    "fenced": f"```json\n{AM}\n```",
}


@pytest.mark.parametrize("mode", CAN)
def test_an_answer_fits_a_schema_whatever_the_model_can_do(model, mode):
    asked, client = model(REPLY[mode], schema=Parser(Chord), can=CAN[mode])

    answer = asked.ask("the saddest chord")

    assert Parser(Chord).read(answer.text) == Chord(root="A", minor=True)
    assert answer.metadata.stop_reason is StopReason.STOP
    assert not answer.message.tool_calls
    assert answer.request.response_schema == Parser(Chord).schema
    sent = client.requests[0]
    assert (sent.response_schema is not None) == (mode == "native")
    assert [spec.name for spec in sent.tools] == (["answer"] if mode == "tool" else [])
    assert sent.params.tool_choice == ("answer" if mode == "tool" else None)
    assert ("JSON schema" in sent.messages[-1].text) == (mode == "fenced")


def test_an_answer_by_a_tool_streams_as_text(model):
    asked, _ = model(REPLY["tool"], schema=Parser(Chord).schema, can=CAN["tool"], piece=5)

    with asked.stream("x") as stream:
        events = list(stream)

    assert isinstance(events[0], PartStart)
    assert events[0].kind == "text"
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == AM
    assert [event.part for event in events if isinstance(event, PartEnd)] == [TextPart(text=AM)]
    assert stream.response.text == AM


def test_beside_other_tools_the_answer_is_one_of_them(home):
    @tool
    def tempo() -> int:
        """Read the tempo."""
        return 1

    request = Request(
        model="script",
        messages=(UserMessage.of("x"),),
        tools=(tempo.spec,),
        response_schema=Parser(Chord).schema,
    )
    call = ToolCallPart(id="1", name="tempo")
    client = ScriptedClient([AssistantMessage(parts=(call,))])

    answer = home.call(ShapedClient(client).complete(request))

    assert answer.message.tool_calls == (call,)
    assert answer.metadata.stop_reason is StopReason.TOOL_CALLS
    assert [spec.name for spec in client.requests[0].tools] == ["tempo", "answer"]
    assert client.requests[0].params.tool_choice == "required"


def test_words_after_a_tools_result_are_a_message_of_their_own(home):
    call = ToolCallPart(id="1", name="tempo")
    result = ToolMessage(result=ToolResultPart(call_id="1", name="tempo", text="120"))
    said = (UserMessage.of("x"), AssistantMessage(parts=(call,)), result)
    request = Request(model="script", messages=said, response_schema=Parser(Chord).schema)
    client = ScriptedClient([REPLY["fenced"]])
    client.capabilities = lambda _: asyncio.sleep(0, CAN["fenced"])

    home.call(ShapedClient(client).complete(request))

    assert client.requests[0].messages[:3] == said
    assert client.requests[0].messages[3].role == "user"


def test_a_conversation_that_ends_with_an_answer_is_no_question(home):
    talk = Conversation().add(UserMessage.of("x")).add(AssistantMessage(parts=(TextPart(text="y"),)))

    with pytest.raises(ConversationError, match="does not end with a question"):
        Model(client=ScriptedClient(["z"]), home=home).ask(talk)
