"""From a brief to a clip, and a sentence about it.

A renderer writes the part on the grid. Then it is played: its phrases grow, chords are rolled, it swings, and it
leans on the grid as the genre's groove has it.
"""

from __future__ import annotations

from random import Random

from conduit.band.comping import comping_of
from conduit.band.dynamics import phrased, rolled
from conduit.band.feel import feel
from conduit.band.harmony import changes, voices_of
from conduit.band.kit import with_pieces
from conduit.band.pads import swells
from conduit.band.parts import INSTRUMENTS, RENDERERS
from conduit.band.phrase import Setting
from conduit.composer.brief import Brief
from conduit.composer.pieces import described
from conduit.composer.vocabulary import near_word
from conduit.music import Clip, Key, Note
from conduit.music.edit import swing
from conduit.music.rhythm import syncopate
from conduit.music.tidy import tidied

__all__ = ["describe", "key_of", "left_out", "setting_of", "sketch", "swing_grid_of", "swing_of"]

_SHOWN = 8
_USUAL_TONICS = {"major": "C"}
_LOWEST = {"bass": 24, "pad": 36, "chords": 40, "lead": 48, "arp": 40, "texture": 36}
_HIGHEST = {"bass": 60, "pad": 96, "chords": 96, "lead": 100, "arp": 103, "texture": 103}
_ROLL = 0.025  # beats from voice to voice, where chords are to be rolled
_HELD = frozenset({"pad", "texture"})


def key_of(brief: Brief) -> Key:
    """Give the key asked for, else A minor or C major as the genre is: made apart, they fit together."""
    if brief.key is not None:
        return brief.key
    scale = brief.facts.scale
    return Key(f"{_USUAL_TONICS.get(scale, 'A')} {scale}")


def setting_of(brief: Brief) -> Setting:
    """Give what a renderer needs to know."""
    return Setting(
        key=key_of(brief),
        meter=brief.meter,
        bars=brief.bars,
        genre=brief.facts,
        styles=brief.styles,
        energy=brief.energy,
        chords=brief.chords,
        take=brief.progression,
        fills=brief.fills,
    )


def sketch(brief: Brief) -> Clip:
    """Make the clip of a brief; the same brief gives the same clip on every machine.

    Raises:
        ValueError: The brief has a problem; it says which.
    """
    if brief.problem:
        raise ValueError(brief.problem)
    setting = setting_of(brief)
    rng = Random((brief.seed << 8) + brief.take)
    notes = RENDERERS[brief.role](setting, rng)
    drums = brief.role == "drums"
    if drums and brief.pieces:
        notes = with_pieces(notes, brief.pieces, setting=setting, rng=rng)
    if brief.octave and not drums:
        notes = [_shifted(note, brief) for note in notes]
    clip = Clip.of(
        [note for note in notes if note.start < setting.length],
        length=setting.length,
        name=_title(brief),
        bpm=brief.bpm or brief.facts.bpm,
        meter=brief.meter,
        key=None if drums else key_of(brief),
        instrument=INSTRUMENTS[brief.role],
        controls=swells(brief.role, notes, setting),
    )
    return _performed(clip, brief, setting=setting, rng=rng)


def _performed(clip: Clip, brief: Brief, *, setting: Setting, rng: Random) -> Clip:
    """The clip as it is played."""
    drums = brief.role == "drums"
    if "syncopated" in brief.styles and (brief.genre or (drums and not brief.pieces)):
        clip = syncopate(clip)  # without a genre the renderers have rhythms of that style
    if not drums:
        clip = phrased(clip, bars=setting.genre.phrase)
    clip = swing(clip, swing_of(brief), grid=swing_grid_of(brief))
    if brief.role == "chords":
        clip = rolled(clip, max(comping_of(setting).roll, _ROLL * ("rolled" in brief.styles)))
    if brief.role in _HELD:
        return tidied(clip, clip.table)
    return feel(clip, setting.genre.groove, role=brief.role, rng=rng)


def swing_of(brief: Brief) -> int:
    """Give the swing asked for, else the genre's; pads, textures and bars of threes go straight."""
    if brief.role in _HELD or (brief.meter.denominator > 4 and brief.swing is None):
        return 50
    return brief.facts.swing if brief.swing is None else brief.swing


def swing_grid_of(brief: Brief) -> str:
    """Give which steps swing, as ``edit.swing`` takes it: sixteenths, or eighths in jazz."""
    return f"1/{brief.facts.swing_grid}"


def _shifted(note: Note, brief: Brief) -> Note:
    """A note in another octave, as far as the part's range goes."""
    pitch = note.pitch + 12 * brief.octave
    while pitch < _LOWEST[brief.role]:
        pitch += 12
    while pitch > _HIGHEST[brief.role]:
        pitch -= 12
    return Note(pitch, note.start, note.duration, note.velocity)


def _title(brief: Brief) -> str:
    style = next((name for name in ("acid", "dub", "minimal") if name in brief.styles), "")
    words = [style if style != brief.genre else "", brief.genre or "", brief.role]
    name = " ".join(word for word in words if word)
    if brief.role != "drums":
        name += f" in {key_of(brief)}"
    return name[0].upper() + name[1:]


def describe(clip: Clip, brief: Brief) -> str:
    """Say in a sentence or two what was made, and what was left out."""
    bars = f"{clip.bars:g} bar{'s' if clip.bars != 1 else ''}"
    metre = "" if str(clip.meter) == "4/4" else f" of {clip.meter}"
    said = [f"{clip.name}: {bars}{metre} at {clip.bpm:g} bpm{_harmony(brief)}."]
    if brief.role == "drums":
        said += described(brief.pieces)
    elif brief.fills:
        said.append("There is no fill in it: a fill is for drums.")
    said += [
        f"I have no {word} groove of its own; this is the nearest, {brief.genre}." for word in brief.near
    ]
    said += [f'I took "{written}" for {word}.' for written, word in brief.guessed]
    if brief.others:
        said.append(f"A clip holds one part: ask for the {' and the '.join(brief.others)} next.")
    if brief.unknown:
        said.append(left_out(brief.unknown))
    return " ".join(said)


def _harmony(brief: Brief) -> str:
    """The chords, where the part plays them and each has a name."""
    if brief.role not in {"chords", "pad", "arp"}:
        return ""
    names: list[str] = []
    for span in changes(setting_of(brief), voices=voices_of(setting_of(brief))):
        chord = span.chord
        if chord is None:
            return ""
        name = chord.spelled(key=key_of(brief))
        if not names or names[-1] != name:
            names.append(name)
    cycle = next(
        n for n in range(1, len(names) + 1) if all(a == b for a, b in zip(names, names[n:], strict=False))
    )
    more = " and so on" if cycle > _SHOWN else ""
    return f" on {', '.join(names[: min(cycle, _SHOWN)])}{more}"


def left_out(unknown: tuple[str, ...]) -> str:
    """Say which words were not understood, and which wishes were not made sure of.

    >>> left_out(("wobbly", "cheese", "no octaves"))
    'I left out what I do not know: "wobbly", "cheese". I did not make sure of "no octaves".'
    """
    wishes = [word for word in unknown if " " in word]
    words = [word for word in unknown if " " not in word]
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    said = [f"I left out what I do not know: {_quoted(words)}{more}."] if words else []
    return " ".join(said + ([f"I did not make sure of {_quoted(wishes)}."] if wishes else []))


def _quoted(words: list[str]) -> str:
    hints = ((word, near_word(word)) for word in words[:_SHOWN])
    return ", ".join(f'"{word}" ({near}?)' if near else f'"{word}"' for word, near in hints)
