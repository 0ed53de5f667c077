"""What a llama.cpp server says of its model, beside the OpenAI protocol. Other servers do not have the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from pydantic import ValidationError

from conduit.clients.adapter import Incoming
from conduit.clients.client import Capabilities
from conduit.clients.wire import Transport
from conduit.errors import ProviderError

__all__ = ["probe"]


class _Template(Incoming):
    supports_tools: bool = True


class _Senses(Incoming):
    vision: bool = False
    audio: bool = False


class _Props(Incoming):
    chat_template_caps: _Template
    modalities: _Senses = _Senses()


def probe(base_url: str, *, schema: bool = False) -> Callable[[Transport, str], Awaitable[Capabilities]]:
    """Make the function that asks a local server what its model can do.

    A model whose chat template knows no tools can still write clips by a schema.

    Args:
        base_url: Of the OpenAI protocol; the page lies at the root of the server.
        schema: Whether a server that is no llama.cpp makes answers fit a schema.
    """
    parts = urlsplit(base_url)
    page = f"{parts.scheme}://{parts.netloc}/props"

    async def ask(transport: Transport, model: str) -> Capabilities:
        del model  # the server has one
        try:
            props = _Props.model_validate_json(await transport.get(page))
        except ProviderError as error:
            if error.status is None or error.status >= 500 or error.status == 429:
                raise  # it cannot be reached now, or is loading, which says nothing about its model
            return Capabilities(schema=schema)
        except ValidationError:
            return Capabilities(schema=schema)
        can, senses = props.chat_template_caps, props.modalities
        return Capabilities(tools=can.supports_tools, images=senses.vision, audio=senses.audio, schema=True)

    return ask
