"""The score of a clip: whether it is what was asked for, and what a listener would miss.

A score is made of parts, each a number and a sentence; the parts say what to mend. They catch gross failure, not
taste: from 0.9 on there is little left to measure. What is usual for a role is what real clips of it measure
(``typical``).
"""

from __future__ import annotations

from dataclasses import dataclass

from conduit.composer import adherence, craft
from conduit.composer.brief import Brief
from conduit.composer.judged import Judge, Judged, Part
from conduit.music import Clip

__all__ = ["JUDGES", "Part", "Score", "score"]

JUDGES: dict[str, tuple[float, Judge]] = {
    "instrument": (3, adherence.judge_instrument),
    "bars": (2, adherence.judge_bars),
    "metre": (1, adherence.judge_metre),
    "tempo": (1, adherence.judge_tempo),
    "key": (3, adherence.judge_key),
    "chords": (2, adherence.judge_chords),
    "range": (1, adherence.judge_range),
    "density": (1, craft.judge_density),
    "voices": (1, craft.judge_voices),
    "length": (1, craft.judge_length),
    "fullness": (2, craft.judge_fullness),
    "timing": (2, craft.judge_timing),
    "groove": (1, craft.judge_groove),
    "syncopation": (1, craft.judge_syncopation),
    "form": (2, craft.judge_form),
    "line": (1, craft.judge_line),
    "motif": (1, craft.judge_motif),
    "clash": (1, craft.judge_clash),
    "velocity": (1, craft.judge_velocity),
}
"""What is looked at, in order, with its weight: first what was asked for, then what is usual for the role."""

_WEAK = 0.8
_WORST = 0.25  # share of the total that the weakest part has alone


@dataclass(frozen=True, slots=True)
class Score:
    """What a clip is worth.

    Attributes:
        parts: What was looked at, in the order of the table of judges.
    """

    parts: tuple[Part, ...]

    @property
    def total(self) -> float:
        """From 0 to 1: three quarters the weighted mean of the parts, one quarter the weakest of them."""
        weight = sum(part.weight for part in self.parts)
        mean = sum(part.weight * part.value for part in self.parts) / weight
        return (1 - _WORST) * mean + _WORST * min(part.value for part in self.parts)

    @property
    def weak(self) -> tuple[Part, ...]:
        """The parts below 0.8, the weakest first."""
        return tuple(sorted((part for part in self.parts if part.value < _WEAK), key=lambda part: part.value))

    def __getitem__(self, name: str) -> Part:
        """Give a part by its name.

        Raises:
            KeyError: It was not looked at.
        """
        found = {part.name: part for part in self.parts}
        return found[name]

    def text(self) -> str:
        """Say it in few words, for a model and for a person: the total, what is weak and why, what is good."""
        lines = [f"score {self.total:.2f} of 1"]
        lines += [f"- {part.name} {part.value:.1f}: {part.said}" for part in self.weak]
        good = [part.name for part in self.parts if part.value >= _WEAK]
        return "\n".join([*lines, f"good: {', '.join(good)}"] if good else lines)

    def __str__(self) -> str:
        return self.text()


def score(clip: Clip, brief: Brief) -> Score:
    """Score a clip against what was asked for.

    Args:
        clip: Any clip, from a model, a person or a file.
        brief: What was asked for; what it leaves open is judged by what is usual for its role.

    >>> from conduit.music import Note
    >>> print(score(Clip.of([]), Brief(role="bass")).text())
    score 0.00 of 1
    - notes 0.0: there are no notes that sound
    """
    judged = Judged(clip, brief)
    if not len(judged.heard):
        return Score((Part("notes", 0.0, "there are no notes that sound"),))
    found = ((name, weight, judge(judged)) for name, (weight, judge) in JUDGES.items())
    return Score(
        tuple(Part(name, *verdict, weight) for name, weight, verdict in found if verdict is not None)
    )
