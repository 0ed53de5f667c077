"""What an arrangement may hold: the checks of its constructor, each giving the value as it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import lcm
from typing import Any

from conduit.errors import ClipError
from conduit.music.clip import PPQ, Clip
from conduit.music.kept import SIGNATURES
from conduit.music.limits import MAX_PPQ
from conduit.music.scale import Key
from conduit.music.tempo import bpm_of, microseconds_of

__all__ = [
    "DRUM_CHANNEL",
    "Place",
    "clips",
    "common_ppq",
    "free_places",
    "keys",
    "markers",
    "places",
    "tempos",
]

_SLOWEST, _FASTEST = bpm_of(0xFFFFFF), bpm_of(1)  # what three bytes of microseconds hold

Place = tuple[int, int]
"""Track and channel in a file, both from 0."""

DRUM_CHANNEL = 9
"""Channel 10, counted from 0: percussion in General MIDI."""


def tempos(changes: Iterable[tuple[int, float]]) -> tuple[tuple[int, float], ...]:
    """Give changes of tempo, as near as a file can hold them."""
    given = _in_time("tempos", changes)
    if any(not _SLOWEST <= bpm <= _FASTEST for _, bpm in given):
        raise ClipError(f"a tempo of an arrangement is {_SLOWEST:g} to {_FASTEST:,.0f} beats a minute")
    return tuple((tick, bpm_of(microseconds_of(bpm))) for tick, bpm in given)


def keys(changes: Iterable[tuple[int, str]]) -> tuple[tuple[int, Key], ...]:
    """Give changes of key: major and minor, as key signatures name them."""
    read = tuple((tick, Key(key)) for tick, key in _in_time("keys", changes))
    unsaid = next((key for _, key in read if key not in SIGNATURES), None)
    if unsaid is not None:
        raise ClipError(
            f"a key signature cannot say {unsaid}: it is major or minor, with up to seven sharps or flats; "
            "each clip keeps its own key"
        )
    return read


def markers(texts: Iterable[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """Give markers in order of time."""
    given = sorted(texts, key=lambda marker: marker[0])
    if given and given[0][0] < 0:
        raise ClipError(f"a marker at tick {given[0][0]} cannot be: it is 0 or more")
    return tuple(given)


def clips(parts: Iterable[Clip], *, ppq: int) -> tuple[Clip, ...]:
    """Give clips that all have so many ticks a beat."""
    given = tuple(parts)
    other = next((clip for clip in given if clip.ppq != ppq), None)
    if other is not None:
        raise ClipError(
            f"{other.name!r} has {other.ppq} ticks a beat and the arrangement {ppq}: "
            "Arrangement.of gives all the same"
        )
    return given


def places(given: Sequence[Place], *, clips: Sequence[Clip]) -> tuple[Place, ...]:
    """Give each clip a place of its own in a file."""
    if not given:
        return free_places(clips)
    if not len(set(given)) == len(given) == len(clips):
        raise ClipError(f"{len(clips)} clips have {len(set(given))} places: give one to each")
    return tuple(given)


def common_ppq(resolutions: Iterable[int]) -> int:
    """Give the least ticks a beat that hold all of these exactly."""
    each = sorted(set(resolutions))
    ppq = lcm(*each) if each else PPQ
    if ppq > MAX_PPQ:
        raise ClipError(
            f"clips of {', '.join(map(str, each))} ticks a beat cannot be put together exactly: that takes "
            f"{ppq:,}, and a file holds up to {MAX_PPQ:,}; make them with the same ppq"
        )
    return ppq


def free_places(clips: Sequence[Clip]) -> tuple[Place, ...]:
    """Give each clip a track after the first, and a channel: drums the one that General MIDI has for them."""
    channels = [channel for channel in range(16) if channel != DRUM_CHANNEL]
    places, pitched = [], 0
    for track, clip in enumerate(clips, 1):
        places.append((track, DRUM_CHANNEL if clip.is_drums else channels[pitched % len(channels)]))
        pitched += not clip.is_drums
    return tuple(places)


def _in_time(what: str, changes: Iterable[tuple[int, Any]]) -> tuple[tuple[int, Any], ...]:
    given = tuple(changes)
    ticks = [tick for tick, _ in given]
    if ticks != sorted(set(ticks)) or min(ticks, default=0) < 0:
        raise ClipError(f"{what} at ticks {ticks[:8]} cannot be: they are 0 or more and rise")
    return given
