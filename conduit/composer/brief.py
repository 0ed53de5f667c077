"""A brief: what is to be made, read from a person's words and from what was set explicitly.

Nothing is dropped in silence: a word that says something and is not understood is kept in ``unknown``, and
where no clip can be made ``problem`` says why. The same words give the same brief on every machine.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from conduit.composer.page import Page, fold
from conduit.composer.reading import (
    MAX_BARS,
    checked_bars,
    checked_bpm,
    key_of_chords,
    read_bars,
    read_bpm,
    read_key,
    read_meter,
    read_mode,
    read_numerals,
    read_seed,
    read_symbols,
)
from conduit.composer.vocabulary import Words, read_words
from conduit.composer.words import ROLES
from conduit.music import SCALES, Key, Meter
from conduit.music.chord import Chord
from conduit.music.genre import GENRES, PLAIN, Genre

__all__ = ["MAX_BARS", "Brief", "Options", "read_brief", "understood"]

USUAL_BARS = 4
USUAL_ENERGY = 0.55

# Scales without a note: the mode's note among the white keys, so that parts made apart still fit.
_WHITE_TONICS = {
    "major": "C", "dorian": "D", "phrygian": "E", "lydian": "F", "mixolydian": "G", "locrian": "B",
    "major pentatonic": "C", "whole tone": "C", "phrygian dominant": "E",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was set explicitly; it wins over the words.

    Attributes:
        bars: Length, 1-128.
        key: Such as ``A minor``.
        bpm: Tempo, 20-999.
        meter: Such as ``7/8``.
        genre: A key of ``GENRES``.
        seed: Any whole number.
        role: ``bass``, ``drums``, ``chords``, ``pad``, ``lead`` or ``arp``.
    """

    bars: float | None = None
    key: str | None = None
    bpm: float | None = None
    meter: Meter | str | None = None
    genre: str | None = None
    seed: int | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What is to be made.

    Attributes:
        role: ``bass``, ``drums``, ``chords``, ``pad``, ``lead`` or ``arp``.
        bars: Length, 1-128.
        meter: Time signature.
        key: Tonic and scale; None where none was asked for.
        bpm: Tempo; None where none was asked for.
        genre: A key of ``GENRES``, or None.
        styles: Words of style, in the order they were written.
        energy: 0 (still) to 1 (full).
        octave: Octaves up (negative: down) from where the part usually lies.
        chords: A progression that was asked for.
        swing: Where the second sixteenth of a pair falls, per cent; None: as the genre has it.
        seed: What every choice follows from.
        take: Counts other takes of the same brief, from 0.
        unknown: Words that were not understood, in order.
        others: Other roles that were asked for in the same breath; a clip holds one.
        problem: Why no clip can be made, as a sentence; None when one can.
    """

    role: str = "bass"
    bars: int = USUAL_BARS
    meter: Meter = field(default_factory=Meter)
    key: Key | None = None
    bpm: float | None = None
    genre: str | None = None
    styles: tuple[str, ...] = ()
    energy: float = USUAL_ENERGY
    octave: int = 0
    chords: tuple[Chord, ...] = ()
    swing: int | None = None
    seed: int = 0
    take: int = 0
    unknown: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def facts(self) -> Genre:
        """The facts of the genre, or the plain ones."""
        return GENRES[self.genre] if self.genre else PLAIN


def understood() -> str:
    """Say in a sentence or two what a brief can say, with an example."""
    roles = list(ROLES)
    return (
        f"I read a part ({', '.join(roles[:-1])} or {roles[-1]}), a number of bars, a key, a tempo, a metre, a "
        "genre and words of style. Try: four bars of syncopated acid bass in A minor at 128 bpm."
    )


def read_brief(text: str, *, options: Options | None = None, previous: Brief | None = None) -> Brief:
    """Read what is to be made.

    Args:
        text: A person's words; any length, any language.
        options: What was set explicitly.
        previous: The brief before in the same conversation: its key, tempo, metre, length, genre and chords hold
            where the words and options are silent.

    >>> brief = read_brief("a sixteen-bar acid bassline in F# dorian at 130 bpm")
    >>> brief.role, brief.bars, brief.key, brief.bpm
    ('bass', 16, 'F# dorian', 130.0)
    """
    options = options or Options()
    page = Page(text)
    brief = Brief(seed=_seed(page.original))
    if not page.original:
        return replace(brief, problem=f"There are no words to make a clip of. {understood()}")
    try:
        return _read(page, brief, options=options, previous=previous)
    except ValueError as error:
        return replace(brief, problem=str(error))


def _seed(text: str) -> int:
    content = fold(text).encode("utf-8", errors="backslashreplace")
    return int.from_bytes(hashlib.blake2b(content, digest_size=6).digest(), "big")


def _read(page: Page, brief: Brief, *, options: Options, previous: Brief | None) -> Brief:
    before = previous or Brief()
    seed = read_seed(page) if options.seed is None else options.seed
    meter = read_meter(page)
    meter = _meter(options.meter) or meter or before.meter
    bpm = read_bpm(page)
    bars = read_bars(page, meter=meter)
    key, chords = _read_harmony(page, options=options, before=before)
    words = read_words(page)
    if not (page.taken or words.sure or options.role or options.genre):
        return replace(brief, unknown=words.unknown, problem=_not_understood(words))
    if key is None and before.key is None:
        key = key_of_chords(chords) if chords else _key_of_mode(words.mood, None)
    asked = options.bars if options.bars is not None else bars if bars is not None else before.bars
    brief = replace(
        brief,
        bars=checked_bars(asked, meter=meter),
        meter=meter,
        bpm=checked_bpm(options.bpm) if options.bpm is not None else bpm or before.bpm,
        chords=chords or (() if key else before.chords),
        key=key or before.key,
        seed=brief.seed if seed is None else seed,
    )
    return _worded(brief, words, options=options, previous=previous)


def _read_harmony(page: Page, *, options: Options, before: Brief) -> tuple[Key | None, tuple[Chord, ...]]:
    """Read key and chords; chord symbols first, for ``Am F`` is no key, numerals last, for they need one."""
    genre, mood = _genre_ahead(page, options)
    symbols = read_symbols(page)
    read = read_key(page, usual_mode=mood or (GENRES[genre].scale if genre else "major"))
    key = _key(options.key) or read
    chords = symbols or read_numerals(page, key=key or before.key)
    mode = read_mode(page)
    return key or _key_of_mode(mode, before.key), chords


def _worded(brief: Brief, words: Words, *, options: Options, previous: Brief | None) -> Brief:
    """Put what the words mean into a brief whose facts are settled."""
    genre = _valid_genre(options.genre) or words.genre or (previous.genre if previous else None)
    brief = replace(
        brief,
        genre=genre,
        styles=words.styles,
        energy=USUAL_ENERGY if words.energy is None else words.energy,
        octave=words.octave,
        swing=words.swing,
        unknown=words.unknown,
        others=words.others,
    )
    role = _valid_role(options.role) or words.role
    return replace(brief, role=role or _usual_role(brief, previous))


def _genre_ahead(page: Page, options: Options) -> tuple[str | None, str | None]:
    """Genre and mood, which say what a note without a scale means, before anything is taken off the page."""
    words = read_words(Page(page.text))
    return _valid_genre(options.genre) or words.genre, read_mode(Page(page.text)) or words.mood


def _not_understood(words: Words) -> str:
    named = ", ".join(repr(word) for word in words.unknown[:6])
    return f"I found nothing about music in that{f' ({named})' if named else ''}. {understood()}"


def _usual_role(brief: Brief, previous: Brief | None) -> str:
    if previous:
        return previous.role
    if brief.chords:
        return "chords"
    if brief.genre:
        return brief.facts.role
    return "chords" if brief.key else "bass"


def _key_of_mode(mode: str | None, before: Key | None) -> Key | None:
    """A scale without a note: on the note before, else among the white keys."""
    if mode is None:
        return None
    if before is not None:
        minor = 3 in SCALES[before.scale]
        if (mode == "minor" and minor) or (mode == "major" and 4 in SCALES[before.scale]):
            return before
        return Key(f"{before.tonic} {mode}")
    return Key(f"{_WHITE_TONICS.get(mode, 'A')} {mode}")


def _key(name: str | None) -> Key | None:
    if name is None:
        return None
    try:
        return Key(name)
    except ValueError as error:
        raise ValueError(
            f"{name!r} is not a key: notes are A to G, with # or b, and scales are {', '.join(SCALES)}."
        ) from error


def _meter(meter: Meter | str | None) -> Meter | None:
    return Meter.parse(meter) if isinstance(meter, str) else meter


def _valid_genre(genre: str | None) -> str | None:
    if genre is None or genre in GENRES:
        return genre
    read = read_words(Page(genre)).genre
    if read is None:
        raise ValueError(f"I do not know the genre {genre!r}: the genres are {', '.join(GENRES)}.")
    return read


def _valid_role(role: str | None) -> str | None:
    if role is None or role in ROLES:
        return role
    read = read_words(Page(role)).role
    if read is None:
        raise ValueError(f"I do not know the part {role!r}: the parts are {', '.join(ROLES)}.")
    return read
