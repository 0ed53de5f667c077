"""The words of a page: what they mean together, and which of them mean nothing here."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from functools import lru_cache

from conduit.composer.page import Page, fold
from conduit.composer.words import NEAREST, SOUNDS, Meaning, filler, lookup

__all__ = ["TOKEN", "Words", "longest", "near_word", "read_words"]

TOKEN = re.compile(r"[^\W_][\w&'#]*|[&+|]+")
_LONGEST = 4
_MODIFIERS = frozenset({"acid", "dub", "minimal", "ambient", "funk", "jazz", "industrial", "breakbeat"})
_JOINTS = frozenset({"and", "&", "plus", "with", "+", "und", "et", "y", "e"})
_SWINGS = {"swung": 60, "straight": 50}
_REACH = 3  # words between an instrument and the part it plays, at the most, and that part
_PLAYED = frozenset({"lead", "bass", "arp"})
_MAX_GUESSES = 24


@dataclass(slots=True)
class Words:
    """What the words of a page mean.

    Attributes:
        role: The first part that is named.
        others: Parts that are joined to it with "and" or "with".
        genre: The genre; of several the last that is no modifier.
        styles: Words of style and modifying genres, in order.
        mood: ``minor`` or ``major``, where words such as dark or happy say so.
        energy: 0-1, the mean of the words that say so.
        octave: Octaves up.
        swing: Per cent, where words say so.
        unknown: Words that were not understood, in order, each once, as they were written.
        pace: ``slow`` or ``fast``, where words say so.
        near: Genre words that only come near a genre there is.
        guessed: Words with a letter wrong and what each was taken for.
        sure: Whether any word is surely about music.
    """

    role: str | None = None
    others: tuple[str, ...] = ()
    genre: str | None = None
    styles: tuple[str, ...] = ()
    mood: str | None = None
    energy: float | None = None
    octave: int = 0
    swing: int | None = None
    unknown: tuple[str, ...] = ()
    pace: str | None = None
    near: tuple[str, ...] = ()
    guessed: tuple[tuple[str, str], ...] = ()
    sure: bool = False


@dataclass(slots=True)
class _Scan:
    """Meanings in order, with what stood between."""

    meanings: list[Meaning] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)
    joined: bool = False
    roles: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    guessed: list[tuple[str, str]] = field(default_factory=list)


def read_words(page: Page) -> Words:
    """Look up every word that is still on the page."""
    tokens = list(TOKEN.finditer(page.text))
    folded = [match[0] for match in tokens]
    scan = _Scan()
    index = 0
    while index < len(tokens):
        meanings, count = longest(folded, index)
        if meanings:
            phrase = " ".join(folded[index : index + count])
            if phrase in SOUNDS and _names_sound(page.text, tokens, index + count):
                meanings = tuple(meaning for meaning in meanings if meaning.kind != "role")
            _note(scan, meanings)
            if phrase in NEAREST and phrase not in scan.near:
                scan.near.append(phrase)
        elif folded[index] in _JOINTS:
            scan.joined = True
        elif _is_content(folded[index]):
            scan.unknown.setdefault(folded[index], page.written(tokens[index]))
        index += count
    _guess(scan)
    return _words(scan)


def _names_sound(text: str, tokens: list[re.Match[str]], index: int) -> bool:
    """Whether an instrument's word is followed by the part that it plays: ``piano melody``."""
    folded = [match[0] for match in tokens[: index + _REACH + _LONGEST]]
    for _ in range(_REACH):
        if index >= len(folded) or text[tokens[index - 1].end() : tokens[index].start()].strip(" |"):
            return False
        meanings, count = longest(folded, index)
        roles = [meaning.value for meaning in meanings if meaning.kind == "role"]
        if roles or not (meanings or folded[index].strip("|") == ""):
            return bool(roles) and roles[0] in _PLAYED
        index += count
    return False


