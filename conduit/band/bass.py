"""Bass lines: a rhythm of the genre and its tones, an answer, and a turn back to the start.

Chords are those of ``harmony``, so that a bass fits the chords that are made from the same key and genre: on strong
beats stands the root of what sounds there. Drums of the same request and seed play a kick that it knows, and where
the genre has it so its notes stand with it.
"""

from __future__ import annotations

from random import Random

from conduit.band.genre import GENRES, PLAIN
from conduit.band.groove import kick_under
from conduit.band.ground import Ground
from conduit.band.lines import TONES, Bass, Line
from conduit.band.lock import Part, locked
from conduit.band.phrase import STEP, Hit, Setting, answer, fit, form, half_way, rhythm
from conduit.band.walk import walked
from conduit.music.chance import happens, nudge, pick, weighted
from conduit.music.note import Note
from conduit.music.pulse import pulse_starts

__all__ = ["render_bass"]

# The style of a line by the words for it: the genre whose bass it is.
_STYLES = {
    "acid": "acid",
    "rolling": "techno",
    "offbeat": "trance",
    "dub": "dub",
    "minimal": "minimal",
    "drone": "ambient",
    "syncopated": "breakbeat",
    "808": "trap",
    "octaves": "disco",
    "funk": "funk",
    "eighths": "rock",
    "walking": "jazz",
    "tresillo": "latin",
}
_BREATHE = (Line.of("X______---------"), Line.of("X___---x_-------"), Line.of("X-----x_--------"))
_LOUDNESS = {"X": 116, "x": 110, "s": 112, "o": 104, "r": 100, "t": 96, "g": 72}
_TURNS = (
    ("below two", "below"),
    ("above two", "above"),
    ("root", "below"),
    ("fifth", "above"),
    ("second", "third"),
)
_OTHER_SIDE = {"below": "above", "above": "below"}
_GHOST = 0.4
_LIVELY, _FULL = 0.75, 0.85  # energy from which some gaps are filled, and many
_FILLED = (0.15, 0.4)
_WAYS = (("written", 0.4), ("left out", 0.15), ("again", 0.25), ("pickup", 0.2))
_ALONE = (("written", 0.1), ("left out", 0.25), ("again", 0.35), ("pickup", 0.3))  # a bar without answer
_FEW, _LONG = 3, 4  # notes; sixteenths
_TOUCHES = (0.85, 1.0, 1.0, 1.1)


def render_bass(setting: Setting, rng: Random) -> list[Note]:
    """Play a bass line: one voice, a call and its answer, the last bar leading back to the first chord.

    Args:
        setting: What to play in.
        rng: Picks the rhythm, the tones and the turn and moves velocities.
    """
    kick = kick_under(setting, rng)
    bass = _bass(setting)
    ground = Ground.of(setting, bass)
    touch = pick(rng, _TOUCHES)
    lines = _BREATHE if "sparse" in setting.styles and _is_dense(bass) else bass.lines
    first, second = pick(rng, lines), pick(rng, lines)
    bars = _bars(first, second, bass=bass, setting=setting, rng=rng)
    if kick and happens(rng, bass.lock):
        bars = [locked(line, kick[bar % len(kick)], setting.meter) for bar, line in enumerate(bars)]
    parts = [
        (bar * setting.meter.bar + hit.step * STEP, hit, tone)
        for bar, line in enumerate(bars)
        for hit, tone in line
    ]
    pitches = walked(parts, ground, rng) if bass.walk else _pitches(parts, ground, setting=setting)
    full = setting.drive * setting.genre.velocity[1] / PLAIN.velocity[1]
    notes = [
        Note(
            pitch,
            start,
            _length(hit, bass, touch=touch) * STEP,
            nudge(rng, _LOUDNESS[hit.letter] * full, spread=3),
        )
        for pitch, (start, hit, _) in zip(pitches, parts, strict=True)
    ]
    return _joined(notes, length=setting.length, slide=bass.slide)


