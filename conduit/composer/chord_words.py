"""Chords read off a page: a progression of symbols, of Roman numerals or of the numbers that musicians call.

A run of words counts as a progression when each is a chord and bar lines, commas, arrows or spaces stand between.
A word in a run that looks like a chord and is none raises ``ValueError`` with what comes near.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from conduit.composer.page import Page, fold
from conduit.composer.vocabulary import longest
from conduit.composer.words import filler
from conduit.errors import ClipError
from conduit.music import Key
from conduit.music.chord import Chord, is_chord
from conduit.music.numerals import is_numeral, roman

__all__ = ["MAX_CHORDS", "key_of_chords", "mode_of_numerals", "read_numerals", "read_symbols"]

MAX_CHORDS = 128
"""Chords of one progression that are read."""

_BETWEEN = re.compile(r"[\s,|>\u2192\u2013\u2014-]{1,5}")
_BRIDGE = re.compile(rf"{_BETWEEN.pattern}([A-Z][^\W_]{{1,7}}){_BETWEEN.pattern}")
_ONE_APART = re.compile(r"\b([A-G][#b\u266f\u266d]?) (min|maj|minor|major)\b\.?", re.IGNORECASE)
_APART = re.compile(
    r"(?<![\w#/'])(?:[A-G][#b\u266f\u266d]? (?i:min|maj|minor|major)\b\.?"
    rf"(?:{_BETWEEN.pattern}(?=[A-G])|)){{3,128}}"
)
_MORE = r"(?:\([^()\s]{1,16}\)|[^\s,|>\u2192\u2013\u2014()\[\];:!?.\"'])*"
_WORD = re.compile(rf"(?<![\w#\u266f\u266d/'])[A-G]{_MORE}(?!['\u2019]\w)")
_NUMERAL = r"[#b\u266f\u266d]?(?:VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)"
_NUMERAL_WORD = re.compile(
    rf"(?<![\w#\u266f\u266d/'])(?:{_NUMERAL}{_MORE}|N6?|It6|Fr6|Fr43|Ger6|Ger65|Cad64)(?![\w'\u2019])"
)
_TONIC = re.compile(r"(?<![\w#b\u266f\u266d/])(?:(I)|i)(?![IViv'\u2019])")
_NO_CHORD = re.compile(r"[A-G][#b]?-?[0-48]|[A-G]o|im|Im|io|Io|vo")
_LOOKS = re.compile(
    r"[A-G][#b\u266f\u266d]?(?:maj|min|dim|aug|sus|add|m|M|\u00b0|\u00f8|\u0394)*\d|[A-G][#b]?\w*[a-z]\d"
)
_LOOKS_ROMAN = re.compile(rf"{_NUMERAL}\w*\d")
_SURE = re.compile(
    r".+(?:[79]|11|13|69|6/9|sus[24]?|add\d+|alt|dim|aug|[\u0394\u00f8\u00b0]|[b#](?:5|9|11|13))\)?(?:/[A-G][#b]?)?"
)
_IS_FORM = re.compile(r"\s+(?:form|structure|sections?|parts?)\b")
_IS_ONE = re.compile(r"\s+(?:chord )?(?:progression|loop|vamp|turnaround|pad|pattern|riff|groove|sequence)\b")
_CALLED = re.compile(
    r"\b(?P<two>2|two)(?P<between>[ -])(?:5|five)(?P=between)(?:1|one)\b"
    r"|\b(?P<digits>[1-7](?:-[1-7]){2,15})(?= (?:\w+ )?(?:chords?|progression|changes|turnaround|loop)\b)"
)
_DIATONIC = {
    "minor": ("i", "ii\u00b0", "III", "iv", "v", "VI", "VII"),
    "major": ("I", "ii", "iii", "IV", "V", "vi", "vii\u00b0"),
}

_Found = tuple[re.Match[str], list[str]]


def read_symbols(page: Page) -> tuple[Chord, ...]:
    """Take a progression of chord symbols off the page.

    Two count when one has a quality, three always, one when it can be nothing else (``E7#9``).
    """
    if apart := _read_apart(page):
        return apart
    for found in _runs(page.original, _WORD, is_chord, _LOOKS):
        run = found[1:] if _begins_with_article(found, page.original) else found
        symbols = [symbol for _, parts in run for symbol in parts]
        last = run[-1][0]
        letters = all(len(symbol) == 1 for symbol in symbols)
        if letters and (len(symbols) < 3 or _IS_FORM.match(page.original, last.end())):
            continue
        if len(symbols) == 1 and not _SURE.fullmatch(symbols[0]):
            continue
        page.take_spans([match.span() for match, _ in run])
        return tuple(_read(symbol, Chord.parse) for symbol in symbols[:MAX_CHORDS])
    return ()


def _read_apart(page: Page) -> tuple[Chord, ...]:
    """Chords with their quality apart: ``A min, F maj, C maj``; two could be keys."""
    for run in _APART.finditer(page.original):
        named = _ONE_APART.findall(run[0])
        page.take_spans([run.span()])
        return tuple(Chord.parse(f"{root}{'m' if kind.startswith('min') else ''}") for root, kind in named)
    return ()


def read_numerals(page: Page, *, key: Key | None) -> tuple[Chord, ...]:
    """Take a progression of Roman numerals off the page; without a key they count in C."""
    home = key or Key(f"C {mode_of_numerals(page) or 'major'}")
    for run in _runs(page.original, _NUMERAL_WORD, is_numeral, _LOOKS_ROMAN):
        numerals = [numeral for _, parts in run for numeral in parts]
        if len(numerals) > 1 and any(numeral.upper() != "I" for numeral in numerals):
            page.take_spans([(run[0][0].start(), run[-1][0].end())])
            return tuple(
                _read(numeral, lambda text: roman(text, key=home)) for numeral in numerals[:MAX_CHORDS]
            )
    return _called(page, home)


def mode_of_numerals(page: Page) -> str | None:
    """Give the mode that a progression of numerals says: major where it has I, minor where it has i."""
    for run in _runs(page.original, _NUMERAL_WORD, is_numeral, _LOOKS_ROMAN):
        numerals = [numeral for _, parts in run for numeral in parts]
        tonics = [match for match in map(_TONIC.match, numerals) if match]
        if len(numerals) > 1 and tonics and any(numeral.upper() != "I" for numeral in numerals):
            return "major" if tonics[0][1] else "minor"
    return None


def _called(page: Page, key: Key) -> tuple[Chord, ...]:
    """Numbers for degrees, as musicians call them: ``2-5-1 in F``, a ``1-5-6-4 progression``."""
    match = _CALLED.search(page.original.lower())
    if match is None:
        return ()
    page.take_spans([match.span()])
    digits = match["digits"].split("-") if match["digits"] else "251"
    minor = (key.root + 3) % 12 in key.pitch_classes and (key.root + 4) % 12 not in key.pitch_classes
    numerals = _DIATONIC["minor" if minor else "major"]
    chords = [numerals[int(digit) - 1] for digit in digits]
    if not match["digits"] and minor:
        chords[1] = "V"
    return tuple(roman(numeral, key=key) for numeral in chords)


def _runs(
    text: str, pattern: re.Pattern[str], reads: Callable[[str], bool], looks: re.Pattern[str]
) -> Iterator[list[_Found]]:
    """Chords that follow each other with nothing but signs between."""
    run: list[_Found] = []
    for match in pattern.finditer(text):
        parts = _parts(match[0], reads, looks)
        if not parts:
            continue
        if run and not _adjoins(text, run[-1][0].end(), match.start()):
            yield from _proved(run, reads)
            run = []
        run.append((match, parts))
    yield from _proved(run, reads)


def _adjoins(text: str, start: int, end: int) -> bool:
    """Whether signs alone stand between two chords, or one word that says nothing else: ``Am7 Xyz F``."""
    if _BETWEEN.fullmatch(text, start, end):
        return True
    bridge = _BRIDGE.fullmatch(text, start, end)
    word = fold(bridge[1]) if bridge else ""
    return bool(word) and word not in filler() and not longest([word], 0)[0]


def _proved(run: list[_Found], reads: Callable[[str], bool]) -> Iterator[list[_Found]]:
    """A run in which something is a chord; what only looks like one does not make a run."""
    if any(reads(part) for _, parts in run for part in parts):
        yield run


def _parts(word: str, reads: Callable[[str], bool], looks: re.Pattern[str]) -> list[str]:
    """The chord that a word is, or several that hyphens join (``ii-V-I``); none where it looks like no chord."""
    if _NO_CHORD.fullmatch(word):
        return []
    if reads(word) and not (word[0] in "IViv" and "-" in word):
        return [word]
    parts = [part for part in word.split("-") if part]
    if len(parts) > 1 and all(reads(part) and not _NO_CHORD.fullmatch(part) for part in parts):
        return parts
    return [word] if looks.match(word) else []


def _begins_with_article(run: list[_Found], text: str) -> bool:
    """Tell ``A Dm7 G7 loop`` from a chord of A."""
    first, last = run[0][0], run[-1][0]
    return len(run) > 1 and first[0] == "A" and first.start() == 0 and bool(_IS_ONE.match(text, last.end()))


def _read(symbol: str, read: Callable[[str], Chord]) -> Chord:
    try:
        return read(symbol)
    except ClipError as error:
        raise ValueError(error.message[0].upper() + error.message[1:]) from error


def key_of_chords(chords: tuple[Chord, ...]) -> Key:
    """Give the major or minor key that the chords are in.

    It holds most of their notes; the first and the last chord may be its tonic, and a dominant seventh leads to it.
    """
    keys = [Key.on(root, mode) for root in range(12) for mode in ("minor", "major")]
    return max(keys, key=lambda key: _fitness(key, chords))


def _fitness(key: Key, chords: tuple[Chord, ...]) -> float:
    inside = sum(pc in key.pitch_classes for chord in chords for pc in chord.pitch_classes[:4])
    led = any({"3", "b7"} <= set(chord.degrees) and (chord.root + 5 - key.root) % 12 == 0 for chord in chords)
    return inside + 2 * _is_tonic(chords[0], key) + _is_tonic(chords[-1], key) + led


def _is_tonic(chord: Chord, key: Key) -> bool:
    return chord.root == key.root and ("3" if key.scale == "minor" else "b3") not in chord.degrees
