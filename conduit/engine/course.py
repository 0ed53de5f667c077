"""A turn under way: how far it has come, and what of the step that runs is there already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from conduit.engine.control import Control
from conduit.engine.events import Advanced, Steered, TurnEvent
from conduit.engine.limits import Limits, Reason
from conduit.engine.machine import End, Progress, State
from conduit.engine.tool import Outcome
from conduit.messages import (
    AssistantMessage,
    PartialMessage,
    Response,
    ResponseMetadata,
    ToolCallPart,
)

__all__ = ["Course"]

_STOPPED = "result unavailable: the turn was stopped before the tool had answered"


@dataclass(slots=True)
class Course:
    """Keeps what a turn has, so that wherever it is stopped nothing of that is lost.

    Attributes:
        progress: How far it has come.
        emit: Told of every message that is added.
        partial: What has come of the answer that is being written.
        whole: The answer, once it is whole and until it is taken.
        outcomes: What has come of the tools that run, by the ids of their calls.
        executed: Whether tools have run in this turn.
        over: Whether its ``End`` has been told.

    >>> from conduit.messages import Conversation
    >>> course = Course(Progress.begin(Conversation()), lambda event: None)
    >>> course.close(None, limits=Limits(), control=Control()).reason.value
    'done'
    """

    progress: Progress
    emit: Callable[[TurnEvent], None]
    partial: PartialMessage | None = None
    whole: Response | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    executed: bool = False
    over: bool = False
    _told: int = 0

    def __post_init__(self) -> None:
        self._told = len(self.progress.conversation)

    def steer(self, control: Control) -> None:
        """Take what a person added, if a user may speak now."""
        if self.progress.conversation.open_calls:
            return
        for message in control.take():
            self.emit(Steered(message))
            self._advance(self.progress.steered(message))

    def take_answer(self) -> None:
        """Add the answer that is whole."""
        if self.whole is None:
            return
        response, self.whole, self.partial = self.whole, None, None
        progress = self.progress.answered(_distinct(response.message), response.metadata)
        self._advance(progress, response.metadata)

    def take_results(self, calls: tuple[ToolCallPart, ...]) -> None:
        """Add the results of all calls, in their order."""
        outcomes = [self.outcomes[call.id] for call in calls]
        self.outcomes, self.executed = {}, True
        pending = any(outcome.plan_id for outcome in outcomes)
        results = tuple(outcome.result for outcome in outcomes)
        self._advance(self.progress.executed(results, pending=pending))

    def close(self, reason: Reason | None, *, limits: Limits, control: Control) -> End:
        """End the turn, and keep what had come.

        Args:
            reason: What stopped it; None where it came to its own end.
            limits: How far it may go.
            control: Whose last words are kept, too.
        """
        self.take_answer()
        bounded = self.progress.bounded(limits)
        natural = bounded.state is State.TERMINATE and reason in {None, Reason.TIME_LIMIT}
        self._advance(bounded if natural else self._stopped(reason or Reason.FAILED))
        end = self.progress.end(limits)
        self.steer(control)
        return replace(end, conversation=self.progress.conversation)

    def _stopped(self, reason: Reason) -> Progress:
        return self.progress.stopped(
            reason,
            note=_STOPPED,
            partial=_distinct(self.partial.message()) if self.partial else None,
            results={call_id: outcome.result for call_id, outcome in self.outcomes.items()},
        )

    def _advance(self, progress: Progress, metadata: ResponseMetadata | None = None) -> None:
        """Move on, and tell of each message that is new."""
        self.progress = progress
        while self._told < len(progress.conversation):
            self._told += 1
            self.emit(Advanced(progress.conversation.at(self._told), metadata))


def _distinct(message: AssistantMessage) -> AssistantMessage:
    """Give every tool call of a message an id of its own; some servers send none, or one for all."""
    ids = [call.id for call in message.tool_calls]
    if all(ids) and len(set(ids)) == len(ids):
        return message
    parts = [
        part.model_copy(update={"id": f"call_{place}"}) if isinstance(part, ToolCallPart) else part
        for place, part in enumerate(message.parts)
    ]
    return AssistantMessage(parts=tuple(parts))
