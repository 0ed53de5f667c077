"""Key and chords that the words ask for: each says what the other means, and so do genre and mood."""

from __future__ import annotations

from dataclasses import dataclass

from conduit.band.genre import GENRES
from conduit.composer.chord_words import key_of_chords, mode_of_numerals, read_numerals, read_symbols
from conduit.composer.forms import blues, sevenths
from conduit.composer.key_words import read_key, read_mode
from conduit.composer.options import Options, valid_genre, valid_key
from conduit.composer.page import Page
from conduit.composer.vocabulary import read_words
from conduit.music import SCALES, Key
from conduit.music.chord import Chord

__all__ = ["Ahead", "key_of_mode", "read_harmony"]

# Scales without a note: the mode's note among the white keys, so that parts made apart still fit.
_WHITE_TONICS = {
    "major": "C", "dorian": "D", "phrygian": "E", "lydian": "F", "mixolydian": "G", "locrian": "B",
    "major pentatonic": "C", "whole tone": "C", "phrygian dominant": "E",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What is to be known before anything is taken off the page.

    Genre and mood say what a note without a scale means; ``rich`` asks for sevenths on Roman numerals.
    """

    genre: str | None
    mood: str | None
    rich: bool
    blues: bool = False
    waltz: bool = False

    @classmethod
    def of(cls, page: Page, options: Options) -> Ahead:
        """Look at a page that stays as it is."""
        words = read_words(Page(page.text))
        genre = valid_genre(options.genre) or words.genre
        rich = bool({genre, *words.styles} & {"jazz", "rich"}) and "triads" not in words.styles
        return cls(genre=genre, mood=read_mode(Page(page.text)) or words.mood, rich=rich)


def read_harmony(
    page: Page, ahead: Ahead, *, options: Options, before: Key | None
) -> tuple[Key | None, tuple[Chord, ...]]:
    """Read key and chords; chord symbols first, for ``Am F`` is no key, numerals last, for they need one.

    Args:
        page: The words; what was read is taken off.
        ahead: What was known before.
        options: What was set explicitly.
        before: The key so far in the conversation, if there is one.
    """
    usual = GENRES[ahead.genre].scale if ahead.genre else "major"
    symbols = read_symbols(page)
    read = read_key(page, usual_mode=ahead.mood or mode_of_numerals(page) or usual)
    key = valid_key(options.key) or read
    numerals = read_numerals(page, key=key or before)
    home = key or before or (key_of_chords(numerals) if numerals else Key("C major"))
    chords = symbols or (sevenths(numerals, key=home) if ahead.rich else numerals)
    mode = read_mode(page)
    key = key or key_of_mode(mode, before)
    if ahead.blues and not chords:
        key = key or before or Key("A blues")
        chords = blues(key)
    return key, chords


def key_of_mode(mode: str | None, before: Key | None) -> Key | None:
    """A scale without a note: on the note before, else among the white keys."""
    if mode is None:
        return None
    if before is not None:
        minor = 3 in SCALES[before.scale]
        if (mode == "minor" and minor) or (mode == "major" and 4 in SCALES[before.scale]):
            return before
        return Key(f"{before.tonic} {mode}")
    return Key(f"{_WHITE_TONICS.get(mode, 'A')} {mode}")
