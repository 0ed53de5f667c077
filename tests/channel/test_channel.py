import asyncio
import json
import threading
from contextlib import aclosing

import pytest
from pydantic import BaseModel

from conduit.channel import Channel, LocalHome, Mending, Model, Parser, Partial, Prompt
from conduit.clients import ScriptedClient
from conduit.clients.scripted import Cut
from conduit.engine.define import tool
from conduit.engine.events import Advanced, Paused
from conduit.engine.limits import Limits, Reason
from conduit.engine.machine import End
from conduit.engine.plan import Change
from conduit.engine.risk import Tier
from conduit.errors import ConversationError, ErrorKind, ParseError, PromptError, ProviderError, SetupError
from conduit.messages import (
    AssistantMessage,
    Conversation,
    ConversationTree,
    MessageEnd,
    TextPart,
    ToolCallPart,
    ToolSpec,
    UserMessage,
)
from conduit.settings import Secret, Settings
from conduit.store import Store
from conduit.studio import Studio

GONE = ProviderError("gone", kind=ErrorKind.NETWORK, provider="scripted")
AM = '{"root": "A", "minor": true}'


class Chord(BaseModel):
    root: str
    minor: bool


class Gate(ScriptedClient):
    """Answers with the question's own words, once its gate is open; or as scripted."""

    def __init__(self, replies=(), **facts):
        super().__init__(replies, **facts)
        self.asked = threading.Semaphore(0)
        self.open = threading.Event()

    async def stream(self, request):
        self.asked.release()
        await asyncio.to_thread(self.open.wait, 5)
        reply = f"re: {request.messages[-1].text}"
        async with aclosing(ScriptedClient([reply]).stream(request)) as events:
            async for event in events:
                yield event


@tool
def double(number: int) -> int:
    """Double a number."""
    return number * 2


def calls(name, **arguments):
    part = ToolCallPart(id=f"call_{name}", name=name, arguments=json.dumps(arguments))
    return AssistantMessage(parts=(part,))


@pytest.fixture
def home():
    with LocalHome() as made:
        yield made


@pytest.fixture
def channel(home):
    """Make a channel whose model says what it is told to say."""

    def make(*replies, piece=16, stall_after=None, client=None, **facts):
        client = client or ScriptedClient(replies, piece=piece, stall_after=stall_after)
        return Channel(client=client, home=home, **facts), client

    return make


def texts(conversation):
    return [getattr(message, "text", "") for message in conversation.messages]


# Asking


def test_a_conversation_goes_on_from_question_to_question(channel):
    talk, client = channel("A minor", "E minor", system="Answer with a key.")

    first, second = talk.run("sad"), talk.run("sadder")

    assert (first.value, second.text, str(second)) == ("A minor", "E minor", "E minor")
    assert [message.role for message in client.requests[1].messages] == [
        "system",
        "user",
        "assistant",
        "user",
    ]
    assert second.conversation == talk.conversation
    assert second.reason is Reason.DONE


def test_a_prompt_makes_the_question_and_words_go_as_they_are(channel):
    talk, client = channel("a", "b", "c", prompt="{{ bars }} bars of {{ part }}")

    talk.run(bars=4, part="bass")
    talk.run("shorter {{ please }}")
    talk.run({"bars": 2, "part": "pad"})

    asked = [request.messages[-1].text for request in client.requests]
    assert asked == ["4 bars of bass", "shorter {{ please }}", "2 bars of pad"]


@pytest.mark.parametrize(
    ("prompt", "question", "inputs", "said"),
    [
        ("{{ a }}", None, {}, "the prompt lacks a"),
        ("{{ a }}", "words", {"a": 1}, "give one or the other"),
        (None, None, {"a": 1}, "has no prompt"),
        ("{{ a }}", None, {"a": 1, "b": 2}, "has no b"),
    ],
    ids=["missing", "both", "none", "surplus"],
)
def test_inputs_that_are_not_the_prompts_are_told_before_anything_is_asked(
    channel, prompt, question, inputs, said
):
    talk, client = channel("x", prompt=prompt)

    with pytest.raises(PromptError, match=said):
        talk.run(question, **inputs)

    assert client.requests == []
    assert talk.tree == ConversationTree()


