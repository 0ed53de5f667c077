"""A draft: a clip on its way through what a follow-up asks, and the steps that several operations share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from conduit.composer.brief import MAX_BARS, Brief
from conduit.composer.sketch import sketch
from conduit.music import Clip, Key, edit

__all__ = ["Draft", "Operation", "Step", "into_key", "of_length", "operation", "renamed", "sketched"]


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
    return draft.then(said, edit.cut(draft.clip, wanted * draft.clip.meter.bar), bars=wanted)


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
