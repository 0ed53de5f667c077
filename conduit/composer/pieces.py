"""What is said about the pieces of a drum kit: "only hi-hats", "without the clap", "snare on 3", "no fill"."""

from __future__ import annotations

import re
from dataclasses import replace

from conduit.band.kit import EVERY, OFF, Pieces
from conduit.composer.page import Page, fold
from conduit.composer.words import PIECE_WORDS, ROLES
from conduit.music import Meter
from conduit.music.pulse import pulse_starts

__all__ = [
    "PIECE_LIST",
    "WITH_PIECES",
    "described",
    "joined",
    "merged",
    "pieces_in",
    "read_added",
    "read_fills",
    "read_pieces",
    "usually",
]

_PIECES = {fold(word): piece for piece, words in PIECE_WORDS.items() for word in words.split(", ")}


def _any(words: list[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


_PIECE = rf"\b(?:{_any(list(_PIECES))})\b"
_ITEM = rf"{_PIECE}(?: (?:pattern|part|loop|line|track)s?\b)?"
_JOINT = r"(?: ?[,&+] ?(?:and )?| (?:and|plus|or|y|und|et) )"
_LIST = rf"{_ITEM}(?:{_JOINT}(?:(?:an?|the|some) )?{_ITEM})*"
PIECE_LIST = _LIST
"""A pattern for one piece of the kit or several joined, folded."""

_SOME = "(?: (?:an?|the|some|lots of|plenty of|a bit of|big|loud|soft|nice|subtle|light|heavy|crisp))*"
WITH_PIECES = (
    rf"(?:with|add|plus|featuring|including|put in|bring in){_SOME}"
    rf" (?P<list>{_LIST})(?! (?:on|rolls?|fills?|only|alone|instead)\b)"
)
"""A pattern for pieces that are to be put in, after a word boundary."""

_ADDED = re.compile(rf"\b{WITH_PIECES}")
_JOINED_ON = re.compile(
    rf"\b(?:drums?|beats?|drum (?:loop|pattern|groove|beat)|groove|percussion)"
    rf" ?(?:and|&|\+|,|:){_SOME} (?P<list>{_LIST})"
    r"(?! (?:on|rolls?|fills?|only|alone|instead)\b)"
)
_INSTEAD = re.compile(rf"(?P<list>{_LIST}) (?:instead of|in place of|rather than)\b")
_USUAL = {"tambourine": "2 4", "snare": "2 4", "clap": "2 4", "rim": "2 4", "crash": "1", "toms": "4",
          "shaker": OFF, "conga": OFF, "hats": OFF, "open hats": OFF}  # fmt: skip
_FOUND = re.compile(_PIECE)
_ONLY = re.compile(
    rf"\b(?:only|just|solo|solely|nothing but|nur)(?: (?:use|with|play|keep|have|an?|the|some|one))*"
    rf" (?P<before>{_LIST})"
    rf"|(?P<after>{_LIST}) (?:only|alone|solo|nur)\b"
)
_REMOVED = re.compile(
    rf"\b(?:remove|take out|take away|mute|lose|delete|leave out|drop|cut|kill)(?: (?:all|the|that|those))*"
    rf" (?P<list>{_LIST})"
)
_NTH = r"(?:[1-9](?:st|nd|rd|th)?|one|two|three|four|five|six|seven|first|second|third|fourth)\b"
_ON = re.compile(
    rf"(?P<list>{_LIST})(?: (?:drums?|hits?|is|are|only|just|played))* on "
    r"(?:(?P<every>(?:every|each|all)(?: (?:four|4|the|single))* (?:beats?|quarters?(?: notes?)?)\b|the beat\b)"
    r"|(?P<off>(?:the )?off ?beats?\b|the ands?\b)"
    rf"|(?:the )?(?:beats? )?(?P<beats>{_NTH}(?: ?(?:,|and|&|\+) ?{_NTH})*)(?! ?(?:bars?|bpm|tracks?)))"
)
_GENERIC = re.compile(rf"\b(?:{_any(ROLES['drums'].split(', '))})\b")
_GENRES = re.compile(r"drum (?:and|&|n) bass")
_WITH = re.compile(rf"\b(?:with|add|more|less|louder|softer)(?: (?:an?|the|some))? {_PIECE}")
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "first": 1, "second": 2,
           "third": 3, "fourth": 4}  # fmt: skip

_NO_FILL = re.compile(r"\b(?:no|without|with no|without any|not any|minus|ohne) (?:drum |any )?fills?\b")
_FILL = re.compile(r"\b(?:with|and|add|plus|include)(?: (?:an?|some|one|short|little|big|drum))* fills?\b")


def pieces_in(text: str) -> tuple[str, ...]:
    """Give the pieces that a folded text names, in order.

    >>> pieces_in("a kick drum and hi hats")
    ('kick', 'hats')
    """
    return tuple(dict.fromkeys(_PIECES[match[0]] for match in _FOUND.finditer(text)))


def read_fills(page: Page) -> bool | None:
    """Take what is said of fills off the page: True with, False without, None where nothing is said."""
    if page.take(_NO_FILL):
        return False
    return True if page.take(_FILL) else None


def usually(piece: str, meter: Meter) -> str:
    """Give where in the bar a piece plays that was asked for without a place.

    >>> usually("tambourine", Meter(4, 4)), usually("tambourine", Meter(3, 4))
    ('2 4', '2')
    """
    where = _USUAL.get(piece, EVERY)
    if where in {EVERY, OFF}:
        return where
    count = len(pulse_starts(meter))
    return " ".join(beat for beat in where.split() if int(beat) <= count) or EVERY


def read_added(page: Page) -> tuple[str, ...]:
    """Give the pieces that are to play besides those of the beat: ``house drums with a cowbell``.

    Nothing is taken off the page: the pieces name the part too.
    """
    text = _GENRES.sub("", page.text)
    found = (match for pattern in (_ADDED, _JOINED_ON, _INSTEAD) for match in pattern.finditer(text))
    return tuple(dict.fromkeys(piece for match in found for piece in pieces_in(match["list"])))


def read_pieces(page: Page, *, named: bool = True) -> Pieces:
    """Read which pieces of the kit are to play; only where they play is taken off the page.

    Args:
        page: Where to read.
        named: Whether pieces alone (``a hi-hat pattern``) ask for nothing else.
    """
    text = _GENRES.sub("", page.text)
    only: tuple[str, ...] = ()
    for match in _ONLY.finditer(text):
        only += pieces_in(match["before"] or match["after"])
    without = sum((pieces_in(match["list"]) for match in _REMOVED.finditer(text)), ())
    if (
        named
        and not only
        and not without
        and not _GENERIC.search(_FOUND.sub("", text))
        and not _WITH.search(text)
    ):
        only = pieces_in(text)
    placed = _placed(page)
    return Pieces(only=tuple(dict.fromkeys(only)), without=without, placed=placed)


def _placed(page: Page) -> tuple[tuple[str, str], ...]:
    placed: dict[str, str] = {}
    for match in _ON.finditer(page.text):
        where = EVERY if match["every"] else OFF if match["off"] else _beats(match["beats"])
        placed |= dict.fromkeys(pieces_in(match["list"]), where)
        page.take_spans([(match.end("list"), match.end())])
    return tuple(placed.items())


def _beats(text: str) -> str:
    found = [
        _COUNTS.get(word) or int(word[0]) for word in re.findall(r"[1-9]|[a-z]{3,}", text) if word != "and"
    ]
    return " ".join(str(beat) for beat in sorted(set(found)))


def described(pieces: Pieces) -> list[str]:
    """Say which pieces play, for a person.

    >>> described(Pieces(only=("kick", "snare"), placed=(("clap", "2 4"),)))
    ['Only kick and snare.', 'The clap plays on 2 and 4.']
    """
    said = []
    if pieces.only:
        said.append(f"Only {joined(pieces.only)}.")
    if pieces.without:
        said.append(f"Without {joined(pieces.without)}.")
    for piece, where in pieces.placed:
        verb = "play" if piece.endswith("s") else "plays"
        said.append(
            f"The {piece} {verb} on {where if where in {EVERY, OFF} else joined(tuple(where.split()))}."
        )
    return said


def joined(names: tuple[str, ...]) -> str:
    """Give names as a person says them: with commas, and an "and" before the last."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def merged(pieces: Pieces, *, without: tuple[str, ...]) -> Pieces:
    """Give the pieces with more of them silent."""
    return replace(
        pieces,
        without=tuple(dict.fromkeys([*pieces.without, *without])),
        only=tuple(piece for piece in pieces.only if piece not in without),
    )
