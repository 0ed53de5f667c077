"""A real JupyterLab in a real Chromium, driven through Lab's own commands."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOKEN = "journey"  # noqa: S105  of a server that lives for one test
OPTIONS = [
    "--no-browser",
    "--allow-root",
    "--ip=127.0.0.1",
    "--ServerApp.port_retries=0",
    "--ServerApp.terminals_enabled=False",
]
APPS = {
    "jupyterlab": [
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.extension_manager=readonly",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ],
    "notebook": ["--JupyterNotebookApp.expose_app_in_browser=True"],
}
"""Options of each application beside those of its server."""
_NEWS = "@jupyterlab/apputils-extension/notification.jupyterlab-settings"
_THEME = "@jupyterlab/apputils-extension/themes.jupyterlab-settings"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def jupyterlab(
    home: Path, *, theme: str = "JupyterLab Light", app: str = "jupyterlab", **environ: str
) -> Iterator[tuple[str, Path]]:
    """Start JupyterLab or Notebook with a home of its own; give its address and the folder it shows."""
    root, settings, port = home / "notebooks", home / "settings", free_port()
    root.mkdir(parents=True)
    for name, content in {
        "jupyterlab": ((_NEWS, {"fetchNews": "false", "checkForUpdates": False}), (_THEME, {"theme": theme})),
        "notebook": (),
    }[app]:
        (settings / name).parent.mkdir(parents=True, exist_ok=True)
        (settings / name).write_text(json.dumps(content))
    places = {
        "HOME": home,
        "IPYTHONDIR": home / "ipython",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": settings,
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
    }
    environment = {
        **os.environ,
        **{k: str(v) for k, v in places.items()},
        "CONDUIT_LIVE": "simulated",
        **environ,
    }
    environment.pop("CONDUIT_STREAM", None)
    where = [f"--port={port}", f"--ServerApp.root_dir={root}", f"--IdentityProvider.token={TOKEN}"]
    with (home / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", app, *OPTIONS, *APPS[app], *where],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            _wait(f"http://127.0.0.1:{port}/api/status?token={TOKEN}", server, home / "lab.log")
            yield f"http://127.0.0.1:{port}", root
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait(url: str, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310  our own loopback address
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"JupyterLab did not start:\n{log.read_text()}")


_RUN = """
async (index) => {
  const panel = window.jupyterapp.shell.currentWidget;
  panel.content.activeCellIndex = index;
  await window.jupyterapp.commands.execute('notebook:run-cell');
}
"""
_START = """
(index) => {
  const panel = window.jupyterapp.shell.currentWidget;
  panel.content.activeCellIndex = index;
  window.running = window.jupyterapp.commands.execute('notebook:run-cell');
}
"""
_PYTHON = """
async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({ code, store_history: false });
  let text = '';
  future.onIOPub = (message) => {
    if (message.header.msg_type === 'stream') text += message.content.text;
    if (message.header.msg_type === 'error') text += message.content.ename + ': ' + message.content.evalue;
  };
  await future.done;
  return text;
}
"""


class Notebook:
    """A notebook that is open in JupyterLab."""

    def __init__(self, page, address: str, root: Path, *, path: str = "lab/tree") -> None:
        self.page = page
        self._address = address
        self._root = root
        self._path = path

    def open(self, name: str, *cells: str) -> None:
        """Write a notebook with these cells and open it with a kernel of its own."""
        content = [
            {
                "cell_type": "code",
                "id": f"c{i}",
                "execution_count": None,
                "metadata": {},
                "outputs": [],
                "source": cell,
            }
            for i, cell in enumerate(cells)
        ]
        spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        notebook = {"cells": content, "metadata": spec, "nbformat": 4, "nbformat_minor": 5}
        (self._root / name).write_text(json.dumps(notebook))
        self.visit(name)

    def visit(self, name: str) -> None:
        """Open a notebook that is there, in a fresh page of JupyterLab."""
        self.page.goto(f"{self._address}/{self._path}/{name}?token={TOKEN}&reset")
        self.page.wait_for_function(
            "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
            timeout=60_000,
        )

    def run(self, index: int) -> None:
        """Run a cell and wait until it is done."""
        self.page.evaluate(_RUN, index)

    def start(self, index: int) -> None:
        """Run a cell and do not wait."""
        self.page.evaluate(_START, index)

    def finish(self) -> None:
        """Wait for the cell that was started."""
        self.page.evaluate("window.running")

    def python(self, code: str) -> str:
        """Run code in the kernel beside the cells; give what it printed."""
        return self.page.evaluate(_PYTHON, code)

    def command(self, name: str) -> None:
        """Run one of JupyterLab's commands."""
        self.page.evaluate("(name) => window.jupyterapp.commands.execute(name)", name)

    def view(self, index: int):
        """The live view in a cell's output."""
        return self.page.locator(".jp-CodeCell").nth(index).locator(".conduit-clip-view")

    def content(self, name: str) -> dict:
        """What is in the file."""
        return json.loads((self._root / name).read_text())
