"""The driver of the state machine: it asks the client, runs the tools, and tells what happens as it does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import aclosing
from dataclasses import dataclass

from conduit.clients import Client
from conduit.engine.machine import Answered, End, Execute, Executed, Generate, Reason, turn
from conduit.engine.tool import Outcome, Toolbox
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import (
    AssistantMessage,
    Conversation,
    Event,
    GenerationParams,
    MessageEnd,
    PartialMessage,
    Request,
    ToolCallPart,
)

__all__ = ["Engine", "ToolFinished", "ToolStarted", "TurnEvent"]


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """A tool begins to run."""

    call: ToolCallPart


@dataclass(frozen=True, slots=True)
class ToolFinished:
    """A tool has answered, or a plan of its change waits."""

    call: ToolCallPart
    outcome: Outcome


_Turning = Generator[Generate | Execute, Answered | Executed, End]

TurnEvent = Event | ToolStarted | ToolFinished | End
"""What happens in a turn; ``End`` comes last, exactly once, also when the turn is cancelled or fails."""


class Engine:
    """Moves conversations on with one client and one set of tools.

    Args:
        client: Who answers.
        model: The model's name, as the client's provider knows it.
        toolbox: What the model may call.
        params: How to generate.
        max_steps: How often to generate or execute in one turn.
    """

    def __init__(
        self,
        client: Client,
        *,
        model: str,
        toolbox: Toolbox,
        params: GenerationParams | None = None,
        max_steps: int = 20,
    ) -> None:
        self._client = client
        self._model = model
        self._toolbox = toolbox
        self._params = params or GenerationParams()
        self._max_steps = max_steps

    async def run(self, conversation: Conversation, *, emit: Callable[[TurnEvent], None]) -> End:
        """Move a conversation on until the model has answered or a plan waits.

        Args:
            conversation: Ends with a user or tool message.
            emit: Told of everything that happens, on this loop. When the turn is cancelled or fails it is
                still told the ``End``, whose conversation holds what came and is valid.

        Raises:
            ProviderError: The client failed.
        """
        turning = turn(conversation, max_steps=self._max_steps)
        kept = _Kept(conversation)
        try:
            end = await self._drive(turning, kept, emit)
        except BaseException as error:
            reason = Reason.INTERRUPTED if isinstance(error, asyncio.CancelledError) else Reason.FAILED
            emit(End(kept.repaired(), reason))
            raise
        emit(end)
        return end

    async def _drive(
        self,
        turning: _Turning,
        kept: _Kept,
        emit: Callable[[TurnEvent], None],
    ) -> End:
        try:
            step = next(turning)
            while True:
                match step:
                    case Generate(conversation=talk):
                        kept.conversation = talk
                        message = await self._generate(talk, kept, emit)
                        kept.conversation, kept.partial = talk.add(message), None
                        step = turning.send(Answered(message))
                    case Execute(calls=calls):
                        step = turning.send(await self._execute(calls, emit))
        except StopIteration as stop:
            end: End = stop.value
            return end

    async def _generate(
        self, talk: Conversation, kept: _Kept, emit: Callable[[TurnEvent], None]
    ) -> AssistantMessage:
        request = Request(
            model=self._model, messages=talk.messages, params=self._params, tools=self._toolbox.specs
        )
        kept.partial = PartialMessage()
        async with aclosing(self._client.stream(request)) as events:
            async for event in events:
                kept.partial.feed(event)
                emit(event)
                if isinstance(event, MessageEnd):
                    return _distinct(event.response.message)
        raise ProviderError(
            f"{self._client.provider} stopped in the middle of its answer; what came is kept, ask again",
            kind=ErrorKind.STREAM_INCOMPLETE,
            provider=self._client.provider,
        )

    async def _execute(self, calls: tuple[ToolCallPart, ...], emit: Callable[[TurnEvent], None]) -> Executed:
        async def one(call: ToolCallPart) -> Outcome:
            emit(ToolStarted(call))
            outcome = await self._toolbox.execute(call)
            emit(ToolFinished(call, outcome))
            return outcome

        outcomes = await asyncio.gather(*map(one, calls))
        pending = any(outcome.plan_id for outcome in outcomes)
        return Executed(tuple(outcome.result for outcome in outcomes), pending=pending)


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


@dataclass(slots=True)
class _Kept:
    """The last valid conversation of a turn and what has come of the answer since."""

    conversation: Conversation
    partial: PartialMessage | None = None

    def repaired(self) -> Conversation:
        talk = self.conversation
        message = _distinct(self.partial.message()) if self.partial else AssistantMessage()
        if message.parts and not isinstance(talk.tail, AssistantMessage):
            talk = talk.add(message)
        return talk.closed("result unavailable: the turn was stopped before the tool had answered")
