"""Leads and arpeggios: a motif and what becomes of it; a chord, one note after the other."""

from __future__ import annotations

from itertools import cycle, islice
from random import Random

from conduit.music.chance import happens, nudge, pick
from conduit.music.harmony import Span, harmony, nearest, step
from conduit.music.note import Note
from conduit.music.phrase import (
    STEP,
    VELOCITIES,
    Hit,
    Setting,
    answer,
    form,
    half_way,
    pulse_starts,
    rhythm,
)

__all__ = ["render_arp", "render_lead"]

_MOTIFS: dict[str, tuple[str, ...]] = {
    "plain": (
        "X__x__x_x___----", "X_x_--x_x_x-x___", "--x_x_x___--x_x_", "X___--x_x_--x___", "X_--x_--x___x_x_",
        "X__x_-x_--x_x_--", "X_x_x___--x_x___", "--x_--x_x__x__x_",
    ),
    "sparse": ("X_______--x_x___", "--X_______--x___", "X_____x_________", "----X___x_______"),
    "busy": ("X-xox-x-x_x-xoxo", "XoxoX-x_-xx-x_x-", "X-xx-xx-X-xx-x_o", "Xox_xox_Xoxox_x_"),
    "syncopated": ("X--x_-x_-x--x_--", "-x_x--x_-x_x--x_", "--x_-x_x--x_-x__", "X-x--x_x_-x--x__"),
    "driving": ("X-x-xx-xX-x-xx--", "X-xX-xX-X-xX-x--", "x-xxX-x-x-xxX-x-"),
}  # fmt: skip

_CONTOURS = (
    (0, 1, 2, 1, 0, -1),
    (0, -1, 0, 2, 1, 0),
    (4, 3, 2, 1, 0, 1),
    (0, 2, 1, 3, 2, 4),
    (0, 0, 2, 0, 3, 1),
    (0, 4, 3, 2, 1, 0),
    (2, 1, 0, 1, 2, 2),
    (0, 2, 4, 3, 1, 2),
)
_LEAD_CENTRE = 72
_LEAD_LOW, _LEAD_HIGH = 60, 91
_ARP_LOW = 57
_ARP_MASKS: dict[str, tuple[str, ...]] = {
    "plain": ("XxxxXxxxXxxxXxxx", "XxxXxxXxxXxxXxXx", "XxoxXxoxXxoxXxox"),
    "broken": ("Xx-xXx-xXx-xXx-x", "X-xxX-xxX-xxX-xx", "X-xX-xX-xX-xX-x-", "XxX-xxX-XxX-xxX-"),
    "slow": ("X_x_x_x_X_x_x_x_", "X_x_X_x_X_x_X_x_", "X_x_x_X_x_x_X_x_"),
    "still": ("X___x___x___x___", "X_____x_____x___"),
}
_DIRECTIONS = ("up", "down", "updown", "rolling")


