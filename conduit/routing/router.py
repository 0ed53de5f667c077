"""The router: one client in front of all others, which a failure of one of them does not stop.

``Router`` holds what lasts: who can answer, the breakers, the odometer, the kept answers. ``Route`` is what one
cell or call asks; it is a ``Client``. Everything runs on one event loop.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass

from conduit.clients import Capabilities, Client, Place, part_events
from conduit.errors import ProviderError, SetupError
from conduit.messages import Event, MessageEnd, Request, Response
from conduit.routing.attempt import Attempting, Desk
from conduit.routing.breaker import Breaker
from conduit.routing.budget import Meter
from conduit.routing.cache import AnswerFile, CacheMode
from conduit.routing.odometer import Odometer
from conduit.routing.registry import AUTO, Candidate, Choice, Registry
from conduit.routing.telling import Telling
from conduit.routing.trials import Failover, Trials, allowed

__all__ = ["Policy", "Route", "Router"]

Adapt = Callable[[Client, str], Awaitable[Client]]


@dataclass(frozen=True, slots=True)
class Policy:
    """How one question is routed.

    Attributes:
        failover: What happens when an answer breaks off after it has begun.
        allow_cloud: Whether what was meant for a local model may go to the cloud.
        allow_offline: Whether the offline composer may answer in another's place.
        cache: Whether kept answers are used.
        replay: Whether only kept answers are given, and nobody is asked.
    """

    failover: Failover = Failover.RESTART
    allow_cloud: bool = False
    allow_offline: bool = False
    cache: CacheMode = CacheMode.OFF
    replay: bool = False


class Router:
    """What lasts between questions.

    Args:
        registry: Who can answer, or the clients themselves.
        answers: Where answers are kept.
        clock: Seconds, never going back.
        wall: Seconds since 1970.
        sleep: Waits.
        chance: What retries are spread by.
        adapt: Gives the client that asks a model in the way it can answer.
        clean: Takes keys out of a text.

    Attributes:
        registry: As above.
        odometer: What was used.
        answers: As above.
    """

    def __init__(
        self,
        registry: Registry | Iterable[Client],
        *,
        answers: AnswerFile | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: random.Random | None = None,
        adapt: Adapt | None = None,
        clean: Callable[[str], str] = str,
    ) -> None:
        self.registry = registry if isinstance(registry, Registry) else Registry(registry)
        self.odometer = Odometer()
        self.answers = answers or AnswerFile(None)
        self.chance = chance or random.Random()
        self.sleep = sleep
        self.adapt = adapt
        self.desk = Desk(odometer=self.odometer, clock=clock, wall=wall, clean=clean)

    def route(
        self, model: str = AUTO, *, policy: Policy | None = None, meters: tuple[Meter, ...] = ()
    ) -> Route:
        """Give the client for one question.

        Args:
            model: ``provider/model``, a provider, a short name, or ``auto``.
            policy: How it is routed.
            meters: What it may use; of the cell and of the session.
        """
        return Route(self, model, policy=policy or Policy(), meters=meters)

    def breaker(self, provider: str) -> Breaker:
        """Give a provider's breaker as it stands."""
        return self.desk.breakers.get(provider, Breaker())

    def reset(self, provider: str | None = None) -> list[str]:
        """Close a breaker by hand, or all of them; give the names."""
        names = [provider] if provider else list(self.desk.breakers)
        for name in names:
            self.desk.breakers[name] = self.breaker(name).reset()
        return names

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.gather(*(client.close() for client in self.registry.clients.values()))


