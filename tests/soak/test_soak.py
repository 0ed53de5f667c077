"""A soak with random faults: callers, clients and routers run for a time, and nothing may be left over."""

import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from statistics import mean

import pytest

HERE = Path(__file__).parent
SOAK_S = float(os.environ.get("SOAK_S", "30"))
SEED = os.environ.get("SOAK_SEED", "1")
MOST_MB = 5
MOST_FDS = 10
"""By how much the files and sockets of two halves may differ: kept connections come and go."""

MET = {"ok", "cancelled", "rate_limit", "server", "overloaded", "network", "protocol", "stream_incomplete"}
"""What becomes of attempts; a soak in which one of these never came would show nothing about it."""


BROKEN_OFF = re.compile(r"ERROR: +Cancel \d+ running task\(s\), timeout graceful shutdown exceeded")
"""uvicorn's, where a server is stopped in the middle of an answer, as here, and breaks it off in a second."""


@contextmanager
def faulty():
    """Start the servers; give their addresses."""
    command = [sys.executable, str(HERE / "faulty.py"), SEED]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as servers:
        try:
            yield servers.stdout.readline()
        finally:
            servers.stdin.close()


def shown(report):
    """Say in some lines how it went."""
    n_calls = sum(report["outcomes"].values())
    mb, fds = ([one[what] for one in report["rounds"]] for what in ("mb", "fds"))
    return (
        f"\n{n_calls} calls in {report['seconds']:.0f} s, {n_calls / report['seconds']:.0f}/s\n"
        f"calls: {report['outcomes']}\nattempts: {report['attempts']}\n"
        f"MB: first {mb[0]:.1f}, half {mb[len(mb) // 2]:.1f}, last {mb[-1]:.1f}\n"
        f"fds: first {fds[0]}, half {fds[len(fds) // 2]}, last {fds[-1]}\n"
    )


def grown(rounds, what):
    """Say by how much something grew from the first third to the last."""
    values, third = [one[what] for one in rounds], max(1, len(rounds) // 3)
    return mean(values[-third:]) - mean(values[:third])


@pytest.mark.slow
@pytest.mark.timeout(SOAK_S + 120)
def test_no_fault_leaves_a_task_a_thread_a_socket_or_memory_behind():
    with faulty() as urls:
        command = [sys.executable, "-W", "error", str(HERE / "soak.py"), str(SOAK_S), SEED, urls]
        done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if not BROKEN_OFF.fullmatch(line)] == []
    report = json.loads(done.stdout)
    sys.stdout.write(shown(report))
    rounds = report["rounds"]
    assert [one for one in rounds if one.keys() != {"probes", "fds", "mb"} or one["probes"]] == []
    assert (report["left"], report["sockets"], report["threads"]) == ({}, [], ["MainThread"])
    assert report["fds"][0] == report["fds"][1]
    assert grown(rounds, "fds") < MOST_FDS
    assert grown(rounds[len(rounds) // 2 :], "mb") < MOST_MB
    assert report["attempts"].keys() >= MET
    assert report["outcomes"].keys() >= {"answer", "left", "cancelled", "timeout"}
