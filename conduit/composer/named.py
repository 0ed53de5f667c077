"""Numbers and pitches as models write them in JSON: as numbers, as texts, by names of notes and of drums."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from conduit.composer.aliases import DRUM_WORDS, FACT_PARTS, NOTE_FIELDS, plain
from conduit.composer.loose import Object
from conduit.composer.repair import Ledger
from conduit.errors import ClipError
from conduit.music import pitch_class
from conduit.music.chord import Chord

__all__ = ["Pitches", "fact", "number", "read_pitches"]

_NAME = re.compile(r"([A-Ga-g])(##|bb|#|b|x|s|♯|♭)?[ _]?(-?\d{1,2})?")
_SIGNS = {"s": "#", "♯": "#", "♭": "b", "x": "##"}
_APART = re.compile(r"[\s,;+|]+")
_FARTHEST = 128  # semitones outside 0-127 from where a pitch is still brought back
_LONGEST_CHORD = 24  # characters
_UNDER_MIDDLE = 48
_MOST_TRIED = 64  # names that are no chords either; to find what comes near one takes a while
_MOST_TOGETHER = 128  # pitches of one row


def number(value: Any) -> float | None:
    """Give a finite number that a value is or says; None where it is none.

    >>> number("1.5"), number("60%"), number(float("nan")), number("x")
    (1.5, 60.0, None, None)
    """
    if isinstance(value, str):
        try:
            value = float(value.strip().rstrip("%"))
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        as_float = float(value)
    except OverflowError:
        return None
    return as_float if math.isfinite(as_float) else None


def fact(name: str, written: Any) -> Any:
    """Give a fact of a clip that is written as a list or an object as a text or a number; None where it is neither.

    >>> fact("meter", [7, 8]), fact("key", Object([("tonic", "A"), ("mode", "minor")]))
    ('7/8', 'A minor')
    """
    if isinstance(written, Object):
        given = {plain(key or ""): one for key, one in written.pairs}
        groups = [
            [given[one] for one in names.split() if one in given][:1] for names in FACT_PARTS.get(name, ())
        ]
        parts = [one for group in groups for one in group]
    else:
        parts = list(written)[:3]
    if any(isinstance(one, list | Object | bool) or one is None for one in parts):
        return None
    least, most, between = {"meter": (2, 2, "/"), "key": (1, 2, " ")}.get(name, (1, 1, ""))
    return between.join(map(str, parts)) if least <= len(parts) <= most else None


@dataclass(slots=True)
class Pitches:
    """The pitches of a note as it was written.

    Attributes:
        found: MIDI pitches, 0-127.
        drums: Whether some are named as drums.
        chord: Whether some are of a chord symbol.
    """

    found: list[int] = field(default_factory=list)
    drums: bool = False
    chord: bool = False


def read_pitches(given: Any, ledger: Ledger, *, drums: bool, chords: bool = False) -> Pitches:
    """Read the pitches of a note.

    Args:
        given: A number, a name, a text of several, a list, or an object that holds one.
        ledger: Where what cannot be read is written down.
        drums: Whether it stands among drums.
        chords: Whether it stands among chords: there a letter without an octave is one.
    """
    written = list(_apart(given)) or [None]
    over = len(written) - _MOST_TOGETHER
    ledger.seen(max(0, over))
    ledger.add("too_many", over, what=f"{_MOST_TOGETHER} pitches at once")
    pitches = Pitches()
    for one in written[:_MOST_TOGETHER]:
        drum = _drum(one, drums=drums)
        symbols = not drums and drum is None and ledger.count("unreadable") < _MOST_TRIED
        tones = _tones(one, chords=chords) if symbols else ()
        if drum is not None:
            ledger.seen()
            pitches.found.append(drum)
            pitches.drums = True
        elif tones:
            ledger.seen(len(tones))
            ledger.add("chords")
            pitches.found += tones
            pitches.chord = True
        elif (pitch := _pitch(one, ledger)) is not None:
            pitches.found.append(pitch)
    return pitches


def _drum(written: Any, *, drums: bool) -> int | None:
    """Give the pitch of a drum's name; elsewhere than among drums, what may be a note's name is one."""
    if not isinstance(written, str) or (not drums and _NAME.fullmatch(written.strip())):
        return None
    return DRUM_WORDS.get(plain(written)) if number(written) is None else None


def _tones(written: Any, *, chords: bool) -> tuple[int, ...]:
    """Give the pitches of a chord symbol from the root up, the root in the octave under middle C."""
    if not isinstance(written, str) or number(written) is not None or len(written) > _LONGEST_CHORD:
        return ()
    name = _NAME.fullmatch(written.strip())
    if name is not None and (name[3] or not chords):
        return ()
    try:
        chord = Chord.parse(written.strip())
    except (ClipError, ValueError):
        return ()
    bass = () if chord.bass is None else (_UNDER_MIDDLE - 12 + chord.bass,)
    return (*bass, *(_UNDER_MIDDLE + chord.root + step for step in chord.intervals))


def _apart(given: Any) -> Iterator[Any]:
    """Give pitches that stand together one by one."""
    match given:
        case list():
            for one in given:
                yield from [one] if isinstance(one, list) else _apart(one)
        case str() if number(given) is None and DRUM_WORDS.get(plain(given)) is None:
            yield from filter(None, _APART.split(given.strip()))
        case Object():
            yield from (one for key, one in given.pairs if NOTE_FIELDS.get(plain(key or "")) == "pitch")
        case _:
            yield given


def _pitch(written: Any, ledger: Ledger) -> int | None:
    """Read one pitch and note that it was seen; None where it cannot be."""
    pitch = number(written)
    if pitch is None and isinstance(written, str):
        pitch = _named(written.strip(), ledger)
    if pitch is None or not -_FARTHEST <= pitch <= 127 + _FARTHEST:
        ledger.lost(what=f"pitch {_shown(written)}")
        return None
    ledger.seen()
    whole = round(pitch)
    ledger.add("rounded", int(whole != pitch))
    if not 0 <= whole <= 127:
        ledger.add("octaves")
        whole = whole % 12 if whole < 0 else 127 - (127 - whole) % 12
    return whole


def _named(name: str, ledger: Ledger) -> float | None:
    """Read a note's name, C4 as 60."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    letter, sign, octave = match.groups()
    sign = _SIGNS.get(sign, sign) or ""
    ledger.add("named" if octave else "no_octave")
    shift = {"": 0, "#": 1, "##": 2, "b": -1, "bb": -2}[sign]
    return float((int(octave or 4) + 1) * 12 + pitch_class(letter) + shift)


def _shown(written: Any) -> str:
    if written is None:
        return "missing"
    return repr(written) if isinstance(written, str | int | float) else "of another form"
