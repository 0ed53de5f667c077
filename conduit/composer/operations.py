"""What a follow-up can ask of a clip: a pattern, what is done, and how that is said.

Patterns read folded text (small letters, no accents or hyphens). An operation takes the draft as it stands
and gives the next one, so several in one sentence follow each other.
"""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

import numpy as np

from conduit.composer.draft import Draft, Operation, into_key, of_length, operation, renamed, sketched
from conduit.composer.page import NUMBER, number
from conduit.composer.sketch import swing_of
from conduit.composer.structure import STRUCTURE
from conduit.music import Key, edit, rhythm

__all__ = ["OPERATIONS", "REWRITES"]


_INTERVALS = {
    "semitone": 1, "half step": 1, "half tone": 1, "whole step": 2, "whole tone": 2, "tone": 2, "minor third": 3,
    "major third": 4, "third": 4, "perfect fourth": 5, "fourth": 5, "tritone": 6, "perfect fifth": 7, "fifth": 7,
    "minor sixth": 8, "major sixth": 9, "sixth": 9, "minor seventh": 10, "seventh": 10, "octave": 12,
}  # fmt: skip
_INTERVAL = "|".join(sorted(_INTERVALS, key=lambda name: (-len(name), name)))
_DOWNWARDS = frozenset({"down", "lower", "below"})
_DEGREE = r"(?:(?P<degree>a bit|a little|a touch|slightly|somewhat|much|a lot|far|even|way) )?"
_DEGREES = {None: 1.0, "even": 1.0, "much": 2.0, "a lot": 2.0, "far": 2.0, "way": 2.0}
_DARKER = {"lydian": "major", "major": "minor", "mixolydian": "minor", "dorian": "minor", "minor": "phrygian"}
_BRIGHTER = {
    "phrygian": "minor",
    "minor": "major",
    "dorian": "major",
    "mixolydian": "major",
    "major": "lydian",
}
_DRUMS_STAY = "left the pitches alone, since drums have none to move"


def _amount(match: re.Match[str]) -> float:
    return _DEGREES.get(match["degree"], 0.5)


def _moved(draft: Draft, match: re.Match[str]) -> Draft:
    facts = match.groupdict()
    name = facts["what"] or facts["what2"] or facts["what3"]
    down = (facts["dir"] or facts["dir2"] or "up") in _DOWNWARDS
    count = facts["n"] or facts["n2"] or facts["n3"]
    semitones = round(number(count.strip()) if count else 1) * _INTERVALS[name]
    if draft.clip.is_drums:
        return draft.then(_DRUMS_STAY)
    semitones = max(-48, min(48, -semitones if down else semitones))
    moved = renamed(edit.transpose(draft.clip, semitones), draft.clip.key)
    octaves, rest = int(semitones / 12), semitones % 12
    said = f"moved it {'down' if semitones < 0 else 'up'} {_spoken(abs(semitones))}"
    return draft.then(
        said, moved, key=moved.key, octave=draft.brief.octave + (0 if rest else octaves), chords=()
    )


def _spoken(semitones: int) -> str:
    octaves, rest = divmod(semitones, 12)
    if rest == 0:
        return "an octave" if octaves == 1 else f"{octaves} octaves"
    return f"{semitones} semitone{'s' if semitones != 1 else ''}"


def _longer(draft: Draft, match: re.Match[str]) -> Draft:
    words = match[0]
    if match["times"]:
        factor = number(match["times"])
    elif any(word in words for word in ("half", "halve", "shorter")):
        factor = 0.5
    else:
        factor = 2.0
    return of_length(draft, draft.clip.bars * factor)


def _syncopated(draft: Draft, _: re.Match[str]) -> Draft:
    clip = rhythm.syncopate(draft.clip)
    said = "put rim shots between the beats" if clip.is_drums else "moved notes off the beat"
    return draft.then(said, clip, styles=draft.styled("syncopated"))


def _straightened(draft: Draft, _: re.Match[str]) -> Draft:
    clip = edit.quantise(edit.swing(draft.clip, 50, was=swing_of(draft.brief)), 0.5)
    return draft.then(
        "put the notes on the eighths", clip, styles=draft.styled("", instead_of="syncopated"), swing=50
    )


def _thinned(draft: Draft, match: re.Match[str]) -> Draft:
    clip = rhythm.thin(draft.clip, min(0.7, 0.35 * _amount(match)))
    return draft.then("took the weakest notes away", clip, styles=draft.styled("sparse", instead_of="busy"))