def render_lead(setting: Setting, rng: Random) -> list[Note]:
    """Play a melody: a motif, its answer, the motif again, and a close on the tonic.

    Strong beats get tones of the chord; between them the line goes by steps of the scale.

    Args:
        setting: What to play in.
        rng: Picks rhythm and contour.
    """
    spans = harmony(setting, voices=3)
    bank = _MOTIFS[_lead_bank(setting)]
    motif = rhythm(pick(rng, bank), setting.meter)
    other = rhythm(pick(rng, bank), setting.meter)
    contour = pick(rng, _CONTOURS)
    reply = tuple(-move for move in contour) if happens(rng, 0.5) else pick(rng, _CONTOURS)
    notes: list[Note] = []
    anchor = _LEAD_CENTRE
    for bar, letter in enumerate(form(setting.bars)):
        lift = 1 if bar % 8 >= 4 else 0
        anchor = nearest((anchor + _LEAD_CENTRE) // 2 + 2 * lift, spans[bar].tones)
        line = _shape(motif, other, letter, setting=setting)
        moves = reply if letter == "B" else contour
        notes += _sung(line, moves, anchor=anchor, span=spans[bar], setting=setting, rng=rng)
    return _closed(notes, setting=setting)


def _lead_bank(setting: Setting) -> str:
    known = [style for style in setting.styles if style in _MOTIFS]
    if known:
        return known[-1]
    if setting.energy < 0.3:
        return "sparse"
    return "plain" if setting.energy < 0.75 else "driving"


def _shape(motif: tuple[Hit, ...], other: tuple[Hit, ...], letter: str, *, setting: Setting) -> list[Hit]:
    """The motif; in the answer its first half and another end; in the turn its first half and a long note."""
    if letter == "A":
        return list(motif)
    if letter == "B":
        return answer(motif, other, setting.meter)
    half, end = half_way(setting.meter), int(setting.meter.steps)
    begin = min(half, end - 1)
    return [
        *(hit for hit in answer(motif, (), setting.meter) if hit.step < begin),
        Hit(begin, max(1, end - begin - 2), "x"),
    ]


def _sung(
    line: list[Hit], moves: tuple[int, ...], *, anchor: int, span: Span, setting: Setting, rng: Random
) -> list[Note]:
    strong = set(pulse_starts(setting.meter))
    notes = []
    for hit, move in zip(line, islice(cycle(moves), len(line)), strict=True):
        pitch = step(setting.key, anchor, move)
        if hit.step in strong or hit.length >= 4:
            pitch = nearest(pitch, span.tones)
        while not _LEAD_LOW <= pitch <= _LEAD_HIGH:
            pitch += 12 if pitch < _LEAD_LOW else -12
        gate = 0.8 if hit.length == 1 else 0.9
        accent = 8 if hit.step == 0 else 0
        velocity = nudge(rng, (VELOCITIES[hit.letter] + accent - 8) * setting.drive)
        notes.append(Note(pitch, span.start + hit.step * STEP, (hit.length - 1 + gate) * STEP, velocity))
    return notes


def _closed(notes: list[Note], *, setting: Setting) -> list[Note]:
    """The last note is the tonic, near the note before it; a single bar closes on a note that leads on."""
    if len(notes) < 2 or setting.bars == 1:
        return notes
    last, before = notes[-1], notes[-2]
    tonic = nearest(before.pitch, (setting.key.root,)) if not setting.chords else last.pitch
    return [*notes[:-1], Note(tonic, last.start, last.duration, last.velocity)]


def render_arp(setting: Setting, rng: Random) -> list[Note]:
    """Play each chord one note after the other; the last bar turns the other way.

    Args:
        setting: What to play in; the styles ``up``, ``down``, ``updown`` and ``random`` set the direction.
        rng: Picks direction and rhythm where they are not asked for.
    """
    spans = harmony(setting)
    mask = rhythm(pick(rng, _ARP_MASKS[_arp_mask(setting, rng)]), setting.meter)
    named = [style for style in setting.styles if style in (*_DIRECTIONS, "random")]
    way = named[-1] if named else pick(rng, _DIRECTIONS)
    octaves = pick(rng, (1, 2)) if setting.energy < 0.7 else 2
    scramble = [rng.random() for _ in range(24)]
    low = pick(rng, (_ARP_LOW, 60, 62))
    notes: list[Note] = []
    for bar, span in enumerate(spans):
        last = bar == setting.bars - 1 and setting.bars > 1 and way in {"up", "down"}
        turned = {"up": "down", "down": "up"}.get(way, way) if last and not named else way
        ladder = _ladder(span, low=low, octaves=octaves, way=turned, scramble=scramble)
        for hit, pitch in zip(mask, islice(cycle(ladder), len(mask)), strict=True):
            velocity = nudge(rng, (VELOCITIES[hit.letter] - 8) * setting.drive)
            gate = 0.7 if hit.length == 1 else 0.85
            notes.append(Note(pitch, span.start + hit.step * STEP, (hit.length - 1 + gate) * STEP, velocity))
    return notes


def _arp_mask(setting: Setting, rng: Random) -> str:
    if "sparse" in setting.styles or setting.energy < 0.2:
        return "still"
    if setting.energy < 0.4 or "eighths" in setting.styles:
        return "slow"
    if {"busy", "sixteenths"} & set(setting.styles) or setting.energy > 0.85:
        return "plain"
    return "broken" if "syncopated" in setting.styles else pick(rng, ("plain", "broken"))


def _ladder(span: Span, *, low: int, octaves: int, way: str, scramble: list[float]) -> list[int]:
    """The chord's tones over so many octaves, in the order they are played."""
    closed = sorted(low + (pc - low) % 12 for pc in set(span.tones[:4]))
    rising = [pitch + 12 * octave for octave in range(octaves) for pitch in closed]
    if octaves == 1:
        rising.append(closed[0] + 12)
    if way == "down":
        return rising[::-1]
    if way == "updown":
        return rising + rising[-2:0:-1]
    if way == "rolling":
        return [rising[0], *(pitch for other in rising[1:] for pitch in (other, rising[0]))]
    if way == "random":
        order = sorted(range(len(rising)), key=lambda index: scramble[index % len(scramble)])
        return [rising[index] for index in order]
    return rising
