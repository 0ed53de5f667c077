"""The state machine that moves a conversation on. Pure: it says what is to be done and is told the outcome.

What comes next depends on the last message alone, and stands in one table.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from enum import StrEnum

from conduit.messages import (
    AssistantMessage,
    Conversation,
    Message,
    SystemMessage,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    UserMessage,
)

__all__ = ["STATES", "Answered", "End", "Execute", "Executed", "Generate", "Reason", "State", "Tail", "turn"]


class Tail(StrEnum):
    """What a conversation ends with."""

    NOTHING = "nothing"
    SYSTEM = "system"
    USER = "user"
    TOOL = "tool"
    CALLS = "calls"
    ANSWER = "answer"


class State(StrEnum):
    """What is to be done next."""

    GENERATE = "generate"
    EXECUTE = "execute"
    TERMINATE = "terminate"


STATES: dict[Tail, State] = {
    Tail.NOTHING: State.TERMINATE,
    Tail.SYSTEM: State.TERMINATE,
    Tail.USER: State.GENERATE,
    Tail.TOOL: State.GENERATE,
    Tail.CALLS: State.EXECUTE,
    Tail.ANSWER: State.TERMINATE,
}


class Reason(StrEnum):
    """Why a turn ended."""

    DONE = "done"
    PENDING = "pending"  # a plan waits for a person; the decision starts the next turn
    LIMIT = "limit"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Generate:
    """Ask the model to go on from here."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class Execute:
    """Run these tools."""

    calls: tuple[ToolCallPart, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """The model answered."""

    message: AssistantMessage


@dataclass(frozen=True, slots=True)
class Executed:
    """The tools ran.

    Attributes:
        results: One a call.
        pending: Whether one of them made a plan that waits.
    """

    results: tuple[ToolResultPart, ...]
    pending: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """The turn is over. Terminal, exactly one a turn."""

    conversation: Conversation
    reason: Reason


def tail_of(message: Message | None) -> Tail:
    """Say what a conversation ends with."""
    match message:
        case None:
            return Tail.NOTHING
        case SystemMessage():
            return Tail.SYSTEM
        case UserMessage():
            return Tail.USER
        case ToolMessage():
            return Tail.TOOL
        case AssistantMessage(tool_calls=calls):
            return Tail.CALLS if calls else Tail.ANSWER


def turn(
    conversation: Conversation, *, max_steps: int = 20
) -> Generator[Generate | Execute, Answered | Executed, End]:
    """Move a conversation on until the model has answered, a plan waits, or the steps are used up.

    Args:
        conversation: Where to start.
        max_steps: How often to generate or execute, together.

    Yields:
        What is to be done; send its outcome back.
    """
    talk = conversation
    for _ in range(max_steps):
        state = STATES[Tail.CALLS if talk.open_calls else tail_of(talk.tail)]
        if state is State.TERMINATE:
            return End(talk, Reason.DONE)
        outcome = yield Generate(talk) if state is State.GENERATE else Execute(talk.open_calls)
        match outcome:
            case Answered(message=message):
                talk = talk.add(message)
            case Executed(results=results, pending=pending):
                for result in results:
                    talk = talk.add(ToolMessage(result=result))
                if pending:
                    return End(talk, Reason.PENDING)
    closed = talk.closed(f"not run: the turn reached its limit of {max_steps} steps")
    done = STATES[tail_of(closed.tail)] is State.TERMINATE
    return End(closed, Reason.DONE if done else Reason.LIMIT)
