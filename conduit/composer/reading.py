"""Readers of a brief's exact facts: length, metre, tempo, key, chords, seed.

Each takes what it understands off the page; a fact that cannot be (``500 bars``) raises ``ValueError``.
"""

from __future__ import annotations

import difflib
import re

from conduit.composer.page import NUMBER, Page, number
from conduit.composer.words import MODES
from conduit.errors import ClipError
from conduit.music import SCALES, Key, Meter, pitch_name
from conduit.music.chord import Chord, roman

__all__ = [
    "MAX_BARS",
    "checked_bars",
    "checked_bpm",
    "fact_at",
    "key_of_chords",
    "read_bars",
    "read_bpm",
    "read_key",
    "read_meter",
    "read_mode",
    "read_numerals",
    "read_seed",
    "read_symbols",
]

MAX_BARS = 128
_MIN_BPM, _MAX_BPM = 20.0, 999.0

_BAR = r"(?:bars?|measures?|takten?|takte|mesures?|compas(?:es)?|battut[ae]|compassos?)\b"
_NOT_LENGTH = re.compile(
    rf"\b(?:every|each|per) (?:{NUMBER} ?)?(?:{_BAR}|beats?\b)|\b(?:on|in) bars? \d{{1,3}}\b"
)
_PART_OF_BAR = re.compile(rf"\b(?:half|quarter|third)(?: of)? (?:an? |one )?{_BAR}")
_LENGTH = re.compile(rf"({NUMBER}) ?(?:whole |full )?{_BAR}|\bbars? ?[:=] ?(-?\d{{1,9}}(?:\.\d)?)")
_BEATS = re.compile(rf"({NUMBER}) (?:quarter )?beats?\b(?! per)")

_NOTE_VALUE = re.compile(r"\b1 ?/ ?(?:4|8|16|32)(?: ?(?:th|note|notes|s)\b|(?= |\||$|,))")
_METER = re.compile(r"(?<![\d/])(\d{1,3}) ?/ ?(\d{1,3})(?![\d/])(?: time\b| takt\b)?")
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

_ACCIDENTALS = {"#": "#", "♯": "#", "sharp": "#", "b": "b", "♭": "b", "flat": "b"}
_ACCIDENTAL = r"(?P<acc> ?(?:#|♯|♭)| (?:sharp|flat)|b(?![a-z])|b(?=m(?:in|aj)?\b)| b(?= ))?"
_MODE_WORDS = {word.strip(): mode for mode, words in MODES.items() for word in words.split(",")}
_SHORT_MODES = {"m": "minor", "min": "minor", "maj": "major"}
_MODE = "|".join(sorted(_MODE_WORDS, key=lambda word: (-len(word), word)))
_KEY = re.compile(
    r"(?P<lead>\b(?:in|(?:in the )?key(?: of| to)?|(?:transpose|change|move|take|go)(?: it| this)? to)[:=]? )?"
    rf"\b(?P<tonic>[a-g]){_ACCIDENTAL}"
    rf"(?:(?P<short>m|min|maj)\b| ?(?P<mode>{_MODE})\b)?(?P<noun> (?:key|mode|scale|feel|mood|tonality)\b)?"
    r"(?![\w#♯♭'])"
)
_GERMAN = re.compile(r"\b(?:in )?(?P<tonic>[a-h])(?P<acc>is|es|s)? ?(?P<mode>dur|moll)\b")
_SOLFEGE = {"do": "C", "re": "D", "mi": "E", "fa": "F", "sol": "G", "la": "A", "si": "B"}
_ROMANCE = re.compile(
    rf"\b(?:en |in |em )?(?P<tonic>{'|'.join(_SOLFEGE)})"
    rf"(?: ?(?P<acc>#|diese|sostenido|sustenido|diesis|bemolle|bemol))? (?P<mode>{_MODE})\b"
)
_NO_NOTE = re.compile(rf"\b(?P<tonic>[h-z]){_ACCIDENTAL} (?P<mode>{_MODE})\b")
_EXOTIC = (
    "super ?locrian|altered|hungarian|octatonic|chromatic|diminished|hirajoshi|persian|japanese|arabic|gypsy"
    "|byzantine|enigmatic|neapolitan|egyptian|bebop|double harmonic|insen|iwato|kumoi|romanian|prometheus|augmented"
    "|hexatonic"
)
_NO_SCALE = re.compile(
    rf"(?P<lead>\b(?:in|key of) )?\b(?P<tonic>[a-g]){_ACCIDENTAL} "
    rf"(?P<scale>{_EXOTIC}|[a-z]{{5,14}})\b(?: scale| mode)?"
)
_LONE_MODE = re.compile(rf"\b(?:(?P<mode>{_MODE})\b)(?: (?:key|mode|scale)\b)?")

