"""Options: what was set explicitly beside the words, and the checks of what they hold."""

from __future__ import annotations

from dataclasses import dataclass

from conduit.band.genre import GENRES
from conduit.composer.page import Page
from conduit.composer.vocabulary import read_words
from conduit.composer.words import ROLES
from conduit.music import Key, Meter
from conduit.music.near import UnknownNameError, near_misses

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
        role: ``bass``, ``drums``, ``chords``, ``pad``, ``lead``, ``arp`` or ``texture``.
    """

    bars: float | None = None
    key: str | None = None
    bpm: float | None = None
    meter: Meter | str | None = None
    genre: str | None = None
    seed: int | None = None
    role: str | None = None


def valid_key(name: str | None) -> Key | None:
    """Give a key that was set, or raise ``UnknownNameError`` with those that come near."""
    return None if name is None else Key(name)


def valid_meter(meter: Meter | str | None) -> Meter | None:
    """Give a metre that was set, or raise ``ValueError`` with what would be one."""
    return Meter.parse(meter) if isinstance(meter, str) else meter


def valid_genre(genre: str | None) -> str | None:
    """Give the name of a genre that was set, or raise ``UnknownNameError`` with those that come near."""
    if genre is None or genre in GENRES:
        return genre
    words = read_words(Page(genre))
    read = None if words.guessed else words.genre
    if read is None and (fault := GENRES.faults.get(genre.lower())):
        raise ValueError(fault)
    if read is None:
        raise _unknown("genre", genre, GENRES.near(genre), list(GENRES))
    return read


def valid_role(role: str | None) -> str | None:
    """Give the name of a part that was set, or raise ``UnknownNameError`` with those that come near."""
    if role is None or role in ROLES:
        return role
    words = read_words(Page(role))
    read = None if words.guessed else words.role
    if read is None:
        known = {word.strip(): name for name, more in ROLES.items() for word in more.split(",")}
        near = [known[word] for word in near_misses(role, known)]
        raise _unknown("part", role, list(dict.fromkeys(near)), list(ROLES))
    return read


def _unknown(kind: str, name: str, near: list[str], known: list[str]) -> UnknownNameError:
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    there_are = f"The {kind}s are {', '.join(known)}."
    return UnknownNameError(f"I do not know the {kind} {name!r}.{hint} {there_are}", near or known)
