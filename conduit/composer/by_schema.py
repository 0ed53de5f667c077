"""Clips from models that cannot call tools, but whose servers make an answer fit a JSON schema.

Such a model is asked, in few words, for integers on a grid (see ``grid``). What it writes is turned into a
``write_clip`` call while it comes, so that nobody above sees a difference. It never calls another tool.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace

from conduit.clients import Capabilities, Client, Place, collect, part_events
from conduit.composer.grid import FEWEST, Grid, GridReader
from conduit.composer.grid_task import GridTask, read_task
from conduit.composer.intake import WRITE_CLIP
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import (
    AssistantMessage,
    Event,
    MessageEnd,
    PartEnd,
    PartialMessage,
    PartStart,
    ReasoningDelta,
    ReasoningPart,
    Request,
    Response,
    ResponseMetadata,
    Restart,
    StopReason,
    TextDelta,
    TextPart,
    ToolCallDelta,
    ToolCallPart,
)

__all__ = ["SchemaComposer"]

_SHOWN = 200  # characters of an answer that an error quotes
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
        call = _Call(task.grid, id=f"call_{len(request.messages)}")
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
        self, request: Request, call: _Call, *, spent: list[ResponseMetadata]
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


class _Call:
    """Turns the events of an answer in grid JSON into those of a ``write_clip`` call."""

    def __init__(self, grid: Grid, *, id: str) -> None:  # noqa: A002  as it is called in ``ToolCallPart``
        self._grid = grid
        self._id = id
        self._reset()

    def _reset(self) -> None:
        self._reader = GridReader(self._grid)
        self._index = -1
        self._last = -1
        self._arguments: list[str] = []
        self._came = ""

    @property
    def struck_one_key(self) -> bool:
        """Whether all that has come is one note, written several times."""
        return self._reader.n_notes < FEWEST and self._reader.n_doubled > 0

    def feed(self, event: Event) -> Iterator[Event]:
        """Take an event of the model's answer; give those that follow. Thoughts pass, words are read."""
        match event:
            case Restart():
                self._reset()
                yield event
            case PartStart(kind="reasoning", index=index) | PartEnd(index=index, part=ReasoningPart()):
                self._last = max(self._last, index)
                yield event
            case ReasoningDelta():
                yield event
            case TextDelta(index=index, text=text):
                yield from self._read(text, index=index)

    def finish(self, metadata: ResponseMetadata) -> Iterator[Event]:
        """Give the events that complete the call, and a remark where notes are missing.

        Raises:
            ProviderError: What came is no clip.
        """
        cut = metadata.stop_reason is StopReason.LENGTH
        if self._reader.n_notes < (FEWEST if cut else 1):
            raise self._unreadable(metadata, cut=cut)
        yield self._more('"}')
        part = ToolCallPart(id=self._id, name=WRITE_CLIP, arguments="".join(self._arguments))
        yield PartEnd(index=self._index, part=part)
        if remark := _remark(self._reader, cut=cut):
            index = self._last + 1
            yield PartStart(index=index, kind="text")
            yield TextDelta(index=index, text=remark)
            yield PartEnd(index=index, part=TextPart(text=remark))

    def _read(self, text: str, *, index: int) -> Iterator[Event]:
        if len(self._came) < _SHOWN:
            self._came += text
        self._last = max(self._last, index)
        for note in self._reader.feed(text):
            if not self._arguments:
                self._index = index
                yield PartStart(index=index, kind="tool_call", id=self._id, name=WRITE_CLIP)
                yield self._more('{"clip": "' + _escaped(self._grid.header))
            yield self._more(_escaped(note.line(self._grid)))

    def _more(self, arguments: str) -> ToolCallDelta:
        self._arguments.append(arguments)
        return ToolCallDelta(index=self._index, arguments=arguments)

    def _unreadable(self, metadata: ResponseMetadata, *, cut: bool) -> ProviderError:
        what = "was cut off before it had two notes" if cut else "holds no note that fits the schema"
        step = "allow more tokens" if cut else "ask again, or use a server that enforces JSON schemas"
        return ProviderError(
            f"the answer of {metadata.model} {what}; {step}. It begins: {self._came[:_SHOWN]!r}",
            kind=ErrorKind.LENGTH if cut else ErrorKind.PROTOCOL,
            provider=metadata.provider,
            model=metadata.model,
        )


def _escaped(line: str) -> str:
    """Write a line and its break as the inside of a JSON string."""
    return json.dumps(line + "\n", ensure_ascii=False)[1:-1]


def _remark(reader: GridReader, *, cut: bool) -> str:
    said = []
    if cut:
        said.append(f"The answer was cut off after {reader.n_notes} notes.")
    if n_doubled := reader.n_doubled:
        what = (
            f"{n_doubled} notes strike keys that sound"
            if n_doubled > 1
            else "1 note strikes a key that sounds"
        )
        said.append(f"{what} already and had to be left out.")
    if reader.strays:
        n_strays = len(reader.strays)
        what = f"{n_strays} notes do" if n_strays > 1 else "1 note does"
        said.append(f"{what} not fit and had to be left out, such as {reader.strays[0][:_SHOWN]}.")
    return " ".join(said)
