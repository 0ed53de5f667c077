"""What a launch is while it waits, and while it plays."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Playing", "Waiting"]


@dataclass(frozen=True, slots=True)
class Playing:
    """A slot that plays.

    Attributes:
        slot: The key of the slot.
        since: The beats that had elapsed when it was launched.
    """

    slot: object
    since: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that was fired.

    Attributes:
        target: What starts: the key of a slot or of a scene, or None for a stop or a jump.
        quantum: The grid it waits for, in beats.
        due: The song position where it starts.
    """

    target: object
    quantum: float
    due: float
