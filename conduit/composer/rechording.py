"""Follow-ups that name chords: ``as Am F C G``, ``change the second chord to F``.

A part that its brief gives is written again over the chords; the notes of another hand are left alone.
"""

from __future__ import annotations

import re
from dataclasses import replace

from conduit.band.harmony import Span, at, changes, merged, voices_of
from conduit.composer.chord_words import read_symbols
from conduit.composer.draft import Draft, sketched
from conduit.composer.page import Page
from conduit.composer.sketch import setting_of
from conduit.errors import ClipError
from conduit.music.chord import Chord

__all__ = ["rechorded"]

_NTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_DIGITS = ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th")
_ONE_CHORD = re.compile(
    r"\b(?:(?:change|make|turn|set|swap|replace) )?the (?P<nth>"
    rf"{'|'.join((*_NTH, *_DIGITS))}|last|final) chord (?:(?:in)?to|into|with|by|for|an?|as|be) ?(?:an? )?"
    r"(?P<symbol>[a-g][^\s,|;!?]*?)(?=[.,|;!?]?(?:\s|$))"
)
_FOREIGN = "left the chords alone: these notes are not mine to write again"
_APART = "left the chords alone: that one shares its bar with another, so say them all, as in: as Am F C G"


def rechorded(draft: Draft, page: Page) -> Draft:
    """Put the chords that the words name under a part.

    Raises:
        ValueError: A word among the chords is none; it says which.
    """
    if draft.clip.is_drums:
        return draft
    if found := page.take(_ONE_CHORD):
        return _one_changed(draft, found[0]["nth"], page.written(found[0], "symbol"))
    chords = read_symbols(page)
    if not chords:
        return draft
    if not draft.is_sketched:
        return draft.then(_FOREIGN)
    names = ", ".join(chord.name for chord in chords)
    return _over(draft, chords, f"wrote it again over {names}")


def _over(draft: Draft, chords: tuple[Chord, ...], said: str) -> Draft:
    brief = replace(draft.brief, chords=chords)
    return draft.then(said, sketched(draft, brief).with_(name=draft.clip.name), chords=chords)


def _one_changed(draft: Draft, nth: str, symbol: str) -> Draft:
    if not draft.is_sketched:
        return draft.then(_FOREIGN)
    try:
        wanted = Chord.parse(symbol[0].upper() + symbol[1:])
    except ClipError as error:
        raise ValueError(error.message[0].upper() + error.message[1:]) from error
    brief = draft.brief
    bars = max(1, round(draft.clip.bars))
    setting = setting_of(replace(brief, bars=bars, key=draft.clip.key or brief.key))
    spans = changes(setting, voices=voices_of(setting))
    bar = setting.meter.bar
    if any(span.start % bar for span in spans):
        return draft.then(_APART)
    joined = _runs(spans)
    names = (*_NTH, *_DIGITS)
    place = len(joined) - 1 if nth in {"last", "final"} else names.index(nth) % len(_NTH)
    if place >= len(joined):
        return draft.then(f"left the chords alone: there are {len(joined)}")
    start, end = joined[place]
    before = [at(spans, bar * index).chord for index in range(bars)]
    after = [wanted if start <= bar * index < end else chord for index, chord in enumerate(before)]
    known = tuple(chord for chord in after if chord is not None)
    if len(known) < len(after):
        return draft.then("left the chords alone: not all of them have a name")
    return _over(draft, known, f"changed the {nth} chord to {wanted.name}")


def _runs(spans: list[Span]) -> list[tuple[float, float]]:
    """From where to where each chord sounds, neighbours of one chord joined."""
    runs: list[tuple[float, float]] = []
    before: Span | None = None
    for span in merged(spans):
        if before is not None and (before.tones, before.slash) == (span.tones, span.slash):
            runs[-1] = (runs[-1][0], span.end)
        else:
            runs.append((span.start, span.end))
        before = span
    return runs
