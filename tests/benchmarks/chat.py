"""The chat panel in JupyterLab: how soon text is seen and ended, its bytes on the wire, how a long talk scrolls.

Run ``python tests/benchmarks/chat.py``. A real JupyterLab with the newest ipykernel in Chromium, and a server on
loopback that streams 8 KB in 1,000 pieces as OpenAI does. Seconds from the server's first byte to the frame in
which text of it stands, and from the click on Stop to the frame in which the turn is stopped; bytes and messages
that the page received by the kernel's socket for one whole reply, of a quick model and of a slow one; seconds from
the command that runs a cell to the frame in which the last of 500 turns stands, and frame times while all of them
are scrolled through from the end to the beginning, loaded as they come. Aimed at: text within 0.15 s, Stop within
0.2 s, 0.15 MB for the reply, 1 s to open.

Then, in the kernel, CPU milliseconds to derive the whole document and to find what differs, which happens at most
every 50 ms while an answer comes. Aimed at: below 5 for the 30 turns that are loaded, linear in turns and takes.

Peers, as measured with the same versions of JupyterLab: the first word of an answer stood after 0.03-0.06 s in
chatlas and after 4.1-5.1 s in jupyter-ai's magics; 4.7 MB went over the wire for 8 KB as an updated Markdown output
a token, 0.53 MB where it was updated every 50 ms, 0.095 MB as pieces every 50 ms.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from cell import opened_lab
from playwright.sync_api import Page, WebSocket
from report.table import spread, table

sys.path.insert(0, str(Path(__file__).parents[1]))
from chat import LOAD, PANEL, Chat, ChatNotebook
from servers.fault import Asked, FaultServer, Reply
from servers.streams import openai_stream

RUNS = 6
TURNS = 500
PIECES = ["word. 12"] * 1000
"""A reply of 8 KB in 1,000 tokens."""

HEAD_S = 0.3
PACES_S = (0.005, 0.02)
"""Seconds between two pieces, of a quick model and of a slow one."""

MODELS = {"object": "list", "data": [{"id": "m", "object": "model"}]}
LOCAL = """
from conduit.clients.connect import openai_client
current().add_client(openai_client("local", base_url={url!r}, models=("m",)))
current().call(current().providers.use("local/m"))
"""
LONG = """
from conduit.messages import ConversationTree, AssistantMessage, TextPart, UserMessage
words = "An acid bass line in A minor, syncopated, with an accent on every third sixteenth. " * 3

def talk(turns):
    tree = ConversationTree()
    for number in range(turns):
        tree = tree.add(UserMessage.of(f"{number} and now?"))
        tree = tree.add(AssistantMessage(parts=(TextPart(text=f"**{number}** {words}"),)))
    return tree

def put(turns):
    tree = talk(turns)
    current().session.change(lambda _: tree)
"""
COSTS = """
import json, time
from conduit_magics.chat.panel import Panel
from conduit.widgets.mirror import Mirror
desk = get_ipython().magics_manager.registry["ConduitMagics"].desk

def costs(turns, takes):
    studio = current()
    put(turns)
    while len(studio.shelf.takes) < takes:
        note = conduit.Note(40 + len(studio.shelf.takes) % 40, 0, 1)
        studio.shelf.takes.add(conduit.Clip.of([note] * 1, name=f"T{len(studio.shelf.takes)}"), at=0.0)
    panel = Panel(desk)
    panel.most = turns
    mirror = Mirror()

    def once():
        began = time.thread_time()
        items = panel.document()
        derived = time.thread_time()
        mirror.change(items)
        return 1000 * (derived - began), 1000 * (time.thread_time() - derived)

    def all_of_them():
        once()
        return [once() for _ in range(20)]

    return desk.on_loop(all_of_them)
