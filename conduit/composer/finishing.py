"""Finishing a clip: bars that are empty or half written are filled in its style, around what is there."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from conduit.composer.draft import Draft, bar_at, operation
from conduit.composer.page import NUMBER, number
from conduit.music import Clip, edit

__all__ = ["FINISHING"]


def _finished(draft: Draft, match: re.Match[str]) -> Draft:
    clip = draft.clip
    count = max(1, int(-(-clip.bars // 1)))
    places = {bar: place for bar in range(1, count + 1) if (place := bar_at(clip, bar))}
    if match["bar"]:
        wanted = [int(number(match["bar"].strip()))]
    else:
        wanted = [bar for bar, place in places.items() if not len(edit.part(clip, *place))] or [count]
    if wanted[0] not in places:
        return draft.then(f"left it as it is: there is no bar {wanted[0]} in {count}")
    done = clip
    for bar in wanted:
        done = _filled(done, *places[bar], seed=(draft.brief.seed << 8) + draft.brief.take + bar)
    added = len(done) - len(clip)
    named = f"bar{'s' if len(wanted) > 1 else ''} {', '.join(map(str, wanted))}"
    if not added:
        return draft.then(f"left it as it is: {named} has no room, or there is nothing to go on from")
    return draft.then(f"finished {named} with {added} note{'s' if added > 1 else ''}, all others kept", done)


def _filled(clip: Clip, start: float, end: float, *, seed: int) -> Clip:
    """Go on into a bar from what is before it, where nothing sounds in it yet."""
    before = edit.part(clip, 0, start) if start else clip
    source = before if len(before) else clip
    if not len(source):
        return clip
    first, last = round(start * clip.ppq), round(end * clip.ppq)
    fresh = edit.continuation(source, bars=1, seed=seed).table.copy()
    fresh["start"] += first
    fresh = fresh[fresh["start"] < last]
    fresh["duration"] = np.minimum(fresh["duration"], last - fresh["start"])
    there = clip.table[(clip.table["start"] < last) & (clip.table["start"] + clip.table["duration"] > first)]
    free = [row for row in fresh if not _meets(row, there, drums=clip.is_drums)]
    return clip.with_table(np.concatenate([clip.table, np.array(free, dtype=clip.table.dtype)]))


def _meets(row: np.void, there: NDArray[np.void], *, drums: bool) -> bool:
    """Whether a note would sound together with one that is there; a drum only with the same one."""
    if drums:
        there = there[there["pitch"] == row["pitch"]]
    end = row["start"] + row["duration"]
    return bool(((there["start"] < end) & (there["start"] + there["duration"] > row["start"])).any())


FINISHING = (
    operation(
        r"(?:\b(?:keep|leave) (?:all )?(?:my|the|these|those) (?:changes|edits|notes)(?: as they are)?,?"
        r"(?: (?:and|but|then))? )?"
        r"\b(?:finish|complete|fill (?:in|up|out))(?: off)?(?: the rest of)? "
        rf"(?:(?:the )?bar (?:number )?(?P<bar>{NUMBER})\b"
        r"|(?:it|this|that|the (?:clip|phrase|line|rest|last bar|empty bars?))\b)",
        _finished,
    ),
)
"""The operation that finishes a clip."""
