import asyncio
import json
from contextlib import contextmanager

import pytest
from engine.turns import ASKED, alone, calls, engine, kinds, tool_of
from servers.fault import FaultServer, Reply

from conduit.clients import Cut, ScriptedClient
from conduit.clients.remote import RemoteClient
from conduit.engine.control import Control
from conduit.engine.events import Advanced, Paused, Steered, ToolStarted
from conduit.engine.limits import Limits, Reason
from conduit.engine.machine import End
from conduit.engine.plans import Plans
from conduit.engine.remote import RemoteEngine
from conduit.engine.risk import Tier
from conduit.engine.wire import dump_event
from conduit.errors import (
    BudgetExceeded,
    ContextTooLong,
    ConversationError,
    ErrorKind,
    ProviderError,
    SetupError,
)
from conduit.loop import LoopThread
from conduit.messages import AssistantMessage, Conversation, PartStart, TextDelta, TextPart, UserMessage
from conduit.server import make_app
from conduit.server.serve import listen
from conduit.server.turns import Turns

pytestmark = pytest.mark.slow  # over real sockets

TOKEN = "a-token-of-this-test"  # noqa: S105  of a server that lives for one test


class Far:
    """Another Conduit: a scripted model and some tools behind a server, on a loop thread of its own."""

    def __init__(self, replies, *tools, limits=None, **facts):
        self.client = ScriptedClient(replies, **facts)
        self.names = []
        self.tools = [*tools]
        self.turns = Turns(
            self._route,
            plans=Plans(clock=lambda: 0.0),
            tools=lambda: self.tools,
            limits=limits or Limits(steps=100),
        )
        self.loop = LoopThread()
        app = make_app(self._route, self.client.list_models, token=TOKEN, turns=self.turns)
        self.serving = self.loop.submit(listen(app)).result(timeout=20)
        self.url = self.serving.url

    def _route(self, name):
        self.names.append(name)
        return self.client

    def waits(self):
        """Offer a tool that answers once its turn has heard that it is to pause."""

        async def once_paused(_):
            await until(lambda: all(control.paused for control in self.turns.controls.values()))
            return "ok"

        self.tools.append(tool_of(once_paused, name="wait"))

    def stop(self):
        self.loop.submit(self.serving.close()).result(timeout=20)

    def close(self):
        self.stop()
        self.loop.close()


@contextmanager
def far(*replies, **facts):
    there = Far(replies, *facts.pop("tools", ()), **facts)
    try:
        yield there
    finally:
        there.close()


def deaf(lost):
    """Make a client that loses the first word to a turn on the way, and keeps it in a list."""

    class Deaf(RemoteClient):
        async def post(self, path, body, *, model=""):
            if not lost:
                lost.append(body)
                raise ProviderError("no way there", kind=ErrorKind.NETWORK, provider=self.provider)
            return await super().post(path, body, model=model)

    return Deaf


def run(url, *, talk=ASKED, events=None, control=None, on=None, token=TOKEN, way=RemoteClient, **options):
    """Run one turn at a server; ``on`` is told of each event after it was kept."""
    kept = [] if events is None else events

    def emit(event):
        kept.append(event)
        if on is not None:
            on(event)

    async def turn():
        client = way(base_url=url, token=token)
        try:
            return await RemoteEngine(client, **options).run(talk, emit=emit, control=control)
        finally:
            await client.close()

    return asyncio.run(alone(turn()))


def local(*replies, tools=(), **options):
    events = []
    end = asyncio.run(engine(list(replies), *tools, **options).run(ASKED, emit=events.append))
    return end, events


async def echo(arguments):
    return f"heard {arguments.word}"


ECHO = tool_of(echo, name="echo")
DIALOGUES = {
    "words": ["four bars of acid"],
    "a tool": [calls("echo"), "done"],
    "tools": [calls("echo", "echo", "nobody"), calls("echo"), "done"],
    "nothing": [AssistantMessage()],
}


