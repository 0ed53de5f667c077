"""Edits written in words of a fixed form, as models write them: ``transpose 5``, ``quantise 1/16 strength=0.8``.

A name is a function of ``music.edit``, its values are that function's arguments: the table of names is all there
is, and what an edit takes is read off the function itself.
"""

from __future__ import annotations

import difflib
import inspect
import re
import shlex
from collections.abc import Callable
from functools import cache

from conduit.errors import ClipError
from conduit.music import Clip, edit

__all__ = ["MOST_NOTES", "NAMES", "Named", "edited", "usage"]

Named = Callable[[str], Clip]
"""Gives the clip of a name; raises ``ClipError`` where there is none."""

NAMES = (
    "transpose", "to_key", "fit_to_key", "invert", "retrograde", "reverse", "add_octave", "harmonise", "quantise",
    "swing", "straighten", "syncopate", "humanise", "legato", "gate", "loudness", "stretch", "half_time",
    "double_time", "rebar", "cut", "tile", "part", "thin", "thicken", "simplify", "vary", "ornament", "answer",
    "call_and_response", "continuation", "chord_clip", "chop", "glue", "split", "join", "merge",
)  # fmt: skip
"""Edits of clips; those that take other clips take them by name."""

MOST_NOTES = 50_000
"""Notes that a clip may get by an edit that is asked for in words."""

_MOST_PARTS = 16
_CALL = re.compile(r"\s*([A-Za-z_]+)\s*\((.*)\)\s*;?\s*", re.DOTALL)
_HIDDEN = frozenset({"clip", "rng"})
_YES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_GROWTH: dict[str, Callable[[Clip, float], float]] = {
    "tile": lambda _, times: times,
    "cut": lambda clip, beats: beats / clip.length,
    "continuation": lambda clip, bars: bars / clip.bars,
}


@cache
def _parameters(name: str) -> tuple[inspect.Parameter, ...]:
    known = inspect.signature(getattr(edit, name)).parameters.values()
    return tuple(parameter for parameter in known if parameter.name not in _HIDDEN)


@cache
def usage(name: str) -> str:
    """Say what an edit takes.

    >>> usage("quantise"), usage("transpose"), usage("join")
    ('quantise grid=1/16 strength=1.0 swing=50', 'transpose semitones= degrees= key=', 'join CLIP...')
    """
    said = [name]
    for parameter in _parameters(name):
        if parameter.kind is parameter.VAR_POSITIONAL:
            said.append("CLIP..." if parameter.name == "others" else f"{parameter.name.upper()}...")
        elif parameter.default is parameter.empty:
            said.append(parameter.name.upper())
        else:
            said.append(f"{parameter.name}={'' if parameter.default is None else parameter.default}")
    return " ".join(said)


def edited(clip: Clip, line: str, *, named: Named) -> list[Clip]:
    """Do one edit; all give one clip but ``split``.

    Args:
        clip: The clip.
        line: A name of ``NAMES`` and its values, in order or by name: ``swing 60 grid=1/8``; ``swing(60)`` is read
            as well.
        named: Gives other clips.

    Raises:
        ClipError: It is no edit, or it cannot be done; the message says what can.

    >>> from conduit.music import Note
    >>> edited(Clip.of([Note(60, 0, 1)]), "transpose 5", named=lambda name: Clip.of([]))[0].notes[0].pitch
    65
    """
    name, positional, by_name = _read(line)
    known = {parameter.name: parameter for parameter in _parameters(name)}
    rest = [one for one in known.values() if one.kind is inspect.Parameter.VAR_POSITIONAL]
    if rest:
        values = [_value(text, rest[0], named=named) for text in positional]
        del known[rest[0].name]
    elif len(positional) > len(known):
        raise ClipError(f"{line!r} has too many values; it is {usage(name)}")
    else:
        values = []
        by_name = {**dict(zip(known, positional, strict=False)), **by_name}
    for option in by_name:
        if option not in known:
            raise ClipError(f"{name} takes no {option!r}; it is {usage(name)}", valid=list(known))
    options = {option: _value(text, known[option], named=named) for option, text in by_name.items()}
    return _done(clip, name, values, options)


def _done(clip: Clip, name: str, values: list[object], options: dict[str, object]) -> list[Clip]:
    by = next(iter(options.values()), 1)
    if name in _GROWTH and isinstance(by, int | float) and _GROWTH[name](clip, by) * len(clip) > MOST_NOTES:
        raise ClipError(f"{name} would make a clip of more than {MOST_NOTES:,} notes; ask for less")
    try:
        done: Clip | list[Clip] = getattr(edit, name)(clip, *values, **options)
    except TypeError:
        raise ClipError(f"{name} lacks a value; it is {usage(name)}") from None
    except ValueError as error:
        raise ClipError(f"{name}: {error}") from None
    found = [one for one in (done if isinstance(done, list) else [done]) if len(one)]
    if not 0 < len(found) <= _MOST_PARTS:
        left = f"more than {_MOST_PARTS} clips" if found else "no note"
        raise ClipError(f"{left} would be left after {name}")
    return found


def _read(line: str) -> tuple[str, list[str], dict[str, str]]:
    """Read an edit's name, its values and its values by name."""
    call = _CALL.fullmatch(line)
    try:
        words = shlex.split(f"{call[1]} {call[2]}".replace(",", " ") if call else line.replace(",", " "))
    except ValueError:
        raise ClipError(f"{line!r} has a quote that is not closed") from None
    if not words:
        raise ClipError("an edit is empty; write a name and its values, such as transpose 5")
    name = _name(words[0])
    by_name = dict(word.split("=", 1) for word in words[1:] if "=" in word)
    return name, [word for word in words[1:] if "=" not in word], by_name


def _name(word: str) -> str:
    name = word.lower().replace("-", "_").replace("ize", "ise")
    if name in NAMES:
        return name
    near = difflib.get_close_matches(name, NAMES, n=4, cutoff=0.5)
    raise ClipError(f"{word!r} is not an edit; they are {', '.join(near or NAMES)}", valid=list(NAMES))


def _value(text: str, parameter: inspect.Parameter, *, named: Named) -> object:
    """Read a value as the parameter wants it."""
    kinds = [kind.strip() for kind in str(parameter.annotation).split("|")]
    if kinds == ["Clip"]:
        return named(text)
    if kinds == ["bool"] and text.lower() in _YES:
        return _YES[text.lower()]
    for kind, read in (("int", int), ("float", float)):
        if kind in kinds:
            try:
                return read(text)
            except ValueError:
                continue
    if "str" in kinds:
        return text
    raise ClipError(
        f"{parameter.name} is {text!r}; it is {' or '.join(_SAID[kind] for kind in kinds if kind in _SAID)}"
    )


_SAID = {"int": "a whole number", "float": "a number", "bool": "true or false"}
