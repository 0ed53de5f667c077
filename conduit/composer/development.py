"""Follow-ups that go on from a clip: an answer to it, what comes next, the chords that it spells."""

from __future__ import annotations

import re
from itertools import groupby

from conduit.composer.brief import MAX_BARS
from conduit.composer.draft import Draft, operation
from conduit.composer.page import NUMBER, number
from conduit.errors import ClipError
from conduit.music import Clip, edit

__all__ = ["DEVELOPMENT"]

_SHOWN = 8  # chords that are told


def _seed(draft: Draft) -> int:
    return (draft.brief.seed << 8) + draft.brief.take


def _answered(draft: Draft, _: re.Match[str]) -> Draft:
    reply = edit.answer(draft.clip, seed=_seed(draft))
    named = reply.with_(name=f"Answer to {draft.clip.name}" if draft.clip.name else "Answer")
    end = "in a fill" if reply.is_drums else "on the tonic"
    return draft.then(f"answered it in its rhythm, ending {end}", named, chords=())


def _called(draft: Draft, _: re.Match[str]) -> Draft:
    whole = edit.call_and_response(draft.clip, seed=_seed(draft))
    return draft.then("put an answer after it", whole, bars=_bars(whole), chords=())


def _continued(draft: Draft, match: re.Match[str]) -> Draft:
    """Go on for so many bars, or until there are so many."""
    clip, facts = draft.clip, match.groupdict()
    there = max(1, round(clip.bars))
    room = MAX_BARS - there
    if facts["until"]:
        bars = round(number(facts["until"].strip())) - there
    else:
        count = next((facts[name] for name in ("n", "n2", "n3") if facts[name]), None)
        bars = round(number(count.strip())) if count else min(8, there)
    bars = min(room, bars)
    if bars < 1:
        return draft.then(f"left it as it is: it has {there} bars already")
    whole = edit.join(clip, edit.continuation(clip, bars=bars, seed=_seed(draft)))
    return draft.then(
        f"went on for {bars} bar{'s' if bars != 1 else ''}", whole, bars=_bars(whole), chords=()
    )


def _bars(clip: Clip) -> int:
    return max(1, min(MAX_BARS, round(clip.bars)))


def _chords(draft: Draft, _: re.Match[str]) -> Draft:
    if draft.clip.is_drums:
        return draft.then("left it as it is: drums have no chords")
    try:
        found = edit.chord_clip(draft.clip)
    except ClipError:
        return draft.then("left it as it is: no chord can be read from it")
    names = [name for name, _ in groupby(span.chord.name for span in edit.chords(draft.clip))]
    more = " and so on" if len(names) > _SHOWN else ""
    return draft.then(
        f"wrote down its chords ({', '.join(names[:_SHOWN])}{more})", found, role="chords", chords=()
    )


DEVELOPMENT = (
    operation(r"\bcall and (?:response|answer)\b|\b(?:with|add) an answer(?: to it)?\b", _called),
    operation(
        r"\b(?:answer|reply to|respond to) (?:it|this|that|the (?:phrase|clip|line|call))\b"
        r"|\b(?:(?:write|give me|make|play|add)(?: me)? )?an? (?:answer|reply|response)(?: phrase)?"
        r"(?: (?:to|for) (?:it|this|that|the (?:phrase|clip|line)))?\b",
        _answered,
    ),
    operation(
        r"\b(?:extend|continue|develop) (?:it |this |that )?(?:to|until|up to) (?P<until>"
        rf"{NUMBER})(?: (?:bars|measures))?\b"
        r"|\b(?:continue|keep going|carry on|go on|extend|what (?:comes|happens) next|develop|(?:write |play )?"
        r"(?:the )?next (?P<n3>"
        rf"{NUMBER}) (?:bars?|measures?))(?: (?:it|this|that|the (?:clip|phrase|line)))?"
        rf"(?: (?:for|by|with)(?: another)? (?P<n>{NUMBER})(?: more)?(?: (?:bars?|measures?))?)?\b"
        rf"|\b(?:add|write|give me) (?P<n2>{NUMBER}) more (?:bars?|measures?)\b",
        _continued,
    ),
    operation(
        r"\b(?:extract|get|pull out|take out|find|analy[sz]e|write (?:down|out)|read)(?: me)? "
        r"(?:the |its |their )?(?:chords?|harmony|(?:chord )?progression)"
        r"(?: (?:of|from|in) (?:it|this|that|the (?:clip|line)))?\b",
        _chords,
    ),
)
"""Operations that go on from a clip."""
