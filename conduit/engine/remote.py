"""An engine whose turns run elsewhere: another Conduit asks its models, runs its tools, and tells it all here.

The conversation goes there whole and comes back advanced. Each message that is added is added here too, so whatever
cuts the way off (an abort, the end of the time, a network that fails) leaves a conversation that is valid and holds
what had come. Closing the connection stops the turn there.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import partial
from typing import Any

from conduit.clients.adapter import read
from conduit.clients.remote import RemoteClient
from conduit.engine.control import Control
from conduit.engine.events import Advanced, Paused, TurnEvent
from conduit.engine.far_turn import FarTurn
from conduit.engine.limits import Limits, Reason
from conduit.engine.machine import End, Progress
from conduit.engine.sending import Begun, Question, Word
from conduit.engine.wire import load_event
from conduit.errors import ConversationError
from conduit.messages import Conversation, GenerationParams, MessageEnd

__all__ = ["RemoteEngine"]

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
        limits: How far one turn may go; the other side may allow less.
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
        turn = FarTurn(Progress.begin(conversation), emit, (control or Control()).claimed())
        wall_s = self._limits.wall_s
        try:
            async with turn.control.within(None if wall_s is None else wall_s + GRACE_S) as left:
                end = await self._rounds(turn)
        except BaseException as error:
            cancelled = isinstance(error, asyncio.CancelledError)
            turn.tell_end(turn.stopped(Reason.INTERRUPTED if cancelled else Reason.FAILED, self._limits))
            raise
        return turn.tell_end(end if left.reason is None else turn.stopped(left.reason, self._limits))

    async def _rounds(self, turn: FarTurn) -> End:
        """Ask until nothing is left to be said: what a person adds too late for one round begins the next."""
        while True:
            end = turn.summed(await self._round(turn))
            if end.reason is Reason.DONE and turn.control.waiting:
                end = replace(end, reason=self._limits.reached(turn.progress.spent) or Reason.DONE)
            if end.reason is not Reason.DONE or not turn.control.waiting:
                return turn.closed(end)
            turn.steer()

    async def _round(self, turn: FarTurn) -> End:
        question = Question(
            messages=turn.talk.messages,
            model=self._model,
            params=self._params,
            limits=turn.left(self._limits),
            response_schema=self._response_schema,
            tools=self._tools,
        )
        body = await asyncio.to_thread(lambda: question.model_dump_json().encode())  # it may be long
        async with aclosing(self._client.lines("/v1/turn", body, model=self._model)) as lines:
            async for kind, line in lines:
                if kind != "turn":
                    raise self._client.unknown(f"began a turn with something ({kind})")
                begun = read(Begun, line, provider=self._client.provider, what="line")
                return await self._follow(begun, lines, turn)
        raise self._client.broken_off(model=self._model)

    async def _follow(self, begun: Begun, lines: Lines, turn: FarTurn) -> End:
        try:
            async with asyncio.TaskGroup() as group:
                telling = group.create_task(self._tell(f"/v1/turn/{begun.id}", turn))
                end = await self._listen(begun, lines, turn)
                telling.cancel()
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        finally:
            turn.take_back()
        return end

    async def _listen(self, begun: Begun, lines: Lines, turn: FarTurn) -> End:
        async for kind, line in lines:
            event = self._event(kind, line, begun, turn)
            if isinstance(event, Paused):
                await turn.control.held(tell=partial(turn.take, event))  # the time stands still here, too
                continue
            turn.take(event)
            if isinstance(event, End) and event.reason is not Reason.FAILED:
                return event
        raise self._client.broken_off(model=self._model)

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
            words = [Word(do="steer", message=message) for message in turn.give()]
            if turn.control.paused is not paused:
                paused = not paused
                words.append(Word(do="pause" if paused else "resume"))
            for word in words:
                with suppress(
                    ConversationError
                ):  # it is over there; what nobody has heard begins the next round
                    await self._client.post(path, word.model_dump_json().encode())
            await turn.control.changed()
