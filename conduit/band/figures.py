"""Figures: the rhythms in which chords are played, a bar of sixteenths each, as ``phrase`` reads them.

Here ``s`` is a push: the chord of the next bar, struck early and held over the bar line. ``g`` is a ghost: the
upper voices alone, barely touched.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FIGURES", "Comping"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comping:
    """How one style plays chords.

    Attributes:
        rhythms: One-bar patterns for call and answer.
        turns: Patterns whose second half ends a phrase.
        low: Lowest pitch of the voicings; they lie within two octaves above.
        voices: Voices at the most, one of these.
        style: How chords are laid out, a key of ``voicing.STYLES``.
        root: How likely a left hand strikes the root where a chord begins, 0-1.
        climb: How likely the chord turns to its next inversions within a bar, so that its top sings, 0-1.
        gate: How much of a sixteenth a short stab sounds.
        roll: Beats from voice to voice where a held chord is rolled.
    """

    rhythms: tuple[str, ...]
    turns: tuple[str, ...]
    low: int = 52
    voices: tuple[int, ...] = (3, 3, 3, 4)
    style: str = "close"
    root: float = 0.0
    climb: float = 0.9
    gate: float = 1.0
    roll: float = 0.0


FIGURES: dict[str, Comping] = {
    "plain": Comping(
        rhythms=(
            "X_____x_________", "X___--x_x___--x_", "X__x__x_x_______", "X_______--x_x___", "X__-x_x_--x_x___",
            "X___x___x_____x_", "X___--x___x_x___",
        ),
        turns=("X_______x___x_s_", "X___--x_x___x_x_", "X_______--x_x_x_"),
    ),
    "house": Comping(
        rhythms=(
            "X--x--x_--x--x--", "X_----x_----x_--", "X__x__x_X___--x_", "--x_--x_--x_--x_", "X--X--X---X-X---",
            "X-----x_--x---x_", "X__x_---X__x_---", "X_--x_--X_--x_x_", "X__x__x_----x_--",
        ),
        turns=("X--x--x_--x-x_s-", "X__x__x_--x_x_s_", "X--x--x---x--xs_"),
        voices=(3, 3, 4),
    ),
    "deep house": Comping(
        rhythms=(
            "X_----x_---x_---", "X_____x_--------", "X__---x__---x___", "--x_--X_--x_----", "X___------x_x___",
            "X_----x_--x_----",
        ),
        turns=("X_----x_--x_--s_", "X__---x__---x_s_"),
        low=52,
        voices=(3, 4, 4),
    ),
    "garage": Comping(
        rhythms=(
            "X__x--x_--x_-x--", "--x_-x_---x--x_-", "x_----x--x_---x_", "X__x_---x_x---x_", "X_-x__x_----xx--",
            "X_--x_-x_---x_--",
        ),
        turns=("X__x--x_--x-xxs-", "X_-x__x_--x--xs_"),
        voices=(3, 3, 4),
    ),
    "techno": Comping(
        rhythms=(
            "X__x--x---------", "X_______--x_----", "--X_----x__x----", "X_--------x_-x--", "X__x__----------",
            "X___----x_------", "X_----------x_x_",
        ),
        turns=("X__x--x---x--x--", "X___----x_--x_x_"),
        voices=(3,),
        climb=0.55,
    ),
    "skank": Comping(
        rhythms=(
            "----X_------X_--", "--X_--x_--X_--x_", "----X_o-----X_o-", "----X_-o_-g-----", "----X_------X_-o",
            "--X---X---X---X-",
        ),
        turns=("----X_o-----X_oo", "----X_-o----X_-o", "--X_--x_--X_x_x_"),
        climb=0.55,
        voices=(3,),
        gate=0.9,
    ),
    "stabs": Comping(
        rhythms=(
            "X_-x--X---x_----", "--X_--x__x------", "X_----X_-x_-x---", "X-x_--X_--x_----", "X__x__x_x_------",
        ),
        turns=("X_-x--X_--x-xxx-", "X___--x_x_--x_x_"),
        gate=0.9,
    ),
    "laid back": Comping(
        rhythms=(
            "X_____--x___----", "X_________x_x___", "X__-----x__x----", "X_____x_----x___", "X_______---xo___",
            "X_____--o-x_----",
        ),
        turns=("X_____--x___--s_", "X_______--x_x_s_", "X_____x_--x_o_x_"),
        low=54,
        voices=(3, 4, 4),
        root=0.7,
        roll=0.025,
    ),
    "held": Comping(
        rhythms=("X_______________", "X_______x_______", "X_____________x_", "X___________x___"),
        turns=("X_______x_____x_", "X___________x_s_"),
        style="drop 2",
    ),
    "gated": Comping(
        rhythms=(
            "X-xX-xX-xX-xX-x-", "X-x-xx-xX-x-xx-x", "XxoXxoXxoXxoXxXo", "X-xx-xx-X-xx-xx-", "X-xX-xX-X-xX-xX-",
        ),
        turns=("X-xX-xX-xX-xXxXx", "X-x-xx-xXxxxXxXx"),
        low=55,
        voices=(3,),
        climb=0.5,
    ),
    "funk": Comping(
        rhythms=(
            "X-gxg-x-gxg-x-xg", "Xgg-x-gx-gXg-x-g", "--x-Xg-x-g-xX-g-", "X--x-g--x--x-gx-", "--X-g-X-g-X-gxX-",
            "X-----gx--X-gx--",
        ),
        turns=("X-gxg-x-gxgxX-X-", "X--x-g--x-xxg-sg"),
        low=55,
        voices=(3, 4),
        climb=0.6,
        gate=0.9,
    ),
    "charleston": Comping(
        rhythms=(
            "X__---x_--------", "--x_--x_----x___", "X_----x_------x_", "------X_----x___", "----x_----x_----",
            "--x_----x_------", "X_____x_--x_----",
        ),
        turns=("--x_--x_x_----s_", "X__---x_----x_s_", "----x_----x_--s_"),
        low=54,
        voices=(3, 4, 4, 4),
        roll=0.0125,
    ),
    "pulses": Comping(
        rhythms=(
            "X-x-X-x-X-x-X-x-", "--X_--X_--X_--X_", "X_x_x_x_X_x_x_x_", "X-xxX-xxX-xxX-xx", "X-x-x-X-x-x-X-x-",
        ),
        turns=("X-x-X-x-X-x-XxXx", "X_x_x_x_X_x_x_s_"),
    ),
    "ballad": Comping(
        rhythms=("X___x___x___x___", "X___x_x_x___x___", "X___x___x_x_x___", "X_____x_x___x___"),
        turns=("X___x___x___x_s_", "X___x_x_x_x_x_x_"),
        root=0.8,
        roll=0.0125,
    ),
    "syncopated": Comping(
        rhythms=("X--x_-x--x--x-x-", "--x_-x--x--x_-x-", "X--x-x--x-x--x--", "X--x--x_-x-x--x_"),
        turns=("X--x_-x--x-x-xs_", "X--x-x--x-xx-xx-"),
    ),
    "waltz": Comping(
        rhythms=("X___x_--x_--x_--", "X___x---x---x---", "X_--x_--x---x---"),
        turns=("X___x---x---x-x-",),
    ),
}  # fmt: skip
"""By the name a genre gives, or a word of style."""
