"""Motifs: how the lead of each style moves, its rhythms a bar of sixteenths each, as ``phrase`` reads them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from conduit.music.chance import pick, weighted

__all__ = ["IDIOMS", "Idiom", "contour"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Idiom:
    """How one style's lead moves.

    Attributes:
        rhythms: One-bar patterns.
        centre: Pitch around which it lies.
        lift: Semitones that it rises to its climax.
        gate: How much of its length a note sounds.
        shapes: Shapes of its motif, as ``contour`` knows them.
        again: What it costs to repeat a note, as for ``singing.sung``.
        close: How likely a chord's tone is reached by a half step or from both sides, 0-1.
        stays: How likely it stays where it is, an ostinato, and does not rise to a climax, 0-1.
        restless: How likely the motif is displaced or broken up when it comes again, 0-1.
    """

    rhythms: tuple[str, ...]
    centre: int = 69
    lift: int = 6
    gate: float = 0.9
    shapes: tuple[str, ...] = ("arch", "fall", "rise", "wave")
    again: int = 5
    close: float = 0.0
    stays: float = 0.12
    restless: float = 0.8


IDIOMS: dict[str, Idiom] = {
    "plain": Idiom(
        rhythms=(
            "X__x__x_x___----", "X_x_--x_x_x-x___", "--x_x_x___--x_x_", "X___--x_x_--x___", "X_--x_--x___x_x_",
            "X__x_-x_--x_x_--", "X_x_x___--x_x___", "--x_--x_x__x__x_", "X___x_x_x___x___", "X___x___x_x_x_x_",
        ),
    ),
    "anthem": Idiom(
        rhythms=(
            "X__x__x_X__x__x_", "X__x__x__x__x_x_", "X___x_x_X___x_x_", "X__x__X__x__X_x_", "X_____x_x___x_x_",
            "X_x_x_x_X_x_----", "X__x__x_x___----",
        ),
        centre=72, lift=7, gate=0.92, shapes=("arch", "fall", "pendulum", "rise"), again=4, restless=0.6,
        stays=0.2,
    ),
    "bebop": Idiom(
        rhythms=(
            "x_x_x_x_x_x_x_--", "--x_x_x_x_x_x_x_", "x_x_x_x_----x_x_", "----x_x_x_x_x___", "x_--x_x_x_x_x_x_",
            "X___--x_x_x_x_x_", "--x_x_x_X___----", "x_x_x_x_x_x_x_x_", "X___----x_x_x_x_",
        ),
        centre=69, lift=7, gate=0.94, shapes=("fall", "arch", "wave", "rise", "fall"), again=8, close=0.5,
        restless=0.7, stays=0.0,
    ),
    "hook": Idiom(
        rhythms=(
            "X_x_--x_x_x_----", "--x_x_x___--x_x_", "X__x__x_--------", "x_x_x_--x_x_x_--", "--x_x__x_x______",
            "X_x_x_----x_x___", "X__x__x___x_----", "--x_x_x_--x_x_x_",
        ),
        centre=67, lift=5, gate=0.88, shapes=("fall", "wave", "pendulum", "arch"), again=4, restless=0.6,
        stays=0.35,
    ),
    "acid": Idiom(
        rhythms=(
            "X-xxX-x-xxX-x-xx", "XxX-x-XxX-xxX-x-", "X-x-X-xxX-x-xxX-", "X-xX-xX-x-xX-xx-", "X--xX-x-X--x-xX-",
        ),
        centre=64, lift=5, gate=0.75, shapes=("pendulum", "wave", "flat"), again=0, restless=0.6, stays=1.0,
    ),
    "riff": Idiom(
        rhythms=(
            "X-x-x_-x--x-x-x-", "X--xx-x---x-x---", "--x-x-xxX-------", "X-xx--x-----x-x-", "X_x_-xx-X---x-x-",
        ),
        centre=67, lift=5, gate=0.75, shapes=("pendulum", "fall", "wave"), again=2, close=0.15, restless=0.6,
        stays=0.8,
    ),
    "liquid": Idiom(
        rhythms=(
            "X_____x___x_____", "X___x_____x_x___", "--X_____x_x_____", "X_x___--x_x_____", "X_______--x_x_x_",
        ),
        centre=71, lift=6, gate=0.95, restless=0.6,
    ),
    "sparse": Idiom(
        rhythms=(
            "X_______--x_x___", "--X_______--x___", "X_____x_________", "----X___x_______", "X___________x___",
        ),
        centre=71, lift=5, gate=0.95, shapes=("fall", "arch", "rise"), restless=0.6, stays=0.0,
    ),
    "lofi": Idiom(
        rhythms=(
            "--x_x_x___------", "X__x_---x_x_----", "----x_x_x__x____", "X_x_x___--------", "--x_--x_x_x_----",
        ),
        centre=68, lift=5, gate=0.88, shapes=("fall", "wave", "arch"), close=0.15, restless=0.6,
    ),
    "dark": Idiom(
        rhythms=(
            "X_______--x_x___", "X---x-X---------", "X_x_--------X_x_", "X--x--X---------", "X-----x-X---x---",
        ),
        centre=64, lift=4, gate=0.85, shapes=("fall", "pendulum", "flat", "wave"), again=2, stays=0.7,
    ),
    "busy": Idiom(
        rhythms=("X-xox-x-x_x-xoxo", "XoxoX-x_-xx-x_x-", "X-xx-xx-X-xx-x_o", "Xox_xox_Xoxox_x_"), restless=0.6
    ),
    "syncopated": Idiom(
        rhythms=("X--x_-x_-x--x_--", "-x_x--x_-x_x--x_", "--x_-x_x--x_-x__", "X-x--x_x_-x--x__"), again=2
    ),
    "driving": Idiom(
        rhythms=(
            "X-x-xx-xX-x-xx--", "X-xX-xX-X-xX-x--", "x-xxX-x-x-xxX-x-", "X-xxX-xxX-xxX-x-",
        ), gate=0.8, again=0, stays=0.6,
    ),
}  # fmt: skip
"""By the name a genre gives, or a word of style."""

_STEPS = ((1, 0.62), (2, 0.24), (0, 0.06), (3, 0.08))
_FLAT_STEPS = ((0, 0.6), (1, 0.25), (2, 0.1), (4, 0.05))


def contour(rng: Random, count: int, shape: str) -> tuple[int, ...]:
    """Give a motif's shape in degrees of the scale from its first note, which is 0.

    Args:
        rng: Picks the steps.
        count: Notes.
        shape: ``rise``, ``fall``, ``arch``, ``wave`` (there, beyond, back), ``pendulum`` (to and fro) or ``flat``.
    """
    moves, place = [0], 0
    peak = 1 + int(rng.random() * max(1, count - 1))
    for index in range(1, count):
        size = weighted(rng, _FLAT_STEPS if shape == "flat" else _STEPS)
        place += size * _way(shape, index, peak=peak, place=place, rng=rng)
        place = max(-5, min(7, place))
        moves.append(place)
    return tuple(moves)


def _way(shape: str, index: int, *, peak: int, place: int, rng: Random) -> int:
    """Up (1) or down (-1) at this note; now and then against the shape, for no line goes one way only."""
    ways = {
        "rise": 1,
        "fall": -1,
        "arch": 1 if index <= peak else -1,
        "wave": -1 if (index // 2) % 2 else 1,
        "pendulum": 1 if index % 2 else -1,
        "flat": 1 if place <= 0 else -1,
    }
    return ways[shape] * pick(rng, (1, 1, 1, 1, 1, -1))
