"""A draft: a clip on its way through what a follow-up asks, and the steps that several operations share."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from conduit.composer.brief import MAX_BARS, Brief
from conduit.composer.sketch import sketch, swing_grid_of, swing_of
from conduit.music import Clip, Key, edit

__all__ = [
    "Draft",
    "Operation",
    "Step",
    "bar_at",
    "brief_of",
    "into_key",
    "of_length",
    "operation",
    "renamed",
    "sketched",
    "straight",
]

_ROLES = {"drums": "drums", "bass": "bass", "pad": "pad", "lead": "lead", "pluck": "arp"}
_KIN = 0.4  # share of its onsets that a clip has in common with what its brief gives


@dataclass(frozen=True, slots=True)
class Draft:
    """A clip on its way, its brief, and what was done to it so far."""

    clip: Clip
    brief: Brief
    done: tuple[str, ...] = ()

    def then(self, said: str, clip: Clip | None = None, **brief: object) -> Draft:
        """Give the draft after one more step."""
        return Draft(
            self.clip if clip is None else clip,
            replace(self.brief, **brief),  # type: ignore[arg-type]  # the names are the brief's own
            (*self.done, said),
        )

    @property
    def is_sketched(self) -> bool:
        """Whether the clip is one that its brief gives, perhaps edited, and not one of another hand."""
        again, clip = sketched(self, self.brief), self.clip
        if (again.name, again.instrument) != (clip.name, clip.instrument):
            return False
        mine, given = _onsets(clip), _onsets(again)
        return len(mine & given) >= _KIN * min(len(mine), len(given))

    def styled(self, style: str, *, instead_of: str = "") -> tuple[str, ...]:
        """Give the brief's styles with one more, or with one in place of its opposite."""
        kept = [known for known in self.brief.styles if known not in {style, instead_of}]
        return (*kept, style) if style else tuple(kept)


Step = Callable[[Draft, "re.Match[str]"], Draft]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked for."""

    pattern: re.Pattern[str]
    step: Step


def into_key(draft: Draft, key: Key) -> Draft:
    """Take a draft to another key."""
    if draft.clip.is_drums:
        return draft.then("left the key alone, since drums have none")
    moved = edit.to_key(draft.clip, key)
    return draft.then(f"took it to {key}", renamed(moved, draft.clip.key), key=key, chords=())


def renamed(clip: Clip, old: Key | None) -> Clip:
    """Give a clip with its key's name in its own name put right."""
    return clip.with_(name=clip.name.replace(str(old), str(clip.key))) if old and clip.key else clip


def of_length(draft: Draft, bars: float) -> Draft:
    """Give a draft a number of whole bars, 1 to 128."""
    wanted = max(1, min(MAX_BARS, round(bars)))
    said = f"made it {wanted} bar{'s' if wanted != 1 else ''} long"
    if wanted != bars:
        said += f" (a clip has 1 to {MAX_BARS} whole bars)"
    clip = draft.clip
    whole = clip if wanted <= clip.bars else edit.tile(clip, math.ceil(wanted / clip.bars))
    beats = float(whole.bar_lines.number(wanted).start) / clip.ppq
    return draft.then(said, edit.cut(clip, beats), bars=wanted)


def bar_at(clip: Clip, number: int) -> tuple[float, float] | None:
    """Give the beats between which a bar lies, counted from 1; None where the clip has no such bar."""
    if number < 1:
        return None
    bar = clip.bar_lines.number(number - 1)
    start, end = round(bar.start), min(clip.length_ticks, round(bar.start + bar.length))
    return (start / clip.ppq, end / clip.ppq) if start < end else None


def brief_of(clip: Clip) -> Brief:
    """Give the brief that a clip from elsewhere would have had: its part, length, key, tempo and metre.

    >>> from conduit.music import Note
    >>> brief_of(Clip.of([Note(40, 0, 1)], instrument="bass", key="E minor")).role
    'bass'
    """
    return Brief(
        role=_ROLES.get(clip.instrument, "chords"),
        bars=max(1, min(MAX_BARS, round(clip.bars))),
        meter=clip.meter,
        key=clip.key,
        bpm=clip.bpm,
        swing=50,
        seed=int(clip.digest[:12], 16),
    )


def operation(pattern: str, step: Step) -> Operation:
    """Make an operation of a pattern of folded text."""
    return Operation(re.compile(pattern), step)


def sketched(draft: Draft, brief: Brief) -> Clip:
    """Write a clip again from a brief, in the key, tempo, length and register that the draft has now."""
    clip = draft.clip
    bars = max(1, min(MAX_BARS, round(clip.bars)))
    again = sketch(replace(brief, bpm=clip.bpm, key=clip.key or brief.key, bars=bars))
    if clip.is_drums or again.is_drums or not len(clip) or not len(again):
        return again
    apart = float(np.mean(clip.table["pitch"]) - np.mean(again.table["pitch"]))
    octaves = round(apart / 12)
    return edit.transpose(again, 12 * octaves) if octaves else again


def _onsets(clip: Clip) -> set[int]:
    """Give the sixteenths at which notes are struck."""
    return set(np.rint(clip.table["start"] / (clip.ppq / 4)).astype(np.int64).tolist())


def straight(draft: Draft) -> Clip:
    """Give a draft's clip without the swing that its brief has."""
    return edit.swing(draft.clip, 50, was=swing_of(draft.brief), grid=swing_grid_of(draft.brief))
