"""One turn as the studio sees it: the engine's events made into notes, clips and plans for the faces.

A clip that cannot be taken goes back to the model, ``MOST_RETURNS`` times at most; then the turn ends, and the
reason goes to the user.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from conduit.channel.asking import Question as Asked
from conduit.channel.reply import ChannelEvent
from conduit.composer import WRITE_CLIP, ClipStream, Options, write_clip_tool
from conduit.composer.aim import Aim
from conduit.composer.critic import Critic
from conduit.composer.edit_tools import edit_tools
from conduit.composer.taking import Intake
from conduit.engine.events import Advanced, ToolFinished
from conduit.engine.limits import Reason
from conduit.engine.machine import End
from conduit.engine.plans import Plans
from conduit.engine.tool import Tool
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
from conduit.music import Clip
from conduit.routing import Route
from conduit.studio.answer import Answer, ClipGrew, ClipWritten, PlanProposed, StudioEvent
from conduit.studio.handed import MOST_RETURNS, Handed
from conduit.studio.versions import version_before

__all__ = ["Turn"]


class Turn:
    """Follows one turn.

    Args:
        emit: Told of every event.
        clock: Seconds, never going back.
        plans: Where plans wait.
        critic: Hears every clip that a model hands in by the tool, and may ask for a better one.
        known: Gives the clips that there were before, oldest first.

    Attributes:
        clip: The last clip that was taken; at the end, with a critic, the best.
        handed: Everything that was handed in.
        end: How the engine ended, once it has.
    """

    def __init__(
        self,
        emit: Callable[[StudioEvent], None],
        *,
        clock: Callable[[], float],
        plans: Plans,
        critic: Critic | None = None,
        known: Callable[[], Sequence[Clip]] = tuple,
    ) -> None:
        self.clip: Clip | None = None
        self.handed = Handed()
        self.end: End | None = None
        self._asking: Asked[Any] | None = None
        self._emit = emit
        self._clock = clock
        self._plans = plans
        self._critic = critic
        self._known = known
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
            case Advanced(conversation=talk) if self.handed.gave_up and not talk.open_calls:
                self._give_up()
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
            self.handed.answered(event.response)
            self._texts.extend(self._saying)
            self._answers.append(event.response.metadata)
        else:
            self._growing = None
        self._saying.clear()

    @property
    def asking(self) -> Asked[Any] | None:
        """The question that it is of, once that is on its way."""
        return self._asking

    def of(self, asking: Asked[Any]) -> None:
        """Say which question it is of: the critic speaks up in it, and what went back too often ends it."""
        self._asking = asking

    def _give_up(self) -> None:
        if self._asking is not None:
            self._asking.control.abort()  # asked now: each answer has a control of its own

    def tools(self, options: Options) -> list[Tool]:
        """Give the tools with which a model hands in clips, and edits those that there are.

        Args:
            options: What is asked for explicitly.
        """
        return [
            write_clip_tool(options, accept=self.accept, final=lambda: self.handed.final),
            *edit_tools(lambda: [*self._known(), *self.handed.clips], options, accept=self.accept),
        ]

    async def accept(self, intake: Intake) -> str:
        """Take what was handed in; say to the model what became of it.

        Raises:
            ClipError: It has to be mended; the message is for the model.
        """
        said = self._take(intake)
        if self._critic is not None and self._asking is not None and self.clip is not None:
            message = await asyncio.to_thread(self._critic.hear, self.clip)
            if message is not None:
                self._asking.steer(message)
        return said

    @property
    def best(self) -> Clip | None:
        """The clip that counts so far: the best of those that the critic heard, else the last that was taken."""
        heard = self._critic.best if self._critic else None
        if self._critic is None or heard is None or self.clip is None or not self._critic.takes(self.clip):
            return self.clip
        return heard.clip

    def accept_words(self, intake: Intake, text: str) -> None:
        """Take what stands in words, and leave it out of them; words that have to be mended are not shown.

        Raises:
            ClipError: As ``accept``.
        """
        said = "".join(self._texts)
        try:
            self._take(intake)
        except ClipError:
            if not self.handed.gave_up:
                self._texts.clear()
            raise
        self._texts = [said.replace(text, intake.words, 1)]
        if self._critic is not None and self.clip is not None:
            self._critic.hear(self.clip)  # the turn is over, so it is measured and not asked for again

    def _take(self, intake: Intake) -> str:
        clips = self.handed.take(intake)
        self._growing = None
        for clip in clips:
            self.clip = clip
            self._emit(ClipWritten(clip, intake.repairs))
        taken = ", ".join(f"{len(clip)} notes in {clip.bars:g} bars" for clip in clips)
        return " ".join((f"ok: {taken}", *(repair.sentence for repair in intake.repairs)))

    def answer(
        self,
        route: Route,
        *,
        branch: str = "",
        value: Any = None,
        troubles: Iterable[str] = (),
        aim: Aim | None = None,
    ) -> Answer:
        """Sum the turn up, and tell it as the last event.

        Args:
            route: The way it took.
            branch: The branch of the conversation that it is on.
            value: What it was read as.
            troubles: What went wrong beside it.
            aim: Where its clips are meant to go.
        """
        if self.clip is None:
            self.clip = self._notes_so_far()
        before, best = self._keep_the_best(), self.clip
        answers = self._answers
        usages = [answer.usage for answer in answers if answer.usage is not None]
        costs = [answer.cost_usd for answer in answers]
        failed = [error.message for error in route.failed]
        problem = self.handed.problem
        lost = self.handed.gave_up and self.clip is None
        untold = [problem] if problem and not lost else []
        troubles = [*failed, *route.remarks, *_cut(answers), *untold, *troubles]
        answer = Answer(
            text="".join((*self._texts, *self._saying)).strip(),
            clip=self.clip,
            reason=Reason.FAILED if lost else self._reason(),
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
            clips=tuple(self.handed.clips),
            repairs=self.handed.repairs([best] if self._critic and best else self.handed.clips),
            problem=_told(problem) if lost else "",
            before=before or version_before(best, self._known()),
            heard=self._critic.said if self._critic else "",
            aim=aim or Aim(),
        )
        self._emit(answer)
        return answer

    @property
    def has_heard(self) -> bool:
        """Whether the critic heard a clip: what fails after that costs a better take, and not the clip."""
        return self._critic is not None and bool(self._critic.heard)

    def _reason(self) -> Reason:
        reason = self.end.reason if self.end else Reason.FAILED
        spared = self.handed.gave_up or (reason is Reason.FAILED and self.has_heard)
        return Reason.DONE if spared else reason

    def _keep_the_best(self) -> Clip | None:
        """Go back to the best of the clips that the critic heard; give the first where it was another."""
        best = self.best
        if self._critic is None or best is None or not self._critic.heard or not self._critic.takes(best):
            return None
        if best is not self.clip:
            self.clip = best
            self._emit(ClipWritten(best, self.handed.repairs([best])))
        first = self._critic.heard[0].clip
        return None if best is first else first

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


def _told(problem: str) -> str:
    return f"no clip that can be taken came in {MOST_RETURNS + 1} attempts; the last one: {problem}"
