"""Edits written in words of a fixed form, as models write them: ``transpose 5``, ``quantise 1/16 strength=0.8``.

A name is a function of ``music.edit``, its values are that function's arguments: the table of names is all there
is, and what an edit takes is read off the function itself.
"""

from __future__ import annotations

import difflib
import inspect
import math
import re
import shlex
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from conduit.errors import ClipError
from conduit.music import Clip, edit
from conduit.music.note import MAX_BEATS
from conduit.music.timing import read_grid

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
_SHOWN = 60  # characters of an edit or a value in a message
_CALL = re.compile(r"\s*([A-Za-z_]+)\s*\((.*)\)\s*;?\s*", re.DOTALL)
_HIDDEN = frozenset({"clip", "rng"})
_YES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_GROWTH: dict[str, Callable[[Clip, Any], float]] = {
    "tile": lambda clip, times: len(clip) * times,
    "cut": lambda clip, beats: len(clip) * beats / clip.length,
    "continuation": lambda clip, bars: len(clip) * bars / clip.bars,
    "chop": lambda clip, grid: _sounding_beats(clip) / float(read_grid(grid)),
}
"""About how many notes an edit makes by its first value, where a small word can ask for very many."""


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
        raise ClipError(f"{_brief(line)!r} has too many values; it is {usage(name)}")
    else:
        values = []
        by_name = {**dict(zip(known, positional, strict=False)), **by_name}
    for option in by_name:
        if option not in known:
            raise ClipError(f"{name} takes no {option!r}; it is {usage(name)}", valid=list(known))
    options = {option: _value(text, known[option], named=named) for option, text in by_name.items()}
    found = _done(clip, name, values, options, said=_brief(line.strip()))
    if not 0 < len(found) <= _MOST_PARTS:
        left = f"more than {_MOST_PARTS} clips" if found else "no note"
        raise ClipError(f"{left} would be left after {name}")
    return found


def _done(
    clip: Clip, name: str, values: list[object], options: dict[str, object], *, said: str
) -> list[Clip]:
    """Give the clips that an edit leaves, without empty ones."""
    most = max(MOST_NOTES, len(clip))
    given = sum(len(value) for value in values if isinstance(value, Clip))
    try:
        asked = _GROWTH[name](clip, next(iter(options.values()))) if name in _GROWTH and options else 0
        if max(asked, given) > most:
            raise _too_much(said, f"a clip of more than {most:,} notes")
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            done: Clip | list[Clip] = getattr(edit, name)(clip, *values, **options)
    except TypeError:
        raise ClipError(f"{name} lacks a value; it is {usage(name)}") from None
    except ArithmeticError:
        raise ClipError(
            f"{said!r} asks for a number too large or too small; ask for one in between"
        ) from None
    except ValueError as error:
        raise ClipError(f"{name}: {error}") from None
    found = [one for one in (done if isinstance(done, list) else [done]) if len(one)]
    for one in found:
        if len(one) > most:
            raise _too_much(said, f"a clip of more than {most:,} notes")
        if _longest(one) > MAX_BEATS * one.ppq:
            raise _too_much(said, f"a note or a change past {MAX_BEATS:,} beats")
    return found


def _too_much(said: str, what: str) -> ClipError:
    return ClipError(f"{said!r} would make {what}; ask for less")


def _longest(clip: Clip) -> int:
    """Give the longest time that a clip's notes and controls hold, in ticks."""
    columns = clip.table["start"], clip.table["duration"], clip.control_table["start"]
    return max(int(column.max(initial=0)) for column in columns)


def _sounding_beats(clip: Clip) -> float:
    """Give the beats of all notes together, or those to the last one's end if they are more."""
    durations = clip.table["duration"]
    last = (clip.table["start"] + durations).max(initial=0)
    return float(max(durations.sum(), last)) / clip.ppq


def _brief(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _read(line: str) -> tuple[str, list[str], dict[str, str]]:
    """Read an edit's name, its values and its values by name."""
    call = _CALL.fullmatch(line)
    try:
        words = shlex.split(f"{call[1]} {call[2]}".replace(",", " ") if call else line.replace(",", " "))
    except ValueError:
        raise ClipError(f"{_brief(line)!r} has a quote that is not closed") from None
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
    raise ClipError(
        f"{_brief(word)!r} is not an edit; they are {', '.join(near or NAMES)}", valid=list(NAMES)
    )


def _value(text: str, parameter: inspect.Parameter, *, named: Named) -> object:
    """Read a value as the parameter wants it."""
    kinds = [kind.strip() for kind in str(parameter.annotation).split("|")]
    if kinds == ["Clip"]:
        return named(text)
    if kinds == ["bool"] and text.lower() in _YES:
        return _YES[text.lower()]
    for kind, read in (("int", int), ("float", float)):
        if kind in kinds and len(text) <= _SHOWN:
            try:
                number = read(text)
            except ValueError:
                continue
            if isinstance(number, float) and not math.isfinite(number):
                raise ClipError(f"{parameter.name} is {text!r}; write a finite number")
            return number
    if "str" in kinds:
        return text
    raise ClipError(
        f"{parameter.name} is {_brief(text)!r}; it is {' or '.join(_SAID[kind] for kind in kinds if kind in _SAID)}"
    )


_SAID = {"int": "a whole number", "float": "a number", "bool": "true or false"}
