"""Names of chords: the usual symbol of degrees, and of semitones above a root."""

from __future__ import annotations

from functools import lru_cache

from conduit.music.symbols import ALT, IMPLIED, ORDER, SEVENTHS, Degrees, degrees_of_quality, semitones

__all__ = ["name_of_degrees", "quality_of_steps"]

_THIRDS = {"b3", "3", "2", "4"}
_THIRD_OF = {4: "3", 3: "b3", 5: "4", 2: "2"}
_FIFTH_OF = {7: "5", 6: "b5", 8: "#5"}
_SEVENTH_OF = {10: "b7", 11: "7", 9: "6"}
_TENSION_OF = {1: "b9", 2: "9", 3: "#9", 5: "11", 6: "#11", 8: "b13", 9: "13"}
_LONGEST_NAME = 10


def name_of_degrees(degrees: Degrees) -> str:
    """Write a quality's usual symbol; ``degrees_of_quality`` reads it back to the same degrees.

    >>> name_of_degrees(("1", "3", "5", "b7", "b9", "13"))
    '13b9'
    """
    if degrees == ALT:
        return "7alt"
    found = set(degrees)
    prefix = _prefix(found)
    number = _number_of(found, minor="b3" in found)
    power = not found & _THIRDS and "5" in found and not number
    name = prefix + ("5" if power else number) + "".join(f"sus{step}" for step in "24" if step in found)
    fifths = [degree for degree in ("b5", "#5") if degree in found and prefix not in {"dim", "aug"}]
    name += "".join(fifths) if name else f"({''.join(fifths)})" if fifths else ""
    name += "".join(_tensions(found, number.removeprefix("maj")))
    thirdless = not power and not found & _THIRDS
    return name + "no3" * thirdless + "no5" * (not found & {"b5", "5", "#5"})


def _prefix(found: set[str]) -> str:
    if {"b3", "b5"} <= found and not found & {"#5", "b7"}:
        return "dim"
    if {"3", "#5"} <= found and not found & {"b5", "b7", "7"}:
        return "aug"
    return "m" if "b3" in found else ""


def _number_of(found: set[str], *, minor: bool) -> str:
    """The highest number all of whose tones there are, as they are or altered."""
    if not found & SEVENTHS:
        return "6/9" if {"6", "9"} <= found else "6" if "6" in found else ""
    for number in ("13", "11", "9"):
        implied = {*IMPLIED[number], *({"11"} if minor and number == "13" else ())}
        if number in found and all(found & {step, f"b{step}", f"#{step}"} for step in implied):
            break
    else:
        number = "7"
    return f"maj{number}" if "7" in found else number


def _tensions(found: set[str], number: str) -> list[str]:
    said = {*IMPLIED.get(number, ()), *({"9"} if number == "6/9" else ())}
    if number == "13" and "b3" in found:
        said.add("11")
    altered = [step for step in ("b9", "#9", "#11", "b13") if step in found]
    bare = [step for step in altered if number and step[1:] not in found]
    added = [f"add{step}" for step in altered if step not in bare]
    return bare + added + [f"add{step}" for step in ("9", "11", "13") if step in found and step not in said]


@lru_cache(maxsize=4096)
def quality_of_steps(steps: frozenset[int]) -> str | None:
    """Name the chord of these semitones above a root, 0-11; None where a name would say little.

    >>> quality_of_steps(frozenset({0, 4, 7, 10, 1, 9})), quality_of_steps(frozenset({0, 1, 2}))
    ('13b9', None)
    """
    rest, found = set(steps) - {0}, {"1"}
    for table in (_THIRD_OF, _FIFTH_OF, _SEVENTH_OF):
        step = next((step for step in table if step in rest), None)
        rest.discard(step or 0)
        found |= {table[step]} if step else set()
    if not found & _THIRDS or len(found) < 3 or rest - _TENSION_OF.keys():
        return None
    if {"b3", "b5", "6"} <= found:
        found = found - {"6"} | {"bb7"}
    name = name_of_degrees(tuple(sorted(found | {_TENSION_OF[step] for step in rest}, key=ORDER.__getitem__)))
    again = degrees_of_quality(name)
    same = again is not None and {step % 12 for step in semitones(again)} == steps
    return name if same and len(name) <= _LONGEST_NAME else None
