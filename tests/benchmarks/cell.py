"""How soon a ``%%conduit`` cell shows its first note in JupyterLab, and how soon a running one ends.

Run ``python tests/benchmarks/cell.py``. A real JupyterLab with the newest ipykernel in Chromium: seconds from
the command that runs the cell to the frame in which the view stands, the first note is painted (pixels of the
clip's colour on the canvas), the last bar is painted, and to the end of the cell. The offline composer writes a
bar every 20 ms there, so that one can watch it. Each frame is looked at after it was painted. Aimed at: the
first note within 1 s, in a kernel's first cell within 1 s more; Interrupt and Stop within 0.3 s.

Then rolls of a clip that is there already, ten cells in a new page, from the command to the painted frame. Aimed
at: the first within 0.3 s, the tenth within 0.1 s. Beside them, as the peer, ten cells of an anywidget that holds
one word: what JupyterLab and anywidget take for themselves on the same machine in the same minute.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

from report.table import spread, table

sys.path.insert(0, str(Path(__file__).parents[1] / "magics"))
sys.path.insert(0, str(Path(__file__).parents[1] / "journeys"))
sys.path.insert(0, str(Path(__file__).parents[1]))
from conftest import CHROMIUM_OPTIONS
from kernels import BESIDE, VERSIONS, Kernel, kernel
from lab import Notebook, jupyterlab
from playwright.sync_api import Browser, sync_playwright

PAGES = 3
WARM_RUNS = 4
STOP_RUNS = 6
LOAD = "%load_ext conduit"
CELL = '%%conduit -n --bars 16 --key "A minor" --seed 7\na syncopated acid bass line'
ROLLS = 10
CLIP = "import conduit\nclip = conduit.compose('16 bars of jazz piano chords', seed=7)\nrolled = conduit.roll"
ROLL = "rolled(clip)"
EMPTY = """
import anywidget
class Empty(anywidget.AnyWidget):
    _esm = "export default { render({ el }) { el.innerHTML = '<p class=empty>empty</p>'; } };"
"""
PEER = "Empty()"
VIEWS = {ROLL: ".conduit-clip-view", PEER: ".empty"}
"""What a cell shows, by its code."""
STALLED = "%%conduit -n -m slow\nbass"
SLOW = """
import json
from conduit import ScriptedClient
from conduit.messages import AssistantMessage, ToolCallPart
from conduit.studio import current
text = "clip Slow | 4 bars | bass\\n1 | 1:A1/2 5:C2/2 9:E2/2\\n2 = 1\\n3 | 1:A1/4 "
call = ToolCallPart(id="a", name="write_clip", arguments=json.dumps({"clip": text}))
slow = ScriptedClient([AssistantMessage(parts=(call,))] * 99, provider="slow", piece=8, stall_after=12)
current().add_client(slow)
"""
WATCH = """
async ([index, shown]) => {
  const panel = window.jupyterapp.shell.currentWidget;
  const cell = panel.content.widgets[index].node;
  const before = cell.querySelector(shown);
  const frames = [];
  const told = { view: null, first: null, whole: null, idle: null, notes: 0, frames: 0 };
  let began = performance.now(), watching = true;
  const coloured = (canvas, from) => {
    const { width, height } = canvas;
    const left = Math.floor(width * from);
    const { data } = canvas.getContext('2d').getImageData(left, 0, Math.max(1, width - left), height);
    for (let i = 0; i < data.length; i += 4) {
      const most = Math.max(data[i], data[i + 1], data[i + 2]), least = Math.min(data[i], data[i + 1], data[i + 2]);
      if (most - least > 40) return true;
    }
    return false;
  };
  const look = () => {
    const view = cell.querySelector(shown);
    if (!view || view === before) return;
    const at = (performance.now() - began) / 1000, notes = Number(view.dataset.notes);
    told.view ??= at;
    told.frames += 1;
    const canvas = view.querySelector('canvas.conduit-grid');
    if (!canvas) told.first ??= at;  // the peer: its word stands
    if (!notes) return;
    if (told.first === null && coloured(canvas, 0)) told.first = at;
    if (told.first !== null) frames.push({ at, notes, whole: coloured(canvas, 15 / 16) });
  };
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = look;  // a task after the frame's callbacks, when all of it has been drawn
  const watch = () => { port2.postMessage(0); if (watching) requestAnimationFrame(watch); };
  panel.content.activeCellIndex = index;
  began = performance.now();
  requestAnimationFrame(watch);
  await window.jupyterapp.commands.execute('notebook:run-cell');
  told.idle = (performance.now() - began) / 1000;
  await new Promise((done) => setTimeout(done, 400));
  watching = false;
  told.notes = frames.at(-1)?.notes ?? 0;
  told.whole = frames.find(({ notes, whole }) => whole && notes === told.notes)?.at ?? null;
  return told;
}
"""
RESTART = """
async () => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  await kernel.restart();
  await kernel.info;
}
"""
END = """
async ([index, way]) => {
  const cell = window.jupyterapp.shell.currentWidget.content.widgets[index].node;
  const began = performance.now();
  if (way === 'Stop') cell.querySelector('[data-action="stop"]').click();
  else window.jupyterapp.commands.execute('notebook:interrupt-kernel');
  await window.running;
  return (performance.now() - began) / 1000;
}
"""


@contextmanager
def opened_lab() -> Iterator[tuple[Browser, str, Path]]:
    """Start JupyterLab in a home of its own, and Chromium."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        raise SystemExit(
            "this needs Chromium: run `make browser`, or install it (Debian: apt-get install chromium)"
        )
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        jupyterlab(Path(home)) as (address, root),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_OPTIONS))
        yield browser, address, root
        browser.close()