def test_it_works_inside_a_running_loop_and_outside(home, channel):
    talk, _ = channel("one", "two", "three", "four")

    async def cell():
        sync = talk.run("a").value
        with talk.stream("b") as stream:
            streamed = "".join(stream.text)
        async with talk.stream_async("c") as stream:
            streamed += "".join([piece async for piece in stream.text])
        return sync, streamed, stream.reply.value, (await talk.run_async("d")).value

    assert asyncio.run(cell()) == ("one", "twothree", "three", "four")
    assert home.call(_tasks()) == set()


def test_on_conduits_own_loop_it_refuses_to_wait_for_itself(home, channel):
    talk, _ = channel("one")

    async def in_a_tool():
        with pytest.raises(RuntimeError, match="run_async"):
            talk.run("a")
        return (await talk.run_async("a")).value

    assert home.submit(in_a_tool()).result(timeout=5) == "one"


async def _tasks():
    return asyncio.all_tasks() - {asyncio.current_task()}


def test_nothing_to_answer_is_told(channel):
    talk, _ = channel("a")

    with pytest.raises(ConversationError, match="nothing waits for an answer"):
        talk.run()


# Tools


def test_tools_are_run_until_the_model_has_answered(channel):
    talk, client = channel(calls("double", number=21), "It is 42.", tools=[double])

    reply = talk.run("twice 21?")

    assert reply.value == "It is 42."
    assert client.requests[1].messages[-1].result.text == "42"
    assert [message.role for message in talk.conversation.messages] == [
        "user",
        "assistant",
        "tool",
        "assistant",
    ]


def test_a_change_waits_and_its_plan_is_named(home, channel):
    class Idle:
        tier = Tier.CONFIG_CHANGE
        title = "do nothing"
        notes = ()
        lines = ()
        overwrites = False

        async def fingerprint(self):
            return "same"

        async def apply(self):
            return self

    @tool(tier=Tier.CONFIG_CHANGE)
    def idle() -> Change:
        """Do nothing, with leave."""
        return Idle()

    talk, _ = channel(calls("idle"), tools=[idle])

    reply = talk.run("please")

    assert reply.reason is Reason.PENDING
    assert reply.plans == tuple(plan.id for plan in home.plans.pending)
    assert len(reply.plans) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [("double", "is a name"), (ToolSpec(name="x", description="y", parameters={}), "only describes")],
    ids=["name", "spec"],
)
def test_what_cannot_be_run_is_no_tool_of_a_channel(given, said):
    with pytest.raises(SetupError, match=said):
        Channel(tools=[given])


# Reading answers


def test_an_answer_is_read_as_the_parsers_type(channel):
    talk, client = channel(AM, parser=Parser(Chord))

    reply = talk.run("sad")

    assert reply.value == Chord(root="A", minor=True)
    assert [spec.name for spec in client.requests[0].tools] == ["answer"]


def test_what_is_wrong_goes_back_to_the_model_until_it_is_right(channel):
    talk, client = channel('{"root": "A"}', "no idea", AM, parser=Parser(Chord), system="x")

    with talk.stream("sad") as stream:
        events = list(stream)

    assert stream.reply.value.root == "A"
    told = [request.messages[-1].text for request in client.requests]
    assert "- minor: Field required" in told[1]
    assert "- there is no JSON in it" in told[2]
    assert [event.attempt for event in events if isinstance(event, Mending)] == [1, 2]
    assert [type(event) for event in events].count(End) == 1
    assert isinstance(events[-1], End)
    assert events[-1].steps == 3


def test_the_last_error_holds_what_was_received_and_the_tree_every_try(channel):
    talk, client = channel("no", "never", "x", parser=Parser(Chord, retries=1))

    with pytest.raises(ParseError) as caught:
        talk.run("sad")

    assert (caught.value.received, caught.value.attempts) == ("never", 2)
    assert len(client.requests) == 2
    assert [message.role for message in talk.conversation.messages] == ["user", "assistant"] * 2


def test_values_grow_while_they_come(channel):
    talk, _ = channel(f"```json\n{AM}\n```", parser=Parser(Chord), piece=6)

    with talk.stream("sad") as stream:
        values = list(stream.values)

    assert values[-1] == {"root": "A", "minor": True}
    assert {"root": "A"} in values
    assert stream.reply.value == Chord(root="A", minor=True)


