import pytest

from conduit.errors import ConversationError
from conduit.messages import (
    AssistantMessage,
    Conversation,
    SystemMessage,
    TextPart,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    UserMessage,
)
from conduit.messages.aside import MEND

SYSTEM = SystemMessage(content="you compose")
CALL = ToolCallPart(id="c", name="write_clip")
RESULT = ToolMessage(result=ToolResultPart(call_id="c", name="write_clip", text="ok"))


def said(text, *calls):
    return AssistantMessage(parts=(TextPart(text=text), *calls))


def talk(*messages):
    return Conversation().extended(messages)


def test_a_turn_goes_from_a_question_to_the_next():
    conversation = talk(
        SYSTEM, UserMessage.of("bass"), said("a", CALL), RESULT, said("b"), UserMessage.of("pad")
    )

    first, second = conversation.turns

    assert (first.number, len(first.before), len(first.asked), len(first.after)) == (1, 1, 2, 5)
    assert (second.number, second.before, second.after) == (2, first.after, conversation)
    assert (first.question.text, second.question.text) == ("bass", "pad")


def test_user_messages_in_a_row_open_one_turn_and_the_last_is_the_question():
    (turn,) = talk(UserMessage.of("plan P was applied"), UserMessage.of("now a pad"), said("a")).turns

    assert turn.question.text == "now a pad"
    assert len(turn.asked) == 2


def test_a_message_that_steers_after_a_tool_opens_a_turn():
    conversation = talk(UserMessage.of("bass"), said("", CALL), RESULT, UserMessage.of("darker"), said("a"))

    assert [turn.question.text for turn in conversation.turns] == ["bass", "darker"]


@pytest.mark.parametrize("messages", [(), (SYSTEM,)], ids=["nothing", "a system message"])
def test_where_nothing_was_asked_there_is_no_turn(messages):
    assert talk(*messages).turns == ()


def test_the_text_of_a_turn_is_what_the_model_said_last_even_if_it_was_cut_off():
    (turn,) = talk(UserMessage.of("bass"), said("I begin", CALL)).closed("stopped").turns

    assert turn.text == "I begin"
    assert [message.role for message in turn.answer] == ["assistant", "tool"]
    assert len(turn.messages) == 3


def test_what_was_added_since_a_point_is_the_messages_after_it():
    conversation = talk(UserMessage.of("bass"), said("a"))

    assert conversation.since(conversation.at(1)) == (said("a"),)
    assert conversation.since(conversation) == ()


@pytest.mark.parametrize("other", ["pad", "bass"], ids=["other words", "longer"])
def test_a_conversation_does_not_go_on_from_one_that_is_not_its_past(other):
    before = talk(UserMessage.of(other), said("b"), UserMessage.of("more"))

    with pytest.raises(ConversationError, match="does not go on"):
        talk(UserMessage.of("bass"), said("a")).since(before)


def test_several_messages_are_added_all_or_none():
    with pytest.raises(ConversationError):
        talk(UserMessage.of("bass")).extended([said("a"), said("b")])


def test_what_conduit_says_as_a_user_opens_no_turn():
    mend = UserMessage.of(MEND.format("- bars: Field required"))
    decided = UserMessage.of("What was decided about a plan:", "<decision>P1 was rejected</decision>")
    talk = Conversation().extended(
        [UserMessage.of("a"), said("{}"), mend, said("{1}"), decided, UserMessage.of("b"), said("done")]
    )

    turns = talk.turns

    assert [turn.question.text for turn in turns] == ["a", "b"]
    assert [len(turn.messages) for turn in turns] == [5, 2]
    assert talk.at(4).window_tokens(1) == talk.at(4)
