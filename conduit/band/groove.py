"""Drums: a beat with its ghosts, its accents and its fills, in any metre.

A seed takes a core and a pattern of each layer that the energy lets in, adds ornaments in the bars that answer, and
ends phrases in fills. A longer clip grows: its second phrase answers the first with patterns of its own, and energy
rises a little to the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from conduit.band.beats import KEEP, STEPPERS, VELOCITIES, Bars, Beat, Layer
from conduit.band.genre import GENRES, PLAIN
from conduit.band.phrase import STEP, Setting, onsets, stretch
from conduit.music.chance import happens, nudge, pick
from conduit.music.drums import DRUM_PITCHES
from conduit.music.meter import Meter
from conduit.music.note import Note
from conduit.music.pulse import pulse_starts, pulses

__all__ = ["closing_fill", "kick_under", "render_drums"]

# Kicks and snares carry the metre: in a pulse of three eighths they go long and short; the others go on.
_ANCHORS = frozenset({"kick", "kick2", "snare", "clap", "rim"})
_STYLES = {
    "half time": "dubstep",
    "breakbeat": "breakbeat",
    "acid": "acid",
    "minimal": "minimal",
    "dub": "dub",
    "two step": "garage",
    "four on the floor": "house",
    "ambient": "ambient",
    "trap": "trap",
    "one drop": "dub",
}
# What only colours the beat of a genre: dub techno is techno with space, so from this energy on nothing plays.
_COLOURS = {"dub": 0.4, "minimal": 0.34, "ambient": 0.29}
# Drums whose ornaments stand alone; a clap or a hat must play already.
_FREE = frozenset({"kick2", "snare", "rim", "conga", "clave", "tom2", "tom5"})
_EVERY_BEAT = frozenset({0.0, 4.0, 8.0, 12.0})
_SHORTEST = 3
_PHRASE = 4
_LONG = 8
_RISE = 0.12  # how much energy a long clip gains to its end
_WHOLE_BAR = 0.7  # energy from which eight bars end in a whole bar of fill
_SWELL = (0.84, 1.06)
_QUIET, _LOUD = VELOCITIES["g"], VELOCITIES["X"]
# How likely an ornament is in the bars of a phrase; bars of one letter are alike.
_FORM = "ABAC"
_ALONE = "B"  # a single bar
_LIKELY = {"A": 0.02, "B": 0.17, "C": 0.14}
_Onset = tuple[float, str, float]  # step in the bar, drum, velocity of its letter
_Hits = tuple[tuple[float, str, str], ...]  # step in the bar, drum, letter


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a seed took of a beat; what there is two of is of odd phrases and of even ones."""

    core: tuple[tuple[str, Bars], ...]
    layers: tuple[tuple[Layer, Bars, Bars], ...]
    ornaments: tuple[dict[str, _Hits], dict[str, _Hits]]
    fills: tuple[dict[str, str], dict[str, str]]
    crash: float


def render_drums(setting: Setting, rng: Random) -> list[Note]:
    """Play drums: the beat of the genre, a fill at the end of each phrase and of the clip.

    Every fourth bar ends in a short fill, every eighth and the last in a long one; one or two bars have none
    unless it is asked for.

    Args:
        setting: What to play in.
        rng: Picks patterns, ornaments and fills and moves velocities; times stay on the grid.
    """
    taken = _take(_beat(setting), setting=setting, rng=rng)
    played: list[_Onset] = []
    for bar in range(setting.bars):
        found = _groove(taken, bar=bar, setting=setting)
        long = (bar + 1) % _LONG == 0 or bar + 1 == setting.bars
        found = _with_fill(found, taken.fills[long], size=_fill_size(bar, setting), setting=setting)
        if bar % _LONG == 0 and setting.bars >= _PHRASE and _energy(setting, bar=bar) >= taken.crash:
            found.append((0.0, "crash", VELOCITIES["x"]))
        played += [
            (bar * setting.meter.steps + step, drum, velocity) for step, drum, velocity in sorted(found)
        ]
    return _notes(played, setting=setting, rng=rng)


def kick_under(setting: Setting, rng: Random) -> Bars:
    """Give the kick that drums of the same request and seed play; no bars where none or where it is on every beat.

    Args:
        setting: What the part plays in.
        rng: As the part got it, nothing drawn yet.
    """
    core = dict(pick(rng, _beat(setting).core))
    kick = core.get("kick", ())
    return () if kick and {step for step, _ in onsets(kick[0], Meter())} >= _EVERY_BEAT else kick