@pytest.mark.parametrize("replies", DIALOGUES.values(), ids=DIALOGUES.keys())
def test_a_turn_elsewhere_is_the_turn_here(replies):
    expected, told = local(*replies, tools=[ECHO])
    events = []

    with far(*replies, tools=[ECHO]) as there:
        end = run(there.url, events=events, model="script", tools=["echo"])

    assert end == expected
    assert end.conversation.messages == expected.conversation.messages
    assert sorted(kinds(events)) == sorted(kinds(told))
    assert [e for e in events if not isinstance(e, ToolStarted)] == [
        e for e in told if not isinstance(e, ToolStarted)
    ]


def test_a_long_conversation_with_images_comes_back_equal():
    talk = Conversation()
    for place in range(30):
        talk = talk.add(UserMessage.of(f"question {place}")).add(
            AssistantMessage(parts=(TextPart(text=f"answer {place}", provider_data={"x": {"s": "é"}}),))
        )
    talk = talk.add(UserMessage.of("and now?"))

    with far("this") as there:
        end = run(there.url, talk=talk)

    assert end.conversation == talk.add(AssistantMessage(parts=(TextPart(text="this"),)))


@pytest.mark.parametrize(
    "talk",
    [Conversation(), ASKED.add(AssistantMessage(parts=(TextPart(text="done"),)))],
    ids=["nothing", "answered"],
)
def test_a_conversation_that_waits_for_no_answer_comes_back_as_it_is(talk):
    with far() as there:
        end = run(there.url, talk=talk)

    assert end == End(talk, Reason.DONE)


def test_a_turn_that_was_stopped_before_its_tools_is_taken_up_there():
    with far("done", tools=[ECHO]) as there:
        end = run(there.url, talk=ASKED.add(calls("echo")), tools=["echo"])

    assert [message.role for message in end.conversation.messages] == [
        "user",
        "assistant",
        "tool",
        "assistant",
    ]
    assert end.steps == 2


def test_events_come_while_the_answer_is_still_being_written():
    events, control = [], Control()

    def on(event):
        if isinstance(event, TextDelta):
            control.abort()  # the model never goes on from here, so nothing but this ends the turn

    with far("a b c d e f", piece=2, stall_after=2) as there:
        end = run(there.url, events=events, control=control, on=on)

    assert end.reason is Reason.ABORTED
    assert end.conversation.text == "a "
    assert events[-1] == end
    assert control.over


@pytest.mark.parametrize(
    "limits", [Limits(steps=1), Limits(steps=2), Limits(steps=3)], ids=lambda limits: str(limits.steps)
)
def test_limits_hold_there_as_they_do_here(limits):
    replies = [calls("echo"), calls("echo"), "done"]
    expected, _ = local(*replies, tools=[ECHO], limits=limits)

    with far(*replies, tools=[ECHO]) as there:
        end = run(there.url, model="script", tools=["echo"], limits=limits)

    assert end == expected
    assert end.reason is Reason.STEP_LIMIT


def test_the_limits_of_the_other_side_win():
    with far(calls("echo"), "done", tools=[ECHO], limits=Limits(steps=1)) as there:
        end = run(there.url, tools=["echo"], limits=Limits(steps=50))

    assert end.reason is Reason.STEP_LIMIT
    assert end.steps == 1


def test_the_end_of_the_time_keeps_what_came():
    with far("a b c", piece=2, stall_after=2) as there:
        end = run(there.url, limits=Limits(wall_s=0.5))

    assert end.reason is Reason.TIME_LIMIT
    assert end.conversation.text == "a "


def test_the_time_ends_here_too_where_the_other_side_says_nothing_more():
    begun = line({"type": "turn", "id": "1"}) + written(
        PartStart(index=0, kind="text"), TextDelta(index=0, text="so far")
    )
    with FaultServer(Reply(body=begun, chunks=512, then="stall")) as server:
        end = run(server.url, limits=Limits(wall_s=0.05))

    assert end.reason is Reason.TIME_LIMIT
    assert end.conversation.text == "so far"


