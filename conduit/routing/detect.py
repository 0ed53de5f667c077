"""Which providers are there: those in the cloud by their key, those near by asking them.

Nothing is contacted before ``detect`` is called. Anything may listen on port 8000 or 8080, so only an answer in the
shape of a list of models counts.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from conduit.clients.client import Place
from conduit.clients.network import closing_at_once
from conduit.clients.presets import Preset, Protocol

if TYPE_CHECKING:
    import httpx2

__all__ = ["Detected", "detect"]

_LIMIT_BYTES = 1_000_000
_OK, _UNAUTHORISED = 200, 401


@dataclass(frozen=True, slots=True)
class Detected:
    """What was found of a provider.

    Attributes:
        name: The provider's name.
        present: Whether it can be asked.
        models: The models it named, or those known without asking.
        reason: Why it counts as present or not, in words.
    """

    name: str
    present: bool
    models: tuple[str, ...]
    reason: str


_Name = Annotated[str, StringConstraints(strict=True, min_length=1)]


class _Listing(BaseModel):
    model_config = ConfigDict(frozen=True)


class _OpenAIModel(_Listing):
    id: _Name


class _OpenAIModels(_Listing):
    data: tuple[_OpenAIModel, ...]

    def names(self) -> tuple[str, ...]:
        return tuple(model.id for model in self.data)


class _OllamaModel(_Listing):
    name: _Name


class _OllamaModels(_Listing):
    models: tuple[_OllamaModel, ...]

    def names(self) -> tuple[str, ...]:
        return tuple(model.name for model in self.models)


class _Refusal(BaseModel):
    """Any JSON object: llama.cpp, vLLM and LM Studio refuse with one, a web page does not."""


_LISTS: dict[Protocol, tuple[str, type[_OpenAIModels | _OllamaModels]]] = {
    "openai": ("/models", _OpenAIModels),
    "anthropic": ("/v1/models", _OpenAIModels),
    "ollama": ("/api/tags", _OllamaModels),
    "remote": ("/v1/models", _OpenAIModels),
}
"""Where each protocol lists its models, and in which shape."""


async def detect(
    presets: Iterable[Preset], keys: Callable[[Preset], bool], *, budget_s: float = 0.3
) -> dict[str, Detected]:
    """Find out who is there.

    Providers in the cloud are present when they have a key, and are not contacted. Servers near are asked for
    their models, all at once.

    Args:
        presets: Whom to look for.
        keys: Whether a provider in the cloud has a key; called in a thread, as a keyring may take its time.
        budget_s: How long the servers have for their answers, all together.

    Returns:
        What was found, by name, in the order of ``presets``.
    """
    wanted = tuple(presets)
    cloud = [preset for preset in wanted if preset.place is Place.CLOUD]
    near = [preset for preset in wanted if preset.place is not Place.CLOUD]
    async with asyncio.TaskGroup() as group:
        by_key = group.create_task(asyncio.to_thread(lambda: [_by_key(preset, keys) for preset in cloud]))
        asked = group.create_task(_ask_all(near, budget_s))
    found = {detected.name: detected for detected in (*by_key.result(), *asked.result())}
    return {preset.name: found[preset.name] for preset in wanted}


def _by_key(preset: Preset, keys: Callable[[Preset], bool]) -> Detected:
    if keys(preset):
        return Detected(preset.name, present=True, models=preset.models, reason="has a key")
    return _absent(preset, f"no key; set {' or '.join(preset.keys)}")


def _absent(preset: Preset, reason: str) -> Detected:
    return Detected(preset.name, present=False, models=(), reason=reason)


async def _ask_all(presets: Sequence[Preset], budget_s: float) -> list[Detected]:
    if not presets:
        return []
    import httpx2  # noqa: PLC0415  only when somebody is asked

    # Reading the system's certificates takes a quarter of the budget; without https none are needed.
    encrypted = any(preset.base_url.startswith("https") for preset in presets)
    trust = True if encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    plain = httpx2.AsyncClient(
        trust_env=False, verify=trust, timeout=None, headers={"Accept-Encoding": "identity"}
    )
    async with closing_at_once(plain) as client:
        deadline = asyncio.get_running_loop().time() + budget_s
        return await asyncio.gather(*(_ask(client, preset, deadline, budget_s) for preset in presets))


async def _ask(client: httpx2.AsyncClient, preset: Preset, deadline: float, budget_s: float) -> Detected:
    from httpx2 import ConnectError, HTTPError, InvalidURL  # noqa: PLC0415  as above

    url = preset.base_url.rstrip("/") + _LISTS[preset.protocol][0]
    try:
        async with asyncio.timeout_at(deadline):
            status, body = await _get(client, url)
    except TimeoutError:
        return _absent(preset, f"no answer from {url} within {budget_s:g} s")
    except ConnectError:
        return _absent(preset, f"nothing listens at {preset.base_url}")
    except (HTTPError, InvalidURL) as error:
        return _absent(preset, f"what answers at {url} is no such server ({type(error).__name__})")
    return _read(preset, status, body)


async def _get(client: httpx2.AsyncClient, url: str) -> tuple[int, bytes]:
    """Give the status and the body, which is cut as soon as it is too long to be a list of models."""
    body = bytearray()
    async with client.stream("GET", url, follow_redirects=False) as response:
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > _LIMIT_BYTES:
                break
    return response.status_code, bytes(body)


def _read(preset: Preset, status: int, body: bytes) -> Detected:
    url = preset.base_url
    if len(body) > _LIMIT_BYTES:
        return _absent(preset, f"the answer of {url} is too long to be a list of models")
    try:
        if status == _UNAUTHORISED:
            _Refusal.model_validate_json(body)
            return Detected(preset.name, present=True, models=(), reason=_needs_a_key(preset))
        if status != _OK:
            return _absent(preset, f"what answers at {url} lists no models (HTTP {status})")
        models = _LISTS[preset.protocol][1].model_validate_json(body).names()
    except ValidationError:
        return _absent(preset, f"another program answers at {url} (HTTP {status}, no list of models)")
    reason = f"lists {len(models)} model{'s'[: len(models) != 1]}" if models else "answers, but has no model"
    return Detected(preset.name, present=True, models=models, reason=reason)


def _needs_a_key(preset: Preset) -> str:
    return f"needs a key; set {' or '.join(preset.keys)}" if preset.keys else "needs a key"
