"""The chat panel in a notebook: one conversation with the cells, its document and its record kept up to date.

It is opened in a cell's own thread; afterwards everything happens on the studio's loop. What a person does is in
``acts``, what is shown in ``entries``, ``bar`` and ``tray``.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from conduit.composer.aim import Aim
from conduit.engine.plan import Step
from conduit.errors import ConduitError
from conduit.music import Clip
from conduit.store import Summary
from conduit.studio import LiveState, Studio
from conduit.widgets import ChatPanel, Intent
from conduit_magics.chat.acts import Acts
from conduit_magics.chat.attaching import Attached, Attachment
from conduit_magics.chat.bar import Wishes, bar_item
from conduit_magics.chat.cards import Cards
from conduit_magics.chat.clips import Clips
from conduit_magics.chat.entries import Entries, Transcript
from conduit_magics.chat.overview import EXAMPLES, tree_rows
from conduit_magics.chat.parts import Parts
from conduit_magics.chat.record import Record
from conduit_magics.chat.said import Extras
from conduit_magics.chat.side import sidecars
from conduit_magics.chat.tray import tray_items

if TYPE_CHECKING:
    from conduit_magics.desk import Desk

__all__ = ["Panel", "open_panel"]

FLUSH_S = 0.05
_KEPT_S = 0.5
TURNS = 30
"""Turns that are loaded at first, and with each step back."""

_MOST_TALKS = 30


class Panel:
    """A chat panel.

    Args:
        desk: The notebook's desk.

    Attributes:
        desk: As above.
        studio: The desk's studio.
        wishes: What the person set in the bar.
        clips: The clips that it shows.
        cards: The plans that it shows.
        extras: What commands said, which is no part of the conversation.
        attached: What goes with the next message, by its item's id.
        shown: The transcript as it was shown last.
        most: How many turns are shown at most.
        heard: Ids of the takes that have a clip in the document because a person hears them.
        compared: The clip that each clip part is compared with, by the part's clip id: its id and a label.
        state: The Live set as it was last read.
        restored: What to say of a conversation that was taken up from the store.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.studio: Studio = desk.studio
        self.wishes = Wishes()
        self.clips = Clips(lambda: self.view, edited=self._edited, asked=self._asked)
        self.cards = Cards(self.studio)
        self.attached: dict[str, Attached] = {}
        self.parts = Parts(self.studio, self.clips, self.cards)
        self.extras = Extras(
            talk=lambda: self.studio.session.tree.name, cards=self.cards, clip_part=self.parts.of_clip
        )
        self.entries = Entries(self.studio, self.parts)
        self.shown = Transcript()
        self.most = TURNS
        self.heard: set[str] = set()
        self.compared: dict[str, tuple[str, str]] = {}
        self.state: LiveState | None = None
        self.restored = ""
        self.view: ChatPanel | None = None
        self.talks: list[Summary] = []
        self._acts = Acts(self)
        self._record = Record(self)
        self._timer: asyncio.TimerHandle | None = None
        self._flushed = 0.0
        self._unsubscribe: list[Callable[[], None]] = []
        self._keeping: asyncio.TimerHandle | None = None
        self._keep: list[Clip] = []
        self._talk = ""
        self._busy = False

    def open(self, *, live: bool = True, side: bool = False) -> None:
        """Show the panel, or where nothing lives only what has been said; in the cell's thread.

        Args:
            live: Whether there is a front end that shows it.
            side: Whether it stands beside the notebook.

        Raises:
            SetupError: ``sidecar`` is missing.
        """
        sidecar = sidecars() if live and side else None
        self.studio.call(self._begin())
        if not live:
            self._record.open(None)
            return
        items = self.desk.on_loop(self.document)
        self.view = ChatPanel(items, on_intent=self._intent, static_id=self._record.id)
        self._record.open(self.view, sidecar)
        self.studio.submit(self._follow())

    async def _begin(self) -> None:
        """Go on with the notebook's own conversation, where nothing has been said in this process."""
        session = self.studio.session
        with contextlib.suppress(ConduitError):
            if session.untouched and (name := await session.last_of_place()):
                tree = await self.studio.resume(name)
                count = len(tree.conversation.turns)
                self.restored = f"Restored: {count} turn{'s'[: count != 1]}" if count else ""
        await self._look_up()

    async def _look_up(self) -> None:
        """Read what the store knows of the conversation beside its messages."""
        self._talk = name = self.studio.session.tree.name
        keeper = self.studio.keeper
        with contextlib.suppress(ConduitError):
            self.talks = await keeper.done(lambda store: store.conversations, _MOST_TALKS)
            if any(one.name == name for one in self.talks):
                self.entries.times = await keeper.done(lambda store: store.times, name)
            steps = await self.studio.decisions.log(1000)
            mine = [step for step in reversed(steps) if step.conversation == name]
            self.parts.logged = {step.details["call"]: step for step in mine if step.details.get("call")}

    async def _follow(self) -> None:
        """Hear of everything from now on."""
        self._unsubscribe = [
            self.studio.turns.subscribe(self.changed),
            self.studio.decisions.subscribe(self._stepped),
        ]
        await self.look_at_live()
        with contextlib.suppress(ConduitError):
            await self.studio.providers.registry.look()
            await self.studio.providers.registry.list_models()
        self.changed()

    async def look_at_live(self) -> None:
        """Read where clips can go; a set that cannot be read is not offered."""
        try:
            self.state = await self.studio.live.state()
        except ConduitError:
            self.state = None
        self.changed()

    def _stepped(self, step: Step) -> None:
        plan = step.plan
        loop = asyncio.get_running_loop()
        if plan.status == "pending":
            loop.call_later(self.studio.plans.seconds_left(plan.id) + FLUSH_S, self.changed)
        elif not step.failed:
            self.studio.submit(self.look_at_live())
        self.changed()

    @property
    def aim(self) -> Aim:
        """Where clips are to go."""
        return self.desk.aim

    def changed(self) -> None:
        """Show what is there now, soon; from any thread."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.studio.submit(self._changed_there())
            return
        if self._timer is None and self.view is not None:
            wait_s = self._flushed + FLUSH_S - time.monotonic()
            self._timer = loop.call_later(max(0.0, wait_s), self._flush)

    async def _changed_there(self) -> None:
        self.changed()

    def _flush(self) -> None:
        self._timer, self._flushed = None, time.monotonic()
        if self.view is None:
            return
        if self.studio.session.tree.name != self._talk:
            self._talk = self.studio.session.tree.name
            self.studio.submit(self._moved())
        self.view.show(self.document())
        if self._busy and not self.studio.turns.running:
            self.studio.submit(self._moved())  # what is kept of it, such as when it was last used
        self._busy = bool(self.studio.turns.running)
        self._acts.settle()
        self._record.later()

    async def _moved(self) -> None:
        await self._look_up()
        self.changed()

    def document(self) -> dict[str, Any]:
        """Give everything that is shown, as items; on the loop."""
        shown = self.shown = self.entries.transcript(self.most)
        items = dict(shown.items)
        order = self.extras.placed(shown, items)
        for clip_id, (other, label) in self.compared.items():
            self._add_comparison(items, clip_id, other, label)
        tree = self.studio.session.tree
        running = self.studio.turns.running
        items["panel"] = {
            "kind": "panel",
            "order": order,
            "earlier": shown.earlier,
            "running": self._running_entry(running),
            "title": self.studio.scrub(tree.title),
            "branch": tree.current,
            "restored": self.restored,
            "examples": EXAMPLES if not order else [],
            "tree": tree_rows(tree) if len(tree.branches) > 1 or order else [],
            "busy": bool(running),
        }
        items["bar"] = bar_item(self.studio, self.wishes, state=self.state, aim=self.aim, talks=self.talks)
        items |= self._tray()
        items |= {name: one.item for name, one in self.attached.items()}
        self.clips.forget(set(items))
        return items

    def _tray(self) -> dict[str, Any]:
        items: dict[str, Any] = {**tray_items(self.studio, self.shown.nodes)}
        for take_id in self.heard & items.keys():
            clip_id = f"c{take_id}"
            items[take_id] = {**items[take_id], "clip": clip_id}
            items[clip_id] = self.clips.item(clip_id, self.studio.shelf.takes.get(take_id).clip)
        return items

    def _add_comparison(self, items: dict[str, Any], clip_id: str, other: str, label: str) -> None:
        clip = self.clips.clip(other)
        if clip_id in items and clip is not None:
            items[other] = self.clips.item(other, clip)
            for name, item in tuple(items.items()):
                if item.get("kind") == "clip" and item.get("clip") == clip_id:
                    items[f"{name}~"] = {"kind": "compare", "one": other, "label": label}
                    self._insert(items, name, f"{name}~")

    @staticmethod
    def _insert(items: dict[str, Any], after: str, name: str) -> None:
        for entry, item in items.items():
            if item.get("kind") == "turn" and after in item["parts"]:
                at = item["parts"].index(after) + 1
                items[entry] = {**item, "parts": [*item["parts"][:at], name, *item["parts"][at:]]}
                return

    def _running_entry(self, running: list[Any]) -> str:
        for account in reversed(running):
            asked = account.asked
            entry = self.shown.nodes.get(asked.id if asked is not None else account.id)
            if entry is not None:
                return entry
        return "elsewhere" if running else ""

    def _intent(self, intent: Intent) -> None:
        """Take what a person does: notes at once, in whatever thread this is; all else on the loop."""
        if intent["type"] == "clip":
            self.clips.take(intent["clip"], intent["message"], intent["buffers"])
        else:
            self.studio.submit(self._acts.act(intent))

    def _asked(self, clip_id: str, intent: Intent) -> None:
        """Do what the view of a clip asks for beside edits."""
        self.studio.submit(self._acts.clip_act(clip_id, intent))

    def _edited(self, before: Clip, after: Clip) -> None:
        """Follow an edit: in the notebook's variables at once, in the studio on its loop."""
        self.desk.names.follow(before, after)
        self.studio.submit(self._take_edit(before, after))

    async def _take_edit(self, before: Clip, after: Clip) -> None:
        await self.studio.edited(before, after)
        self.desk.outputs.follow(before, after)
        self._keep = [*(one for one in self._keep if one is not before), after]
        if self._keeping is not None:
            self._keeping.cancel()
        self._keeping = asyncio.get_running_loop().call_later(_KEPT_S, self._keep_edits)
        await self._acts.amended(before, after)
        self.changed()

    def _keep_edits(self) -> None:
        self._keeping = None
        for clip in self._keep:
            self.studio.shelf.keep(clip)
        self._keep = []

    def attach(self, found: Attachment) -> str:
        """Hold what goes with the next message; give its item's id."""
        name = f"m{secrets.token_hex(4)}"
        data = found.part.data if found.part is not None else b""
        mime = found.part.media_type if found.part is not None else "audio/midi"
        item = {"kind": "media", "mime": mime, "name": self.studio.scrub(found.name), "data": data}
        self.attached[name] = Attached(found, item)
        self.changed()
        return name

    def load_more(self) -> None:
        """Show some turns more from before."""
        if self.shown.earlier:
            self.most += TURNS

    def put_away(self, entry: str) -> None:
        """Show an entry no longer that is no part of the conversation."""
        self.extras.put_away(entry)
        self.entries.hidden.add(entry)

    def refresh(self) -> None:
        """Look at what may have changed without a word: the Live set, and what is kept."""
        self.studio.submit(self.look_at_live())
        self.studio.submit(self._moved())

    def say(self, text: str) -> None:
        """Show a line for a few seconds."""
        if self.view is not None:
            self.view.toast(" ".join(self.studio.scrub(text).split()))

    async def seal(self) -> None:
        """End the panel; only its record stays."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        for timer in (self._timer, self._keeping):
            if timer is not None:
                timer.cancel()
        self._keep_edits()
        if self.view is not None:
            view, self.view = self.view, None
            await self._record.close()
            view.close()


def open_panel(desk: Desk, *, side: bool = False) -> None:
    """Open a panel in the output of the cell that runs, or beside the notebook; where nothing lives, its record.

    Args:
        desk: The notebook's desk.
        side: Whether it stands beside the notebook; that takes the package ``sidecar``.

    Raises:
        SetupError: ``sidecar`` is missing.
    """
    panel = Panel(desk)
    panel.open(live=desk.in_notebook and desk.studio.settings.stream, side=side)
    desk.outputs.keep(panel, is_beside=side)
