"""The document of a panel: everything that its page shows, derived anew from what there is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conduit.widgets.mirror import Item
from conduit_magics.chat.bar import bar_item
from conduit_magics.chat.overview import EXAMPLES
from conduit_magics.chat.tray import tray_items

if TYPE_CHECKING:
    from conduit_magics.chat.panel import Panel

__all__ = ["document"]

Items = dict[str, Any]

_SAID = {
    "turn": ("asked",),
    "text": ("text",),
    "thought": ("text",),
    "steer": ("text",),
    "tool": ("summary", "arguments", "result"),
    "output": ("text",),
}
"""Fields that hold what somebody said, which may hold a key; all others are made clean where they are made."""


def document(panel: Panel) -> Items:
    """Give everything that is shown, as items; on the studio's loop. Nothing is changed by it.

    Args:
        panel: Whose; what it shows of the conversation is kept in its ``shown``.
    """
    studio = panel.studio
    shown = panel.shown = panel.entries.transcript(panel.most)
    items: Items = dict(shown.items)
    order = panel.extras.placed(shown, items)
    for clip_id, (other, label) in panel.compared.items():
        _add_comparison(panel, items, clip_id, other, label)
    tree = studio.session.tree
    items["panel"] = {
        "kind": "panel",
        "order": order,
        "earlier": shown.earlier,
        "running": _running_entry(panel),
        "title": studio.scrub(tree.title),
        "branch": tree.current,
        "restored": panel.restored,
        "examples": EXAMPLES if not order else [],
        "tree": _tree(panel) if len(tree.branches) > 1 or order else [],
        "busy": bool(studio.turns.running),
    }
    items["bar"] = bar_item(studio, panel.wishes, state=panel.state, aim=panel.desk.aim, talks=panel.talks)
    items |= _tray(panel)
    items |= {name: one.item for name, one in panel.attached.items()}
    panel.clips.forget(set(items))
    return {name: _clean(panel, item) for name, item in items.items()}


def _clean(panel: Panel, item: Item) -> Item:
    """Take keys out of what people, models and tools said; an item without any is the same object."""
    said = {field: item[field] for field in _SAID.get(item["kind"], ())}
    clean = {
        field: panel.cleaned.get(text, partial(panel.studio.scrub, text)) for field, text in said.items()
    }
    return item if clean == said else {**item, **clean}


def _tree(panel: Panel) -> list[list[Any]]:
    scrub = panel.studio.scrub
    rows = panel.branches.rows(panel.studio.session.tree)
    return [
        [name, turns, panel.cleaned.get(words, partial(scrub, words)), *more]
        for name, turns, words, *more in rows
    ]


def _tray(panel: Panel) -> Items:
    items: Items = {**tray_items(panel.studio, panel.shown.nodes)}
    for take_id in panel.heard & items.keys():
        clip_id = f"c{take_id}"
        items[take_id] = {**items[take_id], "clip": clip_id}
        items[clip_id] = panel.clips.item(clip_id, panel.studio.shelf.takes.get(take_id).clip)
    return items


def _add_comparison(panel: Panel, items: Items, clip_id: str, other: str, label: str) -> None:
    """Put a comparison behind the part of a clip."""
    clip = panel.clips.clip(other)
    if clip_id not in items or clip is None:
        return
    items[other] = panel.clips.item(other, clip)
    name = next(name for name, item in items.items() if item.get("clip") == clip_id)
    items[f"{name}~"] = {"kind": "compare", "one": other, "label": label}
    for entry, item in items.items():
        if item.get("kind") == "turn" and name in item["parts"]:
            at = item["parts"].index(name) + 1
            items[entry] = {**item, "parts": [*item["parts"][:at], f"{name}~", *item["parts"][at:]]}
            return


def _running_entry(panel: Panel) -> str:
    """Give the id of the entry that is being answered, ``elsewhere`` where it is none that is shown."""
    running = panel.studio.turns.running
    for account in reversed(running):
        asked = account.asked
        entry = panel.shown.nodes.get(asked.id if asked is not None else account.id)
        if entry is not None:
            return entry
    return "elsewhere" if running else ""
