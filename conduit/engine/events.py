"""What an engine tells while a turn runs, beside what the client's stream yields."""

from __future__ import annotations

from dataclasses import dataclass

from conduit.engine.machine import End
from conduit.engine.tool import Outcome
from conduit.messages import Conversation, Event, ResponseMetadata, ToolCallPart, UserMessage

__all__ = ["Advanced", "Paused", "Resumed", "Steered", "ToolFinished", "ToolStarted", "TurnEvent"]


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """A tool begins to run.

    >>> ToolStarted(ToolCallPart(id="1", name="tempo")).call.name
    'tempo'
    """

    call: ToolCallPart


@dataclass(frozen=True, slots=True)
class ToolFinished:
    """A tool has answered, or a plan of its change waits. A tool that was stopped tells nothing more.

    >>> from conduit.messages import ToolResultPart
    >>> call, result = ToolCallPart(id="1", name="tempo"), ToolResultPart(call_id="1", name="tempo", text="128 bpm")
    >>> ToolFinished(call, Outcome(result)).outcome.result.text
    '128 bpm'
    """

    call: ToolCallPart
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Advanced:
    """A message was added; told once for each, in order, so whoever keeps conversations misses none.

    Attributes:
        conversation: Ends with that message.
        metadata: Facts about it, where it is a whole answer of a model.

    >>> Advanced(Conversation().add(UserMessage.of("bass"))).conversation.tail.text
    'bass'
    """

    conversation: Conversation
    metadata: ResponseMetadata | None = None


@dataclass(frozen=True, slots=True)
class Paused:
    """The turn stands still before its next step.

    >>> Paused()
    Paused()
    """


@dataclass(frozen=True, slots=True)
class Resumed:
    """The turn goes on after a pause.

    >>> Resumed()
    Resumed()
    """


@dataclass(frozen=True, slots=True)
class Steered:
    """A message that a person added while the turn runs has been taken into the conversation.

    >>> Steered(UserMessage.of("darker")).message.text
    'darker'
    """

    message: UserMessage


TurnEvent = Event | ToolStarted | ToolFinished | Advanced | Paused | Resumed | Steered | End
"""What happens in a turn; ``End`` comes last, exactly once, also when the turn is cancelled or fails."""