_CHORD = (
    r"[A-G](?:#|b|♯|♭)?(?:maj|min|dim|aug|sus|add|m|M|°|ø|\+)?[0-9]{0,2}(?:[#b](?:5|9|11))?"
    r"(?:sus4|sus2|sus|add9)?(?:/[A-G9][#b]?)?"
)
_BETWEEN = r"[\s,|>→\u2013-]"
_CHORD_RUN = re.compile(rf"(?<![\w#]){_CHORD}(?:{_BETWEEN}{{1,4}}{_CHORD})+(?![\w#])")
_NUMERAL = r"[b#]?(?:VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(?:maj7|maj9|m7b5|7|9|°|dim|ø|sus4|sus2)?"
_ROMAN_RUN = re.compile(rf"(?<![\w'])(?:{_NUMERAL})(?:{_BETWEEN}{{1,3}}(?:{_NUMERAL})(?![\w']))+")


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


def fact_at(page: Page, position: int) -> int | None:
    """Give where a key, tempo, length or metre that begins at a position ends; None where none begins."""
    found = [
        (pattern, pattern.match(page.text, position))
        for pattern in (_KEY, _BPM, _LENGTH, _METER, _METER_WORD)
    ]
    return next((m.end() for pattern, m in found if m and (pattern is not _KEY or _is_key(m, page))), None)


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


def read_key(page: Page, *, usual_mode: str) -> Key | None:
    """Take keys off the page; give the first.

    Args:
        page: Where to read.
        usual_mode: The scale of a note that stands without one (``in A``).
    """
    keys = [_german(match) for match in page.take(_GERMAN)]
    keys += [_romance(match) for match in page.take(_ROMANCE)]
    _refuse_notes(page)
    plain = [match for match in _KEY.finditer(page.text) if _is_key(match, page)]
    for match in plain:
        mode = _SHORT_MODES.get(match["short"] or "") or _MODE_WORDS.get(match["mode"] or "") or usual_mode
        _refuse_scale(match, page)
        keys.append(Key(_tonic(match) + " " + mode))
    spans = {match.span() for match in plain}
    page.take_spans(sorted(spans))
    if not keys:
        _refuse_scales(page)
    return keys[0] if keys else None


def read_mode(page: Page) -> str | None:
    """Take a scale without a note off the page: ``a dorian bassline``, ``in a minor key``."""
    found = page.take(_LONE_MODE)
    return _MODE_WORDS[found[0]["mode"]] if found else None


def _is_key(match: re.Match[str], page: Page) -> bool:
    """Tell a key from the article, the word ``am`` and a lone letter."""
    capital = page.written(match, "tonic").isupper()
    named = bool(match["lead"])
    if match["short"]:
        return capital or named
    if match["mode"]:
        article = match["tonic"] == "a" and not match["acc"] and not capital
        common = match["mode"] in {"minor", "major"}
        return not article or (not match["noun"] and (common or named))
    return named and capital


def _tonic(match: re.Match[str]) -> str:
    accidental = _ACCIDENTALS[match["acc"].strip()] if match["acc"] else ""
    return match["tonic"].upper() + accidental


