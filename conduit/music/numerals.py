"""Roman numerals: chords by their degree in a key, read and written.

::

    ii7  V7  Imaj9  bVII  #iv°7  V+  viiø7     a degree and a quality as in ``chord``; small letters are minor
    I6  I64  V7  V65  V43  V42                 inversions by figured bass; an added sixth is Iadd6
    V7/V  vii°7/ii                             the chord of another degree's key
    I/E                                        a bass by its name
    N6  It6  Fr43  Ger65  Cad64                the chords that have names of their own

A numeral counts the key's own degrees (VI of A minor is F), those of its natural minor or major where a scale has
not seven. ``b`` lowers the degree of the major scale, so bVI is F in A minor too; ``#`` raises the key's own.
Diminished chords on the sixth and seventh degree stand on the raised ones (vii° of A minor is G#°). ``7`` is the
minor seventh, as in chord symbols; the figures 65, 43 and 42 take the seventh from the key, as figured bass does.
Sources: Aldwell and Schachter, *Harmony and Voice Leading*; Levine, *The Jazz Theory Book*.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from conduit.errors import ClipError
from conduit.music.chord import QUALITIES, Chord
from conduit.music.modes import SCALES, parent_of
from conduit.music.near import near_misses
from conduit.music.pitch import ACCIDENTALS, degree_above
from conduit.music.scale import Key
from conduit.music.spelling import names_in
from conduit.music.symbols import degrees_of_quality

__all__ = ["is_numeral", "numeral_of", "roman"]

_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
_MAJOR = SCALES["major"]
_ROMAN = re.compile(r"(##|#|bb|b|♯|♭|)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(.*)", re.DOTALL)
_OF_DEGREE = re.compile(r"(.+)/((?:[#b♯♭]?)(?:VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i))")
_ON_BASS = re.compile(r"(.+)/([A-G][#b♯♭]?)")
_FIGURED = re.compile(r"(|°|o|ø|\+|dim|aug)(6/5|65|6/4|64|4/3|43|4/2|42|53|6|2)")
_INVERSIONS = {"53": 0, "6": 1, "64": 2, "65": 1, "43": 2, "42": 3, "2": 3}
_SEVENTHS = frozenset({"65", "43", "42", "2"})
_DIMINISHED = re.compile(r"°|o|ø|dim|half")
_MINOR = re.compile(r"m(?!aj|a\d)|-")
_SPECIAL = {
    "N": "bII", "N6": "bII6", "It6": "bVI7no5", "Fr43": "bVI7b5", "Fr6": "bVI7b5", "Ger65": "bVI7", "Ger6": "bVI7",
}  # fmt: skip
_CADENTIAL = frozenset({"Cad64", "Cad6/4"})
_LETTERS = frozenset("IVXivx")
_FORM = "write I to VII, such as ii7, bVII or V7/V"


def roman(text: str, *, key: Key | str) -> Chord:
    """Give the chord of a Roman numeral in a key, written with the letter of its degree.

    Args:
        text: The numeral.
        key: A key, or its name.

    Raises:
        ClipError: It is no numeral, or its quality is unknown; ``valid`` lists what comes near.
        ValueError: It is no key.

    >>> [roman(numeral, key=Key("C major")).name for numeral in ("ii7", "V65", "Imaj7", "bVII", "V7/V", "vii°7")]
    ['Dm7', 'G7/B', 'Cmaj7', 'Bb', 'D7', 'Bdim7']
    """
    return _chord(text.strip(), Key(key))


@lru_cache(maxsize=4096)
def is_numeral(text: str) -> bool:
    """Tell whether ``roman`` reads a text, in whatever key.

    >>> is_numeral("V7/ii"), is_numeral("IX")
    (True, False)
    """
    if text in _SPECIAL or text in _CADENTIAL:
        return True
    if longer := _OF_DEGREE.fullmatch(text) or _ON_BASS.fullmatch(text):
        return is_numeral(longer[1])
    match = _ROMAN.fullmatch(text)
    if match is None or match[3][:1] in _LETTERS:
        return False
    rest, small = match[3].strip(), match[2].islower()
    return bool(_FIGURED.fullmatch(rest)) or degrees_of_quality(_quality(rest, small=small)) is not None


@lru_cache(maxsize=4096)
def _chord(text: str, key: Key) -> Chord:
    text = _SPECIAL.get(text, text)
    if text in _CADENTIAL:
        text = "i64" if _is_minor(key) else "I64"
    if applied := _OF_DEGREE.fullmatch(text):
        return _chord(applied[1], _key_on(applied[2], key))
    if slash := _ON_BASS.fullmatch(text):
        chord = _chord(slash[1], key)
        bass = Chord.parse(slash[2])
        return replace(chord, bass=bass.root, written_bass=bass.written)
    match = _ROMAN.fullmatch(text)
    if match is None or match[3][:1] in _LETTERS:
        raise _no_numeral(text)
    accidental, numeral, rest = match[1], match[2], match[3].strip()
    above = _above(accidental, numeral, rest, key)
    try:
        chord = _with_quality((key.root + above) % 12, rest, small=numeral.islower(), key=key)
        return replace(chord, written=_letter(above, numeral, key))
    except ClipError as error:
        raise _no_quality(text, accidental + numeral, error) from None


def _above(accidental: str, numeral: str, rest: str, key: Key) -> int:
    """The semitones from the tonic to the chord's root, as its degree counts them: bI is -1."""
    degree = _NUMERALS.index(numeral.upper())
    own = _degrees(key)[degree]
    if accidental in {"b", "♭", "bb"}:
        own = _MAJOR[degree]
    elif accidental:
        own = min(own, _MAJOR[degree])
    elif degree in {5, 6} and _is_minor(key) and numeral.islower() and _DIMINISHED.match(rest):
        own = _MAJOR[degree]
    return own + ACCIDENTALS[accidental]


