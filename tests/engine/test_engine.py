import asyncio
import threading

import pytest
from engine.turns import ASKED, alone, box, calls, engine, kinds, results, tool_of, turn

from conduit.clients import Cut, ScriptedClient
from conduit.engine.define import tool
from conduit.engine.engine import Engine
from conduit.engine.events import Advanced, ToolFinished
from conduit.engine.limits import Limits, Reason
from conduit.engine.machine import End
from conduit.engine.plans import Plans
from conduit.engine.risk import Tier
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import (
    AssistantMessage,
    Conversation,
    GenerationParams,
    MessageEnd,
    TextPart,
    ToolCallPart,
)

BROKEN = ProviderError("gone", kind=ErrorKind.NETWORK, provider="scripted")


class Idle:
    """A change of nothing."""

    tier = Tier.CONFIG_CHANGE
    title = "do nothing"
    notes = ("It is safe.",)
    lines = ()
    overwrites = False

    async def fingerprint(self):
        return "same"

    async def apply(self):
        return self


async def echo(arguments):
    return arguments.word


async def change(_):
    return Idle()


async def for_ever(_):
    await asyncio.Event().wait()


ECHO = tool_of(echo, name="echo")


def run(client, *tools, events=None, **options):
    return asyncio.run(alone(turn(client, *tools, events=events, **options)))


def failed(client, *tools):
    """Run a turn that fails; give its events and the error."""
    events = []
    with pytest.raises(ProviderError) as caught:
        run(client, *tools, events=events)
    return events, caught.value


def test_a_turn_streams_and_ends_once():
    events = []

    end = run(["four bars, coming up"], events=events)

    assert kinds(events) == [
        "PartStart",
        "TextDelta",
        "TextDelta",
        "PartEnd",
        "MessageEnd",
        "Advanced",
        "End",
    ]
    assert events[-1] is end
    assert (end.conversation.text, end.reason, end.steps) == ("four bars, coming up", Reason.DONE, 1)


def test_a_tools_answer_goes_back_to_the_model():
    client = ScriptedClient([calls("echo"), "done"])

    end = run(client, ECHO)

    assert client.requests[1].messages[-1].result.text == "0"
    assert (end.reason, end.steps) == (Reason.DONE, 3)


def test_every_message_that_is_added_is_told_once_and_in_order():
    events = []

    end = run([calls("echo", "echo"), "done"], ECHO, events=events)

    told = [event for event in events if isinstance(event, Advanced)]
    assert [event.conversation for event in told] == [end.conversation.at(depth) for depth in (2, 3, 4, 5)]
    assert [event.metadata is not None for event in told] == [True, False, False, True]


def test_a_change_waits_as_a_plan_and_ends_the_turn():
    events, plans = [], Plans(clock=lambda: 0.0)
    toolbox = box(tool_of(change, tier=Tier.CONFIG_CHANGE), plans=plans)
    engine = Engine(ScriptedClient([calls("do")]), model="script", toolbox=toolbox)

    end = asyncio.run(engine.run(ASKED, emit=events.append))

    assert end.reason is Reason.PENDING
    assert [plan.title for plan in plans.pending] == ["do nothing"]
    assert "P1 is pending: do nothing. It is safe." in end.conversation.tail.result.text
    assert [event.outcome.plan_id for event in events if isinstance(event, ToolFinished)] == ["P1"]


def test_what_is_asked_of_the_model_has_the_parameters_the_tools_and_the_schema():
    client = ScriptedClient(["done"])
    schema = {"type": "object"}

    run(client, ECHO, params=GenerationParams(seed=7), response_schema=schema)

    request = client.requests[0]
    assert (request.params.seed, request.tools, request.response_schema) == (7, (ECHO.spec,), schema)


@pytest.mark.parametrize("choice", ["required", "echo"])
def test_a_call_is_demanded_until_tools_have_run(choice):
    client = ScriptedClient([calls("echo"), "done"])

    run(client, ECHO, params=GenerationParams(tool_choice=choice))

    assert [request.params.tool_choice for request in client.requests] == [choice, None]


@pytest.mark.parametrize("choice", ["none", "auto", None])
def test_what_demands_no_call_stays(choice):
    client = ScriptedClient([calls("echo"), "done"])

    run(client, ECHO, params=GenerationParams(tool_choice=choice))

    assert [request.params.tool_choice for request in client.requests] == [choice, choice]


