"""The grammar of chord symbols: what follows the root, read into degrees. ``chord_name`` writes it back.

::

    symbol  = [base] [maj] [number] {sus | alteration | add | omit}
    base    = m min - | dim ° o | ø | aug + | dom          number = 5 6 6/9 7 9 11 13
    sus     = sus2 sus4 sus     alteration = b5 #5 b9 #9 #11 b13 (also -5, +5 …), alt     omit = no3 omit5

Parentheses, commas, slashes and spaces may stand between. A number brings what lies under it (9 the seventh, 11
and 13 the ninth); the eleventh goes with 13 only over a minor third, as it is played. An alteration takes the place
of the natural tone of its degree. ``maj`` makes the seventh major, as do Δ and ^, which mean one by themselves.
Sources: Brandt and Roemer, *Standardized Chord Symbol Notation*; Levine, *The Jazz Theory Book*.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

__all__ = ["ALT", "IMPLIED", "ORDER", "SEVENTHS", "Degrees", "degrees_of_quality", "semitones"]

Degrees = tuple[str, ...]
"""Degrees of a chord above its root, such as ``("1", "b3", "5", "b7")``, ascending."""

_SEMITONES = {
    "1": 0, "2": 2, "b3": 3, "3": 4, "4": 5, "b5": 6, "5": 7, "#5": 8, "6": 9, "bb7": 9, "b7": 10, "7": 11,
    "b9": 13, "9": 14, "#9": 15, "11": 17, "#11": 18, "b13": 20, "13": 21,
}  # fmt: skip
ORDER = {degree: place for place, degree in enumerate(_SEMITONES)}
"""Where each degree stands among the others."""

IMPLIED = {"7": (), "9": ("9",), "11": ("9", "11"), "13": ("9", "13")}
"""What lies under a number, above the seventh; 13 over a minor third has the 11 too."""

SEVENTHS = {"bb7", "b7", "7"}
ALT: Degrees = ("1", "3", "b5", "#5", "b7", "b9", "#9")
"""The degrees of an altered dominant."""

_ALTERED = ("b5", "#5", "b9", "#9", "#11", "b13")
_SAME = {"2": "9", "4": "11", "6": "13", "b2": "b9", "#2": "#9", "#4": "#11", "b6": "b13"}
_SIGNS = str.maketrans({"♯": "#", "♭": "b", "\u2212": "-", "\u2013": "-"})

_TOKEN = re.compile(
    r"(?P<gap>[\s(),/\[\]]+)"
    r"|(?P<triangle>Δ|△|∆|\^|j)"
    r"|(?P<major>[Mm]aj(?:or)?|MAJ|[Mm]a(?![dj])|MA|M(?![IiA]|a(?!dd)))"
    r"|(?P<minor>[Mm]in(?:or)?|MIN|[Mm]i|MI|m|-(?![\d+-]))"
    r"|(?P<half>[øØ∅]|half[\s-]?dim(?:inished)?)"
    r"|(?P<omit>(?:no|omit)\s?(?P<left_out>3|5|7|9|11|13)(?:rd|th)?)"
    r"|(?P<dim>dim(?:inished)?|DIM|[°º˚o])"
    r"|(?P<aug>aug(?:mented)?|AUG|\+(?!\d))"
    r"|(?P<dominant>dom(?:inant)?)"
    r"|(?P<sus>(?:sus(?:pended)?|SUS)\s?(?P<instead>24|42|2|4|))"
    r"|(?P<add>(?:add|ADD)\s?(?P<added>[#b]?(?:13|11|9|6|4|2)))"
    r"|(?P<alt>alt(?:ered)?)"
    r"|(?P<alteration>(?P<sign>[#b+-])(?P<of>13|11|9|7|6|5|4|2))"
    r"|(?P<number>13|11|9|7|69|6|5|2)(?:th)?(?!\d)"
)


@dataclass(slots=True)
class _Symbol:
    """What the tokens of a symbol say."""

    base: str = ""
    major: bool = False
    triangle: bool = False
    number: str = ""
    alt: bool = False
    gap: bool = False
    sus: set[str] = field(default_factory=set)
    altered: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    omitted: list[str] = field(default_factory=list)


class _Unreadable(Exception):
    """The text is no chord symbol."""


def semitones(degrees: Degrees) -> tuple[int, ...]:
    """Give the semitones above the root of each degree."""
    return tuple(_SEMITONES[degree] for degree in degrees)


@lru_cache(maxsize=4096)
def degrees_of_quality(text: str) -> Degrees | None:
    """Read what follows a chord's root; None where it is no quality.

    >>> degrees_of_quality("-7(b5)"), degrees_of_quality("13sus"), degrees_of_quality("zz")
    (('1', 'b3', 'b5', 'b7'), ('1', '4', '5', 'b7', '9', '13'), None)
    """
    text = text.strip().translate(_SIGNS)
    # In front, - is minor and + augmented, but -5 and +5 are the fifth.
    text = re.sub(r"^/(?=(?:9|11|13)$)", "add", text)
    text = re.sub(r"^([-+])(?=5(?!\d))", lambda sign: {"-": "b", "+": "#"}[sign[1]], text)
    text = re.sub(r"^([-+])", lambda sign: {"-": "m", "+": "aug"}[sign[1]], text)
    if text.endswith(("/", ",", "(")) or text.count("(") != text.count(")"):
        return None
    try:
        return _degrees(_read(text))
    except _Unreadable:
        return None


def _read(text: str) -> _Symbol:
    symbol, place = _Symbol(), 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise _Unreadable
        _READERS[str(token.lastgroup)](symbol, token)
        symbol.gap, place = token.lastgroup == "gap", token.end()
    return symbol


def _skip(_symbol: _Symbol, _token: re.Match[str]) -> None:
    """A gap says nothing."""


def _base(symbol: _Symbol, token: re.Match[str]) -> None:
    kind = str(token.lastgroup)
    if kind == "aug" and symbol.number and not symbol.base:
        symbol.altered.append("#5")  # C7+
        return
    if symbol.base or symbol.major or symbol.number or symbol.sus or symbol.altered or symbol.added:
        raise _Unreadable
    symbol.base = kind


def _major(symbol: _Symbol, token: re.Match[str]) -> None:
    if symbol.major or symbol.base == "dominant" or symbol.number not in {"", "7", "9", "11", "13"}:
        raise _Unreadable
    symbol.major = True
    symbol.triangle = token["triangle"] is not None


def _number(symbol: _Symbol, token: re.Match[str]) -> None:
    number = token["number"]
    if not symbol.number:
        symbol.number = number
    elif symbol.gap and number not in {"69", "5", "7"}:
        symbol.added.append(number)
    else:
        raise _Unreadable


def _sus(symbol: _Symbol, token: re.Match[str]) -> None:
    symbol.sus |= set(token["instead"] or "4")


def _add(symbol: _Symbol, token: re.Match[str]) -> None:
    symbol.added.append(token["added"])


def _omit(symbol: _Symbol, token: re.Match[str]) -> None:
    symbol.omitted.append(token["left_out"])


def _alt(symbol: _Symbol, _token: re.Match[str]) -> None:
    symbol.alt = True


def _alter(symbol: _Symbol, token: re.Match[str]) -> None:
    degree = {"+": "#", "-": "b"}.get(token["sign"], token["sign"]) + token["of"]
    if degree == "#7" and not symbol.major:
        symbol.major = symbol.triangle = True
        return
    degree = _SAME.get(degree, degree)
    if degree not in _ALTERED:
        raise _Unreadable
    symbol.altered.append(degree)


_READERS = {
    "gap": _skip, "triangle": _major, "major": _major, "minor": _base, "half": _base, "omit": _omit, "dim": _base,
    "aug": _base, "dominant": _base, "sus": _sus, "add": _add, "alt": _alt, "alteration": _alter, "number": _number,
}  # fmt: skip


def _degrees(symbol: _Symbol) -> Degrees:
    _check(symbol)
    if symbol.alt:
        return ALT
    found = _stacked(symbol)
    for degree in symbol.altered:
        found.discard(degree[1:])
        found.add(degree)
    for degree in symbol.added:
        tone = _SAME.get(degree, degree)
        found.add("6" if tone == "13" and not found & SEVENTHS else tone)
    for degree in symbol.omitted:
        gone = found & {degree, f"b{degree}"} if degree in {"3", "7"} else found & {degree}
        if not gone:
            raise _Unreadable
        found -= gone
    if len(found) < 2:
        raise _Unreadable
    return tuple(sorted(found, key=ORDER.__getitem__))


def _check(symbol: _Symbol) -> None:
    """Refuse what contradicts itself."""
    diminished = symbol.base in {"dim", "half"}
    more = symbol.base or symbol.major or symbol.sus or symbol.altered or symbol.added or symbol.omitted
    wrong = (
        (symbol.base == "dominant" and symbol.number not in {"7", "9", "11", "13"})
        or (symbol.major and not symbol.triangle and not symbol.number and symbol.base)
        or (symbol.number == "5" and (symbol.base or symbol.major or symbol.sus or symbol.altered))
        or (symbol.base == "half" and symbol.number in {"2", "6", "69"})
        or (diminished and (symbol.sus or symbol.omitted or "#5" in symbol.altered))
        or (symbol.alt and (more or symbol.number not in {"", "7"}))
    )
    if wrong:
        raise _Unreadable


def _stacked(symbol: _Symbol) -> set[str]:
    """Triad, seventh and what the number implies."""
    minor = symbol.base in {"minor", "dim", "half"} and not symbol.sus
    third = set(symbol.sus) or ({"b3"} if minor else set() if symbol.number == "5" else {"3"})
    fifth = {"dim": "b5", "half": "b5", "aug": "#5"}.get(symbol.base, "5")
    found = {"1", fifth} | third
    if symbol.number in IMPLIED or (not symbol.number and (symbol.triangle or symbol.base == "half")):
        flat = "bb7" if symbol.base == "dim" else "b7"
        found |= {"7" if symbol.major else flat, *IMPLIED[symbol.number or "7"]}
    if symbol.number == "13" and minor:
        found.add("11")
    return found | {"6": {"6"}, "69": {"6", "9"}, "2": {"9"}}.get(symbol.number, set())
