"""The critic: hears each clip of a turn, says what could be better, and keeps the best.

It measures; it has no taste. What it says goes to the model as a message, with a picture of the clip for those that
see, and the model may write the clip again. It ends when a clip is good, or was written again often enough.
"""

from __future__ import annotations

from dataclasses import dataclass

from conduit.composer.brief import Brief
from conduit.composer.picture import roll_png
from conduit.composer.question import critique
from conduit.composer.score import Score, score
from conduit.messages import ImagePart, UserMessage
from conduit.music import Clip

__all__ = ["GOOD", "MOST_ROUNDS", "Critic", "Heard"]

GOOD = 0.95
"""From this score on a clip needs no other round."""

MOST_ROUNDS = 5
"""How often a model may be asked to write a clip again."""

_ASKED = (
    "Mend what is weakest, keep what is good, and call write_clip with the whole clip; or say in a sentence why it "
    "should stay as it is."
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A clip and what the critic found."""

    clip: Clip
    score: Score


class Critic:
    """Hears the clips of one turn.

    Args:
        brief: What was asked for.
        rounds: How often the model may be asked to write a clip again, 1 to ``MOST_ROUNDS``.
        sees: Whether the model takes pictures.

    Attributes:
        heard: What was heard so far, in order.
    """

    def __init__(self, brief: Brief, *, rounds: int, sees: bool = False) -> None:
        self.heard: list[Heard] = []
        self._brief = brief
        self._rounds = rounds
        self._sees = sees

    def hear(self, clip: Clip) -> UserMessage | None:
        """Hear a clip; give what the model is told, or None where that is not needed any more."""
        found = score(clip, self._brief)
        self.heard.append(Heard(clip, found))
        if found.total >= GOOD or len(self.heard) > self._rounds:
            return None
        picture = ImagePart(media_type="image/png", data=roll_png(clip)) if self._sees else None
        return critique(f"{found.text()}\n{_ASKED}", picture=picture)

    @property
    def best(self) -> Heard | None:
        """The clip with the highest score, of several the earliest; None before one was heard."""
        return max(self.heard, key=lambda heard: heard.score.total, default=None)

    @property
    def said(self) -> str:
        """What came of it, for a person.

        >>> Critic(Brief(), rounds=2).said
        ''
        """
        if not self.heard or self.best is None:
            return ""
        totals = " → ".join(f"{heard.score.total:.2f}" for heard in self.heard)
        if len(self.heard) == 1:
            return f"the critic gave it {totals}"
        number = 1 + next(at for at, heard in enumerate(self.heard) if heard is self.best)
        return f"the critic gave {totals}; take {number} was kept"
