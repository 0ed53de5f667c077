"""How one item of a batch is answered: a call in one piece, and where there is a parser, until it can read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from conduit.channel.batch_item import Outcome
from conduit.channel.parser import Parser
from conduit.channel.shaped import ShapedClient
from conduit.clients import Client
from conduit.errors import ConduitError, ErrorKind, ParseError, ProviderError
from conduit.messages import Request, Response, Usage, UserMessage

__all__ = ["answer", "stops", "wait_s"]

N = TypeVar("N", Decimal, Usage)

_WAITS = (ErrorKind.RATE_LIMIT, ErrorKind.OVERLOADED, ErrorKind.CIRCUIT_OPEN, ErrorKind.ALL_UNAVAILABLE)
"""What passes with time; it says nothing of the item."""
_STOPS = (ErrorKind.AUTHENTICATION, ErrorKind.KEY_MISSING, ErrorKind.NOT_FOUND)
"""What every other item would meet too."""
_LONGEST_S = 60.0


@dataclass(slots=True)
class _Sum:
    """What the calls for one item used."""

    outcome: Outcome = field(default_factory=Outcome)

    def note(self, response: Response) -> None:
        before, facts = self.outcome, response.metadata
        self.outcome = Outcome(
            text=response.message.text,
            provider=facts.provider,
            model=facts.model,
            stop=str(facts.stop_reason),
            usage=_plus(before.usage, facts.usage),
            cost_usd=_plus(before.cost_usd, facts.cost_usd),
            duration_s=before.duration_s + facts.duration_s,
            calls=before.calls + 1,
        )


def _plus(one: N | None, other: N | None) -> N | None:
    """Add what is known."""
    if one is None or other is None:
        return other if one is None else one
    return one + other


async def answer(client: Client, request: Request, *, parser: Parser[Any] | None = None) -> Outcome:
    """Answer a request; what goes wrong stands in the outcome, beside what was used.

    Args:
        client: Who is asked.
        request: What is asked, as it would be without a parser.
        parser: What reads the answer; the model is told what is wrong with it, as often as the parser says.
    """
    used = _Sum()
    shaped = ShapedClient(client)
    try:
        if parser is None:
            used.note(await shaped.complete(request))
        else:
            await _parsed(shaped, request, parser, used)
    except ConduitError as error:
        return used.outcome.failed(error)
    return used.outcome


async def _parsed(client: Client, request: Request, parser: Parser[Any], used: _Sum) -> None:
    request = request.model_copy(update={"response_schema": parser.schema})
    while True:
        response = await client.complete(request)
        used.note(response)
        try:
            parser.read(response.message.text)
        except ParseError as error:
            error.attempts = used.outcome.calls
            if error.attempts > parser.retries:
                raise
            said = (response.message, UserMessage.of(parser.mend(error)))
            request = request.model_copy(update={"messages": (*request.messages, *said)})
        else:
            return


def wait_s(error: ConduitError, *, tried: int) -> float | None:
    """Say how long to wait before an item is asked again; None where that would change nothing.

    Args:
        error: What went wrong.
        tried: How often it was waited for before; where nobody says how long, each wait is twice the last.

    >>> busy = ProviderError("slow down", kind=ErrorKind.RATE_LIMIT, provider="loop", retry_after_s=2.0)
    >>> wait_s(busy, tried=0)
    2.0
    >>> wait_s(ProviderError("no such id", kind=ErrorKind.BAD_REQUEST, provider="loop"), tried=0)
    """
    if not isinstance(error, ProviderError) or ErrorKind(error.kind) not in _WAITS:
        return None
    told = getattr(error, "retry_in_s", None)
    told = error.retry_after_s if told is None else told
    if told is None and error.kind == ErrorKind.ALL_UNAVAILABLE:
        return None  # no breaker is open: each of them had its own reason, which may be the item
    return min(_LONGEST_S, 2.0**tried if told is None else told)


def stops(error: ConduitError) -> bool:
    """Say whether every other item would fail alike, so that it is no use to ask on.

    >>> stops(ProviderError("wrong key", kind=ErrorKind.AUTHENTICATION, provider="loop"))
    True
    """
    if isinstance(error, ProviderError):
        return ErrorKind(error.kind) in _STOPS
    return not isinstance(error, ParseError)
