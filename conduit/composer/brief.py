"""A brief: what is to be made, read from a person's words and from what was set explicitly.

Nothing is dropped in silence: a word that says something and is not understood is kept in ``unknown``, and
where no clip can be made ``problem`` says why. The same words give the same brief on every machine.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from random import Random

from conduit.band.genre import GENRES, PLAIN, Genre
from conduit.band.kit import PIECES, Pieces
from conduit.band.parts import RENDERERS
from conduit.band.phrase import Setting
from conduit.composer.chord_words import key_of_chords
from conduit.composer.forms import BLUES_BARS, read_blues, read_waltz
from conduit.composer.harmony_words import Ahead, key_of_mode, read_harmony
from conduit.composer.negation import Away, read_away
from conduit.composer.options import Options, valid_genre, valid_meter, valid_role
from conduit.composer.page import Page, fold
from conduit.composer.pieces import merged, read_added, read_fills, read_pieces, usually
from conduit.composer.reading import (
    MAX_BARS,
    checked_bars,
    checked_bpm,
    read_bars,
    read_bpm,
    read_each,
    read_meter,
    read_seed,
)
from conduit.composer.vocabulary import Words, read_words
from conduit.composer.words import ROLES
from conduit.music import Key, Meter
from conduit.music.chord import Chord
from conduit.music.drums import DRUM_PITCHES

__all__ = ["MAX_BARS", "Brief", "Options", "read_brief", "understood"]

_EXAMPLE = "four bars of syncopated acid bass in A minor at 128 bpm"
_WITH_GENRE = re.compile(r"\b(?:with|on)\b")  # house with claps, claps on 2: not the claps alone
USUAL_BARS = 4
USUAL_ENERGY = 0.55


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What is to be made.

    Attributes:
        role: ``bass``, ``drums``, ``chords``, ``pad``, ``lead``, ``arp`` or ``texture``.
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
        progression: Which of the progressions of key and genre; other takes of chords count it on, and later
            requests keep it, so that a bass fits the chords before it.
        pieces: Which pieces of the drum kit play, and where.
        fills: Whether drums play fills; None: as long as the clip is no shorter than three bars.
        near: Genre words for which the genre is only the nearest there is.
        guessed: Words with a letter wrong, and what each was taken for.
        unknown: Words that were not understood, and wishes that were not made sure of, in order.
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
    progression: int = 0
    pieces: Pieces = field(default_factory=Pieces)
    fills: bool | None = None
    near: tuple[str, ...] = ()
    guessed: tuple[tuple[str, str], ...] = ()
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
        f"genre and words of style. Try: {_EXAMPLE}."
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
    fills = read_fills(page)
    added = read_added(page)
    away = read_away(page)
    ahead = Ahead.of(page, options)
    named = not (_WITH_GENRE.search(page.text) and ahead.genre)
    pieces = merged(read_pieces(page, named=named), without=away.pieces)
    form = replace(ahead, blues=read_blues(page), waltz=read_waltz(page))
    seed = read_seed(page) if options.seed is None else options.seed
    meter = read_meter(page)
    meter = valid_meter(options.meter) or meter or before.meter
    bpm = read_bpm(page)
    each = read_each(page)
    bars = read_bars(page, meter=meter)
    key, chords = read_harmony(page, form, options=options, before=before.key)
    if each and chords:
        chords = tuple(chord for chord in chords for _ in range(each))[:MAX_BARS]
        bars = len(chords) if bars is None else bars
    words = read_words(page)
    if not (page.taken or words.sure or options.role or options.genre):
        return replace(brief, unknown=words.unknown, problem=_not_understood(words))
    if key is None and before.key is None:
        key = key_of_chords(chords) if chords else key_of_mode(words.mood or _other_mode(away), None)
    usual = BLUES_BARS if form.blues and bars is None else before.bars
    asked = options.bars if options.bars is not None else bars if bars is not None else usual
    brief = replace(
        brief,
        bars=checked_bars(asked, meter=meter),
        meter=meter,
        bpm=checked_bpm(options.bpm) if options.bpm is not None else bpm or before.bpm,
        chords=chords or (() if key else before.chords),
        progression=before.progression,
        key=key or before.key,
        seed=brief.seed if seed is None else seed,
        pieces=pieces,
        fills=fills,
    )
    brief = _worded(brief, words, form, away=away, options=options, previous=previous)
    brief = _with_added(brief, added)
    return brief if bpm or options.bpm else _paced(brief, words.pace)


def _with_added(brief: Brief, added: tuple[str, ...]) -> Brief:
    """Place the pieces that were asked for besides, where the genre's beat has them not."""
    pieces = brief.pieces
    known = {*pieces.only, *pieces.without, *dict(pieces.placed)}
    wanted = [piece for piece in added if piece not in known]
    if brief.role != "drums" or pieces.only or not wanted:
        return brief
    setting = Setting(
        key=brief.key or Key("C major"),
        meter=brief.meter,
        bars=brief.bars,
        genre=brief.facts,
        styles=brief.styles,
        energy=brief.energy,
        fills=brief.fills,
    )
    there = {note.pitch for note in RENDERERS["drums"](setting, Random(brief.seed << 8))}
    missing = [
        piece for piece in wanted if not any(DRUM_PITCHES[drum] in there for drum in PIECES[piece].drums)
    ]
    placed = (*pieces.placed, *((piece, usually(piece, brief.meter)) for piece in missing))
    return replace(brief, pieces=replace(pieces, placed=placed))


