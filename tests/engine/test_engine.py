import asyncio

import pytest
from pydantic import BaseModel

from conduit.clients import ScriptedClient
from conduit.engine.engine import Engine, ToolFinished
from conduit.engine.machine import End, Reason
from conduit.engine.plans import Plans
from conduit.engine.risk import Tier
from conduit.engine.tool import Tool, Toolbox
from conduit.errors import ClipError, ErrorKind, ProviderError
from conduit.messages import (
    AssistantMessage,
    Conversation,
    MessageEnd,
    TextPart,
    ToolCallPart,
    UserMessage,
)

ASKED = Conversation().add(UserMessage.of("bass"))


class Echo(BaseModel):
    word: str


class Idle:
    """A change of nothing."""

    tier = Tier.CONFIG_CHANGE
    title = "do nothing"
    notes = ("It is safe.",)
    overwrites = False

    async def fingerprint(self):
        return "same"

    async def apply(self):
        return self


async def echo(arguments):
    if arguments.word == "bad":
        raise ClipError("that word is bad")
    return arguments.word


async def change(_):
    return Idle()


TOOLS = [
    Tool("echo", "say it again", Echo, Tier.READ_ONLY, echo),
    Tool("change", "change something", Echo, Tier.CONFIG_CHANGE, change),
    Tool("shell", "run a program", Echo, Tier.PRIVILEGED, echo),
]


def call(name, arguments='{"word": "hi"}'):
    return AssistantMessage(parts=(ToolCallPart(id=name, name=name, arguments=arguments),))


def run(client, *, max_steps=20):
    """Run one turn; give the engine's events, and the error if it failed."""
    events = []
    plans = Plans(clock=lambda: 0.0)
    engine = Engine(client, model="script", toolbox=Toolbox(TOOLS, plans=plans), max_steps=max_steps)
    try:
        asyncio.run(engine.run(ASKED, emit=events.append))
    except ProviderError as error:
        return events, error, plans
    return events, None, plans


def test_a_turn_streams_and_ends_once():
    events, _, _ = run(ScriptedClient(["four bars, coming up"]))

    assert [type(event) for event in events].count(End) == 1
    assert isinstance(events[-1], End)
    assert events[-1].conversation.text == "four bars, coming up"


def test_a_tools_answer_goes_back_to_the_model():
    client = ScriptedClient([call("echo"), "done"])

    events, _, _ = run(client)

    assert client.requests[1].messages[-1].result.text == "hi"
    assert events[-1].reason is Reason.DONE


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (call("nothing"), "there is no tool 'nothing'; the tools are: echo, change, shell"),
        (call("shell"), "Privileged and is never run"),
        (call("echo", "{}"), "word: Field required"),
        (call("echo", "not json"), "Invalid JSON"),
        (call("echo", '{"word": "bad"}'), "that word is bad"),
    ],
    ids=["unknown", "privileged", "missing", "broken", "refused"],
)
def test_what_the_model_did_wrong_goes_back_as_data(message, said):
    client = ScriptedClient([message, "sorry"])

    events, error, _ = run(client)

    result = client.requests[1].messages[-1].result
    assert error is None
    assert result.is_error
    assert said in result.text
    assert events[-1].reason is Reason.DONE


def test_a_change_waits_as_a_plan_and_ends_the_turn():
    client = ScriptedClient([call("change")])

    events, _, plans = run(client)

    assert events[-1].reason is Reason.PENDING
    assert [plan.title for plan in plans.pending] == ["do nothing"]
    assert "P1 is pending: do nothing. It is safe." in events[-1].conversation.tail.result.text
    assert [e.outcome.plan_id for e in events if isinstance(e, ToolFinished)] == ["P1"]


def test_a_failing_client_ends_the_turn_with_its_error_and_a_valid_conversation():
    client = ScriptedClient([ProviderError("gone", kind=ErrorKind.NETWORK, provider="scripted")])

    events, error, _ = run(client)

    assert error.kind == "network"
    assert events[-1] == End(ASKED, Reason.FAILED)


class Cut:
    """A client whose stream just stops."""

    provider = "cut"
    models = ("script",)
    streams_tool_arguments = True

    async def stream(self, request):
        async for event in ScriptedClient(["half an answer"]).stream(request):
            if not isinstance(event, MessageEnd):
                yield event


def test_a_stream_that_just_stops_is_an_error_and_its_words_are_kept():
    events, error, _ = run(Cut())

    assert error.kind == "stream_incomplete"
    assert events[-1].conversation.text == "half an answer"


def test_cancelling_keeps_the_words_and_closes_the_stream():
    client = ScriptedClient(["one two three four five six"], piece=4, stall_after=3)
    events = []

    async def interrupt():
        third = asyncio.Event()

        def emit(event):
            events.append(event)
            if len(events) == 3:
                third.set()

        engine = Engine(client, model="script", toolbox=Toolbox([], plans=Plans(clock=lambda: 0.0)))
        task = asyncio.ensure_future(engine.run(ASKED, emit=emit))
        await asyncio.wait_for(third.wait(), timeout=2)
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled()

    assert asyncio.run(interrupt())
    assert events[-1].reason is Reason.INTERRUPTED
    assert events[-1].conversation.text == "one two "
    assert client.closed == 1


def test_calls_of_one_message_run_side_by_side_and_keep_their_order():
    both = AssistantMessage(
        parts=tuple(
            ToolCallPart(id=word, name="meet", arguments=f'{{"word": "{word}"}}') for word in ("a", "b")
        )
    )
    client = ScriptedClient([both, "done"])

    async def main():
        there = asyncio.Barrier(2)

        async def meet(arguments):
            async with asyncio.timeout(2):
                await there.wait()
            return arguments.word

        tool = Tool("meet", "meet the other", Echo, Tier.READ_ONLY, meet)
        toolbox = Toolbox([tool], plans=Plans(clock=lambda: 0.0))
        return await Engine(client, model="script", toolbox=toolbox).run(ASKED, emit=lambda _: None)

    end = asyncio.run(main())

    assert [message.result.text for message in end.conversation.messages[2:4]] == ["a", "b"]


def test_a_message_is_the_same_whole_as_in_pieces():
    client = ScriptedClient(
        [AssistantMessage(parts=(TextPart(text="abc"), *call("echo").parts)), "x"], piece=1
    )

    events, _, _ = run(client)

    assert events[-1].conversation.messages[1].parts == (TextPart(text="abc"), *call("echo").parts)


def test_calls_without_ids_get_some_and_the_turn_ends_once():
    nameless = AssistantMessage(
        parts=tuple(ToolCallPart(id="", name="echo", arguments=f'{{"word": "{word}"}}') for word in "ab")
    )

    events, error, _ = run(ScriptedClient([nameless, "done"]))

    assert error is None
    assert [type(event) for event in events].count(End) == 1
    assert [m.result.text for m in events[-1].conversation.messages[2:4]] == ["a", "b"]