def _take(beat: Beat, *, setting: Setting, rng: Random) -> _Taken:
    core = pick(rng, beat.core)  # first, so that a bass of the same seed knows it: kick_under
    layers = tuple((layer, pick(rng, layer.patterns), pick(rng, layer.patterns)) for layer in beat.layers)
    usual, other = (_ornaments(beat, setting=setting, rng=rng) for _ in range(2))
    fills = beat.fills or ((),)
    return _Taken(
        core,
        layers,
        (usual, {**other, "A": usual["A"]}),
        (dict(pick(rng, fills)), dict(pick(rng, fills))),
        beat.crash,
    )


def _ornaments(beat: Beat, *, setting: Setting, rng: Random) -> dict[str, _Hits]:
    likely = 0.0 if "sparse" in setting.styles else 0.4 + setting.energy
    candidates = [
        (step, drum, letter)
        for drum, row in beat.ornaments
        for step, letter in onsets(row, setting.meter, lilt=drum in _ANCHORS)
    ]
    return {
        letter: tuple(one for one in candidates if happens(rng, likelihood * likely))
        for letter, likelihood in _LIKELY.items()
    }


def _beat(setting: Setting) -> Beat:
    wanted = [style for style in setting.styles if style == "steppers" or style in _STYLES]
    wanted = [style for style in wanted if not _colours(style, setting)]
    if not wanted:
        return setting.genre.drums
    return STEPPERS if wanted[-1] == "steppers" else GENRES[_STYLES[wanted[-1]]].drums


def _colours(style: str, setting: Setting) -> bool:
    """Tell whether a style only colours the genre's own beat."""
    own = setting.genre.drums
    if own == PLAIN.drums:
        return False
    if style == "acid":
        return not _four_on_the_floor(own)
    return style in _COLOURS and own != GENRES[_STYLES[style]].drums


def _four_on_the_floor(beat: Beat) -> bool:
    kicks = [bars[0] for drum, bars in beat.core[0] if drum == "kick"]
    return bool(kicks) and {step for step, _ in onsets(kicks[0], Meter())} >= _EVERY_BEAT


