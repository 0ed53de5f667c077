"""Harmony: which chord sounds when, and voicings that move as little as they can.

Parts that are made one after the other must fit together, so a progression depends on key and genre alone,
never on a seed. Progressions are written in scale degrees and their chords are stacked from the scale, so
they stay in any key; a scale of five or six notes stacks to fourths, which is how it is played.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from conduit.music.chord import Chord
from conduit.music.phrase import Setting
from conduit.music.scale import SCALES, Key

__all__ = ["PROGRESSIONS", "Span", "harmony", "nearest", "step", "voice_led", "voices_of"]

_Degrees = tuple[tuple[int, ...], ...]

PROGRESSIONS: dict[str, dict[str, _Degrees]] = {
    "plain": {
        "minor": ((0, 5, 2, 6), (0, 3, 5, 6), (0, 2, 6, 3)),
        "major": ((0, 4, 5, 3), (0, 5, 3, 4), (0, 2, 3, 4)),
    },
    "techno": {"minor": ((0, 0, 0, 5), (0, 0, 3, 0), (0, 0, 6, 5)), "major": ((0, 0, 3, 0), (0, 0, 0, 4))},
    "house": {"minor": ((0, 3, 6, 2), (0, 5, 3, 4), (0, 2, 3, 6)), "major": ((0, 5, 1, 4), (0, 2, 3, 4))},
    "dub": {"minor": ((0, 0, 3, 0), (0, 6, 0, 6), (0, 0, 5, 6)), "major": ((0, 3, 0, 4), (0, 0, 3, 3))},
    "ambient": {"minor": ((0, 5, 2, 6), (0, 3, 5, 2), (0, 6, 5, 3)), "major": ((0, 2, 3, 5), (0, 3, 5, 3))},
    "trance": {"minor": ((0, 5, 2, 6), (0, 5, 6, 3), (0, 2, 5, 6)), "major": ((0, 4, 5, 3), (0, 3, 5, 4))},
    "hiphop": {"minor": ((0, 5, 3, 4), (0, 3, 6, 2), (0, 5, 0, 6)), "major": ((0, 5, 1, 4), (0, 3, 1, 4))},
    "jazz": {"minor": ((0, 5, 3, 4), (0, 3, 6, 2)), "major": ((0, 5, 1, 4), (2, 5, 1, 4), (1, 4, 0, 0))},
}
"""Scale degrees from 0, one a chord, by the name a genre gives and whether the third is minor or major."""

# Modes have a sound of their own that one chord beside the tonic gives away.
_MODAL: dict[str, _Degrees] = {
    "dorian": ((0, 3, 0, 3), (0, 3, 6, 3), (0, 1, 2, 3)),
    "phrygian": ((0, 1, 0, 1), (0, 1, 2, 1), (0, 5, 1, 0)),
    "lydian": ((0, 1, 0, 1), (0, 1, 5, 1), (0, 4, 1, 0)),
    "mixolydian": ((0, 6, 3, 0), (0, 3, 6, 3), (0, 6, 0, 6)),
    "locrian": ((0, 1, 0, 4), (0, 4, 1, 0)),
    "phrygian dominant": ((0, 1, 0, 1), (0, 3, 1, 0), (0, 6, 1, 0)),
    "harmonic minor": ((0, 3, 4, 0), (0, 5, 3, 4), (0, 0, 3, 4)),
    "melodic minor": ((0, 3, 0, 4), (0, 1, 4, 0)),
    "minor pentatonic": ((0, 1, 0, 4), (0, 4, 1, 2)),
    "major pentatonic": ((0, 4, 0, 3), (0, 4, 3, 2)),
    "blues": ((0, 0, 2, 0), (0, 2, 0, 4)),
    "whole tone": ((0, 1, 0, 1), (0, 2, 1, 0)),
}
_LOW_CENTRE = 60


@dataclass(frozen=True, slots=True)
class Span:
    """A chord for a time.

    Attributes:
        start: Beats from the start of the clip.
        duration: Beats.
        tones: Pitch classes, the root first.
    """

    start: float
    duration: float
    tones: tuple[int, ...]

    @property
    def root(self) -> int:
        """Pitch class of the root."""
        return self.tones[0]

    @property
    def chord(self) -> Chord | None:
        """The chord's name, where it has one."""
        return Chord.of(self.tones)


