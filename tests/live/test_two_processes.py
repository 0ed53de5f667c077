"""Two kernels, as two processes, and one simulated Live in a third."""

import subprocess
import sys
from contextlib import contextmanager

import psutil
import pytest
from suites.peers import free_ports, simulated

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]

PROGRAM = """
import asyncio, sys
from conduit.errors import LinkError
from conduit.live import LiveLink

async def main(port, reply_port, idle_s):
    link = LiveLink(port=port, reply_port=reply_port, idle_s=idle_s)
    while (order := await asyncio.to_thread(sys.stdin.readline)) != "close\\n":
        try:
            await (link.open() if order == "open\\n" else asyncio.sleep(0))
            if order == "idle\\n":
                while link.is_bound:
                    await asyncio.sleep(0.01)
            else:
                await link.tell("/live/song/set/tempo", await faster(link))
            print("done", flush=True)
        except LinkError as error:
            print(error.kind, error.message, flush=True)
    await link.close()
    print("closed", flush=True)

async def faster(link):
    return (await link.ask("/live/song/get/tempo"))[0] + 1

asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
"""


class Kernel:
    """A process with a link, which does one thing after the other."""

    def __init__(self, process):
        self.process = process

    def __call__(self, order):
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


@contextmanager
def kernel(ports, *, idle_s=60.0):
    command = [sys.executable, "-c", PROGRAM, *map(str, (*ports, idle_s))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Kernel(process)
        finally:
            process.terminate()


@pytest.fixture
def ports(tmp_path):
    found = free_ports()
    with simulated("--tick", "0.02", temporary=tmp_path, ports=found):
        yield found


def test_the_second_process_is_told_who_holds_the_port_and_gets_through_when_the_first_has_let_go(ports):
    with kernel(ports) as first, kernel(ports) as second:
        opened, refused = first("open"), second("open")
        closed, got_through = first("close"), second("open")

        assert opened == "done"
        assert refused.startswith(f"port_taken UDP port {ports[1]}")
        assert f"(pid {first.process.pid}" in refused
        assert (closed, got_through) == ("closed", "done")


def test_two_processes_take_turns_when_each_lets_go_after_a_pause(ports):
    with kernel(ports, idle_s=0.05) as first, kernel(ports, idle_s=0.05) as second:
        said = [
            each(order)
            for each, order in (
                *((first, "open"), (first, "idle"), (second, "open"), (second, "idle")),
                *((first, "again"), (first, "idle"), (second, "again")),
            )
        ]

        assert said == ["done"] * 7


def test_a_process_that_ended_without_closing_holds_nothing(ports):
    with kernel(ports) as first, kernel(ports) as second:
        first("open")
        first.process.kill()
        psutil.wait_procs([psutil.Process(first.process.pid)])

        assert second("open") == "done"
