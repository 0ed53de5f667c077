"""Who can answer: clients by name, found when they are first needed, in the user's order.

Nothing is contacted before somebody asks. A model is named ``provider/model``, ``provider``, a short name, or
``auto`` for the first provider of the user's order that is there.
"""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from conduit.clients import Client, Place
from conduit.clients.connect import connect
from conduit.clients.presets import PRESETS, Preset, default_model
from conduit.errors import ErrorKind, ProviderError, SetupError
from conduit.routing.detect import Detected, detect

__all__ = ["ALIASES", "AUTO", "Candidate", "Choice", "Registry"]

AUTO = "auto"
ALIASES = {
    "claude": "anthropic",
    "gpt": "openai",
    "chatgpt": "openai",
    "google": "gemini",
    "llama.cpp": "llamacpp",
    "lm-studio": "lmstudio",
    "sonar": "perplexity",
}
"""Short names of providers."""

LOCAL = "local"
"""Stands for the first local provider that is there."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may answer.

    Attributes:
        client: Who.
        model: Which of its models; empty for its default.
    """

    client: Client
    model: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is to answer, and who may in its place.

    Attributes:
        candidates: In order; the first is meant.
        named: Whether the user named the provider.
    """

    candidates: tuple[Candidate, ...]
    named: bool


class Registry:
    """The providers of a session.

    Args:
        clients: Those that are there from the start.
        order: Names in the user's order of preference.
        key_of: Gives a preset's key, or an empty text.
        presets: What can be found, by name.
    """

    def __init__(
        self,
        clients: Iterable[Client] = (),
        *,
        order: tuple[str, ...] = (),
        key_of: Callable[[Preset], str] = lambda _: "",
        presets: Mapping[str, Preset] = PRESETS,
    ) -> None:
        self.clients: dict[str, Client] = {}
        self._known: dict[str, tuple[str, ...]] = {}
        self._keys: dict[str, str] = {}
        self.presets = dict(presets)
        self.found: dict[str, Detected] = {}
        self._order = order
        self._key_of = key_of
        self._looking: asyncio.Task[None] | None = None
        for client in clients:
            self.add(client)

    def add(self, client: Client) -> None:
        """Make a client known under its provider's name, in place of one that had it before."""
        self.clients[client.provider] = client
        self._known.pop(client.provider, None)

    def add_preset(self, preset: Preset, *, api_key: str) -> Client:
        """Make a server known at run time; give its client."""
        client = connect(preset, api_key=api_key)
        self.presets[preset.name] = preset
        self._keys[preset.name] = api_key
        self.add(client)
        return client

    @property
    def names(self) -> list[str]:
        """Names of the providers that are known to be there, in the user's order."""
        ranks = {name: float(rank) for rank, name in enumerate(self._order)}
        # Whoever the order does not name comes after those it does, but before the offline composer.
        last = ranks.get("offline", len(ranks)) - 0.5
        return sorted(self.clients, key=lambda name: (ranks.get(name, last), name))

    @property
    def models(self) -> list[str]:
        """Every model known so far, as ``provider/model``."""
        return [f"{name}/{model}" for name in self.names for model in self.models_of(name)]

    def models_of(self, provider: str) -> tuple[str, ...]:
        """Give the models of a provider as far as they are known, its default first."""
        return self._known.get(provider) or self.clients[provider].models

    async def look(self, *, again: bool = False) -> None:
        """Find what is there: keys, and servers on this machine. Done once; concurrent callers share it.

        Args:
            again: Whether to look although it was done before.
        """
        if self._looking is None or (again and self._looking.done()):
            self._looking = asyncio.create_task(self._look())
        await asyncio.shield(self._looking)

    async def _look(self) -> None:
        await self._find([self.presets[name] for name in self._order if name in self.presets])

    async def _find(self, wanted: list[Preset]) -> None:
        keys = {preset.name: await asyncio.to_thread(self._key_of, preset) for preset in wanted}
        found = await detect(wanted, lambda preset: bool(keys[preset.name]))
        self.found.update(found)
        for preset in wanted:
            name, key = preset.name, keys[preset.name]
            is_new = name not in self.clients or self._keys.get(name, key) != key
            if found[name].present and is_new:
                self.add_preset(preset, api_key=key)
                self._keep(name, found[name].models)

    async def list_models(self) -> dict[str, str]:
        """Ask every provider for its models, at once; give what went wrong, by provider."""
        troubles: dict[str, str] = {}

        async def ask(name: str) -> None:
            try:
                await self._listed(name)
            except ProviderError as error:
                troubles[name] = error.message

        await asyncio.gather(*map(ask, self.names))
        return troubles

    async def choose(self, name: str) -> Choice:
        """Find who is meant by a name, and who may answer in its place.

        Raises:
            SetupError: Nobody is meant by it; it lists who is there.
        """
        provider, _, model = name.partition("/")
        provider = ALIASES.get(provider, provider)
        if name in {"", AUTO, LOCAL}:
            return await self._automatic(local=name == LOCAL)
        if provider not in self.clients:
            await self.look()
        if provider not in self.clients and provider in self.presets:
            await self._find([self.presets[provider]])  # not in the order, or started since
        if provider not in self.clients and not model:
            provider, model = self._owner(name)
        client = self.clients.get(provider)
        if client is None:
            raise self._unknown(name)
        others = [Candidate(self.clients[other]) for other in self.names if other != provider]
        return Choice((Candidate(client, model), *others), named=True)

    async def model_of(self, candidate: Candidate) -> str:
        """Give the model of a candidate, its provider's default if none is named.

        Raises:
            ProviderError: It has to be asked, and does not answer.
            SetupError: Its provider does not have it.
        """
        if candidate.model:
            return await self._checked(candidate.client, candidate.model)
        provider = candidate.client.provider
        models = self.models_of(provider) or await self._listed(provider)
        if not models:
            raise ProviderError(
                f"{provider} has no model; load one there and ask again",
                kind=ErrorKind.NOT_FOUND,
                provider=provider,
            )
        return models[0]

    async def _automatic(self, *, local: bool) -> Choice:
        await self.look()
        there = [Candidate(self.clients[name]) for name in self.names]
        if self._order and "offline" not in self._order:
            there = [candidate for candidate in there if candidate.client.place is not Place.OFFLINE]
        if local:
            there = [candidate for candidate in there if candidate.client.place is Place.LOCAL]
        if not there:
            what = "no local model" if local else f"none of {', '.join(self._order)}"
            raise SetupError(f"{what} was found; there is {', '.join(self.names)}", valid=self.names)
        return Choice(tuple(there), named=False)

    async def _listed(self, provider: str) -> tuple[str, ...]:
        return self._keep(provider, await self.clients[provider].list_models())

    def _keep(self, provider: str, models: tuple[str, ...]) -> tuple[str, ...]:
        preset = self.presets.get(provider)
        if preset is not None and models:
            first = default_model(preset, models)
            models = (first, *(model for model in models if model != first))
        self._known[provider] = models
        return models

    async def _checked(self, client: Client, model: str) -> str:
        """Give the model's full name. Local servers are asked: some answer any name with whatever they have."""
        if client.place is Place.CLOUD:
            return model
        names = {model, f"{model}:latest"}
        known = self.models_of(client.provider)
        models = known if names & set(known) else await self._listed(client.provider)
        full = next((found for found in models if found in names), None)
        if full is not None or not models:
            return full or model
        near = difflib.get_close_matches(model, models, n=1)
        hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(models[:12])}"
        raise SetupError(
            f"{client.provider} has no model {model!r}; {hint}",
            valid=[f"{client.provider}/{found}" for found in models],
        )

    def _owner(self, model: str) -> tuple[str, str]:
        """Find who has a model that was named alone."""
        owners = [name for name in self.names if model in self.models_of(name)]
        return (owners[0], model) if owners else (model, "")

    def _unknown(self, name: str) -> SetupError:
        preset = self.presets.get(ALIASES.get(name.partition("/")[0], name.partition("/")[0]))
        if preset is not None and preset.place is Place.CLOUD:
            return SetupError(
                f"{preset.name} has no key; set {' or '.join(preset.keys)}, or put it into the keyring",
                valid=self.models,
            )
        if preset is not None:
            return SetupError(
                f"{preset.name} does not answer at {preset.base_url}; start it, then %conduit models",
                valid=self.models,
            )
        near = difflib.get_close_matches(name, [*self.models, *self.presets, *ALIASES], n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        return SetupError(
            f"no model is called {name!r}{hint}; there is {', '.join(self.models)}", valid=self.models
        )
