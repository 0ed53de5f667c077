"""Follow-ups about a clip as a whole: its tempo doubled, a part of it, repeats, a fill, a hand's touch."""

from __future__ import annotations

import re
from random import Random

import numpy as np

from conduit.band.groove import closing_fill
from conduit.composer.draft import Draft, bar_at, of_length, operation
from conduit.composer.page import NUMBER, number
from conduit.composer.sketch import setting_of
from conduit.music import edit
from conduit.music.edit import tidied

__all__ = ["STRUCTURE"]

_MIN_BPM, _MAX_BPM = 20.0, 999.0
_ONE = rf"(?:(?P<n>{NUMBER}) )?"

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_LENGTHS = {"longer": 2.0, "shorter": 0.5}
_LOUDNESSES = {"louder": 1.25, "stronger": 1.25, "softer": 0.75, "quieter": 0.75}


def _count(match: re.Match[str]) -> int:
    return max(1, round(number(match["n"]))) if match["n"] else 1


def _tempo(draft: Draft, match: re.Match[str]) -> Draft:
    factor = 0.5 if match["half"] else 2.0
    wanted = draft.clip.bpm * factor
    bpm = min(_MAX_BPM, max(_MIN_BPM, wanted))
    limit = "" if bpm == wanted else f" ({_MIN_BPM:g} to {_MAX_BPM:g} is what there is)"
    return draft.then(f"set the tempo to {bpm:g} bpm{limit}", draft.clip.with_(bpm=bpm), bpm=bpm)


def _kept(draft: Draft, match: re.Match[str]) -> Draft:
    """Only the first or the last bars."""
    clip = draft.clip
    place = int(match["nth"]) if match["nth"] else None
    whole = int(-(-clip.bars // 1))
    bars = 1 if place else min(whole, _count(match))
    if place and place > whole:
        return draft.then(f"left it as it is: it has no bar {place}")
    first = place - 1 if place else (whole - bars if match["which"] == "last" else 0)
    start, end = bar_at(clip, first + 1), bar_at(clip, first + bars)
    if start is None or end is None:
        return draft.then("left it as it is")
    kept = edit.part(clip, start[0], end[1])
    named = f"bar {place}" if place else f"the {match['which']} " + ("bar" if bars == 1 else f"{bars} bars")
    return draft.then(f"kept only {named}", kept, bars=bars)


def _repeated(draft: Draft, match: re.Match[str]) -> Draft:
    return of_length(draft, draft.clip.bars * max(1, round(number(match["times"] or match["x"]))))


def _without_notes(draft: Draft, match: re.Match[str]) -> Draft:
    clip, count = draft.clip, _count(match)
    onsets = np.unique(clip.table["start"])
    if count >= len(onsets):
        return draft.then("left it as it is: no note would be left")
    gone = onsets[-count:] if match["which"] == "last" else onsets[:count]
    said = f"took the {match['which']} {'note' if count == 1 else f'{count} notes'} away"
    return draft.then(said, clip.with_table(clip.table[~np.isin(clip.table["start"], gone)]))


def _one_note(draft: Draft, match: re.Match[str]) -> Draft:
    """The note, or the notes, of one onset made longer, shorter, louder or softer."""
    clip, which, how = draft.clip, match["nth"], match["how"]
    onsets = np.unique(clip.table["start"])
    place = len(onsets) - 1 if which in {"last", "final"} else _ORDINALS.index(which)
    if place >= len(onsets):
        return draft.then(f"left it as it is: it has no {which} note")
    table = clip.table.copy()
    mine = table["start"] == onsets[place]
    if how in _LENGTHS:
        wanted = np.rint(table["duration"] * _LENGTHS[how]).astype(np.int64)
        wanted = np.maximum(1, np.minimum(wanted, clip.length_ticks - table["start"]))
        table["duration"] = np.where(mine, wanted, table["duration"])
    else:
        wanted = np.rint(table["velocity"] * _LOUDNESSES[how]).astype(np.int64)
        table["velocity"] = np.where(mine, np.clip(wanted, 1, 127), table["velocity"])
    after = tidied(clip, table)
    if np.array_equal(after.table, clip.table):
        return draft.then(f"left the {which} note as it is: it can be no {how}")
    return draft.then(f"made the {which} note {how}", after)


def _filled(draft: Draft, _: re.Match[str]) -> Draft:
    clip = draft.clip
    if not clip.is_drums:
        return draft.then("left it as it is: a fill is for drums")
    setting = setting_of(draft.brief)
    start, notes = closing_fill(setting, Random((draft.brief.seed << 8) + len(clip)))
    begin = clip.length - (setting.length - start)
    fill = clip.of(notes, length=setting.length, ppq=clip.ppq).table.copy()
    fill["start"] += round((begin - start) * clip.ppq)
    before = clip.table[clip.table["start"] < round(begin * clip.ppq)]
    return draft.then("put a fill at the end", tidied(clip, np.concatenate([before, fill])), fills=True)


STRUCTURE = (
    operation(
        r"\b(?:(?P<half>half (?:of )?(?:the |its )?(?:tempo|speed|bpm)|halve (?:the |its )?(?:tempo|speed|bpm)"
        r"|half as fast|(?:at )?half speed|twice as slow)"
        r"|(?:double|twice) (?:the |its )?(?:tempo|speed|bpm)|twice as (?:fast|quick)|two times as fast)\b",
        _tempo,
    ),
    operation(
        rf"\b(?:only|just|keep|keep only|keep just)(?: keep)? (?:the )?"
        rf"(?:(?P<which>first|last) {_ONE}(?:bars?|measures?)|(?:bar|measure) (?P<nth>[1-9]\d?))\b(?: only)?",
        _kept,
    ),
    operation(
        rf"\b(?:repeat|loop|play)(?: it| this| that| the clip)? (?P<times>{NUMBER})(?: more)? times\b"
        r"|(?<!\w)x ?(?P<x>[2-9])\b",
        _repeated,
    ),
    operation(
        rf"\b(?:remove|delete|drop|cut|lose|without|take away|take out)(?: the)?"
        rf" (?P<which>last|first) {_ONE}notes?\b",
        _without_notes,
    ),
    operation(
        rf"\b(?:(?:make|play) )?(?:the |its )(?P<nth>{'|'.join(_ORDINALS)}|last|final) (?:note|hit)"
        r"(?: (?:a bit|a little|much))? (?P<how>longer|shorter|louder|stronger|softer|quieter)\b",
        _one_note,
    ),
    operation(
        r"\b(?:add|with|put|give it|play|end with|end on)"
        r"(?: (?:an?|some|one|another|short|little|big|drum|in))* fills?\b"
        r"(?: (?:at|to|in|on) (?:the )?(?:end|last bar))?",
        _filled,
    ),
)
"""Operations on a whole clip; they are read before the others."""