def _pitches(parts: list[tuple[float, Hit, str]], ground: Ground, *, setting: Setting) -> list[int]:
    """The pitch of each part; a chord that comes inside a bar is said by its root."""
    found: list[int] = []
    nexts = [start for start, _, _ in parts[1:]] + [0.0]
    for (start, _, written), ahead in zip(parts, nexts, strict=True):
        inside = start % setting.meter.bar > 0 and ground.changes_on(start)
        tone = "root" if inside else written
        pitch = ground.pitch(tone, beat=start, ahead=ahead)
        if found and tone in _OTHER_SIDE and found[-1] == pitch:
            pitch = ground.pitch(_OTHER_SIDE[tone], beat=start, ahead=ahead)
        found.append(pitch)
    return found


def _bass(setting: Setting) -> Bass:
    """The style asked for, else the genre's. Only a plain line is syncopated by its rhythms; others keep theirs."""
    known = [style for style in setting.styles if style in _STYLES]
    if setting.genre.bass != PLAIN.bass:
        known = [style for style in known if style != "syncopated"]
    return GENRES[_STYLES[known[-1]]].bass if known else setting.genre.bass


def _is_dense(bass: Bass) -> bool:
    return len(bass.lines[0].rhythm[0].replace("-", "").replace("_", "")) > 4


def _bars(first: Line, second: Line, *, bass: Bass, setting: Setting, rng: Random) -> list[list[Part]]:
    """The parts of each bar. A line of several bars is its own answer; a line of one is answered by another."""
    calls = [_bar(first, bar, bass=bass, setting=setting, rng=rng) for bar in range(len(first.rhythm))]
    ways = _WAYS if setting.bars > 1 else _ALONE
    calls[0] = _own(calls[0], ways, bass=bass, steps=int(setting.meter.steps), rng=rng)
    other = _bar(second, 0, bass=bass, setting=setting, rng=rng)
    if setting.bars == 1:
        return [_single(calls[0], other, bass=bass, setting=setting, rng=rng)]
    if len(calls) == 1:
        reply = _answer(calls[0], other, setting=setting)
        if happens(rng, 0.35):
            reply = _varied(calls[0], bass=bass, rng=rng)
        calls += [reply, calls[0], _answer(_varied(calls[0], bass=bass, rng=rng), other, setting=setting)]
    elif happens(rng, 0.5):
        calls = [*calls, *calls[:-1], _varied(calls[-1], bass=bass, rng=rng)]
    turned = [
        _turned(calls[bar % len(calls)], setting=setting, rng=rng)
        if letter == "C"
        else calls[bar % len(calls)]
        for bar, letter in enumerate(form(setting.bars))
    ]
    return [line or calls[0] for line in turned]


def _single(line: list[Part], other: list[Part], *, bass: Bass, setting: Setting, rng: Random) -> list[Part]:
    """A bar that has no other beside it: half of it may be another thought, and a tone may be changed."""
    if line[0][0].step < half_way(setting.meter) and happens(rng, 0.5):
        line = _answer(line, other, setting=setting)
    return _varied(line, bass=bass, rng=rng) if happens(rng, 0.7) else line


def _bar(line: Line, bar: int, *, bass: Bass, setting: Setting, rng: Random) -> list[Part]:
    """One bar: a rhythm with a tone at each onset."""
    hits = rhythm(line.rhythm[bar], setting.meter)
    named = fit(line.tones[bar], setting.meter)
    strong = {0, *pulse_starts(setting.meter)[2::2]}
    parts: list[Part] = []
    for hit in _dense(hits, setting=setting, rng=rng):
        free = (
            "root" if not parts or (hit.step in strong and happens(rng, 0.7)) else weighted(rng, bass.tones)
        )
        if parts and free == parts[-1][1] and free in {"seventh", "second", "fourth", "sixth"}:
            free = "root"
        parts.append((hit, TONES.get(named[hit.step], free)))
    return parts