def to_notes(notebook: Notebook, number: int) -> dict[str, list[dict[str, Any]]]:
    """Watch a notebook's first cell, those that follow, and the first after a restart of its kernel."""
    notebook.open(f"cell{number}.ipynb", LOAD, CELL)
    notebook.run(0)
    watched = [1, VIEWS[ROLL]]
    found = {"first cell of a page and a kernel": [notebook.page.evaluate(WATCH, watched)]}
    found["following cells"] = [notebook.page.evaluate(WATCH, watched) for _ in range(WARM_RUNS)]
    notebook.page.evaluate(RESTART)
    notebook.run(0)
    found["first cell after a restart"] = [notebook.page.evaluate(WATCH, watched)]
    return found


def to_end(notebook: Notebook) -> dict[str, list[float]]:
    """Interrupt and stop a cell whose model has stalled, from the page; give the seconds to its end."""
    notebook.open("stop.ipynb", LOAD, SLOW, STALLED)
    notebook.run(0)
    notebook.run(1)
    found: dict[str, list[float]] = {"Interrupt": [], "Stop": []}
    for number in range(2 * STOP_RUNS):
        way = ("Interrupt", "Stop")[number % 2]
        notebook.start(2)
        notebook.page.locator('.conduit-clip-view[data-phase="streaming"]:not([data-notes="0"])').wait_for()
        notebook.page.wait_for_timeout(300 + 17 * number)
        found[way].append(notebook.page.evaluate(END, [2, way]))
    return found


def to_rolls(notebook: Notebook, number: int) -> dict[str, list[dict[str, Any]]]:
    """Watch rolls of a clip that is there, one cell after the other."""
    told = _one_by_one(notebook, f"rolls{number}.ipynb", (LOAD, CLIP), ROLL)
    return {"first roll of a page": told[:1], "second to ninth": told[1:-1], "tenth": told[-1:]}


def to_peers(notebook: Notebook, number: int) -> dict[str, list[dict[str, Any]]]:
    """Watch empty widgets in the same way."""
    told = _one_by_one(notebook, f"peers{number}.ipynb", ("0", EMPTY), PEER)
    return {"peer: first": told[:1], "peer: second to ninth": told[1:-1], "peer: tenth": told[-1:]}


def _one_by_one(notebook: Notebook, name: str, before: Sequence[str], cell: str) -> list[dict[str, Any]]:
    notebook.open(name, *before, *[cell] * ROLLS)
    for index in range(len(before)):
        notebook.run(index)
    return [notebook.page.evaluate(WATCH, [len(before) + index, VIEWS[cell]]) for index in range(ROLLS)]


