"""What two Conduits say to each other about a turn, beside its events."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import model_validator
from pydantic_core import PydanticSerializationError

from conduit.clients.adapter import Incoming
from conduit.engine.control import Control
from conduit.engine.limits import Limits
from conduit.errors import SetupError
from conduit.messages import Conversation, GenerationParams, Message, ToolSpec, UserMessage
from conduit.messages.content import Value

__all__ = ["Begun", "Question", "Word"]


class Question(Value):
    """A whole turn that is asked for.

    Attributes:
        messages: The conversation, from its first message; a turn of nothing is over at once.
        model: ``provider/model`` as the one who is asked knows it; empty for its own default.
        params: How to generate.
        limits: How far the turn may go; who is asked may allow less.
        response_schema: JSON schema that answers have to fit, if any.
        tools: Names of tools of the one who is asked.

    >>> Question(messages=(UserMessage.of("hello"),), limits=Limits(steps=2)).conversation().tail.text
    'hello'
    """

    messages: tuple[Message, ...]
    model: str = ""
    params: GenerationParams = GenerationParams()
    limits: Limits = Limits()
    response_schema: dict[str, Any] | None = None
    tools: tuple[str, ...] = ()

    def conversation(self) -> Conversation:
        """Give the messages as the conversation they are.

        Raises:
            ConversationError: They are in an order no model accepts.
        """
        return Conversation().extended(self.messages)

    def written(self) -> bytes:
        """Write it for the wire.

        Raises:
            SetupError: There is something in it that JSON cannot hold.
        """
        try:
            return self.model_dump_json().encode()
        except PydanticSerializationError as error:  # such as half of a surrogate pair
            raise SetupError(
                f"this turn cannot be sent, take out of it what no text can hold: {error}"
            ) from None


class Begun(Incoming):
    """The first line of an answer: the turn has begun.

    Attributes:
        id: What the turn is called while it runs.
        tools: The tools that its model is told of.

    >>> Begun.model_validate_json('{"type": "turn", "id": "f3", "later": "versions may say more"}')
    Begun(type='turn', id='f3', tools=())
    """

    type: Literal["turn"] = "turn"
    id: str
    tools: tuple[ToolSpec, ...] = ()


class Word(Value):
    """A person's word to a turn that runs elsewhere.

    Attributes:
        do: What is wanted.
        message: What is added, where the turn is steered.

    >>> control = Control()
    >>> Word(do="steer", message=UserMessage.of("darker")).to(control)
    >>> control.waiting[0].text
    'darker'
    """

    do: Literal["pause", "resume", "steer"]
    message: UserMessage | None = None

    @model_validator(mode="after")
    def _checked(self) -> Word:
        if (self.message is None) is (self.do == "steer"):
            raise ValueError("steer has a message, and nothing else has one")
        return self

    def to(self, control: Control) -> None:
        """Pass it on.

        Raises:
            ConversationError: The turn is over.
        """
        match self.do:
            case "pause":
                control.pause()
            case "resume":
                control.resume()
            case "steer" if self.message is not None:
                control.steer(self.message)
