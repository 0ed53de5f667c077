"""Many callers, four kinds of client, random faults; prints what is left over when they have stopped, as JSON.

Run ``python tests/soak/soak.py SECONDS URL`` against ``faulty.py``; the test beside it does.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import sys
import threading
import time
from collections import Counter
from contextlib import aclosing

import psutil

from conduit.clients import Place
from conduit.clients.connect import anthropic_client, ollama_client, openai_client
from conduit.clients.remote import RemoteClient
from conduit.errors import ConduitError
from conduit.messages import GenerationParams, Request, ToolSpec, UserMessage
from conduit.routing import Registry, Router
from conduit.server.http import make_app
from conduit.server.serve import listen

CALLERS = 16
TOKEN = "soak"  # noqa: S105  of a server that lives as long as this
PARAMETERS = {"type": "object", "properties": {"bpm": {"type": "integer"}}}
TOOL = ToolSpec(name="set_tempo", description="Set the tempo.", parameters=PARAMETERS)


async def rest(_seconds: float) -> None:
    """Wait a moment in place of what a router would wait."""
    await asyncio.sleep(0.001)


async def call(router: Router, chance: random.Random) -> str:
    """Ask once, in one of the ways that callers have; say what came of it."""
    name = chance.choice(["openai", "anthropic", "ollama", "conduit"])
    request = Request(
        model=f"{name}/m",
        messages=(UserMessage.of("hello"),),
        tools=(TOOL,) if chance.random() < 0.5 else (),
        params=GenerationParams(max_tokens=64),
    )
    route = router.route(request.model)
    patience_s = chance.choice([0.02, 0.5, 0.5])
    try:
        async with asyncio.timeout(patience_s):
            if chance.random() < 0.3:
                await route.complete(request)
                return "answer"
            leave_after = chance.choice([1, 5, 10_000])
            async with aclosing(route.stream(request)) as events:
                count = 0
                async for _ in events:
                    count += 1
                    if count >= leave_after:
                        return "left"
            return "answer"
    except TimeoutError:
        return "cancelled"
    except ConduitError as error:
        return str(getattr(error, "kind", type(error).__name__))


async def caller(router: Router, chance: random.Random, until: float, outcomes: Counter[str]) -> None:
    """Ask until the time is over."""
    while time.monotonic() < until:
        outcomes[await call(router, chance)] += 1
        if chance.random() < 0.05:
            router.reset()


def used_mb() -> float:
    """Give the memory that is this process's alone, in MB."""
    gc.collect()
    return psutil.Process().memory_full_info().uss / 1e6


async def soak(seconds: float, url: str) -> dict[str, object]:
    """Let the callers call; give the report."""
    far = openai_client("behind", base_url=f"{url}/v1", models=("m",), place=Place.CLOUD)
    serving = await listen(make_app(lambda _: far, far.list_models, token=TOKEN))
    registry = Registry(
        [
            openai_client("openai", base_url=f"{url}/v1", models=("m",), place=Place.CLOUD),
            anthropic_client("anthropic", base_url=url, models=("m",), place=Place.CLOUD),
            ollama_client("ollama", base_url=url, models=("m",), place=Place.CLOUD),
            RemoteClient(base_url=serving.url, token=TOKEN, models=("m",), place=Place.CLOUD),
        ],
        order=("openai", "anthropic", "ollama", "conduit"),
        presets={},
    )
    router = Router(registry, sleep=rest, chance=random.Random(1))
    outcomes: Counter[str] = Counter()
    until = time.monotonic() + seconds
    callers = [asyncio.create_task(caller(router, random.Random(n), until, outcomes)) for n in range(CALLERS)]
    memory = []
    while time.monotonic() < until:
        await asyncio.sleep(min(1.0, seconds / 10))
        memory.append(used_mb())
    await asyncio.gather(*callers)
    await router.close()
    await far.close()
    await serving.close()
    return {"outcomes": dict(outcomes), "memory_mb": memory, **await left_over()}


async def left_over() -> dict[str, object]:
    """Say what is still there when everything is closed."""
    for _ in range(50):
        await asyncio.sleep(0.02)  # connections close in their own time
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        sockets = psutil.Process().net_connections("tcp")
        if not tasks and not sockets:
            break
    threads = [t.name for t in threading.enumerate() if t is not threading.main_thread()]
    return {
        "tasks": [repr(task) for task in tasks],
        "sockets": [str(socket) for socket in sockets],
        "threads": [name for name in threads if not name.startswith("asyncio_")],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(soak(float(sys.argv[1]), sys.argv[2]))) + "\n")
