"""Judges that ask whether a clip sounds like music of its role, as real clips of that role measure."""

from __future__ import annotations

from collections import Counter

import numpy as np

from conduit.composer.judged import Judged, Verdict, listed, ramp, usually
from conduit.composer.typical import fit, points

__all__ = [
    "judge_clash",
    "judge_density",
    "judge_form",
    "judge_fullness",
    "judge_groove",
    "judge_length",
    "judge_line",
    "judge_motif",
    "judge_syncopation",
    "judge_timing",
    "judge_velocity",
    "judge_voices",
]

_LINES = ("bass", "lead", "arp")
_SWUNG = 1 / 24  # beats that a note may stray from where notes of its kind fall
_TWELFTH = 0.1  # twelfths of a beat that it may stray from one


def judge_density(judged: Judged) -> Verdict:
    """As many onsets as is usual; fewer or more where the words asked for that."""
    still = "sparse" in judged.brief.styles or judged.brief.energy < 0.35
    full = "busy" in judged.brief.styles or judged.brief.energy > 0.75
    value = fit(judged.measures.density, judged.role, "density", low=not still, high=not full)
    return value, f"{judged.measures.density:.2g} onsets a beat{usually(judged.role, 'density')}"


def judge_voices(judged: Judged) -> Verdict:
    """As many notes at a time as is usual: one in a line, three or so in chords."""
    if judged.clip.is_drums or judged.measures.voices is None:
        return None
    value = fit(judged.measures.voices, judged.role, "voices")
    return value, f"{judged.measures.voices:.2g} notes at a time{usually(judged.role, 'voices')}"


def judge_length(judged: Judged) -> Verdict:
    """Notes as long as is usual."""
    if judged.measures.note_length is None:
        return None
    value = fit(judged.measures.note_length, judged.role, "note_length")
    return value, f"notes last {judged.measures.note_length:.2g} beats{usually(judged.role, 'note_length')}"


def judge_fullness(judged: Judged) -> Verdict:
    """No empty bars, and no more empty beats than is usual."""
    value = fit(judged.measures.empty_beats, judged.role, "empty_beats", low=False)
    heard = judged.heard
    last = np.searchsorted(heard.bar_firsts, np.ceil(heard.end * 4 - 1e-6) - 1, side="right") - 1
    ends = heard.bar if judged.clip.is_drums else np.maximum(heard.bar, last)
    changes = np.bincount(heard.bar, minlength=judged.n_bars + 1)
    changes = changes - np.bincount(ends + 1, minlength=judged.n_bars + 1)
    empty = (np.flatnonzero(np.cumsum(changes)[: judged.n_bars] == 0) + 1).tolist()
    if not empty or judged.role == "texture":
        return value, f"{judged.measures.empty_beats:.0%} of the beats are empty"
    value = max(0.0, min(value, 0.6 - 1.2 * len(empty) / judged.n_bars))
    return value, f"nothing sounds in bar {listed([str(bar) for bar in empty])}"


def judge_timing(judged: Judged) -> Verdict:
    """Notes on the grid, or off it in the same way each time, as swing is."""
    heard = judged.heard
    away, kind = heard.start - np.rint(heard.start * 4) / 4, np.rint(heard.start * 4).astype(np.int64) % 4
    usual = np.array([np.median(away[kind == one]) if (kind == one).any() else 0.0 for one in range(4)])
    twelfths = heard.start * 12
    good = (np.abs(away - usual[kind]) <= _SWUNG) | (np.abs(twelfths - np.rint(twelfths)) <= _TWELFTH)
    share = float(good.mean())
    return ramp(share, nothing=0.6, all_right=0.95), f"{share:.0%} of the notes are in time"


def judge_groove(judged: Judged) -> Verdict:
    """Bars whose rhythm belongs together."""
    found = judged.measures.groove
    if found is None:
        return None
    value = fit(found, judged.role, "groove", high=False)
    return value, f"neighbouring bars agree in {found:.0%} of their steps{usually(judged.role, 'groove')}"


def judge_syncopation(judged: Judged) -> Verdict:
    """No more syncopation than real clips have, unless it was asked for."""
    if "syncopated" in judged.brief.styles or judged.measures.syncopation is None:
        return None
    found = judged.measures.syncopation
    value = fit(found, judged.role, "syncopation", low=False)
    return value, f"syncopation is {found:.2g} a bar{usually(judged.role, 'syncopation')}"


def judge_form(judged: Judged) -> Verdict:
    """A phrase: bars come back, but not one bar for ever, and the end is not the beginning once more."""
    bars = judged.bars
    if len(bars) < 3:
        return None
    counts = Counter(bars)
    (usual, times), *_ = counts.most_common(1)
    if len(counts) == 1:
        return 0.3, f"all {len(bars)} bars are the same; let one answer, and let the last one turn"
    if bars[-1] == usual and times >= 0.75 * len(bars):
        return 0.75, "most bars are the same and so is the last; let it turn"
    if judged.clip.is_drums and judged.measures.repetition is not None:
        value = fit(judged.measures.repetition, "drums", "repetition", high=False)
        return value, f"bars agree with earlier ones in {judged.measures.repetition:.0%} of what they strike"
    return 1.0, f"{len(counts)} different bars in {len(bars)}"


def judge_line(judged: Judged) -> Verdict:
    """Steps as wide as is usual, within a span that is."""
    move, span = judged.measures.mean_interval, judged.measures.span
    if move is None or span is None:
        return None
    steps = fit(move, judged.role, "mean_interval", low=judged.role in _LINES)
    whole = fit(span, judged.role, "span", low=False)
    if steps <= whole:
        return steps, f"it moves {move:.2g} semitones at a time{usually(judged.role, 'mean_interval')}"
    return whole, f"it spans {span} semitones{usually(judged.role, 'span')}"


def judge_motif(judged: Judged) -> Verdict:
    """Motifs that come back."""
    found = judged.measures.motif
    if found is None or judged.role not in _LINES or judged.heard.onsets < 8:
        return None
    return fit(found, judged.role, "motif", high=False), f"{found:.0%} of the turns of the line come back"


def judge_clash(judged: Judged) -> Verdict:
    """Next to no semitones that sound together."""
    if judged.measures.clash is None or judged.measures.voices == 1:
        return None
    value = fit(judged.measures.clash, judged.role, "clash", low=False)
    return value, f"{judged.measures.clash:.0%} of the notes rub against a semitone"


def judge_velocity(judged: Judged) -> Verdict:
    """Notes that are not all struck alike, nor more at random than anybody plays."""
    row = points(judged.role, "velocity_spread")
    found, mean = judged.measures.velocity_spread, judged.measures.velocity
    if row is None or found is None or mean is None or len(judged.heard) < 3:
        return None
    least, most = max(2.0, row[2] / 2), row[-1]
    said = f"velocities stray by {found:.2g} around {mean:.0f}"
    if found < least:
        return 0.2 + 0.8 * found / least, f"{said}; let them stray by {least:.0f} or more"
    return 1 - ramp(found, nothing=most, all_right=3 * most), said
