"""Follow-ups: "an octave lower and twice as long", "same but in D minor", "another take".

A follow-up changes what it names and keeps the rest, the notes included. Words that ask for a part anew are
no follow-up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random

from conduit.band.kit import Pieces, with_pieces
from conduit.composer.brief import Brief, Options
from conduit.composer.development import DEVELOPMENT
from conduit.composer.draft import Draft, Step, bar_at, brief_of, sketched
from conduit.composer.moves import MOVES
from conduit.composer.negation import Away, read_away
from conduit.composer.operations import OPERATIONS, REWRITES
from conduit.composer.page import NUMBER, Page, number
from conduit.composer.pieces import described, merged, read_fills, read_pieces
from conduit.composer.rechording import rechorded
from conduit.composer.sketch import left_out, setting_of
from conduit.composer.stated import Facts, restated, stated
from conduit.composer.verbs import respelled
from conduit.composer.vocabulary import Words, read_words
from conduit.music import Clip, edit
from conduit.music.note import note_table

__all__ = ["Revision", "revise"]

_FRESH = re.compile(
    r"(?:please |now |and |ok |can you |could you |i want |i need )*"
    r"(?:an? (?!bit|little|touch)|some |new |write|compose|create|generate|give me|make (?:me )?(?:an? |some )"
    rf"|{NUMBER} (?:bars?|measures?)\b)(?!.*\b(?:more|less|same|different|another)\b)"
)
_POINTS_BACK = re.compile(r"\b(?:it|this|that|the|same|them|these|more)\b")
_RESTYLE = re.compile(r"\b(?:more|make it|make this|turn it into)\b")
_NEGATED = re.compile(
    r"\b(?:not|no|don't|do not|never|without)(?: (?:make|be|get|it|any|too|so|even|want))*(?: a| an)? $"
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_AIM = re.compile(
    rf"\b(?:in|to|at|for|make) (?:(?:the )?bar (?:number )?(?P<n>{NUMBER})"
    rf"|the (?:(?P<last>last|final)|(?P<nth>{'|'.join(_ORDINALS)})) bar)\b"
)
_ORDINARY_LENGTH = 400
_ABOUT_IT = re.compile(
    r"\b(?:make|change|turn|move|shift|take|put|get|set|remove|delete|add|fix|edit|adjust|replace|swap|raise|lower"
    r"|bend|push|do|swing|shuffle|transpose|harmoni[sz]e|simplify|reverse|quanti[sz]e|humani[sz]e|stretch|invert)\b"
    r"(?! me\b)[^|]*\b(?:it|its|this|that|them|the)\b"
)
_WAYS = frozenset({"up", "down", "updown"})
_CAN = (
    "left it as it is: I do not know how to do that. I can transpose, harmonise, simplify, reverse, answer, "
    "humanise, quantise or swing it, bind its notes, make it longer, louder, faster or busier, or take it to a key"
)


@dataclass(frozen=True, slots=True)
class Revision:
    """A clip changed as was asked.

    Attributes:
        clip: The new clip.
        brief: What it now is, for the next follow-up.
        done: What was done, one phrase each.
        unknown: Words that were not understood.
        guessed: Words with a letter wrong, and what each was taken for.
    """

    clip: Clip
    brief: Brief
    done: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    guessed: tuple[tuple[str, str], ...] = ()

    @property
    def sentence(self) -> str:
        """What was done and what was left out, for a person."""
        done = f"{', '.join(self.done[:-1])} and {self.done[-1]}" if len(self.done) > 1 else self.done[0]
        said = " ".join([f"I {done}.", *(f'I took "{one}" for {other}.' for one, other in self.guessed)])
        return f"{said} {left_out(self.unknown)}" if self.unknown else said


def revise(
    clip: Clip, text: str, brief: Brief | None = None, *, options: Options | None = None
) -> Revision | None:
    """Change a clip as a follow-up asks; None when the words are a new request, or not about the clip.

    Args:
        clip: The clip as it stands, whoever wrote or edited it.
        text: The person's words.
        brief: The brief it was made from; by default the one it would have had.
        options: What was set explicitly: bars, key, tempo and metre; they win over the words.
    """
    text, guessed = respelled(text) if len(text) <= _ORDINARY_LENGTH else (text, ())
    page, brief = Page(text), brief or brief_of(clip)
    if not page.text or len(page.text) > _ORDINARY_LENGTH or _is_fresh(page, brief):
        return None
    aimed = _AIM.search(page.text) is not None
    draft, refused = _operated(Draft(clip, replace(brief, unknown=(), others=(), near=())), page)
    away = read_away(page)
    draft = _in_pieces(draft, page, away)
    try:
        draft = rechorded(draft, page)
        facts = stated(page, draft, options or Options())
    except ValueError:
        return None
    words = read_words(page)
    operated = bool(draft.done)
    if not operated and (words.role or words.genre) and not _POINTS_BACK.search(Page(text).text):
        return None
    draft = restated(draft, facts)
    if not operated and not aimed:
        draft = _restyled(draft, page, words)
    draft = _set_apart(draft, options or Options())
    draft = _left(draft, facts, away, refused=bool(refused), aimed=aimed)
    if not draft.done:
        return _refused(clip, brief, text, words)
    unread = [written for written, _ in words.guessed] if operated else []
    if operated and words.genre and _RESTYLE.search(page.text):
        unread.append(f"make it {words.genre}")
    return Revision(draft.clip, draft.brief, draft.done, (*words.unknown, *unread, *away.told), guessed)


def _refused(clip: Clip, brief: Brief, text: str, words: Words) -> Revision | None:
    """Leave a clip as it is where the words are about it and say nothing that is understood."""
    if not _ABOUT_IT.search(Page(text).text) or (words.role or brief.role) != brief.role:
        return None
    styles = set(words.styles) - _WAYS
    if words.genre or styles or words.mood or words.pace or words.octave or words.energy is not None:
        return None
    return Revision(clip, brief, (_CAN,), words.unknown)


def _set_apart(draft: Draft, options: Options) -> Draft:
    """Say which options do nothing to a clip that is there already."""
    named = [name for name in ("genre", "seed", "role") if getattr(options, name) is not None]
    if not named or not draft.done:
        return draft
    return draft.then(f"left out {' and '.join(named)}, which shape a new clip only")


def _left(draft: Draft, facts: Facts, away: Away, *, refused: bool, aimed: bool) -> Draft:
    """Say that a clip stays as it is, where what was asked is so already or cannot be done."""
    if draft.done:
        return draft
    if aimed:
        return draft.then("left it as it is: that cannot be done to one bar alone")
    if facts:
        return draft.then("left it as it is: it is so already")
    elsewhere = away.roles and draft.brief.role not in away.roles
    return draft.then("left it as it is") if refused or elsewhere or away.told else draft


def _is_fresh(page: Page, brief: Brief) -> bool:
    """Tell whether the words ask for a part anew, or for another part."""
    ahead = Page(page.text)
    for operation in (*DEVELOPMENT, *MOVES):
        ahead.take(operation.pattern)  # chords that are to be read from it, or put to it, are no new part
    read_away(ahead)
    words = read_words(ahead)
    if words.role is None:
        return False
    if words.role != brief.role:
        return True
    if words.genre and not _POINTS_BACK.search(page.text):
        return not re.search(r"\b(?:more|less|another)\b", page.text)
    return bool(_FRESH.match(page.text))


def _operated(draft: Draft, page: Page) -> tuple[Draft, list[str]]:
    """Do every operation that the words name; give too what is asked not to be done.

    What writes the notes again comes first, the rest in the words' order.
    """
    aims = page.take(_AIM)
    found, refused = [], []
    before = page.text
    for operation in OPERATIONS:
        for match in page.take(operation.pattern):
            if negated := _NEGATED.search(before[: match.start()]):
                refused.append(page.original[negated.start() : match.end()])
            else:
                found.append((match.start(), match, operation.step))
    for _, match, step in sorted(found, key=lambda item: (item[2] not in REWRITES, item[0])):
        draft = _aimed(draft, match, step, _bar_of(aims[0], draft.clip)) if aims else step(draft, match)
    return draft, refused


def _bar_of(aim: re.Match[str], clip: Clip) -> int:
    if aim["last"]:
        return int(-(-clip.bars // 1))
    return int(number(aim["n"])) if aim["n"] else _ORDINALS.index(aim["nth"]) + 1


def _aimed(draft: Draft, match: re.Match[str], step: Step, bar: int) -> Draft:
    """Do one operation to one bar alone, where it keeps the bar's length, tempo and metre."""
    clip, place = draft.clip, bar_at(draft.clip, bar)
    if place is None:
        return draft.then(f"left it as it is: it has no bar {bar}")
    piece = edit.part(clip, *place)
    after = step(Draft(piece, replace(draft.brief, bars=1)), match)
    if (after.clip.length, after.clip.bpm) != (piece.length, piece.bpm):
        return draft.then("left it as it is: that cannot be done to one bar alone")
    return draft.then(f"{after.done[-1]} in bar {bar}", edit.spliced(clip, after.clip, place[0]))


