"""Where a batch's work is done: in the caller's thread, and in other processes."""

import os
import subprocess
import sys
from concurrent.futures import Executor

import pytest
from channel.batch_server import BatchServer, echo

from conduit.channel.spread import CallerExecutor, executor_of


class Task:
    """Work that is over when somebody says so."""

    over = False

    def done(self):
        return self.over

    def end(self):
        self.over = True


def test_what_is_handed_in_runs_in_the_thread_that_serves_and_its_error_goes_to_who_handed_it_in():
    caller, task = CallerExecutor(), Task()
    good, bad = caller.submit(divmod, 7, 2), caller.submit(divmod, 7, 0)
    caller.submit(task.end)

    caller.serve(task, tick=lambda: None)

    assert good.result(0) == (3, 1)
    assert isinstance(bad.exception(0), ZeroDivisionError)


def test_a_call_that_was_cancelled_before_its_turn_is_left_out():
    caller, task, done = CallerExecutor(), Task(), []
    caller.submit(done.append, 1).cancel()
    caller.submit(task.end)

    caller.serve(task, tick=lambda: None)

    assert done == []


def test_a_dask_client_gives_its_executor_and_asks_the_same_question_twice():
    asked = []

    class Cluster:
        def get_executor(self, *, pure):
            asked.append(pure)
            return Executor()

    assert isinstance(executor_of(Cluster()), Executor)
    assert asked == [False]


RUN = """
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from conduit.channel import Batch, Parser
from conduit.channel.home import LocalHome

if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool, LocalHome() as home:
        options = dict(home=home, executor=pool, concurrency=4)
        print(Batch("loop/m", prompt="item {{ n }}", **options).run({"n": n} for n in range(20)).values[-1])
        failed = Batch("loop/m", parser=Parser(int, retries=0), **options).run(["7", "8"]).errors
        print(sorted(type(error).__name__ for error in failed.values()))
        try:
            Batch("away/m", **options).run(["x"])
        except Exception as error:
            print(type(error).__name__)
"""


@pytest.mark.slow
def test_processes_find_models_by_their_own_settings_and_errors_come_back_as_data(tmp_path):
    program, config = tmp_path / "program.py", tmp_path / "config.toml"
    program.write_text(RUN)
    with BatchServer(say=echo) as server:
        config.write_text(f'order = ["loop"]\n[providers.loop]\nbase_url = "{server.url}"\n')
        environ = {**os.environ, "CONDUIT_CONFIG": str(config), "CONDUIT_PROVIDERS": ""}

        done = subprocess.run(
            [sys.executable, program], env=environ, capture_output=True, text=True, check=False, timeout=100
        )

    assert done.stdout.splitlines() == ["heard: item 19", "['ParseError', 'ParseError']", "SetupError"], (
        done.stderr
    )
    assert server.n_calls == 22


@pytest.mark.slow
def test_a_worker_needs_no_dask_to_answer():
    code = "import conduit.channel.spread, sys; print('distributed' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
