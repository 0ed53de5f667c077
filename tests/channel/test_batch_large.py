"""Ten thousand items against a loopback provider: killed, gone on with, in flat memory, and on a cluster."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from channel.batch_driver import NAME
from channel.batch_server import BatchServer

from conduit.store import Store

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ITEMS, CONCURRENCY = 10_000, 32
FEWER = 2_000
"""For a cluster, where an item costs some milliseconds of Dask's own."""
DRIVER = Path(__file__).with_name("batch_driver.py")


@pytest.fixture
def server():
    with BatchServer(delay_s=0.002) as server:
        yield server


@pytest.fixture
def environ(server, tmp_path):
    config = tmp_path / "config.toml"
    config.write_text(f'order = ["loop"]\n[providers.loop]\nbase_url = "{server.url}"\n')
    unset = {"CONDUIT_PROVIDERS", "CONDUIT_STORE"}
    kept = {key: value for key, value in os.environ.items() if key not in unset}
    return {**kept, "CONDUIT_CONFIG": str(config), "CONDUIT_STORE": "memory"}


@pytest.fixture
def start(environ, tmp_path):
    """Give what starts the batch in a process of its own; nothing is left of it after the test."""
    started = []

    def start(*, items=ITEMS, workers=0):
        command = [sys.executable, DRIVER, tmp_path / "store.db", str(items), str(CONCURRENCY), str(workers)]
        process = subprocess.Popen(
            command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def found(process):
    said, told = process.communicate(timeout=240)
    assert process.returncode == 0, told[-2000:]
    return json.loads(said.splitlines()[-1])


def stored(tmp_path):
    with Store(tmp_path / "store.db") as store:
        return list(store.items(store.begin_batch(NAME, "text")))


def kill_at_random(process, server, *, items):
    """Kill it with SIGKILL when a random number of calls have come."""
    seed = int(os.environ.get("BATCH_SEED") or random.SystemRandom().randrange(2**32))
    at = random.Random(seed).randrange(CONCURRENCY, items)
    sys.stdout.write(f"BATCH_SEED={seed}: killed at call {at}\n")
    assert server.wait(at, timeout_s=120)
    process.kill()
    process.communicate()


@pytest.mark.parametrize(("items", "workers"), [(ITEMS, 0), (FEWER, 2)], ids=["here", "on two Dask workers"])
def test_killed_and_run_again_every_item_has_one_result_and_few_calls_were_repeated(
    server, start, tmp_path, items, workers
):
    kill_at_random(start(items=items, workers=workers), server, items=items)
    n_before = len(stored(tmp_path))

    result = found(start(items=items, workers=workers))

    assert result["right"] == items
    assert [item.index for item in stored(tmp_path)] == list(range(items))
    assert not any(item.failed for item in stored(tmp_path))
    assert len(server.asked) == items
    assert server.n_repeated <= CONCURRENCY
    assert n_before < items


def test_a_cluster_asks_more_at_once_than_its_workers_have_threads(server, start):
    server.delay_s = 0.5

    found(start(items=100, workers=2))

    assert server.most_open > 8


def test_memory_grows_by_no_more_than_the_results(start):
    seen = found(start())["rss_mib"]

    # An item of the result is a kilobyte: its input, its text, its usage. The system gives memory in larger steps.
    assert seen[-1] - seen[2] < 2.5 * (ITEMS - 2 * ITEMS // 10) / 1024
