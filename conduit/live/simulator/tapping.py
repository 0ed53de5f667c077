"""A tempo tapped by hand."""

from __future__ import annotations

from conduit.live.simulator.song import MAX_BPM, MIN_BPM

__all__ = ["tapped", "tempo_of"]

_MAX_TAPS = 4


def tapped(taps: tuple[float, ...], now_s: float) -> tuple[float, ...]:
    """Add a tap to the last ones, in seconds; a pause longer than the slowest beat begins anew."""
    goes_on = bool(taps) and now_s - taps[-1] <= 60 / MIN_BPM
    return (*taps[1 - _MAX_TAPS :], now_s) if goes_on else (now_s,)


def tempo_of(taps: tuple[float, ...]) -> float | None:
    """Give the tempo of some taps in beats per minute, or None of fewer than two.

    >>> tempo_of((0.0, 0.5, 1.0))
    120.0
    """
    if len(taps) < 2 or taps[-1] <= taps[0]:
        return None
    return min(max(60 * (len(taps) - 1) / (taps[-1] - taps[0]), MIN_BPM), MAX_BPM)