def test_a_value_comes_after_its_tools(channel):
    talk, client = channel(calls("double", number=2), AM, parser=Parser(Chord), tools=[double])

    assert talk.run("x").value.root == "A"
    assert [spec.name for spec in client.requests[0].tools] == ["double", "answer"]


def test_limits_hold_for_all_answers_to_one_question(channel):
    talk, client = channel("no", "no", AM, parser=Parser(Chord, retries=9), limits=Limits(steps=2))

    with pytest.raises(ParseError):
        talk.run("sad")

    assert len(client.requests) == 2


def test_a_turn_that_a_limit_ends_has_no_value_but_says_why(channel):
    talk, _ = channel(calls("double", number=2), parser=Parser(Chord), tools=[double], limits=Limits(steps=1))

    reply = talk.run("sad")

    assert reply.reason is Reason.STEP_LIMIT
    with pytest.raises(ParseError, match="step_limit"):
        _ = reply.value


# What fails


def test_an_error_takes_the_question_back_and_it_can_be_asked_again(channel):
    talk, client = channel("hello", GONE, GONE, "better", system="be kind")
    talk.run("hi")
    before = talk.tree

    for _ in range(2):
        with pytest.raises(ProviderError, match="gone"):
            talk.run("how are you?")
        assert talk.tree == before

    assert talk.run("how are you?").value == "better"
    assert texts(Conversation().extended(client.requests[3].messages))[1:] == ["hi", "hello", "how are you?"]
    assert list(talk.tree.branches) == ["main"]


def test_an_answer_that_breaks_off_is_kept_as_far_as_it_came(channel):
    half = Cut(AssistantMessage(parts=(TextPart(text="one two three"),)), after=2, error=GONE)
    talk, client = channel(half, "four", piece=4)

    with pytest.raises(ProviderError):
        talk.run("count")
    talk.run("go on")

    assert texts(talk.conversation) == ["count", "one ", "go on", "four"]
    assert len(client.requests[1].messages) == 3


def test_leaving_a_stream_early_stops_the_model_keeps_what_came_and_leaves_no_task(home, channel):
    talk, client = channel("one two three", piece=4, stall_after=2)

    with talk.stream("count") as stream:
        next(stream.text)

    assert client.closed == 1
    assert texts(talk.conversation) == ["count", "one "]
    assert home.call(_tasks()) == set()
    assert stream.reply is None


def test_leaving_an_async_stream_keeps_what_came_and_leaves_no_task(home, channel):
    talk, client = channel("one two three", piece=4, stall_after=2)

    async def cell():
        async with talk.stream_async("count") as stream, aclosing(stream.text) as words:
            await anext(words)
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert asyncio.run(cell()) == set()
    assert texts(talk.conversation) == ["count", "one "]
    assert client.closed == 1
    assert home.call(_tasks()) == set()


def test_a_cancelled_question_has_ended_when_its_cancellation_is_told(channel):
    client = Gate()
    talk, _ = channel(client=client)

    async def cell():
        task = asyncio.create_task(talk.run_async("one"))
        await asyncio.to_thread(client.asked.acquire)
        task.cancel()
        await asyncio.wait([task])
        tree = talk.tree
        client.open.set()
        return tree, await talk.run_async("two")

    tree, reply = asyncio.run(cell())

    assert len(tree.conversation) == 0
    assert texts(reply.conversation) == ["two", "re: two"]
    assert list(talk.tree.branches) == ["main"]


# Two at once


def test_two_questions_at_once_lose_nothing(channel):
    client = Gate()
    talk, _ = channel(client=client)

    async def cell():
        runs = [asyncio.create_task(talk.run_async(text)) for text in ("one", "two", "three")]
        for _ in runs:
            await asyncio.to_thread(client.asked.acquire)
        client.open.set()
        return await asyncio.gather(*runs)

    replies = asyncio.run(cell())

    assert [reply.value for reply in replies] == ["re: one", "re: two", "re: three"]
    said = {tuple(texts(branch)) for branch in talk.tree.branches.values()}
    assert said == {("one", "re: one"), ("two", "re: two"), ("three", "re: three")}
    assert talk.tree.current == "main"
    assert {talk.tree.branches[reply.branch] for reply in replies} == {
        reply.conversation for reply in replies
    }


