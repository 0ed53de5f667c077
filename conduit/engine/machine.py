"""The state machine that moves a conversation on. Pure: it says what is to be done and is told the outcome.

What is to be done next depends on where the turn stands and on what the conversation has come to end with, and
stands in one table; ``diagram`` draws it. A turn begins, as it ends, in TERMINATE: the conversation rests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from conduit.engine.limits import Limits, Reason, Spent
from conduit.messages import (
    AssistantMessage,
    Conversation,
    Message,
    ResponseMetadata,
    SystemMessage,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    Usage,
    UserMessage,
)

__all__ = ["TRANSITIONS", "End", "Event", "Execute", "Generate", "Progress", "Reason", "State"]


class State(StrEnum):
    """What is to be done next.

    >>> TRANSITIONS[State.GENERATE, Event.CALLS] is State.EXECUTE
    True
    """

    GENERATE = "generate"
    EXECUTE = "execute"
    TERMINATE = "terminate"


class Event(StrEnum):
    """What a conversation has come to end with, or what stopped it.

    >>> (State.EXECUTE, Event.USER) in TRANSITIONS
    False
    """

    NOTHING = "nothing"
    SYSTEM = "system"
    USER = "user"  # asked, or added while the turn runs
    CALLS = "calls"  # the model wants tools
    ANSWER = "answer"  # the model has said what it has to say
    RESULTS = "results"  # every tool has answered
    PLAN = "plan"  # and one of the results is a plan that waits for a person
    STOP = "stop"  # a limit, a person, a cancellation or a failure


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.TERMINATE, Event.NOTHING): State.TERMINATE,
    (State.TERMINATE, Event.SYSTEM): State.TERMINATE,
    (State.TERMINATE, Event.USER): State.GENERATE,
    (State.TERMINATE, Event.RESULTS): State.GENERATE,  # a turn that was stopped there is taken up
    (State.TERMINATE, Event.CALLS): State.EXECUTE,  # as above
    (State.TERMINATE, Event.ANSWER): State.TERMINATE,
    (State.TERMINATE, Event.STOP): State.TERMINATE,
    (State.GENERATE, Event.USER): State.GENERATE,
    (State.GENERATE, Event.CALLS): State.EXECUTE,
    (State.GENERATE, Event.ANSWER): State.TERMINATE,
    (State.GENERATE, Event.STOP): State.TERMINATE,
    (State.EXECUTE, Event.RESULTS): State.GENERATE,
    (State.EXECUTE, Event.PLAN): State.TERMINATE,
    (State.EXECUTE, Event.STOP): State.TERMINATE,
}
"""Every move a turn can make. In EXECUTE nobody speaks before every call has its result."""


@dataclass(frozen=True, slots=True)
class Generate:
    """Ask the model to go on from here.

    >>> Generate(Conversation().add(UserMessage.of("bass"))).conversation.tail.text
    'bass'
    """

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class Execute:
    """Run these tools.

    >>> [call.name for call in Execute((ToolCallPart(id="1", name="tempo"),)).calls]
    ['tempo']
    """

    calls: tuple[ToolCallPart, ...]


@dataclass(frozen=True, slots=True)
class End:
    """The turn is over. Terminal, exactly one a turn.

    Attributes:
        conversation: Where it ended; valid, with every call answered.
        reason: Why it ended.
        usage: The known tokens of whole answers, summed; None where the provider does not count.
        cost_usd: What they cost in US dollars; None where a price is not known.
        steps: Generations and executions that came to their end.
        remarks: Which limits could not be held, and why, a sentence each.

    >>> End(Conversation(), Reason.ABORTED).reason.value
    'aborted'
    """

    conversation: Conversation
    reason: Reason
    usage: Usage | None = None
    cost_usd: Decimal | None = None
    steps: int = 0
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a turn has come. A value: each outcome gives the next one.

    Attributes:
        conversation: What has been said.
        state: What is to be done next.
        reason: Why it ended, where the state is TERMINATE.
        spent: What it has used up.

    >>> asked = Progress.begin(Conversation().add(UserMessage.of("hello")))
    >>> type(asked.step(Limits())).__name__
    'Generate'
    >>> asked.answered(AssistantMessage()).step(Limits()).reason
    <Reason.DONE: 'done'>
    """

    conversation: Conversation
    state: State = State.TERMINATE
    reason: Reason = Reason.DONE
    spent: Spent = field(default_factory=Spent)

    @classmethod
    def begin(cls, conversation: Conversation) -> Progress:
        """Take a conversation up where it rests, whatever it ends with."""
        return cls(conversation).after(_ends_with(conversation))

    def step(self, limits: Limits) -> Generate | Execute | End:
        """Say what is to be done; ``End`` also where a limit has been reached before it could be done."""
        bounded = self.bounded(limits)
        match bounded.state:
            case State.GENERATE:
                return Generate(self.conversation)
            case State.EXECUTE:
                return Execute(self.conversation.open_calls)
            case State.TERMINATE:
                return bounded.end(limits)

    def bounded(self, limits: Limits) -> Progress:
        """Stop the turn if something is left to do and a limit has been reached."""
        reason = None if self.state is State.TERMINATE else limits.reached(self.spent)
        if reason is None:
            return self
        return self.stopped(reason, note=f"not run: the turn reached its limit of {limits.said(reason)}")

    def answered(self, message: AssistantMessage, metadata: ResponseMetadata | None = None) -> Progress:
        """Take the model's answer."""
        event = Event.CALLS if message.tool_calls else Event.ANSWER
        return self.after(event, self.conversation.add(message), self.spent.answered(metadata))

    def executed(self, results: tuple[ToolResultPart, ...], *, pending: bool = False) -> Progress:
        """Take the results of every open call, in order.

        Args:
            results: One a call.
            pending: Whether one of them is a plan that waits.
        """
        talk = self.conversation
        for result in results:
            talk = talk.add(ToolMessage(result=result))
        return self.after(Event.PLAN if pending else Event.RESULTS, talk, self.spent.executed())

    def steered(self, message: UserMessage) -> Progress:
        """Take a message that a person adds; the turn goes on even if it was over.

        Raises:
            ConversationError: Calls wait for their results; nobody may speak before those.
        """
        return self.after(Event.USER, self.conversation.add(message))

    def stopped(
        self,
        reason: Reason,
        *,
        note: str,
        partial: AssistantMessage | None = None,
        results: Mapping[str, ToolResultPart] | None = None,
    ) -> Progress:
        """End the turn where it stands, and keep what had come.

        Args:
            reason: Why.
            note: What is said in place of the results that are missing.
            partial: What had come of the answer that was being written.
            results: What had come of the tools that were running, by the ids of their calls.
        """
        talk = self.conversation
        if partial is not None and partial.parts:
            talk = talk.add(partial)
        for call in talk.open_calls:
            missing = ToolResultPart(call_id=call.id, name=call.name, text=note, is_error=True)
            talk = talk.add(ToolMessage(result=(results or {}).get(call.id, missing)))
        return replace(self.after(Event.STOP, talk), reason=reason)

    def end(self, limits: Limits) -> End:
        """Sum the turn up."""
        spent, remarks = self.spent, limits.remarks(self.spent)
        return End(self.conversation, self.reason, spent.usage, spent.cost_usd, spent.steps, remarks)

    def after(
        self, event: Event, conversation: Conversation | None = None, spent: Spent | None = None
    ) -> Progress:
        """Give the progress after an event, as the table has it."""
        return Progress(
            conversation=self.conversation if conversation is None else conversation,
            state=TRANSITIONS[self.state, event],
            reason=Reason.PENDING if event is Event.PLAN else Reason.DONE,
            spent=spent or self.spent,
        )


def _ends_with(conversation: Conversation) -> Event:
    """Say what a conversation at rest ends with."""
    if conversation.open_calls:
        return Event.CALLS
    tail: Message | None = conversation.tail
    match tail:
        case None:
            return Event.NOTHING
        case SystemMessage():
            return Event.SYSTEM
        case UserMessage():
            return Event.USER
        case ToolMessage():
            return Event.RESULTS
        case AssistantMessage():
            return Event.ANSWER
