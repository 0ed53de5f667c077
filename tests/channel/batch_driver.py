"""One run of a large batch, as a program that a test may kill: ``batch_driver.py STORE ITEMS CONCURRENCY WORKERS``.

Models come from the environment: CONDUIT_CONFIG names a file in which ``loop`` is a provider. With workers it runs
on a Dask cluster of so many processes. It prints what it found as JSON.
"""

import json
import sys
from contextlib import ExitStack

import psutil

from conduit.channel.batch import Batch
from conduit.store import Store

NAME = "big"
PROMPT = "item {{ number }}"


def rss_mib():
    return psutil.Process().memory_info().rss / 2**20


def counted(items, seen):
    """Give the inputs one by one, and note how large the process is at some of them."""
    for number in range(items):
        if number % (items // 10) == 0:
            seen.append(rss_mib())
        yield {"number": number}


def main():
    path, items, concurrency, workers = sys.argv[1], *map(int, sys.argv[2:])
    seen = []
    with ExitStack() as stack:
        executor = stack.enter_context(cluster(workers)) if workers else None
        store = stack.enter_context(Store(path))
        batch = Batch(
            "loop/m", prompt=PROMPT, name=NAME, concurrency=concurrency, store=store, executor=executor
        )
        result = batch.run(counted(items, seen))
        right = sum(item.value == f"heard: item {number}" for number, item in enumerate(result))
        sys.stdout.write(json.dumps({"right": right, "rss_mib": [*seen, rss_mib()]}) + "\n")


def cluster(workers):
    from distributed import Client  # noqa: PLC0415  a second, and only where it is used

    # Any free port: the usual one may be another cluster's.
    return Client(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0")


if __name__ == "__main__":
    main()