def test_of_two_at_once_one_may_fail_and_the_other_stays(channel):
    class Half(Gate):
        async def stream(self, request):
            async with aclosing(super().stream(request)) as events:
                async for event in events:
                    if request.messages[-1].text == "bad":
                        raise GONE
                    yield event

    client = Half()
    talk, _ = channel(client=client)

    async def cell():
        runs = [asyncio.create_task(talk.run_async(text)) for text in ("good", "bad")]
        for _ in runs:
            await asyncio.to_thread(client.asked.acquire)
        client.open.set()
        return await asyncio.gather(*runs, return_exceptions=True)

    good, bad = asyncio.run(cell())

    assert bad is GONE
    assert good.value == "re: good"
    assert {name: texts(branch) for name, branch in talk.tree.branches.items()} == {
        "main": ["good", "re: good"]
    }


# Branches


def test_a_turn_is_answered_anew_on_a_branch_of_its_own(channel):
    talk, client = channel("first", "second", "third")
    talk.run("a")
    talk.run("b")

    talk.regenerate(1)
    reply = talk.run()

    assert texts(reply.conversation) == ["a", "third"]
    assert len(client.requests[2].messages) == 1
    assert texts(talk.tree.branches["main"]) == ["a", "first", "b", "second"]
    assert talk.compare("main", reply.branch).common.messages == (UserMessage.of("a"),)


def test_a_question_is_edited_and_answered(channel):
    talk, _ = channel("first", "second")
    talk.run("a")

    talk.edit(1, "b")
    talk.run()

    assert texts(talk.conversation) == ["b", "second"]
    assert talk.tree.takes(1) == ("main", "main-2")


def test_an_edited_question_that_fails_stays_to_be_answered(channel):
    talk, _ = channel("first", GONE, "second")
    talk.run("a")
    talk.edit(1, "b")

    with pytest.raises(ProviderError):
        talk.run()

    assert texts(talk.conversation) == ["b"]
    assert talk.run("b").value == "second"
    assert texts(talk.conversation) == ["b", "second"]


def test_branches_are_made_switched_and_pruned(channel):
    talk, _ = channel("first", "second")
    talk.run("a")

    made = talk.branch("other", turn=0)
    talk.run("b")
    back = talk.switch("main")
    talk.prune("other")

    assert (made, back) == ("other", "main")
    assert list(talk.tree.branches) == ["main"]
    with pytest.raises(SetupError, match="there are main"):
        talk.switch("other")


# What the model is shown


def test_a_window_shortens_what_is_shown_and_never_what_is_kept(channel):
    talk, client = channel(*"abcdef", system="S", window_tokens=1)

    for number in range(5):
        talk.run(f"question {number}")

    assert [len(request.messages) for request in client.requests] == [2] * 5
    assert len(talk.conversation) == 11
    assert texts(talk.conversation)[-2:] == ["question 4", "e"]


def test_a_window_keeps_tools_and_attempts_in_the_whole(channel):
    talk, _ = channel(
        "{}", AM, calls("double", number=1), AM, parser=Parser(Chord), tools=[double], window_tokens=1
    )

    talk.run("one")
    talk.run("two")

    roles = [message.role for message in talk.conversation.messages]
    assert roles == ["user", "assistant", "user", "assistant", "user", "assistant", "tool", "assistant"]


# A person's hand


def test_a_turn_is_paused_steered_and_resumed(channel):
    held = []

    @tool
    async def stop() -> str:
        """Ask a person."""
        held[0].pause()
        return "asked"

    talk, client = channel(calls("stop"), "done", tools=[stop])
    held.append(talk)

    with talk.stream("x") as stream:
        for event in stream:
            if isinstance(event, Paused):
                n_asked = len(client.requests)
                talk.steer("in words")
                talk.resume()

    assert n_asked == 1
    assert [message.role for message in client.requests[1].messages[-2:]] == ["tool", "user"]
    assert stream.reply.value == "done"


def test_an_aborted_turn_is_no_error_and_keeps_what_came(channel):
    talk, client = channel("one two three", piece=4, stall_after=2)

    with talk.stream("count") as stream:
        next(stream.text)
        talk.abort()
        rest = list(stream)

    assert isinstance(rest[-1], End)
    assert stream.reply.reason is Reason.ABORTED
    assert stream.reply.value == "one "
    assert client.closed == 1


