"""Makes clients: one function a protocol, and ``connect`` for whatever a preset names.

The SDKs are imported by the functions that need them, in a thread, when the first call is made. They would take
keys, addresses and headers from the environment too; here they get what they are given and nothing else.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlsplit

from conduit.clients.anthropic import MessagesAdapter
from conduit.clients.anthropic_limits import takes_schema
from conduit.clients.client import Capabilities, Client, Place
from conduit.clients.llamacpp import probe
from conduit.clients.network import closing_at_once
from conduit.clients.ollama import OllamaClient
from conduit.clients.openai import ChatAdapter, model_ids
from conduit.clients.presets import Preset
from conduit.clients.remote import RemoteClient
from conduit.clients.responses import OpenAIAdapter
from conduit.clients.sdk import CONNECTIONS, Renewing, Sdk, SdkTransport, http_client
from conduit.clients.wire import CONNECT_S, Transport, WireClient
from conduit.errors import SetupError

__all__ = ["anthropic_client", "connect", "ollama_client", "openai_client"]

READ_S = 120.0
"""Seconds a server may be silent; a local model may read a long prompt for that long."""
LOCAL_READ_S = 600.0
NO_KEY = "none"
"""What is sent where a server wants no key; the SDKs insist on one."""


def connect(preset: Preset, *, api_key: str = "") -> Client:
    """Make a client of what a preset names. Nothing is sent before it is used.

    Args:
        preset: What it is and where.
        api_key: Its key, if it wants one.

    Raises:
        SetupError: The key cannot be one.
    """
    if not (api_key.isascii() and api_key.isprintable()):
        raise SetupError(f"the key of {preset.name} has characters that no key has; copy it again")
    host = urlsplit(preset.base_url).hostname or ""
    name, url, place, models = preset.name, preset.base_url, preset.place, preset.models
    match preset.protocol:
        case "openai":
            newest = host == "api.openai.com" or host.endswith(".api.openai.com")
            return openai_client(
                name,
                base_url=url,
                api_key=api_key,
                place=place,
                models=models,
                newest=newest,
                tools=preset.tools,
                schema=preset.schema,
            )
        case "anthropic":
            caches = host == "api.anthropic.com"
            return anthropic_client(
                name, base_url=url, api_key=api_key, place=place, models=models, caches=caches
            )
        case "ollama":
            return ollama_client(name, base_url=url, api_key=api_key, place=place, models=models)
        case "remote":
            # It may pass a question on to anybody, so what is meant for this machine does not go there by itself.
            return RemoteClient(name, base_url=url, token=api_key, place=Place.CLOUD, models=models)


def openai_client(
    provider: str,
    *,
    base_url: str,
    api_key: str = "",
    place: Place = Place.LOCAL,
    models: tuple[str, ...] = (),
    newest: bool = False,
    tools: bool = True,
    schema: bool = False,
) -> WireClient:
    """Make a client of a server that speaks the OpenAI protocol.

    Args:
        provider: The name it goes by.
        base_url: Such as ``http://127.0.0.1:8080/v1``.
        api_key: Its key, if it wants one.
        place: Where it runs.
        models: Models known before it is asked.
        newest: Whether it is OpenAI's own server.
        tools: Whether its models can call tools at all.
        schema: Whether it makes answers fit a schema; a llama.cpp tells by itself that it does.
    """
    ask = partial(_can, Capabilities(tools=tools, schema=schema or newest))
    make = partial(_openai_sdk, base_url, api_key=api_key, place=place)
    return WireClient(
        OpenAIAdapter(provider) if newest else ChatAdapter(provider),
        SdkTransport(provider=provider, make=make, secret=api_key),
        place=place,
        models=models,
        listing=partial(model_ids, provider=provider),
        probe=ask if place is Place.CLOUD else probe(base_url, schema=schema),
    )


def anthropic_client(
    provider: str,
    *,
    base_url: str,
    api_key: str = "",
    place: Place = Place.LOCAL,
    models: tuple[str, ...] = (),
    caches: bool = False,
) -> WireClient:
    """Make a client of a server that speaks the Anthropic protocol.

    Args:
        provider: The name it goes by.
        base_url: Such as ``https://api.anthropic.com``, with or without ``/v1``.
        api_key: Its key, if it wants one.
        place: Where it runs.
        models: Models known before it is asked.
        caches: Whether it is Anthropic's own server, which is told what to keep in its cache.
    """
    address = base_url.rstrip("/").removesuffix("/v1") + "/v1"
    make = partial(_anthropic_sdk, address, api_key=api_key, place=place)
    return WireClient(
        MessagesAdapter(provider, caches=caches),
        SdkTransport(provider=provider, make=make, secret=api_key),
        place=place,
        models=models,
        listing=partial(model_ids, provider=provider),
        probe=_claude_can if caches else None,  # llama.cpp reads over the schema; measured
    )


def ollama_client(
    provider: str = "ollama",
    *,
    base_url: str = "http://127.0.0.1:11434",
    api_key: str = "",
    place: Place = Place.LOCAL,
    models: tuple[str, ...] = (),
) -> OllamaClient:
    """Make a client of an Ollama server.

    Args:
        provider: The name it goes by.
        base_url: Where it listens.
        api_key: Its key, if something before it wants one.
        place: Where it runs.
        models: Models known before it is asked.
    """
    make = partial(_ollama_sdk, base_url, api_key=api_key, read_s=_read_s(place))
    transport = SdkTransport(provider=provider, make=make, secret=api_key)
    return OllamaClient(provider, transport, place=place, models=models)


def _openai_sdk(base_url: str, *, api_key: str, place: Place) -> Sdk:
    import httpx2  # noqa: PLC0415
    import openai  # noqa: PLC0415

    http, errors = _http(openai.DefaultAioHttpClient, place)
    client = openai.AsyncOpenAI(api_key=api_key or NO_KEY, base_url=base_url, max_retries=0, http_client=http)
    client.organization = client.project = client.admin_api_key = None
    _forget_headers(client)
    errors = (*errors, openai.APIConnectionError)
    return Sdk(Renewing(client, errors), httpx2.Response, openai.AsyncStream, openai.APIStatusError, errors)


def _anthropic_sdk(address: str, *, api_key: str, place: Place) -> Sdk:
    import anthropic  # noqa: PLC0415
    import httpx2  # noqa: PLC0415

    key = api_key or NO_KEY
    http, errors = _http(anthropic.DefaultAioHttpClient, place)
    client = anthropic.AsyncAnthropic(api_key=key, base_url=address, max_retries=0, http_client=http)
    _forget_headers(
        client, {"x-api-key": key}
    )  # the SDK sends a bearer; some servers know the older header only
    errors = (*errors, anthropic.APIConnectionError)
    return Sdk(
        Renewing(client, errors), httpx2.Response, anthropic.AsyncStream, anthropic.APIStatusError, errors
    )


def _ollama_sdk(base_url: str, *, api_key: str, read_s: float) -> Sdk:
    import httpx2  # noqa: PLC0415
    import ollama  # noqa: PLC0415

    class Bytes(ollama.AsyncClient):
        """Carries bytes. The SDK's own calls drop what its types do not know of a tool's schema."""

        def __init__(self) -> None:
            super().__init__(base_url)
            # Not the SDK's httpx: cancelled in a bad moment, its pool never gets that connection back.
            address = str(self._client.base_url)
            timeout = httpx2.Timeout(connect=CONNECT_S, read=read_s, write=30.0, pool=None)
            limits = httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
            headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
            self._client = closing_at_once(
                httpx2.AsyncClient(
                    base_url=address, headers=headers, timeout=timeout, limits=limits, trust_env=False
                )
            )

        async def post(
            self, path: str, *, content: bytes, options: dict[str, Any], stream: bool, **_: Any
        ) -> Any:
            call = self._client.build_request("POST", path, content=content, headers=options["headers"])
            return await self._client.send(call, stream=stream)

        async def get(self, path: str, **_: Any) -> Any:
            return await self._client.get(path)

    errors = (httpx2.HTTPError, httpx2.StreamError, OSError)
    return Sdk(Bytes(), httpx2.Response, httpx2.Response, httpx2.HTTPStatusError, errors)


async def _can(known: Capabilities, _transport: Transport, _model: str) -> Capabilities:
    return known


async def _claude_can(_transport: Transport, model: str) -> Capabilities:
    return Capabilities(schema=takes_schema(model))


def _http(kind: type[Any], place: Place) -> tuple[Any, tuple[type[Exception], ...]]:
    return http_client(aiohttp_client=kind, read_s=_read_s(place), proxied=place is Place.CLOUD)


def _read_s(place: Place) -> float:
    return READ_S if place is Place.CLOUD else LOCAL_READ_S


def _forget_headers(client: Any, headers: dict[str, str] | None = None) -> None:
    """Take away the headers that an SDK found in the environment; it has no other way to be told."""
    client._custom_headers = headers or {}  # noqa: SLF001
