"""Arpeggios: a chord, one note after the other, in the order and the rhythm of a style."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, zip_longest
from random import Random

from conduit.band.dynamics import velocity_of
from conduit.band.harmony import Span, at, changes, voices_of
from conduit.band.phrase import STEP, Hit, Setting, form, half_way, rhythm
from conduit.music.chance import happens, nudge, pick
from conduit.music.note import Note
from conduit.music.scale import Key

__all__ = ["ARPS", "Arp", "render_arp"]

_LOWEST, _HIGHEST = 43, 96
_CONTRAST = 45  # per cent
_RATCHET = 0.5  # of a sixteenth
_DENSE = 0.8  # energy from which sixteenths run through


@dataclass(frozen=True, slots=True, kw_only=True)
class Arp:
    """How one style plays an arpeggio.

    Attributes:
        masks: One-bar rhythms.
        ways: The orders it takes, keys of ``_WAYS``.
        octaves: Octaves that it goes through, one of these.
        low: Lowest note of its first chord, one of these.
        gate: How much of its length a note sounds, one of these for the whole clip.
        answers: How likely bars that answer have a rhythm of their own, 0-1.
        jump: How likely every accent leaps an octave up, 0-1.
        ratchet: How likely a bar that answers ends in a note struck twice, 0-1.
        colour: How likely triads have their ninth, where it lies a whole tone above the root, 0-1.
        rich: How likely chords have a seventh where the genre has triads, and none where it has sevenths, 0-1.
        runs_on: How likely the order goes on over bar lines and does not begin again, 0-1.
    """

    masks: tuple[str, ...]
    ways: tuple[str, ...] = ("up", "down", "updown", "updown", "rolling", "pairs")
    octaves: tuple[int, ...] = (1, 1, 2)
    low: tuple[int, ...] = (48, 52, 55)
    gate: tuple[float, ...] = (0.85, 0.95, 1.0)
    answers: float = 0.85
    jump: float = 0.08
    ratchet: float = 0.1
    colour: float = 0.5
    rich: float = 0.3
    runs_on: float = 0.3


ARPS: dict[str, Arp] = {
    "plain": Arp(
        masks=(
            "X_x_x_x_X_x_x_x_", "X_x_X_xxX_x_-_x_", "X_xxX_x_X_xxX_x_", "X__x_x_xX__x_x_x", "X_x_x_xxX_x_x_xx",
            "X_x_x_x_X_x_x_x_", "x_X_x_x_x_X_x_x_", "X_x_-_x_X_x_x_x_",
        ),
    ),
    "trance": Arp(
        masks=(
            "XxxxXxxxXxxxXxxx", "X-xxX-xxX-xxX-xx", "XxxXxxXxxXxxXxXx", "X_xxX_xxX_xxX_xx", "X_x_X_xxX_x_X_xx",
            "XxoxXxoxXxoxXxox",
        ),
        ways=("up", "updown", "up", "rolling", "pairs", "pinky"), octaves=(1, 2, 2), low=(52, 57, 60), jump=0.15,
        ratchet=0.2, runs_on=0.4,
    ),
    "sixteenths": Arp(
        masks=(
            "Xx-xXx-xXx-xXx-x", "X-xxX-xxX-xxX-xx", "X-xX-xX-X-xX-xX-", "X--xX-x-X--xX-x-", "X-x-X-xxX-x-X-x-",
        ),
        ways=("up", "down", "updown", "up", "rolling", "random"), gate=(0.7, 0.85, 1.0), jump=0.12, ratchet=0.3,
        runs_on=0.5,
    ),
    "converge": Arp(
        masks=(
            "X__x__x_X__x__x_", "X_x_x___X_x_x___", "X__x_x_xX__x_x__", "X_x_--x_X_x_x_--", "X___x_x_X___x_x_",
        ),
        ways=("converge", "diverge", "updown", "random", "pairs"), octaves=(1, 2), jump=0.1, ratchet=0.2,
        runs_on=0.6,
    ),
    "thumb": Arp(
        masks=(
            "X_x_x_x_X_x_x_x_", "X__x_xx_X__x_xx_", "X_x_xxx_X_x_x_x_", "X_x_x_xxX__x_x_x", "X_x_-_x_X_xxx_x_",
        ),
        ways=("thumb", "alberti", "pairs", "updown", "up"), octaves=(1,), low=(48, 52, 55), jump=0.0,
        ratchet=0.0, runs_on=0.1,
    ),
    "pulses": Arp(
        masks=(
            "X_x_x_x_X_x_x_x_", "X_xxX_x_X_xxX_x_", "X_xxX_xxX_xxX_xx", "X_x_x_xxX_x_x_xx", "X__x__x_X__x_xx_",
        ),
        ways=("up", "updown", "updown", "rolling", "down", "pairs"), octaves=(1, 1, 2), jump=0.12, ratchet=0.1,
    ),
    "slow": Arp(masks=("X_x_x_x_X_x_x_x_", "X_x_x_X_x_x_X_x_", "X___x_x_X___x_x_"), ratchet=0.0),
    "still": Arp(masks=("X___x___x___x___", "X_____x_____x___", "X___x_____x_x___"), jump=0.0, ratchet=0.0),
    "busy": Arp(masks=("XxxxXxxxXxxxXxxx", "XxxXxxXxxXxxXxXx", "XxoxXxoxXxoxXxox"), octaves=(1, 2), runs_on=0.5),
    "syncopated": Arp(masks=("Xx-xXx-xXx-xXx-x", "X-xX-xX-X-xX-xX-", "X_-x_x-xX_-x_x-x", "X-xX_xX-X-xX_xX-")),
}  # fmt: skip
"""By the name a genre gives, or what words of style and energy ask for."""

_NAMED = ("up", "down", "updown", "rolling", "random", "converge", "thumb")
_OTHER_WAY = {"up": "down", "down": "up", "converge": "diverge", "diverge": "converge", "pairs": "down"}


def render_arp(setting: Setting, rng: Random) -> list[Note]:
    """Play each chord one note after the other; a phrase ends the other way round.

    Args:
        setting: What to play in; the styles ``up``, ``down``, ``updown`` and ``random`` set the direction.
        rng: Picks direction, rhythm, register and touch where they are not asked for.
    """
    arp = ARPS[_style(setting)]
    spans = changes(setting, voices=_voices(arp, setting=setting, rng=rng))
    mask, reply = (rhythm(pick(rng, arp.masks), setting.meter) for _ in range(2))
    replies = happens(rng, arp.answers)
    named = [style for style in setting.styles if style in _NAMED]
    way = named[-1] if named else pick(rng, arp.ways)
    octaves = max(pick(rng, arp.octaves), 2 if setting.energy >= 0.85 else 1)
    low, gate = pick(rng, arp.low), pick(rng, arp.gate)
    jumps, runs, colours = (happens(rng, likely) for likely in (arp.jump, arp.runs_on, arp.colour))
    scramble = [rng.random() for _ in range(24)]
    notes: list[Note] = []
    place, before = 0, None
    for bar, letter in enumerate(form(setting.bars)):
        line = reply if replies and letter in "BC" else mask
        if letter in "BC" and happens(rng, arp.ratchet):
            line = _ratcheted(line, setting)
        turned = letter == "C" and not named and setting.bars > 1
        for hit in line:
            span = at(spans, bar * setting.meter.bar + hit.step * STEP)
            if span is not before:
                other = _OTHER_WAY.get(way, way) if turned else way
                tones = _coloured(span, setting.key) if colours else span.tones[:4]
                ladder = _ladder(tones, low=low, octaves=octaves, way=other, scramble=scramble)
                place, before = (place if runs else 0), span
            pitch = ladder[place % len(ladder)] + 12 * (jumps and hit.letter == "X" and hit.step > 0)
            place += 1
            notes += _struck(hit, pitch, begin=bar * setting.meter.bar, gate=gate, setting=setting, rng=rng)
    return notes


def _voices(arp: Arp, *, setting: Setting, rng: Random) -> int:
    """Notes of a chord: as the genre has it, now and then one more than a triad or only the triad."""
    usual = min(4, voices_of(setting))
    other = happens(rng, arp.rich) and not {"triads", "rich"} & set(setting.styles)
    return 7 - usual if other else usual


def _style(setting: Setting) -> str:
    if "sparse" in setting.styles or setting.energy < 0.2:
        return "still"
    if setting.energy < 0.4 or "eighths" in setting.styles:
        return "slow"
    if {"busy", "sixteenths"} & set(setting.styles) or setting.energy >= _DENSE:
        return "busy"
    return "syncopated" if "syncopated" in setting.styles else setting.genre.arp


def _ratcheted(mask: tuple[Hit, ...], setting: Setting) -> tuple[Hit, ...]:
    """The rhythm with its last short note of the second half struck twice."""
    half = half_way(setting.meter)
    short = [index for index, hit in enumerate(mask) if hit.length == 1 and hit.step >= half]
    if not short:
        return mask
    hit = mask[short[-1]]
    return (*mask[: short[-1]], Hit(hit.step, 1, "r"), *mask[short[-1] + 1 :])


def _struck(hit: Hit, pitch: int, *, begin: float, gate: float, setting: Setting, rng: Random) -> list[Note]:
    """One note, or two for a ratchet."""
    while not _LOWEST <= pitch <= _HIGHEST:
        pitch += 12 if pitch < _LOWEST else -12
    velocity = nudge(rng, velocity_of(hit.letter, contrast=_CONTRAST) * setting.drive, spread=4)
    start = begin + hit.step * STEP
    if hit.letter != "r":
        length = (hit.length - 1 + gate) * STEP if hit.length > 1 or gate < 1 else STEP
        return [Note(pitch, start, length, velocity)]
    size = _RATCHET * STEP
    return [Note(pitch, start, size, velocity), Note(pitch, start + size, size, max(1, velocity - 10))]


def _coloured(span: Span, key: Key) -> tuple[int, ...]:
    """A triad with its ninth where that is of the key; other chords as they are."""
    ninth = (span.root + 2) % 12
    fits = len(span.tones) == 3 and ninth in key.pitch_classes
    return (*span.tones, ninth) if fits else span.tones[:4]


def _ladder(tones: tuple[int, ...], *, low: int, octaves: int, way: str, scramble: list[float]) -> list[int]:
    """The tones over so many octaves, in the order they are played."""
    closed = sorted(low + (tone - low) % 12 for tone in dict.fromkeys(tones))
    rising = [pitch + 12 * octave for octave in range(octaves) for pitch in closed]
    if octaves == 1:
        rising.append(closed[0] + 12)
    return _ordered(rising, way, scramble)


def _ordered(rising: list[int], way: str, scramble: list[float]) -> list[int]:
    lowest, highest, rest = rising[0], rising[-1], rising[1:]
    half = (len(rising) + 1) // 2
    inwards = [
        p for pair in zip_longest(rising[:half], rising[::-1][: len(rising) - half]) for p in pair if p
    ]
    ways = {
        "up": rising,
        "down": rising[::-1],
        "updown": rising + rising[-2:0:-1],
        "rolling": [lowest, *chain.from_iterable((other, lowest) for other in rest)],
        "thumb": list(chain.from_iterable((lowest, other) for other in rest)),
        "pinky": list(chain.from_iterable((other, highest) for other in rising[:-1])),
        "pairs": list(chain.from_iterable(zip(rising, rising[2:] or rising[1:], strict=False))),
        "alberti": [lowest, rising[min(2, len(rest))], rising[1], rising[min(2, len(rest))]],
        "converge": inwards,
        "diverge": inwards[::-1],
        "random": [rising[index] for index in _scrambled(len(rising), scramble)],
    }
    return ways[way]


def _scrambled(count: int, scramble: list[float]) -> list[int]:
    return sorted(range(count), key=lambda index: (scramble[index % len(scramble)], index))