def harmony(setting: Setting, *, voices: int | None = None) -> list[Span]:
    """Give one span a bar: the chord that was asked for, else the one of key and genre.

    Args:
        setting: Key, metre, length and genre.
        voices: Different notes in a chord, 3-5; by default the genre's.
    """
    chords = _chords(setting, voices or setting.genre.voices)
    bar = setting.meter.bar
    each = 1 if setting.chords else setting.genre.bars_per_chord
    if setting.bars < each * 2:
        each = 1
    return [Span(bar * index, bar, chords[(index // each) % len(chords)]) for index in range(setting.bars)]


def voices_of(setting: Setting) -> int:
    """Give how many different notes a chord has: 3-5, as the genre has it; rich and jazz mean sevenths."""
    if "triads" in setting.styles:
        return 3
    rich = {"rich", "jazz"} & set(setting.styles)
    return max(4, setting.genre.voices) if rich else setting.genre.voices


def _chords(setting: Setting, voices: int) -> list[tuple[int, ...]]:
    if setting.chords:
        return [chord.pitch_classes for chord in setting.chords]
    choices = _progressions(setting)
    degrees = choices[setting.take % len(choices)]
    return [_stack(setting.key, degree, voices=voices) for degree in degrees]


def _progressions(setting: Setting) -> _Degrees:
    modal = _MODAL.get(setting.key.scale)
    if modal:
        return modal
    return PROGRESSIONS[setting.genre.harmony][setting.key.scale]


def _stack(key: Key, degree: int, *, voices: int) -> tuple[int, ...]:
    """Stack every other note of the scale, but no ninth a semitone above the root; blues without its blue note."""
    classes = (
        key.pitch_classes if key.scale != "blues" else Key(f"{key.tonic} minor pentatonic").pitch_classes
    )
    if len(classes) < 7:
        voices = 3
    tones = tuple(classes[(degree + 2 * voice) % len(classes)] for voice in range(voices))
    return tones[:4] if len(tones) > 4 and (tones[4] - tones[0]) % 12 == 1 else tones


def step(key: Key, pitch: int, by: int) -> int:
    """Move a pitch by scale degrees; one outside the scale first falls to the degree below.

    >>> step(Key("A minor"), 45, 2), step(Key("A minor"), 45, -1)
    (48, 43)
    """
    scale = SCALES[key.scale]
    octave, offset = divmod(pitch - key.root, 12)
    below = max(index for index, semitones in enumerate(scale) if semitones <= offset)
    octaves, index = divmod(below + by, len(scale))
    return key.root + (octave + octaves) * 12 + scale[index]


def nearest(pitch: int, classes: tuple[int, ...]) -> int:
    """Give the pitch of these classes that is nearest to a pitch, the lower of two.

    >>> nearest(61, (0, 4, 7))
    60
    """
    return min(
        (pitch + move for move in range(-6, 7) if (pitch + move) % 12 in classes),
        key=lambda found: (abs(found - pitch), found),
    )


def voice_led(spans: list[Span], *, low: int = 52, high: int = 79, spread: bool = False) -> list[list[int]]:
    """Voice chords so that each moves as little as it can from the one before.

    Args:
        spans: The chords.
        low: Lowest pitch allowed; at least an octave and a half below ``high``.
        high: Highest pitch allowed.
        spread: Whether the second voice from the top drops an octave, which opens the sound.

    Returns:
        Pitches of each span, ascending.
    """
    centre = (low + high) / 2
    voicings: list[list[int]] = []
    for span in spans:
        options = [v for v in _voicings(span.tones, low=low, spread=spread) if v[-1] <= high and v[0] >= low]
        before = voicings[-1] if voicings else None
        voicings.append(min(options, key=lambda v: (_cost(v, before=before, centre=centre), v)))
    return voicings


def _voicings(tones: tuple[int, ...], *, low: int, spread: bool) -> list[list[int]]:
    """Every close position from every bass above ``low``, without a semitone at the top."""
    found = []
    classes = sorted(set(tones), key=lambda pc: (pc - low) % 12)
    for octave in (0, 12, 24):
        for turn in range(len(classes)):
            order = classes[turn:] + classes[:turn]
            pitches = [low + octave + (order[0] - low) % 12]
            for pc in order[1:]:
                pitches.append(pitches[-1] + (pc - pitches[-1]) % 12)
            found.append(pitches)
            if spread and len(pitches) > 3:
                found.append(sorted([*pitches[:-2], pitches[-2] - 12, pitches[-1]]))
    return found


def _cost(voicing: list[int], *, before: list[int] | None, centre: float) -> float:
    """Semitones moved, plus how far it is from the register's centre, plus a rub in the low or at the top."""
    height = abs(sum(voicing) / len(voicing) - centre)
    rub = sum(
        6.0 for one, two in pairwise(voicing) if two - one == 1 and (one < _LOW_CENTRE or two == voicing[-1])
    )
    if before is None:
        return height + rub
    moved = sum(min(abs(pitch - other) for other in before) for pitch in voicing)
    return moved + abs(voicing[-1] - before[-1]) + 0.5 * height + rub
