"""Singing: the pitches of a melody, found for a shape that is wished for.

A search over the notes of the scale (Viterbi's) weighs how near each is to the shape, whether strong beats have
tones of the chord, and how each note is reached and left: by step for choice, a leap seldom, a note outside the
chord only by step. Costs are whole numbers, so that every machine finds the same line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conduit.music.scale import Key

__all__ = ["Slot", "sung"]

_REACH = 5  # semitones from the wish that are looked at
_INTERVALS = (3, 0, 0, 1, 1, 2, 7, 3, 4, 4, 9, 9, 4)  # cost of an interval in semitones
_WIDE = 24
_STRONG, _LONG = 9, 6  # cost of a note outside the chord on a strong beat, and of one that is held
_RUB = 2  # cost of a note a semitone from one of the chord
_LEFT, _REACHED = 4, 2  # cost of a leap from a note outside the chord, and of one to it
_STEP = 2


@dataclass(frozen=True, slots=True)
class Slot:
    """One note that is to be found.

    Attributes:
        wish: The pitch that the shape has here.
        tones: Pitch classes of the chord.
        strong: Whether it stands on a strong beat.
        long: Whether it is held.
    """

    wish: int
    tones: tuple[int, ...]
    strong: bool = False
    long: bool = False


def sung(slots: Sequence[Slot], key: Key, *, low: int, high: int, again: int = 3) -> list[int]:
    """Give the pitch of each slot.

    Args:
        slots: What is wished for, in order of time.
        key: The notes there are between the tones of the chords.
        low: Lowest pitch.
        high: Highest pitch, at least an octave above.
        again: What it costs to repeat a note that the shape does not repeat.

    >>> sung([Slot(60, (0, 4, 7), strong=True), Slot(61, (0, 4, 7))], Key("C major"), low=55, high=79)
    [60, 62]
    """
    if not slots:
        return []
    columns = [_candidates(slot, key, low=low, high=high) for slot in slots]
    costs = [_own(slots[0], pitch) for pitch in columns[0]]
    ways: list[list[int]] = []
    for index in range(1, len(slots)):
        before, slot = slots[index - 1], slots[index]
        repeats = 0 if before.wish == slot.wish else again
        found, back = [], []
        for pitch in columns[index]:
            options = [
                cost + _move(one, pitch, before=before, slot=slot, again=repeats)
                for one, cost in zip(columns[index - 1], costs, strict=True)
            ]
            best = options.index(min(options))
            found.append(options[best] + _own(slot, pitch))
            back.append(best)
        costs = found
        ways.append(back)
    place = costs.index(min(costs))
    line = [columns[-1][place]]
    for index in range(len(ways) - 1, -1, -1):
        place = ways[index][place]
        line.append(columns[index][place])
    return line[::-1]


def _candidates(slot: Slot, key: Key, *, low: int, high: int) -> list[int]:
    """The notes near the wish: of the chord where it is to be heard, else of the key."""
    wish = min(max(slot.wish, low), high)
    reach = range(max(low, wish - _REACH), min(high, wish + _REACH) + 1)
    classes = slot.tones if slot.strong or slot.long else key.pitch_classes
    return [pitch for pitch in reach if pitch % 12 in classes] or [
        pitch for pitch in reach if pitch % 12 in key.pitch_classes
    ]


def _own(slot: Slot, pitch: int) -> int:
    outside = pitch % 12 not in slot.tones
    rubs = outside and ((pitch + 1) % 12 in slot.tones or (pitch - 1) % 12 in slot.tones)
    return _RUB * rubs + 2 * abs(pitch - slot.wish) + outside * (_STRONG * slot.strong + _LONG * slot.long)


def _move(one: int, other: int, *, before: Slot, slot: Slot, again: int) -> int:
    interval = abs(other - one)
    if interval == 0:
        return again
    cost = 2 * (_INTERVALS[interval] if interval < len(_INTERVALS) else _WIDE)
    if interval > _STEP:
        cost += _LEFT * (one % 12 not in before.tones) + _REACHED * (other % 12 not in slot.tones)
    return cost
