"""One attempt with one provider: let through by its breaker, metered, timed, priced and counted."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from conduit.clients import Client, Place
from conduit.errors import FAULTS, CircuitOpen, ErrorKind, ProviderError
from conduit.messages import Event, MessageEnd, Request, Response, Usage, UserMessage
from conduit.routing import prices
from conduit.routing.breaker import Admission, Breaker, Refusal, State
from conduit.routing.budget import Meter
from conduit.routing.odometer import Attempt, Odometer, state_of
from conduit.routing.registry import Candidate

__all__ = ["Attempting", "Desk"]

T = TypeVar("T")

CANCELLED = "cancelled"
_TRIAL_S = 1.0
"""Seconds after which it is worth asking whether a trial call has ended."""


@dataclass(slots=True)
class Desk:
    """What all attempts share.

    Attributes:
        odometer: Counts them.
        clock: Seconds, never going back.
        wall: Seconds since 1970.
        clean: Takes keys out of a text.
        breakers: One a provider.
    """

    odometer: Odometer
    clock: Callable[[], float]
    wall: Callable[[], float]
    clean: Callable[[str], str] = str
    breakers: dict[str, Breaker] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _pricing: asyncio.Task[None] | None = None

    def begin(self) -> int:
        """Begin an operation, whose attempts are counted together; give its number."""
        return next(self._numbers)

    def fetch_prices(self) -> None:
        """Begin to read the table of prices, so that it is there when the first answer is."""
        if self._pricing is None:
            self._pricing = asyncio.create_task(prices.load())


class Attempting:
    """One attempt. Use it once.

    Args:
        desk: What attempts share.
        candidate: Who is asked.
        request: What is asked, as the caller named the model.
        operation: What it is counted for.
        meters: What may be used.
        model_of: Gives the candidate's model.
        adapt: Gives the client that asks a model in the way it can answer.
    """

    def __init__(
        self,
        desk: Desk,
        candidate: Candidate,
        request: Request,
        *,
        operation: int,
        meters: tuple[Meter, ...],
        model_of: Callable[[Candidate], Awaitable[str]],
        adapt: Callable[[Client, str], Awaitable[Client]] | None,
    ) -> None:
        self._desk = desk
        self._candidate = candidate
        self._provider = candidate.client.provider
        self._request = request
        # The offline composer costs nothing and asks nobody, so it uses up nothing.
        self._meters = () if candidate.client.place is Place.OFFLINE else meters
        self._model_of = model_of
        self._adapt = adapt
        self._model = candidate.model
        self._operation = operation
        self._started = desk.clock()
        self._first_s: float | None = None
        self._leave: Admission | None = None

    async def stream(self) -> AsyncGenerator[Event, None]:
        """Ask for a stream.

        Raises:
            ProviderError: It failed, or the breaker is open.
            BudgetExceeded: What may be used is used up.
        """
        self._enter()
        try:
            client, request = await self._in_time(self._prepared())
            async with aclosing(client.stream(request)) as events:
                while (event := await self._next(events)) is not None:
                    if self._first_s is None:
                        self._first_s = self._desk.clock() - self._started
                    yield self._ended(event) if isinstance(event, MessageEnd) else event
            self._expect_ended()
        except ProviderError as error:
            self._failed(error)
            raise
        finally:
            self._released()

    def _expect_ended(self) -> None:
        if self._leave is not None:
            raise ProviderError(
                f"{self._provider} stopped in the middle of its answer; what came is kept, ask again",
                kind=ErrorKind.STREAM_INCOMPLETE,
                provider=self._provider,
            )

    async def complete(self) -> Response:
        """Ask for an answer in one piece; raises as ``stream`` does."""
        self._enter()
        try:
            client, request = await self._in_time(self._prepared())
            return self._succeeded(await self._in_time(client.complete(request)))
        except ProviderError as error:
            self._failed(error)
            raise
        finally:
            self._released()

    async def _prepared(self) -> tuple[Client, Request]:
        self._model = await self._model_of(self._candidate)
        client = self._candidate.client
        if client.place is Place.CLOUD:
            self._desk.fetch_prices()
        await self._expect_senses(client)
        if self._adapt is not None:
            client = await self._adapt(client, self._model)
        return client, self._request.model_copy(update={"model": self._model})

    async def _expect_senses(self, client: Client) -> None:
        """Refuse a question with images or sounds for a model that takes none; some servers just leave them out."""
        parts = [part for m in self._request.messages if isinstance(m, UserMessage) for part in m.parts]
        kinds = {part.type for part in parts} - {"text"}
        if not kinds:
            return
        can = await client.capabilities(self._model)
        missing = [
            kind for kind, has in (("image", can.images), ("audio", can.audio)) if kind in kinds and not has
        ]
        if missing:
            raise ProviderError(
                f"{self._provider}/{self._model} takes no {' and no '.join(missing)}; ask another model, with -m",
                kind=ErrorKind.NOT_FOUND,
                provider=self._provider,
                model=self._model,
            )

    async def _next(self, events: AsyncGenerator[Event, None]) -> Event | None:
        """Give the next event, or None at the end."""
        try:
            return await self._in_time(anext(events))
        except StopAsyncIteration:
            return None

    async def _in_time(self, work: Awaitable[T]) -> T:
        """Wait for some work as long as the wall time of the budgets allows, also through a silence."""
        try:
            async with asyncio.timeout(self._left_s()):
                return await work
        except TimeoutError:
            self._check()
            raise

    def _left_s(self) -> float | None:
        return min((left for meter in self._meters if (left := meter.left_s()) is not None), default=None)

    def _check(self) -> None:
        for meter in self._meters:
            meter.check()

    def _enter(self) -> None:
        self._check()
        desk = self._desk
        breaker, leave = desk.breakers.get(self._provider, Breaker()).admit(desk.clock())
        desk.breakers[self._provider] = breaker
        if isinstance(leave, Refusal) and breaker.state is State.HALF_OPEN:
            raise CircuitOpen(
                f"{self._provider} has failed before, and a trial call is under way; ask again in a moment",
                provider=self._provider,
                retry_in_s=_TRIAL_S,
                failures=leave.failures,
            )
        if isinstance(leave, Refusal):
            raise CircuitOpen(
                f"{self._provider} is left alone for {leave.retry_in_s:.0f} s after {leave.failures} failures "
                f"in a row ({breaker.last_error}); %conduit reset-circuit {self._provider} asks it at once",
                provider=self._provider,
                retry_in_s=leave.retry_in_s,
                failures=leave.failures,
            )
        self._leave = leave

    def _ended(self, end: MessageEnd) -> MessageEnd:
        return MessageEnd(response=self._succeeded(end.response))

    def _succeeded(self, response: Response) -> Response:
        metadata = response.metadata
        place = self._candidate.client.place
        cost = metadata.cost_usd  # another Conduit knows what it paid
        if cost is None:
            cost = prices.cost(metadata.usage, provider=self._provider, model=self._model, place=place)
        breaker, leave = self._settle()
        if leave is not None:
            at = self._desk.clock()
            took_s = at - self._started
            self._desk.breakers[self._provider] = breaker.succeeded(leave, at=at, duration_s=took_s)
        self._record("ok", metadata.usage, cost)
        return Response(
            request=self._request,
            message=response.message,
            metadata=metadata.model_copy(update={"cost_usd": cost, "first_token_s": self._first_s}),
        )

    def _failed(self, error: ProviderError) -> None:
        error.model = error.model or self._model
        error.message = self._desk.clean(error.message)
        error.args = (error.message,)
        breaker, leave = self._settle()
        if leave is None:
            return
        at = self._desk.clock()
        if FAULTS[ErrorKind(error.kind)].counts:
            after = breaker.failed(
                leave,
                at=at,
                duration_s=at - self._started,
                retry_after_s=error.retry_after_s,
                error=error.message,
            )
        else:
            after = breaker.released(leave)
        self._desk.breakers[self._provider] = after
        self._record(str(error.kind), None, None)

    def _released(self) -> None:
        """Give the leave back where neither success nor failure was seen: the caller went away."""
        breaker, leave = self._settle()
        if leave is not None:
            self._desk.breakers[self._provider] = breaker.released(leave)
            self._record(CANCELLED, None, None)

    def _settle(self) -> tuple[Breaker, Admission | None]:
        leave, self._leave = self._leave, None
        return self._desk.breakers.get(self._provider, Breaker()), leave

    def _record(self, outcome: str, usage: Usage | None, cost: Decimal | None) -> None:
        desk = self._desk
        attempt = Attempt(
            operation=self._operation,
            at=desk.wall(),
            provider=self._provider,
            model=self._model,
            state=state_of(self._request),
            usage=usage,
            cost_usd=cost,
            outcome=outcome,
            duration_s=desk.clock() - self._started,
            first_token_s=self._first_s,
        )
        desk.odometer.record(attempt)
        for meter in self._meters:
            meter.count(usage, cost)
