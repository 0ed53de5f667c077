"""What the reader of a stream is told when an answer takes several attempts. Pure."""

from __future__ import annotations

from conduit.clients import part_events
from conduit.errors import ProviderError
from conduit.messages import (
    AssistantMessage,
    Event,
    MessageEnd,
    PartEnd,
    PartStart,
    ReasoningDelta,
    Request,
    Response,
    Restart,
    TextDelta,
    ToolCallDelta,
    UserMessage,
)
from conduit.routing.trials import Failover

__all__ = ["Telling"]

_GO_ON = "Your answer was cut off. Go on exactly where it ends, without repeating anything."


class Telling:
    """What the reader of a stream is told, across attempts that broke off.

    Attributes:
        request: What the next attempt is asked: the whole question, or to go on.
        shown: Whether something has been told since the last restart.
        response: The answer, once it is whole.
    """

    def __init__(self, request: Request, failover: Failover) -> None:
        self.request = request
        self.shown = False
        self.response: Response | None = None
        self._asked = request
        self._failover = failover
        self._before: tuple[PartEnd, ...] = ()
        self._open: PartStart | None = None
        self._broken = ""
        self._told = False

    def begin(self) -> None:
        """Note that another attempt begins."""
        self._told = False

    def tell(self, event: Event, *, provider: str) -> list[Event]:
        """Give what the reader is told of an event."""
        told: list[Event] = []
        if self._broken:
            reason, self._broken = self._broken, ""
            told.append(Restart(provider=provider, reason=reason))
        self.shown = self._told = True
        if isinstance(event, PartStart):
            self._open = event
        elif isinstance(event, MessageEnd):
            event = self._whole(event)
        elif isinstance(event, PartEnd):
            self._open = None
        told.append(self._moved(event) if self._before else event)
        if isinstance(event, Restart):  # another Conduit's, which knows nothing of what came before it
            before = AssistantMessage(parts=tuple(end.part for end in self._before))
            told += part_events(before, split=lambda text: (text,))
        return told

    def broke(self, error: ProviderError) -> None:
        """Take the end of an attempt that failed, and decide how the next begins."""
        if not self._told:
            return
        partial = AssistantMessage.model_validate(error.partial) if error.partial else AssistantMessage()
        calls = partial.tool_calls or (self._open is not None and self._open.kind == "tool_call")
        if self._failover is Failover.CONTINUE and partial.parts and not calls:
            self._go_on(partial)
            return
        self._broken = error.message
        self.shown = False
        self.request, self._before, self._open = self._asked, (), None

    def _go_on(self, partial: AssistantMessage) -> None:
        offset = len(self._before)
        ended = tuple(PartEnd(index=offset + place, part=part) for place, part in enumerate(partial.parts))
        self._before = (*self._before, *ended)
        so_far = AssistantMessage(parts=tuple(end.part for end in self._before))
        self.request = self._asked.model_copy(
            update={"messages": (*self._asked.messages, so_far, UserMessage.of(_GO_ON))}
        )

    def _moved(self, event: Event) -> Event:
        if isinstance(event, PartStart | TextDelta | ReasoningDelta | ToolCallDelta | PartEnd):
            return event.model_copy(update={"index": event.index + len(self._before)})
        return event

    def _whole(self, end: MessageEnd) -> MessageEnd:
        response = end.response
        parts = (*(before.part for before in self._before), *response.message.parts)
        self.response = response.model_copy(
            update={"request": self._asked, "message": AssistantMessage(parts=parts)}
        )
        return MessageEnd(response=self.response)