def in_lab() -> tuple[dict[str, list[dict[str, Any]]], dict[str, list[float]]]:
    """Do all that needs JupyterLab, each notebook in a page of its own."""
    shown: dict[str, list[dict[str, Any]]] = {}
    with opened_lab() as (browser, address, root):
        for number, watched in product(range(PAGES), (to_notes, to_rolls, to_peers)):
            with opened_page(browser, address, root) as notebook:
                for name, some in watched(notebook, number).items():
                    shown.setdefault(name, []).extend(some)
        with opened_page(browser, address, root) as notebook:
            ended = to_end(notebook)
    return shown, ended


@contextmanager
def opened_page(browser: Browser, address: str, root: Path) -> Iterator[Notebook]:
    """Open a page of its own for a notebook, which it opens; its kernel ends with it."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    notebook = Notebook(context.new_page(), address, root)
    yield notebook
    notebook.command("kernelmenu:shutdown")
    context.close()


def interrupts(running: Kernel) -> list[float]:
    """Interrupt a stalled cell at moments that differ, from a client of the kernel; give the seconds to idle."""
    running.run(LOAD)
    running.run(SLOW)
    rng, found = random.Random(7), []
    for _ in range(STOP_RUNS):
        messages = running.messages(running.start(STALLED))
        for kind, content in messages:
            if kind == "comm_msg" and ["clips", 0, "notes"] in content["data"].get("buffer_paths", []):
                break
        time.sleep(0.3 + rng.random() / 10)
        began = time.perf_counter()
        running.interrupt()
        for _ in messages:
            pass
        found.append(time.perf_counter() - began)
    return found


def show_notes(shown: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Print when a cell showed what."""
    marks = {"view": "view", "first": "first note", "whole": "whole clip", "idle": "cell ends"}
    rows = []
    for name, told in shown.items():
        n_notes = sorted({run["notes"] for run in told})
        cells = [
            text for mark in marks for text in spread(run[mark] for run in told if run[mark] is not None)
        ]
        rows.append((name, str(len(told)), "/".join(map(str, n_notes)), *cells))
    heads = [head for title in marks.values() for head in (f"{title} min", "median")]
    title = "16 bars in JupyterLab, seconds (aimed at: first note within 1, in a first cell within 2)"
    table(title, ("", "runs", "notes", *heads), rows)


def show_ratios(shown: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Print how many times as long as the peer a roll took, by the medians.

    It says more than seconds do where machines differ, and little on one that is busy: what else runs does not slow
    both alike.
    """
    rows = []
    for name, peer in (("first roll of a page", "peer: first"), ("tenth", "peer: tenth")):
        ours, theirs = (median(run["first"] for run in shown[one]) for one in (name, peer))
        rows.append((name, f"{ours:.3f}", f"{theirs:.3f}", f"{ours / theirs:.2f}"))
    table("A roll beside an empty anywidget, seconds", ("", "roll", "empty", "ratio"), rows)


def show_ends(title: str, ended: Mapping[str, Sequence[float]]) -> None:
    """Print how long a stalled cell went on."""
    rows = [(name, str(len(took)), *spread(took), f"{max(took):.3f}") for name, took in ended.items()]
    table(f"{title}, seconds (aimed at: 0.3)", ("", "runs", "min", "median", "max"), rows)


def main() -> None:
    """Print the tables."""
    shown, ended = in_lab()
    show_notes(shown)
    show_ratios(shown)
    show_ends("A stalled cell ends, in JupyterLab, newest ipykernel", ended)
    found = {}
    for version in VERSIONS:
        if version == "newest" or (BESIDE / version).is_dir():
            with kernel(version) as running:
                name = running.text("import ipykernel; print(ipykernel.__version__)").strip()
                found[f"Interrupt, ipykernel {name}"] = interrupts(running)
    show_ends("A stalled cell ends, from a client of the kernel", found)


if __name__ == "__main__":
    main()