def _german(match: re.Match[str]) -> Key:
    letter = {"h": "B", "b": "Bb"}.get(match["tonic"], match["tonic"].upper())
    accidental = {"is": "#", None: ""}.get(match["acc"], "b")
    return Key(letter + accidental + " " + _MODE_WORDS[match["mode"]])


def _romance(match: re.Match[str]) -> Key:
    sharp = match["acc"] in {"#", "diese", "sostenido", "sustenido", "diesis"}
    accidental = ("#" if sharp else "b") if match["acc"] else ""
    return Key(_SOLFEGE[match["tonic"]] + accidental + " " + _MODE_WORDS[match["mode"]])


def _refuse_notes(page: Page) -> None:
    for match in page.take(_NO_NOTE):
        name = page.written(match)
        raise ValueError(
            f"{name!r} is not a key: notes are A to G, with # or b, and scales are {', '.join(SCALES)}."
        )


def _refuse_scales(page: Page) -> None:
    for match in _NO_SCALE.finditer(page.text):
        _refuse_scale_word(match, page)


def _refuse_scale(match: re.Match[str], page: Page) -> None:
    """A bare ``in C`` may be the beginning of a scale that is not known."""
    longer = None if match["mode"] or match["short"] else _NO_SCALE.match(page.text, match.start())
    if longer:
        _refuse_scale_word(longer, page)


def _refuse_scale_word(match: re.Match[str], page: Page) -> None:
    word = match["scale"]
    exotic = re.fullmatch(_EXOTIC, word)
    near = difflib.get_close_matches(word, [name for name in SCALES if " " not in name], n=1, cutoff=0.8)
    if not page.written(match, "tonic").isupper() or not (exotic or near):
        return
    hint = f" Did you mean {near[0]}?" if near else ""
    raise ValueError(f"I do not know the scale {word!r}.{hint} The scales are {', '.join(SCALES)}.")


def read_symbols(page: Page) -> tuple[Chord, ...]:
    """Take a progression of chord symbols off the page; two count when one has a quality, three always."""
    for match in _CHORD_RUN.finditer(page.original):
        symbols = re.split(f"{_BETWEEN}+", match[0])
        if len(symbols) > 2 or any(len(symbol) > 1 for symbol in symbols):
            page.take_spans([match.span()])
            return tuple(_chord(symbol) for symbol in symbols[:MAX_BARS])
    return ()


def read_numerals(page: Page, *, key: Key | None) -> tuple[Chord, ...]:
    """Take a progression of Roman numerals off the page; without a key they count in C major."""
    for match in _ROMAN_RUN.finditer(page.original):
        numerals = re.split(f"{_BETWEEN}+", match[0])
        if any(numeral.upper() != "I" for numeral in numerals):
            page.take_spans([match.span()])
            return tuple(roman(numeral, key=key or Key("C major")) for numeral in numerals[:MAX_BARS])
    return ()


def _chord(symbol: str) -> Chord:
    try:
        return Chord.parse(symbol)
    except ClipError as error:
        raise ValueError(error.message[0].upper() + error.message[1:]) from error


def key_of_chords(chords: tuple[Chord, ...]) -> Key:
    """Give the major or minor key that holds most of the chords' notes, rather that of the first or last."""

    def fitness(key: Key) -> tuple[int, int, int]:
        inside = sum(pc in key.pitch_classes for chord in chords for pc in chord.pitch_classes[:4])
        home = (chords[0].root == key.root) + (chords[-1].root == key.root)
        third = (key.root + (3 if key.scale == "minor" else 4)) % 12
        at_home = sum(chord.root == key.root and third in chord.pitch_classes for chord in chords)
        return inside, home, at_home

    keys = [
        Key(f"{pitch_name(pc, flats=pc in {1, 3, 8, 10})[:-2]} {mode}")
        for pc in range(12)
        for mode in ("minor", "major")
    ]
    return max(keys, key=fitness)
