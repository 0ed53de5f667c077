"""Chords and pads: voice-led harmony in the rhythm of its style, or held."""

from __future__ import annotations

from random import Random

from conduit.music.chance import nudge, pick
from conduit.music.genre import PLAIN
from conduit.music.harmony import Span, harmony, voice_led, voices_of
from conduit.music.note import Note
from conduit.music.phrase import STEP, VELOCITIES, Hit, Setting, answer, form, rhythm

__all__ = ["RHYTHMS", "render_chords", "render_pad"]

RHYTHMS: dict[str, tuple[str, ...]] = {
    "plain": (
        "X_____x_________",
        "X___--x_x___--x_",
        "X__x__x_________",
        "X_______--x_x___",
        "X__-x_x_--x_x___",
    ),
    "house": (
        "X--x--x---x--x--",
        "--x_--x---x_--x-",
        "---x--X----x--x-",
        "X-----x--x----x-",
        "X--x--x_--------",
    ),
    "techno": (
        "X--x--x---------",
        "---X------x-----",
        "--X-----x--x----",
        "X--x------x--x--",
        "--X--x----x-----",
    ),
    "skank": ("----X-------X---", "--X---x---X---x-", "----X-o-----X-o-"),
    "stabs": ("X--x--X---x--x--", "--X---x--x----x-", "X-----X--x--x---"),
    "laid back": ("X_____--x___----", "X_________x_x___", "X__-----x__x----", "X_____x_----x___"),
    "held": ("X_______________", "X_______x_______", "X_____________x_"),
    "gated": ("X-xX-xX-xX-xX-x-", "X-x-xx-xX-x-xx-x", "XxoXxoXxoXxoXxXo"),
    "funk": ("X--x-----x--x-x-", "--xX--x---x--x--", "X-o--x-o--x--xo-"),
    "charleston": ("X__---x_--------", "--x_--x_----x___", "X_----x_--x_----", "------X_----x___"),
    "syncopated": ("X--x_-x--x--x-x-", "--x_-x--x--x_-x-", "X--x-x--x-x--x--"),
    "waltz": ("X___x_--x_--x_--", "X___x---x---x---", "X_--x_--x---x---"),
}
"""One-bar patterns of each style of comping."""

_STYLES = {
    "dub": "skank",
    "reggae": "skank",
    "acid": "stabs",
    "ambient": "held",
    "sparse": "held",
    "long": "held",
}
_BUSY, _WALTZ = "busy", "waltz"
_SHORT, _LONG = 0.75, 0.95
_PAD_LOW, _PAD_HIGH = 50, 79
_BASS_FLOOR = 38
_OOM_LOW = 40


def render_chords(setting: Setting, rng: Random) -> list[Note]:
    """Play chords in rhythm: call and answer, the last bar pushing into the next chord.

    Args:
        setting: What to play in.
        rng: Picks rhythms and register.
    """
    bank = RHYTHMS[_bank(setting)]
    spans = harmony(setting, voices=voices_of(setting))
    low = pick(rng, (52, 53, 55))
    voicings = voice_led(spans, low=low, high=low + 25, spread=setting.energy > 0.75)
    call, other = (rhythm(pick(rng, bank), setting.meter) for _ in range(2))
    reply = answer(call, other, setting.meter)
    notes: list[Note] = []
    for bar, letter in enumerate(form(setting.bars)):
        line = list(reply if letter in "BC" and reply else call)
        if _BUSY in setting.styles:
            line = _thick(line, steps=int(setting.meter.steps))
        for hit in line:
            oom = hit.step == 0 and _WALTZ in setting.styles
            pitches = [_OOM_LOW + (spans[bar].root - _OOM_LOW) % 12] if oom else voicings[bar]
            notes += _struck(hit, pitches, span=spans[bar], setting=setting, rng=rng)
    return notes


