"""Who holds a UDP port of this machine, in words for a person.

psutil tells of processes and their sockets. ``JPY_SESSION_NAME`` is what a Jupyter server tells each kernel of
its notebook.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import psutil

__all__ = ["Holder", "holder_of", "live_process"]

_MAX_COMMAND = 60
_KERNEL = "ipykernel"
_SIMULATOR = "conduit.live.simulator"
_LIVE_NAMES = {"live", "live.exe"}


@dataclass(frozen=True, slots=True)
class Holder:
    """A process of this machine.

    Attributes:
        pid: Its number.
        name: Its program's name.
        command: Its command line, word by word; empty where it may not be read.
        notebook: The notebook whose kernel it is, or empty.
    """

    pid: int
    name: str
    command: tuple[str, ...] = ()
    notebook: str = ""

    @property
    def is_live(self) -> bool:
        """Whether it is Ableton Live.

        >>> Holder(1, "Ableton Live 12 Suite.exe").is_live, Holder(2, "Ableton Index").is_live
        (True, False)
        """
        name = self.name.lower()
        return name.startswith("ableton live") or name in _LIVE_NAMES

    @property
    def is_simulator(self) -> bool:
        """Whether it is a simulated Live in a process of its own."""
        return _SIMULATOR in self.command

    @property
    def is_me(self) -> bool:
        """Whether it is this very process."""
        return self.pid == os.getpid()

    @property
    def is_kernel(self) -> bool:
        """Whether it is the kernel of a notebook."""
        return any(_KERNEL in word for word in self.command)

    @property
    def remedy(self) -> str:
        """What to do so that it lets go."""
        if self.is_me:
            return "Close the other link to Live in this process"
        return (
            "Wait until it has been idle for a while, or restart that kernel" if self.is_kernel else "Quit it"
        )

    def __str__(self) -> str:
        """Say who it is.

        >>> print(Holder(123, "python3", ("python3", "-m", "ipykernel_launcher"), "sets/beats.ipynb"))
        another notebook's kernel (pid 123, 'beats.ipynb')
        """
        if self.is_me:
            return f"another link of this process (pid {self.pid})"
        if self.is_kernel:
            name = f", {PurePath(self.notebook).name!r}" if self.notebook else ""
            return f"another notebook's kernel (pid {self.pid}{name})"
        if self.is_simulator:
            return f"a simulated Live (pid {self.pid})"
        if self.is_live:
            return f"Ableton Live (pid {self.pid})"
        return f"{self.name!r} (pid {self.pid}{_shortened(self.command)})"


def _shortened(command: Sequence[str]) -> str:
    text = " ".join(" ".join(command).split())  # a word may hold a whole program, line by line
    if not text:
        return ""
    return f": {text}" if len(text) <= _MAX_COMMAND else f": {text[: _MAX_COMMAND - 1]}…"


def holder_of(port: int) -> Holder | None:
    """Find who holds a UDP port; None when nobody does, or the system does not say. It takes some milliseconds."""
    pid = next((pid for pid, number in _bound() if number == port), None)
    return None if pid is None else _seen(pid)


def live_process() -> Holder | None:
    """Find Ableton Live among the processes of this machine."""
    for process in psutil.process_iter(["name"]):
        found = Holder(process.pid, process.info["name"] or "")
        if found.is_live:
            return found
    return None


def _bound() -> Iterator[tuple[int, int]]:
    """Give process and port of each UDP socket that may be seen."""
    try:
        found = psutil.net_connections(kind="udp")
    except psutil.AccessDenied:  # macOS shows all only to its administrator
        yield from _bound_of_each()
        return
    for one in found:
        if one.pid is not None and one.laddr:
            yield one.pid, one.laddr.port


def _bound_of_each() -> Iterator[tuple[int, int]]:
    for process in psutil.process_iter():
        try:
            found = process.net_connections(kind="udp")
        except psutil.Error:  # gone, or somebody else's
            continue
        for one in found:
            if one.laddr:
                yield process.pid, one.laddr.port


def _seen(pid: int) -> Holder:
    """Read what may be read of a process."""
    name, command, notebook = "", (), ""
    try:
        process = psutil.Process(pid)
        name = process.name()
        command = tuple(process.cmdline())
        notebook = process.environ().get("JPY_SESSION_NAME", "")
    except psutil.Error:  # what is not allowed stays empty
        pass
    return Holder(pid, name or "a program", command, notebook)
