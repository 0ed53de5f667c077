"""Estimates of what notes mean: the key they are in, and the chords they spell.

Both weigh pitch classes by how long they sound. Keys are found as Krumhansl and Kessler heard them ("Tracing the
dynamic changes in perceived tonal organization", Psychological Review 89, 1982): the profile of the notes is
correlated with that of every major and minor key. Chords are found by templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conduit.music.chord import Chord
from conduit.music.clip import Clip
from conduit.music.scale import SCALES, Key

__all__ = ["ChordSpan", "estimate_chords", "estimate_key", "key_fits"]

_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_TONICS = {
    "major": ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"),
    "minor": ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"),
}
_MODES: dict[str, tuple[str, tuple[tuple[int, int], ...]]] = {
    "major": ("major", ()),
    "minor": ("minor", ()),
    "dorian": ("minor", ((8, 9),)),
    "mixolydian": ("major", ((10, 11),)),
    "phrygian": ("minor", ((1, 2),)),
    "lydian": ("major", ((5, 6),)),
    "harmonic minor": ("minor", ((10, 11),)),
    "melodic minor": ("minor", ((8, 9), (10, 11))),
    "phrygian dominant": ("major", ((1, 2), (8, 9), (10, 11))),
}
"""What a scale is heard like: the profile of major or minor, the steps that differ exchanged; the usual first."""
_HOME = 0.12  # correlation that a key is granted if the clip begins on its tonic: most loops begin at home
_CLEARLY = 0.03  # share of the sounding time by which a scale must hold more than a more usual one
_RARE = 0.03  # what a scale loses for being none of the usual two
_TEMPLATES = ("", "m", "7", "maj7", "m7", "dim", "m7b5", "dim7", "aug", "sus4", "sus2", "5")
_BASS = 0.15  # what the lowest note is worth as a root, as a share of the sounding time
_LOW_BASS = 0.3  # and where it is low enough to be a bass
_STRANGE = 0.1  # what a tone costs besides that neither sounds nor is in the key
_NONE = 128  # above every pitch
_LOW = 52  # below this a note is a bass, and other than the root makes a slash chord
_HEARD = 0.02  # share from which a tone counts as there
_SIZE = 0.06  # what each tone of a template costs, so that a triad is not taken for a seventh


def _standard(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give rows with mean 0 and length 1, so that their products are correlations; a flat row becomes zeros."""
    centred = rows - rows.mean(axis=-1, keepdims=True)
    length = np.linalg.norm(centred, axis=-1, keepdims=True)
    return np.asarray(np.divide(centred, length, out=np.zeros_like(centred), where=length > 1e-12))


_PROFILES = {"major": _MAJOR, "minor": _MINOR}
_KEYS = _standard(
    np.array([np.roll(profile, tonic) for profile in _PROFILES.values() for tonic in range(12)])
)


def _heard_like(scale: str) -> NDArray[np.float64]:
    third, exchanged = _MODES[scale]
    profile = np.array(_PROFILES[third])
    for one, two in exchanged:
        profile[[one, two]] = profile[[two, one]]
    return profile


_ANY_KEYS = _standard(
    np.array([np.roll(_heard_like(scale), tonic) for scale in _MODES for tonic in range(12)])
)
_PENALTY = np.repeat([0.0 if scale in _PROFILES else _RARE for scale in _MODES], 12)


@dataclass(frozen=True, slots=True)
class ChordSpan:
    """A chord for a time.

    Attributes:
        start: Beats from the start of the clip.
        duration: Beats.
        chord: The chord that fits best.
        fit: Share of the sounding time that the chord's tones take, 0-1.
    """

    start: float
    duration: float
    chord: Chord
    fit: float


def _heard(clip: Clip) -> NDArray[np.void]:
    return np.asarray(clip.table[~clip.table["mute"] & (clip.table["start"] < clip.length_ticks)])


def _weights(clip: Clip) -> NDArray[np.float64]:
    """Give how long each pitch class sounds, in beats; shape ``(12,)``."""
    table = _heard(clip)
    left = np.minimum(table["duration"], clip.length_ticks - table["start"]) / clip.ppq
    return np.bincount(table["pitch"] % 12, weights=left, minlength=12).astype(float)


def key_fits(clip: Clip) -> NDArray[np.float64]:
    """Give the correlation of a clip with the 12 major, then the 12 minor keys, from C up; shape ``(24,)``."""
    return np.asarray(_KEYS @ _standard(_weights(clip)))


