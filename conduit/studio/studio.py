"""The studio: the one object behind every face. It joins the rooms and owns the loop thread.

Its coroutines run on that loop; ``submit`` and ``call`` are the way in from any other thread. Faces get
values and events, and never talk to a provider or to Live themselves.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from conduit.channel.keeper import Keeper
from conduit.clients import Client
from conduit.composer import instructions
from conduit.composer.critic import Critic
from conduit.composer.offline import OfflineComposer
from conduit.composer.own_genres import read_own_genres
from conduit.engine.plan import Plan
from conduit.engine.rates import RateLimits
from conduit.engine.tool import Toolbox
from conduit.keys import Keys
from conduit.loop import LoopThread
from conduit.messages import Conversation, ConversationTree, Request
from conduit.music import Clip
from conduit.routing import Route
from conduit.settings import Settings
from conduit.studio import answering
from conduit.studio.answer import Answer
from conduit.studio.answering import Emit
from conduit.studio.decisions import Decisions
from conduit.studio.live_desk import LiveDesk
from conduit.studio.model_desk import ModelDesk
from conduit.studio.question import Question
from conduit.studio.session import Session
from conduit.studio.shelf import Shelf
from conduit.studio.storage import Storage, genres_folder
from conduit.studio.tool_desk import ToolDesk
from conduit.studio.turn import Turn
from conduit.studio.turns import Turns

if TYPE_CHECKING:
    from conduit.store import Store

__all__ = ["Studio"]

T = TypeVar("T")

_NOTEBOOK = "JPY_SESSION_NAME"
"""Where Jupyter says which notebook a kernel belongs to."""


class Studio:
    """A person's session: clients, conversation, clips, plans and the link to Live.

    Args:
        clients: Who can answer; the offline composer is always among them.
        settings: How to behave; by default what the environment and the config file say.
        keys: Where keys are looked up; by default the environment, the keyring and the config file.
        clock: Seconds, never going back.

    Attributes:
        offline: The offline composer.
        providers: The way to models.
        session: What was said so far, on every branch.
        keeper: Writes into the store what lasts.
        tools: The tools that models may use, beside those for clips and the Live set.
        shelf: The clips that were written, and what a person made of them by hand.
        clips: Those clips, oldest first; one that a person edits is the newest.
        plans: The changes that wait or were made.
        decisions: What becomes of them.
        live: The way to Live.
        turns: What was asked, by whichever face, and what came of it.
    """

    def __init__(
        self,
        *,
        clients: Iterable[Client] = (),
        settings: Settings | None = None,
        keys: Keys | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings or Settings.from_environment(os.environ)
        self._storage = Storage(self.settings.store, clean=self.scrub)
        self.keeper = Keeper(self._storage.open)
        self.turns = Turns()
        self.session = Session(
            keeper=self.keeper,
            instructions=instructions,
            place=os.environ.get(_NOTEBOOK, ""),
            heard=self.turns.tell,
        )
        self.shelf = Shelf(self.session, keeper=self.keeper, heard=self.turns.tell)
        self.clips = self.shelf.clips
        self._loop = LoopThread()
        self.decisions = Decisions(clock=clock, session=self.session, keeper=self.keeper, loop=self._loop)
        self.plans = self.decisions.plans
        self.rates = RateLimits()
        self.live = LiveDesk(self.plans, settings=self.settings)
        self._clock = clock
        self.offline = OfflineComposer()
        self.read_genres()
        keys = keys or Keys(os.environ, config=self.settings.keys)
        self.providers = ModelDesk((*clients, self.offline), settings=self.settings, keys=keys, clock=clock)
        self.tools = ToolDesk(store=self._storage.open, clean=self.scrub)

    def add_client(self, client: Client) -> None:
        """Make a client known under its provider's name."""
        self.providers.registry.add(client)

    def read_genres(self) -> Path:
        """Read the user's own genres, again where they were read before; give their folder."""
        folder = genres_folder(self.settings.genres)
        read_own_genres(folder)
        return folder

    @property
    def conversation(self) -> Conversation:
        """What was said so far, on the current branch."""
        return self.session.conversation

    @property
    def store(self) -> Store:
        """Where conversations last; opened when it is first used, from whichever thread."""
        return self._storage.open()

    def route(self, model: str = "", *, cache: str = "", failover: str = "", budget: str = "cell") -> Route:
        """Give the client that answers one question; see ``ModelDesk.route``."""
        return self.providers.route(model, cache=cache, failover=failover, budget=budget)

    def scrub(self, text: str) -> str:
        """Take every known key out of a text."""
        return self.providers.scrub(text)

    @property
    def models(self) -> list[str]:
        """Every model known so far, as ``provider/model``."""
        return self.providers.registry.models

    @property
    def latest(self) -> Clip | None:
        """The newest clip, if there is one."""
        return self.clips[-1] if self.clips else None

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start one of the studio's coroutines from any thread."""
        return self._loop.submit(work)

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run one of the studio's coroutines from any thread but the loop's own, and wait for it."""
        return self._loop.call(work)

    def close(self) -> None:
        """Leave Live, stop what runs, and end the loop thread."""
        if self._loop.is_running:
            self.call(self.live.close())
            self.call(self.keeper.settle())
            self.call(self.providers.router.close())
            self._loop.close()
        self._storage.close()

    async def ask(self, question: Question, *, emit: Emit, face: str = "cell") -> Answer:
        """Put a question, and tell what happens while it is answered; see ``answering.ask``."""
        return await answering.ask(self, question, emit=emit, face=face)

    async def request(self, question: Question) -> Request:
        """Give what would be sent to the model for a question; see ``answering.request``."""
        return await answering.request(self, question)

    async def compose(self, question: Question) -> Clip:
        """Ask for a clip in a conversation of its own; see ``answering.compose``."""
        return await answering.compose(self, question)

    def toolbox(self, question: Question, turn: Turn) -> Toolbox:
        """Give what a model may call while it answers a question."""
        music = [*turn.tools(question.options), *self.live.tools(lambda: turn.best or self.latest)]
        tools = [*([] if question.parser else music), *self.tools.tools()]
        return Toolbox(
            tools, plans=self.plans, rates=self.rates, clean=self.scrub, origin=lambda: turn.asking
        )

    def turn(self, emit: Emit, *, critic: Critic | None = None) -> Turn:
        """Give what follows one turn."""
        return Turn(emit, clock=self._clock, plans=self.plans, critic=critic, known=lambda: self.clips)

    async def resume(self, name: str) -> ConversationTree:
        """Go on with a conversation of the store and its clips; raises as ``Session.resume`` does."""
        tree = await self.session.resume(name)
        await self.shelf.take_up(name)
        return tree

    async def push(
        self, clip: Clip, *, track: int | None = None, slot: int | None = None, new_track: bool = False
    ) -> Plan:
        """Put a clip into the Live set at a person's word; see ``LiveDesk.push``."""
        return await self.live.push(clip, track=track, slot=slot, new_track=new_track)

    async def approve(self, plan_id: str) -> Plan:
        """Do what a plan says; see ``Decisions.approve``."""
        return await self.decisions.approve(plan_id)

    async def reject(self, plan_id: str) -> Plan:
        """Turn a plan down; see ``Decisions.reject``."""
        return await self.decisions.reject(plan_id)

    async def undo(self, plan_id: str | None = None) -> Plan:
        """Restore what was there before a plan; see ``Decisions.undo``."""
        return await self.decisions.undo(plan_id)

    async def edited(self, before: Clip, after: Clip) -> list[Plan]:
        """Take a clip as a person edited it, for the very one before; give the plans that are rejected for it."""
        self.shelf.edits.took(before, after)
        return await self.decisions.outdate(before)

    def forget(self) -> None:
        """Begin a new conversation; clips and plans are kept, and the old one is in the store."""
        self.session.forget()
        self.shelf.edits.forget()
