"""Follow-ups about how notes are played: on the grid, bound, off the grid as by a hand, graced, stretched."""

from __future__ import annotations

import re

from conduit.composer.draft import Draft, operation, straight
from conduit.composer.page import NUMBER, number
from conduit.music import edit

__all__ = ["TOUCH"]

_GRIDS = {
    "quarter": "1/4", "4th": "1/4", "eighth": "1/8", "8th": "1/8", "sixteenth": "1/16", "16th": "1/16",
    "thirty second": "1/32", "32nd": "1/32",
}  # fmt: skip
_GRID_WORD = "|".join(_GRIDS)


def _quantised(draft: Draft, match: re.Match[str]) -> Draft:
    grid = match["grid"] or _GRIDS.get(match["word"] or "", "1/16")
    triplet = bool(match["triplet"]) and not grid.endswith("t")
    grid = f"{grid}t" if triplet else grid
    strength = min(1.0, int(match["strength"]) / 100) if match["strength"] else 1.0
    part = f" {strength:.0%} of the way" if strength < 1 else ""
    said = f"moved the notes{part} to the grid of {grid}" if match["grid"] or match["word"] or part else ""
    try:
        clip = edit.quantise(straight(draft), grid, strength=strength)
    except ValueError:
        return draft.then(f"left it as it is: {grid} is not a grid")
    return draft.then(said or "put every note on the sixteenths", clip, swing=50)


def _humanised(draft: Draft, _: re.Match[str]) -> Draft:
    seed = (draft.brief.seed << 8) + len(draft.clip)
    return draft.then(
        "moved times and velocities a little, as a hand would", edit.humanise(draft.clip, seed=seed)
    )


def _legato(draft: Draft, _: re.Match[str]) -> Draft:
    return draft.then("let every note sound until the next", edit.legato(draft.clip))


def _ornamented(draft: Draft, _: re.Match[str]) -> Draft:
    graced = edit.ornament(draft.clip, seed=(draft.brief.seed << 8) + len(draft.clip))
    if len(graced) == len(draft.clip):
        return draft.then("found no note that is long enough for a grace")
    return draft.then("put flams in" if draft.clip.is_drums else "put ornaments in", graced)


def _simplified(draft: Draft, _: re.Match[str]) -> Draft:
    said = "took the weakest notes away" + ("" if draft.clip.is_drums else " and let the others sound on")
    return draft.then(said, edit.simplify(draft.clip), styles=draft.styled("sparse", instead_of="busy"))


def _reversed(draft: Draft, _: re.Match[str]) -> Draft:
    return draft.then("turned it round", edit.reverse(draft.clip))


def _retrograde(draft: Draft, _: re.Match[str]) -> Draft:
    return draft.then("played its pitches from last to first", edit.retrograde(draft.clip), chords=())


def _stretched(draft: Draft, match: re.Match[str]) -> Draft:
    factor = number(match["n"].strip())
    if not 1 / 16 <= factor <= 16:
        return draft.then("left it as it is: it can be stretched to a sixteenth and up to sixteen times")
    clip = edit.stretch(draft.clip, factor)
    return draft.then(f"stretched it to {factor:g} times its length", clip, bars=max(1, round(clip.bars)))


TOUCH = (
    operation(
        r"\b(?:(?:quanti[sz]ed?|tighten|straighten)(?: (?:it|this|them|everything|the notes))?(?: up)?"
        rf"(?: (?:to|on|onto|at)(?: the)? ?(?:(?P<grid>1/\d{{1,3}}t?)s?|(?P<word>{_GRID_WORD})s?)?(?: note)?s?"
        r"(?: ?(?P<triplet>triplets?))?(?: grid)?)?(?:(?: at| by| with)? (?P<strength>\d{1,3}) ?(?:%|per ?cent))?"
        r"|on the grid|straight)(?!\w)",
        _quantised,
    ),
    operation(
        r"\b(?:humani[sz]ed?(?: it| this)?|more human|less (?:mechanical|robotic|stiff)|loosen(?: it)?(?: up)?)\b",
        _humanised,
    ),
    operation(r"\b(?:make it |play it |more )?(?:legato|bound together|connected)\b", _legato),
    operation(
        r"\b(?:ornament(?:ed|s)?(?: it| this)?|embellish(?: it| this)?|(?:add|with|put)(?: in)? (?:some |a few )?"
        r"(?:ornaments|grace notes|graces|trills|mordents|flams))\b",
        _ornamented,
    ),
    operation(r"\bsimplif(?:y|ied)(?: it| this| that)?\b", _simplified),
    operation(
        r"\b(?:retrograde|pitches backwards?|(?:melody|notes) from (?:the )?(?:end|last))\b", _retrograde
    ),
    operation(r"\b(?:reversed?(?: it| this| that)?|backwards?|turn (?:it|this) a?round)\b", _reversed),
    operation(
        rf"\bstretch(?:ed)?(?: it| this| that)?(?: by| to)? (?:a factor of )?(?P<n>{NUMBER})(?: ?x| times)?"
        r"(?: (?:its|the) length)?\b",
        _stretched,
    ),
)
"""Operations on how notes are played."""