def _letter(above: int, numeral: str, key: Key) -> str:
    """The name with the letter of the degree; where that would need three accidentals, the key's."""
    degree = _NUMERALS.index(numeral.upper())
    signs = above - _MAJOR[degree]
    if abs(signs) > 2:
        return names_in(key)[(key.root + above) % 12]
    return degree_above(key.tonic, f"{'#' * signs if signs > 0 else 'b' * -signs}{degree + 1}")


def _degrees(key: Key) -> tuple[int, ...]:
    steps = SCALES[key.scale]
    return steps if len(steps) == len(_NUMERALS) else SCALES[parent_of(key.scale)]


def _is_minor(key: Key) -> bool:
    return _degrees(key)[2] == 3


def _key_on(numeral: str, key: Key) -> Key:
    """The major or minor key on a degree, as the numeral's letters are capital or small."""
    chord = _chord(numeral, key)
    return Key(f"{chord.written or names_in(key)[chord.root]} {'minor' if numeral.islower() else 'major'}")


def _with_quality(root: int, rest: str, *, small: bool, key: Key) -> Chord:
    figured = _FIGURED.fullmatch(rest)
    if figured is None:
        return Chord(root, _quality(rest, small=small))
    figures = figured[2].replace("/", "")
    triad = Chord(root, _quality(figured[1], small=small))
    chord = _with_seventh(triad, key) if figures in _SEVENTHS else triad
    if figured[1] == "ø":
        chord = Chord(root, "m7b5" if figures in _SEVENTHS else "dim")
    return Chord(root, chord.quality, chord.pitch_classes[_INVERSIONS[figures]])


def _quality(rest: str, *, small: bool) -> str:
    if not small or rest == "5" or _DIMINISHED.match(rest) or _MINOR.match(rest):
        return rest
    return f"m{rest}"


def _with_seventh(triad: Chord, key: Key) -> Chord:
    """The triad with the seventh that the key has above it; a minor one where the key has none."""
    if triad.quality == "dim":
        return Chord(triad.root, "dim7")
    major = (triad.root + 11) % 12 in key.pitch_classes and (triad.root + 10) % 12 not in key.pitch_classes
    base = {"aug": "+", "m": "m"}.get(triad.quality, "")
    return Chord(triad.root, f"{base}maj7" if major else f"{base}7")


def _no_numeral(text: str) -> ClipError:
    plain = [*_NUMERALS, *map(str.lower, _NUMERALS)]
    near = [numeral for numeral in plain if text.upper() == numeral.upper()] or near_misses(text, plain)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    return ClipError(f"{text!r} is not a Roman numeral; {_FORM}{hint}", valid=near or plain)