def estimate_key(clip: Clip) -> tuple[Key, float]:
    """Give the key a clip is most likely in, and how clear that is.

    Scales beyond major and minor are heard like the nearer of the two with the steps exchanged that differ. What
    keys of the same notes share is decided by where the clip begins, for most loops begin at home. Drums and empty
    clips have no key: C major, with a clarity of 0.

    Returns:
        The key, and the correlation with its profile, 0-1; real four-bar clips have some 0.75.
    """
    if clip.is_drums or not (weights := _weights(clip)).any():
        return Key("C major"), 0.0
    fits = _ANY_KEYS @ _standard(weights)
    home = np.tile(np.arange(12) == _first_bass(clip) % 12, len(_MODES))
    best = _first_best(fits - _PENALTY + _HOME * home)
    root, (third, _) = best % 12, list(_MODES.values())[best // 12]
    scale = _fullest(np.roll(weights, -root) / weights.sum(), third=third)
    return Key(f"{_TONICS[third][root]} {scale}"), max(0.0, float(fits[best]))


def _first_best(values: NDArray[np.float64]) -> int:
    """Give the first of the greatest; sums differ in their last digits from machine to machine."""
    return int(np.round(values, 9).argmax())


def _fullest(shares: NDArray[np.float64], *, third: str) -> str:
    """Give the most usual scale of a third that holds all that sounds, or nearly as much as any of them does."""
    held = {
        scale: float(shares[list(SCALES[scale])].sum())
        for scale, (parent, _) in _MODES.items()
        if parent == third
    }
    return next(scale for scale, share in held.items() if share > max(held.values()) - _CLEARLY)


def _first_bass(clip: Clip) -> int:
    """Give the lowest pitch that starts in the first beat in which any does."""
    table = _heard(clip)
    return int(table["pitch"][table["start"] < table["start"][0] + clip.ppq].min())


def estimate_chords(clip: Clip, *, bars_each: float = 1.0) -> list[ChordSpan]:
    """Give the chord that fits each stretch of a clip best; stretches in which nothing sounds have none.

    A chord's tones are weighed by how long they sound; a root in the bass counts more, a tone that the chord has
    and the notes do not counts against it. A bass that is another tone of the chord is named: ``C/E``.

    Args:
        clip: Any pitched clip; drums have no chords.
        bars_each: Bars of a stretch, 1/16 to 64, such as 0.5 or 2; rounded to whole bars or an equal part of one.

    Raises:
        ValueError: ``bars_each`` is outside that.
    """
    if not 1 / 16 <= bars_each <= 64:
        raise ValueError(f"bars_each is {bars_each!r}; write 1/16 to 64 bars, such as 0.5 or 1")
    if clip.is_drums or not len(_heard(clip)):
        return []
    edges = _edges(clip, bars_each)
    sound, bass = _sounding(clip, edges)
    total = sound.sum(axis=1)
    key = clip.key or estimate_key(clip)[0]
    found = []
    for row in np.flatnonzero(total > 0).tolist():
        chord, fit = _best(sound[row] / total[row], int(bass[row]), key)
        start, end = edges[row : row + 2].tolist()
        found.append(ChordSpan(start / clip.ppq, (end - start) / clip.ppq, chord, fit))
    return found


def _edges(clip: Clip, bars_each: float) -> NDArray[np.float64]:
    """Give the ticks at which stretches begin, and the end; they follow the bars."""
    bars, edges = clip.bar_lines, []
    for index in range(int(np.ceil(clip.bars - 1e-9))):
        bar = bars.number(index)
        whole = max(1, round(1 / bars_each)) if bars_each < 1 else 1
        if bars_each < 1 or index % round(bars_each) == 0:
            edges += [float(bar.start + bar.length * part / whole) for part in range(whole)]
    return np.array([edge for edge in edges if edge < clip.length_ticks] + [clip.length_ticks], dtype=float)


def _sounding(clip: Clip, edges: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Give how long each pitch class sounds between edges, shape ``(n, 12)``, and the lowest pitch.

    What sounds up to a time is the sum of ``min(end, time) - min(start, time)``, so one sorting answers all edges.
    """
    table = _heard(clip)
    starts = table["start"].astype(float)
    ends = np.minimum(starts + table["duration"], clip.length_ticks)
    sound = np.zeros((len(edges) - 1, 12))
    for pc in range(12):
        mine = table["pitch"] % 12 == pc
        sound[:, pc] = np.diff(_held_until(edges, ends[mine]) - _held_until(edges, starts[mine]))
    return np.maximum(sound, 0.0), _basses(table, ends, edges, clip.ppq)


def _held_until(times: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the sum of ``min(value, time)`` over all values, for each time."""
    ordered = np.sort(values)
    sums = np.concatenate([[0.0], np.cumsum(ordered)])
    below = np.searchsorted(ordered, times)
    return np.asarray(sums[below] + (len(ordered) - below) * times)


def _basses(
    table: NDArray[np.void], ends: NDArray[np.float64], edges: NDArray[np.float64], ppq: int
) -> NDArray[np.int64]:
    """Give the lowest pitch that sounds as each stretch begins; the lowest in it where nothing does."""
    most = len(edges) - 2
    first = np.clip(np.searchsorted(edges, table["start"], side="right") - 1, 0, most)
    last = np.maximum(first, np.searchsorted(edges, ends - ppq / 8) - 1)
    opens, stays = table["start"] - edges[first] < ppq / 2, last > first
    opening, lowest = np.full((2, most + 1), _NONE)
    np.minimum.at(opening, first[opens], table["pitch"][opens])
    np.minimum.at(opening, last[stays], table["pitch"][stays])
    np.minimum.at(lowest, first, table["pitch"])
    return np.where(opening < _NONE, opening, lowest)


def _best(shares: NDArray[np.float64], lowest: int, key: Key) -> tuple[Chord, float]:
    bass = lowest % 12 if lowest < _NONE else _NONE
    held = shares[_TONES].sum(axis=1, where=_MASK)
    unheard = (shares[_TONES] < _HEARD) & _MASK
    missing = unheard.sum(axis=1)
    strange = (unheard & ~np.isin(_TONES, key.pitch_classes)).sum(axis=1)
    rooted = (_LOW_BASS if lowest < _LOW else _BASS) * (bass == _ROOTS)
    best = _first_best(held + rooted - _SIZE * (_MASK.sum(axis=1) + missing) - _STRANGE * strange)
    chord = _ALL[best]
    if lowest < _LOW and bass != chord.root and bass in chord.pitch_classes:
        chord = Chord(chord.root, chord.quality, bass)
    return chord.written_in(key), float(held[best])


_ALL = [Chord(root, quality) for quality in _TEMPLATES for root in range(12)]
_ROOTS = np.array([chord.root for chord in _ALL])
_MASK = np.array([[index < len(chord.pitch_classes) for index in range(4)] for chord in _ALL])
_TONES = np.array([(*chord.pitch_classes, 0, 0)[:4] for chord in _ALL])