async def for_ever(_):
    await asyncio.Event().wait()


WAIT = tool_of(for_ever, name="wait")


def test_tools_that_the_end_of_the_time_cuts_off_are_no_step_there_as_here():
    limits = Limits(wall_s=0.3)
    expected, _ = local(calls("wait", "echo"), tools=[ECHO, WAIT], limits=limits)

    with far(calls("wait", "echo"), tools=[ECHO, WAIT], limits=limits) as there:
        end = run(there.url, model="script", tools=["wait", "echo"])

    assert end == expected
    assert end.steps == 1


ERRORS = [
    ContextTooLong("too long", provider="x", model="m", max_tokens=4096, actual_tokens=9000, status=400),
    BudgetExceeded("too much", scope="session", what="calls", used=2, allowed=1),
    SetupError("no such model", valid=["this"]),
    Cut(
        AssistantMessage(parts=(TextPart(text="so far and no further"),)),
        2,
        ProviderError("gone", kind=ErrorKind.NETWORK, provider="scripted"),
    ),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_there_is_raised_here_as_itself_after_the_same_end(error):
    meant = error.error if isinstance(error, Cut) else error
    events, told = [], []
    with pytest.raises(type(meant)):
        asyncio.run(engine([error]).run(ASKED, emit=told.append))

    with far(error) as there, pytest.raises(type(meant)) as caught:
        run(there.url, events=events, model="script")

    assert vars(caught.value) == vars(meant)
    assert events[-1] == told[-1]
    assert events[-1].reason is Reason.FAILED
    assert sum(isinstance(event, End) for event in events) == 1


def test_a_turn_that_is_cancelled_here_is_stopped_there_and_keeps_what_came():
    events = []

    async def cancelled(url):
        client = RemoteClient(base_url=url, token=TOKEN)
        came = asyncio.Event()

        def emit(event):
            events.append(event)
            if isinstance(event, TextDelta):
                came.set()

        turn = asyncio.ensure_future(RemoteEngine(client).run(ASKED, emit=emit))
        await came.wait()
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn
        await client.close()

    with far("a b c", piece=2, stall_after=2) as there:
        asyncio.run(alone(cancelled(there.url)))
        asyncio.run(until(lambda: there.client.closed == 1 and there.turns.running == 0))

    assert events[-1].reason is Reason.INTERRUPTED
    assert events[-1].conversation.text == "a "


def test_a_tool_that_runs_there_is_cancelled_when_the_turn_is_aborted_here():
    stopped, control = [], Control()

    async def for_ever(_):
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append(True)

    def on(event):
        if isinstance(event, ToolStarted):
            control.abort()

    with far(calls("wait"), tools=[tool_of(for_ever, name="wait")]) as there:
        end = run(there.url, control=control, on=on, tools=["wait"])
        asyncio.run(until(lambda: stopped))

    assert end.reason is Reason.ABORTED
    assert not end.conversation.open_calls
    assert "stopped before the tool had answered" in end.conversation.tail.result.text


def test_a_server_that_is_stopped_in_mid_turn_breaks_off_and_what_came_is_kept():
    events = []
    with far("a b c", piece=2, stall_after=2) as there, pytest.raises(ProviderError) as caught:
        run(
            there.url,
            events=events,
            on=lambda event: isinstance(event, TextDelta) and there.loop.submit(there.serving.close()),
        )

    assert caught.value.kind == ErrorKind.STREAM_INCOMPLETE
    assert events[-1].reason is Reason.FAILED
    assert events[-1].conversation.text == "a "


def test_a_tool_really_runs_there_with_its_arguments():
    heard = []

    async def listen_to(arguments):
        heard.append(arguments.word)
        return "ok"

    with far(calls("listen", "listen"), "done", tools=[tool_of(listen_to, name="listen")]) as there:
        run(there.url, tools=["listen"])
        sent = there.client.requests[0].tools

    assert heard == ["0", "1"]
    assert [spec.name for spec in sent] == ["listen"]


def test_no_tool_goes_with_a_turn_that_names_none():
    with far("done", tools=[ECHO]) as there:
        run(there.url)

        assert there.client.requests[0].tools == ()


@pytest.mark.parametrize(
    ("tier", "name", "said"),
    [
        (Tier.READ_ONLY, "ecko", "there is no tool 'ecko'; this server offers: echo"),
        (Tier.CONFIG_CHANGE, "echo", "ConfigChange, and what it changes has to be approved where it runs"),
        (Tier.PRIVILEGED, "echo", "this server offers: none"),
    ],
)
def test_a_tool_that_cannot_be_had_is_refused_before_anybody_is_asked(tier, name, said):
    events = []
    with far("done", tools=[tool_of(echo, name="echo", tier=tier)]) as there:
        with pytest.raises(SetupError, match=said):
            run(there.url, events=events, tools=[name])

        assert there.client.requests == []
    assert kinds(events) == ["End"]
    assert events[0].conversation == ASKED


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("conduit/anthropic/claude", "anthropic/claude"),
        ("anthropic/claude", "anthropic/claude"),
        ("conduit", ""),
        ("", ""),
    ],
)
def test_a_model_is_asked_for_by_the_name_it_has_there(given, asked):
    with far("done") as there:
        run(there.url, model=given)

        assert there.names == [asked]
        assert there.client.requests[0].model == (asked or "script")


