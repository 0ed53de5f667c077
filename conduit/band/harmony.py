"""Harmony: which chord sounds when, and voicings that move as little as they can.

Parts that are made one after the other must fit together, so a progression depends on key, genre and take
alone, never on a seed. Chords of the key are stacked from its scale; a scale of five or six notes stacks to
fourths, which is how it is played.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from conduit.band.phrase import STEP, Setting
from conduit.band.progressions import MODAL, PROGRESSIONS, STATIC, Change, read_progression
from conduit.music.chord import Chord
from conduit.music.leading import least_movement
from conduit.music.meter import Meter
from conduit.music.pulse import pulse_starts
from conduit.music.scale import SCALES, Key
from conduit.music.voicing import Voicing, voicings

__all__ = ["LOOP", "Span", "at", "changes", "harmony", "merged", "nearest", "step", "voice_led", "voices_of"]

LOOP = 2
"""Bars up to which a clip is a loop that has to tell its key: it begins on the tonic."""

_LONGEST_HOLD = 4
_LOW_SEMITONE, _LOW_TONE = 60, 52  # below these a semitone, a whole tone in a chord is mud
_CLUSTER = 4  # semitones that three neighbouring voices span at the least


@dataclass(frozen=True, slots=True)
class Span:
    """A chord for a time.

    Attributes:
        start: Beats from the start of the clip.
        duration: Beats.
        tones: Pitch classes, the root first.
        slash: Pitch class of another bass than the root.
    """

    start: float
    duration: float
    tones: tuple[int, ...]
    slash: int | None = None

    @property
    def root(self) -> int:
        """Pitch class of the root."""
        return self.tones[0]

    @property
    def bass(self) -> int:
        """Pitch class of what a bass plays under it."""
        return self.root if self.slash is None else self.slash

    @property
    def end(self) -> float:
        """Beats from the start of the clip."""
        return self.start + self.duration

    @property
    def chord(self) -> Chord | None:
        """The chord's name, where it has one."""
        named = Chord.of(self.tones)
        return named if named is None or self.slash is None else Chord(named.root, named.quality, self.slash)


def harmony(setting: Setting, *, voices: int | None = None) -> list[Span]:
    """Give one span a bar: the chord of its downbeat. ``changes`` has those inside the bars too.

    Args:
        setting: Key, metre, length, genre and take.
        voices: Different notes in a chord, 3-5; by default the genre's.
    """
    spans = changes(setting, voices=voices)
    bar = setting.meter.bar
    downbeats = (at(spans, bar * index) for index in range(setting.bars))
    return [Span(bar * index, bar, span.tones, span.slash) for index, span in enumerate(downbeats)]


def changes(setting: Setting, *, voices: int | None = None) -> list[Span]:
    """Give every chord of a clip in order, without gaps: those asked for, else the genre's progression.

    Chords that were asked for last a bar; where there are more than bars, the later bars have several.

    Args:
        setting: Key, metre, length, genre and take.
        voices: Different notes in a chord, 3-5; by default the genre's.
    """
    if setting.chords:
        return _asked(setting)
    line = _progression(setting)
    each = setting.genre.bars_per_chord if setting.bars >= setting.genre.bars_per_chord * 2 else 1
    bar, spans, place, index = setting.meter.bar, [], 0.0, 0
    while place < setting.bars:
        change = line[index % len(line)]
        start, end = (
            _beat(min(bars, setting.bars), setting.meter) for bars in (place, place + change.bars * each)
        )
        if end > start:
            tones = _tones(setting.key, change, voices=voices or setting.genre.voices)
            spans.append(Span(start, end - start, tones))
        place, index = place + change.bars * each, index + 1
    return spans or [Span(0.0, bar * setting.bars, _tones(setting.key, line[0], voices=voices or 3))]


def at(spans: list[Span], beat: float) -> Span:
    """Give the chord that sounds on a beat."""
    return spans[max(0, bisect_right(spans, beat, key=lambda span: span.start) - 1)]


def merged(spans: list[Span]) -> list[Span]:
    """Join neighbours of the same chord, up to four bars of the shorter."""
    joined: list[Span] = []
    for span in spans:
        before = joined[-1] if joined else None
        same = before is not None and (before.tones, before.slash) == (span.tones, span.slash)
        if before and same and before.duration < _LONGEST_HOLD * span.duration:
            joined[-1] = Span(before.start, before.duration + span.duration, span.tones, span.slash)
        else:
            joined.append(span)
    return joined


def voices_of(setting: Setting) -> int:
    """Give how many different notes a chord has: 3-5, as the genre has it; rich and jazz mean sevenths."""
    if "triads" in setting.styles:
        return 3
    rich = {"rich", "jazz"} & set(setting.styles)
    return max(4, setting.genre.voices) if rich else setting.genre.voices


