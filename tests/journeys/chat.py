"""The chat panel in a notebook of a real JupyterLab: what a person does in it, and what they then see."""

from __future__ import annotations

import base64
import json
import os
from contextlib import contextmanager
from pathlib import Path

from lab import Notebook

ARTEFACTS = Path(os.environ.get("CONDUIT_ARTEFACTS") or Path(__file__).parents[1] / "artefacts")
"""Where the pictures of a run are kept."""

LOAD = """
%load_ext conduit
import json, time
import conduit
from conduit import ScriptedClient
from conduit.messages import AssistantMessage, TextPart, ToolCallPart
from conduit.studio import current

def call(name, /, **arguments):
    return ToolCallPart(id=f"{name}{time.monotonic_ns()}", name=name, arguments=json.dumps(arguments))

def says(name, *replies, **how):
    whole = [AssistantMessage(parts=tuple(one)) if isinstance(one, list) else one for one in replies]
    current().add_client(ScriptedClient(whole, provider=name, **how))
    current().call(current().providers.use(f"{name}/script"))

current().call(current().providers.use("offline"));
"""
"""The first cell: the extension, and models that say what they are told to."""

PANEL = "%conduit panel"
BASS = "clip Line | 4 bars | bass\n1 | 1:A1/2 5:C2/2 9:E2/2 13:A1/2\n2 = 1\n3 = 1\n4 = 1"

_OPEN = """
async (path) => {
  const app = window.jupyterapp;
  for (const one of [...app.shell.widgets("main")]) if (one.context?.path?.endsWith(".ipynb")) {
    one.context.model.dirty = false;
    one.dispose();
  }
  const widget = await app.commands.execute("docmanager:open", { path });
  await widget.context.ready;
  await widget.sessionContext.ready;
}
"""
_IDLE = "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
_THEME = "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })"
_DROP = """
([root, name, mime, content]) => {
  const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name, { type: mime }));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    root.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
  }
}
"""
_RESTART = """
async () => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  await kernel.restart();
  await kernel.info;
}
"""


class ChatNotebook(Notebook):
    """A notebook that is opened in a page of JupyterLab that stays."""

    def open(self, name: str, *cells: str, kernel: str = "python3") -> None:
        """Write a notebook with these cells and open it, in place of the one before, with a kernel of its own."""
        content = {
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"c{i}",
                    "execution_count": None,
                    "metadata": {},
                    "outputs": [],
                    "source": cell,
                }
                for i, cell in enumerate(cells)
            ],
            "metadata": {"kernelspec": {"name": kernel, "display_name": "Python 3", "language": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (self._root / name).write_text(json.dumps(content))
        if "/lab" in self.page.url:
            self.page.evaluate(_OPEN, name)
            self.idle()
        else:
            self.visit(name)

    def idle(self) -> None:
        """Wait until the kernel has nothing to do."""
        self.page.wait_for_function(_IDLE, timeout=60_000)

    def restart(self) -> None:
        """Restart the kernel."""
        self.page.evaluate(_RESTART)
        self.idle()

    @contextmanager
    def theme(self, name: str):
        """Wear another theme for a while."""
        self.page.evaluate(_THEME, name)
        light = str(name == "JupyterLab Light").lower()
        self.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{light}'")
        yield
        self.page.evaluate(_THEME, "JupyterLab Light")
        self.page.wait_for_function("document.body.dataset.jpThemeLight === 'true'")


class Chat:
    """A chat panel in the output of a cell.

    Args:
        notebook: The notebook.
        cell: Which of its cells.

    Attributes:
        root: The panel.
    """

    def __init__(self, notebook: ChatNotebook, cell: int = 1) -> None:
        self.notebook = notebook
        self.page = notebook.page
        self.root = notebook.page.locator(".jp-CodeCell").nth(cell).locator(".conduit-chat")

    @property
    def input(self):
        """Find what is typed into."""
        return self.root.locator(".cc-input")

    def action(self, name: str):
        """Find the controls of an action, those in sight."""
        return self.root.locator(f'[data-action="{name}"]:visible')

    def entry(self, number: int):
        """Find an entry, from 1; -1 is the last."""
        found = self.root.locator(".cc-entry")
        return found.last if number < 0 else found.nth(number - 1)

    def send(self, text: str) -> None:
        """Type a message and send it."""
        self.input.fill(text)
        self.input.press("Enter")

    def wait(self, state: str = "done", *, entry: int = -1, timeout_s: float = 20.0) -> None:
        """Wait until an entry is in a state, and nothing is under way where that is an end."""
        self.entry(entry).and_(self.page.locator(f'[data-state="{state}"]')).wait_for(
            timeout=timeout_s * 1000
        )
        if state != "running":
            self.root.and_(self.page.locator(":not([data-running])")).wait_for(timeout=timeout_s * 1000)

    def ask(self, text: str, *, entries: int) -> None:
        """Send a message and wait for the end of the answer, with which there are so many entries."""
        self.send(text)
        self.entry(entries).wait_for(timeout=20_000)
        self.wait(entry=entries)

    def card(self, status: str):
        """Find the cards of plans in a status."""
        return self.root.locator(f'.conduit-plan[data-status="{status}"]')

    def drop(self, name: str, mime: str, content: bytes) -> None:
        """Drop a file on the input."""
        root = self.root.locator(".cc-composer").element_handle()
        self.page.evaluate(_DROP, [root, name, mime, base64.b64encode(content).decode()])

    def picture(self, name: str, *, dark: bool = True) -> None:
        """Keep pictures of the panel, in the light theme and in the dark one."""
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        self._shoot(f"{name}.png")
        if dark:
            with self.notebook.theme("JupyterLab Dark"):
                self.page.wait_for_timeout(
                    300
                )  # what is drawn on a canvas follows the theme in a frame or two
                self._shoot(f"{name}-dark.png")

    def _shoot(self, name: str) -> None:
        self.root.scroll_into_view_if_needed()
        self.root.screenshot(path=ARTEFACTS / name, animations="disabled")
