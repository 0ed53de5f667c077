"""Clips from models that cannot call tools, but whose servers make an answer fit a JSON schema.

Such a model is asked, in few words, for integers on a grid (see ``grid``). What it writes is turned into a
``write_clip`` call while it comes, so that nobody above sees a difference. It never calls another tool.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from conduit.clients import Capabilities, Client, Place, collect, part_events
from conduit.composer.grid_call import GridCall
from conduit.composer.grid_task import GridTask, read_task
from conduit.composer.intake import WRITE_CLIP
from conduit.errors import ProviderError
from conduit.messages import (
    AssistantMessage,
    Event,
    MessageEnd,
    PartialMessage,
    Request,
    Response,
    ResponseMetadata,
    Restart,
    StopReason,
    TextPart,
)

__all__ = ["SchemaComposer"]

_AGAIN = 2  # times that a model is asked again, which struck one key over and over


class SchemaComposer:
    """A client that writes clips with a model that cannot call tools.

    Args:
        client: Asks the model; its server has to make answers fit ``Request.response_schema``.
    """

    streams_tool_arguments = True

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

    async def list_models(self) -> tuple[str, ...]:
        """Let the client inside ask its provider for its models."""
        return await self._client.list_models()

    async def capabilities(self, model: str) -> Capabilities:
        """Say what the model can do, and that it can call tools: it can write clips."""
        return replace(await self._client.capabilities(model), tools=True)

    async def complete(self, request: Request) -> Response:
        """Answer a request in one piece.

        Raises:
            ProviderError: As ``stream``.
        """
        return await collect(self.stream(request), provider=self.provider)

    async def close(self) -> None:
        """Close the client inside."""
        await self._client.close()

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """Answer a request: with a clip if it offers ``write_clip``, else as the model does without tools.

        Raises:
            ProviderError: The client inside failed, or what the model wrote is no clip.
        """
        task = await _task(request)
        if task is None:
            events = self._passed_on(request)
        else:
            events = self._said(request, task) if isinstance(task, str) else self._written(request, task)
        async with aclosing(events):
            async for event in events:
                yield event

    async def sent(self, request: Request) -> Request:
        """Give what the client inside would be asked; nobody is."""
        task = await _task(request)
        return task.request(request) if isinstance(task, GridTask) else _without_tools(request)

    async def _passed_on(self, request: Request) -> AsyncGenerator[Event, None]:
        async with aclosing(self._client.stream(_without_tools(request))) as events:
            async for event in events:
                if isinstance(event, MessageEnd):
                    response = event.response.model_copy(update={"request": request})
                    yield MessageEnd(response=response)
                else:
                    yield event

    async def _said(self, request: Request, text: str) -> AsyncGenerator[Event, None]:
        message = AssistantMessage(parts=(TextPart(text=text),))
        for event in part_events(message, split=lambda words: (words,)):
            yield event
        metadata = ResponseMetadata(provider=self.provider, model=request.model)
        yield MessageEnd(response=Response(request=request, message=message, metadata=metadata))

    async def _written(self, request: Request, task: GridTask) -> AsyncGenerator[Event, None]:
        call = GridCall(task.grid, id=f"call_{len(request.messages)}")
        partial = PartialMessage()
        spent: list[ResponseMetadata] = []
        try:
            while not spent or (len(spent) <= _AGAIN and call.struck_one_key):
                events = self._attempt(task.request(request), call, spent=spent)
                async with aclosing(events):
                    async for made in events:
                        partial.feed(made)
                        yield made
            for made in call.finish(spent[-1]):
                partial.feed(made)
                yield made
            yield MessageEnd(response=_response(request, partial.message(), _total(spent)))
        except ProviderError as error:
            # What came of the model's own text means nothing to whoever asked for a clip.
            kept = partial.message()
            error.partial = kept.model_dump(mode="json") if kept.parts else None
            raise

    async def _attempt(
        self, request: Request, call: GridCall, *, spent: list[ResponseMetadata]
    ) -> AsyncGenerator[Event, None]:
        """Ask once, give the events of a call that is not yet complete, and put the facts among ``spent``."""
        if spent:
            restart = Restart(provider=self.provider, reason="it struck one key over and over")
            for made in call.feed(restart):
                yield made
        async with aclosing(self._client.stream(request)) as events:
            async for event in events:
                if isinstance(event, MessageEnd):
                    spent.append(event.response.metadata)
                else:
                    for made in call.feed(event):
                        yield made


async def _task(request: Request) -> GridTask | str | None:
    """Give what is to be written, or what is said instead; None where no clip is wanted."""
    if request.params.tool_choice == "none" or all(tool.name != WRITE_CLIP for tool in request.tools):
        return None
    return await asyncio.to_thread(read_task, request.messages)


def _without_tools(request: Request) -> Request:
    params = request.params.model_copy(update={"tool_choice": None})
    return request.model_copy(update={"tools": (), "params": params})


def _response(request: Request, message: AssistantMessage, inner: ResponseMetadata) -> Response:
    metadata = inner.model_copy(update={"stop_reason": StopReason.TOOL_CALLS})
    return Response(request=request, message=message, metadata=metadata)


def _total(spent: list[ResponseMetadata]) -> ResponseMetadata:
    """Give the facts of the last attempt with what all of them used."""
    *before, last = spent
    usages = [one.usage for one in spent if one.usage]
    costs = [one.cost_usd for one in spent if one.cost_usd is not None]
    return last.model_copy(
        update={
            "usage": sum(usages[1:], usages[0]) if usages else None,
            "cost_usd": sum(costs[1:], costs[0]) if costs else None,
            "duration_s": sum(one.duration_s for one in spent),
            "first_token_s": (before or [last])[0].first_token_s,
        }
    )