def test_a_wrong_token_is_an_authentication_error():
    events = []
    with far("done") as there, pytest.raises(ProviderError) as caught:
        run(there.url, events=events, token="wrong")  # noqa: S106

    assert caught.value.kind == ErrorKind.AUTHENTICATION
    assert events == [End(ASKED, Reason.FAILED)]


def test_a_pause_there_lasts_until_it_is_over_here():
    events, control = [], Control()

    def on(event):
        if isinstance(event, ToolStarted):
            control.pause()
        if isinstance(event, Paused):
            assert len(there.client.requests) == 1
            control.resume()

    with far(calls("wait"), "done") as there:
        there.waits()
        end = run(there.url, events=events, control=control, on=on, tools=["wait"])

    assert end.reason is Reason.DONE
    assert kinds(events).count("Paused") == kinds(events).count("Resumed") == 1
    assert kinds(events).index("Paused") < kinds(events).index("Resumed")


def test_a_turn_that_is_paused_before_it_begins_asks_nobody_until_it_goes_on():
    events, control = [], Control()
    control.pause()

    def on(event):
        if isinstance(event, Paused):
            assert there.names == []
            control.resume()

    with far("done") as there:
        end = run(there.url, events=events, control=control, on=on)

    assert end.reason is Reason.DONE
    assert kinds(events)[:2] == ["Paused", "Resumed"]


def test_a_pause_at_the_end_of_an_answer_holds_back_the_word_that_came_with_it():
    events, control = [], Control()

    def on(event):
        if isinstance(event, Advanced) and event.conversation.text == "first":
            control.steer("one more")
            control.pause()
        if isinstance(event, Paused):
            assert len(there.client.requests) == 1
            control.resume()

    with far("first", "second") as there:
        end = run(there.url, events=events, control=control, on=on)

    assert end.conversation.text == "second"
    assert kinds(events).count("Paused") == 1


def paused_for_ever(there, *, events, on_paused=int):
    """Run a turn that is paused at its first tool and never goes on."""
    control = Control()
    deeds = {ToolStarted: control.pause, Paused: on_paused}
    there.waits()
    return run(
        there.url,
        events=events,
        control=control,
        on=lambda event: deeds.get(type(event), int)(),
        tools=["wait"],
    )


def test_a_pause_does_not_outlast_the_time_of_the_other_side():
    events = []

    with far(calls("wait"), "done", limits=Limits(wall_s=0.5)) as there:
        end = paused_for_ever(there, events=events)

    assert end.reason is Reason.TIME_LIMIT
    assert kinds(events)[-2:] == ["Paused", "End"]
    assert there.turns.running == 0


