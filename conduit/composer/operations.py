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
from conduit.composer.drumming import DRUMMING
from conduit.composer.finishing import FINISHING
from conduit.composer.moves import MOVES
from conduit.composer.page import NUMBER, number
from conduit.composer.playing import TOUCH
from conduit.composer.sketch import swing_grid_of, swing_of
from conduit.composer.structure import STRUCTURE
from conduit.music import Clip, Key, edit

__all__ = ["OPERATIONS", "REWRITES"]


_DEGREE = r"(?:(?P<degree>a bit|a little|a touch|slightly|somewhat|much|a lot|far|even|way) )?"
_DEGREES = {None: 1.0, "even": 1.0, "much": 2.0, "a lot": 2.0, "far": 2.0, "way": 2.0}
_LEAST_SWING, _MOST_SWING = 50, 75
_PAIR = 2
_SWING = "(?:swing|shuffle)"
_PERCENT = r"(?!\d)(?! ?(?:bars?|bpm|beats?|tracks?)\b)(?: ?(?:%|per ?cent\b))?"
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
    bars = round(draft.clip.bars)
    first, rest = bars // 2, f"bars {bars // 2 + 1}-{bars}" if bars > _PAIR else "bar 2"
    lost = (
        f"its first half fills it, and {rest} fell out"
        if first and bars % 2 == 0
        else "its second half fell out"
    )
    return draft.then(f"put it in half time ({lost})", edit.half_time(draft.clip))


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
    was, facts = swing_of(draft.brief), match.groupdict()
    percent = next((facts[name] for name in ("n", "n2") if facts[name]), None)
    wanted = 50 if match["less"] else max(60, min(70, was + 4))
    limit = ""
    if percent is not None:
        wanted = max(_LEAST_SWING, min(_MOST_SWING, int(percent)))
        limit = "" if wanted == int(percent) else f" ({_LEAST_SWING} to {_MOST_SWING} is what there is)"
    clip = edit.swing(draft.clip, wanted, was=was, grid=swing_grid_of(draft.brief))
    said = f"set its swing to {wanted}%{limit}" if percent else "swung it"
    return draft.then(
        "took the swing out" if wanted == _LEAST_SWING and not limit else said, clip, swing=wanted
    )


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
    *DRUMMING,
    operation(
        rf"\b(?:make (?:it|this|that) |set (?:the |its )?|with (?:an? )?"
        rf"|give it (?:an? )?|put (?:the |its )?)?{_SWING}"
        r"(?: (?:it|this|that))?(?: ?(?:of|to|by|like|around|about|is|=|:| at(?= ?(?:[56]\d|7[0-5]))))*"
        rf" ?(?P<n>[1-9]\d){_PERCENT}"
        rf"|\b(?:(?:with|add|at|to) (?:an? )?)?(?P<n2>[1-9]\d) ?(?:%|per ?cent) (?:of )?{_SWING}\b"
        rf"|\b(?:(?P<less>(?:no|less|without)(?: any)?|(?:remove|take out|take away|take off|lose|drop"
        rf"|kill|delete|cut|turn off|get rid of)(?: (?:all|any|the|that|its))*) {_SWING}|unswing(?: it)?"
        rf"|(?:more|add(?: some)?|(?:with|give it)(?: some)?) {_SWING}"
        rf"|{_SWING} (?:it|this|harder|more)"
        r"|(?:make|let) (?:it|this|that|the (?:notes|drums|beat|hats)) (?:swing|swung|shuffled?)"
        rf"|(?:^|(?<=and )|(?<=then )|(?<=please )){_SWING}(?=(?: please)? ?(?:$|[|,.;!]))"
        r"|groovier|swingier)(?!\w)",
        _swung,
    ),
    *STRUCTURE,
    *FINISHING,
    *DEVELOPMENT,
    *TOUCH,
    *MOVES,
    operation(rf"\b{_DEGREE}(?:less syncopat\w+|straighter|more on the beat)\b", _straightened),
    operation(
        rf"\b{_DEGREE}(?:more syncopat\w+|syncopate(?: it)?|more off ?beats?|with syncopation)\b", _syncopated
    ),
    operation(
        r"\b(?:with )?(?:shorter notes|(?:all )?(?:the |its )?notes shorter|(?:more )?staccato|choppier)\b",
        _shortened,
    ),
    operation(
        r"\b(?:with )?(?:longer notes|(?:all )?(?:the |its )?notes longer|(?:more )?sustained|smoother)\b",
        _lengthened,
    ),
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
        r"\b(?P<dark>darker|sadder|moodier|make it (?:dark|sad|moody))\b|\b(?:brighter|happier|make it happy)\b",
        _shaded,
    ),
)
"""Every operation; where two could read the same words the earlier has them."""