def _no_quality(text: str, numeral: str, error: ClipError) -> ClipError:
    """Say of the numeral what was said of the chord."""
    known = sorted(QUALITIES, key=len, reverse=True)
    near = [numeral + next(name for name in known if symbol.endswith(name)) for symbol in error.valid[:4]]
    if numeral.islower():
        near = [re.sub(rf"^{numeral}(?:m(?!aj)|(?=maj))", numeral, name) for name in near]
    near = list(dict.fromkeys(near))
    return ClipError(f"{text!r} has no known quality; did you mean {', '.join(near)}?", valid=near)


def numeral_of(chord: Chord, *, key: Key, applied: bool = True) -> str:
    """Write a chord as a Roman numeral in a key; ``roman`` reads it back as the same chord.

    Args:
        chord: Any chord.
        key: The key in which it stands.
        applied: Whether a dominant of another degree is written as such (V7/V), not as II7; in major and minor.

    >>> [numeral_of(Chord.parse(name), key=Key("C")) for name in ("Dm7", "G7/B", "Ab", "D7", "Fm6", "Bm7b5")]
    ['ii7', 'V65', 'bVI', 'V7/V', 'ivadd6', 'viiø7']
    """
    if applied and key.scale in {"major", "minor"}:
        target = _target(chord, key)
        if target:
            return f"{_written(chord, _key_on(target, key))}/{target}"
    return _written(chord, key)


def _target(chord: Chord, key: Key) -> str | None:
    """The degree, other than the first, whose dominant or leading-note chord a chord from outside the key is."""
    inside = key.pitch_classes
    degrees = set(chord.degrees)
    if set(chord.pitch_classes) <= set(inside):
        return None
    dominant = "3" in degrees and not degrees & {"7", "6"}
    leading = {"b3", "b5"} <= degrees and not degrees & {"7", "6"}
    goal = (chord.root + (5 if dominant else 1)) % 12
    own = inside.index(goal) if goal in inside else 0
    fifth = (goal + 7) % 12 in inside
    if not (dominant or leading) or own == 0 or not fifth or (leading and chord.root in inside):
        return None
    minor = (goal + 3) % 12 in inside and not (own == 4 and _is_minor(key))
    return _NUMERALS[own].lower() if minor else _NUMERALS[own]


def _written(chord: Chord, key: Key) -> str:
    """The first spelling that reads back as the chord."""
    texts = (degree + figure for degree in _with_degrees(chord) for figure in _figures(chord, key))
    return next(text for text in texts if _reads_as(text, chord, key))


def _reads_as(text: str, chord: Chord, key: Key) -> bool:
    try:
        return _chord(text, key) == chord
    except ClipError:
        return False


def _with_degrees(chord: Chord) -> list[str]:
    """Every degree with every accidental: plain, then lowered, but the raised fourth before the lowered fifth."""
    numerals = [name.lower() for name in _NUMERALS] if "b3" in chord.degrees else list(_NUMERALS)
    signs = [("", numeral) for numeral in numerals] + [("#", numerals[3])]
    signs += [("b", numeral) for numeral in numerals] + [("#", numeral) for numeral in numerals]
    signs += [(sign, numeral) for sign in ("##", "bb") for numeral in numerals]
    return [sign + numeral for sign, numeral in signs]


def _figures(chord: Chord, key: Key) -> list[str]:
    """What may follow the degree, from the shortest: figures of an inversion, else quality and bass."""
    short = {"dim": "°", "dim7": "°7", "m7b5": "ø7", "aug": "+", "6": "add6", "m6": "add6"}
    quality = chord.quality
    plain = quality.removeprefix("m") if "b3" in chord.degrees and not quality.startswith("dim") else quality
    if chord.bass is None:
        return [short.get(quality, plain), plain, quality, f"{quality.removesuffix('6')}add6"]
    mark = {"dim": "°", "dim7": "°", "m7b5": "ø", "aug": "+", "7#5": "+"}.get(quality, "")
    slash = f"/{names_in(key)[chord.bass]}"
    plain_bass = f"/{Chord(chord.bass).name}"
    figured = [mark + figures for figures in ("6", "64", "65", "43", "42")]
    unslashed = _figures(Chord(chord.root, quality), key)
    return [*figured, *(text + bass for text in unslashed for bass in (slash, plain_bass))]
