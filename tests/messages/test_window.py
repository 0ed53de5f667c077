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
    """Any valid conversation: turns of a user, answers with calls, their results; calls may be open at the tip."""
    talk = Conversation()
    if draw(st.booleans()):
        talk = talk.add(SystemMessage(content="s"))
    for turn in range(draw(st.integers(0, 5))):
        talk = talk.add(UserMessage.of(f"question {turn}"))
        for step in range(draw(st.integers(0, 3))):
            names = [f"c{turn}.{step}.{number}" for number in range(draw(st.integers(0, 3)))]
            calls = tuple(ToolCallPart(id=name, name="tool") for name in names)
            talk = talk.add(AssistantMessage(parts=(TextPart(text="a"), *calls)))
            for name in names:
                talk = talk.add(ToolMessage(result=ToolResultPart(call_id=name, name="tool", text="r")))
            if not calls:
                break
    if isinstance(talk.tail, UserMessage) and draw(st.booleans()):
        talk = talk.add(AssistantMessage(parts=tuple(ToolCallPart(id=i, name="tool") for i in "xyz")))
        for call in draw(st.permutations(talk.open_calls))[: draw(st.integers(0, 3))]:
            talk = talk.add(ToolMessage(result=ToolResultPart(call_id=call.id, name="tool", text="r")))
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


@given(talks(), st.integers(1, 12))
def test_in_a_window_every_call_has_one_result_but_those_that_wait(talk, most):
    window = talk.window(most)

    results = [m.result.call_id for m in window.messages if isinstance(m, ToolMessage)]
    calls = [c.id for m in window.messages if isinstance(m, AssistantMessage) for c in m.tool_calls]
    assert sorted(calls) == sorted([*results, *(call.id for call in window.open_calls)])


@given(talks(), st.integers(1, 12))
def test_a_window_is_the_longest_that_fits(talk, most):
    window = talk.window(most)

    fits = [
        len(said(talk)) - place
        for place, message in enumerate(said(talk))
        if isinstance(message, UserMessage) and len(said(talk)) - place <= most
    ]
    assert not fits or len(said(window)) == max(fits)


def test_a_last_turn_that_is_too_long_is_kept_whole():
    talk = Conversation().add(UserMessage.of("first")).add(AssistantMessage(parts=(TextPart(text="a"),)))
    call = ToolCallPart(id="c", name="tool")
    talk = talk.add(UserMessage.of("last")).add(AssistantMessage(parts=(call,)))

    window = talk.window(1)

    assert window.messages == talk.messages[2:]
    assert window.open_calls == (call,)


@given(talks())
def test_a_window_as_long_as_the_talk_is_the_talk(talk):
    assert talk.window(max(1, len(talk))) == talk


def test_a_window_has_at_least_one_message():
    with pytest.raises(ValueError, match="at least 1"):
        Conversation().window(0)


def fixed(message):
    return 3 if isinstance(message, SystemMessage) else 2


@given(talks(), st.integers(1, 40))
def test_a_window_of_tokens_is_whole_turns_and_the_most_that_fit(talk, most):
    window = talk.window_tokens(most, count=fixed)

    turns = talk.turns
    tokens = [sum(map(fixed, turn.messages)) for turn in turns]
    system = sum(map(fixed, talk.messages)) - sum(tokens)
    fits = [kept for kept in range(len(turns) + 1) if system + sum(tokens[len(tokens) - kept :]) <= most]
    kept = min(len(turns), max(1, *fits, 0))
    assert (
        said(window)
        == said(talk)[len(said(talk)) - sum(len(t.messages) for t in turns[len(turns) - kept :]) :]
    )
    assert window.messages[: len(window) - len(said(window))] == talk.messages[: len(talk) - len(said(talk))]


@given(talks())
def test_a_window_with_room_enough_is_the_talk_itself(talk):
    assert talk.window_tokens(10_000) is talk


def test_a_window_of_tokens_keeps_messages_that_open_a_turn_together():
    talk = Conversation().add(UserMessage.of("first")).add(AssistantMessage(parts=(TextPart(text="a"),)))
    talk = talk.add(UserMessage.of("plan P was applied")).add(UserMessage.of("go on"))

    assert talk.window_tokens(1).messages == talk.messages[2:]


def test_a_window_has_at_least_one_token():
    with pytest.raises(ValueError, match="at least 1 token"):
        Conversation().window_tokens(0)
