"""Where in the Live set a conversation's clips are meant to go: it is said once and holds until it is said anew."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Aim"]


@dataclass(frozen=True, slots=True)
class Aim:
    """A track and a slot that a person named.

    Attributes:
        track: From 1; None where none was named.
        slot: From 1; None where none was named.
    """

    track: int | None = None
    slot: int | None = None

    @property
    def facts(self) -> dict[str, int]:
        """What was named, as a brief holds it."""
        named = {"track": self.track, "slot": self.slot}
        return {name: number for name, number in named.items() if number is not None}

    def then(self, later: Aim) -> Aim:
        """Give what holds after one more question: a slot stays where it is, so another track has none yet.

        >>> Aim(track=2, slot=3).then(Aim(slot=4)), Aim(track=2, slot=3).then(Aim(track=1))
        (Aim(track=2, slot=4), Aim(track=1, slot=None))
        """
        if later.track is not None:
            return later
        return self if later.slot is None else Aim(self.track, later.slot)