def _in_pieces(draft: Draft, page: Page, away: Away) -> Draft:
    """Leave only some pieces of a drum kit, or leave some out, or put one where it is asked."""
    if not draft.clip.is_drums:
        return draft
    pieces = merged(read_pieces(page, named=False), without=away.pieces)
    fills = read_fills(page)
    if fills is False:
        draft = draft.then(
            "wrote it again without fills", sketched(draft, replace(draft.brief, fills=False)), fills=False
        )
    if not pieces:
        return draft
    brief = replace(draft.brief, bars=max(1, round(draft.clip.bars)), meter=draft.clip.meter)
    rng = Random((brief.seed << 8) + len(draft.clip))
    clip = draft.clip
    notes = with_pieces(list(clip.notes), pieces, setting=setting_of(brief), rng=rng)
    again = clip.with_table(note_table(note.row(clip.ppq) for note in notes if note.start < clip.length))
    said = "; ".join(sentence[0].lower() + sentence[1:].rstrip(".") for sentence in described(pieces))
    both = Pieces(
        only=pieces.only or draft.brief.pieces.only,
        without=(*draft.brief.pieces.without, *pieces.without),
        placed=(*draft.brief.pieces.placed, *pieces.placed),
    )
    return draft.then(f"changed which drums play ({said})", again, pieces=both)


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
    return Draft(sketched(draft, brief), brief, (*draft.done, f"wrote it again {named}"))
