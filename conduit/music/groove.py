"""Drums: a beat with its ghosts, its accents and its fills, in any metre."""

from __future__ import annotations

from random import Random

from conduit.music.beats import BEATS, FILLS
from conduit.music.chance import nudge, pick
from conduit.music.drums import DRUM_PITCHES
from conduit.music.genre import PLAIN
from conduit.music.note import Note
from conduit.music.phrase import STEP, VELOCITIES, Setting, fit, hits, pulse_starts, pulses, stretch

__all__ = ["closing_fill", "render_drums"]

# Kicks and snares carry the metre: in a pulse of three eighths they go long and short; the others go on.
_ANCHORS = frozenset({"kick", "kick2", "snare", "clap", "rim"})
_STYLES = {
    "steppers": "steppers",
    "half time": "dubstep",
    "breakbeat": "breakbeat",
    "acid": "acid",
    "minimal": "minimal",
    "dub": "dub",
    "two step": "two step",
    "four on the floor": "house",
    "ambient": "ambient",
    "trap": "trap",
    "one drop": "dub",
}
# What only colours the beat of a genre: dub techno is techno with space, so from this energy on nothing plays.
_COLOURS = {"dub": 0.4, "minimal": 0.34, "ambient": 0.29}
_FOUR_ON_THE_FLOOR = frozenset({"techno", "house", "trance", "disco", "minimal", "acid", "plain"})
_SHORTEST = 3
_PHRASE = 4
_LONG = 8
_Onset = tuple[float, str, float]  # step in the bar, drum, velocity


def render_drums(setting: Setting, rng: Random) -> list[Note]:
    """Play drums: the beat of the genre, a fill at the end of each phrase and of the clip.

    Every fourth bar ends in a short fill, every eighth and the last in a long one; one or two bars have none
    unless it is asked for.

    Args:
        setting: What to play in.
        rng: Picks patterns and fill and moves velocities; times stay on the grid.
    """
    beat = BEATS[_beat_name(setting)]
    rows = [(row.drum, pick(rng, row.patterns)) for row in beat.rows if row.energy <= _layers(setting)]
    fill = FILLS[pick(rng, beat.fills)]
    notes = []
    for bar in range(setting.bars):
        onsets = _groove(rows, bar=bar, setting=setting)
        onsets = _with_fill(onsets, fill, size=_fill_size(bar, setting), setting=setting)
        if bar == 0 and setting.energy >= 0.7 and setting.bars >= _PHRASE:
            onsets.append((0.0, "crash", 92.0))
        rolled = {(step - 0.5, drum) for step, drum, _ in onsets if step % 1}
        notes += [_note(onset, bar=bar, rolled=rolled, setting=setting, rng=rng) for onset in onsets]
    return notes


def _beat_name(setting: Setting) -> str:
    wanted = [_STYLES[style] for style in setting.styles if style in _STYLES and not _colours(style, setting)]
    return wanted[-1] if wanted else setting.genre.drums


def _colours(style: str, setting: Setting) -> bool:
    """Tell whether a style only colours the genre's own beat."""
    own = setting.genre.drums
    if style == "acid":
        return own not in _FOUR_ON_THE_FLOOR
    return style in _COLOURS and own not in {PLAIN.drums, _STYLES[style]}


def _layers(setting: Setting) -> float:
    """Energy as it decides which rows play: sparse takes rows away, busy adds some, a colour leaves space."""
    if "sparse" in setting.styles:
        return min(setting.energy, 0.25)
    if "busy" in setting.styles:
        return max(setting.energy, 0.7)
    space = [_COLOURS[style] for style in setting.styles if style in _COLOURS and _colours(style, setting)]
    return min([setting.energy, *space])


def _groove(rows: list[tuple[str, str]], *, bar: int, setting: Setting) -> list[_Onset]:
    """One bar of the beat; a louder hit of the same drum and an open hat silence what they meet."""
    loudest: dict[tuple[float, str], float] = {}
    for drum, pattern in rows:
        half = pattern[16:] if len(pattern) > 16 and bar % 2 else pattern[:16]
        for step, velocity in _onsets(fit(half, setting.meter, lilt=drum in _ANCHORS)):
            loudest[step, drum] = max(velocity, loudest.get((step, drum), 0))
    return [
        (step, drum, velocity)
        for (step, drum), velocity in loudest.items()
        if drum != "hat" or (step, "openhat") not in loudest
    ]


def _onsets(row: str) -> list[tuple[float, float]]:
    """Steps and velocities of a row; ``r`` is two thirty-seconds."""
    found = []
    for hit in hits(row):
        found.append((float(hit.step), float(VELOCITIES[hit.letter])))
        if hit.letter == "r":
            found.append((hit.step + 0.5, VELOCITIES["r"] - 12.0))
    return found


def _fill_size(bar: int, setting: Setting) -> int:
    """How many pulses at the end of this bar are a fill: 0, 1 or 2."""
    number, last = bar + 1, bar + 1 == setting.bars
    wanted = setting.bars >= _SHORTEST if setting.fills is None else setting.fills
    if not wanted or not (last or number % _PHRASE == 0):
        return 0
    if setting.energy < 0.3:
        return 1
    return 2 if number % _LONG == 0 or (last and setting.bars >= _PHRASE) else 1


def _with_fill(onsets: list[_Onset], fill: dict[str, str], *, size: int, setting: Setting) -> list[_Onset]:
    """The bar with its last pulses replaced by those of the fill."""
    starts, lengths = pulse_starts(setting.meter), pulses(setting.meter)
    size = min(size, len(starts) - 1)
    if size < 1:
        return onsets
    filled = [onset for onset in onsets if onset[0] < starts[-size]]
    for drum, row in fill.items():
        cells = (row[:4], row[4:])[-size:]
        for begin, length, cell in zip(starts[-size:], lengths[-size:], cells, strict=True):
            filled += [(begin + step, drum, velocity) for step, velocity in _onsets(stretch(cell, length))]
    return filled


def closing_fill(setting: Setting, rng: Random) -> tuple[float, list[Note]]:
    """Give a fill for the end of a clip.

    Args:
        setting: Metre, length, genre and energy of the clip.
        rng: Picks the fill and moves velocities.

    Returns:
        The beat from which the fill takes the place of what was there, and its notes.
    """
    fill = FILLS[pick(rng, BEATS[_beat_name(setting)].fills)]
    starts = pulse_starts(setting.meter)
    size = min(2, max(1, len(starts) - 1))
    bar = setting.bars - 1
    onsets = _with_fill([], fill, size=size, setting=setting) or [(0.0, "snare", 90.0)]
    rolled = {(step - 0.5, drum) for step, drum, _ in onsets if step % 1}
    notes = [_note(onset, bar=bar, rolled=rolled, setting=setting, rng=rng) for onset in onsets]
    return bar * setting.meter.bar + starts[-size] * STEP, notes


def _note(onset: _Onset, *, bar: int, rolled: set[tuple[float, str]], setting: Setting, rng: Random) -> Note:
    """A note of a sixteenth, or of half of one in a roll; the kick keeps its weight."""
    step, drum, velocity = onset
    start = bar * setting.meter.bar + step * STEP
    return Note(
        DRUM_PITCHES[drum],
        start,
        STEP / 2 if step % 1 or (step, drum) in rolled else STEP,
        nudge(rng, velocity * setting.drive, spread=2 if drum == "kick" else 5),
    )