def _own(
    line: list[Part], ways: tuple[tuple[str, float], ...], *, bass: Bass, steps: int, rng: Random
) -> list[Part]:
    """The line as this player has it: as written, a note left out, a long one struck again, or a pickup."""
    way = weighted(rng, ways)
    if len(line) < _FEW or way == "written":
        return line
    place = 1 + int(rng.random() * (len(line) - 1))
    hit, tone = line[place]
    if way == "left out":
        return [*line[:place], *line[place + 1 :]]
    if way == "again" and hit.length >= _LONG:
        half = hit.length // 2
        return [
            *line[:place],
            (Hit(hit.step, half, hit.letter), tone),
            (Hit(hit.step + half, hit.length - half, "o"), weighted(rng, bass.tones)),
            *line[place + 1 :],
        ]
    last = line[-1][0]
    pickup = steps - 2 + any(one.step % 2 for one, _ in line)
    if pickup <= last.step:
        return line
    cut = Hit(last.step, min(last.length, pickup - last.step), last.letter)
    return [*line[:-1], (cut, line[-1][1]), (Hit(pickup, steps - pickup, "o"), weighted(rng, bass.tones))]


def _dense(hits: tuple[Hit, ...], *, setting: Setting, rng: Random) -> list[Hit]:
    """Soft notes go when there is little energy; gaps are filled when it is to be busy."""
    if setting.energy < 0.35 and len(hits) > 4:
        return [hit for hit in hits if hit.letter not in "og"] or list(hits)
    likely = _FILLED[1] if "busy" in setting.styles or setting.energy >= _FULL else _FILLED[0]
    if "busy" not in setting.styles and setting.energy < _LIVELY:
        return list(hits)
    taken = {step for hit in hits for step in range(hit.step, hit.step + hit.length)}
    spare = [s for s in range(1, int(setting.meter.steps)) if s not in taken and happens(rng, likely)]
    return sorted([*hits, *(Hit(step, 1, "o") for step in spare)], key=lambda hit: hit.step)


def _answer(call: list[Part], other: list[Part], *, setting: Setting) -> list[Part]:
    """The call's first half, then another thought."""
    half = half_way(setting.meter)
    tones = [tone for hit, tone in call if hit.step < half] + [
        tone for hit, tone in other if hit.step >= half
    ]
    line = answer([hit for hit, _ in call], [hit for hit, _ in other], setting.meter)
    return list(zip(line, tones, strict=True))


def _varied(line: list[Part], *, bass: Bass, rng: Random) -> list[Part]:
    """The call again with one note after the first changed."""
    if len(line) < 2:
        return line
    place = 1 + int(rng.random() * (len(line) - 1))
    return [(hit, weighted(rng, bass.tones) if i == place else tone) for i, (hit, tone) in enumerate(line)]


def _turned(line: list[Part], *, setting: Setting, rng: Random) -> list[Part]:
    """The last pulse leads back: by step from below or above, from the octave or the fifth, or up the chord."""
    begin = pulse_starts(setting.meter)[-1]
    way = pick(rng, _TURNS)
    kept = [part for part in line if part[0].step < begin]
    last = [hit for hit, _ in line if hit.step >= begin][-3:]
    if not last:
        if len(line) < 3:  # a line of long notes ends as it is
            return line
        last = [Hit(begin, int(setting.meter.steps) - begin, "x")]
    tones = ("root", *way)[-len(last) :]
    return [*kept, *zip(last, tones, strict=True)]


def _length(hit: Hit, bass: Bass, *, touch: float) -> float:
    """Sixteenths for which a hit sounds; a ghost is cut short, a slid note lasts into the next."""
    if hit.letter == "g":
        return _GHOST
    return hit.length + 1 + bass.slide if hit.letter == "s" else hit.length - 1 + min(1.0, bass.gate * touch)


def _joined(notes: list[Note], *, length: float, slide: float) -> list[Note]:
    """A bass has one voice: a note ends where the next begins, a slid one a little later, the last in time."""
    ends = [note.start for note in notes[1:]] + [length]
    joined = []
    for index, (note, end) in enumerate(zip(notes, ends, strict=True)):
        again = index + 1 < len(notes) and notes[index + 1].pitch == note.pitch
        slack = 0.0 if again or end == length else slide * STEP
        until = min(note.end, end + slack if note.end > end else end)
        joined.append(Note(note.pitch, note.start, until - note.start, note.velocity))
    return joined
