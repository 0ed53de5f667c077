"""Pads: chords held to the end of each, voice by voice, with a voice that moves inside, and swells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from conduit.band.harmony import LOOP, Span, changes, merged, nearest, step, voice_led, voices_of
from conduit.band.phrase import Setting
from conduit.music.chance import happens, nudge, pick
from conduit.music.control import ControlChange
from conduit.music.note import Note

__all__ = ["render_pad", "swells"]

_LOWS, _RANGE = (48, 50, 52, 54), 28
_RICHER = 0.35  # how likely chords have a tone more than the genre's
_VOICES = (3, 3, 3, 4)
_LAYOUTS = ("close", "close", "open", "drop 2")
_ROOT_FLOOR = 38
_RUB = 2  # semitones that a moving voice keeps from its neighbours
_EXPRESSION = 11
_SOFT, _FULL = 72, 112  # expression where a swell begins and at its height
_PER_SWELL = 8
_LONG = 3  # beats from which a note of a texture swells


def render_pad(setting: Setting, rng: Random) -> list[Note]:
    """Hold chords without gaps: the root below, voices that move little, one of them moving inside a chord.

    Args:
        setting: What to play in.
        rng: Picks register, which voice moves and where, and moves velocities.
    """
    rich = min(5, voices_of(setting) + (happens(rng, _RICHER) and "triads" not in setting.styles))
    spans = merged(changes(setting, voices=rich))
    low, most = pick(rng, _LOWS), pick(rng, _VOICES)
    voicings = voice_led(spans, low=low, high=low + _RANGE, style=pick(rng, _LAYOUTS), voices=most)
    rootless = any(len(span.tones) > 4 for span in spans)  # ninths are voiced without their root
    rooted = happens(rng, 0.5 if rootless or setting.genre.bars_per_chord > 1 else 0.15)
    rooted = rooted or (rootless and setting.bars <= LOOP)
    swell = pick(rng, (0.0, 6.0, 10.0))
    lively = happens(rng, 0.5)
    notes: list[Note] = []
    for index, (span, voicing) in enumerate(zip(spans, voicings, strict=True)):
        voices = voicing
        following = voicings[(index + 1) % len(voicings)]
        arch = 1 - abs(2 * (index + 0.5) / len(spans) - 1)
        loudness = (66 + swell * arch) * setting.drive
        if rooted or span.slash is not None:
            root = _ROOT_FLOOR + (span.bass - _ROOT_FLOOR) % 12
            voices = [pitch for pitch in voices if pitch > root]
            notes.append(_held(root, span, nudge(rng, loudness - 6, spread=3)))
        moving = _moving(voices, span=span, setting=setting, rng=rng) if lively or index % 2 else None
        for place, pitch in enumerate(voices):
            louder = 8 if place == len(voices) - 1 else 0
            velocity = nudge(rng, loudness + louder, spread=3)
            line = [pitch]
            if place == moving:
                line = _line(pitch, following, voices, span=span, setting=setting, rng=rng)
            notes += _parts(line, span, velocity)
    return _tied(notes) if setting.genre.bars_per_chord > 1 else notes


def _held(pitch: int, span: Span, velocity: int) -> Note:
    return Note(pitch, span.start, span.duration, velocity)


def _moving(voices: list[int], *, span: Span, setting: Setting, rng: Random) -> int | None:
    """Which voice moves inside the chord: the top one as often as all inner ones; none in a still or short one."""
    if setting.energy < 0.3 or span.duration < 2 or len(voices) < 2:
        return None
    return len(voices) - 1 if happens(rng, 0.5) else 1 + int(rng.random() * (len(voices) - 1))


def _line(
    pitch: int, following: list[int], voices: list[int], *, span: Span, setting: Setting, rng: Random
) -> list[int]:
    """What a moving voice plays: to another tone of the chord, by step to the next chord, or there and back."""
    others = [other for other in voices if other != pitch]
    reach = [pitch + move for move in (*range(2, 6), *range(-5, -1)) if (pitch + move) % 12 in span.tones]
    goal = nearest(pitch, tuple(other % 12 for other in following))
    between = step(setting.key, pitch, 1 if goal > pitch else -1)
    ways = [[pitch, other] for other in reach[:1]]
    if abs(goal - pitch) in {3, 4} and span.duration >= 4:
        ways.append([pitch, pitch, pitch, between])
    above = step(setting.key, pitch, 1)
    if span.duration >= 4 and pitch % 12 in setting.key.pitch_classes:
        ways.append([pitch, pitch, above, pitch])
    free = [way for way in ways if all(_apart(one, others) for one in way)]
    return pick(rng, free) if free else [pitch]


def _apart(pitch: int, others: list[int]) -> bool:
    return all(abs(pitch - other) >= _RUB for other in others)


def _parts(line: list[int], span: Span, velocity: int) -> list[Note]:
    """A line of equal parts of a span; what stays is held, not struck again."""
    size = span.duration / len(line)
    notes: list[Note] = []
    for index, pitch in enumerate(line):
        if notes and notes[-1].pitch == pitch:
            notes[-1] = replace(notes[-1], duration=notes[-1].duration + size)
        else:
            notes.append(Note(pitch, span.start + index * size, size, max(1, velocity - 3 * bool(notes))))
    return notes


def _tied(notes: list[Note]) -> list[Note]:
    """What goes on into the next chord is held over it."""
    ends: dict[int, int] = {}
    kept: list[Note] = []
    for note in sorted(notes, key=lambda note: (note.start, note.pitch)):
        place = ends.get(note.pitch)
        if place is not None and kept[place].end == note.start:
            kept[place] = replace(kept[place], duration=kept[place].duration + note.duration)
        else:
            ends[note.pitch] = len(kept)
            kept.append(note)
    return kept


def swells(role: str, notes: Sequence[Note], setting: Setting) -> list[ControlChange]:
    """Give the moves of expression under a part: what is held swells and sinks back, the last swells on.

    Args:
        role: Under a ``pad`` each chord swells, under a ``texture`` each long note; other parts have none.
        notes: The part.
        setting: What it plays in.
    """
    if role == "pad":
        held = [(span.start, span.duration) for span in merged(changes(setting))]
    else:
        held = [(note.start, note.duration) for note in notes if role == "texture" and note.duration >= _LONG]
    places = sorted(dict(held).items())
    moves: list[ControlChange] = []
    for index, (start, duration) in enumerate(places):
        for part in range(_PER_SWELL):
            last = index == len(places) - 1
            height = part / _PER_SWELL if last else 1 - abs(2 * part / _PER_SWELL - 1)
            value = round(_SOFT + (_FULL - _SOFT) * height)
            moves.append(ControlChange(_EXPRESSION, start + part * duration / _PER_SWELL, value))
    return moves