def _thickened(draft: Draft, match: re.Match[str]) -> Draft:
    rng = Random((draft.brief.seed << 8) + len(draft.clip))
    clip = draft.clip
    for share in (min(0.95, 0.6 * _amount(match)), 1.0):
        if len(clip) == len(draft.clip):
            clip = rhythm.thicken(draft.clip, rng, share=share)
    if len(clip) <= len(draft.clip):
        return draft.then("found no gap for more notes")
    return draft.then("put soft notes into the gaps", clip, styles=draft.styled("busy", instead_of="sparse"))


def _energised(draft: Draft, match: re.Match[str]) -> Draft:
    down = match["less"] == "less"
    energy = round(max(0.05, min(0.95, draft.brief.energy + (-0.25 if down else 0.25))), 2)
    clip = sketched(draft, replace(draft.brief, energy=energy))
    return draft.then(f"wrote it again with {'less' if down else 'more'} energy", clip, energy=energy)


def _faster(draft: Draft, match: re.Match[str]) -> Draft:
    step = 0.1 * _amount(match)
    slower = "slow" in match[0] or "not" in match[0]
    bpm = min(999.0, max(20.0, float(round(draft.clip.bpm * (1 - step if slower else 1 + step)))))
    return draft.then(f"set the tempo to {bpm:g} bpm", draft.clip.with_(bpm=bpm), bpm=bpm)


def _half_time(draft: Draft, _: re.Match[str]) -> Draft:
    return draft.then("put it in half time", edit.cut(edit.stretch(draft.clip, 2), draft.clip.length))


def _double_time(draft: Draft, _: re.Match[str]) -> Draft:
    return draft.then("put it in double time", edit.cut(edit.stretch(draft.clip, 0.5), draft.clip.length))


def _softer(draft: Draft, match: re.Match[str]) -> Draft:
    return draft.then("played it softer", edit.loudness(draft.clip, 1 - 0.2 * _amount(match)))


def _louder(draft: Draft, match: re.Match[str]) -> Draft:
    return draft.then("played it louder", edit.loudness(draft.clip, 1 + 0.2 * _amount(match)))


def _another(draft: Draft, _: re.Match[str]) -> Draft:
    brief = replace(draft.brief, take=draft.brief.take + 1)
    again = sketched(draft, brief).with_(name=draft.clip.name)
    return draft.then("made another take", again, take=brief.take)


def _swung(draft: Draft, match: re.Match[str]) -> Draft:
    was = swing_of(draft.brief)
    wanted = 50 if match["less"] else max(60, min(70, was + 4))
    clip = edit.swing(draft.clip, wanted, was=was)
    return draft.then("took the swing out" if wanted == 50 else "swung the sixteenths", clip, swing=wanted)


def _quantised(draft: Draft, _: re.Match[str]) -> Draft:
    clip = edit.quantise(edit.swing(draft.clip, 50, was=swing_of(draft.brief)))
    return draft.then("put every note on the sixteenths", clip, swing=50)


def _shortened(draft: Draft, _: re.Match[str]) -> Draft:
    return draft.then("made the notes shorter", edit.gate(draft.clip, 0.5))


def _lengthened(draft: Draft, _: re.Match[str]) -> Draft:
    return draft.then("made the notes longer", edit.gate(draft.clip, 1.8))


def _reversed(draft: Draft, _: re.Match[str]) -> Draft:
    table = draft.clip.table.copy()
    table["start"] = np.maximum(0, draft.clip.length_ticks - table["start"] - table["duration"])
    return draft.then("turned it round", draft.clip.with_table(table))


def _shaded(draft: Draft, match: re.Match[str]) -> Draft:
    key = draft.clip.key
    table = _DARKER if match["dark"] else _BRIGHTER
    if key is None or key.scale not in table:
        return draft.then("left the scale alone" if key else "left it as it is: drums have no scale")
    return into_key(draft, Key(f"{key.tonic} {table[key.scale]}"))


_NOT_SO = r"not (?:so|as|too|that|quite so|quite as) "
REWRITES = frozenset({_energised, _another})
"""Steps that write the notes again; done first, they leave what the other steps do to the notes."""

