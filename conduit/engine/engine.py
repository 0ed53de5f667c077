"""The driver of the state machine: it asks the client, runs the tools, and tells what happens as it does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress
from typing import Any

from conduit.clients import Client
from conduit.engine.control import Control
from conduit.engine.course import Course
from conduit.engine.events import (
    Paused,
    Resumed,
    ToolFinished,
    ToolStarted,
    TurnEvent,
)
from conduit.engine.limits import Limits, Reason
from conduit.engine.machine import End, Execute, Generate, Progress
from conduit.engine.tool import Toolbox
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import (
    Conversation,
    GenerationParams,
    MessageEnd,
    PartialMessage,
    Request,
    ToolCallPart,
)

__all__ = ["Engine", "ToolFinished", "ToolStarted", "TurnEvent"]


class Engine:
    """Moves conversations on with one client and one set of tools.

    Args:
        client: Who answers.
        model: The model's name, as the client's provider knows it.
        toolbox: What the model may call.
        params: How to generate. A ``tool_choice`` that demands a call holds until tools have run in the turn.
        limits: How far one turn may go.
        response_schema: JSON schema that answers have to fit, if any.

    >>> from conduit.clients import ScriptedClient
    >>> from conduit.engine.plans import Plans
    >>> from conduit.messages import UserMessage
    >>> toolbox = Toolbox([], plans=Plans(clock=lambda: 0.0))
    >>> engine = Engine(ScriptedClient(["four bars, coming up"]), model="script", toolbox=toolbox)
    >>> end = asyncio.run(engine.run(Conversation().add(UserMessage.of("bass")), emit=lambda event: None))
    >>> end.reason.value, end.conversation.text, end.steps
    ('done', 'four bars, coming up', 1)
    """

    def __init__(
        self,
        client: Client,
        *,
        model: str,
        toolbox: Toolbox,
        params: GenerationParams | None = None,
        limits: Limits | None = None,
        response_schema: dict[str, Any] | None = None,
    ) -> None:
        self._client = client
        self._model = model
        self._toolbox = toolbox
        self._params = params or GenerationParams()
        self._limits = limits or Limits()
        self._response_schema = response_schema

    async def run(
        self,
        conversation: Conversation,
        *,
        emit: Callable[[TurnEvent], None],
        control: Control | None = None,
    ) -> End:
        """Move a conversation on until the model has answered, a plan waits, or a limit is reached.

        Args:
            conversation: Ends with a user or tool message.
            emit: Told of everything that happens, on this loop. When the turn is cancelled or fails it is
                still told the ``End``, whose conversation holds what came and is valid. What it raises fails
                the turn; the first such error is raised again.
            control: For a person who pauses, steers or aborts the turn; made for this one turn.

        Raises:
            ProviderError: The client failed.
            SetupError: The control has had its turn.
        """
        control = (control or Control()).claimed()
        course = Course(Progress.begin(conversation), emit)
        try:
            async with control.within(self._limits.wall_s) as left:
                await self._drive(course, control)
            return self._end(course, control, left.reason)
        except BaseException as error:
            if not course.over:
                course.emit = _forgiving(emit)  # the first error is the one to know of
                cancelled = isinstance(error, asyncio.CancelledError)
                self._end(course, control, Reason.INTERRUPTED if cancelled else Reason.FAILED)
            raise

    async def _drive(self, course: Course, control: Control) -> None:
        while not control.aborted:
            course.steer(control)
            match course.progress.step(self._limits):
                case End():
                    return
                case _ if control.paused:
                    await control.held(tell=lambda: course.emit(Paused()))
                    course.emit(Resumed())
                case Generate(conversation=talk):
                    await self._generate(talk, course)
                case Execute(calls=calls):
                    await self._execute(calls, course)

    def _end(self, course: Course, control: Control, reason: Reason | None) -> End:
        """Tell the last of a turn: what had come, what a person still wanted to say, and the end."""
        control.over = True
        end = course.close(reason, limits=self._limits, control=control)
        course.over = True
        course.emit(end)
        return end

    async def _generate(self, talk: Conversation, course: Course) -> None:
        course.partial = PartialMessage()
        async with aclosing(self._client.stream(self._request(talk, course))) as events:
            async for event in events:
                course.partial.feed(event)
                if isinstance(event, MessageEnd):
                    course.whole = event.response
                course.emit(event)
                if course.whole is not None:
                    break
        if course.whole is None:
            raise ProviderError(
                f"{self._client.provider} stopped in the middle of its answer; what came is kept, ask again",
                kind=ErrorKind.STREAM_INCOMPLETE,
                provider=self._client.provider,
            )
        course.take_answer()

    def _request(self, talk: Conversation, course: Course) -> Request:
        params = self._params
        if course.executed and params.tool_choice not in {None, "auto", "none"}:
            params = params.model_copy(update={"tool_choice": None})  # or the model would call for ever
        return Request(
            model=self._model,
            messages=talk.messages,
            params=params,
            tools=self._toolbox.specs,
            response_schema=self._response_schema,
        )

    async def _execute(self, calls: tuple[ToolCallPart, ...], course: Course) -> None:
        async def one(call: ToolCallPart) -> None:
            course.emit(ToolStarted(call))
            outcome = course.outcomes[call.id] = await self._toolbox.execute(call)
            course.emit(ToolFinished(call, outcome))

        try:
            async with asyncio.TaskGroup() as group:
                for call in calls:
                    group.create_task(one(call), name=f"tool {call.name}")
        except BaseExceptionGroup as errors:  # tools do not raise: it is the listener's own error
            raise errors.exceptions[0] from None
        course.take_results(calls)


def _forgiving(emit: Callable[[TurnEvent], None]) -> Callable[[TurnEvent], None]:
    def tell(event: TurnEvent) -> None:
        with suppress(Exception):
            emit(event)

    return tell
