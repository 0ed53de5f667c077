"""The loop thread where a process forks, and where it ends while threads go on."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")

FORKS = """
import multiprocessing
from conduit import Model

def ask(answers):
    answers.put(Model("offline").ask("one bar of acid bass").text[:12])

print(Model("offline").ask("one bar of dub bass").text[:12])
fork = multiprocessing.get_context("fork")
answers = fork.Queue()
child = fork.Process(target=ask, args=(answers,))
child.start()
print(answers.get(timeout=60))
child.join()
"""
GOES_ON = """
import sys, threading, time
from conduit import Channel

def go_on():
    threading.main_thread().join()
    print(Channel("offline", name="late").run("one bar of acid bass").remarks)

threading.Thread(target=go_on).start()
"""


def run(program, **environ):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        timeout=100,
        env={**os.environ, **environ},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_fork_has_a_studio_of_its_own():
    assert run(FORKS).split("\n")[:2] == ["Here is Dub ", "Here is Acid"]


@pytest.mark.slow
def test_a_thread_that_goes_on_after_the_main_one_keeps_what_it_was_told(tmp_path):
    from conduit.store import Store  # noqa: PLC0415  a database is loaded only where one is used

    path = tmp_path / "store.db"

    remarks = run(GOES_ON, CONDUIT_STORE=str(path))

    with Store(path) as store:
        assert len(store.load("late").conversation) == 2
    assert remarks == "()\n"
