"""Voice leading: the way through choices of voicings on which the voices move least.

The n-th voice from below goes to the n-th from below, so voices never cross. The way is found over the whole
progression at once (Viterbi, 1967), in time linear in the number of chords.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

__all__ = ["Voicing", "least_movement", "parallels"]

Voicing = tuple[int, ...]
"""MIDI pitches that sound together, ascending."""

_LOST = 5.0  # a common tone that moves costs as much as five semitones
_PARALLEL = 40.0
_DRIFT = 0.3  # of a semitone, for every semitone that the middle of a voicing lies off the range's
_MUD = 6.0
_LOWEST_OF_INTERVAL = {1: 52, 2: 51, 3: 48, 4: 46, 5: 46, 6: 46, 7: 34}
"""Low interval limits: the pitch below which an interval of so many semitones sounds muddy on its lower note."""


def least_movement(
    choices: Sequence[Sequence[Voicing]],
    *,
    centre: float,
    before: Voicing | None = None,
    avoid_parallels: bool = False,
) -> list[Voicing]:
    """Pick one voicing of each chord so that the whole moves least.

    Common tones count as kept only where they stay at their pitch; the middle of the register and low intervals
    that are not muddy decide between ways that move alike.

    Args:
        choices: The voicings of each chord, one or more.
        centre: The pitch about which to stay.
        before: A voicing that sounded before the first chord.
        avoid_parallels: Whether parallel fifths and octaves are avoided where they can be.

    >>> least_movement([[(60, 64, 67)], [(60, 64, 69), (57, 60, 64)]], centre=64)
    [(60, 64, 67), (60, 64, 69)]
    """
    if not choices:
        return []
    costs = [_standing(choice, centre) for choice in choices[0]]
    if before is not None:
        moves = (_moving(before, choice, avoid_parallels) for choice in choices[0])
        costs = [cost + move for cost, move in zip(costs, moves, strict=True)]
    ways = []
    for now, following in pairwise(choices):
        reached = [_reached(now, two, costs, avoid_parallels=avoid_parallels) for two in following]
        costs = [cost + _standing(two, centre) for (cost, _), two in zip(reached, following, strict=True)]
        ways.append([index for _, index in reached])
    return _walked_back(choices, ways, costs.index(min(costs)))


def _reached(
    now: Sequence[Voicing], two: Voicing, costs: list[float], *, avoid_parallels: bool
) -> tuple[float, int]:
    """The least cost of coming to a voicing, and from which."""
    return min(
        (cost + _moving(one, two, avoid_parallels), index)
        for index, (cost, one) in enumerate(zip(costs, now, strict=True))
    )


def _walked_back(choices: Sequence[Sequence[Voicing]], ways: list[list[int]], last: int) -> list[Voicing]:
    path = [last]
    for way in reversed(ways):
        path.append(way[path[-1]])
    return [choice[index] for choice, index in zip(choices, reversed(path), strict=True)]


@lru_cache(maxsize=4096)
def _standing(voicing: Voicing, centre: float) -> float:
    """What a voicing costs where it stands: its distance from the middle of the range, and mud in the low."""
    middle = (voicing[0] + voicing[-1]) / 2
    mud = sum(_MUD for one, two in pairwise(voicing) if one < _LOWEST_OF_INTERVAL.get(two - one, 0))
    return _DRIFT * abs(middle - centre) + mud


@lru_cache(maxsize=65536)
def _moving(one: Voicing, two: Voicing, avoid_parallels: bool) -> float:  # noqa: FBT001  a cache's key
    """What it costs to move: semitones in all voices, common tones that move, and parallels where they count."""
    if len(one) == len(two):
        moved = sum(abs(a - b) for a, b in zip(one, two, strict=True))
    else:
        few, many = sorted((one, two), key=len)
        moved = sum(min(abs(a - b) for b in few) for a in many)
    common = {pitch % 12 for pitch in one} & {pitch % 12 for pitch in two}
    lost = len(common) - len({pitch % 12 for pitch in set(one) & set(two)})
    wrong = len(parallels(one, two)) if avoid_parallels else 0
    return moved + _LOST * lost + _PARALLEL * wrong


def parallels(one: Voicing, two: Voicing) -> list[tuple[int, int]]:
    """Give the pairs of voices, from 0 below, that move in parallel fifths or octaves.

    Voices of chords with different numbers of them are counted from below.

    >>> parallels((60, 67), (62, 69)), parallels((60, 67), (60, 67))
    ([(0, 1)], [])
    """
    found = []
    n_voices = min(len(one), len(two))
    for lower in range(n_voices):
        for upper in range(lower + 1, n_voices):
            apart = (one[upper] - one[lower]) % 12
            same = apart == (two[upper] - two[lower]) % 12 and apart in {0, 7}
            if same and (two[lower] - one[lower]) * (two[upper] - one[upper]) > 0:
                found.append((lower, upper))
    return found
