"""Real kernels for tests: the newest ipykernel, or an older one installed beside it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty

from jupyter_client.manager import KernelManager

BESIDE = Path(__file__).parents[2] / ".kernels"
VERSIONS = ("6.30", "7.3", "newest")


class Kernel:
    """A running kernel and what it publishes."""

    def __init__(self, manager, client):
        self.manager = manager
        self.client = client

    def start(self, code):
        """Send a cell; give its message id."""
        return self.client.execute(code)

    def messages(self, msg_id, *, timeout_s=30.0):
        """Give what a cell publishes until it is done, from any of its threads: (type, content)."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            try:
                message = self.client.get_iopub_msg(timeout=0.2)
            except Empty:
                continue
            mine = message["parent_header"].get("msg_id") == msg_id
            kind, content = message["msg_type"], message["content"]
            if mine and kind == "status" and content["execution_state"] == "idle":
                return
            if kind != "status":
                yield kind, content
        raise TimeoutError(f"the cell was not done after {timeout_s} s")

    def run(self, code, *, timeout_s=30.0):
        """Run a cell to its end; give its messages."""
        return list(self.messages(self.start(code), timeout_s=timeout_s))

    def text(self, code):
        """Run a cell; give what it printed."""
        return "".join(content["text"] for kind, content in self.run(code) if kind == "stream")

    def interrupt(self):
        """Do what the Interrupt button does."""
        self.manager.interrupt_kernel()


@contextmanager
def kernel(version: str) -> Iterator[Kernel]:
    """Start a kernel with one of the VERSIONS of ipykernel."""
    environ = {**os.environ, "CONDUIT_LIVE": "simulated", "PYTHONWARNINGS": "ignore"}
    if version != "newest":
        place = BESIDE / version
        assert place.is_dir(), f"{place} is missing: run `make kernels`"
        environ["PYTHONPATH"] = str(place)
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env=environ)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
