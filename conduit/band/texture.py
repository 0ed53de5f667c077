"""Textures: few notes that colour a track: slow tones, intervals, clusters, bells, echoes, grains and risers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from conduit.band.harmony import Span, at, changes, step
from conduit.band.phrase import STEP, Setting
from conduit.band.singing import Slot, sung
from conduit.music.chance import happens, nudge, pick, weighted
from conduit.music.note import Note
from conduit.music.pulse import pulse_starts

__all__ = ["TEXTURES", "render_texture"]

TEXTURES: dict[str, tuple[tuple[str, float], ...]] = {
    "plain": (("tones", 0.45), ("bells", 0.2), ("intervals", 0.15), ("echoes", 0.1), ("cluster", 0.1)),
    "drift": (("tones", 0.45), ("intervals", 0.25), ("cluster", 0.15), ("bells", 0.15)),
    "glitch": (("grains", 0.35), ("echoes", 0.25), ("bells", 0.2), ("tones", 0.2)),
    "haze": (("tones", 0.5), ("intervals", 0.2), ("bells", 0.2), ("echoes", 0.1)),
    "riser": (("tones", 0.45), ("riser", 0.25), ("bells", 0.15), ("intervals", 0.15)),
}
"""By the name a genre gives: what kinds of texture, with likelihoods."""

_CENTRES = (60, 62, 64, 67)
_LOW, _HIGH = 48, 79
_BELLS = 12  # semitones above
_WANDER = 5
_LOUDNESS = 80
_ECHO = 0.75  # beats from one echo to the next: dotted eighths
_FADE = 11
_SHORTEST = 2 * STEP


@dataclass(frozen=True, slots=True)
class _Event:
    """A sound of the texture: its start and length in beats."""

    start: float
    length: float


_Events = list[_Event]
_Kind = Callable[[_Events, list[int], Setting, Random], list[Note]]


def render_texture(setting: Setting, rng: Random) -> list[Note]:
    """Play a texture: one kind of sound, sparse, moving slowly through the chords, nearer together at the end.

    Args:
        setting: What to play in.
        rng: Picks the kind, where it sounds and its pitches.
    """
    named = [style for style in setting.styles if style in _KINDS]
    kind = named[-1] if named else weighted(rng, TEXTURES[setting.genre.texture])
    spans = changes(setting)
    events = _events(setting, rng)
    pitches = _pitches(events, spans, setting=setting, rng=rng)
    return _inside(_KINDS[kind](events, pitches, setting, rng), setting)


def _events(setting: Setting, rng: Random) -> _Events:
    """Where something sounds: in most bars once, now and then twice, never in none."""
    starts, bar = pulse_starts(setting.meter), setting.meter.bar
    places = (0, 0, 0, len(starts) // 2, len(starts) - 1)
    dense = 0.27 + 0.8 * setting.energy - 0.25 * ("sparse" in setting.styles)
    found: list[float] = []
    for index in range(setting.bars):
        last = index == setting.bars - 1
        if happens(rng, min(0.95, dense + 0.2 * last)) or (last and not found):
            found.append(index * bar + starts[pick(rng, places)] * STEP)
        if happens(rng, 0.3 * dense + 0.25 * last):
            found.append(index * bar + starts[-1] * STEP + pick(rng, (0.0, 2 * STEP)))
    onsets = sorted({start for start in found if start < setting.length})
    ends = [*onsets[1:], setting.length]
    reach = pick(rng, (0.55, 0.65, 0.75, 0.85, 0.95, 1.0))
    return [
        _Event(start, max(_SHORTEST, _whole((end - start) * reach)))
        for start, end in zip(onsets, ends, strict=True)
    ]


def _whole(beats: float) -> float:
    """The eighths of a beat before it."""
    return int(beats * 8) / 8


def _pitches(events: _Events, spans: list[Span], *, setting: Setting, rng: Random) -> list[int]:
    """A slow line around a centre: tones of the chords, or of the key beside them."""
    centre, wander = pick(rng, _CENTRES), 0
    slots = []
    for event in events:
        wander = max(-_WANDER, min(_WANDER, wander + pick(rng, (-4, -3, -2, 2, 3, 4))))
        slots.append(Slot(centre + wander, at(spans, event.start).tones, long=happens(rng, 0.7)))
    return sung(slots, setting.key, low=_LOW, high=_HIGH, again=6)


def _tones(events: _Events, pitches: list[int], setting: Setting, rng: Random) -> list[Note]:
    """One tone after the other."""
    return [
        Note(pitch, event.start, event.length, _struck(setting, rng))
        for event, pitch in zip(events, pitches, strict=True)
    ]


def _intervals(events: _Events, pitches: list[int], setting: Setting, rng: Random) -> list[Note]:
    """Two tones at a time, the interval wider or narrower each time."""
    wide = pick(rng, (2, 3, 4))
    notes = []
    for index, (event, pitch) in enumerate(zip(events, pitches, strict=True)):
        other = step(setting.key, pitch, wide + index % 3)
        notes.append(Note(pitch, event.start, event.length, _struck(setting, rng)))
        if index % 2 == 0:
            notes.append(Note(other, event.start, event.length, _struck(setting, rng, less=6)))
    return notes


def _cluster(events: _Events, pitches: list[int], setting: Setting, rng: Random) -> list[Note]:
    """A tone that others join a step beside it, one after the other, and all end together."""
    notes = []
    for index, (event, pitch) in enumerate(zip(events, pitches, strict=True)):
        end = event.start + event.length
        for place in range(1 + index % 2 + (index == len(events) - 1)):
            start = event.start + place * 2 * STEP
            if start < end:
                beside = step(setting.key, pitch, place * pick(rng, (1, 2)))
                notes.append(Note(beside, start, end - start, _struck(setting, rng, less=5 * place)))
    return notes


def _bells(events: _Events, pitches: list[int], setting: Setting, rng: Random) -> list[Note]:
    """High strokes that ring."""
    lift = pick(rng, (0, _BELLS))
    return [
        Note(pitch + lift, event.start, max(1.0, event.length), _struck(setting, rng))
        for event, pitch in zip(events, pitches, strict=True)
    ]


def _echoes(events: _Events, pitches: list[int], setting: Setting, rng: Random) -> list[Note]:
    """A short stroke that comes back softer."""
    times = pick(rng, (2, 2, 3))
    notes = []
    for event, pitch in zip(events, pitches, strict=True):
        for time in range(times):
            start = event.start + time * _ECHO
            if time == 0 or start + _SHORTEST <= event.start + event.length:
                notes.append(Note(pitch, start, _SHORTEST, _struck(setting, rng, less=_FADE * time)))
    return notes


def _grains(events: _Events, pitches: list[int], setting: Setting, rng: Random) -> list[Note]:
    """Specks, some of which are there only now and then."""
    notes, lift = [], pick(rng, (0, 0, _BELLS))
    for event, pitch in zip(events, pitches, strict=True):
        chance = pick(rng, (1.0, 0.75, 0.5))
        size = pick(rng, (_SHORTEST, 1.0))
        notes.append(Note(pitch + lift, event.start, size, _struck(setting, rng), probability=chance))
    return notes


def _riser(events: _Events, pitches: list[int], setting: Setting, rng: Random) -> list[Note]:
    """Slow tones, and in the last bar one of them again and again, louder."""
    bar = setting.meter.bar
    begin = setting.length - bar
    notes = [note for note in _tones(events, pitches, setting, rng) if note.end <= begin]
    grid = pick(rng, (2, 4)) * STEP
    count = int(bar / grid)
    for index in range(count):
        loud = 62 + round(34 * (index + 1) / count)
        notes.append(
            Note(pitches[-1], begin + index * grid, grid, nudge(rng, loud * setting.drive, spread=2))
        )
    return notes


def _struck(setting: Setting, rng: Random, *, less: int = 0) -> int:
    return nudge(rng, (_LOUDNESS - less) * setting.drive, spread=4)


def _inside(notes: list[Note], setting: Setting) -> list[Note]:
    """No note outlasts the clip, and none of a pitch begins while the one before sounds."""
    ends: dict[int, float] = {}
    kept = []
    for note in sorted(notes, key=lambda note: (-note.start, note.pitch)):
        end = min(note.end, setting.length, ends.get(note.pitch, setting.length))
        if note.start < end:
            ends[note.pitch] = note.start
            kept.append(
                Note(note.pitch, note.start, end - note.start, note.velocity, probability=note.probability)
            )
    return kept[::-1]


_KINDS: dict[str, _Kind] = {
    "tones": _tones,
    "intervals": _intervals,
    "cluster": _cluster,
    "bells": _bells,
    "echoes": _echoes,
    "grains": _grains,
    "riser": _riser,
}
