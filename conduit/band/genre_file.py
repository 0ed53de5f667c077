"""Genre files: YAML that says what a genre is, read and checked into a ``Genre``.

A file has the fields of ``FIELDS``; only ``bpm`` must be there, unless it is ``like`` another genre, of which it
then says what differs. What is wrong with a file is said with the file, the field and what the field can be.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from conduit.band.facts import Genre
from conduit.band.figures import FIGURES
from conduit.band.genre_patterns import bass, beat, groove, row, shown, wrong
from conduit.band.progressions import PROGRESSIONS, read_progression
from conduit.errors import SetupError
from conduit.music.meter import Meter
from conduit.music.scale import SCALES, Key

__all__ = ["FIELDS", "MOST_BYTES", "merged", "read_genre", "read_yaml"]

_ROLES = ("drums", "bass", "chords", "pad", "lead", "arp", "texture")

MOST_BYTES = 200_000
"""How long a genre file may be; the longest that ships has some 3,000."""

_MOST_NESTED = 32
_MOST_LETTERS = 5_000  # of one value


def read_yaml(text: str, *, file: str) -> dict[str, Any]:
    """Read a file's text as a table of fields.

    Raises:
        SetupError: It is too much for a genre, or not YAML, or no table, or has a field that there is not.
    """
    import yaml  # noqa: PLC0415  only where a genre is read

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_size(text, file=file, loader=loader)
        table = yaml.load(text, loader)  # noqa: S506  both are safe
    except (yaml.YAMLError, *_UNREADABLE) as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        reason = " ".join(str(getattr(error, "problem", error)).split())
        raise SetupError(f"{file}{place}: this is not YAML: {reason}") from error
    if not isinstance(table, dict):
        raise SetupError(f"{file}: a genre is written as fields and values, such as bpm: 124")
    for name in table:
        if name not in FIELDS and name != "like":
            near = difflib.get_close_matches(name, FIELDS, n=1) if isinstance(name, str) else []
            hint = f"did you mean {near[0]}? " if near else ""
            raise SetupError(
                f"{file}: there is no field {shown(name)}; {hint}valid are like, {', '.join(FIELDS)}",
                valid=["like", *FIELDS],
            )
    return table


# Beside its own, yaml lets errors pass of values that are not what they look like or are said to be: a 99th of May,
# `!!bool maybe`, `!!int ""`, `!!timestamp soon`.
_UNREADABLE = (ValueError, LookupError, AttributeError, RecursionError)


def _check_size(text: str, *, file: str, loader: Any) -> None:
    """Refuse what would take much time or memory to load: events come one by one, and loading is recursive."""
    import yaml  # noqa: PLC0415  as above

    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise SetupError(f"{file}: it is too long for a genre; write up to {MOST_BYTES:,} bytes")
    depth = 0
    for event in yaml.parse(text, loader):
        place = f"{file}, line {event.start_mark.line + 1}"
        match event:
            case yaml.CollectionStartEvent():
                depth += 1
            case yaml.CollectionEndEvent():
                depth -= 1
            case yaml.AliasEvent():
                alias = f"*{event.anchor[:20]}"
                raise SetupError(f"{place}: an alias such as {alias} cannot be; write out what it stands for")
            case yaml.ScalarEvent() if len(event.value) > _MOST_LETTERS:
                raise SetupError(
                    f"{place}: a value is up to {_MOST_LETTERS:,} letters, not {len(event.value):,}"
                )
        if depth > _MOST_NESTED:
            raise SetupError(f"{place}: it is nested too deep; a genre has up to {_MOST_NESTED} levels")


def merged(table: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Give a genre's fields over those of the one it is like; drums, bass and groove merge by their own fields."""
    own = {name: value for name, value in table.items() if name != "like"}
    inherited = {
        name: value for name, value in base.items() if name not in {"name", "aliases", "about", "like"}
    }
    for name, value in own.items():
        both = isinstance(value, dict) and isinstance(inherited.get(name), dict)
        inherited[name] = {**inherited[name], **value} if both else value
    if "bpm" in own and "tempo" not in own:
        inherited.pop("tempo", None)
    return inherited


def read_genre(table: Mapping[str, Any], *, name: str, file: str) -> Genre:
    """Check a table of fields and make a genre of it.

    Args:
        table: Fields as a file has them, after ``merged``.
        name: What the genre is called where the file does not say.
        file: What the table is from, for messages.

    Raises:
        SetupError: A field's value cannot be; it says which and what can.
    """
    if "bpm" not in table:
        raise SetupError(f"{file}: bpm is missing: the usual tempo, such as bpm: 124")
    values: dict[str, Any] = {"name": name}
    for field, value in table.items():
        try:
            values[field] = FIELDS[field](value)
        except SetupError as error:
            raise SetupError(f"{file}: {field}: {error}", valid=error.valid) from error
    if "tempo" not in table:
        values["tempo"] = (values["bpm"], values["bpm"])
    slow, fast = values["tempo"]
    if not slow <= values["bpm"] <= fast:
        raise SetupError(f"{file}: bpm: {values['bpm']:g} lies outside the tempo {slow:g} to {fast:g}")
    return Genre(**values)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise wrong(value, "a text")
    return " ".join(value.split())


