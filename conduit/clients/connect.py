"""Makes clients: one function a protocol, and ``connect`` for whatever a preset names.

The SDKs are imported by the functions that need them, in a thread, when the first call is made.
"""

from __future__ import annotations

from conduit.clients.client import Place
from conduit.clients.openai import ChatAdapter, model_ids
from conduit.clients.sdk import Sdk, SdkTransport, http_client
from conduit.clients.wire import WireClient

__all__ = ["openai_client"]

READ_S = 120.0
"""Seconds a server may be silent; a local model may read a long prompt for that long."""
LOCAL_READ_S = 600.0
NO_KEY = "none"
"""What is sent where a server wants no key; the SDKs insist on one."""


def openai_client(
    provider: str,
    *,
    base_url: str,
    api_key: str = "",
    place: Place = Place.LOCAL,
    models: tuple[str, ...] = (),
    newest: bool = False,
) -> WireClient:
    """Make a client of a server that speaks the OpenAI protocol.

    Args:
        provider: The name it goes by.
        base_url: Such as ``http://127.0.0.1:8080/v1``.
        api_key: Its key, if it wants one.
        place: Where it runs.
        models: Models known before it is asked.
        newest: Whether it is OpenAI's own server.
    """

    def make() -> Sdk:
        import httpx2  # noqa: PLC0415
        import openai  # noqa: PLC0415

        read_s = READ_S if place is Place.CLOUD else LOCAL_READ_S
        http, errors = http_client(aiohttp_client=openai.DefaultAioHttpClient, read_s=read_s)
        client = openai.AsyncOpenAI(
            api_key=api_key or NO_KEY, base_url=base_url, max_retries=0, http_client=http
        )
        return Sdk(
            client,
            httpx2.Response,
            openai.AsyncStream,
            openai.APIStatusError,
            (*errors, openai.APIConnectionError),
        )

    return WireClient(
        ChatAdapter(provider, newest=newest),
        SdkTransport(provider=provider, make=make, secret=api_key),
        place=place,
        models=models,
        listing=lambda body: model_ids(body, provider=provider),
    )