def test_a_question_aborted_before_a_word_came_is_taken_back(channel):
    talk, _ = channel("one", stall_after=0)

    with talk.stream("count") as stream:
        talk.abort()
        list(stream)

    assert stream.reply.reason is Reason.ABORTED
    assert stream.reply.text == ""
    assert len(talk.conversation) == 0


def test_without_a_turn_there_is_nothing_to_steer(channel):
    talk, _ = channel("one")
    talk.pause()
    talk.resume()
    talk.abort()

    with pytest.raises(ConversationError, match="no turn runs"):
        talk.steer("x")


def test_a_tool_may_steer_its_own_channel(home, channel):
    held = []

    @tool
    async def shorter() -> str:
        """Ask for a shorter answer."""
        held[0].steer("shorter, please")
        return "ok"

    talk, client = channel(calls("shorter"), "done", tools=[shorter])
    held.append(talk)

    talk.run("x")

    assert client.requests[1].messages[-1] == UserMessage.of("shorter, please")
    assert home.call(_tasks()) == set()


# The store


def test_each_message_is_stored_as_soon_as_it_is_complete(home, channel):
    stored = []

    @tool
    async def look() -> str:
        """Look into the store."""
        tree = await home.store.do(home.store.load, "song")
        stored.append([message.role for message in tree.conversation.messages])
        return "seen"

    talk, _ = channel("hello", calls("look"), "done", tools=[look], name="song")
    talk.run("hello")  # the store is open from now on

    reply = talk.run("x")

    assert stored == [["user", "assistant", "user", "assistant"]]
    assert home.store.load("song") == talk.tree
    assert reply.remarks == ()


def test_a_conversation_is_taken_up_by_its_name_in_another_channel(home, channel):
    first, _ = channel("one", "two", name="song")
    first.run("a")
    first.describe(title="A song", metadata={"bpm": 120})
    first.regenerate()
    first.run()

    second, client = channel("three")
    second.resume_from("song").run("b")

    assert second.tree.title == "A song"
    assert texts(second.conversation) == ["a", "two", "b", "three"]
    assert [message.text for message in client.requests[0].messages] == ["a", "two", "b"]
    assert home.store.load("song") == second.tree


def test_a_name_that_is_not_stored_is_told_with_those_that_come_near(channel):
    channel("one", name="acid song")[0].run("a")

    with pytest.raises(SetupError, match="did you mean acid song"):
        channel()[0].resume_from("acid sonk")


def test_another_conversation_is_not_taken_up_while_a_question_is_under_way(channel):
    channel("one", name="song")[0].run("a")
    talk, _ = channel("one two", stall_after=2)

    with talk.stream("x") as stream:
        next(iter(stream))
        with pytest.raises(ConversationError, match="under way"):
            talk.resume_from("song")

    assert talk.conversation.messages[0].text == "x"


def test_what_is_taken_back_is_taken_back_in_the_store_too(home, channel):
    talk, _ = channel("one", GONE, "two", name="song")
    talk.run("a")
    with pytest.raises(ProviderError):
        talk.run("b")

    talk.run("c")

    assert home.store.load("song") == talk.tree
    assert {name: texts(branch) for name, branch in home.store.load("song").branches.items()} == {
        "main": ["a", "one", "c", "two"]
    }


def test_pruned_branches_leave_the_store(home, channel):
    talk, _ = channel("one", "two", name="song")
    talk.run("a")
    talk.regenerate()
    talk.run()

    talk.prune("main-2")

    assert list(home.store.load("song").branches) == ["main"]


def test_a_name_that_is_taken_keeps_what_was_there(home, channel):
    channel("one", name="song")[0].run("a")

    again, _ = channel("two", "three", name="song")
    again.run("b")
    again.run("c")

    stored = home.store.load("song")
    assert texts(stored.branches["main"]) == ["a", "one"]
    assert texts(stored.branches[again.tree.current]) == ["b", "two", "c", "three"]


def test_two_channels_on_one_conversation_lose_nothing(home, channel):
    channel("one", name="song")[0].run("a")
    left, right = (channel("x", "y")[0].resume_from("song") for _ in range(2))

    for talk, side in ((left, "left"), (right, "right")) * 2:
        talk.run(side)

    said = {tuple(texts(branch)) for branch in home.store.load("song").branches.values()}
    assert said == {("a", "one", side, "x", side, "y") for side in ("left", "right")}


