"""Leads: a motif and what becomes of it, up to one climax and home again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from conduit.band.dynamics import velocity_of
from conduit.band.harmony import LOOP, Span, at, changes, nearest, step
from conduit.band.motifs import IDIOMS, Idiom, contour
from conduit.band.phrase import STEP, Hit, Setting, answer, form, half_way, rhythm
from conduit.band.singing import Slot, sung
from conduit.music.chance import happens, nudge, pick
from conduit.music.note import Note
from conduit.music.pulse import pulse_starts

__all__ = ["render_lead"]

_LOW, _HIGH = 60, 91
_CONTRAST = 55  # per cent
_HELD = 3  # sixteenths from which a note is a held one
_LED = 8  # sixteenths that a cadence with notes that lead back needs
_WAYS = ("sequence", "answer", "answer", "inversion", "contrast", "contrast", "contrast", "contrast")
_FORMS = ("ABAC", "ABAC", "ABAC", "AABC", "ABBC")
_CADENCES = ("half", "half", "late", "led")
_CLIMAX = 0.68  # where in a clip its highest note stands
_STYLED = ("sparse", "busy", "syncopated", "driving", "acid")


@dataclass(frozen=True, slots=True)
class _Sound:
    """One note of the line before it has a pitch."""

    start: float
    hit: Hit
    slot: Slot


@dataclass(frozen=True, slots=True)
class _Motif:
    """A rhythm and a shape, in degrees of the scale from its first note."""

    hits: tuple[Hit, ...]
    moves: tuple[int, ...]


def render_lead(setting: Setting, rng: Random) -> list[Note]:
    """Play a melody: a motif, its answer, the motif developed, a cadence; one climax.

    Strong beats get tones of the chord; between them the line goes by step for choice.

    Args:
        setting: What to play in.
        rng: Picks rhythm, shape and development.
    """
    idiom = IDIOMS[_idiom(setting)]
    spans = _clear(changes(setting, voices=3), setting)
    motif, other = (_motif(idiom, setting=setting, rng=rng) for _ in range(2))
    ways = [pick(rng, _WAYS) for _ in range(2)]
    again = _varied if happens(rng, idiom.restless) else _same
    ends = [pick(rng, _CADENCES) for _ in range(2)]
    lift = 0 if happens(rng, idiom.stays) else idiom.lift
    sounds: list[_Sound] = []
    letters = form(setting.bars, pick(rng, _FORMS))
    for bar, letter in enumerate(letters):
        line = _developed(motif, other, letter, way=ways[bar // 4 % 2], setting=setting)
        if letter == "C":
            line = _cadence(motif, ends[bar == setting.bars - 1], setting=setting)
        elif letter in letters[bar - bar % 4 : bar]:
            line = again(line, setting=setting, rng=rng)
        sounds += _wished(line, bar, spans=spans, centre=idiom.centre, lift=lift, setting=setting)
    low, high = max(_LOW, idiom.centre - 10) if idiom.centre >= 70 else _LOW, min(_HIGH, idiom.centre + 17)
    pitches = sung([sound.slot for sound in sounds], setting.key, low=low, high=high, again=idiom.again)
    pitches = _closed(pitches, sounds, setting=setting)
    pitches = _approached(pitches, sounds, idiom=idiom, setting=setting, rng=rng)
    pitches = _homed(pitches, sounds, setting=setting)
    return _played(sounds, pitches, idiom=idiom, setting=setting, rng=rng)


def _clear(spans: list[Span], setting: Setting) -> list[Span]:
    """Chords without what rubs a semitone above another tone of them, where they are held for bars."""
    if setting.genre.bars_per_chord == 1 or setting.chords:
        return spans
    full = changes(setting)
    found = []
    for span, whole in zip(spans, full, strict=True):
        clear = tuple(tone for tone in span.tones if (tone - 1) % 12 not in whole.tones)
        found.append(replace(span, tones=clear) if len(clear) > 1 else span)
    return found


def _idiom(setting: Setting) -> str:
    known = [style for style in setting.styles if style in _STYLED]
    if known:
        return known[-1]
    own = setting.genre.lead
    if setting.energy < 0.3:
        return "sparse"
    return "driving" if own == "plain" and setting.energy >= 0.75 else own


def _motif(idiom: Idiom, *, setting: Setting, rng: Random) -> _Motif:
    """A rhythm, of the calmer ones where there is little energy, of the denser where there is much."""
    ranked = sorted(idiom.rhythms, key=lambda row: (len(row.replace("-", "").replace("_", "")), row))
    half = (len(ranked) + 1) // 2
    bank = ranked[:half] if setting.energy < 0.4 else ranked[-half:] if setting.energy > 0.75 else ranked
    line = rhythm(pick(rng, bank), setting.meter)
    return _Motif(line, contour(rng, len(line), pick(rng, idiom.shapes)))


def _developed(motif: _Motif, other: _Motif, letter: str, *, way: str, setting: Setting) -> _Motif:
    """The motif itself, or its answer: in sequence, upside down, with another end, or another thought."""
    if letter == "A" or (letter == "B" and way == "sequence"):
        return motif
    if letter == "B" and way == "inversion":
        return _Motif(motif.hits, tuple(-move for move in motif.moves))
    if way == "contrast":
        return other
    line = tuple(answer(motif.hits, other.hits, setting.meter)) or motif.hits
    return _Motif(line, _fitted(motif.moves, other.moves, len(line)))


def _cadence(motif: _Motif, kind: str, *, setting: Setting) -> _Motif:
    """The motif's head and a long note; ``late`` on the last pulse, ``led`` with two notes that lead back."""
    starts, end = pulse_starts(setting.meter), int(setting.meter.steps)
    begin = min(starts[-1] if kind == "late" else half_way(setting.meter), end - 1)
    count = sum(hit.step < begin for hit in motif.hits)
    head = tuple(Hit(hit.step, min(hit.length, begin - hit.step), hit.letter) for hit in motif.hits[:count])
    rest = end - begin
    if kind == "led" and rest >= _LED:
        tail = (Hit(begin, rest - 4, "x"), Hit(end - 4, 2, "x"), Hit(end - 2, 2, "x"))
        return _Motif((*head, *tail), (*motif.moves[:count], 0, 1, 2))
    return _Motif((*head, Hit(begin, max(1, rest - 2 if rest > 4 else rest), "x")), (*motif.moves[:count], 0))