def test_a_server_that_is_stopped_in_a_pause_is_noticed_in_it():
    events = []

    with far(calls("wait"), "done") as there, pytest.raises(ProviderError) as caught:
        paused_for_ever(there, events=events, on_paused=lambda: there.loop.submit(there.serving.close()))

    assert caught.value.kind == ErrorKind.STREAM_INCOMPLETE
    assert kinds(events)[-2:] == ["Paused", "End"]


def test_a_pause_that_does_not_arrive_is_passed_on_again():
    events, control = [], Control()
    deeds = {ToolStarted: control.pause, Paused: control.resume}

    with far(calls("wait"), "done") as there:
        there.waits()
        end = run(
            there.url,
            events=events,
            control=control,
            on=lambda event: deeds.get(type(event), int)(),
            tools=["wait"],
            way=deaf([]),
        )

    assert end.reason is Reason.DONE
    assert kinds(events).count("Paused") == 1


def test_a_word_that_does_not_arrive_is_asked_once_the_turn_is_over():
    lost, control = [], Control()

    async def once_lost(_):
        await until(lambda: lost)
        return "ok"

    with far(calls("wait"), "first", "second", tools=[tool_of(once_lost, name="wait")]) as there:
        end = run(
            there.url,
            control=control,
            on=lambda event: isinstance(event, ToolStarted) and control.steer("darker"),
            tools=["wait"],
            way=deaf(lost),
        )

    assert end.reason is Reason.DONE
    assert [message.text for message in end.conversation.messages if message.role != "tool"] == [
        "bass", "", "first", "darker", "second",
    ]  # fmt: skip


@pytest.mark.parametrize("begun", [False, True], ids=["before", "while it runs"])
def test_half_of_a_surrogate_pair_in_a_word_becomes_a_question_mark(begun):
    control = Control()

    def say():
        control.steer("dark\ud800er")

    def on(event):
        if begun and isinstance(event, TextDelta) and len(there.client.requests) == 1:
            say()

    if not begun:
        say()
    with far("first", "second") as there:
        end = run(there.url, control=control, on=on)

    assert end.reason is Reason.DONE
    assert [m.text for m in end.conversation.messages if m.role == "user"] == ["bass", "dark?er"]


def test_a_conversation_that_no_wire_takes_is_refused_in_words():
    with far() as there, pytest.raises(SetupError, match="cannot be sent"):
        run(there.url, talk=Conversation().add(UserMessage.of("\ud800")))


def test_what_a_listener_raises_is_raised_again_after_the_end():
    events = []

    def on(_):
        raise LookupError(f"event {len(events)}")

    with far("a b c", piece=2, stall_after=2) as there, pytest.raises(LookupError, match="event 1"):
        run(there.url, events=events, on=on)

    assert events[-1].reason is Reason.FAILED


def test_a_word_to_a_turn_that_runs_is_seen_at_its_next_step():
    events, control = [], Control()

    async def once_steered(_):
        await until(lambda: all(one.waiting for one in there.turns.controls.values()))
        return "ok"

    with far(calls("wait"), "darker it is", tools=[tool_of(once_steered, name="wait")]) as there:
        end = run(
            there.url,
            events=events,
            control=control,
            on=lambda event: isinstance(event, ToolStarted) and control.steer("darker"),
            tools=["wait"],
        )
        seen = there.client.requests[1].messages[-1]

    assert seen == UserMessage.of("darker")
    assert [message.role for message in end.conversation.messages] == [
        "user", "assistant", "tool", "user", "assistant",
    ]  # fmt: skip
    assert sum(isinstance(event, Steered) for event in events) == 1


def test_words_that_come_too_late_for_one_answer_begin_the_next_in_their_order():
    events, control = [], Control()

    def on(event):
        if isinstance(event, Advanced) and event.conversation.text == "first":
            control.steer("one more")
            control.steer("and another")

    with far("first", "second", "third") as there:
        end = run(there.url, events=events, control=control, on=on, model="script")

    words = [m.text for m in end.conversation.messages if m.role == "user"]
    assert words == ["bass", "one more", "and another"]
    assert end.reason is Reason.DONE
    assert end.steps == len(there.client.requests)
    assert isinstance(end.conversation.tail, AssistantMessage)
    assert kinds(events).count("End") == 1


