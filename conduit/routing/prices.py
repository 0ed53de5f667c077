"""What an answer costs, by the price table that comes with the package genai-prices.

The table is the installed one; nothing is ever fetched. Reading it takes a good part of a second, so it is read
at the first use: await ``load`` early, and no call to ``cost`` holds up the event loop.

A price that is not known is None and never 0. What runs on the person's own machine costs 0, and that is known.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

from conduit.clients.client import Place
from conduit.messages import Usage

__all__ = ["cost", "load"]

# Our names to theirs. Others are not looked up: theirs match loosely, and a proxy called "my-openai" is not OpenAI.
_PROVIDERS = {
    "anthropic": "anthropic",
    "gemini": "google",
    "openai": "openai",
    "openrouter": "openrouter",
    "perplexity": "perplexity",
}


def cost(
    usage: Usage | None,
    *,
    provider: str,
    model: str,
    place: Place = Place.CLOUD,
    at: float | None = None,
) -> Decimal | None:
    """Reckon what tokens cost, in US dollars.

    Searches and other extras that a provider bills apart from tokens are not in it.

    Args:
        usage: The tokens; None where the provider did not count.
        provider: Who answered, by Conduit's name.
        model: The model, as its provider names it.
        place: Where the provider runs; only the cloud costs.
        at: When, in Unix seconds, for prices that change; None is now.

    Returns:
        The cost; None where the tokens, the provider, the model or its prices are not known.
    """
    if place is not Place.CLOUD:
        return Decimal(0)
    theirs = _PROVIDERS.get(provider)
    if usage is None or theirs is None:
        return None
    return _looked_up(usage, provider=theirs, model=model.removeprefix("models/"), at=at)


async def load() -> None:
    """Read the price table in a thread, so that no later call waits for it."""
    await asyncio.to_thread(cost, Usage(input_tokens=1), provider="openai", model="gpt-4o")


def _looked_up(usage: Usage, *, provider: str, model: str, at: float | None) -> Decimal | None:
    from genai_prices import Usage as Counted  # noqa: PLC0415  it takes 0.3 s
    from genai_prices import calc_price  # noqa: PLC0415

    counted = Counted(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cached_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        output_reasoning_tokens=usage.reasoning_tokens,
    )
    when = None if at is None else datetime.fromtimestamp(at, UTC)
    try:
        price = calc_price(counted, model, provider_id=provider, genai_request_timestamp=when)
    except LookupError:
        return None
    except ValueError:  # more cached than read, or the like: a provider that counts in another way
        return None
    # An empty row of the table says "free" of some models and "nobody knows" of others.
    prices = price.model_price
    is_priced = prices.input_mtok is not None and prices.output_mtok is not None
    return price.total_price if is_priced or model.endswith(":free") else None