def test_a_failing_client_ends_the_turn_with_its_error_and_a_valid_conversation():
    events, error = failed([BROKEN])

    assert error is BROKEN
    assert events == [End(ASKED, Reason.FAILED)]


def test_a_client_that_fails_after_tools_ran_keeps_their_results():
    events, _ = failed([calls("echo"), BROKEN], ECHO)

    assert events[-1].reason is Reason.FAILED
    assert results(events[-1]) == ["0"]


def test_an_answer_that_breaks_off_keeps_its_words_and_tells_of_them():
    message = AssistantMessage(parts=(TextPart(text="half an answer, and no more"),))

    events, _ = failed([Cut(message, after=2, error=BROKEN)])

    assert events[-1].conversation.text == "half an answer, "
    assert events[-2] == Advanced(events[-1].conversation)


def test_a_whole_call_of_an_answer_that_breaks_off_is_closed_and_not_run():
    message = AssistantMessage(parts=(*calls("echo").parts, TextPart(text="and then")))

    events, _ = failed([Cut(message, after=4, error=BROKEN)], ECHO)

    assert "ToolStarted" not in kinds(events)
    assert results(events[-1]) == ["result unavailable: the turn was stopped before the tool had answered"]


class Stopping:
    """A client whose stream just stops."""

    provider = "stopping"
    models = ("script",)
    streams_tool_arguments = True

    async def stream(self, request):
        async for event in ScriptedClient(["half an answer"]).stream(request):
            if not isinstance(event, MessageEnd):
                yield event


def test_a_stream_that_just_stops_is_an_error_and_its_words_are_kept():
    events, error = failed(Stopping())

    assert error.kind == "stream_incomplete"
    assert events[-1].conversation.text == "half an answer"


def cancelled(client, *tools, at):
    """Cancel a turn when it tells of an event of this kind for the n-th time; give its events."""
    events = []

    async def main():
        there = asyncio.Event()

        def on(event):
            if kinds(events).count(at[0]) == at[1] and kinds([event]) == [at[0]]:
                there.set()

        task = asyncio.ensure_future(turn(client, *tools, events=events, on=on))
        await there.wait()
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    asyncio.run(alone(main()))
    return events


def test_cancelling_keeps_the_words_and_closes_the_stream():
    client = ScriptedClient(["one two three four five six"], piece=4, stall_after=3)

    events = cancelled(client, at=("TextDelta", 2))

    assert events[-1].reason is Reason.INTERRUPTED
    assert events[-1].conversation.text == "one two "
    assert client.closed == 1


def test_cancelling_keeps_the_results_that_had_come():
    events = cancelled([calls("echo", "wait")], ECHO, tool_of(for_ever, name="wait"), at=("ToolFinished", 1))

    assert events[-1].reason is Reason.INTERRUPTED
    assert results(events[-1]) == [
        "0",
        "result unavailable: the turn was stopped before the tool had answered",
    ]


def test_a_tool_may_clean_up_before_a_cancelled_turn_is_over():
    cleaned = []

    async def careful(_):
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    cancelled([calls("do", "do")], tool_of(careful), at=("ToolStarted", 2))

    assert cleaned == [True, True]


def test_async_tools_of_one_message_run_side_by_side_and_keep_their_order():
    async def main():
        first, second = asyncio.Event(), asyncio.Event()

        async def meet(arguments):
            mine, other = (first, second) if arguments.word == "0" else (second, first)
            mine.set()
            await other.wait()
            return arguments.word

        events = []
        end = await turn([calls("do", "do"), "done"], tool_of(meet), events=events)
        return end, events

    end, events = asyncio.run(alone(main()))

    assert results(end) == ["0", "1"]
    # Each had begun before either was finished.
    assert [kind for kind in kinds(events) if kind in {"ToolStarted", "ToolFinished"}][1] == "ToolStarted"


def test_blocking_tools_of_one_message_run_side_by_side():
    both = threading.Barrier(2, timeout=30)

    @tool
    def meet(word: str) -> str:
        """Meet the other."""
        both.wait()
        return f"{word} in {threading.current_thread().name}"

    assert results(run([calls("meet", "meet"), "done"], meet)) == ["0 in tool-meet", "1 in tool-meet"]


