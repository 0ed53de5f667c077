"""What a person holds while an answer comes: its events, its words, and at the end the whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, Generic, TypeVar

from conduit.channel.reply import ChannelEvent, Partial, Reply
from conduit.channel.streaming import Done
from conduit.messages import Event, MessageEnd, Response, TextDelta

__all__ = ["AnswerStream", "AsyncAnswerStream", "AsyncReplyStream", "ReplyStream"]

T = TypeVar("T")


class AnswerStream:
    """The events of a model's answer, as they come.

    Attributes:
        response: The whole answer once it has come; None before.

    >>> from conduit.channel import Model
    >>> from conduit.clients import ScriptedClient
    >>> with Model(client=ScriptedClient(["two four six"])).stream("count") as stream:
    ...     words = "".join(stream.text)
    >>> words == stream.response.text
    True
    """

    def __init__(self, events: Iterator[Event | Done[None]]) -> None:
        self._events = events
        self.response: Response | None = None

    def __iter__(self) -> Iterator[Event]:
        for event in self._events:
            if isinstance(event, Done):
                event.result()
                return
            if isinstance(event, MessageEnd):
                self.response = event.response
            yield event

    @property
    def text(self) -> Iterator[str]:
        """The words only, piece by piece. After a ``Restart`` they begin anew, which only the events tell."""
        return (event.text for event in self if isinstance(event, TextDelta))


class AsyncAnswerStream:
    """The events of a model's answer, as they come, for ``async for``.

    Attributes:
        response: The whole answer once it has come; None before.

    >>> import asyncio
    >>> from conduit.channel import Model
    >>> from conduit.clients import ScriptedClient
    >>> async def words():
    ...     async with Model(client=ScriptedClient(["two four six"])).stream_async("count") as stream:
    ...         return [piece async for piece in stream.text]
    >>> asyncio.run(words())
    ['two four six']
    """

    def __init__(self, events: AsyncIterator[Event | Done[None]]) -> None:
        self._events = events
        self.response: Response | None = None

    async def __aiter__(self) -> AsyncIterator[Event]:
        async for event in self._events:
            if isinstance(event, Done):
                event.result()
                return
            if isinstance(event, MessageEnd):
                self.response = event.response
            yield event

    @property
    def text(self) -> AsyncIterator[str]:
        """The words only, piece by piece. After a ``Restart`` they begin anew, which only the events tell."""
        return (event.text async for event in self if isinstance(event, TextDelta))


class ReplyStream(Generic[T]):
    """What happens while a channel answers.

    Attributes:
        reply: The outcome once it is there; None before.

    >>> from conduit.channel import Channel, Parser
    >>> from conduit.clients import ScriptedClient
    >>> client = ScriptedClient(['{"value": [60, 64, 67]}'], piece=8)
    >>> with Channel(client=client, parser=Parser(list[int])).stream("C major") as stream:
    ...     list(stream.values)
    [[60], [60, 64, 67]]
    >>> stream.reply.value
    [60, 64, 67]
    """

    def __init__(self, events: Iterator[ChannelEvent | Done[Reply[T]]]) -> None:
        self._events = events
        self.reply: Reply[T] | None = None

    def __iter__(self) -> Iterator[ChannelEvent]:
        for event in self._events:
            if isinstance(event, Done):
                self.reply = event.result()
                return
            yield event

    @property
    def text(self) -> Iterator[str]:
        """The words only, piece by piece."""
        return (event.text for event in self if isinstance(event, TextDelta))

    @property
    def values(self) -> Iterator[Any]:
        """The value only, as far as it has come: JSON, unchecked, each time it has grown."""
        return (event.value for event in self if isinstance(event, Partial))


class AsyncReplyStream(Generic[T]):
    """What happens while a channel answers, for ``async for``.

    Attributes:
        reply: The outcome once it is there; None before.

    >>> import asyncio
    >>> from conduit.channel import Channel
    >>> from conduit.clients import ScriptedClient
    >>> async def words():
    ...     async with Channel(client=ScriptedClient(["two four six"])).stream_async("count") as stream:
    ...         return [piece async for piece in stream.text], stream.reply.value
    >>> asyncio.run(words())
    (['two four six'], 'two four six')
    """

    def __init__(self, events: AsyncIterator[ChannelEvent | Done[Reply[T]]]) -> None:
        self._events = events
        self.reply: Reply[T] | None = None

    async def __aiter__(self) -> AsyncIterator[ChannelEvent]:
        async for event in self._events:
            if isinstance(event, Done):
                self.reply = event.result()
                return
            yield event

    @property
    def text(self) -> AsyncIterator[str]:
        """The words only, piece by piece."""
        return (event.text async for event in self if isinstance(event, TextDelta))

    @property
    def values(self) -> AsyncIterator[Any]:
        """The value only, as far as it has come: JSON, unchecked, each time it has grown."""
        return (event.value async for event in self if isinstance(event, Partial))