def longest(folded: list[str], index: int) -> tuple[tuple[Meaning, ...], int]:
    """Give the meanings of the longest phrase that begins here, and how many words it has; none and 1 for none."""
    table = lookup()
    for count in range(min(_LONGEST, len(folded) - index), 0, -1):
        phrase = " ".join(folded[index : index + count])
        if phrase in table:
            return table[phrase], count
    word = folded[index]
    for stem in (
        word.removesuffix("'s"),
        word.removesuffix("s"),
        word.removesuffix("ish"),
        word.removesuffix("y"),
    ):
        if stem != word and len(stem) > 2 and stem in table:
            return table[stem], 1
    return (), 1


def _is_content(word: str) -> bool:
    return word not in filler() and word.strip("&+|") != "" and (len(word) > 1 or not word.isascii())


def _note(scan: _Scan, meanings: tuple[Meaning, ...]) -> None:
    for meaning in meanings:
        if meaning.kind == "role":
            if scan.roles and scan.joined and meaning.value not in {*scan.roles, *scan.others}:
                scan.others.append(meaning.value)
            scan.roles.append(meaning.value)
        scan.joined = scan.joined and meaning.kind != "role"
        scan.meanings.append(meaning)


def _guess(scan: _Scan) -> None:
    """Words with a letter wrong: tried for the first few only, so that a long text costs no more."""
    if not scan.unknown:
        return
    table = [word for word, meanings in lookup().items() if " " not in word and meanings[0].sure]
    for word in list(scan.unknown)[:_MAX_GUESSES]:
        near = difflib.get_close_matches(word, table, n=1, cutoff=0.82) if len(word) > 4 else []
        if near:
            scan.guessed.append((scan.unknown.pop(word), near[0]))
            _note(scan, lookup()[near[0]])


@lru_cache(maxsize=512)
def near_word(word: str) -> str | None:
    """Give the word there is that comes near one that is not known; None where none does.

    >>> near_word("synkopated"), near_word("cheese")
    ('syncopated', None)
    """
    if len(word) < 5 or " " in word:
        return None
    known = [one for one in lookup() if len(one) > 4]
    return next(iter(difflib.get_close_matches(fold(word), known, n=1, cutoff=0.75)), None)


def _words(scan: _Scan) -> Words:
    by_kind: dict[str, list[str]] = {}
    for meaning in scan.meanings:
        by_kind.setdefault(meaning.kind, []).append(meaning.value)
    genre, modifiers = _genre(by_kind.get("genre", []))
    energies = [float(value) for value in by_kind.get("energy", [])]
    styles = [value for value in by_kind.get("style", []) if value not in _SWINGS]
    role = by_kind["role"][0] if "role" in by_kind else None
    octave = sum(int(value) for value in by_kind.get("octave", [])[:1])
    register = sum(int(value) for value in by_kind.get("register", [])[:1])
    return Words(
        role=role,
        others=tuple(other for other in scan.others if other != role),
        genre=genre,
        styles=tuple(dict.fromkeys([*modifiers, *styles])),
        mood=by_kind["mood"][0] if "mood" in by_kind else None,
        energy=round(sum(energies) / len(energies), 2) if energies else None,
        octave=octave or (0 if role == "bass" and register < 0 else register),
        swing=next((_SWINGS[value] for value in by_kind.get("style", []) if value in _SWINGS), None),
        unknown=tuple(scan.unknown.values()),
        pace=by_kind["pace"][0] if "pace" in by_kind else None,
        near=tuple(scan.near),
        guessed=tuple(scan.guessed),
        sure=any(meaning.sure for meaning in scan.meanings),
    )


def _genre(named: list[str]) -> tuple[str | None, list[str]]:
    """The genre and those that only colour it: acid house is house, dub techno is techno."""
    if not named:
        return None, []
    plain = [name for name in named if name not in _MODIFIERS]
    genre = plain[-1] if plain else named[-1]
    return genre, [name for name in named if name != genre and name in _MODIFIERS]
