"""What is here of a turn that runs elsewhere: enough to end it well, wherever the way to it is cut off."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from conduit.engine.control import Control
from conduit.engine.course import Course
from conduit.engine.events import Advanced, Steered, ToolFinished, TurnEvent
from conduit.engine.limits import Limits, Reason
from conduit.engine.machine import End, Progress
from conduit.engine.tool import Outcome
from conduit.messages import (
    AssistantMessage,
    Conversation,
    MessageEnd,
    PartEnd,
    PartialMessage,
    PartStart,
    ReasoningDelta,
    Response,
    ResponseMetadata,
    Restart,
    TextDelta,
    ToolMessage,
    UserMessage,
)

__all__ = ["FarTurn"]


@dataclass(slots=True)
class FarTurn:
    """Follows a turn by what the other side tells of it.

    Attributes:
        progress: How far it has come.
        emit: Told of what happens.
        control: The person's hand on it.
        partial: What has come of the answer that is being written.
        whole: The answer, once it is whole and until it is added.
        outcomes: What has come of tools, by the ids of their calls.
        unheard: What a person added and the other side has not yet taken, oldest first.
        failed: The end that the other side told, where it has failed.

    >>> asked = Conversation().add(UserMessage.of("hello"))
    >>> turn = FarTurn(Progress.begin(asked), lambda event: None, Control())
    >>> turn.take(PartStart(index=0, kind="text"))
    >>> turn.take(TextDelta(index=0, text="good mor"))
    >>> turn.stopped(Reason.ABORTED, Limits()).conversation.text
    'good mor'
    """

    progress: Progress
    emit: Callable[[TurnEvent], None]
    control: Control
    partial: PartialMessage | None = None
    whole: Response | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    unheard: deque[UserMessage] = field(default_factory=deque)
    failed: End | None = None

    @property
    def talk(self) -> Conversation:
        """What has been said."""
        return self.progress.conversation

    def left(self, limits: Limits) -> Limits:
        """Give what is left of limits that have not been reached."""
        spent = self.progress.spent
        return replace(
            limits,
            steps=limits.steps - spent.steps,
            tokens=None if limits.tokens is None else limits.tokens - spent.tokens,
            cost_usd=None
            if limits.cost_usd is None
            else Decimal(str(limits.cost_usd)) - spent.known_cost_usd,
        )

    def take(self, event: TurnEvent) -> None:
        """Take what the other side tells, and tell it on; an end is kept, since it may not be the last word."""
        match event:
            case Advanced(conversation=talk, metadata=metadata):
                self._advance(talk, metadata)
            case End(conversation=talk, reason=reason):
                for depth in range(len(self.talk) + 1, len(talk) + 1):
                    self.take(Advanced(talk.at(depth)))
                self.failed = event if reason is Reason.FAILED else None  # with what, is the next line
                return
            case ToolFinished(call=call, outcome=outcome):
                self.outcomes[call.id] = outcome
            case Steered(message=message) if message in self.unheard:
                self.unheard.remove(message)
            case MessageEnd(response=response):
                self.whole = response
            case PartStart() | TextDelta() | ReasoningDelta() | PartEnd() | Restart():
                self.partial = self.partial or PartialMessage()
                self.partial.feed(event)
        self.emit(event)

    def _advance(self, talk: Conversation, metadata: ResponseMetadata | None) -> None:
        spent = self.progress.spent
        match talk.tail:
            case AssistantMessage():
                self.partial = self.whole = None
                self.outcomes.clear()
                spent = spent.answered(metadata) if metadata else spent
            case ToolMessage(result=result) if result.call_id in self.outcomes and not talk.open_calls:
                spent = spent.executed()
        self.progress = replace(Progress.begin(talk), spent=spent)

    def give(self) -> tuple[UserMessage, ...]:
        """Give what a person added, to be said to the other side."""
        said = self.control.take()
        self.unheard.extend(said)
        return said

    def take_back(self) -> None:
        """Hold what the other side has not taken as still to be said."""
        said = (*self.unheard, *self.control.take())
        self.unheard.clear()
        for message in said:
            self.control.steer(message)

    def steer(self) -> Conversation:
        """Add what a person still had to say."""
        course = Course(self.progress, self.emit)
        course.steer(self.control)
        self.progress = course.progress
        return self.talk

    def summed(self, end: End) -> End:
        """Give the end of the last round as that of all rounds."""
        spent = self.progress.spent
        return replace(end, usage=spent.usage, cost_usd=spent.cost_usd, steps=spent.steps)

    def closed(self, end: End) -> End:
        """Keep what a person still had to say as the last of an end; from now on nothing can be added."""
        self.control.over = True
        return replace(end, conversation=self.steer())

    def stopped(self, reason: Reason, limits: Limits) -> End:
        """End it here, with what had come."""
        if reason is Reason.FAILED and self.failed is not None:
            return self.closed(self.summed(self.failed))
        self.control.over = True
        course = Course(self.progress, self.emit, partial=self.partial, whole=self.whole)
        course.outcomes.update(self.outcomes)
        return course.close(reason, limits=limits, control=self.control)

    def tell_end(self, end: End) -> End:
        """Tell the last of it."""
        self.emit(end)
        return end