OPERATIONS: tuple[Operation, ...] = (
    *STRUCTURE,
    operation(rf"\b{_DEGREE}(?:less syncopat\w+|straighter|more on the beat)\b", _straightened),
    operation(
        rf"\b{_DEGREE}(?:more syncopat\w+|syncopate(?: it)?|more off ?beats?|with syncopation)\b", _syncopated
    ),
    operation(r"\b(?:with )?(?:shorter notes|(?:more )?staccato|choppier)\b", _shortened),
    operation(r"\b(?:with )?(?:longer notes|(?:more )?legato|(?:more )?sustained|smoother)\b", _lengthened),
    operation(
        rf"\b{_DEGREE}(?:less (?:busy|dense|complex|full|crowded)|(?:fewer|less) notes|sparser|thinner|simpler"
        r"|more (?:space|sparse|air|minimal|room|simple)|simplify(?: it)?|strip (?:it|this) (?:back|down)"
        rf"|remove some notes|{_NOT_SO}(?:busy|dense|full|complex|crowded|many notes))\b",
        _thinned,
    ),
    operation(
        rf"\b{_DEGREE}(?:busier|denser|fuller|more (?:busy|notes|dense|complex|movement|detail|intricate)"
        r"|less (?:sparse|simple|empty)|fill it (?:out|up)|add (?:some |more )?notes)\b",
        _thickened,
    ),
    operation(r"\b(?P<less>more|less) (?:energy|energetic|intense|intensity|drive|driving)\b", _energised),
    operation(
        r"\b(?:transposed? |move |shift |take |bring |put )?(?:it |this |that |them |everything )?"
        rf"(?:(?P<dir>up|down|higher|lower)(?: by)? (?:(?P<n>{NUMBER}) )?(?P<what>{_INTERVAL})s?"
        rf"|(?:by )?(?:(?P<n2>{NUMBER}) )?(?P<what2>{_INTERVAL})s? (?P<dir2>up|down|higher|lower|above|below)"
        rf"|(?<=transpose )by (?P<n3>{NUMBER}) (?P<what3>{_INTERVAL})s?)\b",
        _moved,
    ),
    operation(
        r"\b(?:twice|half)(?: as long| the length)\b|\b(?:double|halve)(?: its| the)? length\b|\bdouble it\b"
        rf"|\bhalve it\b|\b(?P<times>{NUMBER}) times (?:as long|longer|the length)\b"
        r"|\b(?:repeat|loop|play) (?:it |this )?twice\b|\b(?:make it |a bit |much )?(?:longer|shorter)\b",
        _longer,
    ),
    operation(r"\bhalf ?time\b", _half_time),
    operation(r"\bdouble ?time\b", _double_time),
    operation(
        rf"\b{_DEGREE}(?:faster|slower|quicker|speed (?:it )?up|slow (?:it )?down|{_NOT_SO}fast)\b", _faster
    ),
    operation(
        rf"\b{_DEGREE}(?:softer|quieter|gentler|less (?:loud|hard|aggressive)|{_NOT_SO}(?:loud|hard|aggressive))\b",
        _softer,
    ),
    operation(rf"\b{_DEGREE}(?:louder|harder|stronger|more (?:punch|power|aggressive))\b", _louder),
    operation(
        r"\b(?:another|different|new|alternative|fresh) (?:one|takes?|versions?|variations?|go|try|idea)\b"
        r"|\b(?:a |some )?variations?(?: on (?:it|this|that))?\b|\bvary (?:it|this)\b|\btry again\b|\bonce more\b"
        r"|\bsomething (?:different|else)\b|\bagain\b(?! in\b)|\bregenerate\b|\bsurprise me\b|\banother\b",
        _another,
    ),
    operation(
        r"\b(?:(?P<less>no|less|without) (?:swing|shuffle)|unswing(?: it)?"
        r"|(?:more|add(?: some)?|with(?: some)?) (?:swing|shuffle)"
        r"|(?:swing|shuffle) (?:it|harder|more)|groovier)\b",
        _swung,
    ),
    operation(
        r"\b(?:quanti[sz]e(?: it)?|tighten(?: it)?(?: up)?|on the grid|straight(?:en)?(?: it)?)\b", _quantised
    ),
    operation(r"\b(?:reversed?|backwards?)\b", _reversed),
    operation(r"\b(?P<dark>darker|sadder|moodier)\b|\b(?:brighter|happier)\b", _shaded),
)
"""Every operation; where two could read the same words the earlier has them."""
