"""A client of Ollama: what each model can do and read is asked of its server, once a model."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from conduit.clients.adapter import Call, Incoming, read
from conduit.clients.client import Capabilities, Place
from conduit.clients.faults import fault
from conduit.clients.ollama_adapter import OllamaAdapter
from conduit.clients.wire import Transport, WireClient
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import Event, Request, Response

__all__ = ["OllamaClient"]

_UNTOLD = {ErrorKind.BAD_REQUEST, ErrorKind.NOT_FOUND, ErrorKind.PROTOCOL, ErrorKind.SERVER}
"""Errors of a server that does not tell about models; whether the model is there, its chat says better."""
_NUM_CTX = re.compile(r"^num_ctx\s+(\d{1,9})\s*$", re.MULTILINE)


class _Tag(Incoming):
    name: str
    capabilities: list[str] | None = None


class _Tags(Incoming):
    models: list[_Tag]


class _Show(Incoming):
    capabilities: list[str] | None = None
    model_info: dict[str, Any] = {}  # noqa: RUF012  pydantic copies it
    parameters: str = ""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a server tells about a model.

    Attributes:
        can: What it can do.
        most: Tokens it can read.
        least: Tokens its maker wants it to be loaded with.
    """

    can: Capabilities = field(default_factory=lambda: Capabilities(schema=True))
    most: int | None = None
    least: int = 0


class OllamaClient:
    """A ``Client`` of an Ollama server.

    Args:
        provider: The name it goes by.
        transport: The way to it.
        place: Where it runs.
        models: Models known before it was asked.
    """

    streams_tool_arguments = False

    def __init__(
        self, provider: str, transport: Transport, *, place: Place, models: tuple[str, ...] = ()
    ) -> None:
        self.provider = provider
        self.place = place
        self.models = models
        self._transport = transport
        self._facts: dict[str, _Facts] = {}
        self._windows: dict[str, int] = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.provider}>"

    async def list_models(self) -> tuple[str, ...]:
        """Ask for the models that can answer; what was known of each is asked anew when it is needed.

        Raises:
            ProviderError: The server does not answer, or with something else.
        """
        body = await self._transport.get("/api/tags")
        tags = read(_Tags, body, provider=self.provider, what="list of models").models
        self._facts.clear()
        self.models = tuple(
            tag.name for tag in tags if tag.capabilities is None or "completion" in tag.capabilities
        )
        return self.models

    async def capabilities(self, model: str) -> Capabilities:
        """Say what a model can do.

        Raises:
            ProviderError: The server cannot be reached.
        """
        return (await self._about(model)).can

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """Answer a request piece by piece.

        Raises:
            ProviderError: The server failed, or its stream was cut off; ``partial`` holds what had come.
        """
        client = await self._client(request)
        async with aclosing(client.stream(request)) as events:
            async for event in events:
                yield event

    async def complete(self, request: Request) -> Response:
        """Answer a request in one piece.

        Raises:
            ProviderError: The server failed.
        """
        return await (await self._client(request)).complete(request)

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.close()

    async def _client(self, request: Request) -> WireClient:
        """Make the client of one request, which knows the model's size and never asks for a smaller window."""
        facts = await self._about(request.model)
        least = max(self._windows.get(request.model, 0), facts.least)
        adapter = OllamaAdapter(self.provider, most=facts.most, least=least)
        self._windows[request.model] = adapter.window(request)
        return WireClient(adapter, self._transport, place=self.place, listing=lambda _: self.models)

    async def _about(self, model: str) -> _Facts:
        if model not in self._facts:
            try:
                self._facts[model] = await self._show(model)
            except ProviderError as error:
                if error.kind not in _UNTOLD:
                    raise
                return _Facts()
        return self._facts[model]

    async def _show(self, model: str) -> _Facts:
        call = Call("/api/show", json.dumps({"model": model}).encode())
        async with self._transport.post(call, stream=False) as answer:
            body: bytes = await answer.body()
            if answer.status >= 400:
                raise fault(provider=self.provider, model=model, status=answer.status, body=body)
        return _facts(read(_Show, body, provider=self.provider, what="description of a model"))


def _facts(show: _Show) -> _Facts:
    sizes = [value for key, value in show.model_info.items() if key.endswith(".context_length")]
    most = next((size for size in sizes if isinstance(size, int) and size > 0), None)
    wanted = _NUM_CTX.search(show.parameters)
    least = int(wanted[1]) if wanted else 0
    if show.capabilities is None:
        return _Facts(most=most, least=least)
    can = Capabilities(
        tools="tools" in show.capabilities,
        images="vision" in show.capabilities,
        audio=False,
        schema=True,
    )
    return _Facts(can, most, least)