def test_a_store_that_cannot_be_written_costs_no_answer(tmp_path):
    (tmp_path / "store.db").mkdir()
    with Store(tmp_path / "store.db") as store, LocalHome(store=store) as home:
        talk = Channel(client=ScriptedClient(["one"]), home=home, name="song")

        reply = talk.run("a")

    assert reply.value == "one"
    assert len(reply.remarks) == 1
    assert "store" in reply.remarks[0]


# The whole


def test_events_tell_of_the_whole_conversation_and_end_once(channel):
    talk, _ = channel("a", "b", window_tokens=1)
    talk.run("x")

    with talk.stream("y") as stream:
        events = list(stream)

    advanced = [event for event in events if isinstance(event, Advanced)]
    assert [len(event.conversation) for event in advanced] == [4]
    assert events[-1].conversation == talk.conversation
    assert not [event for event in events if isinstance(event, Partial)]
    assert [type(event) for event in events].count(MessageEnd) == 1


def test_a_batch_asks_each_by_itself_as_the_channel_does(channel):
    talk, client = channel(AM, AM, prompt=Prompt("{{ mood }}"), parser=Parser(Chord), system="S")

    result = talk.batch([{"mood": "sad"}, {"mood": "blue"}], concurrency=1, progress=False)

    assert result.values == [Chord(root="A", minor=True)] * 2
    assert [len(request.messages) for request in client.requests] == [2, 2]
    assert len(talk.conversation) == 0
    with pytest.raises(SetupError, match="runs no tools"):
        channel(tools=[double])[0].batch(["x"])


def test_a_model_brings_its_system_tools_and_schema(home):
    client = ScriptedClient([calls("double", number=1), '{"root": "A"}'])
    model = Model(client=client, system="S", tools=[double], schema={"type": "object"})

    reply = Channel(model, home=home).run("x")

    assert reply.value == '{"root": "A"}'
    assert client.requests[0].messages[0].content == "S"
    assert [spec.name for spec in client.requests[0].tools] == ["double", "answer"]


def plain(pitch: int) -> int:
    """Give a pitch back."""
    return pitch


@pytest.mark.parametrize(
    ("tools", "said"),
    [
        pytest.param([plain], "plain is no tool.*@conduit.tool above it", id="a plain function"),
        pytest.param(tool(plain), r"write tools=\[…\]", id="one tool without a list"),
        pytest.param("plain", r"write tools=\[…\]", id="a name"),
        pytest.param(["plain"], "tool", id="a name in a list"),
    ],
)
def test_what_is_no_tool_is_refused_when_the_channel_is_made_or_the_model_asked(tools, said):
    with pytest.raises(SetupError, match=said):
        Channel(client=ScriptedClient([]), tools=tools)
    with pytest.raises(SetupError, match=said):
        Model(client=ScriptedClient([]), tools=tools).request("hello")


def test_a_key_that_the_home_knows_does_not_reach_the_model_by_a_tools_error():
    key = "zz-private-4711-of-the-config-file"

    @tool
    def leaks() -> str:
        """Fail with a key in the words."""
        raise ValueError(key)

    call = AssistantMessage(parts=(ToolCallPart(id="1", name="leaks", arguments="{}"),))
    client = ScriptedClient([call, "done"])
    studio = Studio(settings=Settings(live="simulated", store="memory", keys={"openai": Secret(key)}))
    try:
        studio.providers.keys()

        Channel(client=client, tools=[leaks], home=studio).run("go on")
    finally:
        studio.close()

    assert key not in client.requests[-1].model_dump_json()
    assert "ValueError" in client.requests[-1].model_dump_json()


def test_an_answer_that_had_to_be_mended_is_one_turn_and_its_question_is_what_is_answered_anew():
    client = ScriptedClient(["no", AM, AM])
    channel = Channel(client=client, parser=Parser(Chord), window_tokens=1)
    channel.run("first")

    channel.regenerate()
    channel.run()

    asked = [
        [message.text for message in request.messages if message.role == "user"]
        for request in client.requests
    ]
    assert len(channel.conversation.turns) == 1
    assert [texts[0][:5] for texts in asked] == ["first", "first", "first"]
    assert [len(texts) for texts in asked] == [1, 2, 1]
