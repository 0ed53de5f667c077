"""The providers Conduit knows how to reach, in one table, and what follows from a URL given by a user.

Sources: the model lists in the types of the anthropic 2.11 and openai 3.52 packages; the providers' own pages on
their OpenAI-compatible addresses; the servers' documented default ports.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import SplitResult, urlsplit, urlunsplit

from conduit.clients.client import Place
from conduit.errors import SetupError

__all__ = ["PRESETS", "Preset", "Protocol", "custom", "default_model"]

Protocol = Literal["openai", "anthropic", "ollama", "remote"]
"""The languages providers speak; ``remote`` is Conduit's own."""


@dataclass(frozen=True, slots=True)
class Preset:
    """How to reach a provider.

    Attributes:
        name: The part of a model's name before the slash.
        protocol: What it speaks.
        base_url: Where requests go.
        place: Where it runs.
        keys: Environment variables that may hold its key, the first that is set counts.
        port: The port of a server on this machine or this network.
        prefer: Parts of model names; the first that a listed model has picks the default.
        models: Models known without asking, the default first; not all there are.
        note: What a person should know.
        tools: Whether its models can call tools.
        schema: Whether its server makes answers fit a JSON schema, whichever model it is.
    """

    name: str
    protocol: Protocol
    base_url: str
    place: Place
    keys: tuple[str, ...] = ()
    port: int | None = None
    prefer: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    note: str = ""
    tools: bool = True
    schema: bool = False


