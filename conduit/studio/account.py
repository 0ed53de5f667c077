"""What came of a question, in order: words, thoughts, tools, clips and plans, while they come and afterwards.

An account is filled on the studio's loop, whoever asked, so a face that looks later sees what another one sees.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from conduit.channel.asking import Question as Asked
from conduit.channel.reply import Mending
from conduit.composer import WRITE_CLIP
from conduit.engine.events import Advanced, Steered, ToolFinished, ToolStarted
from conduit.messages import (
    Conversation,
    MessageEnd,
    PartEnd,
    PartStart,
    ReasoningDelta,
    ReasoningPart,
    Restart,
    TextDelta,
    TextPart,
    ToolCallDelta,
    ToolCallPart,
    UserMessage,
)
from conduit.music import Clip
from conduit.studio.answer import Answer, ClipGrew, ClipWritten, PlanProposed, StudioEvent
from conduit.studio.question import Question

__all__ = ["Account", "Called", "Noted", "Part", "Planned", "Said", "Steer", "Written"]

CallState = Literal["writing", "running", "done", "failed", "waiting"]

_numbers = itertools.count(1)


@dataclass(slots=True, eq=False)
class Said:
    """Words, or a thought.

    Attributes:
        is_thought: Whether it is a thought.
        open: Whether more may come.

    >>> said = Said()
    >>> said.add("four "), said.add("bars")
    (None, None)
    >>> said.text
    'four bars'
    """

    is_thought: bool = False
    open: bool = True
    _pieces: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Take more of it."""
        self._pieces.append(text)

    @property
    def text(self) -> str:
        """All of it so far; the work is linear in what came since it was last looked at."""
        if len(self._pieces) > 1:
            self._pieces[:] = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""


@dataclass(slots=True, eq=False)
class Called:
    """A tool that the model called.

    Attributes:
        call_id: Ties the result to the call.
        name: The tool's name.
        arguments: What it was given, as JSON; grows while it is written.
        state: Where it stands; ``waiting`` is for a person's decision.
        result: What it answered.
        plan_id: The plan that it made; empty where it made none.
    """

    call_id: str
    name: str
    arguments: Said = field(default_factory=Said)
    state: CallState = "writing"
    result: str = ""
    plan_id: str = ""


