"""Options: what was set explicitly beside the words, and the checks of what they hold."""

from __future__ import annotations

from dataclasses import dataclass

from conduit.composer.page import Page
from conduit.composer.vocabulary import read_words
from conduit.composer.words import ROLES
from conduit.music import SCALES, Key, Meter
from conduit.music.genre import GENRES

__all__ = ["Options", "valid_genre", "valid_key", "valid_meter", "valid_role"]


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


def valid_key(name: str | None) -> Key | None:
    """Give a key that was set, or raise ``ValueError`` with what would be one."""
    if name is None:
        return None
    try:
        return Key(name)
    except ValueError as error:
        raise ValueError(
            f"{name!r} is not a key: notes are A to G, with # or b, and scales are {', '.join(SCALES)}."
        ) from error


def valid_meter(meter: Meter | str | None) -> Meter | None:
    """Give a metre that was set, or raise ``ValueError`` with what would be one."""
    return Meter.parse(meter) if isinstance(meter, str) else meter


def valid_genre(genre: str | None) -> str | None:
    """Give the name of a genre that was set, or raise ``ValueError`` with the genres there are."""
    if genre is None or genre in GENRES:
        return genre
    read = read_words(Page(genre)).genre
    if read is None:
        raise ValueError(f"I do not know the genre {genre!r}: the genres are {', '.join(GENRES)}.")
    return read


def valid_role(role: str | None) -> str | None:
    """Give the name of a part that was set, or raise ``ValueError`` with the parts there are."""
    if role is None or role in ROLES:
        return role
    read = read_words(Page(role)).role
    if read is None:
        raise ValueError(f"I do not know the part {role!r}: the parts are {', '.join(ROLES)}.")
    return read