def _fitted(first: tuple[int, ...], second: tuple[int, ...], count: int) -> tuple[int, ...]:
    both = (*first[: max(1, count // 2)], *second, *first)
    return (both * count)[:count]


def _same(motif: _Motif, *, setting: Setting, rng: Random) -> _Motif:  # noqa: ARG001  as _varied
    return motif


def _varied(motif: _Motif, *, setting: Setting, rng: Random) -> _Motif:
    """The motif an eighth later, or its head twice, the second time a degree higher."""
    end, half = int(setting.meter.steps), half_way(setting.meter)
    if happens(rng, 0.5):
        moved = [(hit, 2, move) for hit, move in zip(motif.hits, motif.moves, strict=True)]
    else:
        cut = [Hit(hit.step, min(hit.length, half - hit.step), hit.letter) for hit in motif.hits]
        head = [pair for pair in zip(cut, motif.moves, strict=True) if pair[0].step < half]
        moved = [(hit, late, move + (late > 0)) for late in (0, half) for hit, move in head]
    line = [
        (Hit(hit.step + late, min(hit.length, end - hit.step - late), hit.letter), move)
        for hit, late, move in moved
        if hit.step + late < end
    ]
    return _Motif(tuple(hit for hit, _ in line), tuple(move for _, move in line)) if line else motif


def _wished(
    line: _Motif, bar: int, *, spans: list[Span], centre: int, lift: int, setting: Setting
) -> list[_Sound]:
    """The bar's notes with the pitches that its shape wishes for, on a way up to the climax and down."""
    begin = bar * setting.meter.bar
    strong = set(pulse_starts(setting.meter)[::2]) | {0}
    here = at(spans, begin if lift else 0.0).tones
    anchor = nearest(centre + _lift(bar, setting.bars, lift), here)
    sounds = []
    for hit, move in zip(line.hits, line.moves, strict=True):
        start = begin + hit.step * STEP
        tones = at(spans, start).tones
        slot = Slot(step(setting.key, anchor, move), tones, hit.step in strong, hit.length >= _HELD)
        sounds.append(_Sound(start, hit, slot))
    return sounds


def _lift(bar: int, bars: int, most: int) -> int:
    """Semitones above the centre: from below it up to the climax, then home."""
    if bars == 1 or not most:
        return most // 2
    peak = max(1, round((bars - 1) * _CLIMAX))
    return most * bar // peak if bar <= peak else most * (bars - 1 - bar) // max(1, bars - 1 - peak) - 1


def _closed(pitches: list[int], sounds: list[_Sound], *, setting: Setting) -> list[int]:
    """The last strong note is the tonic where its chord has it, else a tone of it; a single bar stays open."""
    if len(pitches) < 2 or setting.bars == 1:
        return pitches
    last = max(index for index, sound in enumerate(sounds) if sound.slot.strong or index == 0)
    tones = sounds[last].slot.tones
    home = (setting.key.root,) if setting.key.root in tones else tones
    return [*pitches[:last], nearest(pitches[last - 1], home), *pitches[last + 1 :]]


def _homed(pitches: list[int], sounds: list[_Sound], *, setting: Setting) -> list[int]:
    """A loop of one or two bars that has no tonic yet gets it on the last strong note whose chord has it."""
    home = setting.key.root
    if setting.bars > LOOP or any(pitch % 12 == home for pitch in pitches):
        return pitches
    fit = [index for index, sound in enumerate(sounds) if home in sound.slot.tones]
    strong = [index for index in fit if sounds[index].slot.strong]
    place = (strong or fit or [0])[-1]
    return [*pitches[:place], nearest(pitches[place], (home,)), *pitches[place + 1 :]]


def _approached(
    pitches: list[int], sounds: list[_Sound], *, idiom: Idiom, setting: Setting, rng: Random
) -> list[int]:
    """Some chord tones on strong beats are reached by a half step from below, or from above and below."""
    if not idiom.close:
        return pitches
    line = list(pitches)
    for index in range(2, len(line)):
        slot, near = sounds[index].slot, sounds[index].start - sounds[index - 2].start <= 1
        if not (slot.strong and near) or sounds[index - 1].slot.strong or not happens(rng, idiom.close):
            continue
        line[index - 1] = line[index] - 1
        if not sounds[index - 2].slot.strong:
            line[index - 2] = step(setting.key, line[index], 1)
    return line


def _played(
    sounds: list[_Sound], pitches: list[int], *, idiom: Idiom, setting: Setting, rng: Random
) -> list[Note]:
    """The notes, higher ones a little louder."""
    notes = []
    for sound, pitch in zip(sounds, pitches, strict=True):
        gate = min(idiom.gate, 0.8) if sound.hit.length == 1 else idiom.gate
        loudness = velocity_of(sound.hit.letter, contrast=_CONTRAST) + (pitch - idiom.centre) // 3
        length = (sound.hit.length - 1 + gate) * STEP
        notes.append(Note(pitch, sound.start, length, nudge(rng, loudness * setting.drive)))
    return notes
