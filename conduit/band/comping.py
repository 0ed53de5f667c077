"""Chords in rhythm: call, answer and turn, pushes into the next chord, ghosts, and voicings that climb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice, pairwise
from random import Random

from conduit.band.dynamics import velocity_of
from conduit.band.figures import FIGURES, Comping
from conduit.band.genre import PLAIN
from conduit.band.harmony import LOOP, Span, at, changes, voice_led, voices_of
from conduit.band.phrase import STEP, Hit, Setting, answer, fit, form, half_way, hits, rhythm
from conduit.music.chance import happens, nudge, pick
from conduit.music.note import Note

__all__ = ["comping_of", "render_chords"]

_STYLES = {
    "dub": "skank",
    "reggae": "skank",
    "acid": "stabs",
    "ambient": "held",
    "sparse": "held",
    "long": "held",
}
_BUSY, _WALTZ, _PUSH, _GHOST = "busy", "waltz", "s", "g"
_RANGE = 26
_FULL = 0.75  # energy from which chords are opened and have a voice more
_FORMS = ("ABAC", "ABAC", "AAAC", "AABC")
_TOPS = ((0, 1), (0, 0, 1), (0, 1, 1, 0), (0, 1, 0), (0, -1), (0, 0, -1, 0), (0, 1, 2, 1), (0, -1, 0, 1))
_LONG = 0.95
_NINTH = 4  # tones of which a chord with a ninth has more
_OWN = 0.6  # how likely a single bar answers itself
_CONTRAST = 70  # per cent
_MANY = 6  # hits in a bar from which the inversion changes by half bars
_OOM_LOW, _HAND_LOW = 40, 38
_LOWEST, _HIGHEST = 45, 86


@dataclass(frozen=True, slots=True)
class _Struck:
    """A chord that is struck: when, for how long (beats), how hard, which of the spans, how many inversions up."""

    start: float
    length: float
    letter: str
    span: int
    turn: int = 0


def render_chords(setting: Setting, rng: Random) -> list[Note]:
    """Play chords in rhythm: call and answer, the last bar pushing into the next chord.

    Args:
        setting: What to play in.
        rng: Picks rhythms, register, how many voices there are and what the top one does.
    """
    comping = comping_of(setting)
    spans = changes(setting, voices=voices_of(setting))
    low = comping.low + pick(rng, (0, 0, 2))
    voices = pick(rng, comping.voices) + (setting.energy > _FULL)
    style = "drop 2" if setting.energy > _FULL else comping.style
    voicings = voice_led(spans, low=low, high=low + _RANGE, style=style, voices=voices)
    rootless = any(len(span.tones) > _NINTH for span in spans)  # ninths are voiced without their root
    rooted = happens(rng, comping.root) or (rootless and setting.bars <= LOOP)
    strokes = _placed(_bars(comping, setting=setting, rng=rng), spans=spans, setting=setting)
    notes: list[Note] = []
    for index, stroke in enumerate(strokes):
        span, fresh = spans[stroke.span], index == 0 or strokes[index - 1].span != stroke.span
        pitches = _pitches(stroke, voicings[stroke.span], span, setting=setting)
        if (rooted or span.slash is not None) and fresh and stroke.letter != _GHOST:
            root = _HAND_LOW + (span.bass - _HAND_LOW) % 12
            notes.append(_left_hand(root, stroke, strokes[index + 1 :], setting=setting, rng=rng))
            pitches = [pitch for pitch in pitches if pitch > root]
        notes += _sounded(stroke, pitches, comping=comping, setting=setting, rng=rng)
    return notes


def comping_of(setting: Setting) -> Comping:
    """Give how chords are played: as a word of style asks, else as the genre does."""
    wanted = [_STYLES.get(style, style) for style in setting.styles]
    known = [style for style in wanted if style in FIGURES]
    if setting.genre.chords != PLAIN.chords:
        known = [style for style in known if style != "syncopated"]
    return FIGURES[known[-1] if known else setting.genre.chords]


def _bars(comping: Comping, *, setting: Setting, rng: Random) -> list[list[tuple[Hit, int]]]:
    """The hits of every bar and their inversions: call, answer, call, turn; later calls are varied."""
    rhythms = setting.genre.comping if comping is FIGURES[setting.genre.chords] else ()
    call, other = (rhythm(pick(rng, rhythms or comping.rhythms), setting.meter) for _ in range(2))
    turn = hits(fit(pick(rng, comping.turns), setting.meter))
    tops = [pick(rng, _TOPS) if happens(rng, comping.climb) else (0,) for _ in range(2)]
    bars = []
    for bar, letter in enumerate(form(setting.bars, pick(rng, _FORMS))):
        line = list(call)
        if letter == "B":
            line = answer(call, other, setting.meter) or line
        elif letter == "C":
            line = answer(call, turn, setting.meter) or line
        elif setting.bars == 1 and happens(rng, _OWN):
            line = _varied(answer(call, other, setting.meter) or line, rng=rng)
        elif bar >= 4:
            line = _varied(line, rng=rng)
        if _BUSY in setting.styles:
            line = _thick(line, steps=int(setting.meter.steps))
        bars.append(list(zip(line, _inversions(line, tops[letter == "B"], setting), strict=True)))
    return bars


def _inversions(line: list[Hit], top: tuple[int, ...], setting: Setting) -> list[int]:
    """The inversion of each hit: a new one each time, or each half bar where there are many."""
    if len(line) > _MANY:
        half = half_way(setting.meter)
        return [top[(hit.step >= half) % len(top)] for hit in line]
    return list(islice(cycle(top), len(line)))


def _varied(line: list[Hit], *, rng: Random) -> list[Hit]:
    """The call again, with one of its later hits left out or struck an eighth early."""
    if len(line) < 3:
        return line
    place = 1 + int(rng.random() * (len(line) - 1))
    before, hit = line[place - 1], line[place]
    if hit.step - before.step > 2:
        moved = Hit(hit.step - 2, hit.length, hit.letter)
        held = replace(before, length=min(before.length, moved.step - before.step))
        return [*line[: place - 1], held, moved, *line[place + 1 :]]
    return [*line[:place], *line[place + 1 :]]


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


def _placed(bars: list[list[tuple[Hit, int]]], *, spans: list[Span], setting: Setting) -> list[_Struck]:
    """Hits on the clip's beats with their chords: a push takes the next one and its downbeat's place."""
    strokes: list[_Struck] = []
    pushed = False
    for bar, line in enumerate(bars):
        begin = bar * setting.meter.bar
        for hit, turn in line:
            if pushed and hit.step == 0:
                strokes[-1] = replace(strokes[-1], length=strokes[-1].length + hit.length * STEP)
                continue
            start = begin + hit.step * STEP
            push = hit.letter == _PUSH
            chord = _index(spans, begin + setting.meter.bar) if push else _index(spans, start)
            strokes.append(_Struck(start, hit.length * STEP, hit.letter, chord, 0 if push else turn))
        pushed = bool(line) and line[-1][0].letter == _PUSH
    return _changed(strokes, spans)


def _index(spans: list[Span], beat: float) -> int:
    """Which span sounds on a beat; the clip goes round."""
    return spans.index(at(spans, beat)) if beat < spans[-1].end else 0


def _changed(strokes: list[_Struck], spans: list[Span]) -> list[_Struck]:
    """No chord sounds on into another, and one that no stroke would play is struck where it begins."""
    heard = {stroke.span for stroke in strokes}
    missing = [
        _Struck(span.start, min(1.0, span.duration), "x", index)
        for index, span in enumerate(spans)
        if index not in heard
    ]
    kept = []
    for stroke in sorted([*strokes, *missing], key=lambda stroke: stroke.start):
        span = spans[stroke.span]
        until = span.end if stroke.start < span.end else spans[-1].end
        kept.append(replace(stroke, length=min(stroke.length, until - stroke.start)))
    return kept


def _pitches(stroke: _Struck, voicing: Sequence[int], span: Span, *, setting: Setting) -> list[int]:
    """What is struck: the voicing in one of its inversions, its upper voices, or the root of an oom-pah."""
    if _WALTZ in setting.styles and stroke.start % setting.meter.bar == 0:
        return [_OOM_LOW + (span.bass - _OOM_LOW) % 12]
    if stroke.letter == _GHOST:
        return list(voicing[-3:])
    return _turned(list(voicing), stroke.turn)


def _turned(voicing: list[int], turn: int) -> list[int]:
    """So many inversions up, or down where it is less than 0, as far as hands and register go."""
    for _ in range(abs(turn)):
        moved = sorted([*voicing[1:], voicing[0] + 12] if turn > 0 else [voicing[-1] - 12, *voicing[:-1]])
        clear = all(other - one > 1 for one, other in pairwise(moved))
        if clear and moved[0] >= _LOWEST and moved[-1] <= _HIGHEST:
            voicing = moved
    return voicing


def _left_hand(root: int, stroke: _Struck, rest: list[_Struck], *, setting: Setting, rng: Random) -> Note:
    """The root below, held until the next chord, two beats at the most."""
    following = next((other.start for other in rest if other.span != stroke.span), setting.length)
    length = min(2.0, following - stroke.start, setting.length - stroke.start)
    return Note(root, stroke.start, length * _LONG, nudge(rng, 84 * setting.drive, spread=4))


def _sounded(
    stroke: _Struck, pitches: list[int], *, comping: Comping, setting: Setting, rng: Random
) -> list[Note]:
    """One chord, its top voice a little louder."""
    short = stroke.length <= STEP
    length = stroke.length * comping.gate if short else stroke.length - (1 - _LONG) * STEP
    length = min(length, setting.length - stroke.start)
    loudness = (velocity_of(stroke.letter, contrast=_CONTRAST) - 3) * setting.drive
    return [
        Note(pitch, stroke.start, length, nudge(rng, loudness + (6 if pitch == pitches[-1] else 0), spread=4))
        for pitch in pitches
    ]
