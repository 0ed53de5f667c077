"""What is asked away: "no drums", "not in A minor", "without hats". It is taken off the page, never inverted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conduit.composer.page import Page
from conduit.composer.pieces import pieces_in
from conduit.composer.reading import fact_at
from conduit.composer.vocabulary import TOKEN, longest
from conduit.composer.words import Meaning, lookup

__all__ = ["Away", "read_away"]

_NO = re.compile(
    r"\b(?:no|not|without|minus|never|nor|avoid|except(?: for)?|instead of|rather than|leave out|don't|do not"
    r"|ohne|keine?n?|nicht|sans|senza|sem)\b(?! (?:only|just|less|more)\b)"
)
_SKIPPED = re.compile(
    r" ?(?:any|an?|the|too|so|very|much|that|really|overly|want|need|like|use|be|make|it|have|play|put"
    r"|of|to|in|as|sound)\b"
    r"(?! ?#)"
)
_AND = re.compile(r" ?(?:,|\band\b|\bor\b|\bnor\b|&|\bund\b|\boder\b|\bet\b|\bou\b)+ ?(?:(?:no|any|the) )?")
_TAKEN = frozenset({"role", "genre", "style", "energy", "mood", "mode", "register", "pace"})
# Styles that a part may have of itself, so that leaving the word out is not enough.
_OF_ITSELF = frozenset(
    {"octaves", "offbeat", "eighths", "sixteenths", "syncopated", "stabs", "held", "up", "down"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """What was asked away.

    Attributes:
        roles: Parts that are not to be made.
        genres: Genres it is not to be.
        modes: ``major`` or ``minor`` where it is not to be that.
        pieces: Pieces of the drum kit that are to be silent.
        told: Phrases whose wish leaving out a word does not make sure of, as they were written.
    """

    roles: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Item:
    end: int
    meanings: tuple[Meaning, ...] = ()
    pieces: tuple[str, ...] = ()


def read_away(page: Page) -> Away:
    """Take off the page every word, key, tempo or length that is asked away."""
    items: list[_Item] = []
    told: list[str] = []
    taken = page.taken
    position = 0
    while match := _NO.search(page.text, position):
        position = match.end()
        if _is_phrase(page, match.start()):
            continue
        found = _items(page, match.end())
        if found:
            position = found[-1].end
            if any(m.kind == "style" and m.value in _OF_ITSELF for item in found for m in item.meanings):
                told.append(page.original[match.start() : position])
            page.take_spans([(match.start(), position)])
            items += found
    meanings = [meaning for item in items for meaning in item.meanings]
    page.taken = taken + any(meaning.sure for meaning in meanings)
    generic = [meaning for item in items if not item.pieces for meaning in item.meanings]
    return Away(
        roles=tuple(meaning.value for meaning in generic if meaning.kind == "role"),
        genres=tuple(meaning.value for meaning in generic if meaning.kind == "genre"),
        modes=tuple(meaning.value for meaning in generic if meaning.kind in {"mode", "mood"}),
        pieces=tuple(piece for item in items for piece in item.pieces),
        told=tuple(told),
    )


def _is_phrase(page: Page, position: int) -> bool:
    """Tell whether a phrase that has a meaning of its own begins with the no: "no swing"."""
    words = [match[0] for match in TOKEN.finditer(page.text, position, position + 40)][:2]
    return " ".join(words) in lookup()


def _items(page: Page, position: int) -> list[_Item]:
    """What follows a no: one thing, or several of one kind joined by "and" or "or"."""
    first = _item(page, position)
    if first is None:
        return []
    items = [first]
    while joint := _AND.match(page.text, items[-1].end):
        following = _item(page, joint.end())
        comma = "," in joint[0]
        alike = following and following.meanings and {m.kind for m in following.meanings} & _kinds(first)
        if not (following and alike) or (comma and not (first.pieces and following.pieces)):
            break
        if comma and page.text[following.end :].startswith((" on ", " only")):
            break
        items.append(following)
    return items


def _kinds(item: _Item) -> set[str]:
    return {meaning.kind for meaning in item.meanings}


def _item(page: Page, position: int) -> _Item | None:
    while True:
        start = position + (page.text[position : position + 1] == " ")
        end = fact_at(page, start)
        if end is not None:
            return _Item(end)
        skipped = _SKIPPED.match(page.text, position)
        if skipped is None:
            return _known(page, start)
        position = skipped.end()


def _known(page: Page, start: int) -> _Item | None:
    tokens = list(TOKEN.finditer(page.text, start, start + 60))[:4]
    if not tokens or tokens[0].start() != start:
        return None
    meanings, count = longest([token[0] for token in tokens], 0)
    if not any(meaning.kind in _TAKEN for meaning in meanings):
        return None
    end = tokens[count - 1].end()
    return _Item(end, meanings, pieces_in(page.text[start:end]))