"""
SEEN = """
([index, shows]) => new Promise((done) => {
  const panel = window.jupyterapp.shell.currentWidget.content.widgets[index].node;
  const { port1, port2 } = new MessageChannel();
  const look = new Function("panel", `return ${shows}`);
  const again = () => requestAnimationFrame(() => port2.postMessage(0));
  port1.onmessage = () => (look(panel) ? done(Date.now() / 1000) : again());
  again();
})
"""
CLICK = """
() => {
  const now = Date.now();
  document.querySelector("[data-action=stop]").click();
  return now / 1000;
}
"""
ENTRY = "[...panel.querySelectorAll('.cc-entry')].at(-1)"
TEXT = f"{ENTRY}?.querySelector('.cc-md')?.textContent.includes('word')"
OPENS = """
async () => {
  const { content } = window.jupyterapp.shell.currentWidget;
  content.activeCellIndex = 1;
  const began = performance.now();
  window.jupyterapp.commands.execute("notebook:run-cell");
  const cell = content.widgets[1].node;
  const before = new Set(cell.querySelectorAll(".cc-entry"));
  for (;;) {
    await new Promise((f) => requestAnimationFrame(() => setTimeout(f)));
    const last = [...cell.querySelectorAll(".cc-entry")].filter((one) => !before.has(one)).at(-1);
    if (last?.textContent.includes("and now?")) return (performance.now() - began) / 1000;
  }
}
"""
SCROLL = """
async () => {
  const scroller = document.querySelector(".cc-scroll");
  const frames = [];
  let last = performance.now(), still = 0;
  while (still < 60) {
    scroller.scrollTop -= 120;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    last = now;
    const more = document.querySelector(".cc-above");
    still = scroller.scrollTop === 0 && more.hidden ? still + 1 : 0;
    if (frames.length > 6000) break;
  }
  return { frames: frames.slice(0, -60), entries: document.querySelectorAll(".cc-entry").length };
}
"""


class Wire:
    """What a page receives by its sockets: messages and bytes."""

    def __init__(self, page: Page) -> None:
        self.sizes: list[int] = []
        page.on("websocket", self._follow)

    def _follow(self, socket: WebSocket) -> None:
        if "/channels" in socket.url:
            socket.on("framereceived", lambda data: self.sizes.append(len(data)))


def served(firsts: list[float], pace: list[float]) -> Callable[[Asked], Reply]:
    """Answer as a server of models does, and note when each reply begins, in seconds since 1970.

    Args:
        firsts: The times.
        pace: Seconds between two pieces; the last one counts.
    """
    stream = openai_stream("".join(PIECES), pieces=PIECES)

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/models"):
            return Reply.json(MODELS)
        if not asked.path.endswith("/chat/completions"):
            return Reply.json({}, status=404)
        firsts.append(time.time() + HEAD_S)
        chunks = len(stream) // len(PIECES)
        events = {"Content-Type": "text/event-stream"}
        return Reply(headers=events, body=stream, chunks=chunks, delay_s=HEAD_S, pause_s=pace[-1])

    return answer


@contextmanager
def opened_chat(page: Page, address: str, root: Path, name: str) -> Iterator[Chat]:
    """Open a notebook whose second cell shows a panel."""
    notebook = ChatNotebook(page, address, root)
    notebook.open(name, LOAD, PANEL)
    notebook.run(0)
    yield Chat(notebook)
    notebook.command("kernelmenu:shutdown")


def to_text(chat: Chat, firsts: list[float]) -> tuple[list[float], list[float]]:
    """Ask and stop, some times; give seconds to the first text and to the end."""
    texts, ends = [], []
    for number in range(RUNS):
        chat.send(f"Tell me, {number}")
        chat.entry(number + 1).wait_for()
        seen = chat.page.evaluate(
            SEEN, [1, f"{TEXT} && panel.querySelectorAll('.cc-entry').length > {number}"]
        )
        texts.append(seen - firsts[-1])
        chat.page.wait_for_timeout(400 + 17 * number)
        clicked = chat.page.evaluate(CLICK)
        ends.append(chat.page.evaluate(SEEN, [1, f"{ENTRY}.dataset.state === 'stopped'"]) - clicked)
        chat.wait("stopped")
    return texts, ends


def on_wire(chat: Chat, wire: Wire) -> tuple[float, int, int]:
    """Let a whole reply come; give the seconds it took, and the bytes and messages that the page received."""
    chat.page.wait_for_timeout(1500)
    wire.sizes.clear()
    count, began = chat.root.locator(".cc-entry").count(), time.monotonic()
    chat.send("Tell me all of it")
    whole = (
        f"panel.querySelectorAll('.cc-entry').length > {count} && {TEXT} && {ENTRY}.dataset.state === 'done'"
    )
    chat.page.evaluate(SEEN, [1, whole])
    took_s = time.monotonic() - began
    chat.page.wait_for_timeout(500)
    return took_s, sum(wire.sizes), len(wire.sizes)


def streaming(page: Page, address: str, root: Path) -> None:
    """Print what is seen of an answer, and what it costs."""
    firsts: list[float] = []
    pace = [PACES_S[0]]
    wire = Wire(page)
    with (
        FaultServer(answer=served(firsts, pace)) as server,
        opened_chat(page, address, root, "text.ipynb") as chat,
    ):
        chat.notebook.python(LOCAL.format(url=f"{server.url}/v1"))
        chat.notebook.run(1)
        chat.root.wait_for()
        texts, ends = to_text(chat, firsts)
        replies = []
        for pause_s in PACES_S:
            pace.append(pause_s)
            replies.append(on_wire(chat, wire))
    rows = [
        ("first byte to text", *spread(texts), f"{max(texts):.3f}", "0.15"),
        ("Stop to stopped", *spread(ends), f"{max(ends):.3f}", "0.2"),
    ]
    table(f"An answer in JupyterLab, seconds, {RUNS} runs", ("", "min", "median", "max", "aimed at"), rows)
    name = f"{sum(map(len, PIECES)):,} bytes in {len(PIECES):,} pieces"
    rows = [(name, f"{took:.1f}", f"{size / 1e6:.3f}", f"{count:,}", "0.15") for took, size, count in replies]
    table("Received for one reply", ("", "s", "MB", "messages", "aimed at"), rows)


def long_talk(page: Page, address: str, root: Path) -> None:
    """Print how a long conversation opens and scrolls, and what it costs in the kernel."""
    with opened_chat(page, address, root, "long.ipynb") as chat:
        chat.notebook.python(LONG)
        chat.notebook.python(
            f"get_ipython().magics_manager.registry['ConduitMagics'].desk.on_loop(lambda: put({TURNS}))"
        )
        opened = [page.evaluate(OPENS) for _ in range(3)]
        found = page.evaluate(SCROLL)
        chat.notebook.python(COSTS)
        sizes = [(30, 0), (300, 0), (30, 500), (300, 500)]  # takes stay
        costs = {size: json.loads(chat.notebook.python(f"print(json.dumps(costs{size}))")) for size in sizes}
    show_long(opened, found, costs)


def show_long(
    opened: list[float], found: dict[str, Any], costs: dict[tuple[int, int], list[tuple[float, float]]]
) -> None:
    """Print the tables of a long conversation."""
    rows = [(f"{TURNS} turns", f"{opened[0]:.3f}", f"{min(opened[1:]):.3f}", "1")]
    table("Seconds to open", ("", "first of a page", "next", "aimed at"), rows)
    frames = sorted(found["frames"])
    at = [f"{frames[int(len(frames) * share)]:.1f}" for share in (0.5, 0.95, 0.99)]
    cells = (f"{found['entries']} turns", str(len(frames)), *at, f"{frames[-1]:.0f}")
    table(
        "Milliseconds a frame while scrolling back",
        ("", "frames", "median", "95 %", "99 %", "longest"),
        [cells],
    )
    rows = [
        (f"{turns} turns, {takes} takes", *(f"{median(times):.2f}" for times in zip(*told, strict=True)))
        for (turns, takes), told in costs.items()
    ]
    table("CPU milliseconds of a flush (aimed at: 5)", ("", "document", "what differs"), rows)


def main() -> None:
    """Print the tables."""
    with opened_lab() as (browser, address, root):
        for measured in (streaming, long_talk):
            context = browser.new_context(viewport={"width": 1280, "height": 1000})
            measured(context.new_page(), address, root)
            context.close()


if __name__ == "__main__":
    main()
