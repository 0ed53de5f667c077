"""What was asked of models, and what it cost: every attempt, and the operations they were made for.

An operation is one answer that somebody wanted. It may take several attempts (a retry, a failover), and each
of them may cost money, so tokens and costs are counted by attempt.

Memory does not grow with the number of attempts: sums are kept for each combination of day, provider, model,
state and outcome that occurred; of the attempts themselves only the last ``KEPT`` are there to be shown.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import takewhile
from typing import Literal, NamedTuple

from conduit.messages import Request, ToolMessage, Usage

__all__ = ["KEPT", "Attempt", "AttemptState", "By", "Odometer", "Row", "state_of"]

KEPT = 200
"""How many attempts are kept as they were."""

_OPERATIONS_KEPT = 1024

AttemptState = Literal["generate", "tool", "reflect"]
"""What the model was to do: answer a person, go on from a tool's result, or think again after a tool's error."""

By = Literal["provider", "model", "day", "state", "outcome"]
"""What a table has one row for."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call to one provider.

    Attributes:
        operation: Number of the answer it was made for.
        at: When it began, in Unix seconds.
        provider: Who was asked.
        model: The model, as its provider names it.
        state: What the model was to do.
        usage: Tokens; None where they are not known. A failed attempt may have some.
        cost_usd: What it cost; None where that is not known, 0 only where it surely cost nothing.
        outcome: ``ok``, ``cancelled``, or the kind of its error.
        duration_s: Seconds from its beginning to its end.
        first_token_s: Seconds to the first piece; None where nothing came.
    """

    operation: int
    at: float
    provider: str
    model: str
    state: AttemptState
    usage: Usage | None = None
    cost_usd: Decimal | None = None
    outcome: str = "ok"
    duration_s: float = 0.0
    first_token_s: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Sums of some attempts.

    Attributes:
        label: What they have in common.
        attempts: How many there were.
        operations: For how many answers.
        input_tokens: All that was read, cached tokens among them.
        output_tokens: All that was written, reasoning among it.
        cached_tokens: Read from a provider's cache.
        reasoning_tokens: Thought and not said.
        cost_usd: Sum of the costs that are known; None where none is.
        unknown_costs: How many attempts have no known cost, so that the sum is too low.
        first_token_s: Mean seconds to the first piece; None where nothing came.
    """

    label: str
    attempts: int
    operations: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    reasoning_tokens: int
    cost_usd: Decimal | None
    unknown_costs: int
    first_token_s: float | None


class _Key(NamedTuple):
    day: str
    provider: str
    model: str
    state: str
    outcome: str


@dataclass(slots=True)
class _Sums:
    attempts: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    cost_usd: Decimal = Decimal(0)
    unknown_costs: int = 0
    first_tokens: int = 0
    first_tokens_s: float = 0.0

    def note(self, attempt: Attempt) -> None:
        self.attempts += 1
        if attempt.usage is not None:
            self.input_tokens += attempt.usage.input_tokens
            self.output_tokens += attempt.usage.output_tokens
            self.cached_tokens += attempt.usage.cached_tokens
            self.reasoning_tokens += attempt.usage.reasoning_tokens
        if attempt.cost_usd is None:
            self.unknown_costs += 1
        else:
            self.cost_usd += attempt.cost_usd
        if attempt.first_token_s is not None:
            self.first_tokens += 1
            self.first_tokens_s += attempt.first_token_s

    def merge(self, other: _Sums) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def row(self, label: str, *, operations: int) -> Row:
        return Row(
            label=label,
            attempts=self.attempts,
            operations=operations,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            cached_tokens=self.cached_tokens,
            reasoning_tokens=self.reasoning_tokens,
            cost_usd=self.cost_usd if self.attempts > self.unknown_costs else None,
            unknown_costs=self.unknown_costs,
            first_token_s=self.first_tokens_s / self.first_tokens if self.first_tokens else None,
        )


@dataclass(slots=True)
class _Operations:
    """How many different operations each label has; the latest are remembered, so that none counts twice."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    total: int = 0
    recent: OrderedDict[int, set[tuple[str, str]]] = field(default_factory=OrderedDict)

    def note(self, operation: int, labels: set[tuple[str, str]]) -> None:
        if operation not in self.recent:
            self.total += 1
            self.recent[operation] = set()
            if len(self.recent) > _OPERATIONS_KEPT:
                self.recent.popitem(last=False)
        seen = self.recent[operation]
        self.counts.update(labels - seen)
        seen |= labels


class Odometer:
    """Counts attempts. It lives on the event loop, as all that changes.

    Attributes:
        recent: The last ``KEPT`` attempts, the oldest first.
    """

    def __init__(self) -> None:
        self.recent: deque[Attempt] = deque(maxlen=KEPT)
        self._sums: dict[_Key, _Sums] = {}
        self._operations = _Operations()

    @property
    def operations(self) -> int:
        """How many answers were wanted.

        One is counted again when other operations, more than a thousand, came between two of its attempts.
        """
        return self._operations.total

    @property
    def attempts(self) -> int:
        """How many calls were made."""
        return sum(sums.attempts for sums in self._sums.values())

    def record(self, attempt: Attempt) -> None:
        """Count an attempt that has ended, however it ended."""
        day = datetime.fromtimestamp(attempt.at, UTC).astimezone().date().isoformat()
        key = _Key(day, attempt.provider, attempt.model, attempt.state, attempt.outcome)
        self._sums.setdefault(key, _Sums()).note(attempt)
        self._operations.note(attempt.operation, set(zip(_Key._fields, key, strict=True)))
        self.recent.append(attempt)

    def total(self) -> Row:
        """Sum everything up."""
        sums = _Sums()
        for part in self._sums.values():
            sums.merge(part)
        return sums.row("total", operations=self.operations)

    def table(self, by: By = "provider") -> list[Row]:
        """Sum up by one thing, a row for each, in the order of their labels.

        An operation stands in every row that has an attempt of it, so their operations may come to more than
        the total.

        Args:
            by: What to have rows for; days are local ones, such as ``2026-11-30``.

        Raises:
            ValueError: There is no such table.
        """
        if by not in _Key._fields:
            raise ValueError(f"by is {by!r}; it can be {', '.join(_Key._fields)}")
        groups: dict[str, _Sums] = {}
        for key, part in self._sums.items():
            groups.setdefault(getattr(key, by), _Sums()).merge(part)
        counts = self._operations.counts
        return [sums.row(label, operations=counts[by, label]) for label, sums in sorted(groups.items())]


def state_of(request: Request) -> AttemptState:
    """Say what a request wants of the model, by the messages it ends with.

    Results of tools that were called at once stand together: one error among them is enough to reflect on.
    """
    tail = takewhile(lambda message: isinstance(message, ToolMessage), reversed(request.messages))
    errors = [message.result.is_error for message in tail if isinstance(message, ToolMessage)]
    if not errors:
        return "generate"
    return "reflect" if any(errors) else "tool"
