"""What is here of a turn that runs elsewhere: enough to end it well, wherever the way to it is cut off."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from decimal import Decimal

from conduit.engine.control import Control
from conduit.engine.course import Course
from conduit.engine.events import Advanced, Steered, ToolFinished, TurnEvent
from conduit.engine.limits import Limits, Reason
from conduit.engine.machine import End, Execute, Generate, Progress, State
from conduit.engine.tool import Outcome
from conduit.messages import (
    AssistantMessage,
    Conversation,
    MessageEnd,
    PartEnd,
    PartialMessage,
    PartStart,
    ReasoningDelta,
    ResponseMetadata,
    Restart,
    TextDelta,
    TextPart,
    ToolCallPart,
    UserMessage,
)

__all__ = ["FarTurn"]


@dataclass(slots=True)
class FarTurn:
    """Follows a turn by what the other side tells of it.

    Attributes:
        course: What has come of it.
        control: The person's hand on it.
        unheard: What a person added and the other side has not yet taken, oldest first.

    >>> asked = Conversation().add(UserMessage.of("hello"))
    >>> turn = FarTurn(Course(Progress.begin(asked), lambda event: None), Control())
    >>> turn.take(PartStart(index=0, kind="text"))
    >>> turn.take(TextDelta(index=0, text="good mor"))
    >>> turn.end(Reason.ABORTED, Limits()).conversation.text
    'good mor'
    """

    course: Course
    control: Control
    unheard: deque[UserMessage] = field(default_factory=deque)

    @property
    def talk(self) -> Conversation:
        """What has been said."""
        return self.course.progress.conversation

    def left(self, limits: Limits) -> Limits:
        """Give what is left of limits that have not been reached."""
        spent = self.course.progress.spent
        return replace(
            limits,
            steps=limits.steps - spent.steps,
            tokens=limits.tokens and limits.tokens - spent.tokens,
            cost_usd=limits.cost_usd and Decimal(str(limits.cost_usd)) - spent.known_cost_usd,
        )

    def step(self, limits: Limits) -> Generate | Execute | End:
        """Say what is to be done next, once what a person added is heard, unless something stopped the turn."""
        if self.course.progress.reason is Reason.DONE:
            self._take_back()
            self.course.steer(self.control)
        return self.course.progress.step(limits)

    def take(self, event: TurnEvent) -> None:
        """Take what the other side tells, and tell it on; an end is kept, since it may not be the last word."""
        course = self.course
        match event:
            case Advanced(conversation=talk, metadata=metadata):
                self._advance(talk, metadata)
            case End(conversation=talk, reason=reason):
                for depth in range(len(self.talk) + 1, len(talk) + 1):
                    self.take(Advanced(talk.at(depth)))
                self._move(replace(self.course.progress, state=State.TERMINATE, reason=reason))
                return
            case ToolFinished(call=call, outcome=outcome):
                self._finish(call, outcome)
            case Steered(message=message) if message in self.unheard:
                self.unheard.remove(message)
            case MessageEnd(response=response):
                course.whole = response
            case PartStart() | TextDelta() | ReasoningDelta() | PartEnd() | Restart():
                course.partial = course.partial or PartialMessage()
                course.partial.feed(event)
        course.emit(event)

    def give(self) -> tuple[UserMessage, ...]:
        """Give what a person added, to be said to the other side."""
        said = tuple(map(_sendable, self.control.take()))
        self.unheard.extend(said)
        return said

    def end(self, reason: Reason | None, limits: Limits) -> End:
        """End it here, with what had come, and tell so; from now on nothing can be added.

        Args:
            reason: What stopped it here; None where it came to the end that was told.
            limits: How far it might have gone.
        """
        self._take_back()
        self.control.over = True
        end = self.course.close(reason, limits=limits, control=self.control)
        self.course.over = True
        self.course.emit(end)
        return end

    def _advance(self, talk: Conversation, metadata: ResponseMetadata | None) -> None:
        spent = self.course.progress.spent
        if isinstance(talk.tail, AssistantMessage):
            self.course = Course(self.course.progress, self.course.emit)  # nothing more is to come of it
            spent = spent.answered(metadata) if metadata else spent
        self._move(replace(Progress.begin(talk), spent=spent))

    def _finish(self, call: ToolCallPart, outcome: Outcome) -> None:
        progress, outcomes = self.course.progress, self.course.outcomes
        outcomes[call.id] = outcome
        if all(each.id in outcomes for each in self.talk.open_calls):
            self._move(replace(progress, spent=progress.spent.executed()))

    def _move(self, progress: Progress) -> None:
        """Go on from another place, of which all has been told."""
        self.course = replace(self.course, progress=progress)

    def _take_back(self) -> None:
        """Hold what the other side has not taken as still to be said."""
        self.give()
        for message in self.unheard:
            self.control.steer(message)
        self.unheard.clear()


def _sendable(message: UserMessage) -> UserMessage:
    """Put a question mark for each half of a surrogate pair, which no wire takes."""
    return UserMessage(
        parts=tuple(
            part.model_copy(update={"text": part.text.encode(errors="replace").decode()})
            if isinstance(part, TextPart)
            else part
            for part in message.parts
        )
    )
