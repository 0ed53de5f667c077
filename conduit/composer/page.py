"""A text being read: what is understood is taken off the page, what stays is looked up or left out."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

__all__ = ["NUMBER", "Page", "fold", "number"]

_BREAK = "|"
_MINUS = re.compile(r"(?<!\S)-(?=\d)")  # a hyphen that keeps its meaning: -3 bars
_COUNTS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_FOREIGN = {
    1: "ein eine einen un une una uno uma um", 2: "zwei deux dos due dois duas", 3: "drei trois tres tre",
    4: "vier quatre cuatro quattro quatro", 5: "funf cinq cinco cinque", 6: "sechs six seis sei",
    7: "sieben sept siete sette sete", 8: "acht huit ocho otto oito", 10: "zehn dix diez dieci dez",
    12: "zwolf douze doce dodici doze", 16: "sechzehn seize dieciseis sedici dezesseis",
    32: "zweiunddreissig", 64: "vierundsechzig",
}  # fmt: skip


@cache
def _numbers() -> dict[str, int]:
    counts = _COUNTS.split()
    words = {word: value for value, word in enumerate(counts)}
    for ten, value in _TENS.items():
        words[ten] = value
        words |= {f"{ten} {unit}": value + index for index, unit in enumerate(counts[:10]) if index}
    words |= {f"{hundred} hundred": 100 for hundred in ("a", "one")}
    words |= {"hundred": 100, "a couple of": 2, "couple of": 2, "a few": 4, "a": 1, "an": 1, "single": 1}
    words |= {"one hundred and twenty eight": 128, "one hundred twenty eight": 128, "a single": 1}
    for value, foreign in _FOREIGN.items():
        words |= {word: value for word in foreign.split() if word not in words}
    return words


def _number_pattern() -> str:
    words = sorted(_numbers(), key=lambda word: (-len(word), word))
    return rf"(?:(?<![\d.,])-?\d{{1,9}}(?:\.\d{{1,3}})?|\b(?:{'|'.join(words)}))(?!\d)"


NUMBER = _number_pattern()
"""A pattern for a number in digits or words, folded."""


def number(text: str) -> float:
    """Give the value of what ``NUMBER`` found."""
    return float(_numbers()[text]) if text in _numbers() else float(text)


def fold(text: str) -> str:
    """Give a text in small letters without accents, as long as it was; hyphens and dashes become spaces."""
    return "".join(_folded(letter) for letter in text)


def _folded(letter: str) -> str:
    if letter in "-\u2010\u2011\u2012\u2013\u2014_":
        return " "
    if letter in "\u2019\u2018`":
        return "'"
    plain = unicodedata.normalize("NFKD", letter)[:1].lower()
    return plain if len(plain) == 1 else letter


class Page:
    """A text from which readers take what they understand.

    Attributes:
        original: The text with single spaces.
        text: The same folded, with what was taken blanked; a letter stands where it stands in ``original``.
    """

    def __init__(self, text: str) -> None:
        self.original = " ".join(unicodedata.normalize("NFC", text).split())
        self.text = fold(_MINUS.sub("\x01", self.original)).replace("\x01", "-")
        self.taken = 0

    def take(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Take every match off the page."""
        found: list[re.Match[str]] = []

        def blank(match: re.Match[str]) -> str:
            found.append(match)
            return _BREAK * len(match[0])

        self.text = pattern.sub(blank, self.text)
        self.taken += len(found)
        return found

    def take_spans(self, spans: list[tuple[int, int]]) -> None:
        """Take these stretches off the page."""
        for start, end in spans:
            self.text = self.text[:start] + _BREAK * (end - start) + self.text[end:]
        self.taken += len(spans)

    def written(self, match: re.Match[str], group: int | str = 0) -> str:
        """Give what a match, or a group of it, was in the original letters."""
        return self.original[match.start(group) : match.end(group)]
