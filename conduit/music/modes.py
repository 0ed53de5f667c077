"""The table of scales: their names, and the degrees they are written with.

The names are those of Live's scale list and of the usual books (Levine, *The Jazz Theory Book*; Persichetti,
*Twentieth-Century Harmony*; Slonimsky, *Thesaurus of Scales*). Degrees count in the major scale and carry the
letter they are written with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from conduit.music.near import UnknownNameError, near_misses
from conduit.music.pitch import degree_above, pitch_class

__all__ = ["SCALES", "SCALE_NAMES", "degrees_of", "parent_of", "scale_name"]

_TABLE = """
major              | 1 2 3 4 5 6 7          | maj, ionian
minor              | 1 2 b3 4 5 b6 b7       | min, m, aeolian, natural minor
harmonic minor     | 1 2 b3 4 5 b6 7        | aeolian major 7
melodic minor      | 1 2 b3 4 5 6 7         | jazz minor, ascending melodic minor
dorian             | 1 2 b3 4 5 6 b7        | russian minor
phrygian           | 1 b2 b3 4 5 b6 b7      |
lydian             | 1 2 3 #4 5 6 7         |
mixolydian         | 1 2 3 4 5 6 b7         | dominant
locrian            | 1 b2 b3 4 b5 b6 b7     |
phrygian dominant  | 1 b2 3 4 5 b6 b7       | hijaz, freygish, spanish phrygian, ahava rabbah, spanish gypsy, \
jewish
minor pentatonic   | 1 b3 4 5 b7            | pentatonic, pentatonic minor
major pentatonic   | 1 2 3 5 6              | pentatonic major
blues              | 1 b3 4 b5 5 b7         | minor blues, blues minor, blues scale
major blues        | 1 2 b3 3 5 6           | blues major, gospel
whole tone         | 1 2 3 #4 #5 b7         | wholetone, messiaen 1
locrian 6          | 1 b2 b3 4 b5 6 b7      | locrian natural 6, locrian #6
ionian augmented   | 1 2 3 4 #5 6 7         | ionian #5, major #5
romanian minor     | 1 2 b3 #4 5 6 b7       | dorian #4, ukrainian dorian, romanian, altered dorian, mi sheberach
lydian #2          | 1 #2 3 #4 5 6 7        | lydian sharp 2
ultralocrian       | 1 b2 b3 b4 b5 b6 bb7   | superlocrian bb7, altered bb7
dorian b2          | 1 b2 b3 4 5 6 b7       | phrygian #6, dorian flat 2
lydian augmented   | 1 2 3 #4 #5 6 7        | lydian #5
lydian dominant    | 1 2 3 #4 5 6 b7        | acoustic, overtone, lydian b7, mixolydian #4
mixolydian b6      | 1 2 3 4 5 b6 b7        | aeolian dominant, melodic major, hindu
locrian #2         | 1 2 b3 4 b5 b6 b7      | half diminished, locrian natural 2, aeolian b5
altered            | 1 b2 b3 b4 b5 b6 b7    | super locrian, superlocrian, altered dominant, diminished whole tone
harmonic major     | 1 2 3 4 5 b6 7         | ionian b6
dorian b5          | 1 2 b3 4 b5 6 b7       |
phrygian b4        | 1 b2 b3 b4 5 b6 b7     |
lydian b3          | 1 2 b3 #4 5 6 7        | lydian diminished, lydian minor
mixolydian b2      | 1 b2 3 4 5 6 b7        | mixolydian b9
double harmonic    | 1 b2 3 4 5 b6 7        | double harmonic major, byzantine, bhairav, arabic, gypsy major, \
gypsy, flamenco
hungarian minor    | 1 2 b3 #4 5 b6 7       | gypsy minor, double harmonic minor, hungarian, algerian
hungarian major    | 1 #2 3 #4 5 6 b7       |
neapolitan minor   | 1 b2 b3 4 5 b6 7       | neapolitan
neapolitan major   | 1 b2 b3 4 5 6 7        |
persian            | 1 b2 3 4 b5 b6 7       |
oriental           | 1 b2 3 4 b5 6 b7       |
enigmatic          | 1 b2 3 #4 #5 #6 7      |
major locrian      | 1 2 3 4 b5 b6 b7       | locrian major, arabian
todi               | 1 b2 b3 #4 5 b6 7      |
marwa              | 1 b2 3 #4 5 6 7        |
purvi              | 1 b2 3 #4 5 b6 7       |
whole half diminished | 1 2 b3 4 b5 b6 6 7  | diminished, octatonic, whole half dim, whole half, whole half dim., \
messiaen 2
half whole diminished | 1 b2 b3 3 #4 5 6 b7 | dominant diminished, half whole dim, half whole, half whole dim.
bebop dominant     | 1 2 3 4 5 6 b7 7       | bebop, bebop mixolydian, dominant bebop
bebop major        | 1 2 3 4 5 #5 6 7       | major bebop
bebop dorian       | 1 2 b3 3 4 5 6 b7      | bebop minor, minor bebop
bebop melodic minor | 1 2 b3 4 5 #5 6 7     |
bebop harmonic minor | 1 2 b3 4 5 b6 b7 7   |
eight tone spanish | 1 b2 b3 3 4 b5 b6 b7   | 8 tone spanish, spanish
augmented          | 1 b3 3 5 #5 7          | hexatonic augmented
prometheus         | 1 2 3 #4 6 b7          | mystic
tritone            | 1 b2 3 b5 5 b7         | petrushka
major hexatonic    | 1 2 3 4 5 6            |
minor hexatonic    | 1 2 b3 4 5 b7          | hexatonic
dominant pentatonic | 1 2 3 5 b7            |
egyptian           | 1 2 4 5 b7             | suspended pentatonic
yo                 | 1 2 4 5 6              | ritsusen, scottish pentatonic
man gong           | 1 b3 4 b6 b7           |
hirajoshi          | 1 2 b3 5 b6            |
in-sen             | 1 b2 4 5 b7            | insen
iwato              | 1 b2 4 b5 b7           |
kumoi              | 1 2 b3 5 6             |
miyako-bushi       | 1 b2 4 5 b6            | pelog tembung, japanese, sakura, miyakobushi
pelog selisir      | 1 b2 b3 5 b6           | pelog, balinese
chinese            | 1 3 #4 5 7             |
messiaen 3         | 1 2 b3 3 b5 5 b6 b7 7  |
messiaen 4         | 1 b2 2 4 b5 5 b6 7     |
messiaen 5         | 1 b2 4 b5 5 7          |
messiaen 6         | 1 2 3 4 b5 b6 b7 7     |
messiaen 7         | 1 b2 2 b3 4 b5 5 b6 6 7 |
chromatic          | 1 b2 2 b3 3 4 #4 5 b6 6 b7 7 |
"""


@dataclass(frozen=True, slots=True)
class _Scale:
    """One row of the table: degrees such as ``b3``, and other names."""

    degrees: tuple[str, ...]
    aliases: tuple[str, ...]


def _rows() -> dict[str, _Scale]:
    rows = (line.split("|") for line in _TABLE.strip().splitlines())
    return {
        name.strip(): _Scale(
            tuple(degrees.split()), tuple(part.strip() for part in more.split(",") if part.strip())
        )
        for name, degrees, more in rows
    }


_SCALES = _rows()

SCALES: dict[str, tuple[int, ...]] = {
    name: tuple(pitch_class(degree_above("C", degree)) for degree in row.degrees)
    for name, row in _SCALES.items()
}
"""Semitones above the tonic, ascending, by name. ``minor`` is the natural minor."""


def _folded(name: str) -> str:
    return " ".join(re.split(r"[\s_-]+", name.strip().lower()))


SCALE_NAMES: dict[str, str] = {
    _folded(written): name for name, row in _SCALES.items() for written in (name, *row.aliases)
}
"""Every way to write a scale, in small letters with spaces for hyphens, and the scale's name."""