@dataclass(slots=True, eq=False)
class Written:
    """A clip, whole or as far as it has come.

    Attributes:
        grew: What has come, while it is being written.
        clip: The clip, once it is whole.
        repairs: What was put right in it, a sentence each.
    """

    grew: ClipGrew | None = None
    clip: Clip | None = None
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan that the model made."""

    plan_id: str


@dataclass(slots=True, eq=False)
class Steer:
    """What a person added while the answer came.

    Attributes:
        message: The message.
        text: Its words, as they were typed.
        taken: Whether the model has seen it.
    """

    message: UserMessage
    text: str
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Noted:
    """Something to know, in words."""

    text: str


Part = Said | Called | Written | Planned | Steer | Noted


class Account:
    """What came of one question. Everything here runs on the studio's loop.

    Args:
        question: What was asked.
        face: Where it was asked, such as ``cell``.

    Attributes:
        id: Its number in this process.
        question: As above.
        face: As above.
        talk: The name of the conversation that it was asked in.
        after: The id of the conversation's node that it was asked after; empty before the first.
        began_at: When it was asked, in seconds since 1970.
        parts: What came, in order.
        nodes: The ids of the conversation's nodes that tell of it.
        answer: The answer, once it is over.
        error: Why it failed; empty where it did not.
        running: Whether it is under way.
        stop: Ends it, with what has come.
        asking: The question on its way, once it is.

    >>> account = Account(Question("a bass line"))
    >>> account.on(PartStart(index=0, kind="text"))
    >>> account.on(TextDelta(index=0, text="Here."))
    >>> [part.text for part in account.parts]
    ['Here.']
    """

    def __init__(self, question: Question, *, face: str = "") -> None:
        self.id = f"a{next(_numbers)}"
        self.question = question
        self.face = face
        self.talk = ""
        self.after = ""
        self.began_at = time.time()
        self.parts: list[Part] = []
        self.nodes: set[str] = set()
        self.answer: Answer | None = None
        self.error = ""
        self.running = True
        self.stop: Callable[[], None] = lambda: None
        self.asking: Asked[Any] | None = None
        self._whole = 0  # of the parts, those that belong to messages that are whole
        self._open: dict[int, Said | Called] = {}  # of the message that is being written, by their places
        self._by_words = False

    def on(self, event: StudioEvent) -> None:
        """Take an event of the turn."""
        match event:
            case PartStart() | TextDelta() | ReasoningDelta() | ToolCallDelta() | PartEnd():
                self._written(event)
            case MessageEnd() | Restart():
                self._ended(event)
            case ClipGrew() | ClipWritten():
                self._clip(event)
            case ToolStarted(call=call):
                self._called(call).state = "running"
            case ToolFinished(call=call):
                self._finished(self._called(call), event)
            case _:
                self._told(event)

    def _told(self, event: StudioEvent) -> None:
        match event:
            case PlanProposed(plan=plan):
                self.parts.append(Planned(plan.id))
            case Steered(message=message):
                self._steered(message)
            case Mending(problems=problems):
                self.parts.append(Noted(f"asked again: {'; '.join(problems)}"))
            case Advanced(conversation=talk) if talk.tip is not None:
                self.nodes.add(talk.tip.id)
            case Answer():
                self._answered(event)

    def steered(self, message: UserMessage, text: str) -> None:
        """Note what a person adds; the model sees it with its next step."""
        self.parts.append(Steer(message, text))

    def over(self, error: str = "") -> None:
        """Note that it is over."""
        self.running, self.error = False, error
        self._close()
        for part in self.parts:
            if isinstance(part, Called) and part.state in {"writing", "running"}:
                part.state = "failed"
            elif isinstance(part, Written) and part.clip is None:
                part.clip, part.grew = (self.answer.clip if self.answer else None), None
        self.parts = [part for part in self.parts if not isinstance(part, Written) or part.clip is not None]

    @property
    def asked(self) -> Conversation | None:
        """The conversation that ends with the question, once it is put."""
        return self.asking.asked if self.asking is not None else None

    @property
    def plans(self) -> set[str]:
        """Ids of the plans that the model made."""
        return {part.plan_id for part in self.parts if isinstance(part, Planned)}

    @property
    def clips(self) -> Iterator[Clip]:
        """The clips that are whole."""
        return (part.clip for part in self.parts if isinstance(part, Written) and part.clip is not None)

    def _written(self, event: PartStart | TextDelta | ReasoningDelta | ToolCallDelta | PartEnd) -> None:
        if isinstance(event, PartStart):
            part = (
                Called(event.id, event.name) if event.kind == "tool_call" else Said(event.kind == "reasoning")
            )
            self._open[event.index] = part
            self.parts.append(part)
            return
        part_ = self._open.get(event.index)
        if part_ is None:
            return
        said = part_.arguments if isinstance(part_, Called) else part_
        match event:
            case TextDelta(text=text) | ReasoningDelta(text=text):
                said.add(text)
            case ToolCallDelta(arguments=text):
                said.add(text)
            case PartEnd(part=whole):
                said.open = False
                if not said.text:
                    said.add(_text_of(whole))

    def _ended(self, event: MessageEnd | Restart) -> None:
        self._close()
        if isinstance(event, Restart):
            del self.parts[self._whole :]
            self.parts.append(Noted(f"The answer broke off, and {event.provider} begins anew."))
        self._whole = len(self.parts)

    def _close(self) -> None:
        for part in self._open.values():
            (part.arguments if isinstance(part, Called) else part).open = False
        self._open.clear()

    def _clip(self, event: ClipGrew | ClipWritten) -> None:
        growing = next(
            (part for part in reversed(self.parts) if isinstance(part, Written) and part.clip is None), None
        )
        if isinstance(event, ClipGrew):
            if growing is None:
                self.parts.append(growing := Written())
            growing.grew = event
            return
        if any(event.clip is clip for clip in self.clips):
            return  # the best of those that came, told again
        if growing is None:
            self.parts.append(growing := Written())
            self._by_words = not any(isinstance(part, Called) for part in self.parts[-3:])
        growing.clip, growing.grew = event.clip, None
        growing.repairs = tuple(repair.sentence for repair in event.repairs)

    def _called(self, call: ToolCallPart) -> Called:
        for part in reversed(self.parts):
            if isinstance(part, Called) and part.call_id == call.id:
                return part
        part = Called(call.id, call.name)
        part.arguments.add(call.arguments)
        self.parts.append(part)
        return part

    def _finished(self, part: Called, event: ToolFinished) -> None:
        outcome = event.outcome
        part.result, part.plan_id = outcome.result.text, outcome.plan_id or ""
        part.state = "failed" if outcome.result.is_error else "waiting" if outcome.plan_id else "done"
        if part.name == WRITE_CLIP and outcome.result.is_error:
            self.parts = [one for one in self.parts if not isinstance(one, Written) or one.clip is not None]
        self._whole = len(self.parts)

    def _steered(self, message: UserMessage) -> None:
        """Put what a person added where the model sees it."""
        waiting = next(
            (part for part in self.parts if isinstance(part, Steer) and part.message == message), None
        )
        if waiting is None:
            return  # the critic's own words
        waiting.taken = True
        self.parts.remove(waiting)
        self.parts.append(waiting)
        self._whole = len(self.parts)

    def _answered(self, answer: Answer) -> None:
        """Take the end; where a clip stood in words, it is left out of them."""
        self.answer = answer
        if self._by_words:
            words = [part for part in self.parts if isinstance(part, Said) and not part.is_thought]
            self.parts = [part for part in self.parts if part not in words[:-1]]
            for part in words[-1:]:
                part._pieces[:] = [answer.text]  # noqa: SLF001  its own part


def _text_of(part: TextPart | ReasoningPart | ToolCallPart) -> str:
    return part.arguments if isinstance(part, ToolCallPart) else part.text