def _asked(setting: Setting) -> list[Span]:
    """The chords asked for: one a bar from the start again, or, where they are more, several in the later bars."""
    chords, bar = setting.chords, setting.meter.bar
    counts = [1] * setting.bars
    if len(chords) > setting.bars:
        each, more = divmod(len(chords), setting.bars)
        dense = [each] * (setting.bars - more) + [each + 1] * more
        counts = dense if max(dense) <= len(pulse_starts(setting.meter)) else counts
    spans: list[Span] = []
    for index, count in enumerate(counts):
        starts = pulse_starts(setting.meter)
        steps = [starts[place * len(starts) // count] for place in range(count)]
        for step_, end in zip(steps, [*steps[1:], setting.meter.steps], strict=True):
            chord = chords[len(spans) % len(chords)]
            start = bar * index + step_ * STEP
            spans.append(Span(start, (end - step_) * STEP, chord.pitch_classes, chord.bass))
    return spans


def _beat(bars: float, meter: Meter) -> float:
    """The beat at which so many bars are over; inside a bar the pulse that is nearest."""
    whole = int(bars)
    starts = pulse_starts(meter)
    return whole * meter.bar + starts[int((bars - whole) * len(starts))] * STEP


def _progression(setting: Setting) -> tuple[Change, ...]:
    """The progression of key, genre and take. The key says which is the first, so that not all begin alike.

    A clip shorter than its round takes one that tells its key in that time: one or two bars begin on the tonic,
    longer ones come to it.
    """
    key, genre = setting.key, setting.genre
    own = genre.progressions.get(key.scale) or PROGRESSIONS[genre.harmony].get(key.scale, STATIC)
    bank = [read_progression(text) for text in MODAL.get(key.scale) or own]
    digest = hashlib.blake2b(f"{key.root} {key.scale} {genre.harmony}".encode(), digest_size=4).digest()
    first = int.from_bytes(digest, "big") % len(bank)
    bank = bank[first:] + bank[:first]
    home = [line for line in bank if _comes_home(line, bars=setting.bars)]
    return (home or bank)[setting.take % len(home or bank)]


def _comes_home(line: tuple[Change, ...], *, bars: int) -> bool:
    """Say whether so many bars begin on the tonic; more than two need come to it, where the round does."""
    home = _home(line)
    if bars <= LOOP:
        return home == 0
    return home is None or home < bars


def _home(line: tuple[Change, ...]) -> float | None:
    """The bar, from 0, in which a progression first has its tonic; None where it has none."""
    bar = 0.0
    for change in line:
        if change.degree == 0 or (change.degree < 0 and change.root == 0):
            return bar
        bar += change.bars
    return None


def _tones(key: Key, change: Change, *, voices: int) -> tuple[int, ...]:
    """Pitch classes of a chord; no ninth a semitone above the root."""
    if change.degree < 0:
        root = key.root + change.root
        return tuple((root + tone) % 12 for tone in change.tones[: max(voices, 4)])
    classes = key.pitch_classes
    shape = change.shape or tuple(range(0, 2 * voices, 2))
    if len(classes) < 7:
        shape = (0, 2, 4)
    elif len(classes) > 8:
        shape = (0, 3, 7, 10, 14)[:voices]
    tones = tuple(dict.fromkeys(classes[(change.degree + above) % len(classes)] for above in shape))
    return tones[:4] if len(tones) > 4 and (tones[4] - tones[0]) % 12 == 1 else tones


def step(key: Key, pitch: int, by: int) -> int:
    """Move a pitch by scale degrees; one outside the scale first falls to the degree below.

    >>> step(Key("A minor"), 45, 2), step(Key("A minor"), 45, -1)
    (48, 43)
    """
    scale = SCALES[key.scale]
    octave, offset = divmod(pitch - key.root, 12)
    below = bisect_right(scale, offset) - 1
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


def voice_led(
    spans: list[Span], *, low: int = 52, high: int = 79, style: str = "close", voices: int = 4
) -> list[list[int]]:
    """Voice chords so that they move as little as they can over the whole progression.

    Args:
        spans: The chords.
        low: Lowest pitch allowed; at least two octaves below ``high``.
        high: Highest pitch allowed.
        style: A key of ``voicing.STYLES``.
        voices: Voices at the most; the fifth is left out first.

    Returns:
        Pitches of each span, ascending.
    """
    choices = [_layouts(span.tones, style, low, high, voices) for span in spans]
    return [list(voicing) for voicing in least_movement(choices, centre=(low + high) / 2)]


@lru_cache(maxsize=1024)
def _layouts(tones: tuple[int, ...], style: str, low: int, high: int, voices: int) -> list[Voicing]:
    """The voicings of one chord, without those that rub if there are others; ninths leave the root to a bass."""
    chosen = "rootless" if len(tones) > 4 and voices > 3 else style
    options = voicings(tones, style=chosen, low=low, high=high, voices=voices)
    clear = [voicing for voicing in options if not _rubs(voicing)]
    return clear or options


def _rubs(voicing: Voicing) -> bool:
    """Tell whether it sounds like mud: a semitone low, on top or in three voices, a second very low, a cluster."""
    gaps = [other - one for one, other in pairwise(voicing)]
    top = len(gaps) - 1
    low = any(
        (gap == 1 and (one < _LOW_SEMITONE or place == top or top < 2)) or (gap == 2 and one < _LOW_TONE)
        for place, (gap, one) in enumerate(zip(gaps, voicing, strict=False))
    )
    return low or any(one + other < _CLUSTER for one, other in pairwise(gaps))
