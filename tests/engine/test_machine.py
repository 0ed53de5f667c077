import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.engine.diagram import diagram, refreshed
from conduit.engine.limits import Limits, Reason
from conduit.engine.machine import TRANSITIONS, End, Event, Execute, Generate, Progress, State
from conduit.errors import ConversationError
from conduit.messages import (
    AssistantMessage,
    Conversation,
    SystemMessage,
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
PAGE = Path(__file__).parents[2] / "docs" / "engine.md"
ANY = Limits()


def test_the_table_has_every_pair_but_the_impossible_ones():
    impossible = {
        # Whoever generates makes answers or calls, and whoever executes makes results.
        *product([State.GENERATE], [Event.NOTHING, Event.SYSTEM, Event.RESULTS, Event.PLAN]),
        *product([State.EXECUTE], [Event.NOTHING, Event.SYSTEM, Event.CALLS, Event.ANSWER]),
        (State.EXECUTE, Event.USER),  # nobody speaks before every call has its result
        (State.TERMINATE, Event.PLAN),  # only a turn knows that a result is a plan
    }

    assert set(TRANSITIONS) == set(product(State, Event)) - impossible


def test_the_page_shows_the_diagram_of_todays_table():
    page = PAGE.read_text("utf-8")

    assert refreshed(page) == page, "run: python -m conduit.engine.diagram docs/engine.md"


def test_the_diagram_draws_every_state_and_every_move():
    drawn = diagram()

    moves = {(state.name, following.name) for (state, _), following in TRANSITIONS.items()}
    assert all(f"{state} --> {following}: " in drawn for state, following in moves)


def test_the_diagrams_command_refreshes_a_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n```mermaid\nold\n```\nafter\n", "utf-8")

    subprocess.run([sys.executable, "-m", "conduit.engine.diagram", str(page)], check=True)

    assert page.read_text("utf-8") == f"before\n```mermaid\n{diagram()}\n```\nafter\n"


def test_a_page_without_a_block_is_refused():
    with pytest.raises(ValueError, match="no ```mermaid block"):
        refreshed("words")


@pytest.mark.parametrize(
    ("talk", "step"),
    [
        (Conversation(), End),
        (Conversation().add(SystemMessage(content="be brief")), End),
        (ASKED, Generate),
        (ASKED.add(CALLS), Execute),
        (ASKED.add(ANSWER), End),
    ],
    ids=["nothing", "system", "user", "calls", "answer"],
)
def test_a_turn_is_taken_up_wherever_the_conversation_rests(talk, step):
    assert type(Progress.begin(talk).step(ANY)) is step


def test_a_conversation_that_ends_with_results_goes_on_with_the_model():
    rested = Progress.begin(ASKED.add(CALLS)).executed((RESULT,)).conversation

    assert type(Progress.begin(rested).step(ANY)) is Generate


def test_calls_are_run_and_the_model_goes_on():
    called = Progress.begin(ASKED).answered(CALLS)
    ran = called.executed((RESULT,))

    assert called.step(ANY) == Execute((CALL,))
    assert ran.step(ANY) == Generate(ran.conversation)
    assert ran.answered(ANSWER).step(ANY).reason is Reason.DONE


def test_a_pending_plan_ends_the_turn():
    planned = Progress.begin(ASKED).answered(CALLS).executed((RESULT,), pending=True)

    assert planned.step(ANY).reason is Reason.PENDING


def test_a_message_that_is_added_makes_a_turn_go_on_that_was_done():
    steered = Progress.begin(ASKED).answered(ANSWER).steered(UserMessage.of("darker"))

    assert type(steered.step(ANY)) is Generate


def test_a_message_that_is_added_makes_a_turn_go_on_whose_plan_waits():
    planned = Progress.begin(ASKED).answered(CALLS).executed((RESULT,), pending=True)

    steered = planned.steered(UserMessage.of("no, the other track"))

    assert type(steered.step(ANY)) is Generate
    assert steered.answered(ANSWER).step(ANY).reason is Reason.DONE


def test_nobody_speaks_before_every_call_has_its_result():
    with pytest.raises(ConversationError, match="cannot come before the results of write_clip"):
        Progress.begin(ASKED).answered(CALLS).steered(UserMessage.of("darker"))


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_limit_leaves_no_call_open(steps):
    progress = Progress.begin(ASKED).answered(CALLS)
    if steps > 1:
        progress = progress.executed((RESULT,))
    if steps > 2:
        progress = progress.answered(CALLS)

    end = progress.step(Limits(steps=steps))

    assert (end.reason, end.steps) == (Reason.STEP_LIMIT, steps)
    assert not end.conversation.open_calls


def test_calls_that_a_limit_forbids_get_a_result_that_says_so():
    end = Progress.begin(ASKED).answered(CALLS).step(Limits(steps=1))

    assert end.conversation.tail.result.text == "not run: the turn reached its limit of 1 step"
    assert end.conversation.tail.result.is_error


def test_an_answer_in_the_last_step_is_no_limit():
    assert Progress.begin(ASKED).answered(ANSWER).step(Limits(steps=1)).reason is Reason.DONE


def test_a_stop_keeps_the_results_that_had_come_and_says_which_are_missing():
    both = AssistantMessage(parts=(CALL, CALL.model_copy(update={"id": "b"})))
    second = RESULT.model_copy(update={"call_id": "b"})

    stopped = Progress.begin(ASKED).answered(both).stopped(Reason.ABORTED, note="gone", results={"b": second})

    assert [message.result.text for message in stopped.conversation.messages[2:]] == ["gone", "ok"]
    assert stopped.step(ANY).reason is Reason.ABORTED


@given(
    moves=st.lists(
        st.sampled_from(["answer", "calls", "results", "plan", "steer", "limit", "stop"]), max_size=12
    )
)
def test_whatever_happens_a_turn_can_always_be_ended_with_no_call_open(moves):
    progress, limits = Progress.begin(ASKED), Limits(steps=4)
    for move in moves:
        step = progress.step(limits if move == "limit" else ANY)
        match step, move:
            case Generate(), "answer":
                progress = progress.answered(ANSWER)
            case Generate(), "calls":
                progress = progress.answered(CALLS)
            case Execute(), "results" | "plan":
                progress = progress.executed((RESULT,), pending=move == "plan")
            case ((Generate() | End()), "steer"):
                progress = progress.steered(UserMessage.of("more"))

    end = progress.stopped(Reason.ABORTED, note="gone").step(ANY)

    assert not end.conversation.open_calls
    assert Conversation.from_json(end.conversation.to_json()) == end.conversation
