"""What a batch costs an item: Conduit's against the loop that people write with the openai SDK.

Run ``python tests/benchmarks/batch.py``; ``--items`` and ``--runs`` set how much. All ask the loopback server of
``peers/``, which answers at once, so what is seen is the work of the libraries. Every subject is a process of its
own; they take turns. "to openai" is the median over the turns of the ratio to the SDK in the same turn: more is
better. The SDK's loop is a semaphore and ``gather``, as its users write it; it keeps texts only, stores nothing and
has no breaker, odometer, budget or progress. Aimed at: with a store at least as fast as the SDK without.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

sys.path.append(str(Path(__file__).parent / "peers"))
from memory import peak_mib
from report.table import table

from conduit import channel
from conduit.clients.connect import openai_client
from conduit.store import Store

SUBJECTS = ("openai", "openai, aiohttp", "conduit", "conduit, stored", "conduit, resumed")
BASE = SUBJECTS[0]
CONCURRENCY = 64
MODEL = "m-0"
PORTION = 500
"""Items that open connections and import what is needed, before the time is taken."""


def openai_loop(url: str, *, over_aiohttp: bool) -> Callable[[int], float]:
    """Give what runs a batch by the SDK, and says how long it took."""
    openai = import_module("openai")

    async def run(count: int) -> float:
        http = openai.DefaultAioHttpClient() if over_aiohttp else None
        async with openai.AsyncOpenAI(base_url=url, api_key="x", http_client=http) as client:
            limit = asyncio.Semaphore(CONCURRENCY)

            async def ask(prompt: str) -> str | None:
                async with limit:
                    answer = await client.chat.completions.create(
                        model=MODEL, messages=[{"role": "user", "content": prompt}]
                    )
                return answer.choices[0].message.content

            await asyncio.gather(*(ask(f"w{number}") for number in range(PORTION)))
            began = perf_counter()
            await asyncio.gather(*(ask(f"q{number}") for number in range(count)))
            return perf_counter() - began

    return lambda count: asyncio.run(run(count))


def conduit_batch(url: str, *, stored: bool, resumed: bool) -> Callable[[int], float]:
    """Give what runs a batch by Conduit, and says how long it took."""

    def run(count: int) -> float:
        client = openai_client("bench", base_url=url, api_key="x", models=(MODEL,))
        with (
            tempfile.TemporaryDirectory() as folder,
            channel.LocalHome(client, store=Store(Path(folder) / "s.db")) as home,
            home.store,
        ):
            model = channel.Model(f"bench/{MODEL}", home=home)
            batch = channel.Batch(model, name="bench" if stored else "", concurrency=CONCURRENCY)
            batch.run((f"q{number}" for number in range(count if resumed else PORTION)), fresh=True)
            began = perf_counter()
            batch.run((f"q{number}" for number in range(count)), fresh=not resumed)
            return perf_counter() - began

    return run


def measure(subject: str, url: str, *, items: int) -> None:
    """Run one subject in this process, and print what was found."""
    name, _, way = subject.partition(", ")
    if name == "openai":
        run = openai_loop(url, over_aiohttp=way == "aiohttp")
    else:
        run = conduit_batch(url, stored=bool(way), resumed=way == "resumed")
    took_s = run(items)
    sys.stdout.write(json.dumps({"per_s": items / took_s, "mib": peak_mib()}) + "\n")


def child(subject: str, url: str, *, items: int) -> dict[str, Any]:
    """Run one subject in a process of its own."""
    command = [sys.executable, __file__, "--items", str(items), "--subject", subject, "--url", url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Run all in turns, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=3_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--subject", default="")
    parser.add_argument("--url", default="")
    asked = parser.parse_args()
    if asked.subject:
        measure(asked.subject, asked.url, items=asked.items)
        return
    found: dict[str, list[dict[str, Any]]] = {subject: [] for subject in SUBJECTS}
    server = Path(__file__).parent / "peers" / "server.py"
    with subprocess.Popen(
        [sys.executable, str(server)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stdin
        assert serving.stdout
        url = f"http://127.0.0.1:{int(serving.stdout.readline())}/v1"
        for number in range(asked.runs):
            first = number % len(SUBJECTS)
            for subject in (*SUBJECTS[first:], *SUBJECTS[:first]):
                found[subject].append(child(subject, url, items=asked.items))
        serving.stdin.close()
    rows = []
    for subject, runs in found.items():
        rates = [run["per_s"] for run in runs]
        ratios = [run["per_s"] / plain["per_s"] for run, plain in zip(runs, found[BASE], strict=True)]
        peak = median(run["mib"] for run in runs)
        rows.append(
            (subject, f"{max(rates):.0f}", f"{median(rates):.0f}", f"{median(ratios):.2f}x", f"{peak:.0f}")
        )
    title = f"{asked.items:,} items, {CONCURRENCY} at once, items a second (more is better)"
    table(title, ("", "most/s", "median/s", "to openai", "peak MiB"), rows)


if __name__ == "__main__":
    main()
