"""The patterns of a genre file: drums, bass and groove, read and checked."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from conduit.band.beats import KEEP, VELOCITIES, Bars, Beat, Layer, Rows
from conduit.band.facts import Groove
from conduit.band.lines import TONES, Bass, Line
from conduit.errors import SetupError
from conduit.music.drums import DRUM_PITCHES

__all__ = ["LETTERS", "bass", "beat", "groove", "row", "shown", "wrong"]

LETTERS = "".join(VELOCITIES) + "_-"
"""What a row may hold; ``phrase`` says what each means."""

_BAR = (12, 16, 24)
_SILENT = "_-"
_SHOWN = 60  # characters of a value in a message
_NAMES = frozenset(TONES.values())


def shown(value: object) -> str:
    """Give a value of a genre file as a message shows it: on one line, and shortened."""
    brief = reprlib.Repr()
    brief.maxstring = brief.maxother = brief.maxlong = _SHOWN
    brief.maxlist = brief.maxdict = _SHOWN // 2
    try:
        text = brief.repr(value)
    except ValueError:  # Python writes no number of more than 4,300 digits
        return "a number of thousands of digits"
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}…"


def wrong(value: object, can_be: str, valid: Iterable[str] = ()) -> SetupError:
    """Make the error for a value that cannot be."""
    return SetupError(f"{shown(value)} cannot be; write {can_be}", valid=list(valid))


def row(value: object, *, lengths: tuple[int, ...] = _BAR, letters: str = LETTERS) -> str:
    """Read a bar's letters; spaces between them are for the eye."""
    text = value.replace(" ", "") if isinstance(value, str) else ""
    if len(text) not in lengths or set(text) - set(letters):
        counts = " or ".join(map(str, lengths))
        raise wrong(value, f"a bar of {counts} letters of {letters} (in quotes if they are digits)")
    return text


def bars(value: object) -> Bars:
    """Read a pattern, bars with ``|`` between."""
    return tuple(map(row, value.split("|") if isinstance(value, str) else [value]))


