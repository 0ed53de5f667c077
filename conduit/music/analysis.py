"""Measures of a clip: numbers that say what kind of music it is, and where it fails.

They catch gross failure, not taste. Every measure is linear in notes but for a sort, and each is a function of its
own that says how it is defined and by whom; ``MEASURES`` is the one table of them. Where a measure has no meaning
(pitch of drums, a key where none is set, the groove of one bar) it is None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from conduit.music.clip import Clip
from conduit.music.estimate import key_fits
from conduit.music.heard import SLOTS, Heard

__all__ = ["MEASURES", "Measures", "measure"]

_ON_GRID = 1 / 32  # beats
_GRID = np.array([0, 3, 4, 6, 8, 9, 12]) / SLOTS  # sixteenths and triplets of eighths
_TOUCH = 1 / SLOTS  # beats that two notes may overlap without rubbing: legato
_LAGS = (1, 2, 3, 4, 8)  # bars back that are looked at for a repeat
_PITCHES = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The measures of one clip; each is defined by the function of its name in ``MEASURES``.

    >>> from conduit.music import Note
    >>> measures = measure(Clip.of([Note(45 + beat, beat, 1) for beat in range(4)]))
    >>> measures.density, measures.polyphony, measures.groove
    (1.0, 1.0, None)
    """

    n_notes: int
    density: float
    voices: float | None
    polyphony: float | None
    note_length: float | None
    empty_beats: float
    lowest: int | None
    highest: int | None
    span: int | None
    mean_interval: float | None
    motif: float | None
    pitch_entropy: float | None
    in_key: float | None
    key_clarity: float | None
    clash: float | None
    syncopation: float | None
    offbeat: float | None
    on_grid: float | None
    groove: float | None
    repetition: float | None
    velocity: float | None
    velocity_spread: float | None

    def as_dict(self) -> dict[str, float | None]:
        """Give them by name, in order."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def measure(clip: Clip) -> Measures:
    """Measure a clip.

    >>> measure(Clip.of([])).as_dict()["empty_beats"]
    1.0
    """
    heard = Heard(clip)
    values = {name: of(heard) for name, of in MEASURES.items()} if len(heard) else _SILENCE
    return Measures(**values)  # type: ignore[arg-type]  # which are whole numbers, the functions say


def _pitched(of: Callable[[Heard], float | None]) -> Callable[[Heard], float | None]:
    """Make a measure None for drums, whose pitches are names of drums and whose notes have no length."""
    return lambda heard: None if heard.clip.is_drums else of(heard)


def n_notes(heard: Heard) -> int:
    """Notes that are heard."""
    return len(heard)


def density(heard: Heard) -> float:
    """Onsets a beat; notes of one slot are one onset."""
    return heard.onsets / heard.clip.length


def voices(heard: Heard) -> float:
    """Notes that start together, the mean of all onsets: 1 for a line, 3 for triads struck as one."""
    return len(heard) / heard.onsets


def polyphony(heard: Heard) -> float:
    """Notes that sound at a time, the mean over the time in which any does (polyphony of MusPy)."""
    so_far = np.maximum.accumulate(heard.end)
    gaps = np.maximum(0.0, heard.start[1:] - so_far[:-1]).sum()
    return max(1.0, float((heard.end - heard.start).sum() / (so_far[-1] - heard.start[0] - gaps)))


def note_length(heard: Heard) -> float:
    """Length of a note in beats, the median."""
    return float(np.median(heard.end - heard.start))


def empty_beats(heard: Heard) -> float:
    """Share of beats in which nothing sounds (empty beat rate of MusPy); of drums, in which nothing is struck."""
    beats = max(1, int(np.ceil(heard.clip.length - 1e-6)))
    first = np.minimum(np.floor(heard.start + 1e-6).astype(np.int64), beats - 1)
    last = first if heard.clip.is_drums else np.ceil(heard.end - 1e-6).astype(np.int64) - 1
    changes = np.bincount(first, minlength=beats + 1) - np.bincount(
        np.maximum(first, last) + 1, minlength=beats + 1
    )
    return float((np.cumsum(changes)[:beats] == 0).mean())


def lowest(heard: Heard) -> int:
    """The lowest pitch."""
    return int(heard.pitch.min())


def highest(heard: Heard) -> int:
    """The highest pitch."""
    return int(heard.pitch.max())


def span(heard: Heard) -> int:
    """Semitones from the lowest pitch to the highest."""
    return int(np.ptp(heard.pitch))


def mean_interval(heard: Heard) -> float | None:
    """Semitones from one onset's highest note to the next's, the mean without sign; None for one onset."""
    return float(np.abs(np.diff(heard.top)).mean()) if len(heard.top) > 1 else None


def motif(heard: Heard) -> float | None:
    """Share of the line's pairs of intervals that have been there before: 0 never, near 1 an ostinato.

    Transposed motifs count as repeats. None for fewer than four onsets.
    """
    moves = np.diff(heard.top) + _PITCHES
    pairs = moves[1:] * 2 * _PITCHES + moves[:-1]
    return 1 - len(np.unique(pairs)) / len(pairs) if len(pairs) > 1 else None


def pitch_entropy(heard: Heard) -> float:
    """Entropy of the pitch classes in bits: 0 one class, 3.58 all twelve alike (pitch class entropy of MusPy)."""
    counts = np.bincount(heard.pitch % 12, minlength=12)
    shares = counts[counts > 0] / len(heard)
    return float(-(shares * np.log2(shares)).sum()) + 0.0


def in_key(heard: Heard) -> float | None:
    """Share of notes in the clip's own key; None without one (pitch in scale rate of MusPy)."""
    key = heard.clip.key
    return float(np.isin(heard.pitch % 12, key.pitch_classes).mean()) if key else None


