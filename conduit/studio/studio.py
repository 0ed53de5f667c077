"""The studio: the one object behind every face. It joins the rooms and owns the loop thread.

Its coroutines run on that loop; ``submit`` and ``call`` are the way in from any other thread. Faces get
values and events, and never talk to a provider or to Live themselves.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from platformdirs import user_config_path, user_data_path

from conduit.channel.asking import Asking
from conduit.channel.asking import Question as Asked
from conduit.channel.keeper import Keeper
from conduit.channel.reply import Reply
from conduit.channel.talk import Talk
from conduit.clients import Client
from conduit.composer import instructions, write_clip_tool
from conduit.composer.edit_tools import edit_tools
from conduit.composer.offline import OfflineComposer
from conduit.composer.own_genres import read_own_genres
from conduit.engine.limits import Limits
from conduit.engine.plan import Plan
from conduit.engine.plans import Plans
from conduit.engine.rates import RateLimits
from conduit.engine.tool import Toolbox
from conduit.errors import BudgetExceeded, ClipError, ParseError, PlanError, ProviderError
from conduit.keys import Keys
from conduit.loop import LoopThread
from conduit.messages import (
    Conversation,
    ConversationTree,
    GenerationParams,
    Request,
)
from conduit.music import Clip
from conduit.routing import Route
from conduit.settings import Settings
from conduit.studio.answer import Answer, StudioEvent
from conduit.studio.asking import checked, critic_of, engines, message_of
from conduit.studio.edits import Edits
from conduit.studio.handed import InWords
from conduit.studio.live_desk import LiveDesk
from conduit.studio.model_desk import ModelDesk
from conduit.studio.question import Question
from conduit.studio.session import Session
from conduit.studio.tool_desk import ToolDesk
from conduit.studio.turn import Turn

if TYPE_CHECKING:
    from conduit.store import Store

__all__ = ["OUTDATED", "Studio"]

T = TypeVar("T")
OUTDATED = "The clip was edited after this offer; push again."
"""What is said of a plan whose clip a person has edited since."""

_MOST_CLIPS = 200
"""Of the newest clips in the store, how many are looked at for a conversation's own."""


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
        clips: The clips that were written, oldest first; one that a person edits is the newest.
        edits: What a person did to them by hand.
        plans: The changes that wait or were made.
        reasons: Why plans were rejected, by their ids, where it was not a person's own word.
        live: The way to Live.
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
        self.keeper = Keeper(lambda: self.store)
        self.session = Session(keeper=self.keeper, instructions=instructions)
        self.clips: list[Clip] = []
        self.edits = Edits(self.clips)
        self.plans = Plans(clock=clock)
        self.reasons: dict[str, str] = {}
        self.rates = RateLimits()
        self.live = LiveDesk(self.plans, settings=self.settings)
        self._clock = clock
        self._opening = threading.Lock()
        self._store: Store | None = None
        self._loop = LoopThread()
        self.offline = OfflineComposer()
        self.read_genres()
        keys = keys or Keys(os.environ, config=self.settings.keys)
        self.providers = ModelDesk((*clients, self.offline), settings=self.settings, keys=keys, clock=clock)
        self.tools = ToolDesk(store=lambda: self.store, clean=self.scrub)

    def add_client(self, client: Client) -> None:
        """Make a client known under its provider's name."""
        self.providers.registry.add(client)

    def read_genres(self) -> Path:
        """Read the user's own genres, again where they were read before; give their folder."""
        folder = _genres(self.settings.genres)
        read_own_genres(folder)
        return folder

    @property
    def conversation(self) -> Conversation:
        """What was said so far, on the current branch."""
        return self.session.conversation

    @property
    def store(self) -> Store:
        """Where conversations last; opened when it is first used, from whichever thread."""
        with self._opening:
            if self._store is None:
                from conduit.store import Store  # noqa: PLC0415  a database takes a while to load

                self._store = Store(_place(self.settings.store), clean=self.scrub)
            return self._store

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
        if self._store is not None:
            self._store.close()

    async def ask(self, question: Question, *, emit: Callable[[StudioEvent], None]) -> Answer:
        """Put a question, and tell what happens while it is answered.

        Args:
            question: What is asked.
            emit: Told, on the studio's loop, of every event. The ``Answer`` is the last, also of a turn that
                is stopped or fails, and then holds what had come.

        Raises:
            SetupError: There is no such model, mode or branch.
            ConversationError: There is no such turn.
            ClipError: No clip came in ``generate`` mode; the message is what the model said instead.
            ParseError: The answer is not of the type that was asked for.
            ProviderError: The model failed, and nobody may answer in its place.
            BudgetExceeded: The cell or the session used up what it was allowed.
        """
        route = self.route(question.checked().model, cache=question.cache)
        turn = Turn(
            emit,
            clock=self._clock,
            plans=self.plans,
            critic=await critic_of(question, route),
            known=lambda: self.clips,
        )
        how = Asking(
            engines(question, route, self._toolbox(question, turn)),
            question.parser or InWords(turn.handed, question.options, take=turn.accept_words),
            Limits(),
            self.settings.window_tokens,
        )
        place = self.session.begin(question)
        if question.new:
            self.edits.forget()
        message = message_of(question, edits=self.edits.untold(place.talk.tree.conversation))
        asking = Asked(how, place.talk, turn.on)
        turn.of(asking)
        reply: Reply[Any] | None = None
        try:
            reply = await asking.answer(message)
        except (ProviderError, BudgetExceeded):
            if not turn.has_heard:
                raise
        finally:
            self.session.end(place, came=asking.came)
            value = reply.read if reply is not None and question.parser is not None else None
            answer = self._ended(turn, route, branch=asking.branch, value=value)
        if isinstance(value, ParseError):
            raise value
        return checked(answer, question)

    async def request(self, question: Question) -> Request:
        """Give what would be sent to the model for a question; nobody is asked and nothing is changed.

        Raises:
            SetupError: There is no such mode or branch.
            ConversationError: There is no such turn.
        """
        turn = Turn(_ignore, clock=self._clock, plans=self.plans)
        edits = Edits([]) if question.new else self.edits
        asked = self.session.asked(
            question.checked(), lambda talk: message_of(question, edits=edits.untold(talk))
        )
        if self.settings.window_tokens is not None:
            asked = asked.window_tokens(self.settings.window_tokens)
        return Request(
            model=self.route(question.model).model,
            messages=asked.messages,
            params=GenerationParams(seed=question.options.seed),
            tools=self._toolbox(question, turn).specs,
            response_schema=question.parser.schema if question.parser else None,
        )

    async def compose(self, question: Question) -> Clip:
        """Ask for a clip in a conversation of its own.

        Raises:
            ClipError: No clip came; the message is what the model said instead.
            ProviderError: The model failed.
        """
        wanted = replace(question, mode="generate").checked()
        route = self.route(wanted.model, cache=wanted.cache)
        turn = Turn(_ignore, clock=self._clock, plans=self.plans, critic=await critic_of(wanted, route))
        how = Asking(
            engines(wanted, route, self._toolbox(wanted, turn)),
            InWords(turn.handed, wanted.options, take=turn.accept_words),
            Limits(),
        )
        talk = Talk(ConversationTree(), system=instructions(), keeper=self.keeper)
        asking = Asked(how, talk, turn.on)
        turn.of(asking)
        await asking.answer(message_of(wanted))
        answer = checked(turn.answer(route), wanted)
        if answer.clip is None:
            raise ClipError(
                "the model asked for a change of the Live set instead of writing a clip; ask in a cell"
            )
        return answer.clip

    async def resume(self, name: str) -> ConversationTree:
        """Go on with a conversation of the store and its clips; raises as ``Session.resume`` does."""
        tree = await self.session.resume(name)
        stored = await self.keeper.done(lambda store: store.clips, limit=_MOST_CLIPS)
        self.clips += [one.clip for one in reversed(stored) if one.conversation == name]
        return tree

    async def push(
        self, clip: Clip, *, track: int | None = None, slot: int | None = None, new_track: bool = False
    ) -> Plan:
        """Put a clip into the Live set at a person's word; see ``LiveDesk.push``."""
        plan = await self.live.push(clip, track=track, slot=slot, new_track=new_track)
        self._log(plan)
        return plan

    async def approve(self, plan_id: str) -> Plan:
        """Do what a plan says; the model hears of it with the next question.

        Raises:
            PlanError: It cannot be done, or not any more.
        """
        plan = await self.plans.approve(plan_id)
        self.session.tell(f"Plan {plan_id} was approved and done: {plan.title}.")
        self._log(plan)
        return plan

    async def reject(self, plan_id: str, *, why: str = "") -> Plan:
        """Turn a plan down; the model hears of it with the next question.

        Args:
            plan_id: Which.
            why: A sentence, where it was not a person's own word.

        Raises:
            PlanError: It was decided before.
        """
        plan = await self.plans.reject(plan_id)
        if why:
            self.reasons[plan_id] = why
        self.session.tell(" ".join(filter(None, (f"Plan {plan_id} was rejected: {plan.title}.", why))))
        self._log(plan)
        return plan

    async def undo(self, plan_id: str | None = None) -> Plan:
        """Restore what was there before a plan, by default before the last one that was done.

        Raises:
            PlanError: There is nothing to undo, or what it did has been changed since.
        """
        plan = await self.plans.undo(plan_id)
        self.session.tell(f"Plan {plan.id} was undone: {plan.title}.")
        self._log(plan)
        return plan

    async def edited(self, before: Clip, after: Clip) -> list[Plan]:
        """Take a clip as a person edited it: it stands for the one before, and the model hears of it.

        A plan that would write the clip before is rejected: a card is approved for what it shows.

        Args:
            before: The very clip that was shown.
            after: What it is now.

        Returns:
            The plans that were rejected.
        """
        self.edits.took(before, after)
        rejected = []
        for plan in self.plans.pending:
            if getattr(self.plans.change(plan.id), "after", None) is before:
                with contextlib.suppress(PlanError):  # it was decided, or expired, just now
                    rejected.append(await self.reject(plan.id, why=OUTDATED))
        return rejected

    def keep(self, clip: Clip) -> None:
        """Keep a clip that a person edited in the store, with what it was made of."""
        origin = self.edits.origin(clip)
        if origin is not None:
            self._keep(clip, {"edited_from": origin.digest})

    def forget(self) -> None:
        """Begin a new conversation; clips and plans are kept, and the old one is in the store."""
        self.session.forget()
        self.edits.forget()

    def _toolbox(self, question: Question, turn: Turn) -> Toolbox:
        music = [
            write_clip_tool(question.options, accept=turn.accept, final=lambda: turn.handed.final),
            *edit_tools(lambda: [*self.clips, *turn.handed.clips], question.options, accept=turn.accept),
            *self.live.tools(lambda: turn.best or self.latest),
        ]
        tools = [*([] if question.parser else music), *self.tools.tools()]
        return Toolbox(tools, plans=self.plans, rates=self.rates, clean=self.scrub)

    def _ended(self, turn: Turn, route: Route, *, branch: str, value: Any) -> Answer:
        """Take stock of a turn, whichever way it ended, and tell the last of its events."""
        answer = turn.answer(route, branch=branch, value=value, troubles=self.keeper.troubles())
        for plan_id in answer.plans:
            self._log(self.plans.get(plan_id))
        by = {"provider": answer.provider, "model": answer.model, "branch": answer.branch}
        for clip in sorted(turn.handed.clips or filter(None, [turn.clip]), key=lambda one: one is turn.clip):
            self.clips.append(clip)
            self._keep(clip, by)
        return answer

    def _keep(self, clip: Clip, facts: dict[str, str]) -> None:
        made_by: dict[str, Any] = {**facts, **(asdict(clip.provenance) if clip.provenance else {})}
        talk = self.session.tree.name
        name = clip.name or "untitled"
        self.keeper.write(lambda store: store.save_clip, name, clip, conversation=talk, provenance=made_by)

    def _log(self, plan: Plan) -> None:
        """Write into the log where a plan stands now."""
        self.keeper.write(
            lambda store: store.log_plan,
            plan.id,
            title=plan.title,
            tier=plan.tier,
            status=plan.status,
            conversation=self.session.tree.name,
        )


def _place(where: str) -> str | Path:
    return user_data_path("conduit") / "conduit.db" if where == "auto" else where


def _genres(where: str) -> Path:
    return user_config_path("conduit") / "genres" if where == "auto" else Path(where).expanduser()


def _ignore(event: object) -> None:
    """Take an event nobody waits for."""
