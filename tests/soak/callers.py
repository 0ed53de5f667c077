"""How callers ask: awaited or waited for, in one piece or as a stream, left early, cancelled, out of patience.

Each gives in a word what came of it; whatever else is raised than a caller has to expect goes on up.
"""

import asyncio
import json
import time
from contextlib import aclosing

from faulty import CALL, TEXT

from conduit.clients import BlockingClient
from conduit.errors import ConduitError, ProviderError
from conduit.messages import GenerationParams, MessageEnd, PartialMessage, Request, ToolSpec, UserMessage
from conduit.routing import Budget, CacheMode, Failover, Meter, Policy

PARAMETERS = {"type": "object", "properties": {"bpm": {"type": "integer"}}}
TOOL = ToolSpec(name=CALL[0], description="Set the tempo.", parameters=PARAMETERS)
NAMES = ("openai", "anthropic", "ollama", "conduit")
CACHES = [CacheMode.OFF] * 8 + [CacheMode.ON, CacheMode.REFRESH]
PATIENCES_S = (0.05, 0.5, 0.5, 0.5)


def question(chance):
    """Ask one of a few things: what is kept by its question stays a few."""
    return Request(
        model=f"{chance.choice(NAMES)}/m",
        messages=(UserMessage.of(f"a bass line, number {chance.randrange(20)}"),),
        params=GenerationParams(max_tokens=100),
        tools=(TOOL,) if chance.random() < 0.5 else (),
    )


def policy(chance):
    return Policy(failover=chance.choice(list(Failover)), cache=chance.choice(CACHES))


def expect_whole(response, failover):
    """No answer that broke off is taken for a whole one."""
    said = response.message
    # One that was gone on with, or kept from then, begins with what had come before.
    goes_on = failover is Failover.CONTINUE or response.metadata.cached
    assert said.text == TEXT or (goes_on and said.text.endswith(TEXT)), said
    assert [(c.name, json.loads(c.arguments)) for c in said.tool_calls] in (
        [],
        [(CALL[0], json.loads(CALL[1]))],
    )


def kind_of(error):
    return str(error.kind) if isinstance(error, ProviderError) else type(error).__name__


async def read(route, request, failover):
    """Read a stream to its end."""
    partial = PartialMessage()
    async with aclosing(route.stream(request)) as events:
        async for event in events:
            partial.feed(event)
    assert isinstance(event, MessageEnd)
    assert partial.message() == event.response.message
    expect_whole(event.response, failover)
    return "answer"


async def complete(route, request, failover):
    expect_whole(await route.complete(request), failover)
    return "answer"


async def leave(route, request, after):
    """Leave a stream when some events have come."""
    async with aclosing(route.stream(request)) as events:
        async for _ in events:
            after -= 1
            if after < 0:
                return "left"
    return "answer"


async def cancel(work, after_s):
    """Cancel a task in the middle."""
    task = asyncio.create_task(work)
    try:
        await asyncio.sleep(after_s)
    finally:
        task.cancel()  # also where this caller's own patience ended first
    try:
        return await task
    except asyncio.CancelledError:
        if asyncio.current_task().cancelling():
            raise
        return "cancelled"


async def ask(router, chance):
    """Ask once, as code that awaits does; say what came of it."""
    request, how = question(chance), policy(chance)
    route = router.route(request.model, policy=how)
    way = chance.choices(["read", "complete", "leave", "cancel"], [4, 3, 2, 2])[0]
    limit = asyncio.timeout(chance.choice(PATIENCES_S))
    try:
        async with limit:
            if way == "leave":
                return await leave(route, request, chance.randrange(8))
            one = (
                chance.choice([read, complete])
                if way == "cancel"
                else {"read": read, "complete": complete}[way]
            )
            work = one(route, request, how.failover)
            return await (cancel(work, chance.uniform(0, 0.05)) if way == "cancel" else work)
    except TimeoutError:
        if not limit.expired():
            raise
        return "timeout"
    except ConduitError as error:
        return kind_of(error)


def wait(router, loop, chance):
    """Ask once, as code that waits does; a budget ends its silences."""
    request, how = question(chance), policy(chance)
    meter = Meter(Budget("cell", wall_s=chance.choice(PATIENCES_S)), clock=time.monotonic)
    client = BlockingClient(router.route(request.model, policy=how, meters=(meter,)), loop=loop)
    leaves_after = chance.choice([0, 3, 1000])
    try:
        if chance.random() < 0.4:
            expect_whole(client.complete(request), how.failover)
            return "answer"
        with client.stream(request) as events:
            for number, _ in enumerate(events):
                if number >= leaves_after:
                    return "left"
    except ConduitError as error:
        return kind_of(error)
    return "answer"