class Route:
    """One question's way to whoever answers it. A ``Client``.

    Attributes:
        model: The name that was asked for.
        provider: Who answers, as far as is known.
        failed: What went wrong before it was answered, in order.
        remarks: What went wrong beside it, such as an answer that could not be kept.
    """

    place = Place.LOCAL
    streams_tool_arguments = True

    def __init__(self, router: Router, model: str, *, policy: Policy, meters: tuple[Meter, ...]) -> None:
        self.model = model
        self.provider = model.partition("/")[0]
        self.failed: list[ProviderError] = []
        self.remarks: list[str] = []
        self._router = router
        self._policy = policy
        self._meters = meters
        self._operation = 0

    @property
    def models(self) -> tuple[str, ...]:
        """The one that was asked for."""
        return (self.model,)

    async def list_models(self) -> tuple[str, ...]:
        """Give the one that was asked for."""
        return self.models

    async def capabilities(self, model: str) -> Capabilities:
        """Say what the model that is meant can do."""
        choice = await self._router.registry.choose(model)
        first = choice.candidates[0]
        return await first.client.capabilities(await self._router.registry.model_of(first))

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """Answer a request; when one provider fails, by the next.

        Raises:
            AllUnavailable: Nobody could answer.
            ProviderError: The only one could not, or the request itself was refused.
            BudgetExceeded: The cell or the session used up what it was allowed.
            SetupError: Nobody has this name.
        """
        kept = await self._kept(request)
        if kept is not None:
            for event in _replayed(kept):
                yield event
            return
        trials = await self._trials(request)
        telling = Telling(request, self._policy.failover)
        for candidate in trials:
            await self._pause(trials)
            telling.begin()
            attempting = self._attempting(candidate, telling.request)
            try:
                async with aclosing(attempting.stream()) as events:
                    async for event in events:
                        told = telling.tell(event, provider=candidate.client.provider)
                        await self._keep(telling.response)  # before the last event: many leave with it
                        for one in told:
                            yield one
            except ProviderError as error:
                shown = telling.shown
                telling.broke(error)
                self.failed.append(error)
                trials.note(error, shown=shown)
            else:
                return

    async def complete(self, request: Request) -> Response:
        """Answer a request in one piece; raises as ``stream`` does."""
        kept = await self._kept(request)
        if kept is not None:
            return kept
        trials = await self._trials(request)
        for candidate in trials:
            await self._pause(trials)
            try:
                response = await self._attempting(candidate, request).complete()
            except ProviderError as error:
                self.failed.append(error)
                trials.note(error, shown=False)
            else:
                await self._keep(response)
                return response
        raise trials.exhausted()

    async def close(self) -> None:
        """Do nothing: connections are the router's."""

    async def _trials(self, request: Request) -> Trials:
        choice: Choice = await self._router.registry.choose(request.model)
        policy = self._policy
        candidates = allowed(
            choice,
            allow_cloud=policy.allow_cloud,
            allow_offline=policy.allow_offline,
        )
        self._operation = self._router.desk.begin()
        return Trials(candidates, choice.named, self._router.chance, policy.failover)

    def _attempting(self, candidate: Candidate, request: Request) -> Attempting:
        self.provider = candidate.client.provider
        return Attempting(
            self._router.desk,
            candidate,
            request,
            operation=self._operation,
            meters=self._meters,
            model_of=self._router.registry.model_of,
            adapt=self._router.adapt,
        )

    async def _pause(self, trials: Trials) -> None:
        if not trials.wait_s:
            return
        lefts = [left_s for meter in self._meters if (left_s := meter.left_s()) is not None]
        await self._router.sleep(min([trials.wait_s, *lefts]))

    async def _kept(self, request: Request) -> Response | None:
        if self._policy.replay:
            return await self._router.answers.replay(request)
        if self._policy.cache is not CacheMode.ON:
            return None
        try:
            return await self._router.answers.find(request)
        except SetupError as error:  # a file that cannot be read keeps nobody from asking
            self.remarks.append(error.message)
            return None

    async def _keep(self, response: Response | None) -> None:
        if response is None or self._policy.cache is CacheMode.OFF:
            return
        try:
            await self._router.answers.keep(response)
        except SetupError as error:  # the answer is there and was paid for
            self.remarks.append(error.message)


def _replayed(response: Response) -> Iterable[Event]:
    yield from part_events(response.message, split=lambda text: (text,))
    yield MessageEnd(response=response)