def test_what_could_not_be_said_before_the_limit_is_kept():
    control = Control()

    with far("first", "second") as there:
        end = run(
            there.url,
            control=control,
            on=lambda e: isinstance(e, Advanced) and not control.over and control.steer("late"),
            limits=Limits(steps=1),
        )

    assert end.reason is Reason.STEP_LIMIT
    assert "late" in [m.text for m in end.conversation.messages if m.role == "user"]
    assert len(there.client.requests) == 1


def test_a_word_at_the_very_end_of_a_turn_that_was_limited_there_is_kept_once():
    control = Control()

    def on(event):
        if isinstance(event, Advanced) and event.conversation.tail.role == "tool":
            control.steer("late")

    with far(calls("echo"), "never", tools=[ECHO], limits=Limits(steps=1)) as there:
        end = run(there.url, control=control, on=on, tools=["echo"])

    assert end.reason is Reason.STEP_LIMIT
    assert [m.text for m in end.conversation.messages if m.role == "user"] == ["bass", "late"]


def line(facts):
    return json.dumps(facts).encode() + b"\n"


def written(*events):
    return b"".join(dump_event(event, shared=ASKED).encode() + b"\n" for event in events)


BEGUN = line({"type": "turn", "id": "1"})
OTHER = Conversation().add(UserMessage.of("another")).add(AssistantMessage())


@pytest.mark.parametrize(
    "body",
    [
        b"nonsense\n",
        line({"type": "news"}),
        BEGUN + line({"type": "news"}),
        BEGUN + line({"type": "end"}),
        BEGUN + line({"type": "part_start", "index": "no"}),
        BEGUN + line({"type": "advanced", "after": "b2:0", "messages": [], "metadata": None}),
        BEGUN + dump_event(Advanced(OTHER)).encode() + b"\n",
        BEGUN + dump_event(End(OTHER, Reason.DONE)).encode() + b"\n",
        line({"type": "turn"}),
        line({"type": "error", "error": "[]"}),
    ],
)
def test_what_another_version_sends_is_a_provider_error_and_nothing_is_lost(body):
    events = []
    with FaultServer(Reply.ndjson(body)) as server, pytest.raises(ProviderError) as caught:
        run(server.url, events=events)

    assert caught.value.kind == ErrorKind.PROTOCOL
    assert events[-1].conversation == ASKED
    assert events[-1].reason is Reason.FAILED


@pytest.mark.parametrize("then", ["reset", "end"])
def test_a_way_that_breaks_keeps_what_had_come(then):
    whole = BEGUN + b"\n\n" + written(PartStart(index=0, kind="text"), TextDelta(index=0, text="so far"))
    cut = Reply(body=whole + b" " * 50, chunks=16, cut_after=len(whole), then=then)
    events = []

    with FaultServer(cut) as server, pytest.raises(ProviderError) as caught:
        run(server.url, events=events)

    assert caught.value.kind == ErrorKind.STREAM_INCOMPLETE
    assert events[-1].conversation.text == "so far"


def test_nobody_there_is_a_network_error():
    with FaultServer() as server:
        url = server.url

    with pytest.raises(ProviderError) as caught:
        run(url)

    assert caught.value.kind == ErrorKind.NETWORK


def test_a_control_belongs_to_one_turn():
    control = Control()
    with far("done", "done") as there:
        run(there.url, control=control)

        with pytest.raises(SetupError, match="belongs to one turn"):
            run(there.url, control=control)
        with pytest.raises(ConversationError, match="over"):
            control.steer("late")


async def until(true):
    """Wait for what happens on another thread."""
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  doubles count, they do not call
            await asyncio.sleep(0.005)
