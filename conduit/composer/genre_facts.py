"""What a model is told about a genre: its facts in a few words."""

from __future__ import annotations

from conduit.band.genre import GENRES, Genre
from conduit.composer.options import Options
from conduit.composer.page import Page
from conduit.composer.vocabulary import read_words

__all__ = ["facts_of", "genre_asked"]

_LONGEST = 2000  # letters; in longer texts genres are mentioned rather than asked for
_SHOWN = 3


def genre_asked(text: str, options: Options) -> Genre | None:
    """Give the genre that is set, else the one that the words name; None without one."""
    name = options.genre if options.genre in GENRES else None
    if name is None and len(text) <= _LONGEST:
        name = read_words(Page(options.genre or text)).genre
    return GENRES[name] if name else None


def facts_of(genre: Genre) -> str:
    """Give the facts of a genre for a model to read, in under a hundred tokens.

    >>> facts_of(GENRES["dub"])[:50]
    'dub: 60-90 bpm, swing 56 %, minor or dorian or maj'
    """
    slow, fast = genre.tempo
    swing = f"swing {genre.swing} %" if genre.swing > 50 else "straight"
    scales = " or ".join(genre.scales[:_SHOWN])
    quiet, loud = genre.velocity
    played = f"ghost notes near velocity {quiet}, accents near {loud}"
    return f"{genre.name}: {slow:g}-{fast:g} bpm, {swing}, {scales}, {played}. {genre.about}"