def key_clarity(heard: Heard) -> float:
    """Correlation with the best of the 24 keys of Krumhansl and Kessler, 0-1; see ``estimate``."""
    return max(0.0, float(key_fits(heard.clip).max()))


def clash(heard: Heard) -> float:
    """Share of notes that sound together with a note a semitone above or below them."""
    pitch, start, end = heard.pitch, heard.start, np.maximum(heard.start, heard.end - _TOUCH)
    width = heard.clip.length + 1
    begins, stops = np.sort(pitch * width + start), np.sort(pitch * width + end)
    rubs = np.zeros(len(pitch), dtype=bool)
    for other in (pitch - 1, pitch + 1):
        begun = np.searchsorted(begins, other * width + end)
        stopped = np.searchsorted(stops, other * width + start, side="right")
        rubs |= begun > stopped
    return float(rubs.mean())


def syncopation(heard: Heard) -> float:
    """Syncopation a bar, after Longuet-Higgins and Lee (1984), on sixteenths; the clip goes round.

    Each onset that is held or silent over a heavier step than its own adds the difference of their weights.
    """
    steps = np.unique(heard.step)
    turned = np.roll(heard.weight, -steps[0])
    heaviest = np.maximum.reduceat(turned, steps - steps[0])
    return float((heaviest - heard.weight[steps]).sum() / len(heard.bar_firsts))


def offbeat(heard: Heard) -> float:
    """Share of onsets that do not fall on a pulse of the bar."""
    return float((heard.weight[np.unique(heard.step)] < -2).mean())


def on_grid(heard: Heard) -> float:
    """Share of notes that start within a 32nd of a beat of a sixteenth or of a triplet of eighths."""
    away = np.abs(heard.start[:, None] % 1 - _GRID).min(axis=1)
    return float((away <= _ON_GRID).mean())


def groove(heard: Heard) -> float | None:
    """How alike the onsets of neighbouring bars are, 0-1, on sixteenths; None for one bar.

    One less the share of steps that differ (grooving pattern similarity; Wu and Yang, "The Jazz Transformer on the
    Front Line", ISMIR 2020). On finer grids it says 1 of all music, so it is taken on sixteenths.
    """
    firsts = heard.bar_firsts
    if len(firsts) < 2:
        return None
    lengths = np.diff(firsts, append=len(heard.weight))
    shared, either = _overlap(heard.bar, heard.place, lag=1, bars=len(firsts))
    return float(1 - ((either - shared) / np.maximum(lengths[1:], lengths[:-1])).mean())


def repetition(heard: Heard) -> float | None:
    """How much bars repeat earlier ones: the likeness of each to the most alike one, 0-1; None for one bar.

    Likeness is the share of notes, by step and pitch, that two bars have in common (Jaccard); up to 8 bars back.
    """
    bars = len(heard.bar_firsts)
    if bars < 2:
        return None
    best = np.full(bars, np.nan)
    for lag in _LAGS:
        if lag < bars:
            shared, either = _overlap(heard.bar, heard.place * _PITCHES + heard.pitch, lag=lag, bars=bars)
            alike = np.divide(shared, either, out=np.full(len(either), np.nan), where=either > 0)
            best[lag:] = np.fmax(best[lag:], alike)
    return None if np.isnan(best).all() else float(np.nanmean(best))


def _overlap(
    bar: NDArray[np.int64], what: NDArray[np.int64], *, lag: int, bars: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count what each bar and the one ``lag`` bars earlier share, and what either has; shape ``(bars - lag,)``."""
    width = int(what.max()) + 1
    marks = np.unique(bar * width + what)
    again = np.isin(marks, marks + lag * width, assume_unique=True)
    counts = np.bincount(marks // width, minlength=bars)
    shared = np.bincount(marks[again] // width, minlength=bars)[lag:]
    return shared, counts[lag:] + counts[:-lag] - shared


def velocity(heard: Heard) -> float:
    """Velocity, the mean."""
    return float(heard.velocity.mean())


def velocity_spread(heard: Heard) -> float:
    """Standard deviation of velocity: 0 is a machine that strikes alike."""
    return float(heard.velocity.std())


MEASURES: dict[str, Callable[[Heard], float | None]] = {
    "n_notes": n_notes,
    "density": density,
    "voices": voices,
    "polyphony": _pitched(polyphony),
    "note_length": _pitched(note_length),
    "empty_beats": empty_beats,
    "lowest": _pitched(lowest),
    "highest": _pitched(highest),
    "span": _pitched(span),
    "mean_interval": _pitched(mean_interval),
    "motif": _pitched(motif),
    "pitch_entropy": _pitched(pitch_entropy),
    "in_key": _pitched(in_key),
    "key_clarity": _pitched(key_clarity),
    "clash": _pitched(clash),
    "syncopation": syncopation,
    "offbeat": offbeat,
    "on_grid": on_grid,
    "groove": groove,
    "repetition": repetition,
    "velocity": velocity,
    "velocity_spread": velocity_spread,
}
"""How each measure is taken of a clip in which something is heard."""

_SILENCE: dict[str, float | None] = {
    **dict.fromkeys(MEASURES),
    "n_notes": 0,
    "density": 0.0,
    "empty_beats": 1.0,
}