def _table(
    value: object, valid: Mapping[str, Callable[[Any], Any]], *, must: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Read a table of named values, each by its rule."""
    if not isinstance(value, dict):
        raise wrong(value, f"fields of {', '.join(valid)}", valid)
    for name in must:
        if name not in value:
            raise SetupError(f"{name} is missing", valid=list(valid))
    read = {}
    for name, one in value.items():
        if name not in valid:
            raise SetupError(f"there is no {shown(name)}; valid are {', '.join(valid)}", valid=list(valid))
        try:
            read[name] = valid[name](one)
        except SetupError as error:
            raise SetupError(f"{name}: {error}", valid=error.valid) from error
    return read


def _list(of: Callable[[object], Any]) -> Callable[[object], tuple[Any, ...]]:
    def read(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list) or not value:
            raise wrong(value, "a list of at least one")
        return tuple(map(of, value))

    return read


def _float(low: float, high: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise wrong(value, f"a number from {low:g} to {high:g}")
        return float(value)

    return read


def _drum(value: object) -> str:
    if value not in DRUM_PITCHES:
        raise wrong(value, f"a drum: {', '.join(DRUM_PITCHES)}", DRUM_PITCHES)
    return str(value)


def _by_drum(of: Callable[[object], Any]) -> Callable[[object], tuple[tuple[str, Any], ...]]:
    def read(value: object) -> tuple[tuple[str, Any], ...]:
        if not isinstance(value, dict) or not value:
            raise wrong(value, "rows by their drums, such as kick: X---X---X---X---")
        return tuple((_drum(drum), of(one)) for drum, one in value.items())

    return read


def _fill_row(value: object) -> str:
    return KEEP if value == KEEP else row(value, lengths=(16,))


def _layer(value: object) -> Layer:
    rules = {"drum": _drum, "rows": _list(bars), "from": _float(0, 1), "until": _float(0, 1)}
    read = _table(value, rules, must=("drum", "rows"))
    return Layer(read["drum"], read["rows"], read.get("from", 0.0), read.get("until", 1.0))


def beat(value: object) -> Beat:
    """Read the drums of a genre.

    Raises:
        SetupError: Something in it cannot be.
    """
    core: Callable[[object], tuple[Rows, ...]] = _list(_by_drum(bars))
    rules: dict[str, Callable[[Any], Any]] = {
        "core": core,
        "layers": _list(_layer),
        "ornaments": _by_drum(lambda one: row(one, lengths=(16,))),
        "fills": _list(_by_drum(_fill_row)),
        "crash": _float(0, 2),
    }
    return Beat(**_table(value, rules, must=("core",)))


def _line(value: object) -> Line:
    letters = "." + "".join(TONES) + "_-"
    rules: dict[str, Callable[[Any], Any]] = {
        "rhythm": lambda text: tuple(row(bar, lengths=(16,)) for bar in str(text).split("|")),
        "tones": lambda text: tuple(row(bar, lengths=(16,), letters=letters) for bar in str(text).split("|")),
    }
    if isinstance(value, str):
        value = {"rhythm": value}
    read = _table(value, rules, must=("rhythm",))
    rhythm = read["rhythm"]
    tones = read.get("tones") or ("." * 16,) * len(rhythm)
    if len(tones) != len(rhythm):
        raise wrong(value, "as many bars of tones as of rhythm")
    for letter, tone in zip("".join(rhythm), "".join(tones), strict=True):
        if letter in _SILENT and tone not in f".{_SILENT}":
            raise wrong(value, "each tone under a letter of the rhythm that sounds")
    return Line(rhythm, tones)


def _tones(value: object) -> tuple[tuple[str, float], ...]:
    if not isinstance(value, dict) or not value or not set(value) <= _NAMES:
        raise wrong(value, f"likelihoods of {', '.join(TONES.values())}", TONES.values())
    return tuple((name, _float(0, 1000)(weight)) for name, weight in value.items())


def bass(value: object) -> Bass:
    """Read the bass of a genre.

    Raises:
        SetupError: Something in it cannot be.
    """
    rules: dict[str, Callable[[Any], Any]] = {
        "lines": _list(_line),
        "tones": _tones,
        "low": _whole(24, 38),
        "gate": _float(0.1, 1),
        "pedal": _yes_no,
        "slide": _float(0, 1),
        "lock": _float(0, 1),
        "walk": _yes_no,
    }
    return Bass(**_table(value, rules, must=("lines", "tones")))


def _whole(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise wrong(value, f"a whole number from {low} to {high}")
        return value

    return read


def _yes_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise wrong(value, "true or false")
    return value


def groove(value: object) -> Groove:
    """Read how a genre leans on the grid; 4 or 8 numbers stand for a bar of 16.

    Raises:
        SetupError: Something in it cannot be.
    """
    who = {"all", "bass", "chords", "pad", "lead", "arp", "texture", *DRUM_PITCHES}

    def late(by_who: object) -> Mapping[str, float]:
        if not isinstance(by_who, dict) or not set(by_who) <= who:
            raise wrong(by_who, "beats by drum or role, such as {snare: 0.02, hat: -0.01}", sorted(who))
        return {name: _float(-0.1, 0.1)(beats) for name, beats in by_who.items()}

    rules: dict[str, Callable[[Any], Any]] = {
        "accents": _sixteen(0.2, 2),
        "late": late,
        "steps": _sixteen(-0.1, 0.1),
        "loose": _float(0, 0.05),
    }
    return Groove(**_table(value, rules))


def _sixteen(low: float, high: float) -> Callable[[object], tuple[float, ...]]:
    def read(value: object) -> tuple[float, ...]:
        if not isinstance(value, list) or len(value) not in {4, 8, 16}:
            raise wrong(value, "4, 8 or 16 numbers")
        return tuple(map(_float(low, high), value)) * (16 // len(value))

    return read