def _name(value: object) -> str:
    return _text(value).lower()


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(_text, _items(value)))


def _items(value: object) -> Iterable[object]:
    if not isinstance(value, list):
        raise wrong(value, "a list, such as [a, b]")
    return value


def _number(low: float, high: float, *, whole: bool = False) -> Callable[[object], Any]:
    def read(value: object) -> float:
        kind = "a whole number" if whole else "a number"
        fits = isinstance(value, int) if whole else isinstance(value, int | float)
        if isinstance(value, bool) or not fits or not low <= value <= high:  # type: ignore[operator]
            raise wrong(value, f"{kind} from {low:g} to {high:g}")
        return value  # type: ignore[return-value]  # just found to be one

    return read


def _pair(low: float, high: float, *, whole: bool = False) -> Callable[[object], tuple[Any, Any]]:
    number = _number(low, high, whole=whole)

    def read(value: object) -> tuple[float, float]:
        if not isinstance(value, list) or len(value) != 2 or number(value[0]) > number(value[1]):
            raise wrong(value, f"the least and the most, such as [{low:g}, {high:g}]")
        return value[0], value[1]

    return read


def _choice(valid: Callable[[], Iterable[str]]) -> Callable[[object], str]:
    def read(value: object) -> str:
        names = list(valid())
        if value not in names:
            raise wrong(value, " or ".join(map(str, names)), names)
        return str(value)

    return read


def _meters(value: object) -> tuple[str, ...]:
    for one in _texts(value):
        try:
            Meter.parse(one)
        except ValueError as error:
            raise SetupError(str(error)) from error
    return _texts(value)


def _keys(value: object) -> tuple[str, ...]:
    for one in _texts(value):
        try:
            Key(one)
        except ValueError as error:
            raise SetupError(str(error)) from error
    return _texts(value)


def _scales(value: object) -> tuple[str, ...]:
    return tuple(map(_choice(lambda: SCALES), _items(value)))


def _comping(value: object) -> tuple[str, ...]:
    return tuple(row(one, lengths=(16,)) for one in _items(value))


def _progressions(value: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(value, dict) or not set(value) <= {"minor", "major"}:
        raise wrong(value, "progressions by minor and major, such as {minor: [1 6 3 7]}", ["minor", "major"])
    for line in (line for lines in value.values() for line in _texts(lines)):
        try:
            read_progression(line)
        except ValueError as error:
            raise SetupError(str(error)) from error
    return {mode: _texts(lines) for mode, lines in value.items()}


def _sections(value: object) -> tuple[tuple[str, int], ...]:
    if not isinstance(value, dict):
        raise wrong(value, "sections and their bars, such as {intro: 16, drop: 32}")
    bars = _number(1, 256, whole=True)
    return tuple((_text(name), bars(count)) for name, count in value.items())


def _leads() -> Iterable[str]:
    from conduit.band.motifs import IDIOMS  # noqa: PLC0415  parts know genres; these are read later

    return IDIOMS


def _arps() -> Iterable[str]:
    from conduit.band.arpeggio import ARPS  # noqa: PLC0415  as above

    return ARPS


def _textures() -> Iterable[str]:
    from conduit.band.texture import TEXTURES  # noqa: PLC0415  as above

    return TEXTURES


FIELDS: dict[str, Callable[[object], Any]] = {
    "name": _name,
    "aliases": lambda value: tuple(map(_name, _items(value))),
    "about": _text,
    "instruments": _texts,
    "bpm": _number(20, 999),
    "tempo": _pair(20, 999),
    "meters": _meters,
    "scale": _choice(lambda: SCALES),
    "scales": _scales,
    "keys": _keys,
    "swing": _number(50, 75, whole=True),
    "swing_grid": _number(8, 16, whole=True),
    "groove": groove,
    "velocity": _pair(1, 127, whole=True),
    "drums": beat,
    "bass": bass,
    "chords": _choice(lambda: FIGURES),
    "comping": _comping,
    "harmony": _choice(lambda: PROGRESSIONS),
    "progressions": _progressions,
    "voices": _number(3, 5, whole=True),
    "bars_per_chord": _number(1, 8, whole=True),
    "lead": _choice(_leads),
    "arp": _choice(_arps),
    "texture": _choice(_textures),
    "role": _choice(lambda: _ROLES),
    "phrase": _number(1, 64, whole=True),
    "sections": _sections,
}
"""How each field is read."""
