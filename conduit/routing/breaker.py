"""A circuit breaker for one provider: after failures in a row it refuses calls, then lets one through as a trial.

Pure: a frozen value, whose methods give the next one; time is an argument, in seconds that never go back.
What follows from what stands in ``TRANSITIONS``.

Every admission bears the generation of the breaker it was given by. Opening, trying and closing begin a new
generation, so an outcome that comes late counts towards the health and moves nothing else: it neither
prolongs a cooldown nor ends one. Which errors are failures is not decided here but in ``errors.FAULTS``.

The probe has a lease (https://github.com/App-vNext/Polly/issues/216): one that hangs does not keep the
provider shut for ever.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

__all__ = [
    "COOLDOWN_S",
    "FAILURE_LIMIT",
    "LEASE_S",
    "LONGEST_COOLDOWN_S",
    "TRANSITIONS",
    "WINDOW",
    "Admission",
    "Breaker",
    "Event",
    "Refusal",
    "State",
]

FAILURE_LIMIT = 3
"""Failures in a row that open a breaker."""

COOLDOWN_S = 60.0
"""Seconds from the opening to the probe."""

LEASE_S = 120.0
"""Seconds a probe has; after them another may be sent."""

LONGEST_COOLDOWN_S = 3600.0
"""The longest wait that a provider may ask for."""

WINDOW = 20
"""Outcomes from which the health is reckoned."""


class State(StrEnum):
    """Whether calls are let through."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"

    @property
    def symbol(self) -> str:
        """One character for it.

        >>> "".join(state.symbol for state in State)
        '●○◐'
        """
        return _SYMBOLS[self]


_SYMBOLS = {State.CLOSED: "●", State.OPEN: "○", State.HALF_OPEN: "◐"}


