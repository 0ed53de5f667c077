"""How often tools may run: so many calls of a tier, and of all together, in any 60 seconds. Knows no clock."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from conduit.engine.risk import Tier

__all__ = ["PER_TIER", "TOTAL", "WINDOW_S", "RateLimits", "TooMany"]

WINDOW_S = 60.0
"""Length of the sliding window, in seconds."""

PER_TIER: dict[Tier, int] = {
    Tier.READ_ONLY: 100,
    Tier.STATEFUL: 30,
    Tier.CONFIG_CHANGE: 10,
    Tier.HARDWARE_IO: 5,
    Tier.PRIVILEGED: 3,
}
"""Calls of each tier that any window may hold; Conductor's numbers."""

TOTAL = 200
"""Calls of all tiers together that any window may hold."""


@dataclass(frozen=True, slots=True)
class TooMany:
    """A call that was not let through.

    Attributes:
        what: Whose limit it is, such as ``Stateful tools``.
        limit: Calls that are allowed in a window.
        retry_s: Seconds until a call would be let through, more than 0; infinite where none ever is.

    >>> str(TooMany("tools together", 200, 1.5))
    'tools together may run 200 times in 60 s; try again in 2 s'
    """

    what: str
    limit: int
    retry_s: float

    def __str__(self) -> str:
        if not self.limit:
            return f"{self.what} may not run here"
        wait = max(1, math.ceil(self.retry_s))
        return f"{self.what} may run {self.limit} times in {WINDOW_S:g} s; try again in {wait} s"


class RateLimits:
    """Counts the calls of tools; hand one to every ``Toolbox`` of a process, so that it lasts across turns.

    Args:
        per_tier: Calls of a tier that any window may hold, for tiers that have other limits than ``PER_TIER``.
        total: Calls of all tiers together that any window may hold.

    Raises:
        SetupError: ``per_tier`` names what is no tier.
        ValueError: A limit is less than 0.

    >>> rates = RateLimits()
    >>> [rates.admit(Tier.HARDWARE_IO, at=float(second)) for second in range(5)]
    [None, None, None, None, None]
    >>> str(rates.admit(Tier.HARDWARE_IO, at=10.0))
    'HardwareIO tools may run 5 times in 60 s; try again in 50 s'
    """

    def __init__(self, *, per_tier: Mapping[Tier, int] | None = None, total: int = TOTAL) -> None:
        limits = {**PER_TIER, **{Tier.named(tier): limit for tier, limit in (per_tier or {}).items()}}
        # The newest calls of each, as many as a window may hold.
        self._tiers = {tier: _newest(limit, of=f"{tier} tools") for tier, limit in limits.items()}
        self._all = _newest(total, of="tools together")

    def admit(self, tier: Tier, *, at: float) -> TooMany | None:
        """Let a call through and count it, or say why not; one that is not let through is not counted.

        Args:
            tier: The tool's tier.
            at: Seconds on any one clock that does not go back.
        """
        full = [
            TooMany(what, len(times), times[0] + WINDOW_S - at if times else math.inf)
            for what, times in ((f"{tier} tools", self._tiers[tier]), ("tools together", self._all))
            # A window holds as many as allowed if the oldest of that many is still in it.
            if len(times) == times.maxlen and (not times or at < times[0] + WINDOW_S)
        ]
        if full:
            return max(full, key=lambda refusal: refusal.retry_s)
        self._tiers[tier].append(at)
        self._all.append(at)
        return None


def _newest(limit: int, *, of: str) -> deque[float]:
    if limit < 0:
        raise ValueError(f"the limit of {of} is {limit}; it is at least 0")
    return deque(maxlen=limit)