def test_results_stand_in_the_order_of_the_calls_however_they_come():
    async def main():
        last = asyncio.Event()

        async def late(arguments):
            if arguments.word == "2":
                last.set()
            await last.wait()
            return arguments.word

        return await turn([calls("do", "do", "do"), "done"], tool_of(late))

    assert results(asyncio.run(alone(main()))) == ["0", "1", "2"]


def test_a_tool_that_fails_leaves_its_sibling_alone():
    async def main():
        failed = asyncio.Event()

        async def clumsy(arguments):
            if arguments.word == "0":
                failed.set()
                raise TypeError("no such\nthing")
            await failed.wait()
            await asyncio.sleep(0)
            return "fine"

        return await turn([calls("do", "do"), "done"], tool_of(clumsy))

    end = asyncio.run(alone(main()))

    assert results(end) == ["tool do failed: TypeError: no such thing", "fine"]
    assert end.reason is Reason.DONE


def test_a_listeners_own_error_ends_the_tools_and_comes_through_as_it_is():
    def on(event):
        if kinds([event]) == ["ToolStarted"]:
            raise LookupError("drawing failed")

    with pytest.raises(LookupError, match="drawing failed"):
        run([calls("do", "do")], tool_of(for_ever), on=on)


def told_while(failing, client, *tools):
    """Run a turn whose listener fails at events of these kinds; give all it was told, and what came out."""
    events = []

    def on(event):
        if set(kinds([event])) & failing:
            raise LookupError(f"drawing {kinds([event])[0]} failed")

    with pytest.raises((LookupError, ProviderError)) as caught:
        run(client, *tools, events=events, on=on)
    return kinds(events), caught.value


@pytest.mark.parametrize(
    ("failing", "first"),
    [
        ({"TextDelta", "Advanced", "End"}, "drawing TextDelta failed"),
        ({"Advanced", "End"}, "drawing Advanced failed"),
        ({"End"}, "drawing End failed"),
    ],
    ids=["always", "at the message", "at the end"],
)
def test_the_first_error_of_a_listener_comes_through_and_the_end_is_told_once(failing, first):
    told, error = told_while(failing, ["hello"])

    assert str(error) == first
    assert told.count("End") == 1
    assert told[-1] == "End"


def test_a_listener_that_fails_at_the_end_does_not_hide_why_the_turn_failed():
    message = AssistantMessage(parts=(TextPart(text="half an answer, and no more"),))

    told, error = told_while({"Advanced", "End"}, [Cut(message, after=2, error=BROKEN)])

    assert error is BROKEN
    assert told[-2:] == ["Advanced", "End"]


def test_a_listener_that_fails_as_a_limit_ends_the_turn_is_told_the_end():
    events = []

    def on(event):
        if isinstance(event, Advanced) and event.conversation.tail.role == "tool":
            raise LookupError("drawing failed")

    with pytest.raises(LookupError, match="drawing failed"):
        run([calls("echo")], ECHO, events=events, on=on, limits=Limits(steps=1))

    assert kinds(events)[-2:] == ["Advanced", "End"]


def test_a_message_is_the_same_whole_as_in_pieces():
    message = AssistantMessage(parts=(TextPart(text="abc"), *calls("echo").parts))

    end = run(ScriptedClient([message, "x"], piece=1), ECHO)

    assert end.conversation.messages[1] == message


def test_calls_without_ids_get_some_and_the_turn_ends_once():
    nameless = AssistantMessage(
        parts=tuple(ToolCallPart(id="", name="echo", arguments=f'{{"word": "{word}"}}') for word in "ab")
    )
    events = []

    end = run([nameless, "done"], ECHO, events=events)

    assert kinds(events).count("End") == 1
    assert results(end) == ["a", "b"]


def test_nothing_to_answer_ends_at_once():
    client = ScriptedClient([])

    end = run(client, talk=Conversation())

    assert (end, client.requests) == (End(Conversation(), Reason.DONE), [])


def test_calls_that_an_earlier_turn_left_open_are_run_first():
    assert results(run(["done"], ECHO, talk=ASKED.add(calls("echo")))) == ["0"]


def test_one_engine_takes_several_turns_at_once():
    async def main():
        shared = engine(ScriptedClient(["one", "two"]), limits=Limits(steps=2))
        return await asyncio.gather(*(shared.run(ASKED, emit=lambda _: None) for _ in range(2)))

    assert sorted(end.conversation.text for end in asyncio.run(main())) == ["one", "two"]
