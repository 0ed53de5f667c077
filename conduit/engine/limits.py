"""How far a turn may go, and how far it has gone. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from conduit.messages import ResponseMetadata, Usage

__all__ = ["Limits", "Reason", "Spent"]


class Reason(StrEnum):
    """Why a turn ended.

    >>> Limits(steps=3).said(Reason("step_limit"))
    '3 steps'
    """

    DONE = "done"
    PENDING = "pending"  # a plan waits for a person; the decision starts the next turn
    STEP_LIMIT = "step_limit"
    TOKEN_LIMIT = "token_limit"  # noqa: S105  not a password
    COST_LIMIT = "cost_limit"
    TIME_LIMIT = "time_limit"
    ABORTED = "aborted"  # at a person's word
    INTERRUPTED = "interrupted"  # it was cancelled from outside
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Limits:
    """How far one turn may go; None allows any amount.

    Steps, tokens and cost are looked at before each step, so the last step may go over by what it takes. Time
    ends a turn at once, also in the middle of an answer, whose beginning is kept; it stands still in a pause.

    Attributes:
        steps: How often to generate or to execute, together; at least 1.
        tokens: Tokens read and written, as the provider counts them.
        cost_usd: US dollars. An answer whose cost is not known counts as none, which ``End.remarks`` says.
        wall_s: Seconds.

    Raises:
        ValueError: An amount is less than anything can be done with.

    >>> Limits(steps=3).reached(Spent(steps=3))
    <Reason.STEP_LIMIT: 'step_limit'>
    >>> Limits(steps=40, wall_s=10).capped(Limits(steps=20, wall_s=60))
    Limits(steps=20, tokens=None, cost_usd=None, wall_s=10)
    """

    steps: int = 20
    tokens: int | None = None
    cost_usd: Decimal | float | None = None
    wall_s: float | None = None

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise ValueError(f"steps is {self.steps}; a turn has at least 1 step")
        for name in ("tokens", "cost_usd", "wall_s"):
            amount = getattr(self, name)
            if amount is not None and not amount > 0:
                raise ValueError(f"{name} is {amount}; a limit is more than 0, or None for any amount")

    def reached(self, spent: Spent) -> Reason | None:
        """Say which limit has been reached, if one has; the time is watched elsewhere."""
        if spent.steps >= self.steps:
            return Reason.STEP_LIMIT
        if self.tokens is not None and spent.tokens >= self.tokens:
            return Reason.TOKEN_LIMIT
        if self.cost_usd is not None and spent.known_cost_usd >= Decimal(str(self.cost_usd)):
            return Reason.COST_LIMIT
        return None

    def said(self, reason: Reason) -> str:
        """Name the limit behind a reason, such as ``20 steps``."""
        return _SAID[reason](self)

    def capped(self, most: Limits) -> Limits:
        """Give the narrower of two limits, each amount for itself."""
        return Limits(
            steps=min(self.steps, most.steps),
            tokens=_least(self.tokens, most.tokens),
            cost_usd=_least(self.cost_usd, most.cost_usd),
            wall_s=_least(self.wall_s, most.wall_s),
        )

    def remarks(self, spent: Spent) -> tuple[str, ...]:
        """Say which limits could not be held, because what was used is not known."""
        remarks = []
        if self.cost_usd is not None and spent.unpriced:
            remarks.append(f"the cost of {_answers(spent.unpriced)} is not known and was counted as none")
        if self.tokens is not None and spent.uncounted:
            remarks.append(
                f"the tokens of {_answers(spent.uncounted)} are not known and were counted as none"
            )
        return tuple(remarks)


@dataclass(frozen=True, slots=True)
class Spent:
    """What a turn has used up so far. An answer that was kept from an earlier time uses nothing.

    Attributes:
        steps: Generations and executions that came to their end.
        usage: The known tokens; None before any are known.
        known_cost_usd: The known costs in US dollars.
        answers: Whole answers.
        uncounted: Answers whose tokens are not known.
        unpriced: Answers whose cost is not known.

    >>> Spent().answered(None).executed()
    Spent(steps=2, usage=None, known_cost_usd=Decimal('0'), answers=1, uncounted=1, unpriced=1)
    """

    steps: int = 0
    usage: Usage | None = None
    known_cost_usd: Decimal = Decimal(0)
    answers: int = 0
    uncounted: int = 0
    unpriced: int = 0

    @property
    def tokens(self) -> int:
        """The known tokens, read and written."""
        return self.usage.input_tokens + self.usage.output_tokens if self.usage else 0

    @property
    def cost_usd(self) -> Decimal | None:
        """What it cost in US dollars; None where a price is not known, or nothing was answered."""
        return self.known_cost_usd if self.answers and not self.unpriced else None

    def answered(self, metadata: ResponseMetadata | None) -> Spent:
        """Count an answer; None where nothing is known of it."""
        usage, cost = (metadata.usage, metadata.cost_usd) if metadata else (None, None)
        if metadata and metadata.cached:
            usage, cost = Usage(), Decimal(0)
        return replace(
            self,
            steps=self.steps + 1,
            usage=self.usage if usage is None else (self.usage or Usage()) + usage,
            known_cost_usd=self.known_cost_usd + (cost or 0),
            answers=self.answers + 1,
            uncounted=self.uncounted + (usage is None),
            unpriced=self.unpriced + (cost is None),
        )

    def executed(self) -> Spent:
        """Count a round of tools."""
        return replace(self, steps=self.steps + 1)


# How the limit behind a reason reads.
_SAID: dict[Reason, Callable[[Limits], str]] = {
    Reason.STEP_LIMIT: lambda limits: "1 step" if limits.steps == 1 else f"{limits.steps} steps",
    Reason.TOKEN_LIMIT: lambda limits: f"{limits.tokens} tokens",
    Reason.COST_LIMIT: lambda limits: f"${limits.cost_usd}",
    Reason.TIME_LIMIT: lambda limits: f"{limits.wall_s:g} s",
}


def _least(one: Any, other: Any) -> Any:
    return min((amount for amount in (one, other) if amount is not None), default=None)


def _answers(number: int) -> str:
    return "1 answer" if number == 1 else f"{number} answers"
