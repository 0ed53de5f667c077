"""The critic: hears each clip of a turn, says what could be better, and keeps the best.

It measures; it has no taste. What it says goes to the model as a message, with a picture of the clip for those that
see, and the model may write the clip again. It ends when a clip is good, or was written again often enough.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from conduit.composer.brief import Brief, Options, read_brief
from conduit.composer.draft import brief_of
from conduit.composer.page import Page
from conduit.composer.picture import roll_png
from conduit.composer.question import critique
from conduit.composer.score import Score, score
from conduit.composer.vocabulary import read_words
from conduit.messages import ImagePart, UserMessage
from conduit.music import Clip, Meter

__all__ = ["GOOD", "MOST_ROUNDS", "Critic", "Heard"]

GOOD = 0.95
"""From this score on a clip needs no other round."""

MOST_ROUNDS = 5
"""How often a model may be asked to write a clip again."""

_ASKED = (
    "Mend what is weakest, keep what is good, and call write_clip with the whole clip; or say in a sentence why it "
    "should stay as it is."
)

# What words leave open shows where they are read after two different briefs.
_EITHER = (Brief(bars=3, meter=Meter(3, 4)), Brief(bars=5, meter=Meter(5, 4)))


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
        unsaid: Fields of the brief that nobody asked for, such as ``role``: a clip is as it is in these.

    Attributes:
        heard: What was heard so far, in order: the takes of one part, the first that came.
    """

    def __init__(
        self, brief: Brief, *, rounds: int, sees: bool = False, unsaid: frozenset[str] = frozenset()
    ) -> None:
        self.heard: list[Heard] = []
        self._brief = brief
        self._rounds = rounds
        self._sees = sees
        self._unsaid = unsaid

    @classmethod
    def of(cls, text: str, options: Options, *, rounds: int, sees: bool = False) -> Critic:
        """Make a critic that holds clips against what a person's words and options ask for, and nothing else."""
        one, other = (read_brief(text, options=options, previous=previous) for previous in _EITHER)
        unsaid = {name for name in ("bars", "meter") if getattr(one, name) != getattr(other, name)}
        if not (options.role or read_words(Page(text)).role):
            unsaid.add("role")
        if one.problem:
            one, unsaid = Brief(), unsaid | {"bars", "meter", "role"}
        return cls(replace(one, **_said(options)), rounds=rounds, sees=sees, unsaid=frozenset(unsaid))

    def takes(self, clip: Clip) -> bool:
        """Say whether a clip is another take of the part that is heard; any is, before the first."""
        return not self.heard or clip.instrument == self.heard[0].clip.instrument

    def hear(self, clip: Clip) -> UserMessage | None:
        """Hear a clip; give what the model is told, or None where that is not needed any more."""
        if not self.takes(clip):
            return None
        found = score(clip, self._asked_of(clip))
        self.heard.append(Heard(clip, found))
        if found.total >= GOOD or len(self.heard) > self._rounds:
            return None
        picture = ImagePart(media_type="image/png", data=roll_png(clip)) if self._sees else None
        return critique(f"{found.text()}\n{_ASKED}", picture=picture)

    def _asked_of(self, clip: Clip) -> Brief:
        own = brief_of(clip)
        return replace(self._brief, **{name: getattr(own, name) for name in self._unsaid})

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


def _said(options: Options) -> dict[str, Any]:
    """Give what options say of a brief whose words could not be read."""
    facts = {"bars": options.bars, "bpm": options.bpm, "role": options.role}
    return {name: value for name, value in facts.items() if value is not None}