def _worded(
    brief: Brief, words: Words, form: Ahead, *, away: Away, options: Options, previous: Brief | None
) -> Brief:
    """Put what the words mean into a brief whose facts are settled."""
    held = previous.genre if previous and previous.genre not in away.genres else None
    genre = valid_genre(options.genre) or words.genre or held
    brief = replace(
        brief,
        genre=genre,
        styles=tuple(dict.fromkeys([*words.styles, *(["waltz"] if form.waltz else [])])),
        energy=USUAL_ENERGY if words.energy is None else words.energy,
        octave=words.octave,
        swing=words.swing,
        near=words.near,
        guessed=words.guessed,
        unknown=(*words.unknown, *away.told),
        others=words.others,
    )
    role = valid_role(options.role) or words.role
    if role in away.roles:
        brief = replace(brief, unknown=(*brief.unknown, f"no {role}"))
    return replace(brief, role=role or _usual_role(brief, previous, away=away.roles))


def _paced(brief: Brief, pace: str | None) -> Brief:
    """Give the brief a tempo below or above the usual one, as the words slow and fast ask for."""
    if pace is None:
        return brief
    usual = brief.bpm or brief.facts.bpm
    slow, fast = (0.85, 1.15) if brief.genre or brief.bpm else (0.6, 1.3)
    return replace(brief, bpm=checked_bpm(float(round(usual * (slow if pace == "slow" else fast)))))


def _other_mode(away: Away) -> str | None:
    """The mode that is left where one of two is asked away."""
    return next(({"minor": "major", "major": "minor"}.get(mode) for mode in away.modes), None)


def _not_understood(words: Words) -> str:
    named = ", ".join(f'"{word}"' for word in words.unknown[:6])
    return f"I found nothing about music in {named or 'that'}; try: {_EXAMPLE}."


def _usual_role(brief: Brief, previous: Brief | None, *, away: tuple[str, ...]) -> str:
    """The part where none is named: the one before, or what chords, metre, genre or key suggest."""
    plain = "chords" if brief.chords or brief.key or "waltz" in brief.styles else "bass"
    wanted = brief.facts.role if brief.genre and not brief.chords else plain
    if brief.pieces and not brief.chords:
        wanted = "drums"
    choices = [previous.role if previous else wanted, wanted, "bass", "chords", *ROLES]
    return next((role for role in choices if role not in away), wanted)
