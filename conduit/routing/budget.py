"""How much a cell or a session may use up, and a meter that says stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from conduit.errors import BudgetExceeded
from conduit.messages import Usage

__all__ = ["Budget", "Meter"]


@dataclass(frozen=True, slots=True)
class Budget:
    """What is allowed; None allows any amount.

    Attributes:
        scope: Who has it: ``cell`` or ``session``.
        calls: Calls to models, failed ones among them.
        tokens: Tokens read and written.
        cost_usd: US dollars.
        wall_s: Seconds.
        how: How to allow more, in the words of the face that set it, such as ``--max-calls 40``; it ends the
            message of the error.

    Raises:
        ValueError: An amount is less than none.
    """

    scope: Literal["cell", "session"]
    calls: int | None = None
    tokens: int | None = None
    cost_usd: Decimal | None = None
    wall_s: float | None = None
    how: str = ""

    def __post_init__(self) -> None:
        for name in _SHOWN:
            amount = getattr(self, name)
            if amount is not None and not amount >= 0:
                raise ValueError(f"{name} is {amount}; a budget is 0 or more, or None for any amount")


# What there is to run out of, in the order of the report, and how an amount of it reads.
_SHOWN: dict[str, Callable[[float], str]] = {
    "calls": lambda amount: f"{amount:.0f} calls",
    "tokens": lambda amount: f"{amount:,.0f} tokens",
    "cost_usd": lambda amount: f"${amount:.4f}" if amount < 1 else f"${amount:.2f}",
    "wall_s": lambda amount: f"{amount:.1f} s",
}


class Meter:
    """Measures use against one budget. Its time begins when it is made.

    Several meters may stand over one call, a cell's and a session's: check and count with each. Calls made at
    once are counted when they end, so they may go over a limit by what is under way.

    Args:
        budget: What is allowed.
        clock: Seconds, never going back.

    Attributes:
        budget: What is allowed.
        calls: Calls so far.
        tokens: Tokens so far.
        cost_usd: The known costs so far; unknown ones do not count.
    """

    def __init__(self, budget: Budget, *, clock: Callable[[], float]) -> None:
        self.budget = budget
        self.calls = 0
        self.tokens = 0
        self.cost_usd = Decimal(0)
        self._clock = clock
        self._began = clock()

    @property
    def wall_s(self) -> float:
        """Seconds so far."""
        return self._clock() - self._began

    def check(self) -> None:
        """Make sure, before a call, that something is left of everything.

        Raises:
            BudgetExceeded: Something is used up.
        """
        for what, shown in _SHOWN.items():
            allowed = getattr(self.budget, what)
            used = getattr(self, what)
            if allowed is not None and used >= allowed:
                raise BudgetExceeded(
                    f"this {self.budget.scope} has used {shown(used)} of the {shown(allowed)} it is allowed, "
                    f"so no more calls are made; to go on, {self._how(what)}",
                    scope=self.budget.scope,
                    what=what,
                    used=float(used),
                    allowed=float(allowed),
                )

    def count(self, usage: Usage | None, cost_usd: Decimal | None) -> None:
        """Count a call that has ended, however it ended.

        Args:
            usage: Its tokens, where they are known.
            cost_usd: What it cost, where that is known.
        """
        self.calls += 1
        if usage is not None:
            self.tokens += usage.input_tokens + usage.output_tokens
        if cost_usd is not None:
            self.cost_usd += cost_usd

    def left_s(self) -> float | None:
        """Give the seconds that are left, 0 when they are over; None where any number is allowed."""
        return None if self.budget.wall_s is None else max(0.0, self.budget.wall_s - self.wall_s)

    def _how(self, what: str) -> str:
        return self.budget.how or f"give the {self.budget.scope} a Budget with a larger {what}"
