import pytest

from conduit.engine.machine import STATES, Answered, Execute, Executed, Generate, Reason, State, Tail, turn
from conduit.messages import (
    AssistantMessage,
    Conversation,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    UserMessage,
)

ASKED = Conversation().add(UserMessage.of("bass"))
ANSWER = AssistantMessage(parts=(TextPart(text="here"),))
CALL = ToolCallPart(id="a", name="write_clip")
CALLS = AssistantMessage(parts=(CALL,))
RESULT = ToolResultPart(call_id="a", name="write_clip", text="ok")


def drive(conversation, outcomes, **limits):
    """Send the outcomes one by one; give the steps that were asked for and the end."""
    machine = turn(conversation, **limits)
    steps = []
    try:
        steps.append(next(machine))
        for outcome in outcomes:
            step = machine.send(outcome)
            steps.append(step)
    except StopIteration as stop:
        return [type(step) for step in steps], stop.value
    return [type(step) for step in steps], None


def test_the_table_says_what_follows_every_tail():
    assert set(STATES) == set(Tail)


def test_an_answer_ends_the_turn():
    steps, end = drive(ASKED, [Answered(ANSWER)])

    assert steps == [Generate]
    assert (end.reason, end.conversation.text) == (Reason.DONE, "here")


def test_calls_are_run_and_the_model_goes_on():
    steps, end = drive(ASKED, [Answered(CALLS), Executed((RESULT,)), Answered(ANSWER)])

    assert steps == [Generate, Execute, Generate]
    assert end.reason is Reason.DONE


def test_a_pending_plan_ends_the_turn():
    steps, end = drive(ASKED, [Answered(CALLS), Executed((RESULT,), pending=True)])

    assert steps == [Generate, Execute]
    assert end.reason is Reason.PENDING


def test_calls_left_open_by_an_earlier_turn_are_run_first():
    steps, _ = drive(ASKED.add(CALLS), [Executed((RESULT,)), Answered(ANSWER)])

    assert steps == [Execute, Generate]


@pytest.mark.parametrize("max_steps", [1, 2, 3])
def test_a_limit_leaves_no_call_open(max_steps):
    outcomes = [Answered(CALLS), Executed((RESULT,)), Answered(AssistantMessage(parts=(CALL,)))]

    _, end = drive(ASKED, outcomes, max_steps=max_steps)

    assert end.reason is Reason.LIMIT
    assert not end.conversation.open_calls


def test_an_answer_in_the_last_step_is_no_limit():
    _, end = drive(ASKED, [Answered(ANSWER)], max_steps=1)

    assert end.reason is Reason.DONE


def test_nothing_to_answer_ends_at_once():
    assert drive(Conversation(), [])[0] == []
    assert STATES[Tail.SYSTEM] is State.TERMINATE