_WRITTEN_AS_MINOR = frozenset({"harmonic minor", "melodic minor", "bebop dorian", "eight tone spanish"})
_USUAL = (
    "major",
    "minor",
    "dorian",
    "phrygian",
    "lydian",
    "mixolydian",
    "harmonic minor",
    "minor pentatonic",
    "blues",
)


def degrees_of(scale: str) -> tuple[str, ...]:
    """Give the degrees of a scale, by a key of ``SCALES``, as they are written.

    >>> degrees_of("lydian dominant")
    ('1', '2', '3', '#4', '5', '6', 'b7')
    """
    return _SCALES[scale].degrees


def parent_of(scale: str) -> str:
    """Give the scale of seven notes in whose signature a scale is written: itself, ``minor`` or ``major``.

    >>> parent_of("blues"), parent_of("whole tone"), parent_of("dorian")
    ('minor', 'major', 'dorian')
    """
    steps = SCALES[scale]
    if scale in _WRITTEN_AS_MINOR:
        return "minor"
    if len(steps) == 7:
        return scale
    return "minor" if 3 in steps and 4 not in steps else "major"


def scale_name(written: str) -> str:
    """Give the name of a scale in any of its spellings, a key of ``SCALES``.

    Raises:
        UnknownNameError: There is none; ``valid`` lists those that come near, else all.

    >>> scale_name("Super-Locrian"), scale_name("aeolian")
    ('altered', 'minor')
    """
    name = "major" if written.strip() == "M" else SCALE_NAMES.get(_folded(written))
    if name is None:
        near = near_misses(written, SCALE_NAMES)
        names = list(dict.fromkeys(SCALE_NAMES[word] for word in near))
        hint = f"did you mean {', '.join(names)}?" if names else f"scales are such as {', '.join(_USUAL)}"
        raise UnknownNameError(f"{written!r} is not a scale; {hint}", names or list(SCALES))
    return name
