"""Judges that ask whether a clip is what was asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from conduit.composer.judged import Judged, Verdict, listed, ramp
from conduit.composer.typical import points
from conduit.music import pitch_name
from conduit.music.estimate import estimate_chords
from conduit.music.heard import Heard

__all__ = [
    "judge_bars",
    "judge_chords",
    "judge_instrument",
    "judge_key",
    "judge_metre",
    "judge_range",
    "judge_tempo",
]

_PULSE = -2  # the weight of a step on a pulse, or heavier


def judge_instrument(judged: Judged) -> Verdict:
    """Drums for drums, pitches for all else; nothing to say where that is so."""
    drums, role = judged.clip.is_drums, judged.brief.role
    if drums == (role == "drums"):
        return None
    return 0.0, f"it is for {'drums' if drums else 'pitches'}; {role} was asked for"


def judge_bars(judged: Judged) -> Verdict:
    """As many bars as were asked for."""
    asked, found = judged.brief.bars, judged.clip.bars
    bars = f"{found:g} bar{'s' if found != 1 else ''}"
    if found == asked:
        return 1.0, f"{bars}, as asked"
    return 0.8 * min(asked, found) / max(asked, found), f"{bars}; {asked} were asked for"


def judge_metre(judged: Judged) -> Verdict:
    """The metre that was asked for."""
    asked, found = judged.brief.meter, judged.clip.meter
    if asked == found:
        return 1.0, f"{found}, as asked"
    return 0.0, f"it is in {found}; {asked} was asked for"


def judge_tempo(judged: Judged) -> Verdict:
    """The tempo that was asked for, within half a beat a minute."""
    asked, found = judged.brief.bpm, judged.clip.bpm
    if asked is None:
        return None
    off = max(asked, found) / min(asked, found) - 1
    if abs(asked - found) <= 0.5:
        return 1.0, f"{found:g} bpm, as asked"
    return max(0.0, 0.7 - 2 * off), f"{found:g} bpm; {asked:g} was asked for"


def judge_key(judged: Judged) -> Verdict:
    """Nine notes in ten in the key, or in a chord that was asked for; chromatic noise has six."""
    if judged.clip.is_drums:
        return None
    key = judged.key
    allowed = {*key.pitch_classes, *(pc for chord in judged.brief.chords for pc in chord.pitch_classes)}
    outside = ~np.isin(judged.heard.pitch % 12, sorted(allowed))
    share = 1 - float(outside.mean())
    said = f"{share:.0%} of the notes are in {key}"
    if outside.any():
        said += f"; not {_strays(judged.heard, outside, flats=key.flats)}"
    return ramp(share, nothing=0.55, all_right=0.9), said


def _strays(heard: Heard, outside: NDArray[np.bool_], *, flats: bool) -> str:
    found = dict.fromkeys(zip(heard.pitch[outside].tolist(), heard.bar[outside].tolist(), strict=True))
    return listed([f"{pitch_name(pitch, flats=flats)} in bar {bar + 1}" for pitch, bar in found])


def judge_chords(judged: Judged) -> Verdict:
    """Chord tones where pulses fall: of the chords asked for, else of the chord that each bar is nearest to."""
    strong = judged.heard.weight[judged.heard.step] >= _PULSE
    if judged.clip.is_drums or not strong.any():
        return None
    pitches, bars = judged.heard.pitch[strong] % 12, judged.heard.bar[strong]
    if judged.brief.chords:
        share = max(_held(pitches, bars, plan) for plan in _plans(judged))
        names = " ".join(chord.name for chord in judged.brief.chords)
        return ramp(share, nothing=0.3, all_right=0.8), f"{share:.0%} of the notes on the beat are of {names}"
    share = _held(pitches, bars, _nearest(judged))
    return ramp(
        share, nothing=0.35, all_right=0.7
    ), f"{share:.0%} of the notes on the beat fit a chord with their bar"


def _nearest(judged: Judged) -> list[tuple[int, ...]]:
    lines, ppq = judged.clip.bar_lines, judged.clip.ppq
    found = {lines.at(span.start * ppq).index: span.chord for span in estimate_chords(judged.clip)}
    return [found[bar].pitch_classes if bar in found else () for bar in range(judged.n_bars)]


def _plans(judged: Judged) -> list[list[tuple[int, ...]]]:
    """Give the chords of each bar in the two ways that people mean: one a bar in turn, or spread over all bars."""
    chords, bars = judged.brief.chords, judged.n_bars
    turns = [chords[bar % len(chords)].pitch_classes for bar in range(bars)]
    spread = [chords[min(len(chords) - 1, bar * len(chords) // bars)].pitch_classes for bar in range(bars)]
    return [turns, spread]


def _held(pitches: NDArray[np.int64], bars: NDArray[np.int64], plan: Sequence[tuple[int, ...]]) -> float:
    tones = np.zeros((len(plan), 12), dtype=bool)
    for bar, classes in enumerate(plan):
        tones[bar, list(classes)] = True
    return float(tones[bars, pitches].mean())


def judge_range(judged: Judged) -> Verdict:
    """Notes where real clips of the role have them, moved by the octaves asked for."""
    low, high = points(judged.role, "lowest"), points(judged.role, "highest")
    if low is None or high is None or judged.clip.is_drums:
        return None
    bottom, top = (max(0, min(127, round(edge) + 12 * judged.brief.octave)) for edge in (low[0], high[-1]))
    pitch = judged.heard.pitch
    inside = float(((pitch >= bottom) & (pitch <= top)).mean())
    said = f"it goes from {pitch_name(int(pitch.min()))} to {pitch_name(int(pitch.max()))}"
    if inside < 1:
        said += f"; {judged.role} lies between {pitch_name(bottom)} and {pitch_name(top)}"
    return ramp(inside, nothing=0.4, all_right=0.98), said
