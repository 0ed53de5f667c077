"""The chat panel in a notebook: one conversation with the cells, its document and its record kept up to date.

It is opened in a cell's own thread; afterwards everything happens on the studio's loop. What a person does is in
``acts``, what is shown in ``entries``, ``bar`` and ``tray``.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from conduit.engine.plan import Status, Step
from conduit.errors import ConduitError
from conduit.store import Summary
from conduit.studio import LiveState, Studio
from conduit.widgets import ChatPanel, Intent
from conduit_magics.chat.acts import Acts
from conduit_magics.chat.attaching import Attached, Attachment
from conduit_magics.chat.bar import Wishes
from conduit_magics.chat.cards import Cards
from conduit_magics.chat.clips import Clips
from conduit_magics.chat.document import document
from conduit_magics.chat.editing import Editing
from conduit_magics.chat.entries import Entries, Transcript
from conduit_magics.chat.kept import Kept
from conduit_magics.chat.overview import Branches
from conduit_magics.chat.pace import FLUSH_S, pace_s
from conduit_magics.chat.parts import Parts
from conduit_magics.chat.record import Record
from conduit_magics.chat.said import Extras
from conduit_magics.chat.side import sidecars

if TYPE_CHECKING:
    from conduit_magics.desk import Desk

__all__ = ["Panel", "open_panel"]

_LOG = logging.getLogger(__name__)

_SHARE = 4
_TOUCHED = {Status.APPLIED, Status.PARTIAL, Status.UNDONE}
"""Where the Live set may be another than before."""
TURNS = 30
"""Turns that are loaded at first, and with each step back."""

_MOST_TALKS = 30
_MOST_TEXTS = 8_192


class Panel:
    """A chat panel.

    Args:
        desk: The notebook's desk.

    Attributes:
        desk: As above.
        studio: The desk's studio.
        wishes: What the person set in the bar.
        clips: The clips that it shows.
        branches: Gives the tree of branches.
        cleaned: Texts without the keys in them.
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
        self._acts = Acts(self)
        self._editing = Editing(self, took=self._acts.amended)
        self.clips = Clips(
            lambda: self.view,
            edited=self._editing.edited,
            asked=lambda clip_id, intent: self.work(self._acts.clip_act(clip_id, intent)),
        )
        self.branches = Branches()
        self.cleaned: Kept[str, str] = Kept(_MOST_TEXTS)
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
        self._record = Record(self)
        self._timer: asyncio.TimerHandle | None = None
        self._flushed = 0.0
        self._unsubscribe: list[Callable[[], None]] = []
        self._took_s = 0.0
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
        # What a cell did may show here without a word of its own, such as another model.
        self.desk.shell.events.register("post_execute", self.changed)
        self.work(self._follow())

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
            self.parts.logged = await self.cards.read_log(name)

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
        if plan.status is Status.PENDING:
            loop.call_later(self.studio.plans.seconds_left(plan.id) + FLUSH_S, self.changed)
        elif plan.status in _TOUCHED:
            self.work(self.look_at_live())
        self.changed()

    def changed(self) -> None:
        """Show what is there now, soon; from any thread."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.studio.submit(self._changed_there())
            return
        if self._timer is None and self.view is not None:
            # Where there is much to show, three quarters of the loop's time are for others.
            wait_s = self._flushed + max(pace_s(self.studio.turns), _SHARE * self._took_s) - time.monotonic()
            self._timer = loop.call_later(max(0.0, wait_s), self._flush)

    async def _changed_there(self) -> None:
        self.changed()

    def _flush(self) -> None:
        self._timer, self._flushed = None, time.monotonic()
        if self.view is None:
            return
        if self.studio.session.tree.name != self._talk:
            self._talk = self.studio.session.tree.name
            self.work(self._moved())
        with self.clips.held():
            self.view.show(self.document())
        self._took_s = time.monotonic() - self._flushed
        if self._busy and not self.studio.turns.running:
            self.work(self._moved())  # what is kept of it, such as when it was last used
        self._busy = bool(self.studio.turns.running)
        self._acts.follow_up()
        self._record.later()

    async def _moved(self) -> None:
        await self._look_up()
        self.changed()

    def document(self) -> dict[str, Any]:
        """Give everything that is shown, as items; on the loop."""
        return document(self)

    def _intent(self, intent: Intent) -> None:
        """Take what a person does: notes at once, in whatever thread this is; all else on the loop."""
        if intent["type"] == "clip":
            self.clips.take(intent["clip"], intent["message"], intent["buffers"])
        else:
            self.work(self._acts.act(intent))

    def work(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something on the loop, from any thread; a fault is told in the panel, for nobody waits for it."""
        self.studio.submit(self._told(work))

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except ConduitError as error:
            self.say(error.message)
        except Exception as error:  # noqa: BLE001  the boundary to the browser
            _LOG.exception("something in a chat panel failed")
            self.say(f"{type(error).__name__}: {error}")

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
        self.work(self.look_at_live())
        self.work(self._moved())

    def say(self, text: str) -> None:
        """Show a line for a few seconds."""
        if self.view is not None:
            self.view.toast(" ".join(self.studio.scrub(text).split()))

    async def seal(self) -> None:
        """End the panel; only its record stays."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        if self._timer is not None:
            self._timer.cancel()
        self._acts.close()
        self._editing.keep()
        if self.view is not None:
            self.desk.shell.events.unregister("post_execute", self.changed)
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
