"""Follow-ups: "an octave lower and twice as long", "same but in D minor", "another take".

A follow-up changes what it names and keeps the rest, the notes included. Words that ask for a part anew are
no follow-up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from conduit.composer.brief import Brief, Options
from conduit.composer.operations import OPERATIONS, Draft, into_key, of_length
from conduit.composer.page import NUMBER, Page
from conduit.composer.reading import read_bars, read_bpm, read_key, read_meter
from conduit.composer.sketch import left_out, sketch
from conduit.composer.vocabulary import Words, read_words
from conduit.music import Clip, Key, Meter

__all__ = ["Revision", "revise"]

_FRESH = re.compile(
    r"(?:please |now |and |ok |can you |could you |i want |i need )*"
    r"(?:an? (?!bit|little|touch)|some |new |write|compose|create|generate|give me|make (?:me )?(?:an? |some )"
    rf"|{NUMBER} (?:bars?|measures?)\b)(?!.*\b(?:more|less|same|different|another)\b)"
)
_POINTS_BACK = re.compile(r"\b(?:it|this|that|the|same|them|these|more)\b")
_RESTYLE = re.compile(r"\b(?:more|make it|make this|turn it into)\b")
_ORDINARY_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Revision:
    """A clip changed as was asked.

    Attributes:
        clip: The new clip.
        brief: What it now is, for the next follow-up.
        done: What was done, one phrase each.
        unknown: Words that were not understood.
    """

    clip: Clip
    brief: Brief
    done: tuple[str, ...]
    unknown: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What was done and what was left out, for a person."""
        done = f"{', '.join(self.done[:-1])} and {self.done[-1]}" if len(self.done) > 1 else self.done[0]
        said = f"I {done}."
        return f"{said} {left_out(self.unknown)}" if self.unknown else said


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the words state outright."""

    meter: Meter | None = None
    bpm: float | None = None
    bars: float | None = None
    key: Key | None = None

    def __bool__(self) -> bool:
        return any(fact is not None for fact in (self.meter, self.bpm, self.bars, self.key))


def revise(clip: Clip, text: str, brief: Brief, *, options: Options | None = None) -> Revision | None:
    """Change a clip as a follow-up asks; None when the words are a new request, or not about the clip.

    Args:
        clip: The clip as it stands, whoever wrote or edited it.
        text: The person's words.
        brief: The brief it was made from.
        options: What was set explicitly: bars, key, tempo and metre; they win over the words.
    """
    page = Page(text)
    if not page.text or len(page.text) > _ORDINARY_LENGTH or _is_fresh(page, brief):
        return None
    draft = _operated(Draft(clip, replace(brief, unknown=(), others=())), page)
    try:
        facts = _stated(page, clip, options or Options())
    except ValueError:
        return None
    words = read_words(page)
    operated = bool(draft.done)
    if not operated and (words.role or words.genre) and not _POINTS_BACK.search(Page(text).text):
        return None
    draft = _restated(draft, facts)
    if not operated:
        draft = _restyled(draft, page, words)
    if not draft.done:
        return None
    return Revision(draft.clip, draft.brief, draft.done, words.unknown)


def _is_fresh(page: Page, brief: Brief) -> bool:
    """Tell whether the words ask for a part anew, or for another part."""
    words = read_words(Page(page.text))
    if words.role is None:
        return False
    if words.role != brief.role:
        return True
    if words.genre and not _POINTS_BACK.search(page.text):
        return not re.search(r"\b(?:more|less|another)\b", page.text)
    return bool(_FRESH.match(page.text))


def _operated(draft: Draft, page: Page) -> Draft:
    """Do every operation that the words name, in their order."""
    found = []
    for operation in OPERATIONS:
        found += [(match.start(), match, operation.step) for match in page.take(operation.pattern)]
    for _, match, step in sorted(found, key=lambda item: item[0]):
        draft = step(draft, match)
    return draft


def _stated(page: Page, clip: Clip, options: Options) -> _Facts:
    meter = read_meter(page)
    bpm = read_bpm(page)
    bars = read_bars(page, meter=meter or clip.meter)
    key = read_key(page, usual_mode=clip.key.scale if clip.key else "major")
    set_meter = Meter.parse(options.meter) if isinstance(options.meter, str) else options.meter
    return _Facts(
        meter=set_meter or meter,
        bpm=bpm if options.bpm is None else options.bpm,
        bars=bars if options.bars is None else options.bars,
        key=key if options.key is None else Key(options.key),
    )


def _restated(draft: Draft, facts: _Facts) -> Draft:
    """Bring a draft to what is stated outright, where it is not so already."""
    if facts.meter and facts.meter != draft.clip.meter:
        brief = replace(
            draft.brief, meter=facts.meter, key=draft.clip.key or draft.brief.key, bpm=draft.clip.bpm
        )
        draft = draft.then(f"wrote it again in {facts.meter}", sketch(brief), meter=facts.meter)
    if facts.key and facts.key != draft.clip.key:
        draft = into_key(draft, facts.key)
    if facts.bars and facts.bars != draft.clip.bars:
        draft = of_length(draft, facts.bars)
    if facts.bpm and facts.bpm != draft.clip.bpm:
        bpm = float(facts.bpm)
        draft = draft.then(f"set the tempo to {bpm:g} bpm", draft.clip.with_(bpm=bpm), bpm=bpm)
    return draft


def _restyled(draft: Draft, page: Page, words: Words) -> Draft:
    """Write it again in a style ("more acid", "make it dubby"), with key, tempo and length kept."""
    if not _RESTYLE.search(page.text) or not (words.genre or words.styles or words.energy is not None):
        return draft
    brief = draft.brief
    styles = tuple(dict.fromkeys([*brief.styles, *words.styles, *([words.genre] if words.genre else [])]))
    brief = replace(
        brief,
        styles=styles,
        genre=brief.genre or words.genre,
        energy=brief.energy if words.energy is None else words.energy,
        key=draft.clip.key or brief.key,
        bpm=draft.clip.bpm,
    )
    named = ", ".join([*words.styles, *([words.genre] if words.genre else [])]) or "with another energy"
    return Draft(sketch(brief), brief, (*draft.done, f"wrote it again {named}"))