class Event(StrEnum):
    """What may change a state. Outcomes of an earlier generation are no events."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TRIPPED = "tripped"  # a failure with which the limit is reached, or the provider asked to wait
    COOLED = "cooled"
    RESET = "reset"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.CLOSED, Event.SUCCEEDED): State.CLOSED,
    (State.CLOSED, Event.FAILED): State.CLOSED,
    (State.CLOSED, Event.TRIPPED): State.OPEN,
    (State.CLOSED, Event.COOLED): State.CLOSED,
    (State.CLOSED, Event.RESET): State.CLOSED,
    (State.OPEN, Event.SUCCEEDED): State.OPEN,
    (State.OPEN, Event.FAILED): State.OPEN,
    (State.OPEN, Event.TRIPPED): State.OPEN,
    (State.OPEN, Event.COOLED): State.HALF_OPEN,
    (State.OPEN, Event.RESET): State.CLOSED,
    (State.HALF_OPEN, Event.SUCCEEDED): State.CLOSED,
    (State.HALF_OPEN, Event.FAILED): State.OPEN,
    (State.HALF_OPEN, Event.TRIPPED): State.OPEN,
    (State.HALF_OPEN, Event.COOLED): State.HALF_OPEN,
    (State.HALF_OPEN, Event.RESET): State.CLOSED,
}
"""The state after each event, for every pair."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Leave to make one call; hand it back with what became of the call, exactly once.

    Attributes:
        generation: The breaker's generation when it was given.
        probe: Whether this call alone decides about an open breaker.
    """

    generation: int
    probe: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """No leave to call.

    Attributes:
        retry_in_s: Seconds until a call may be let through.
        failures: How many calls failed in a row.
    """

    retry_in_s: float
    failures: int

    @property
    def why(self) -> str:
        """Say it in words.

        >>> Refusal(retry_in_s=41.2, failures=3).why
        'circuit open (3 failures, retry in 42 s)'
        """
        noun = "failure" if self.failures == 1 else "failures"
        return f"circuit open ({self.failures} {noun}, retry in {math.ceil(self.retry_in_s)} s)"


@dataclass(frozen=True, slots=True)
class Breaker:
    """The breaker of one provider.

    Attributes:
        state: Whether calls are let through.
        failures: How many calls failed in a row.
        generation: Grows whenever the outcomes of earlier calls cease to matter.
        until: When the cooldown (open) or the probe's lease (half open) ends; without meaning when closed.
        window: The last outcomes, each whether it went well and its seconds.
        last_error: What the latest failure said; it stays after a success.
    """

    state: State = State.CLOSED
    failures: int = 0
    generation: int = 0
    until: float = -math.inf
    window: tuple[tuple[bool, float], ...] = ()
    last_error: str = ""

    def admit(self, at: float) -> tuple[Breaker, Admission | Refusal]:
        """Ask to make a call.

        Returns:
            The next breaker, and the leave or the refusal.
        """
        if self.state is State.CLOSED:
            return self, Admission(self.generation)
        if at < self.until:
            return self, Refusal(self.until - at, self.failures)
        trying = self._after(
            Event.COOLED,
            failures=self.failures,
            until=at + LEASE_S,
            window=self.window,
            last_error=self.last_error,
        )
        return trying, Admission(trying.generation, probe=True)

    def succeeded(self, admission: Admission, *, at: float, duration_s: float) -> Breaker:  # noqa: ARG002  as failed
        """Note a call that went well. The probe's closes the breaker."""
        window = self._with(ok=True, duration_s=duration_s)
        if admission.generation != self.generation:
            return replace(self, window=window)
        return self._after(
            Event.SUCCEEDED, failures=0, until=-math.inf, window=window, last_error=self.last_error
        )

    def failed(
        self,
        admission: Admission,
        *,
        at: float,
        duration_s: float,
        retry_after_s: float | None = None,
        error: str = "",
    ) -> Breaker:
        """Note a call whose failure is the provider's fault.

        Args:
            admission: The leave that the call had.
            at: Now.
            duration_s: Seconds the call took.
            retry_after_s: Seconds the provider asks to wait. Then the breaker opens at once and for that long,
                at most ``LONGEST_COOLDOWN_S``; nothing and less than nothing is no such wish.
            error: What it said.
        """
        window = self._with(ok=False, duration_s=duration_s)
        if admission.generation != self.generation:
            return replace(self, window=window, last_error=error)
        failures = self.failures + 1
        told_s = retry_after_s if retry_after_s is not None and retry_after_s > 0 else None
        until = at + (COOLDOWN_S if told_s is None else min(told_s, LONGEST_COOLDOWN_S))
        event = Event.FAILED if told_s is None and failures < FAILURE_LIMIT else Event.TRIPPED
        return self._after(event, failures=failures, until=until, window=window, last_error=error)

    def released(self, admission: Admission) -> Breaker:
        """Note a call that says nothing about the provider: it was cancelled, or the caller's own error.

        A probe gives its lease back, and the next call is the probe.
        """
        if admission.probe and admission.generation == self.generation:
            return replace(self, until=-math.inf)
        return self

    def reset(self) -> Breaker:
        """Close it by hand and forget what was; calls under way no longer matter."""
        return Breaker(state=TRANSITIONS[self.state, Event.RESET], generation=self.generation + 1)

    def state_at(self, at: float) -> State:
        """Give the state to show: an open breaker whose cooldown is over waits, half open, for its probe."""
        waits = self.state is State.OPEN and at >= self.until
        return TRANSITIONS[self.state, Event.COOLED] if waits else self.state

    def retry_in_s(self, at: float) -> float:
        """Give the seconds until a call may be let through; 0 when it would be now."""
        return 0.0 if self.state is State.CLOSED else max(0.0, self.until - at)

    @property
    def error_rate(self) -> float:
        """Share of the last calls that failed, 0 to 1."""
        return sum(not ok for ok, _ in self.window) / len(self.window) if self.window else 0.0

    @property
    def average_s(self) -> float:
        """Mean seconds of the last calls."""
        return sum(duration_s for _, duration_s in self.window) / len(self.window) if self.window else 0.0

    @property
    def health(self) -> int:
        """Health from 0 to 100, by errors and slowness of the last calls; 100 without calls."""
        return max(0, int(100 - 60 * self.error_rate - min(self.average_s * 10, 40)))

    def _with(self, *, ok: bool, duration_s: float) -> tuple[tuple[bool, float], ...]:
        return (*self.window[1 - WINDOW :], (ok, duration_s))

    def _after(
        self,
        event: Event,
        *,
        failures: int,
        until: float,
        window: tuple[tuple[bool, float], ...],
        last_error: str,
    ) -> Breaker:
        state = TRANSITIONS[self.state, event]
        stays_closed = self.state is State.CLOSED and state is State.CLOSED
        generation = self.generation + (not stays_closed)
        return Breaker(state, failures, generation, until, window, last_error)