def _bank(setting: Setting) -> str:
    wanted = [_STYLES.get(style, style) for style in setting.styles]
    known = [style for style in wanted if style in RHYTHMS]
    if setting.genre.chords != PLAIN.chords:
        known = [style for style in known if style != "syncopated"]
    return known[-1] if known else setting.genre.chords


def _thick(line: list[Hit], *, steps: int) -> list[Hit]:
    """Each gap of three sixteenths or more is answered softly in its middle."""
    ends = [hit.step for hit in line[1:]] + [steps]
    extra = [
        Hit((hit.step + end) // 2, 1, "o") for hit, end in zip(line, ends, strict=True) if end - hit.step >= 3
    ]
    cut = [
        Hit(h.step, min(h.length, max(1, (e - h.step) // 2)), h.letter)
        for h, e in zip(line, ends, strict=True)
    ]
    return sorted(cut + extra, key=lambda hit: hit.step)


def _struck(hit: Hit, pitches: list[int], *, span: Span, setting: Setting, rng: Random) -> list[Note]:
    """One chord, its top voice a little louder."""
    gate = _SHORT if hit.length == 1 else _LONG
    loudness = (VELOCITIES[hit.letter] - 10) * setting.drive
    return [
        Note(
            pitch,
            span.start + hit.step * STEP,
            (hit.length - 1 + gate) * STEP,
            nudge(rng, loudness + (6 if pitch == pitches[-1] else 0), spread=4),
        )
        for pitch in pitches
    ]


def render_pad(setting: Setting, rng: Random) -> list[Note]:
    """Hold chords to the end of each: the root below, voices that move little, a tone of colour on top.

    Args:
        setting: What to play in.
        rng: Picks register and where the top voice moves.
    """
    spans = _merged(harmony(setting, voices=voices_of(setting)))
    low = pick(rng, (_PAD_LOW, 52, 53, 55))
    voicings = voice_led(spans, low=low, high=_PAD_HIGH, spread=True)
    swell = pick(rng, (0.0, 6.0, 10.0))
    notes: list[Note] = []
    for index, (span, pitches) in enumerate(zip(spans, voicings, strict=True)):
        arch = 1 - abs(2 * (index + 0.5) / len(spans) - 1)
        loudness = (66 + swell * arch) * setting.drive
        low_root = _BASS_FLOOR + (span.root - _BASS_FLOOR) % 12
        notes += [_held(low_root, span, nudge(rng, loudness - 6, spread=3))]
        notes += [
            _held(pitch, span, nudge(rng, loudness, spread=3)) for pitch in pitches[:-1] if pitch > low_root
        ]
        notes += _top(pitches, span=span, move=index % 2 == 1 or len(spans) == 1, setting=setting, rng=rng)
    return notes


def _merged(spans: list[Span]) -> list[Span]:
    """Neighbours of the same chord become one, up to four bars."""
    merged: list[Span] = []
    for span in spans:
        before = merged[-1] if merged else None
        if before and before.tones == span.tones and before.duration < 4 * span.duration:
            merged[-1] = Span(before.start, before.duration + span.duration, span.tones)
        else:
            merged.append(span)
    return merged


def _held(pitch: int, span: Span, velocity: int) -> Note:
    return Note(pitch, span.start, span.duration, velocity)


def _top(pitches: list[int], *, span: Span, move: bool, setting: Setting, rng: Random) -> list[Note]:
    """The top voice; where it moves, it goes to another tone of the chord half way."""
    top = pitches[-1]
    loudness = 74 * setting.drive
    half = span.duration / 2
    above = [top + rise for rise in range(2, 6) if (top + rise) % 12 in span.tones]
    if not (move and above) or half < 1 or setting.energy < 0.3:
        return [_held(top, span, nudge(rng, loudness, spread=3))]
    first, second = pick(rng, ((top, above[0]), (above[0], top)))
    return [
        Note(first, span.start, half, nudge(rng, loudness, spread=3)),
        Note(second, span.start + half, half, nudge(rng, loudness - 4, spread=3)),
    ]
