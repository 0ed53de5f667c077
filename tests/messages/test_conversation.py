import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.errors import ConversationError
from conduit.messages import (
    AssistantMessage,
    Conversation,
    PartEnd,
    PartialMessage,
    PartStart,
    SystemMessage,
    TextDelta,
    TextPart,
    ToolCallDelta,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    UserMessage,
)

SYSTEM = SystemMessage(content="you compose")
USER = UserMessage.of("bass")
ANSWER = AssistantMessage(parts=(TextPart(text="here"),))
CALLS = AssistantMessage(
    parts=(ToolCallPart(id="a", name="write_clip"), ToolCallPart(id="b", name="read_set"))
)


def result(call_id):
    return ToolMessage(result=ToolResultPart(call_id=call_id, name="write_clip", text="ok"))


def talk(*messages):
    conversation = Conversation()
    for message in messages:
        conversation = conversation.add(message)
    return conversation


@pytest.mark.parametrize(
    ("before", "message", "reason"),
    [
        ((USER,), SYSTEM, "only be the first"),
        ((), ANSWER, "can only follow"),
        ((SYSTEM,), ANSWER, "can only follow"),
        ((USER, ANSWER), ANSWER, "can only follow"),
        ((USER, CALLS), USER, "before the results"),
        ((USER, CALLS, result("a")), ANSWER, "before the results"),
        ((USER, CALLS), result("z"), "no tool call 'z'"),
        ((USER, CALLS, result("a")), result("a"), "no tool call 'a'"),
        ((USER,), AssistantMessage(parts=CALLS.parts[:1] * 2), "same id"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_an_order_no_model_accepts_is_refused(before, message, reason):
    with pytest.raises(ConversationError, match=reason):
        talk(*before).add(message)


def test_a_conversation_goes_through_json_unchanged():
    conversation = talk(SYSTEM, USER, CALLS, result("b"), result("a"), ANSWER)

    again = Conversation.from_json(conversation.to_json())

    assert again.messages == conversation.messages
    assert again.id == conversation.id


def test_a_branch_shares_its_past_and_leaves_the_other_as_it_was():
    first = talk(SYSTEM, USER, ANSWER)

    branch = first.at(2).add(AssistantMessage(parts=(TextPart(text="other"),)))

    assert branch.tip.parent is first.tip.parent
    assert first.text == "here"
    assert branch.id != first.id


def test_an_id_depends_on_the_whole_past():
    assert talk(SYSTEM, USER).id != talk(USER).id
    assert talk(SYSTEM, USER).id == talk(SYSTEM, USER).id


@pytest.mark.parametrize("depth", [-1, 3])
def test_there_is_no_point_outside_the_conversation(depth):
    with pytest.raises(ConversationError, match="has 2"):
        talk(SYSTEM, USER).at(depth)


def test_closing_answers_every_open_call_and_nothing_else():
    closed = talk(USER, CALLS, result("a")).closed("stopped")

    assert not closed.open_calls
    assert [m.result.is_error for m in closed.messages[2:]] == [False, True]
    assert closed.closed("again") == closed


@given(st.lists(st.sampled_from([SYSTEM, USER, ANSWER, CALLS, result("a"), result("b")]), max_size=12))
def test_whatever_is_tried_what_exists_is_valid(messages):
    conversation = Conversation()
    for message in messages:
        try:
            conversation = conversation.add(message)
        except ConversationError:
            continue

    assert Conversation.from_json(conversation.closed("x").to_json()).id == conversation.closed("x").id


def test_a_cut_stream_keeps_words_and_drops_a_call_that_is_not_whole():
    partial = PartialMessage()
    for event in (
        PartStart(index=0, kind="text"),
        TextDelta(index=0, text="he"),
        TextDelta(index=0, text="re"),
        PartStart(index=1, kind="tool_call", id="a", name="write_clip"),
        ToolCallDelta(index=1, arguments='{"cl'),
    ):
        partial.feed(event)

    assert partial.message() == ANSWER


def test_a_whole_part_is_kept_as_it_ended():
    partial = PartialMessage()
    call = CALLS.parts[0]
    for event in (
        PartStart(index=0, kind="tool_call", id="a", name="write_clip"),
        PartEnd(index=0, part=call),
    ):
        partial.feed(event)

    assert partial.message().tool_calls == (call,)


def test_a_long_conversation_is_compared_hashed_printed_and_pickled():
    long = Conversation()
    for _ in range(2000):
        long = long.add(USER)
    other = Conversation.from_json(long.to_json())

    assert long == other
    assert hash(long) == hash(other)
    assert "2000" in repr(long.tip)
    assert pickle.loads(pickle.dumps(long)) == long  # noqa: S301  our own bytes
