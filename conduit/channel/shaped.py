"""A client that keeps every model to a schema, in whichever way that model can be brought to it.

Above it a request has a ``response_schema`` and its answer is the text of JSON, always. Below it the schema goes to
the server's own schema mode; else to a tool that the model has to call, whose arguments become the text; else into
words. So conversations hold one form, whoever answered.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from conduit.channel.parser import ANSWER, Mode, Parser, schema_spec, schema_words
from conduit.clients import Capabilities, Client, Place
from conduit.messages import (
    AssistantMessage,
    AssistantPart,
    Event,
    Message,
    MessageEnd,
    PartEnd,
    PartStart,
    Request,
    Response,
    Restart,
    StopReason,
    TextDelta,
    TextPart,
    ToolCallDelta,
    ToolCallPart,
    UserMessage,
)

__all__ = ["ShapedClient", "shaped", "unshaped"]


class ShapedClient:
    """Answers requests that have a ``response_schema`` with JSON, and others as the client inside does.

    Args:
        client: Asks the model.

    >>> import asyncio
    >>> from conduit.clients import ScriptedClient
    >>> call = ToolCallPart(id="1", name="answer", arguments='{"bars": 4}')
    >>> inside = ScriptedClient([AssistantMessage(parts=(call,))])
    >>> asked = Request(model="script", messages=(UserMessage.of("how long?"),), response_schema={"type": "object"})
    >>> asyncio.run(ShapedClient(inside).complete(asked)).text
    '{"bars": 4}'
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def provider(self) -> str:
        """The name of the client inside."""
        return self._client.provider

    @property
    def place(self) -> Place:
        """Where the client inside runs."""
        return self._client.place

    @property
    def models(self) -> tuple[str, ...]:
        """The models of the client inside."""
        return self._client.models

    @property
    def streams_tool_arguments(self) -> bool:
        """Whether the client inside gives them piece by piece."""
        return self._client.streams_tool_arguments

    async def list_models(self) -> tuple[str, ...]:
        """Let the client inside ask its provider for its models."""
        return await self._client.list_models()

    async def capabilities(self, model: str) -> Capabilities:
        """Say what the model can do."""
        return await self._client.capabilities(model)

    async def complete(self, request: Request) -> Response:
        """Answer a request in one piece; raises as the client inside does."""
        if request.response_schema is None:
            return await self._client.complete(request)
        asked = await self._asked(request)
        return unshaped(await self._client.complete(asked), request)

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """Answer a request piece by piece; raises as the client inside does."""
        asked = request if request.response_schema is None else await self._asked(request)
        calls: set[int] = set()
        async with aclosing(self._client.stream(asked)) as events:
            async for event in events:
                yield event if asked is request else _told(event, request, calls)

    async def close(self) -> None:
        """Close the client inside."""
        await self._client.close()

    async def _asked(self, request: Request) -> Request:
        return shaped(request, Parser.mode(await self._client.capabilities(request.model)))


def shaped(request: Request, mode: Mode) -> Request:
    """Write a request that has a schema so that a model of this mode keeps to it."""
    schema = request.response_schema
    if schema is None or mode is Mode.NATIVE:
        return request
    if mode is Mode.FENCED:
        messages = _with_words(request.messages, schema_words(schema))
        return request.model_copy(update={"response_schema": None, "messages": messages})
    # Beside other tools it has to call one of them, this among them.
    choice = "required" if request.tools else ANSWER
    params = request.params.model_copy(update={"tool_choice": choice})
    tools = (*request.tools, schema_spec(schema))
    return request.model_copy(update={"response_schema": None, "params": params, "tools": tools})


def unshaped(response: Response, request: Request) -> Response:
    """Give the answer to ``request``: the arguments of the answer's tool are its text."""
    parts = tuple(map(_part, response.message.parts))
    message = AssistantMessage(parts=parts)
    metadata = response.metadata
    if metadata.stop_reason is StopReason.TOOL_CALLS and not message.tool_calls:
        metadata = metadata.model_copy(update={"stop_reason": StopReason.STOP})
    return Response(request=request, message=message, metadata=metadata)


def _with_words(messages: tuple[Message, ...], words: str) -> tuple[Message, ...]:
    """Put the words beside the question they belong to; after a tool's result they are a message of their own."""
    *before, last = messages
    if not isinstance(last, UserMessage):
        return (*messages, UserMessage.of(words))
    return (*before, UserMessage(parts=(*last.parts, TextPart(text=words))))


def _told(event: Event, request: Request, calls: set[int]) -> Event:
    """Tell an event of the answer's tool as one of a text; ``calls`` holds where such calls stand."""
    match event:
        case PartStart(kind="tool_call", name=name, index=index) if name == ANSWER:
            calls.add(index)
            return PartStart(index=index, kind="text")
        case ToolCallDelta(index=index, arguments=text) if index in calls:
            return TextDelta(index=index, text=text)
        case PartEnd(index=index, part=part):
            return PartEnd(index=index, part=_part(part))
        case Restart():
            calls.clear()
            return event
        case MessageEnd(response=response):
            return MessageEnd(response=unshaped(response, request))
        case _:
            return event


def _part(part: AssistantPart) -> AssistantPart:
    if isinstance(part, ToolCallPart) and part.name == ANSWER:
        return TextPart(text=part.arguments)
    return part