_TABLE = (
    Preset(
        "anthropic",
        "anthropic",
        "https://api.anthropic.com",
        Place.CLOUD,
        keys=("ANTHROPIC_API_KEY",),
        prefer=("sonnet",),
        models=("claude-sonnet-5-5", "claude-opus-5-5", "claude-haiku-5-5"),
    ),
    Preset(
        "openai",
        "openai",
        "https://api.openai.com/v1",
        Place.CLOUD,
        keys=("OPENAI_API_KEY",),
        # Terra is the quick one in the middle: a person waits for the notes.
        prefer=("gpt-6.1-terra", "terra", "gpt-6", "gpt-5"),
        models=("gpt-6.1-terra", "gpt-6.1-sol", "gpt-6-astra", "gpt-6-luna"),
        schema=True,
    ),
    Preset(
        "gemini",
        "openai",
        "https://generativelanguage.googleapis.com/v1beta/openai/",
        Place.CLOUD,
        keys=("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        prefer=("gemini-flash-latest", "flash", "pro"),
        models=("gemini-flash-latest",),
        note="reached by Google's OpenAI-compatible address",
        schema=True,
    ),
    Preset(
        "openrouter",
        "openai",
        "https://openrouter.ai/api/v1",
        Place.CLOUD,
        keys=("OPENROUTER_API_KEY",),
        prefer=("anthropic/claude-sonnet", "openai/gpt-6", "google/gemini"),
        models=("openrouter/auto",),
        note="passes requests on to many providers",
    ),
    Preset(
        "perplexity",
        "openai",
        "https://api.perplexity.ai",
        Place.CLOUD,
        keys=("PERPLEXITY_API_KEY",),
        prefer=("sonar",),
        models=("sonar", "sonar-pro", "sonar-reasoning-pro"),
        tools=False,
        schema=True,
        note="searches the web; its citations stand in the body; it lists no models",
    ),
    Preset(
        "lmstudio",
        "openai",
        "http://127.0.0.1:1234/v1",
        Place.LOCAL,
        keys=("LMSTUDIO_API_KEY",),
        port=1234,
        note="start it in LM Studio: Developer, Start Server; or run lms server start",
        schema=True,
    ),
    Preset(
        "llamacpp",
        "openai",
        "http://127.0.0.1:8080/v1",
        Place.LOCAL,
        keys=("LLAMA_API_KEY",),
        port=8080,
        note="start it with llama-server -m MODEL.gguf --jinja",
        schema=True,
    ),
    Preset(
        "vllm",
        "openai",
        "http://127.0.0.1:8000/v1",
        Place.LOCAL,
        keys=("VLLM_API_KEY",),
        port=8000,
        note="start it with vllm serve MODEL",
        schema=True,
    ),
    Preset(
        "ollama",
        "ollama",
        "http://127.0.0.1:11434",
        Place.LOCAL,
        port=11434,
        note="start it with ollama serve; get a model with ollama pull NAME",
    ),
    Preset(
        "conduit",
        "remote",
        "http://127.0.0.1:9321",
        Place.LOCAL,
        keys=("CONDUIT_TOKEN",),
        port=9321,
        note="another Conduit that answers with the models it has",
    ),
)

PRESETS: dict[str, Preset] = {preset.name: preset for preset in _TABLE}
"""Every provider that is known by name."""

_NOT_CHAT = (
    *("embed", "bge", "minilm", "rerank", "moderation"),
    *("whisper", "tts", "transcribe", "realtime", "audio", "live"),
    *("dall", "image", "sora", "veo", "codex"),
)
"""How words begin that tell of models for other work than chat."""


def default_model(preset: Preset, listed: Sequence[str]) -> str:
    """Pick the model that answers where none is named.

    Of the models with the first part of ``prefer`` that any has, the newest version; without ``prefer`` the first
    of the list. Models that are no chat models count only where there is nothing else.

    Raises:
        SetupError: None is listed and none is known.

    >>> default_model(PRESETS["anthropic"], ["claude-opus-5-5", "claude-sonnet-5", "claude-sonnet-5-5"])
    'claude-sonnet-5-5'
    """
    models = tuple(listed) or preset.models
    if not models:
        hint = f" ({preset.note})" if preset.note else ""
        raise SetupError(f"{preset.name} has no model; load one there{hint}, or name one yourself")
    chat = [model for model in models if _chats(model)] or models
    for part in preset.prefer if listed else ():
        if fitting := [model for model in chat if part in model]:
            # max keeps the first of equals, so the list's own order decides last.
            return max(fitting, key=lambda model: (_version(model), -len(model)))
    return chat[0]


def _chats(model: str) -> bool:
    return not any(word.startswith(_NOT_CHAT) for word in re.split(r"[^a-z0-9]+", model.lower()))


def _version(model: str) -> tuple[int, ...]:
    """Give the numbers of a name without its date: ``claude-sonnet-4-5-20250929`` is version 4, 5."""
    undated = re.sub(r"\d{4}-\d{2}-\d{2}|\d{6,}", "", model)
    return tuple(map(int, re.findall(r"\d+", undated)))


_NAME = re.compile(r"[a-z0-9_-]+")
_TAKEN = ("offline", "auto", "local")
_OLLAMA_PORT = 11434
_NEAR_V4 = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16")
_NEAR_V6 = ("::1/128", "fc00::/7", "fe80::/10")
_NEAR = tuple(map(ipaddress.ip_network, (*_NEAR_V4, *_NEAR_V6)))
"""Loopback, private and link-local addresses: RFC 1122, 1918, 3927, 4193, 4291."""


def custom(name: str, url: str) -> Preset:
    """Make a preset for a server of the user's own.

    A name of ``PRESETS`` moves that provider to the URL; any other speaks OpenAI's protocol, or Ollama's where the
    port or the path is Ollama's, and its key is looked for in ``NAME_API_KEY``.

    Args:
        name: Lower-case letters, digits, ``_`` and ``-``.
        url: Where it is; ``/v1`` is added where OpenAI's protocol is spoken and no path is given.

    Raises:
        SetupError: The name or the URL cannot be, or a key would go over the net unencrypted.

    >>> custom("home", "http://192.168.1.20:8000").base_url
    'http://192.168.1.20:8000/v1'
    """
    if not _NAME.fullmatch(name) or name in _TAKEN:
        raise SetupError(
            f"{name!r} cannot name a provider; use a-z, 0-9, _ and -, and none of {', '.join(_TAKEN)}"
        )
    parts, port = _split(name, url)
    place = Place.LOCAL if _is_near(parts.hostname or "") else Place.CLOUD
    if place is Place.CLOUD and parts.scheme == "http":
        raise SetupError(
            f"{name}: http to {parts.hostname} would send your key and your words unencrypted; use https. "
            "Plain http is for this machine (127.0.0.1), private addresses and names that end in .local"
        )
    known = PRESETS.get(name) or Preset(name, _protocol(parts, port), "", place, keys=(_variable(name),))
    base_url = urlunsplit((parts.scheme, parts.netloc, _path(known.protocol, parts.path), "", ""))
    return replace(known, base_url=base_url, place=place, port=port if place is Place.LOCAL else None)


def _variable(name: str) -> str:
    return f"{name.upper().replace('-', '_')}_API_KEY"


def _split(name: str, url: str) -> tuple[SplitResult, int | None]:
    # The URL itself is not shown: it may hold a password.
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise SetupError(f"{name}: the URL cannot be read: {error}") from None
    if parts.scheme not in {"http", "https"} or not host or re.search(r"[\s\\]", url.strip()):
        raise SetupError(f"{name}: a URL is needed such as http://127.0.0.1:8000/v1 or https://host/v1")
    if "@" in parts.netloc:
        raise SetupError(f"{name}: leave user and password out of the URL; set {_variable(name)}")
    if parts.query or parts.fragment:
        raise SetupError(f"{name}: a base URL ends with its path; leave out what follows ? or #")
    return parts, port


def _is_near(host: str) -> bool:
    host = host.rstrip(".")
    if host == "localhost" or host.endswith((".localhost", ".local")):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return any(address in network for network in _NEAR)


def _protocol(parts: SplitResult, port: int | None) -> Protocol:
    path = parts.path.strip("/")
    return "ollama" if path == "api" or (port == _OLLAMA_PORT and not path) else "openai"


def _path(protocol: Protocol, path: str) -> str:
    path = path.rstrip("/")
    if protocol == "ollama":
        return path.removesuffix("/api")
    return "/v1" if protocol == "openai" and not path else path
