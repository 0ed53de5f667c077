"""Who is tried next, and when. It decides by the table of errors; waiting and calling are others' work."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from conduit.clients import Place
from conduit.errors import FAULTS, AllUnavailable, CircuitOpen, ErrorKind, ProviderError
from conduit.routing.registry import Candidate, Choice

__all__ = ["RETRIES", "WAIT_S", "Failover", "Trials", "allowed"]

RETRIES = 1
"""How often a provider is asked again for what may succeed at once."""

WAIT_S = 10.0
"""Seconds to wait for a provider that asks for it, when there is nobody else."""

_BACKOFF_S = 0.25
_OF_ONE = {ErrorKind.BAD_REQUEST, ErrorKind.CONTEXT_LENGTH, ErrorKind.TOO_LARGE, ErrorKind.LENGTH}
"""What a provider that stands in for another may be too small for, and a third is not."""


class Failover(StrEnum):
    """What happens when an answer breaks off after it has begun."""

    RESTART = "restart"
    CONTINUE = "continue"
    OFF = "off"


def allowed(choice: Choice, *, allow_cloud: bool, allow_offline: bool) -> tuple[Candidate, ...]:
    """Give those of a choice that may answer.

    What was meant for a local model stays local, and nothing goes to the offline composer, unless the user said so.
    """
    first, *others = choice.candidates
    places = {Place.LOCAL: {Place.LOCAL}, Place.CLOUD: {Place.LOCAL, Place.CLOUD}, Place.OFFLINE: set()}
    may = places[first.client.place] | ({Place.CLOUD} if allow_cloud else set())
    may |= {Place.OFFLINE} if allow_offline else set()
    if first.client.place is Place.OFFLINE:
        may = set()
    return (first, *(other for other in others if other.client.place in may))


@dataclass(slots=True)
class Trials:
    """Walks the candidates of one request.

    Attributes:
        candidates: Who may answer, in order.
        named: Whether the user named the first of them.
        chance: What retries are spread by.
        failover: What happens when an answer breaks off after it has begun.
        failed: What became of each attempt, in order.
        wait_s: Seconds to wait before the next attempt.
    """

    candidates: tuple[Candidate, ...]
    named: bool
    chance: random.Random
    failover: Failover = Failover.RESTART
    failed: list[ProviderError] = field(default_factory=list)
    wait_s: float = 0.0
    _place: int = 0
    _retries: int = 0
    _waited: bool = False
    _latest: dict[int, ProviderError] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Candidate]:
        """Give who is to be tried; ``note`` what came of it before the next is asked for."""
        while self._place < len(self.candidates):
            yield self.candidates[self._place]

    def note(self, error: ProviderError, *, shown: bool) -> None:
        """Take a failure and decide who is next.

        Args:
            error: What happened.
            shown: Whether something of the answer had been shown.

        Raises:
            ProviderError: Nobody else is to be asked; ``AllUnavailable`` where several were.
        """
        self.failed.append(error)
        self._latest[self._place] = error
        self.wait_s = 0.0
        if shown and self.failover is Failover.OFF:
            raise error
        fault = FAULTS[ErrorKind(error.kind)]
        last = self._place == len(self.candidates) - 1
        at_once = fault.retryable and error.retry_after_s is None
        if at_once and self._retries < RETRIES and (last or not shown):
            self.wait_s = _BACKOFF_S * 2**self._retries * (1 + self.chance.random())
            self._retries += 1
            return
        yours = not fault.counts and not isinstance(error, CircuitOpen | AllUnavailable)
        passes_on = fault.passes_on or (self._place > 0 and error.kind in _OF_ONE)
        if not passes_on or (yours and self.named and self._place == 0):
            raise error
        if not last:
            self._place, self._retries = self._place + 1, 0
        elif not self._wait_for_somebody():
            raise self.exhausted()

    def exhausted(self) -> ProviderError:
        """Make the error for when nobody is left: the only one's own, or a list of all."""
        last = self.failed[-1]
        if len(self._latest) == 1 and not isinstance(last, CircuitOpen):
            return last
        waits = [wait for wait in map(_retry_in_s, self._latest.values()) if wait is not None]
        soonest = min(waits, default=None)
        when = f"; the first may be tried again in {soonest:.0f} s" if soonest is not None else ""
        told = "; ".join(f"{error.provider}: {error.message}" for error in self._latest.values())
        partial = next((error.partial for error in reversed(self.failed) if error.partial), None)
        return AllUnavailable(
            f"nobody could answer{when}. {told}",
            attempts=[_attempt(error) for error in self.failed],
            retry_in_s=soonest,
            partial=partial,
        )

    def _wait_for_somebody(self) -> bool:
        """Go back to one who asked for a short wait, once."""
        if self._waited:
            return False
        for place, error in self._latest.items():
            wait_s = _retry_in_s(error)
            if wait_s is not None and wait_s <= WAIT_S:
                self._place, self._waited, self.wait_s = place, True, wait_s + 0.05
                return True
        return False


def _retry_in_s(error: ProviderError) -> float | None:
    return error.retry_in_s if isinstance(error, CircuitOpen) else error.retry_after_s


def _attempt(error: ProviderError) -> dict[str, Any]:
    return {
        "provider": error.provider,
        "model": error.model,
        "kind": str(error.kind),
        "message": error.message,
        "retry_in_s": _retry_in_s(error),
    }
