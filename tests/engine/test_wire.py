import asyncio
import json
from decimal import Decimal

import pytest
from engine.turns import ASKED, TEN, Counted, calls, tool_of, turn

from conduit.engine.control import Control
from conduit.engine.events import Advanced, Paused, Resumed, Steered, ToolFinished, ToolStarted
from conduit.engine.limits import Limits, Reason
from conduit.engine.machine import End
from conduit.engine.tool import Outcome
from conduit.engine.wire import dump_event, load_event
from conduit.errors import ConversationError
from conduit.messages import (
    Conversation,
    ImagePart,
    MessageEnd,
    ReasoningDelta,
    Restart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    UserMessage,
)

CALL = ToolCallPart(id="a", name="do", provider_data={"anthropic": {"signature": "s"}})
RESULT = ToolResultPart(call_id="a", name="do", text="größer ♪", is_error=True)
SEEN = UserMessage(parts=(TextPart(text="see"), ImagePart(media_type="image/png", data=b"\x89\xff\x00")))
TALK = Conversation().add(SEEN)


def a_turn():
    """Give every event of a turn with tools, a pause and a message that is added."""
    events, control = [], Control()

    async def echo(arguments):
        return arguments.word

    def on(event):
        if isinstance(event, Paused):
            control.steer(SEEN)
            control.resume()
        elif isinstance(event, ToolFinished):
            control.pause()

    client = Counted([calls("do", "do"), "done"], usage=TEN, cost_usd="0.0100")
    asyncio.run(
        turn(
            client,
            tool_of(echo),
            events=events,
            control=control,
            on=on,
            limits=Limits(tokens=10**6, cost_usd=9),
        )
    )
    return events


EVENTS = [
    *a_turn(),
    ReasoningDelta(index=0, text="hm"),
    Restart(provider="other", reason="it broke off"),
    ToolStarted(CALL),
    ToolFinished(CALL, Outcome(RESULT)),
    ToolFinished(CALL, Outcome(RESULT, plan_id="P1")),
    Advanced(TALK),
    Steered(SEEN),
    End(TALK, Reason.COST_LIMIT, usage=TEN, cost_usd=Decimal("0.10"), steps=3, remarks=("one", "two")),
    End(Conversation(), Reason.DONE),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_comes_through_as_it_was(event):
    line = dump_event(event)

    assert load_event(line) == event
    assert load_event(line.encode()) == event
    assert "\n" not in line


def test_all_kinds_of_events_are_tried():
    kinds = {type(event) for event in EVENTS}

    assert {ToolStarted, ToolFinished, Advanced, Paused, Resumed, Steered, End, MessageEnd} <= kinds


def test_both_ends_that_share_a_conversation_move_on_alike():
    written = read = ASKED
    came = []
    for event in a_turn():
        line = dump_event(event, shared=written)
        came.append(load_event(line, shared=read))
        if isinstance(event, Advanced):
            written, read = event.conversation, came[-1].conversation

    ends = [event for event in came if isinstance(event, Advanced | End)]
    assert [event.conversation for event in ends] == [
        event.conversation for event in a_turn() if isinstance(event, Advanced | End)
    ]


def test_lines_between_ends_that_share_a_conversation_do_not_grow_with_it():
    long = ASKED
    for _ in range(100):
        long = long.add(UserMessage.of("and more of it"))
    answered = long.add(UserMessage.of("last"))

    line = dump_event(Advanced(answered), shared=long)

    assert len(line) < 300
    assert load_event(line, shared=long).conversation == answered


def test_a_whole_answer_leaves_the_request_out_where_both_have_the_conversation():
    [end, *_] = [event for event in a_turn() if isinstance(event, MessageEnd)]

    line = dump_event(end, shared=ASKED)

    came = load_event(line, shared=ASKED)
    assert "request" not in json.loads(line)
    assert (came.response.message, came.response.metadata) == (end.response.message, end.response.metadata)
    assert came.response.request.messages == ASKED.messages


def test_a_conversation_that_does_not_go_on_from_the_shared_one_is_written_whole():
    line = dump_event(Advanced(TALK), shared=ASKED)

    assert load_event(line, shared=ASKED).conversation == TALK


def test_an_event_that_goes_on_from_something_else_is_refused():
    line = dump_event(Advanced(ASKED.add(SEEN)), shared=ASKED)

    with pytest.raises(ConversationError, match="goes on from b2:"):
        load_event(line, shared=TALK)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "{}",
        '{"type":"nothing"}',
        '{"type":"end"}',
        '{"type":"tool_started","call":7}',
        '{"type":"advanced","after":"","messages":[{"role":"nobody"}],"metadata":null}',
        '{"type":"end","after":"","messages":[],"reason":"bored","usage":null,"cost_usd":null,"steps":1,"remarks":[]}',
        '{"type":"end","after":"","messages":[],"reason":"done","usage":null,"cost_usd":"x","steps":1,"remarks":[]}',
        '{"type":"end","after":"","messages":7,"reason":"done","usage":null,"cost_usd":null,"steps":1,"remarks":[]}',
        '{"type":"text_delta","index":"a","text":""}',
    ],
)
def test_what_is_no_event_is_a_value_error(line):
    with pytest.raises(ValueError, match=r".+"):
        load_event(line)
