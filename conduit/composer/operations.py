"""What a follow-up can ask of a clip: a pattern, what is done, and how that is said.

Patterns read folded text (small letters, no accents or hyphens). An operation takes the draft as it stands
and gives the next one, so several in one sentence follow each other.
"""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from conduit.composer.development import DEVELOPMENT
from conduit.composer.draft import Draft, Operation, into_key, of_length, operation, sketched, straight
from conduit.composer.moves import MOVES
from conduit.composer.page import NUMBER, number
from conduit.composer.playing import TOUCH
from conduit.composer.sketch import swing_grid_of, swing_of
from conduit.composer.structure import STRUCTURE
from conduit.music import Clip, Key, edit

__all__ = ["OPERATIONS", "REWRITES"]


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


def _amount(match: re.Match[str]) -> float:
    return _DEGREES.get(match["degree"], 0.5)


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
    clip = edit.syncopate(draft.clip)
    said = "put rim shots between the beats" if clip.is_drums else "moved notes off the beat"
    return draft.then(said, clip, styles=draft.styled("syncopated"))


def _straightened(draft: Draft, _: re.Match[str]) -> Draft:
    flat = straight(draft)
    clip = edit.straighten(flat)
    clip = edit.quantise(flat, "1/8") if clip == flat else clip
    return draft.then(
        "put notes on the eighths", clip, styles=draft.styled("", instead_of="syncopated"), swing=50
    )


def _thinned(draft: Draft, match: re.Match[str]) -> Draft:
    clip = edit.thin(draft.clip, min(0.7, 0.35 * _amount(match)))
    return draft.then("took the weakest notes away", clip, styles=draft.styled("sparse", instead_of="busy"))


def _thickened(draft: Draft, match: re.Match[str]) -> Draft:
    rng = Random((draft.brief.seed << 8) + len(draft.clip))
    clip = draft.clip
    for share in (min(0.95, 0.6 * _amount(match)), 1.0):
        if len(clip) == len(draft.clip):
            clip = edit.thicken(draft.clip, rng, share=share)
    if len(clip) <= len(draft.clip):
        return draft.then("found no gap for more notes")
    return draft.then("put soft notes into the gaps", clip, styles=draft.styled("busy", instead_of="sparse"))


def _energised(draft: Draft, match: re.Match[str]) -> Draft:
    down = match["less"] == "less"
    energy = round(max(0.05, min(0.95, draft.brief.energy + (-0.25 if down else 0.25))), 2)
    if not draft.is_sketched:
        clip = edit.thin(edit.loudness(draft.clip, 0.85)) if down else _driven(draft)
        return draft.then(f"played it with {'less' if down else 'more'} energy", clip, energy=energy)
    clip = sketched(draft, replace(draft.brief, energy=energy))
    return draft.then(f"wrote it again with {'less' if down else 'more'} energy", clip, energy=energy)


def _driven(draft: Draft) -> Clip:
    return edit.thicken(edit.loudness(draft.clip, 1.15), seed=draft.brief.seed, share=0.4)


def _faster(draft: Draft, match: re.Match[str]) -> Draft:
    step = 0.1 * _amount(match)
    slower = "slow" in match[0] or "not" in match[0]
    bpm = min(999.0, max(20.0, float(round(draft.clip.bpm * (1 - step if slower else 1 + step)))))
    return draft.then(f"set the tempo to {bpm:g} bpm", draft.clip.with_(bpm=bpm), bpm=bpm)


def _half_time(draft: Draft, _: re.Match[str]) -> Draft:
    return draft.then("put it in half time", edit.half_time(draft.clip))


def _double_time(draft: Draft, _: re.Match[str]) -> Draft:
    return draft.then("put it in double time", edit.double_time(draft.clip))


def _softer(draft: Draft, match: re.Match[str]) -> Draft:
    return draft.then("played it softer", edit.loudness(draft.clip, 1 - 0.2 * _amount(match)))


def _louder(draft: Draft, match: re.Match[str]) -> Draft:
    return draft.then("played it louder", edit.loudness(draft.clip, 1 + 0.2 * _amount(match)))


def _another(draft: Draft, _: re.Match[str]) -> Draft:
    if not draft.is_sketched:
        take = draft.brief.take + 1
        varied = edit.vary(draft.clip, seed=(draft.brief.seed << 8) + take)
        return draft.then("made another take", varied, take=take)
    chords = draft.brief.role in {"chords", "pad"}  # other parts keep the chords of those before them
    brief = replace(draft.brief, take=draft.brief.take + 1, progression=draft.brief.progression + chords)
    again = sketched(draft, brief).with_(name=draft.clip.name)
    return draft.then("made another take", again, take=brief.take, progression=brief.progression)


def _swung(draft: Draft, match: re.Match[str]) -> Draft:
    was = swing_of(draft.brief)
    wanted = 50 if match["less"] else max(60, min(70, was + 4))
    clip = edit.swing(draft.clip, wanted, was=was, grid=swing_grid_of(draft.brief))
    return draft.then("took the swing out" if wanted == 50 else "swung it", clip, swing=wanted)


def _shortened(draft: Draft, _: re.Match[str]) -> Draft:
    return draft.then("made the notes shorter", edit.gate(draft.clip, 0.5))


def _lengthened(draft: Draft, _: re.Match[str]) -> Draft:
    return draft.then("made the notes longer", edit.gate(draft.clip, 1.8))


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
    *DEVELOPMENT,
    *TOUCH,
    *MOVES,
    operation(rf"\b{_DEGREE}(?:less syncopat\w+|straighter|more on the beat)\b", _straightened),
    operation(
        rf"\b{_DEGREE}(?:more syncopat\w+|syncopate(?: it)?|more off ?beats?|with syncopation)\b", _syncopated
    ),
    operation(r"\b(?:with )?(?:shorter notes|(?:more )?staccato|choppier)\b", _shortened),
    operation(r"\b(?:with )?(?:longer notes|(?:more )?sustained|smoother)\b", _lengthened),
    operation(
        rf"\b{_DEGREE}(?:less (?:busy|dense|complex|full|crowded)|(?:fewer|less) notes|sparser|thinner|simpler"
        r"|more (?:space|sparse|air|minimal|room|simple)|strip (?:it|this) (?:back|down)"
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
    operation(r"\b(?P<dark>darker|sadder|moodier)\b|\b(?:brighter|happier)\b", _shaded),
)
"""Every operation; where two could read the same words the earlier has them."""
