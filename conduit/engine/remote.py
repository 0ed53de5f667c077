"""An engine whose turns run elsewhere: another Conduit asks its models, runs its tools, and tells it all here.

The conversation goes there whole and comes back advanced. Each message that is added is added here too, so whatever
cuts the way off (an abort, the end of the time, a network that fails) leaves a conversation that is valid and holds
what had come. Closing the connection stops the turn there.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing, suppress
from functools import partial
from typing import Any

from conduit.clients.adapter import read
from conduit.clients.remote import RemoteClient
from conduit.engine.control import Control
from conduit.engine.course import Course
from conduit.engine.events import Advanced, Paused, Resumed, TurnEvent
from conduit.engine.far_turn import FarTurn
from conduit.engine.limits import Limits, Reason
from conduit.engine.machine import End, Progress
from conduit.engine.sending import Begun, Question, Word
from conduit.engine.wire import load_event
from conduit.errors import ConduitError, ConversationError
from conduit.messages import Conversation, GenerationParams, MessageEnd

__all__ = ["RemoteEngine"]

AGAIN_S = 1.0
"""Seconds until a pause or its end that did not arrive is passed on again."""
GRACE_S = 1.0
"""Seconds beyond the time of a turn, in which the other side may still say itself that it is over."""

Lines = AsyncGenerator[tuple[str, bytes], None]


class RemoteEngine:
    """Moves conversations on at another Conduit; ``run`` is that of ``Engine``.

    Tools are the other side's own, by name. Only those that act at once can be had: what makes a plan would have to
    be approved where it waits, and from here nobody can (issue 11).

    Args:
        client: The way there.
        model: As it is known there, such as ``anthropic/claude-sonnet-4-5``, with or without the client's own
            name before it (``conduit/anthropic/…``); empty for the default there.
        tools: Names of tools that it offers.
        params: How to generate.
        limits: How far one turn may go; the other side may allow less, and its time runs on in a pause.
        response_schema: JSON schema that answers have to fit, if any.

    >>> client = RemoteClient(base_url="http://127.0.0.1:9321", token="…")
    >>> RemoteEngine(client, model="conduit/ollama/qwen3", tools=["search_clips"])
    <RemoteEngine ollama/qwen3 at conduit>
    """

    def __init__(
        self,
        client: RemoteClient,
        *,
        model: str = "",
        tools: Iterable[str] = (),
        params: GenerationParams | None = None,
        limits: Limits | None = None,
        response_schema: dict[str, Any] | None = None,
    ) -> None:
        self._client = client
        self._model = "" if model == client.provider else model.removeprefix(f"{client.provider}/")
        self._tools = tuple(tools)
        self._params = params or GenerationParams()
        self._limits = limits or Limits()
        self._response_schema = response_schema

    def __repr__(self) -> str:
        return f"<RemoteEngine {self._model or 'the default'} at {self._client.provider}>"

    async def run(
        self,
        conversation: Conversation,
        *,
        emit: Callable[[TurnEvent], None],
        control: Control | None = None,
    ) -> End:
        """Move a conversation on until the model has answered, or a limit is reached, here or there.

        Args:
            conversation: Ends with a user or tool message.
            emit: As for ``Engine.run``.
            control: As for ``Engine.run``; an abort closes the connection.

        Raises:
            ConduitError: Whatever was raised there, of its own class.
            ProviderError: It cannot be reached, or broke off.
            SetupError: It has no such tool or model, or the control has had its turn.
        """
        turn = FarTurn(Course(Progress.begin(conversation), emit), (control or Control()).claimed())
        wall_s = self._limits.wall_s
        try:
            async with turn.control.within(None if wall_s is None else wall_s + GRACE_S) as left:
                await self._drive(turn)
            return turn.end(left.reason, self._limits)
        except BaseException as error:
            if not turn.course.over:
                turn.course.emit = _forgiving(emit)  # the first error is the one to know of
                cancelled = isinstance(error, asyncio.CancelledError)
                turn.end(Reason.INTERRUPTED if cancelled else Reason.FAILED, self._limits)
            raise

    async def _drive(self, turn: FarTurn) -> None:
        """Ask until nothing is left to be said: what a person adds too late for one answer is asked anew."""
        while not turn.control.aborted:
            match turn.step(self._limits):
                case End():
                    return
                case _ if turn.control.paused:
                    await turn.control.held(tell=partial(turn.take, Paused()))
                    turn.take(Resumed())
                case _:
                    await self._ask(turn)

    async def _ask(self, turn: FarTurn) -> None:
        question = Question(
            messages=turn.talk.messages,
            model=self._model,
            params=self._params,
            limits=turn.left(self._limits),
            response_schema=self._response_schema,
            tools=self._tools,
        )
        body = await asyncio.to_thread(question.written)  # it may be long
        async with aclosing(self._client.lines("/v1/turn", body, model=self._model)) as lines:
            async for kind, line in lines:
                if kind != "turn":
                    raise self._client.unknown(f"began a turn with something ({kind})")
                begun = read(Begun, line, provider=self._client.provider, what="line")
                await self._follow(begun, lines, turn)
                return
        raise self._client.broken_off(model=self._model)

    async def _follow(self, begun: Begun, lines: Lines, turn: FarTurn) -> None:
        """Listen to a turn, and tell it what a person does; one that breaks off is noticed in a pause, too."""
        try:
            async with asyncio.TaskGroup() as group:
                beside = [group.create_task(self._tell(f"/v1/turn/{begun.id}", turn))]
                async for kind, line in lines:
                    event = self._event(kind, line, begun, turn)
                    if isinstance(event, Paused):  # the time stands still here, too
                        held = turn.control.held(tell=partial(turn.take, event))
                        beside.append(group.create_task(held))
                        await asyncio.sleep(0)  # it is told before what comes next
                        continue
                    turn.take(event)
                    if isinstance(event, End) and event.reason is not Reason.FAILED:
                        break
                else:
                    raise self._client.broken_off(model=self._model)
                for task in beside:
                    task.cancel()
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None

    def _event(self, kind: str, line: bytes, begun: Begun, turn: FarTurn) -> TurnEvent:
        try:
            event = load_event(line, shared=turn.talk)
        except (ValueError, ConversationError):
            raise self._client.unknown(f"sent an event ({kind})") from None
        match event:
            case Advanced(conversation=talk) | End(conversation=talk) if not talk.goes_on_from(turn.talk):
                raise self._client.unknown("sent another conversation, or one")
            case MessageEnd(response=response):
                facts = {
                    "params": self._params,
                    "tools": begun.tools,
                    "response_schema": self._response_schema,
                }
                asked = response.request.model_copy(update=facts)
                return MessageEnd(response=response.model_copy(update={"request": asked}))
        return event

    async def _tell(self, path: str, turn: FarTurn) -> None:
        """Pass on what a person does to the turn, as long as it runs."""
        paused = False
        while True:
            for message in turn.give():  # not twice: it may be the answer that was lost
                await self._said(path, Word(do="steer", message=message))
            if turn.control.paused is paused:
                await turn.control.changed()
            elif await self._said(path, Word(do="resume" if paused else "pause")):
                paused = not paused
            else:
                await asyncio.sleep(AGAIN_S)

    async def _said(self, path: str, word: Word) -> bool:
        """Pass a word on, and say whether it arrived: the turn goes on without it."""
        try:
            await self._client.post(path, word.model_dump_json().encode())
        except ConduitError:  # no way there, refused, or the turn is over
            return False
        return True


def _forgiving(emit: Callable[[TurnEvent], None]) -> Callable[[TurnEvent], None]:
    def tell(event: TurnEvent) -> None:
        with suppress(Exception):
            emit(event)

    return tell
