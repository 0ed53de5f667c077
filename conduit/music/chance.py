"""Seeded choices. They rest on ``Random.random`` alone, whose sequence Python keeps from version to version."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

__all__ = ["happens", "nudge", "pick", "weighted"]

T = TypeVar("T")
_LOUDEST = 127


def pick(rng: Random, options: Sequence[T]) -> T:
    """Give one of the options, each as likely as the others."""
    return options[int(rng.random() * len(options))]


def weighted(rng: Random, options: Sequence[tuple[T, float]]) -> T:
    """Give one of the options, each with the likelihood at its side (they need not sum to 1)."""
    left = rng.random() * sum(weight for _, weight in options)
    for option, weight in options:
        left -= weight
        if left < 0:
            return option
    return options[-1][0]


def happens(rng: Random, likelihood: float) -> bool:
    """Say yes with this likelihood, 0-1."""
    return rng.random() < likelihood


def nudge(rng: Random, velocity: float, *, spread: int = 5) -> int:
    """Give a velocity near this one, as a hand would: up to ``spread`` away, within 1-127."""
    moved = round(velocity) + int(rng.random() * (2 * spread + 1)) - spread
    return max(1, min(_LOUDEST, moved))
