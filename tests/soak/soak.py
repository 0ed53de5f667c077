"""Many callers, four providers, random faults; prints as JSON what is left over in every quiet moment.

Run ``python tests/soak/soak.py SECONDS SEED ADDRESSES`` with what ``faulty.py`` printed; the test beside it does.
The callers stop every second, and when their calls are over, what is still there is counted. Any exception but
those that a caller has to expect ends it.
"""

import asyncio
import gc
import json
import random
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

# The SDKs are imported before it begins: a busy machine takes longer for that than a quiet moment lasts.
import anthropic  # noqa: F401
import ollama  # noqa: F401
import openai  # noqa: F401
import psutil
from callers import ask, wait
from faulty import BEHIND

from conduit.clients import Place
from conduit.clients.connect import anthropic_client, ollama_client, openai_client
from conduit.clients.remote import RemoteClient
from conduit.errors import SetupError
from conduit.loop import LoopThread
from conduit.routing import Router
from conduit.routing.breaker import State
from conduit.server.http import make_app
from conduit.server.serve import listen

AWAITING, BLOCKING = 12, 4
"""Callers that are tasks of the loop, and callers that are threads and wait."""

ROUND_S = 1.0
QUIET_S = 5.0
"""Seconds after which what is not over is left over."""

HURRY = 600
"""How much faster the routers' clock goes: a breaker's minute is a tenth of a second."""

TOKEN = "a-token-of-this-test"  # noqa: S105  of a server that lives for one test


class Far:
    """A Conduit server in this process; it goes away and comes back to its address."""

    def __init__(self, url):
        client = openai_client("openai", base_url=f"{url}/v1", models=("m",), place=Place.CLOUD)
        self.router = hurried([client], seed=2)
        self._port = 0

    async def open(self):
        app = make_app(lambda _: self.router.route("openai/m"), self._models, token=TOKEN)
        while True:
            try:
                self._serving = await listen(app, port=self._port)
            except SetupError:  # a connection got the free port; it does not last
                await asyncio.sleep(0.05)
                continue
            self._port = int(self._serving.url.rpartition(":")[2])
            return self._serving.url

    async def close(self):
        await self._serving.close()

    async def _models(self):
        return ["openai/m"]


def hurried(clients, *, seed):
    """Make a router whose clock goes fast, so that no breaker stays open for long."""
    return Router(
        clients,
        clock=lambda: time.monotonic() * HURRY,
        sleep=lambda seconds: asyncio.sleep(seconds / HURRY),
        chance=random.Random(seed),
    )


class Soak:
    """What lasts through all rounds."""

    def __init__(self, urls, *, seed):
        self.chance = random.Random(seed)
        self.chances = [random.Random(self.chance.random()) for _ in range(AWAITING + BLOCKING)]
        self.outcomes = Counter()
        self.loop = LoopThread()
        self.start = self.present()
        self.far = Far(urls[BEHIND])
        here = self.call(self.far.open())
        place = {"models": ("m",), "place": Place.CLOUD}
        self.router = hurried(
            [
                openai_client("openai", base_url=f"{urls['openai']}/v1", **place),
                anthropic_client("anthropic", base_url=urls["anthropic"], **place),
                ollama_client("ollama", base_url=urls["ollama"], **place),
                RemoteClient("conduit", base_url=here, token=TOKEN, **place),
            ],
            seed=1,
        )
        self.serving = self.present()
        self.rounds = []

    def call(self, work):
        return self.loop.submit(work).result(timeout=60)

    def present(self):
        """Name the tasks and threads that are there; those that do blocking work for the loop are kept by it."""
        tasks = self.call(_tasks())
        threads = [t.name for t in threading.enumerate() if not t.name.startswith("conduit-work")]
        return {"tasks": tasks, "threads": sorted(threads)}

    def left_over(self, before):
        """Give what is there and was not before, when it had its time to end."""
        until = time.monotonic() + QUIET_S
        while (now := self.present()) != before and time.monotonic() < until:
            time.sleep(0.01)
        return {what: names for what, names in now.items() if names != before[what]}

    def round(self, seconds):
        """Let all callers call for a time; then count what is there."""
        until = time.monotonic() + seconds
        waiting, awaiting = self.chances[:BLOCKING], self.chances[BLOCKING:]
        with ThreadPoolExecutor(BLOCKING, thread_name_prefix="caller") as pool:
            calls = [pool.submit(self._waits, chance, until) for chance in waiting]
            self.call(self._await_all(awaiting, until))
            for call in calls:
                call.result(timeout=60)
        self.rounds.append(
            {
                **self.left_over(self.serving),
                "probes": [*_probes(self.router), *_probes(self.far.router)],
                "fds": psutil.Process().num_fds(),  # a socket that was reset is not in the system's list of them
                "mb": _used_mb(),
            }
        )

    def _waits(self, chance, until):
        while time.monotonic() < until:
            self.outcomes[wait(self.router, self.loop, chance)] += 1

    async def _await_all(self, chances, until):
        async with asyncio.TaskGroup() as group:
            for chance in chances:
                group.create_task(self._awaits(chance, until))
            if len(self.rounds) % 4 == 3:
                await self.far.close()
                await asyncio.sleep(self.chance.uniform(0.02, 0.2))
                await self.far.open()

    async def _awaits(self, chance, until):
        while time.monotonic() < until:
            self.outcomes[await ask(self.router, chance)] += 1
            if chance.random() < 0.01:
                chance.choice([self.router, self.far.router]).reset()

    def close(self):
        """Close everything; give what is still there."""
        for work in (self.router.close(), self.far.close(), self.far.router.close()):
            self.call(work)
        left = self.left_over(self.start)
        self.loop.close()
        return left


def _probes(router):
    """Give the providers whose only trial call was never handed back."""
    breakers = router.desk.breakers.items()
    return [name for name, one in breakers if one.state is State.HALF_OPEN and one.until > 0]


async def _tasks():
    others = asyncio.all_tasks() - {asyncio.current_task()}
    return sorted(_name(task.get_coro()) for task in others)


def _name(work):
    """Name what a task does; the loop closes a generator that was left early, and that has a kind and no name."""
    return getattr(work, "__qualname__", type(work).__name__)


def _used_mb():
    gc.collect()
    return psutil.Process().memory_full_info().uss / 1e6


def main(seconds, seed, urls):
    """Soak; give the report."""
    process = psutil.Process()
    fds, began = process.num_fds(), time.monotonic()
    soak = Soak(urls, seed=seed)
    while time.monotonic() < began + seconds:
        soak.round(ROUND_S)
    attempts = {row.label: row.attempts for row in soak.router.odometer.table("outcome")}
    left = soak.close()
    until = time.monotonic() + QUIET_S
    while threading.active_count() > 1 and time.monotonic() < until:
        time.sleep(0.01)
    gc.collect()
    return {
        "seconds": time.monotonic() - began,
        "outcomes": soak.outcomes,
        "attempts": attempts,
        "rounds": soak.rounds,
        "left": left,
        "fds": [fds, process.num_fds()],
        "sockets": [str(one) for one in process.net_connections("all")],
        "threads": sorted(thread.name for thread in threading.enumerate()),
    }


if __name__ == "__main__":
    report = main(float(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]))
    sys.stdout.write(json.dumps(report) + "\n")
