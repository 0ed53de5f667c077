"""The chords that a clip spells: as symbols, and as a clip of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conduit.errors import ClipError
from conduit.music.degrees import pitched
from conduit.music.note import note_table

if TYPE_CHECKING:
    from conduit.music.clip import Clip
    from conduit.music.estimate import ChordSpan

__all__ = ["chord_clip", "chords"]

_VELOCITY = 80


def chords(clip: Clip, *, bars_each: float = 1.0) -> list[ChordSpan]:
    """Give the chord that fits each bar best, with its start and duration in beats; silent bars have none.

    Tones that do not sound are taken from the clip's key rather than from outside it, and names are written in it.

    Args:
        clip: The clip.
        bars_each: Bars that a chord lasts, such as 2 or 0.5.

    Raises:
        ClipError: The clip is drums.
        ValueError: ``bars_each`` is less than 1/16.

    >>> from conduit.music import Clip, Note
    >>> clip = Clip.of([Note(pitch, 0, 4) for pitch in (57, 60, 64)])
    >>> [span.chord.name for span in clip.chords()]
    ['Am']
    >>> iv = Clip.of([Note(pitch, 0, 4) for pitch in (56, 59, 63)], key="Eb major")
    >>> [span.chord.name for span in iv.chords()]
    ['Abm']
    """
    from conduit.music.estimate import estimate_chords  # noqa: PLC0415  it takes a Clip, and Clip takes this

    return list(estimate_chords(pitched(clip), bars_each=bars_each))


def chord_clip(clip: Clip, *, bars_each: float = 1.0) -> Clip:
    """Give the chords that a clip spells as held chords, each voiced near the one before.

    Length, tempo, metres, key, loop and colour are the clip's; its controls and its program are not taken along.

    Args:
        clip: The clip.
        bars_each: Bars that a chord lasts.

    Raises:
        ClipError: The clip is drums, or nothing sounds in it.

    >>> from conduit.music import Clip, Note
    >>> len(Clip.of([Note(pitch, 0, 4) for pitch in (57, 60, 64)]).chord_clip())
    3
    """
    from conduit.music.voicing import voice_lead  # noqa: PLC0415  theory that a clip itself does not need

    found = chords(clip, bars_each=bars_each)
    if not found:
        raise ClipError("no chord can be read: nothing sounds in the clip")
    rows = [
        (round(span.start * clip.ppq), max(1, round(span.duration * clip.ppq)), pitch, _VELOCITY)
        for span, voicing in zip(found, voice_lead([span.chord for span in found]), strict=True)
        for pitch in voicing
    ]
    named = clip.with_(
        name=f"Chords of {clip.name}" if clip.name else "Chords",
        instrument="keys",
        program=None,
        control_table=clip.control_table[:0].copy(),
    )
    return named.with_table(note_table(rows))
