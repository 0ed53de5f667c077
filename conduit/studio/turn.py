"""One turn as the studio sees it: the engine's events made into notes, clips and plans for the faces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from conduit.channel.reply import ChannelEvent
from conduit.composer import WRITE_CLIP, ClipStream
from conduit.engine.events import ToolFinished
from conduit.engine.limits import Reason
from conduit.engine.machine import End
from conduit.engine.plan import Plan
from conduit.engine.plans import Plans
from conduit.errors import ClipError
from conduit.messages import (
    MessageEnd,
    PartStart,
    ResponseMetadata,
    Restart,
    StopReason,
    TextDelta,
    ToolCallDelta,
    Usage,
)
from conduit.music import Clip, ClipReader
from conduit.routing import Route

__all__ = ["Answer", "ClipGrew", "ClipWritten", "PlanProposed", "StudioEvent", "Turn"]


@dataclass(frozen=True, slots=True)
class ClipGrew:
    """Notes came.

    Attributes:
        reader: Holds all of them so far.
    """

    reader: ClipReader

    def clip(self) -> Clip:
        """Give the clip so far; the work is linear in its notes, so ask when you draw."""
        return self.reader.clip()


@dataclass(frozen=True, slots=True)
class ClipWritten:
    """A clip is whole and was found to be what was asked for."""

    clip: Clip


@dataclass(frozen=True, slots=True)
class PlanProposed:
    """The model wants to change something; a person decides."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question brought. The last event of a turn.

    Attributes:
        text: The model's words.
        clip: The clip; of a turn that was stopped, its notes so far; None where none was written.
        reason: Why the turn ended.
        plans: Ids of plans that wait.
        provider: Who answered.
        model: The model that answered.
        duration_s: Seconds from the question to the end.
        first_s: Seconds to the first piece; None where nothing came.
        usage: Tokens, summed; None where the provider does not count.
        cost_usd: What it cost in US dollars; None where a price is not known.
        calls: How often a model answered.
        cached: Whether every answer was a kept one.
        citations: Addresses that the answer refers to.
        troubles: What went wrong before somebody answered, in words.
        branch: The branch of the conversation that it is on.
        value: What the answer was read as, where it was asked for as a type.
    """

    text: str
    clip: Clip | None
    reason: Reason
    plans: tuple[str, ...]
    provider: str
    model: str
    duration_s: float
    first_s: float | None
    usage: Usage | None
    cost_usd: Decimal | None = None
    calls: int = 0
    cached: bool = False
    citations: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
    branch: str = ""
    value: Any = None


StudioEvent = ChannelEvent | ClipGrew | ClipWritten | PlanProposed | Answer


class Turn:
    """Follows one turn.

    Args:
        emit: Told of every event.
        clock: Seconds, never going back.
        plans: Where plans wait.

    Attributes:
        clip: The last clip that was accepted.
        end: How the engine ended, once it has.
    """

    def __init__(
        self, emit: Callable[[StudioEvent], None], *, clock: Callable[[], float], plans: Plans
    ) -> None:
        self.clip: Clip | None = None
        self.end: End | None = None
        self._emit = emit
        self._clock = clock
        self._plans = plans
        self._started = clock()
        self._first_s: float | None = None
        self._texts: list[str] = []  # of the messages that are whole
        self._saying: list[str] = []  # of the message that is being written
        self._plan_ids: list[str] = []
        self._streams: dict[int, ClipStream] = {}
        self._growing: ClipStream | None = None
        self._answers: list[ResponseMetadata] = []

    def on(self, event: ChannelEvent) -> None:
        """Take an event of the engine and pass it on, with what it means for clips and plans."""
        if self._first_s is None:
            self._first_s = self._clock() - self._started
        self._emit(event)
        match event:
            case PartStart() | ToolCallDelta() | TextDelta() | Restart() | MessageEnd():
                self._streamed(event)
            case ToolFinished(outcome=outcome) if outcome.plan_id is not None:
                self._plan_ids.append(outcome.plan_id)
                self._emit(PlanProposed(self._plans.get(outcome.plan_id)))
            case End():
                self.end = event

    def _streamed(self, event: PartStart | ToolCallDelta | TextDelta | Restart | MessageEnd) -> None:
        match event:
            case PartStart(kind="tool_call", name=name, index=index) if name == WRITE_CLIP:
                self._streams[index] = self._growing = ClipStream()
            case ToolCallDelta(index=index, arguments=arguments) if index in self._streams:
                self._grow(self._streams[index], arguments)
            case TextDelta(text=text):
                self._saying.append(text)
            case Restart() | MessageEnd():
                self._close(event)

    def _close(self, event: Restart | MessageEnd) -> None:
        """End a message: it is whole, or it broke off and is forgotten."""
        self._streams.clear()
        if isinstance(event, MessageEnd):
            self._texts.extend(self._saying)
            self._answers.append(event.response.metadata)
        else:
            self._growing = None
        self._saying.clear()

    async def accept(self, clip: Clip) -> str:
        """Take a clip that was found good; say so to the model."""
        self.clip, self._growing = clip, None
        self._emit(ClipWritten(clip))
        return f"ok: {len(clip)} notes in {clip.bars:g} bars"

    def answer(
        self, route: Route, *, branch: str = "", value: Any = None, troubles: Iterable[str] = ()
    ) -> Answer:
        """Sum the turn up, and tell it as the last event.

        Args:
            route: The way it took.
            branch: The branch of the conversation that it is on.
            value: What it was read as.
            troubles: What went wrong beside it.
        """
        if self.clip is None:
            self.clip = self._notes_so_far()
        answers = self._answers
        usages = [answer.usage for answer in answers if answer.usage is not None]
        costs = [answer.cost_usd for answer in answers]
        failed = [error.message for error in route.failed]
        troubles = [*failed, *route.remarks, *_cut(answers), *troubles]
        answer = Answer(
            text="".join((*self._texts, *self._saying)).strip(),
            clip=self.clip,
            reason=self.end.reason if self.end else Reason.FAILED,
            plans=tuple(self._plan_ids),
            provider=answers[-1].provider if answers else route.provider,
            model=answers[-1].model if answers else route.model.partition("/")[2],
            duration_s=self._clock() - self._started,
            first_s=self._first_s,
            usage=sum(usages, Usage()) if usages else None,
            cost_usd=None if None in costs else sum(filter(None, costs), Decimal(0)),
            calls=len(answers),
            cached=bool(answers) and all(answer.cached for answer in answers),
            citations=tuple(dict.fromkeys(cited for answer in answers for cited in answer.citations)),
            troubles=tuple(dict.fromkeys(troubles)),
            branch=branch,
            value=value,
        )
        self._emit(answer)
        return answer

    def _grow(self, stream: ClipStream, arguments: str) -> None:
        if stream.feed(arguments):
            self._emit(ClipGrew(stream.reader))

    def _notes_so_far(self) -> Clip | None:
        """Give what a clip that was cut off has, if it is anything."""
        if self._growing is None or self.end is None or self.end.reason is Reason.DONE:
            return None
        try:
            clip = self._growing.reader.clip()
        except ClipError:
            return None
        if not len(clip):
            return None
        bar = clip.meter.bar * clip.ppq
        bars = int(clip.table["start"].max() // bar) + 1
        return clip.with_(length_ticks=min(clip.length_ticks, round(bars * bar)))


def _cut(answers: list[ResponseMetadata]) -> list[str]:
    limit = [answer.model for answer in answers if answer.stop_reason is StopReason.LENGTH]
    return [f"{model} reached its limit of tokens: the answer is not whole" for model in limit]
