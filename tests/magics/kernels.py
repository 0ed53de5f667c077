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


class KernelDeafError(TimeoutError):
    """The kernel takes no message any more, though none of its threads does anything.

    ipykernel 7.3 falls into this now and then on a busy machine, with a plain question for its version as with a
    cell; 7.4 does not. A test that meets it begins again with a new kernel.
    """


class Kernel:
    """A running kernel and what it publishes."""

    def __init__(self, manager, client):
        self.manager = manager
        self.client = client
        self.is_deaf = False

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
        if self._is_deaf():
            raise KernelDeafError("the kernel does not answer a question for its version")
        raise TimeoutError(f"the cell was not done after {timeout_s} s")

    def _is_deaf(self):
        """Say whether the kernel leaves a question for its version unanswered."""
        asked = self.client.kernel_info()
        until = time.monotonic() + 5
        while time.monotonic() < until:
            try:
                if self.client.get_shell_msg(timeout=0.2)["parent_header"].get("msg_id") == asked:
                    return False
            except Empty:
                continue
        self.is_deaf = True
        return True

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