def _energy(setting: Setting, *, bar: int = 0) -> float:
    """Energy as it decides which rows play: sparse takes rows away, busy adds some, a colour leaves space."""
    phrases = (setting.bars - 1) // _PHRASE
    energy = setting.energy + (_RISE * (bar // _PHRASE) / phrases if phrases else 0.0)
    if "sparse" in setting.styles:
        return min(energy, 0.25)
    if "busy" in setting.styles:
        return max(energy, _WHOLE_BAR)
    return min(
        [
            energy,
            *(_COLOURS[style] for style in setting.styles if style in _COLOURS and _colours(style, setting)),
        ]
    )


def _groove(taken: _Taken, *, bar: int, setting: Setting) -> list[_Onset]:
    """One bar of the beat; a louder hit of the same drum and an open hat silence what they meet."""
    energy = _energy(setting, bar=bar)
    odd = bar // _PHRASE % 2
    rows = list(taken.core)
    rows += [(layer.drum, (first, later)[odd]) for layer, first, later in taken.layers if layer.plays(energy)]
    heard = [
        (step, drum, letter)
        for drum, bars in rows
        for step, letter in onsets(bars[bar % len(bars)], setting.meter, lilt=drum in _ANCHORS)
    ]
    letter = _FORM[bar % _PHRASE] if setting.bars > 1 else _ALONE
    heard += _fitting(taken.ornaments[odd][letter], heard)
    loudest: dict[tuple[float, str], float] = {}
    for step, drum, letter in heard:
        loudest[step, drum] = max(VELOCITIES[letter], loudest.get((step, drum), 0))
    return [
        (step, drum, velocity)
        for (step, drum), velocity in loudest.items()
        if drum != "hat" or (step, "openhat") not in loudest
    ]


def _fitting(ornaments: _Hits, heard: list[tuple[float, str, str]]) -> list[tuple[float, str, str]]:
    """The ornaments that have room: none beside a hit of their drum, and no drum that leans on a silent one."""
    taken = {(step, drum) for step, drum, _ in heard}
    playing = {drum for _, drum in taken} | _FREE
    fitting = []
    for step, drum, letter in ornaments:
        beside = {(step - 1, drum), (step + 1, drum)}
        if drum in playing and not beside & taken:
            taken.add((step, drum))
            fitting.append((step, drum, letter))
    return fitting


def _fill_size(bar: int, setting: Setting) -> int:
    """How many pulses at the end of this bar are a fill: 0, 1, 2 or 4."""
    number, last = bar + 1, bar + 1 == setting.bars
    wanted = setting.bars >= _SHORTEST if setting.fills is None else setting.fills
    if not wanted or not (last or number % _PHRASE == 0):
        return 0
    if setting.energy < 0.3:
        return 1
    if number % _LONG == 0 and setting.energy >= _WHOLE_BAR:
        return 4
    return 2 if number % _LONG == 0 or (last and setting.bars >= _PHRASE) else 1


def _with_fill(found: list[_Onset], fill: dict[str, str], *, size: int, setting: Setting) -> list[_Onset]:
    """The bar with its last pulses replaced by those of the fill."""
    starts, lengths = pulse_starts(setting.meter), pulses(setting.meter)
    size = min(size, max(len(starts) - 1, len(starts) // 4 * 4))
    if size < 1 or not fill:
        return found
    kept = {drum for drum, row in fill.items() if row == KEEP}
    filled = [onset for onset in found if onset[0] < starts[-size] or onset[1] in kept]
    for drum, row in fill.items():
        cells = [row[4 * index : 4 * index + 4] for index in range(4)][-size:] if row != KEEP else []
        for begin, length, cell in zip(starts[-size:], lengths[-size:], cells, strict=False):
            filled += [
                (
                    begin + step,
                    drum,
                    VELOCITIES[letter] * _swell(begin + step, drum, start=starts[-size], setting=setting),
                )
                for step, letter in _cell(stretch(cell, length))
            ]
    return filled


def _swell(step: float, drum: str, *, start: float, setting: Setting) -> float:
    """How loud a fill is on a step: it grows to its end, over a kick that does not."""
    if drum == "kick":
        return 1.0
    return _SWELL[0] + (_SWELL[1] - _SWELL[0]) * (step - start) / (setting.meter.steps - start)


def _cell(letters: str) -> list[tuple[float, str]]:
    parts = {"r": 2, "t": 3}
    return [
        (step + part / parts.get(letter, 1), letter)
        for step, letter in enumerate(letters)
        if letter in VELOCITIES
        for part in range(parts.get(letter, 1))
    ]


def closing_fill(setting: Setting, rng: Random) -> tuple[float, list[Note]]:
    """Give a fill for the end of a clip.

    Args:
        setting: Metre, length, genre and energy of the clip.
        rng: Picks the fill and moves velocities.

    Returns:
        The beat from which the fill takes the place of what was there, and its notes.
    """
    fill = {drum: row for drum, row in pick(rng, _beat(setting).fills or PLAIN.drums.fills) if row != KEEP}
    starts = pulse_starts(setting.meter)
    size = min(2, max(1, len(starts) - 1))
    first = (setting.bars - 1) * setting.meter.steps
    found = _with_fill([], fill, size=size, setting=setting) or [(0.0, "snare", VELOCITIES["x"])]
    notes = _notes(
        [(first + step, drum, velocity) for step, drum, velocity in found], setting=setting, rng=rng
    )
    return (first + starts[-size]) * STEP, notes


def _notes(played: list[_Onset], *, setting: Setting, rng: Random) -> list[Note]:
    """Notes of a sixteenth, or up to the next of their drum; the kick keeps its weight."""
    quiet, loud = setting.genre.velocity
    ends: dict[str, float] = {}
    notes = []
    for step, drum, velocity in sorted(played, reverse=True):
        length = min(1.0, ends.get(drum, setting.bars * setting.meter.steps) - step)
        ends[drum] = step
        loudness = quiet + (velocity - _QUIET) * (loud - quiet) / (_LOUD - _QUIET)
        moved = nudge(rng, loudness * setting.drive, spread=2 if drum == "kick" else 5)
        notes.append(Note(DRUM_PITCHES[drum], step * STEP, length * STEP, moved))
    return notes[::-1]
