"""Keys read off a page: a note and a scale in their English, German and Romance spellings, or a scale alone."""

from __future__ import annotations

import difflib
import re

from conduit.composer.mode_words import MODES, SHY
from conduit.composer.page import Page
from conduit.music import Key
from conduit.music.modes import SCALE_NAMES, scale_name

__all__ = ["key_at", "read_key", "read_mode"]

_ACCIDENTALS = {"#": "#", "♯": "#", "sharp": "#", "b": "b", "♭": "b", "flat": "b"}
_ACCIDENTAL = r"(?P<acc> ?(?:#|♯|♭)| (?:sharp|flat)|b(?![a-z])|b(?=(?:m|mi|min|ma|maj)\b)| b(?= ))?"
_SHORT_MODES = {"m": "minor", "mi": "minor", "min": "minor", "ma": "major", "maj": "major"}
_MODE_WORDS = {word.strip(): mode for mode, words in MODES.items() for word in words.split(",")}
_ALONE = "|".join(map(re.escape, sorted(_MODE_WORDS, key=lambda word: (-len(word), word))))
_SHORTENED = {
    re.sub(r"\b(min|maj)or\b", r"\1", word): mode for word, mode in _MODE_WORDS.items() if "or" in word
}
_MODE_WORDS |= {word: scale_name(word) for word in SHY} | _SHORTENED
_COMMON = frozenset({"minor", "major"})
_SHORT_WORD = 4
_MODE = "|".join(map(re.escape, sorted(_MODE_WORDS, key=lambda word: (-len(word), word))))
_KEY = re.compile(
    r"(?P<lead>\b(?:in|(?:in the )?key(?: of| to)?|(?:transpose|change|move|take|go)(?: it| this)? to)[:=]? )?"
    rf"\b(?P<tonic>[a-g]){_ACCIDENTAL}"
    rf"(?:(?P<short>m|mi|min|ma|maj)\b\.?| ?(?P<mode>{_MODE})\b\.?| (?P<apart>mi|ma|m)\b\.?)?"
    r"(?P<noun> (?:key|mode|scale|feel|mood|tonality)\b)?"
    r"(?![\w#♯♭'])"
)
_GERMAN = re.compile(r"\b(?:in )?(?P<tonic>[a-h])(?P<acc>is|es|s)? ?(?P<mode>dur|moll)\b")
_SOLFEGE = {"do": "C", "re": "D", "mi": "E", "fa": "F", "sol": "G", "la": "A", "si": "B"}
_ROMANCE = re.compile(
    rf"\b(?:en |in |em )?(?P<tonic>{'|'.join(_SOLFEGE)})"
    rf"(?: ?(?P<acc>#|diese|sostenido|sustenido|diesis|bemolle|bemol))? (?P<mode>{_MODE})\b"
)
_NO_NOTE = re.compile(rf"(?<![\w'])(?P<tonic>[h-z]){_ACCIDENTAL} (?P<mode>{_ALONE})\b")
_NO_SCALE = re.compile(
    rf"(?P<lead>\b(?:in|key of) )?\b(?P<tonic>[a-g]){_ACCIDENTAL} "
    r"(?P<scale>[a-z]{4,14})\b(?: scale| mode)?"
)
_LONE_MODE = re.compile(
    rf"\b(?:(?P<mode>{_ALONE})\b(?: (?:key|mode|scale)\b)?|(?P<short>min|maj) (?:key|mode|scale)\b)"
)


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
        short = _SHORT_MODES.get(match["short"] or match["apart"] or "")
        mode = short or _MODE_WORDS.get(match["mode"] or "") or usual_mode
        _refuse_scale(match, page)
        keys.append(Key(_tonic(match) + " " + mode))
    spans = {match.span() for match in plain}
    page.take_spans(sorted(spans))
    if not keys:
        _refuse_scales(page)
    return keys[0] if keys else None


def key_at(page: Page, position: int) -> int | None:
    """Give where a key that begins at a position ends; None where none begins."""
    match = _KEY.match(page.text, position)
    return match.end() if match and _is_key(match, page) else None


def read_mode(page: Page) -> str | None:
    """Take a scale without a note off the page: ``a dorian bassline``, ``in a minor key``."""
    found = page.take(_LONE_MODE)
    return _MODE_WORDS[found[0]["mode"] or found[0]["short"]] if found else None


def _is_key(match: re.Match[str], page: Page) -> bool:
    """Tell a key from the article, the word ``am`` and a lone letter."""
    capital = page.written(match, "tonic").isupper()
    named = bool(match["lead"])
    if match["short"] in {"mi", "ma"} and match["tonic"] in "ae" and not match["acc"]:
        return named  # Ami and Emi are names
    if match["short"]:
        return capital or named or (match["short"] in _MODE_WORDS and match["tonic"] != "a")
    if match["mode"] in SHY:
        return named or bool(match["noun"])
    if match["mode"]:
        article = match["tonic"] == "a" and not match["acc"] and not capital
        common = _MODE_WORDS[match["mode"]] in _COMMON
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
            f"{name!r} is not a key: notes are A to G, with # or b. Did you mean {_nearest_key(match)}?"
        )


def _nearest_key(match: re.Match[str]) -> str:
    """The key with the tonic that comes near: B for the German H, else A."""
    return f"{'B' if match['tonic'] == 'h' else 'A'} {_MODE_WORDS[match['mode']]}"


def _refuse_scales(page: Page) -> None:
    for match in _NO_SCALE.finditer(page.text):
        _refuse_scale_word(match, page)


def _refuse_scale(match: re.Match[str], page: Page) -> None:
    """A bare ``in C`` may be the beginning of a scale that is not known."""
    read = match["mode"] or match["short"] or match["apart"]
    longer = None if read else _NO_SCALE.match(page.text, match.start())
    if longer:
        _refuse_scale_word(longer, page)


def _refuse_scale_word(match: re.Match[str], page: Page) -> None:
    word = match["scale"]
    near = difflib.get_close_matches(word, [name for name in SCALE_NAMES if " " not in name], n=1, cutoff=0.8)
    if not near or near[0] == word:
        return
    common = near[0] in _COMMON
    # A short word such as blue says too much else; after "in a" only minor and major are meant.
    sure = common or len(word) > _SHORT_WORD
    if sure and (page.written(match, "tonic").isupper() or (common and match["lead"])):
        raise ValueError(f"I do not know the scale {word!r}. Did you mean {near[0]}?")
