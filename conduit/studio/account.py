"""What came of a question, in order: words, thoughts, tools, clips and plans, while they come and afterwards.

An account is filled on the studio's loop, whoever asked, so a face that looks later sees what another one sees.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

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
from conduit.studio.account_parts import Called, Noted, Part, Planned, Said, Steer, Written
from conduit.studio.answer import Answer, ClipGrew, ClipWritten, PlanProposed, StudioEvent
from conduit.studio.question import Question

__all__ = ["Account"]

_numbers = itertools.count(1)


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
        begun: Set once it is on its way, or over.

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
        self.begun = asyncio.Event()
        self._part_numbers = itertools.count()
        self._whole = 0  # of the parts, those that belong to messages that are whole
        self._open: dict[int, Said | Called] = {}  # of the message that is being written, by their places
        self._by_words = False

    def begins(self, asking: Asked[Any]) -> None:
        """Note the question that is on its way."""
        self.asking = asking
        self.begun.set()

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
                self.parts.append(Planned(plan.id, self._next()))
            case Steered(message=message):
                self._steered(message)
            case Mending(problems=problems):
                self.parts.append(Noted(f"asked again: {'; '.join(problems)}", self._next()))
            case Advanced(conversation=talk) if talk.tip is not None:
                self.nodes.add(talk.tip.id)
            case Answer():
                self._answered(event)

    def steered(self, message: UserMessage, text: str) -> None:
        """Note what a person adds; the model sees it with its next step."""
        self.parts.append(Steer(message, text, number=self._next()))

    def over(self, error: str = "") -> None:
        """Note that it is over."""
        self.running, self.error = False, error
        self.begun.set()
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

    def _next(self) -> int:
        return next(self._part_numbers)

    def _written(self, event: PartStart | TextDelta | ReasoningDelta | ToolCallDelta | PartEnd) -> None:
        if isinstance(event, PartStart):
            number = self._next()
            part = (
                Called(event.id, event.name, number=number)
                if event.kind == "tool_call"
                else Said(event.kind == "reasoning", number=number)
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
            # What a person added still waits, whoever answers in the end.
            waiting = [part for part in self.parts[self._whole :] if isinstance(part, Steer)]
            note = Noted(f"The answer broke off, and {event.provider} begins anew.", self._next())
            self.parts[self._whole :] = [note, *waiting]
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
                self.parts.append(growing := Written(number=self._next()))
            growing.grew = event
            return
        if any(event.clip is clip for clip in self.clips):
            return  # the best of those that came, told again
        if growing is None:
            self.parts.append(growing := Written(number=self._next()))
            self._by_words = not any(isinstance(part, Called) for part in self.parts[-3:])
        growing.clip, growing.grew = event.clip, None
        growing.repairs = tuple(repair.sentence for repair in event.repairs)

    def _called(self, call: ToolCallPart) -> Called:
        for part in reversed(self.parts):
            if isinstance(part, Called) and part.call_id == call.id:
                return part
        part = Called(call.id, call.name, number=self._next())
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
                part.put(answer.text)


def _text_of(part: TextPart | ReasoningPart | ToolCallPart) -> str:
    return part.arguments if isinstance(part, ToolCallPart) else part.text
