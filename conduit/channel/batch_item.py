"""One item of a batch: what was put in, what came out, and how that is stored. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from sys import intern
from typing import Any, Generic, TypeVar

from conduit.errors import ConduitError
from conduit.messages import Usage
from conduit.messages.content import Value

__all__ = ["Item", "Outcome"]

T = TypeVar("T")


class Outcome(Value):
    """What became of an item, as it is stored and as a cluster sends it back.

    Attributes:
        text: What the model wrote; the value is read from it anew, so a stored item needs no type.
        error: What went wrong, as the object that ``ConduitError.to_json`` writes; None where nothing did.
        provider: Who answered.
        model: The model that answered.
        stop: Why the answer ended.
        usage: Tokens of every call that was made for it; None where none is known.
        cost_usd: What those cost; None where no price is known.
        duration_s: Seconds that the calls took.
        calls: How many answers came: more than one where a parser sent some back.

    >>> Outcome(text="F minor", provider="offline", calls=1).line()
    '{"text":"F minor","provider":"offline","calls":1}'
    """

    text: str = ""
    error: dict[str, Any] | None = None
    provider: str = ""
    model: str = ""
    stop: str = ""
    usage: Usage | None = None
    cost_usd: Decimal | None = None
    duration_s: float = 0.0
    calls: int = 0

    @property
    def failure(self) -> ConduitError | None:
        """The error itself."""
        return None if self.error is None else ConduitError.from_json(json.dumps(self.error))

    def line(self) -> str:
        """Write it as JSON, without what goes without saying."""
        return self.model_dump_json(exclude_defaults=True)

    def failed(self, error: ConduitError) -> Outcome:
        """Give the same with what went wrong in the end."""
        return self.model_copy(update={"error": json.loads(error.to_json())})


@dataclass(frozen=True, slots=True)
class Item(Generic[T]):
    """One item of a batch's result.

    Attributes:
        index: Its place among the inputs, from 0.
        input: What was put in, as it was given.
        text: What the model wrote.
        value: What the parser read from it, the text itself without a parser; None where it failed.
        error: What went wrong; None where nothing did.
        provider: Who answered.
        model: The model that answered.
        stop: Why the answer ended, such as ``stop`` or ``length``.
        usage: Tokens of every call for it; None where none is known.
        cost_usd: What those cost; None where no price is known.
        duration_s: Seconds that the calls took.
        calls: How many answers came: more than one where a parser sent some back.

    >>> Item.of(Outcome(text="12", calls=1), index=0, input="how many?", value=12).value
    12
    """

    index: int
    input: Any
    text: str
    value: T | None
    error: ConduitError | None = None
    provider: str = ""
    model: str = ""
    stop: str = ""
    usage: Usage | None = None
    cost_usd: Decimal | None = None
    duration_s: float = 0.0
    calls: int = 0

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return self.error is None

    @classmethod
    def of(
        cls,
        outcome: Outcome,
        *,
        index: int,
        input: Any,  # noqa: A002  the name of the attribute
        value: T | None,
        error: ConduitError | None = None,
    ) -> Item[T]:
        """Make an item of what became of it.

        Args:
            outcome: What became of it.
            index: Its place among the inputs.
            input: What was put in.
            value: What was read from the outcome's text.
            error: What went wrong, where the outcome does not say it.
        """
        return cls(
            index=index,
            input=input,
            text=outcome.text,
            value=value,
            error=outcome.failure or error,
            # Ten thousand items have two or three names among them.
            provider=intern(outcome.provider),
            model=intern(outcome.model),
            stop=intern(outcome.stop),
            usage=outcome.usage,
            cost_usd=outcome.cost_usd,
            duration_s=outcome.duration_s,
            calls=outcome.calls,
        )
