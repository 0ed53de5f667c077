"""The peers' environments, one each, made when they are first needed; and how their scripts are run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["HERE", "PeerError", "Subject", "prepare", "script"]

HERE = Path(__file__).parent
VENVS = HERE.parents[2] / ".peers"
BIN = "Scripts" if os.name == "nt" else "bin"
INSTALL_S, RUN_S = 900, 300
ENVIRON = {
    **{key: os.environ[key] for key in ("PATH", "HOME", "SYSTEMROOT") if key in os.environ},
    "NO_PROXY": "127.0.0.1",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
}
"""What the runners see: no keys, no proxies, no settings of a library; litellm is kept from fetching its prices."""


class PeerError(Exception):
    """A peer could not be installed or run; the text is the last line it said."""


@dataclass(frozen=True)
class Subject:
    """A library, as it is compared.

    Attributes:
        name: As it is printed.
        runner: Its script.
        ways: How it is called: ``sync``, ``async``, and its own.
        modules: What a user of it imports.
        pins: What is installed for it; nothing where this interpreter runs it.
    """

    name: str
    runner: str
    ways: tuple[str, ...]
    modules: tuple[str, ...]
    pins: tuple[str, ...] = ()

    @property
    def python(self) -> str:
        """Its interpreter."""
        return str(VENVS / self.name / BIN / "python") if self.pins else sys.executable


def prepare(subject: Subject) -> None:
    """Make a subject's environment, unless it is there with these very pins.

    Raises:
        PeerError: It cannot be made.
    """
    if not subject.pins:
        return
    folder = VENVS / subject.name
    stamp, wanted = folder / "installed", "\n".join(subject.pins)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    sys.stderr.write(f"making {folder.relative_to(VENVS.parent)}: {', '.join(subject.pins)}\n")
    _output([sys.executable, "-m", "venv", "--clear", str(folder)], timeout_s=INSTALL_S)
    _output([subject.python, "-m", "pip", "install", "-q", *subject.pins], timeout_s=INSTALL_S)
    stamp.write_text(wanted)


def script(subject: Subject, name: str, *arguments: str) -> dict[str, Any]:
    """Run a script of this folder with a subject's interpreter; give the JSON of its last line.

    Raises:
        PeerError: It failed.
    """
    said = _output([subject.python, str(HERE / name), *arguments], timeout_s=RUN_S, environ=ENVIRON)
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def _output(command: list[str], *, timeout_s: float, environ: dict[str, str] | None = None) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout_s, env=environ, check=False
        )
    except subprocess.TimeoutExpired:
        raise PeerError(f"not done in {timeout_s:.0f} s") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"ended with status {done.returncode}"]
        raise PeerError(lines[-1][:200])
    return done.stdout
