"""One question to a channel, until there is an answer that can be read. Runs on the home's loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from time import perf_counter
from typing import Any, Generic, Protocol, TypeVar, cast

from conduit.channel.parser import Parser
from conduit.channel.reply import ChannelEvent, Mending, Partial, Reply
from conduit.channel.talk import Line, Talk
from conduit.engine.control import Control
from conduit.engine.events import Advanced, ToolFinished, TurnEvent
from conduit.engine.limits import Limits, Reason
from conduit.engine.machine import End
from conduit.errors import ConversationError, ParseError
from conduit.messages import (
    AssistantMessage,
    Conversation,
    MessageEnd,
    Restart,
    StopReason,
    TextDelta,
    Usage,
    UserMessage,
)

__all__ = ["Asking", "Runs"]

T = TypeVar("T")

_CUT_OFF = "it was cut off at the greatest length (max_tokens): write a shorter one"
_FINEST = 64  # a value that grows is read anew when it is longer by a 64th, so reading stays linear


class Runs(Protocol):
    """What moves a conversation on: an ``Engine``, here or elsewhere."""

    async def run(
        self, conversation: Conversation, *, emit: Callable[[TurnEvent], None], control: Control | None = None
    ) -> End:
        """Move it on."""


@dataclass(frozen=True, slots=True)
class Asking(Generic[T]):
    """How a channel asks.

    Attributes:
        engine: Gives what moves the conversation on, within limits.
        parser: What the answer is read by.
        limits: How far one question may go, with all its answers.
        window_tokens: How much of the conversation the model is shown, in tokens; None for all of it.
    """

    engine: Callable[[Limits], Runs]
    parser: Parser[T] | None
    limits: Limits
    window_tokens: int | None = None


class Question(Generic[T]):
    """One question under way.

    Attributes:
        branch: The branch that it is on, once it is over.
        loop: Where it runs.
        control: Holds on to the answer that is being made.
        asked: Ends with the question, once it is put.
    """

    def __init__(self, how: Asking[T], talk: Talk, emit: Callable[[ChannelEvent], None]) -> None:
        self.loop = asyncio.get_running_loop()
        self.control = Control()
        self._how = how
        self._talk = talk
        self._emit = emit
        self._seen = Conversation()
        self._line: Line
        self.branch = ""
        self.asked: Conversation | None = None
        self._ends: list[End] = []
        self._plans: list[str] = []
        self._partial = _Growing(how.parser)
        self._said = ""
        self._stop = StopReason.STOP
        self._started = perf_counter()

    async def answer(self, question: UserMessage | None) -> Reply[T]:
        """Ask, and ask again while the answer cannot be read.

        Raises:
            ConduitError: The model failed; what had come is in the tree.
            ParseError: The last answer could not be read either.
        """
        self._line = self._talk.begin(question)
        self.asked = self._line.asked
        try:
            read = await self._until_read()
        finally:
            self.branch = self._talk.end(self._line)
            if self._ends:
                self._emit(self._summed())
        return self._reply(read)

    async def _until_read(self) -> T | ParseError:
        parser, limits = self._how.parser, self._how.limits
        while True:
            end = await self._once(limits)
            text = self._said = self._text()
            if parser is None:
                return cast("T", text)  # T is str where there is no parser
            try:
                return parser.read(text)
            except ParseError as error:
                error.attempts = len(self._ends)
                if self._stop is StopReason.LENGTH:
                    error.problems.insert(0, _CUT_OFF)
                left = self._left()
                if end.reason is not Reason.DONE:
                    return _unread(error, end.reason)
                if error.attempts > parser.retries or left is None:
                    raise
                limits = left
                self._mend(parser.mend(error), error)

    async def _once(self, limits: Limits) -> End:
        """Let the engine answer what stands there now."""
        paused, self.control = self.control.paused, Control() if self._ends else self.control
        if paused:
            self.control.pause()
        whole, most = self._line.now, self._how.window_tokens
        self._seen = whole if most is None else whole.window_tokens(most)
        self._partial.clear()
        return await self._how.engine(limits).run(self._seen, emit=self._on, control=self.control)

    def _mend(self, text: str, error: ParseError) -> None:
        self._emit(Mending(tuple(error.problems), error.attempts))
        self._advance(Advanced(self._line.now.add(UserMessage.of(text))))

    def _on(self, event: TurnEvent) -> None:
        match event:
            case Advanced(conversation=shown):
                # What was shown may be a window; what was added to it is added to the whole.
                whole = self._line.now.extended(shown.since(self._seen))
                self._seen = shown
                self._advance(replace(event, conversation=whole))
            case End():
                self._ends.append(event)
            case ToolFinished(outcome=outcome):
                self._plans.extend([outcome.plan_id] if outcome.plan_id else [])
                self._emit(event)
            case _:
                self._emit(event)
                self._grow(event)

    def _advance(self, event: Advanced) -> None:
        if event.metadata is not None:
            self._stop = event.metadata.stop_reason
        self._talk.advance(self._line, event.conversation, event.metadata)
        self._emit(event)

    def _grow(self, event: TurnEvent) -> None:
        match event:
            case Restart() | MessageEnd():
                self._partial.clear()
            case TextDelta(text=text):
                partial = self._partial.add(text)
                if partial is not None:
                    self._emit(partial)

    def _text(self) -> str:
        said = self._line.now.since(self._line.asked)
        texts = (message.text for message in reversed(said) if isinstance(message, AssistantMessage))
        return next(filter(None, texts), "")

    def _left(self) -> Limits | None:
        """Give what is left of the limits; None where nothing is."""
        limits, summed = self._how.limits, self._summed()
        tokens = summed.usage.input_tokens + summed.usage.output_tokens if summed.usage else 0
        try:
            return Limits(
                steps=limits.steps - summed.steps,
                tokens=None if limits.tokens is None else limits.tokens - tokens,
                cost_usd=None
                if limits.cost_usd is None
                else Decimal(str(limits.cost_usd)) - (summed.cost_usd or 0),
                wall_s=None if limits.wall_s is None else limits.wall_s - (perf_counter() - self._started),
            )
        except ValueError:
            return None

    def _summed(self) -> End:
        """Sum up what the engine's turns came to."""
        usages = [end.usage for end in self._ends if end.usage is not None]
        costs = [end.cost_usd for end in self._ends]
        known = [cost for cost in costs if cost is not None]
        last = self._ends[-1]
        return replace(
            last,
            conversation=self._line.now,
            usage=sum(usages, Usage()) if usages else None,
            cost_usd=sum(known, Decimal(0)) if known and len(known) == len(costs) else None,
            steps=sum(end.steps for end in self._ends),
            remarks=tuple(dict.fromkeys(remark for end in self._ends for remark in end.remarks)),
        )

    def _reply(self, read: T | ParseError) -> Reply[T]:
        end = self._summed()
        return Reply(
            text=self._said,
            conversation=self._line.now,
            reason=end.reason,
            branch=self.branch,
            usage=end.usage,
            cost_usd=end.cost_usd,
            plans=tuple(self._plans),
            duration_s=perf_counter() - self._started,
            remarks=end.remarks,
            read=read,
        )

    @property
    def came(self) -> bool:
        """Whether anything came of it, once it is over."""
        return bool(self._ends) and self._line.now != self._line.before

    @property
    def talk(self) -> str:
        """The name of the conversation that it is asked in."""
        return self._talk.tree.name

    @property
    def now(self) -> Conversation | None:
        """How far it has come, once it is put."""
        return None if self.asked is None else self._line.now

    def steer(self, message: UserMessage | str) -> None:
        """Add a message to the answer that is being made.

        Raises:
            ConversationError: It is over.
        """
        if self.control.over:
            raise ConversationError("the answer is there already; ask it as the next question")
        self.control.steer(message)


class _Growing:
    """A value while it comes."""

    def __init__(self, parser: Parser[Any] | None) -> None:
        self._parser = parser
        self._text = ""
        self._read = 0
        self._last: Any = None

    def clear(self) -> None:
        self._text, self._read, self._last = "", 0, None

    def add(self, text: str) -> Partial | None:
        """Take more text; give the value if it has grown."""
        if self._parser is None:
            return None
        self._text += text
        if len(self._text) - self._read < len(self._text) // _FINEST:
            return None
        self._read = len(self._text)
        value = self._parser.partial(self._text)
        if value is None or value == self._last:
            return None
        self._last = value
        return Partial(value)


def _unread(error: ParseError, reason: Reason) -> ParseError:
    said = f"the turn ended ({reason}) before there was an answer that can be read"
    return ParseError(said, received=error.received, problems=error.problems, attempts=error.attempts)
