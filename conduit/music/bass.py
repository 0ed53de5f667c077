"""Bass lines: a rhythm of its style, root on the strong beats, an answer, and a turn back to the start."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from conduit.music.chance import happens, nudge, pick, weighted
from conduit.music.genre import PLAIN
from conduit.music.harmony import Span, harmony, step
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

__all__ = ["BASSES", "Bass", "render_bass"]


@dataclass(frozen=True, slots=True)
class Bass:
    """How one style of bass is played.

    Attributes:
        rhythms: One-bar patterns.
        tones: What may follow the root, with likelihoods: ``root``, ``octave``, ``third``, ``fifth``,
            ``seventh`` (the scale's note below the root), ``second`` (the one above).
        low: Lowest root as a MIDI pitch; roots lie in the octave above.
        gate: How much of its length a note sounds.
        pedal: Whether it stays on the tonic when chords change.
    """

    rhythms: tuple[str, ...]
    tones: tuple[tuple[str, float], ...]
    low: int = 31
    gate: float = 0.9
    pedal: bool = False


_CALM = (("root", 0.6), ("fifth", 0.2), ("octave", 0.1), ("seventh", 0.1))
_ACID = (
    ("root", 0.42),
    ("octave", 0.2),
    ("seventh", 0.12),
    ("third", 0.1),
    ("fifth", 0.09),
    ("second", 0.07),
)
_MOVING = (("root", 0.4), ("octave", 0.2), ("fifth", 0.18), ("seventh", 0.12), ("third", 0.1))
_STILL = (("root", 0.82), ("octave", 0.06), ("fifth", 0.06), ("seventh", 0.06))

BASSES: dict[str, Bass] = {
    "plain": Bass(
        ("X_-x_-x_X_-x_-x-", "X_x---x_X---x_x-", "X__-x_--x_--x-o-", "X_-x--x-X-x---x_"), _MOVING
    ),
    "acid": Bass(
        (
            "X-xxs-xoX-xs-xox", "Xox-Xs-x-xXo-xs-", "X--xX-oxs-xX-x-o", "XxoxX-s-xoXx-os-", "X-oX-oXs-xo-Xx-x",
            "x-Xo-xs-Xx-oxsX-",
        ),
        _ACID, low=36, gate=0.55, pedal=True,
    ),
    "rolling": Bass(
        ("-oxo-oxo-oxo-oxo", "-xoX-xox-xoX-xox", "x-oxx-oxx-oxx-ox", "--xx-oxx--xx-oxX"), _STILL,
        gate=0.7, pedal=True,
    ),
    "house": Bass(
        ("--x_--x_--x_--x_", "X--x--x_--x---x-", "--xx--x_--xx--xo", "X_--x-x---x_-ox-"), _MOVING, gate=0.75
    ),
    "deep": Bass(
        ("X_-x--x_----x-o-", "X_-x----x_-x--o-", "X__--ox_--x_-x--", "X_---x-x--o-x___"), _MOVING, gate=0.85
    ),
    "offbeat": Bass(("--x_--x_--x_--x_", "--xo--xo--xo--xo", "-xxx-xxx-xxx-xxx"), _STILL, gate=0.8),
    "dub": Bass(
        ("X____-x_--x___--", "X__-x___----x_o-", "X___--x_x___----", "--X_--x___--x_x_", "X_____--x_--x___"),
        (("root", 0.45), ("fifth", 0.22), ("third", 0.15), ("seventh", 0.12), ("octave", 0.06)), low=28,
        gate=0.95,
    ),
    "minimal": Bass(
        ("X-----o---x-----", "X--o------x--o--", "X-------o-x---o-", "--X--o----x--o--"), _CALM, gate=0.7,
        pedal=True,
    ),
    "drone": Bass(("X_______________", "X___________o___", "X_________o_____"), _CALM, low=28, gate=1.0),
    "long": Bass(
        ("X_____--x_--x___", "X_______--x_____", "X__-X__---x_o-x_", "X_____x_____-ox_"), _CALM, low=28,
        gate=0.95,
    ),
    "syncopated": Bass(
        ("X--x_-x_-x--x-x_", "X_-x--x--x_x--x-", "X--x-x_--xx_--x-", "X-x_-x--x_-x-x--"), _MOVING, gate=0.8
    ),
    "hiphop": Bass(
        ("X__---x_--X_-o--", "X_--x-_-x_X_----", "X___---xX_--x_o-", "X_-x----x___-ox_"), _CALM, low=28, gate=0.9
    ),
    "808": Bass(("X______---x_--x_", "X_________X_____", "X____---x_x___--", "X__x____--x_____"), _CALM, low=28),
    "electro": Bass(("X-x--xX---x-X-o-", "X--xX-x--xX-x-x-", "X-X-oxX--x-xX-o-"), _MOVING, gate=0.6),
    "octaves": Bass(
        ("X-o-X-o-X-o-X-o-", "X-xoX-xoX-xoX-xo", "X-ooX-o-X-ooX-ox"), (("octave", 0.6), ("root", 0.4)), gate=0.7
    ),
    "funk": Bass(("X-xo-x-xX-o-x-xo", "X--xx--x-oX--xo-", "Xo-x--xX-o-x--xo"), _MOVING, gate=0.6),
    "eighths": Bass(("X-x-X-x-X-x-X-x-", "X_x_x_x_X_x_x_x_", "X-xoX-xoX-xoX-xo"), _STILL, gate=0.8),
    "walking": Bass(("X___x___x___x___", "X___x___x___x_ox"), _CALM, gate=0.9),
    "tresillo": Bass(("X__x__x_X__x__x_", "X__-x_x_X__-x_x_"), _CALM, gate=0.85),
}  # fmt: skip
"""How each style of bass is played."""

_BREATHE = ("X_----------x_--", "X___------o-x---", "X_--------x_----", "--X_------x_----")
LOWEST = 24
"""No bass goes below this pitch (C0 in Live)."""
_SLIDE = 0.5  # of a step that a slid note sounds into the next
_Part = tuple[Hit, str]


def render_bass(setting: Setting, rng: Random) -> list[Note]:
    """Play a bass line: call, answer, call, turn.

    Args:
        setting: What to play in.
        rng: Picks rhythm and notes.
    """
    bass = BASSES[_style(setting)]
    call = _bar(bass, setting=setting, rng=rng)
    reply = _answer(call, _bar(bass, setting=setting, rng=rng), setting=setting)
    spans = harmony(setting)
    notes: list[Note] = []
    for bar, letter in enumerate(form(setting.bars)):
        line = reply if letter == "B" else call
        if letter == "A" and bar >= 4 and bar % 4 == 0:
            line = _varied(call, bass=bass, rng=rng)
        if letter == "C":
            line = _turned(line, setting=setting, rng=rng)
        following = spans[(bar + 1) % len(spans)]
        notes += _played(line, bass=bass, spans=(spans[bar], following), setting=setting, rng=rng)
    return _joined(notes, length=setting.length)


def _style(setting: Setting) -> str:
    """The style asked for, else the genre's. Only a plain line is syncopated by its rhythms; others keep theirs."""
    known = [style for style in setting.styles if style in BASSES]
    if setting.genre.bass != PLAIN.bass:
        known = [style for style in known if style != "syncopated"]
    return known[-1] if known else setting.genre.bass


def _bar(bass: Bass, *, setting: Setting, rng: Random) -> list[_Part]:
    """One bar: a rhythm with a tone at each onset."""
    sparse = "sparse" in setting.styles and len(bass.rhythms[0].replace("-", "").replace("_", "")) > 4
    onsets = rhythm(pick(rng, _BREATHE if sparse else bass.rhythms), setting.meter)
    strong = {0, *pulse_starts(setting.meter)[2::2]}
    line: list[_Part] = []
    for hit in _dense(onsets, setting=setting, rng=rng):
        first = not line
        tone = "root" if first or (hit.step in strong and happens(rng, 0.7)) else weighted(rng, bass.tones)
        if line and tone == line[-1][1] and tone in {"seventh", "second"}:
            tone = "root"
        line.append((hit, tone))
    return line


def _dense(onsets: tuple[Hit, ...], *, setting: Setting, rng: Random) -> list[Hit]:
    """Soft notes go when there is little energy; gaps are filled when it is to be busy."""
    if setting.energy < 0.35 and len(onsets) > 4:
        return [hit for hit in onsets if hit.letter not in "og"]
    if "busy" not in setting.styles and setting.energy < 0.85:
        return list(onsets)
    taken = {step for hit in onsets for step in range(hit.step, hit.step + hit.length)}
    spare = [s for s in range(1, int(setting.meter.steps)) if s not in taken and happens(rng, 0.5)]
    return sorted([*onsets, *(Hit(step, 1, "o") for step in spare)], key=lambda hit: hit.step)


def _answer(call: list[_Part], other: list[_Part], *, setting: Setting) -> list[_Part]:
    """The call's first half, then another thought."""
    half = half_way(setting.meter)
    tones = [tone for hit, tone in call if hit.step < half] + [
        tone for hit, tone in other if hit.step >= half
    ]
    line = answer([hit for hit, _ in call], [hit for hit, _ in other], setting.meter)
    return list(zip(line, tones, strict=True))


def _varied(line: list[_Part], *, bass: Bass, rng: Random) -> list[_Part]:
    """The call again with one note after the first changed."""
    if len(line) < 2:
        return line
    place = 1 + int(rng.random() * (len(line) - 1))
    return [(hit, weighted(rng, bass.tones) if i == place else tone) for i, (hit, tone) in enumerate(line)]


def _turned(line: list[_Part], *, setting: Setting, rng: Random) -> list[_Part]:
    """The last pulse leads back: by step from below or above, or from the octave or the fifth."""
    begin = pulse_starts(setting.meter)[-1]
    kept = [part for part in line if part[0].step < begin]
    last = [hit for hit, _ in line if hit.step >= begin][-3:]
    if not last:
        last = [Hit(begin, int(setting.meter.steps) - begin, "x")]
    way = pick(rng, (("below two", "below"), ("above two", "above"), ("octave", "below"), ("fifth", "above")))
    tones = ("root", *way)[-len(last) :]
    return [*kept, *zip(last, tones, strict=True)]


def _played(
    line: list[_Part], *, bass: Bass, spans: tuple[Span, Span], setting: Setting, rng: Random
) -> list[Note]:
    now, following = spans
    notes = []
    for hit, tone in line:
        pitch = _pitch(tone, bass=bass, span=now, following=following, setting=setting)
        start = now.start + hit.step * STEP
        length = hit.length + 1 + _SLIDE if hit.letter == "s" else hit.length - 1 + bass.gate
        velocity = nudge(rng, VELOCITIES[hit.letter] * setting.drive)
        notes.append(Note(pitch, start, length * STEP, velocity))
    return notes


def _pitch(tone: str, *, bass: Bass, span: Span, following: Span, setting: Setting) -> int:
    key = setting.key
    pedal = bass.pedal and not setting.chords
    root = _root(key.root if pedal else span.root, low=bass.low)
    goal = root if pedal else _root(following.root, low=bass.low)
    third, fifth = (step(key, root, 2), step(key, root, 4)) if pedal else _above(root, span)
    pitch = {
        "root": root,
        "octave": root + 12,
        "third": third,
        "fifth": fifth,
        "seventh": step(key, root, -1),
        "second": step(key, root, 1),
        "below": step(key, goal, -1),
        "below two": step(key, goal, -2),
        "above": step(key, goal, 1),
        "above two": step(key, goal, 2),
    }[tone]
    return pitch + 12 if pitch < LOWEST else pitch


def _above(root: int, span: Span) -> tuple[int, int]:
    """The chord's second and third tones, above its root; a power chord has a fifth for both."""
    tones = [root + (pitch_class - root) % 12 for pitch_class in span.tones]
    return tones[1], tones[2 if len(tones) > 2 else 1]


def _root(pitch_class: int, *, low: int) -> int:
    return low + (pitch_class - low) % 12


def _joined(notes: list[Note], *, length: float) -> list[Note]:
    """A bass has one voice: a note ends where the next begins, a slid one a little later, the last in time."""
    ends = [note.start for note in notes[1:]] + [length]
    joined = []
    for index, (note, end) in enumerate(zip(notes, ends, strict=True)):
        again = index + 1 < len(notes) and notes[index + 1].pitch == note.pitch
        slack = 0.0 if again or end == length else _SLIDE * STEP
        slid = note.end > end
        until = min(note.end, end + slack) if slid else note.end
        joined.append(Note(note.pitch, note.start, until - note.start, note.velocity))
    return joined
