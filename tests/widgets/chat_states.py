"""Every state of a chat panel as a document, for tests that look at all of them in a bare page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from widgets.chat_page import ENTRY, Chat
from widgets.chat_takes import riff, take

from conduit.widgets import clip_item
from conduit.widgets.packing import pack_clip, pack_notes

MARKDOWN = """# A plan
Two ideas, with `code` and a [link](https://example.org):

- first
- second

| bar | chord |
|----:|-------|
| 1   | Am7   |

```python
print("four bars")
```
"""
PLAN: dict[str, Any] = {
    "id": "P1",
    "sentence": "Write 4 notes to track 2 'Bass', slot 3: replaces 'old idea'",
    "tier": "destructive",
    "seconds_left": 200.0,
    "life_s": 300.0,
    "overwrites": True,
    "notes": ["The clip was made at 128 bpm; the set plays it at 120."],
    "lines": [],
    "pictured": True,
    "status": "pending",
    "result": "",
}


def plan_item(**facts: Any) -> dict[str, Any]:
    """Give the item of a plan that replaces one line with another."""
    before, after = riff("Old idea"), riff("Acid", by=1)
    packed = [
        {k: v for k, v in pack_clip(one).items() if not isinstance(v, bytes)} for one in (before, after)
    ]
    return {
        "kind": "plan",
        "plan": {**PLAN, **facts},
        "before": packed[0],
        "after": packed[1],
        "before_notes": pack_notes(before),
        "after_notes": pack_notes(after),
        "length": 16.0,
        "meter": [4, 4],
        "clip": "",
        "trouble": "",
    }


def streaming(chat: Chat) -> None:
    """Let an answer come, with a thought and a tool before it."""
    parts = {
        "p1": {"kind": "thought", "text": "A minor, then.", "open": False},
        "p2": {
            "kind": "tool",
            "name": "read_set",
            "state": "running",
            "summary": "",
            "arguments": "{}",
            "result": "",
        },
        "p3": {"kind": "text", "text": "Four bars of **ac", "open": True},
        "p4": {"kind": "steer", "text": "darker", "taken": False},
    }
    chat.turn("e1", parts=parts, state="running")
    chat.change(panel={"running": "e1", "busy": True})


def ready(chat: Chat) -> None:
    """Show turns of every kind that are over."""
    chat.text(
        "e1",
        MARKDOWN,
        footer="scripted/demo · 1.2 s · 80 out",
        details=[["Model", "demo"]],
        takes={"names": ["main", "dark"], "at": 0},
    )
    chat.clip("e2")
    chat.turn(
        "e3",
        asked="/plans",
        who="verb",
        number=0,
        parts={
            "p5": {
                "kind": "table",
                "columns": [["plan", False], ["s", True]],
                "rows": [[["P1", "strong"], ["200", ""]]],
                "title": "Plans",
                "notes": ["One waits."],
            },
            "p6": {"kind": "output", "text": "120 bpm"},
        },
    )
    chat.turn("e4", asked="Again", state="failed", error="offline is not there; try /models")
    chat.turn(
        "e5",
        asked="",
        who="decision",
        parts={"p7": {"kind": "note", "text": "Plan P1 was approved and done."}},
        state="stopped",
    )
    chat.turn(
        "e6",
        asked="Tools",
        parts={
            "p8": {
                "kind": "tool",
                "name": "read_set",
                "state": "failed",
                "summary": "no Live",
                "arguments": '{"a": 1}',
                "result": "no Live",
            },
            "p9": {
                "kind": "tool",
                "name": "push_clip",
                "state": "waiting",
                "summary": "P1",
                "arguments": "{}",
                "result": "P1",
            },
        },
    )
    chat.change(panel={"earlier": 12, "restored": "Restored: 5 turns of yesterday", "title": "Night drive"})


def cards(chat: Chat) -> None:
    """Show a plan in every status."""
    said = {
        "applied": "pushed to track 2",
        "rejected": "nothing was changed",
        "undone": "as it was",
        "expired": "plan P1 expired",
        "pending": "",
        "failed": "",
    }
    parts = {
        f"p{at}": plan_item(id=f"P{at}", status=status, result=words)
        for at, (status, words) in enumerate(said.items())
    }
    parts["p5"]["trouble"] = "Live did not answer; try again"
    chat.turn("e1", parts=parts)


def tray(chat: Chat) -> None:
    """Show two takes in the open tray."""
    ready(chat)
    takes = {"k1": take(riff("Acid"), star=True), "k2": take(riff("Darker", by=1))}
    chat.items.update({name: dict(item) for name, item in takes.items()})
    chat.items["tray"] = {"kind": "tray", "order": list(takes)}


def tree(chat: Chat) -> None:
    """Show three branches in the open tree."""
    ready(chat)
    rows = [
        ["main", 3, "A bass line", True, "", 0],
        ["dark", 2, "Darker", False, "main", 1],
        ["fast", 4, "", False, "dark", 2],
    ]
    chat.items["panel"] = {**chat.items["panel"], "tree": rows}


def compare(chat: Chat) -> None:
    """Show two takes, one over the other."""
    one, other = riff("Acid"), riff("Darker", by=1)
    items: dict[str, Any] = {
        "c1": dict(clip_item(one)),
        "c2": dict(clip_item(other)),
        "p1": {"kind": "clip", "clip": "c1", "take": "", "label": "Acid"},
        "p1~": {"kind": "compare", "one": "c2", "label": "dark"},
    }
    chat.items.update(items)
    takes = {"names": ["main", "dark"], "at": 0}
    chat.items["e1"] = {**ENTRY, "parts": ["p1", "p1~"], "takes": takes}
    chat.items["panel"] = {**chat.items["panel"], "order": ["e1"]}


def failed(chat: Chat) -> None:
    """Show a question that nothing came of."""
    chat.turn("e1", state="failed", error="ollama did not answer; /models says who does")


STATES: dict[str, Callable[[Chat], None]] = {
    "empty": lambda _: None,
    "streaming": streaming,
    "ready": ready,
    "cards": cards,
    "tray": tray,
    "tree": tree,
    "compare": compare,
    "failed": failed,
    "gone": ready,
}
"""What fills a panel's document, by the name of its state."""
OPENED = {"tray": ".cc-take", "tree": '[role="treeitem"]', "compare": ".cc-two", "cards": ".conduit-plan"}
"""What is seen once a state is there."""


def show(chat: Chat, state: str, **how: Any) -> None:
    """Open a panel in a state."""
    STATES[state](chat)
    chat.start(**how)
    if state in ("tray", "tree"):
        chat.action(state).click()
    if state == "gone":
        chat.page.evaluate(
            "() => document.getElementById('here').classList.add('jupyter-widgets-disconnected')"
        )
        chat.page.evaluate("() => window.live()")
        chat.until("() => document.querySelector('.conduit-chat').dataset.kernel === 'gone'")
    if state in OPENED:
        chat.page.locator(OPENED[state]).first.wait_for()
    chat.frame()
