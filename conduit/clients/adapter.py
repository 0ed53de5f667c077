"""What a provider's adapter is: pure functions between Conduit's values and the bytes on the wire.

An adapter does no I/O, so it is tested on recorded bytes. ``wire`` carries what it writes and reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from conduit.errors import ErrorKind, ProviderError, SetupError
from conduit.messages import AssistantMessage, Event, GenerationParams, Request, StopReason, Usage

T = TypeVar("T", bound=BaseModel)

__all__ = ["Adapter", "Call", "Decoder", "Incoming", "Outgoing", "Reply", "body_of", "read"]


class Outgoing(BaseModel):
    """A payload that Conduit writes: strict, so that nothing the provider does not know leaves by accident."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64")


class Incoming(BaseModel):
    """A payload that Conduit reads: strict in what it reads; vendors add fields weekly, those are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request.

    Attributes:
        path: Under the provider's base URL.
        body: JSON, as UTF-8.
        headers: Beside those of the SDK.
    """

    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as the provider gave it; who called adds the times."""

    message: AssistantMessage
    stop_reason: StopReason
    model: str
    usage: Usage | None = None
    citations: tuple[str, ...] = ()


class Decoder(Protocol):
    """Reads one stream."""

    def feed(self, data: bytes) -> list[Event]:
        """Take bytes, cut anywhere; give the events that they complete.

        Raises:
            ProviderError: The stream says that it failed, or cannot be read.
        """

    def finish(self) -> tuple[list[Event], Reply]:
        """Take the end of the stream; give the last events and the whole answer.

        Raises:
            ProviderError: The stream ended before the provider's own terminal event.
        """


class Adapter(Protocol):
    """One provider's protocol."""

    provider: str

    def encode(self, request: Request, *, stream: bool) -> Call:
        """Write a request."""

    def decode(self, body: bytes, request: Request) -> Reply:
        """Read an answer that came in one piece.

        Raises:
            ProviderError: It is not what the protocol says.
        """

    def decoder(self, request: Request) -> Decoder:
        """Make what reads the answer's stream."""


def body_of(payload: Outgoing, params: GenerationParams) -> bytes:
    """Write a payload as JSON, with the request's own extra parameters beside the known ones.

    Raises:
        SetupError: An extra parameter would replace one that Conduit sets.
    """
    if not params.extra:
        return payload.model_dump_json(exclude_none=True, by_alias=True).encode()
    known: dict[str, Any] = payload.model_dump(mode="json", exclude_none=True, by_alias=True)
    taken = sorted(set(known) & set(params.extra))
    if taken:
        raise SetupError(f"extra parameters cannot replace {', '.join(taken)}; use the parameter itself")
    return json.dumps({**known, **params.extra}).encode()


def read(kind: type[T], data: bytes, *, provider: str, what: str = "answer") -> T:
    """Read a payload.

    Raises:
        ProviderError: It is not what the protocol says; the beginning of it is told.
    """
    try:
        return kind.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        start = data[:120].decode(errors="replace")
        raise ProviderError(
            f"{provider} sent a {what} that cannot be read: {where}: {first['msg']}; it begins {start!r}",
            kind=ErrorKind.PROTOCOL,
            provider=provider,
        ) from None
