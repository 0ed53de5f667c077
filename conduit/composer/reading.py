"""Readers of a brief's exact facts: length, metre, tempo, seed. Keys and chords have modules of their own.

Each takes what it understands off the page; a fact that cannot be (``500 bars``) raises ``ValueError``.
"""

from __future__ import annotations

import re

from conduit.composer.key_words import key_at
from conduit.composer.page import NUMBER, Page, number
from conduit.music import Meter

__all__ = [
    "MAX_BARS",
    "checked_bars",
    "checked_bpm",
    "fact_at",
    "read_bars",
    "read_bpm",
    "read_each",
    "read_meter",
    "read_seed",
]

MAX_BARS = 128
_MIN_BPM, _MAX_BPM = 20.0, 999.0

_BAR = r"(?:bars?|measures?|takten?|takte|mesures?|compas(?:es)?|battut[ae]|compassos?)\b"
_NOT_LENGTH = re.compile(
    rf"\b(?:every|each|per) (?:{NUMBER} ?)?(?:{_BAR}|beats?\b)|\b(?:on|in) bars? \d{{1,3}}\b"
)
_EACH = re.compile(
    rf"(?P<n>{NUMBER}) ?(?:whole |full )?{_BAR} ?(?:each|apiece|(?:per|a|for each|for every) chord)\b"
    rf"|\b(?:each (?:for |lasts |lasting |of )?|one chord (?:per|every|a) )(?P<n2>{NUMBER} )?{_BAR}"
)
_PART_OF_BAR = re.compile(rf"(?<!the )\b(?:half|quarter|third)(?: of)? (?:an? |one )?{_BAR}")
_LENGTH = re.compile(rf"({NUMBER}) ?(?:whole |full )?{_BAR}|\bbars? ?[:=] ?(-?\d{{1,9}}(?:\.\d)?)")
_BEATS = re.compile(rf"({NUMBER}) (?:quarter )?beats?\b(?! per)")

_NOTE_VALUE = re.compile(r"\b1 ?/ ?(?:4|8|16|32)(?: ?(?:th|note|notes|s)\b|(?= |\||$|,))")
_METER = re.compile(r"(?<![\w/#\u00b0+])(\d{1,3}) ?/ ?(\d{1,3})(?![\d/])(?: time\b| takt\b)?")
_FROM_METER = re.compile(r"(?:from )?(?<![\d/])\d{1,2}/\d{1,2} to (?=\d{1,2}/\d)")
_METER_WORDS = {
    "waltz": "3/4", "walzer": "3/4", "valse": "3/4", "vals": "3/4", "three four": "3/4", "four four": "4/4",
    "five four": "5/4", "seven four": "7/4", "six eight": "6/8", "seven eight": "7/8", "five eight": "5/8",
    "nine eight": "9/8", "twelve eight": "12/8", "common time": "4/4",
}  # fmt: skip
_METER_WORD = re.compile(rf"\b(?:{'|'.join(_METER_WORDS)})\b(?: time\b)?(?! ?{_BAR})")
_IN_COUNT = re.compile(r"\bin ([3567])(?= time\b|$| ?[,.;|])")

_BPM = re.compile(
    r"(?<![\d.,])(-?\d{1,6}(?:\.\d{1,3})?) ?(?:bpm|beats per minute)\b"
    r"|\b(?:bpm|tempo)(?: of| is| to| at|:|=)? ?(-?\d{1,6}(?:\.\d{1,3})?)(?!\d)"
    rf"|(?:\bat|@) ?(\d{{2,3}}(?:\.\d{{1,3}})?)(?![\d%/]| ?(?:{_BAR}|per))"
)
_SEED = re.compile(r"\bseed ?[:=#]? ?(\d{1,18})(?!\d)")


def checked_bars(bars: float, *, meter: Meter | None = None) -> int:
    """Give a whole number of bars from 1 to 128, or say why not."""
    if bars != int(bars):
        raise ValueError(f"A clip has whole bars, and {bars:g} is not; ask for 1 to {MAX_BARS} bars.")
    if not 1 <= bars <= MAX_BARS:
        raise ValueError(f"{bars:g} bars cannot be made: a clip has 1 to {MAX_BARS} bars.")
    if meter and bars * meter.bar > MAX_BARS * 8:
        most = f"a clip has up to {MAX_BARS * 8} quarter notes"
        raise ValueError(f"{bars:g} bars of {meter} are too long: {most}.")
    return int(bars)


def checked_bpm(bpm: float) -> float:
    """Give a tempo that Live knows, or say why not."""
    if not _MIN_BPM <= bpm <= _MAX_BPM:
        raise ValueError(f"{bpm:g} bpm cannot be: a tempo is {_MIN_BPM:g} to {_MAX_BPM:g} bpm.")
    return bpm


def read_bars(page: Page, *, meter: Meter) -> int | None:
    """Take lengths off the page; give the first."""
    page.take(_NOT_LENGTH)
    if page.take(_PART_OF_BAR):
        raise ValueError(f"A clip has whole bars; ask for 1 to {MAX_BARS} bars.")
    found = page.take(_LENGTH)
    if found:
        return checked_bars(number(found[0][1] or found[0][2]))
    beats = page.take(_BEATS)
    return checked_bars(number(beats[0][1]) / meter.bar) if beats else None


def read_each(page: Page) -> int | None:
    """Take off the page how many bars each chord is to last."""
    found = page.take(_EACH)
    if not found:
        return None
    return checked_bars(number((found[0]["n"] or found[0]["n2"] or "1").strip()))


def fact_at(page: Page, position: int) -> int | None:
    """Give where a key, tempo, length or metre that begins at a position ends; None where none begins."""
    end = key_at(page, position)
    found = (pattern.match(page.text, position) for pattern in (_BPM, _LENGTH, _METER, _METER_WORD))
    return end or next((match.end() for match in found if match), None)


def read_meter(page: Page) -> Meter | None:
    """Take metres off the page; give the first. ``1/16 notes`` is none."""
    page.take(_NOTE_VALUE)
    page.take(_FROM_METER)
    found = [f"{match[1]}/{match[2]}" for match in page.take(_METER)]
    found += [_METER_WORDS[match[0].removesuffix(" time")] for match in page.take(_METER_WORD)]
    found += [f"{match[1]}/{8 if match[1] == '6' else 4}" for match in page.take(_IN_COUNT)]
    if not found:
        return None
    try:
        return Meter.parse(found[0])
    except ValueError as error:
        raise ValueError(
            f"{found[0]} is not a metre I can write; ask for one such as 4/4, 3/4 or 7/8."
        ) from error


def read_bpm(page: Page) -> float | None:
    """Take tempi off the page; give the first."""
    found = page.take(_BPM)
    return checked_bpm(float(found[0][1] or found[0][2] or found[0][3])) if found else None


def read_seed(page: Page) -> int | None:
    """Take a seed off the page."""
    found = page.take(_SEED)
    return int(found[0][1]) if found else None
