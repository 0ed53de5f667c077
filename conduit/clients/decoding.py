"""What every decoder does: cut bytes into lines, hand each to a reader, and know a whole answer from a cut one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from conduit.clients.adapter import Reply
from conduit.clients.assembly import Assembly
from conduit.clients.faults import cut_off
from conduit.clients.lines import Lines, data_of
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import Event

__all__ = ["Reader", "StreamDecoder", "event_of"]


class Reader(Protocol):
    """Reads a provider's events, one whole JSON text at a time."""

    provider: str
    assembly: Assembly

    @property
    def complete(self) -> bool:
        """Whether the provider's own terminal event was seen."""

    def take(self, data: bytes) -> None:
        """Read one event.

        Raises:
            ProviderError: It says that the provider failed, or cannot be read.
        """

    def reply(self) -> Reply:
        """Give the whole answer.

        Raises:
            ProviderError: It is one that cannot be used.
        """


class StreamDecoder:
    """Reads the stream of one answer.

    Args:
        reader: What reads the events.
        content: Gives the event that stands on a line; None for a line without one.
    """

    def __init__(self, reader: Reader, *, content: Callable[[bytes], bytes | None]) -> None:
        self._reader = reader
        self._content = content
        self._lines = Lines()

    def feed(self, data: bytes) -> list[Event]:
        """Take bytes, cut anywhere; give the events that they complete.

        Raises:
            ProviderError: The stream says that it failed, or cannot be read; ``partial`` holds what had come.
        """
        try:
            for line in self._lines.feed(data):
                content = self._content(line)
                if content:
                    self._reader.take(content)
        except ProviderError as error:
            self._keep(error)
            raise
        return self._reader.assembly.drain()

    def finish(self) -> tuple[list[Event], Reply]:
        """Take the end of the stream; give the last events and the whole answer.

        Raises:
            ProviderError: The stream ended before the provider's own terminal event.
        """
        try:
            self._take_rest()
            if not self._reader.complete:
                raise cut_off(self._reader.provider)
            reply = self._reader.reply()
        except ProviderError as error:
            self._keep(error)
            raise
        return self._reader.assembly.drain(), reply

    def _take_rest(self) -> None:
        """Read a last line that has no end; some servers close without one."""
        content = self._content(self._lines.rest())
        if not content or self._reader.complete:
            return
        try:
            self._reader.take(content)
        except ProviderError as error:
            if error.kind is ErrorKind.PROTOCOL:  # half a line, which finish() tells of
                return
            raise

    def _keep(self, error: ProviderError) -> None:
        message = self._reader.assembly.message()
        if error.partial is None and message.parts:
            error.partial = message.model_dump(mode="json")


def event_of(line: bytes) -> bytes | None:
    """Give the event on a line of server-sent events; the last word that some servers add to it is none."""
    data = data_of(line)
    return None if data == b"[DONE]" else data
