import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@st.composite
def talks(draw):
    """Any valid conversation: turns of a user, answers with calls, and their results."""
    talk = Conversation()
    if draw(st.booleans()):
        talk = talk.add(SystemMessage(content="s"))
    for turn in range(draw(st.integers(0, 5))):
        talk = talk.add(UserMessage.of(f"question {turn}"))
        for step in range(draw(st.integers(0, 3))):
            names = [f"c{turn}.{step}.{number}" for number in range(draw(st.integers(0, 2)))]
            calls = tuple(ToolCallPart(id=name, name="tool") for name in names)
            talk = talk.add(AssistantMessage(parts=(TextPart(text="a"), *calls)))
            for name in names:
                talk = talk.add(ToolMessage(result=ToolResultPart(call_id=name, name="tool", text="r")))
            if not calls:
                break
    return talk


def said(talk):
    return tuple(message for message in talk.messages if not isinstance(message, SystemMessage))


@given(talks(), st.integers(1, 12))
def test_a_window_is_the_end_of_the_talk_and_starts_with_a_user(talk, most):
    window = talk.window(most)

    kept = said(window)
    assert said(talk)[len(said(talk)) - len(kept) :] == kept
    assert not kept or isinstance(kept[0], UserMessage)
    assert (window.messages[:1] == talk.messages[:1]) or not isinstance(
        (talk.messages or (None,))[0], SystemMessage
    )
    assert Conversation.from_json(window.to_json()) == window
    assert window.open_calls == talk.open_calls
    last_turn = max((i for i, m in enumerate(said(talk)) if isinstance(m, UserMessage)), default=0)
    assert len(kept) <= max(most, len(said(talk)) - last_turn)


@given(talks())
def test_a_window_as_long_as_the_talk_is_the_talk(talk):
    assert talk.window(max(1, len(talk))) == talk


def test_a_window_has_at_least_one_message():
    with pytest.raises(ValueError, match="at least 1"):
        Conversation().window(0)
