"""The test suites inside other libraries for AbletonOSC, run against the simulated Live.

``python tests/suites/peers.py .peers`` installs both libraries, each into a folder of its own; what they need
(python-osc, pytest, pytest-timeout) is in the development environment already. They know one pair of ports only,
11000 and 11001.

The simulator looks at its socket every 0.02 s, not every 0.1 s as Live: the suites wait a fixed 0.1 s between
commands, so that with Live's own tick two of them may meet in one look, and a transport that was started and
stopped there has not moved.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from conduit.live.holder import holder_of

__all__ = ["PORTS", "SUITES", "Suite", "free_ports", "outcomes", "simulated", "taken"]

TESTS = Path(__file__).parents[1]
FOLDER = TESTS.parent / ".peers"
PORTS = (11000, 11001)
TICK_S = 0.02
RUN_S = 240


@dataclass(frozen=True)
class Suite:
    """A library and its tests.

    Attributes:
        name: Of its folder.
        pin: What pip installs.
        live_set: The saved set that its tests expect to be open, a file of ``tests/data``.
        tests: Its files of tests, in the order in which they run.
        n_tests: How many tests they hold.
    """

    name: str
    pin: str
    live_set: str
    tests: tuple[str, ...]
    n_tests: int

    @property
    def folder(self) -> Path:
        """Where it is installed."""
        return FOLDER / self.name

    @property
    def set_file(self) -> Path:
        """The saved set."""
        return TESTS / "data" / self.live_set


SUITES = (
    # test_set.py changes the tempo of the set, by which test_track.py counts: it comes last. At the set's 150 bpm
    # half a bar ends well between the two moments at which test_track_states looks, at 120 bpm with the second.
    Suite(
        "pylive",
        "pylive==0.4.0",
        "pylive-set.json",
        ("tests/test_clip.py", "tests/test_group.py", "tests/test_track.py", "tests/test_set.py"),
        58,
    ),
    Suite(
        "abletonosc-client",
        "abletonosc-client==1.1.0",
        "abletonosc-client-set.json",
        ("abletonosc_client/tests",),
        263,
    ),
)


def install(target: Path) -> None:
    """Install each library, without what it depends on."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "install", "--no-deps"]
    for suite in SUITES:
        subprocess.run([*pip, "--upgrade", "--target", str(target / suite.name), suite.pin], check=True)


def taken(ports: tuple[int, int] = PORTS) -> str:
    """Give who holds one of the ports, in words, or nothing when both are free."""
    held = ((port, holder_of(port)) for port in ports)
    return "; ".join(f"UDP port {port} is taken by {holder}" for port, holder in held if holder)


def free_ports() -> tuple[int, int]:
    """Give two UDP ports that nobody holds."""
    with socket.socket(type=socket.SOCK_DGRAM) as one, socket.socket(type=socket.SOCK_DGRAM) as two:
        for each in (one, two):
            each.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


@contextmanager
def simulated(*options: str, temporary: Path, ports: tuple[int, int] = PORTS) -> Iterator[None]:
    """Run the simulator as a process of its own, until the end of the block.

    Args:
        options: Of its command line.
        temporary: Its folder for temporary files.
        ports: Where it listens, and where it answers to.

    Raises:
        RuntimeError: It does not start; the message says who holds a port, or what it said.
    """
    held = taken(ports)
    if held:
        raise RuntimeError(f"{held}; the simulator for this test needs {ports[0]} and {ports[1]}: free them")
    where = ("--port", str(ports[0]), "--reply-port", str(ports[1]))
    command = [sys.executable, "-m", "conduit.live.simulator", *where, *options]
    environ = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            said = process.stdout.readline() if process.stdout else ""
            if "listens on" not in said:
                raise RuntimeError(f"the simulator did not start: {said}")
            yield
        finally:
            process.terminate()


def outcomes(suite: Suite, folder: Path) -> dict[str, str]:
    """Run a suite; give what became of each test: ``passed``, ``failed``, ``error`` or ``skipped``.

    Args:
        suite: Which one.
        folder: An empty one to run in.

    Raises:
        RuntimeError: The simulator or pytest does not run.
    """
    environ = _home(folder) | {"PYTHONPATH": str(suite.folder)}
    report = folder / "report.xml"
    options = (
        *("-c", str(folder / "pytest.ini"), "--rootdir", str(suite.folder), f"--junitxml={report}"),
        *("-p", "pytest_timeout", "-p", "no:cacheprovider"),
    )
    command = [sys.executable, "-m", "pytest", *options, *(str(suite.folder / name) for name in suite.tests)]
    with simulated("--tick", str(TICK_S), "--set", str(suite.set_file), temporary=Path(environ["TMPDIR"])):
        done = subprocess.run(
            command, cwd=folder, env=environ, capture_output=True, text=True, timeout=RUN_S, check=False
        )
    if not report.exists():
        raise RuntimeError(f"{suite.name}'s tests did not run: {done.stdout}{done.stderr}")
    return {_name(case): _outcome(case) for case in ET.parse(report).iter("testcase")}  # noqa: S314  pytest's


def _name(case: ET.Element) -> str:
    return f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}"


def _outcome(case: ET.Element) -> str:
    kinds = {"failure": "failed", "error": "error", "skipped": "skipped"}
    return next((kinds[child.tag] for child in case if child.tag in kinds), "passed")


def _home(folder: Path) -> dict[str, str]:
    """Furnish a home in which a set named Tests is open in a Live that runs, and give its environment.

    pylive opens ``Tests.als`` by starting Live on macOS, unless ``ps`` shows Live and the last set named in
    Live's log is the one wanted: here both do.
    """
    opened = folder / "tests" / "Tests Project" / "Tests.als"
    log = folder / "Library" / "Preferences" / "Ableton" / "Live 12.0" / "Log.txt"
    ps = folder / "bin" / "ps"
    for path in (opened, log, ps, folder / "tmp" / "pytest"):
        path.parent.mkdir(parents=True, exist_ok=True)
    opened.touch()
    log.write_text(f'info: Loading document "{opened.resolve()}"\n')
    ps.write_text("#!/bin/sh\necho Live\n")
    ps.chmod(0o755)
    (folder / "pytest.ini").write_text("[pytest]\n")
    return {
        "HOME": str(folder.resolve()),
        "PATH": f"{ps.parent}{os.pathsep}{os.environ['PATH']}",
        "TMPDIR": str(folder / "tmp"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


if __name__ == "__main__":
    install(Path(sys.argv[1]).resolve())
