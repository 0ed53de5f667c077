"""The studio: the one object behind every face. It joins the rooms and owns the loop thread.

Its coroutines run on that loop; ``submit`` and ``call`` are the way in from any other thread. Faces get
values and events, and never talk to a provider or to Live themselves.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, TypeVar

from conduit.clients import Client
from conduit.composer import Options, instructions, write_clip_tool
from conduit.composer.offline import OfflineComposer
from conduit.composer.question import ask, decision
from conduit.engine.engine import Engine
from conduit.engine.machine import Reason
from conduit.engine.plan import Plan
from conduit.engine.plans import Plans
from conduit.engine.tool import Toolbox
from conduit.errors import ClipError, SetupError
from conduit.keys import Keys
from conduit.loop import LoopThread
from conduit.messages import AudioPart, Conversation, GenerationParams, ImagePart, SystemMessage
from conduit.music import Clip
from conduit.settings import Settings
from conduit.studio.live_desk import LiveDesk
from conduit.studio.model_desk import ModelDesk
from conduit.studio.turn import Answer, StudioEvent, Turn

__all__ = ["MODES", "Question", "Studio", "current"]

T = TypeVar("T")
MODES = ("chat", "generate")


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks.

    Attributes:
        text: The words.
        options: What is asked for explicitly.
        model: ``provider/model``, a provider, a short name or ``auto``; empty for the session's default.
        mode: ``chat`` lets the model choose between a clip and words; in ``generate`` no clip is an error.
        new: Whether to start a new conversation.
        cache: ``off``, ``on`` or ``refresh``; empty as it is set.
        media: Images and sounds that go with the words.
    """

    text: str
    options: Options = field(default_factory=Options)
    model: str = ""
    mode: str = "chat"
    new: bool = False
    cache: str = ""
    media: tuple[ImagePart | AudioPart, ...] = ()


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
        conversation: What was said so far.
        clips: The clips that were written, oldest first.
        plans: The changes that wait or were made.
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
        self.conversation = Conversation()
        self.clips: list[Clip] = []
        self.plans = Plans(clock=clock)
        self.live = LiveDesk(self.plans, settings=self.settings)
        self._clock = clock
        self._turns = 0
        self._untold: list[str] = []
        self._loop = LoopThread()
        self.offline = OfflineComposer()
        keys = keys or Keys(os.environ, config=self.settings.keys)
        self.providers = ModelDesk((*clients, self.offline), settings=self.settings, keys=keys, clock=clock)

    def add_client(self, client: Client) -> None:
        """Make a client known under its provider's name."""
        self.providers.registry.add(client)

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
        future = self._loop.submit(work)
        try:
            return future.result()
        except KeyboardInterrupt:
            future.cancel()
            raise

    def close(self) -> None:
        """Leave Live, stop what runs, and end the loop thread."""
        if self._loop.is_running:
            self.call(self.live.close())
            self.call(self.providers.router.close())
            self._loop.close()

    async def ask(self, question: Question, *, emit: Callable[[StudioEvent], None]) -> Answer:
        """Put a question, and tell what happens while it is answered.

        Args:
            question: What is asked.
            emit: Told, on the studio's loop, of every event. The ``Answer`` is the last, also of a turn that
                is stopped or fails, and then holds what had come.

        Raises:
            SetupError: There is no such model or mode.
            ClipError: No clip came in ``generate`` mode; the message is what the model said instead.
            ProviderError: The model failed, and nobody may answer in its place.
            BudgetExceeded: The cell or the session used up what it was allowed.
        """
        before = Conversation() if question.new else self.conversation
        turn = Turn(emit, clock=self._clock, plans=self.plans)
        self._turns += 1
        try:
            return await self._run(question, turn, before)
        finally:
            self._turns -= 1
            self._keep(turn)

    async def _run(self, question: Question, turn: Turn, before: Conversation) -> Answer:
        route = self.providers.route(question.model, cache=question.cache)
        if question.mode not in MODES:
            raise SetupError(f"{question.mode!r} is not a mode: {' or '.join(MODES)}", valid=list(MODES))
        if before.tip is None:
            before = before.add(SystemMessage(content=instructions()))
        wanted = question.mode == "generate"
        tools = [
            write_clip_tool(question.options, accept=turn.accept),
            *self.live.tools(lambda: turn.clip or self.latest),
        ]
        engine = Engine(
            route,
            model=route.model,
            toolbox=Toolbox(tools, plans=self.plans),
            params=GenerationParams(seed=question.options.seed),
        )
        asked = ask(question.text, options=question.options, clip_wanted=wanted, media=question.media)
        try:
            await engine.run(before.add(asked), emit=turn.on)
        finally:
            answer = turn.answer(route)
        if wanted and answer.clip is None and not answer.plans:
            raise ClipError(answer.text or "the model wrote no clip; ask for a part, such as a bass line")
        return answer

    async def push(
        self, clip: Clip, *, track: int | None = None, slot: int | None = None, new_track: bool = False
    ) -> Plan:
        """Put a clip into the Live set at a person's word; see ``LiveDesk.push``."""
        return await self.live.push(clip, track=track, slot=slot, new_track=new_track)

    async def approve(self, plan_id: str) -> Plan:
        """Do what a plan says; the model hears of it with the next question.

        Raises:
            PlanError: It cannot be done, or not any more.
        """
        plan = await self.plans.approve(plan_id)
        self._tell(f"Plan {plan_id} was approved and done: {plan.title}.")
        return plan

    async def reject(self, plan_id: str) -> Plan:
        """Turn a plan down; the model hears of it with the next question.

        Raises:
            PlanError: It was decided before.
        """
        plan = await self.plans.reject(plan_id)
        self._tell(f"Plan {plan_id} was rejected: {plan.title}.")
        return plan

    async def undo(self, plan_id: str | None = None) -> Plan:
        """Restore what was there before a plan, by default before the last one that was done.

        Raises:
            PlanError: There is nothing to undo, or what it did has been changed since.
        """
        plan = await self.plans.undo(plan_id)
        self._tell(f"Plan {plan.id} was undone: {plan.title}.")
        return plan

    def forget(self) -> None:
        """Begin a new conversation; clips and plans are kept."""
        self.conversation = Conversation()

    async def compose(self, question: Question) -> Clip:
        """Ask for a clip in a conversation of its own.

        Raises:
            ClipError: No clip came; the message is what the model said instead.
            ProviderError: The model failed.
        """
        turn = Turn(_ignore, clock=self._clock, plans=self.plans)
        answer = await self._run(replace(question, mode="generate"), turn, Conversation())
        if answer.clip is None:
            raise ClipError(
                "the model asked for a change of the Live set instead of writing a clip; ask in a cell"
            )
        return answer.clip

    def _keep(self, turn: Turn) -> None:
        end = turn.end
        # A question that failed before anything came is taken back: it can be asked again.
        if end is not None and (end.reason is not Reason.FAILED or end.conversation.text):
            self.conversation = end.conversation
        if turn.clip is not None:
            self.clips.append(turn.clip)
        self._tell_all()

    def _tell(self, text: str) -> None:
        """Let the model hear of a decision: at once, or after the turn that is running."""
        self._untold.append(text)
        self._tell_all()

    def _tell_all(self) -> None:
        if self._turns or self.conversation.tip is None:
            return
        for text in self._untold:
            self.conversation = self.conversation.add(decision(text))
        self._untold.clear()


def _ignore(event: object) -> None:
    """Take an event nobody waits for."""


_making = threading.Lock()


def current() -> Studio:
    """Give the process's own studio, made when it is first asked for, from whichever thread."""
    with _making:
        return _only_studio()


@cache
def _only_studio() -> Studio:
    studio = Studio()
    atexit.register(studio.close)
    return studio
