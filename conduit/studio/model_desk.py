"""The studio's way to models: who is there, who is asked, what it may cost, and which answers are kept."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from conduit.channel import Parser
from conduit.channel.shaped import shaped
from conduit.clients import Client, Place
from conduit.clients.presets import Preset, custom
from conduit.composer.by_schema import SchemaComposer
from conduit.errors import ProviderError, SetupError
from conduit.keys import Keys, Secret
from conduit.messages import GenerationParams, Request, UserMessage
from conduit.routing import (
    AnswerFile,
    CacheMode,
    Failover,
    Meter,
    Policy,
    Registry,
    Route,
    Router,
)
from conduit.settings import Settings
from conduit.studio.budgets import cell_budget, session_budget

__all__ = ["ModelDesk", "ProviderState"]

_ANSWER_MODES = ("record", "replay", "off")


@dataclass(frozen=True, slots=True)
class ProviderState:
    """How a provider is.

    Attributes:
        name: Its name.
        symbol: ● closed, ◐ half open, ○ open.
        state: The same in words.
        place: Where it runs.
        health: 0-100.
        calls: How many of the last calls the health is made of.
        models: How many models are known.
        last_error: What the last failure said; empty where none was.
        retry_in_s: Seconds until it is asked again; 0 where it would be now.
    """

    name: str
    symbol: str
    state: str
    place: Place
    health: int
    calls: int
    models: int
    last_error: str
    retry_in_s: float


class ModelDesk:
    """Finds models and routes questions to them. Its coroutines run on the studio's loop.

    Args:
        clients: Those that are there from the start.
        settings: The user's order, budgets and wishes.
        keys: Where keys are looked up.
        clock: Seconds, never going back.

    Attributes:
        registry: Who can answer.
        router: Who is asked, and who when that fails.
        default: The model that is asked where none is named.
        session: What the session has used.
        batch: What its batches have used.
    """

    def __init__(
        self,
        clients: Iterable[Client],
        *,
        settings: Settings,
        keys: Keys,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.default = settings.model
        self._settings = settings
        self._answers_mode = settings.answers_mode
        self._keys = keys
        self._clock = clock
        self.registry = Registry(clients, order=settings.order, key_of=self._key)
        for name, url in settings.providers.items():
            self.registry.presets[name] = custom(name, url)
        answers = AnswerFile(_answers_path(settings))
        self.router = Router(
            self.registry, answers=answers, clock=clock, adapt=self._adapted, clean=self.scrub
        )
        self.session = Meter(session_budget(settings), clock=clock)
        self.batch = Meter(replace(session_budget(settings), calls=None), clock=clock)

    def route(self, model: str = "", *, cache: str = "", failover: str = "", budget: str = "cell") -> Route:
        """Give the way of one question to its model, with a budget of its own beside the session's.

        Args:
            model: ``provider/model``, a provider, a short name, ``auto``; by default ``default``.
            cache: ``off``, ``on`` or ``refresh``; by default as set.
            failover: ``restart``, ``continue`` or ``off``; by default as set.
            budget: ``batch`` counts neither the calls nor the time: a batch is many questions that are asked for at
                once. Its tokens and its cost have the session's limits.
        """
        policy = self._policy(cache=cache, failover=failover)
        meters = (self.batch,) if budget == "batch" else (self._cell(), self.session)
        return self.router.route(model or self.default, policy=policy, meters=meters)

    def _cell(self) -> Meter:
        return Meter(cell_budget(self._settings), clock=self._clock)

    def _policy(self, *, cache: str = "", failover: str = "") -> Policy:
        settings = self._settings
        recording = settings.answers_mode if settings.answers else ""
        return Policy(
            failover=Failover(failover or settings.failover),
            allow_cloud=settings.allow_cloud,
            allow_offline=settings.allow_offline,
            cache=CacheMode.REFRESH if recording == "record" else CacheMode(cache or settings.cache),
            replay=recording == "replay",
        )

    async def sent(self, request: Request) -> tuple[str, Request]:
        """Give the full name of who would be asked, and the request as it would get it; nobody is asked.

        Raises:
            SetupError: Nobody has the model.
        """
        choice = await self.registry.choose(request.model)
        first = choice.candidates[0]
        model = await self.registry.model_of(first)
        if request.response_schema is not None:
            request = shaped(request, Parser.mode(await first.client.capabilities(model)))
        client = await self._adapted(first.client, model)
        if isinstance(client, SchemaComposer):
            request = await client.sent(request)
        return f"{first.client.provider}/{model}", request.model_copy(update={"model": model})

    async def find(self) -> dict[str, str]:
        """Look for keys and servers again, and ask each provider for its models; give the troubles by name."""
        for name in self.registry.presets:
            self._keys.forget(name)  # a key may have been put there since
        await self.registry.look(again=True)
        return await self.registry.list_models()

    async def use(self, model: str) -> str:
        """Make a model the one that is asked where none is named; give its full name.

        Raises:
            SetupError: Nobody has it.
        """
        if self._policy().replay:
            self.default = model
            return model  # nobody is asked, so nobody need be there
        choice = await self.registry.choose(model)
        first = choice.candidates[0]
        full = f"{first.client.provider}/{await self.registry.model_of(first)}"
        self.default = model
        return full

    async def add(self, name: str, url: str) -> tuple[Client, str]:
        """Make a server known by a name; give its client, and what is wrong with it so far.

        Raises:
            SetupError: The name or the address cannot be.
        """
        preset = custom(name, url)
        key = await asyncio.to_thread(self._key, preset)
        before = self.registry.clients.get(name)
        client = self.registry.add_preset(preset, api_key=key)
        self.router.reset(name)
        if before is not None:
            await before.close()
        try:
            await client.list_models()
        except ProviderError as error:
            return client, error.message
        return client, ""

    def use_answers(self, path: str, *, mode: str = "") -> str:
        """Keep this session's answers in a file, or give those of a file and ask nobody; give which of them.

        Args:
            path: A file beside the notebook, such as ``song.answers.jsonl``.
            mode: ``record``, ``replay``, or ``off`` to go on as before; by default what is set, else ``replay``.

        Raises:
            SetupError: There is no such mode, or nothing to replay.
        """
        mode = mode or self._answers_mode
        if mode not in _ANSWER_MODES:
            raise SetupError(f"{mode!r} is not one of {', '.join(_ANSWER_MODES)}", valid=list(_ANSWER_MODES))
        if mode == "replay" and not Path(path).is_file():
            raise SetupError(
                f"there is no file {path!r} to replay; record it first: %conduit answers record {path}"
            )
        self._settings = replace(
            self._settings,
            answers="" if mode == "off" else path,
            answers_mode="replay" if mode == "off" else mode,
        )
        self.router.answers = AnswerFile(_answers_path(self._settings))
        return mode

    async def warm_up(self, model: str = "") -> float:
        """Let a model answer one word, so that the next answer comes sooner; give the seconds it took.

        Raises:
            ProviderError: It does not answer.
            SetupError: Nobody has it.
        """
        route = self.route(model, failover=Failover.OFF)
        request = Request(
            model=route.model, messages=(UserMessage.of("hi"),), params=GenerationParams(max_tokens=1)
        )
        started = self._clock()
        await route.complete(request)
        return self._clock() - started

    def states(self) -> list[ProviderState]:
        """Say how every known provider is, in the user's order."""
        return [self._state(name) for name in self.registry.names]

    def keys(self) -> list[tuple[str, str]]:
        """Say of every provider that takes a key whether it is set and where, never what it is."""
        wanted = {name: preset.keys for name, preset in self.registry.presets.items() if preset.keys}
        return list(self._keys.status(wanted).items())

    def scrub(self, text: str) -> str:
        """Take every known key out of a text."""
        return self._keys.scrub(text)

    @property
    def token_file(self) -> Path:
        """Where the token of this machine's own server is kept."""
        return user_data_path("conduit") / "token"

    def token(self) -> str:
        """Give the token of this machine's own server, made when it is first needed."""
        token = _own_token(self.token_file)
        self._keys.remember(Secret(token))
        return token

    def _key(self, preset: Preset) -> str:
        found = self._keys.find(preset.name, preset.keys)
        if found is None and preset.protocol == "remote" and self.token_file.exists():
            return self.token()
        return found.secret.reveal() if found else ""

    def _state(self, name: str) -> ProviderState:
        breaker, at = self.router.breaker(name), self._clock()
        state = breaker.state_at(at)
        return ProviderState(
            name=name,
            symbol=state.symbol,
            state=state.value.replace("_", " "),
            place=self.registry.clients[name].place,
            health=breaker.health,
            calls=len(breaker.window),
            models=len(self.registry.models_of(name)),
            last_error=breaker.last_error,
            retry_in_s=breaker.retry_in_s(at),
        )

    async def _adapted(self, client: Client, model: str) -> Client:
        """Give a client that writes clips: by tools where the model can call them, else by a schema."""
        if (await client.capabilities(model)).tools:
            return client
        return SchemaComposer(client)


def _answers_path(settings: Settings) -> Path:
    return Path(settings.answers) if settings.answers else user_cache_path("conduit") / "answers.jsonl"


def _own_token(path: Path) -> str:
    """Read the token, made when it is first needed and readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text().strip()
