"""What goes with a question as data, beside its words: variables of a notebook, clips that another has to fit."""

from __future__ import annotations

import re
from dataclasses import replace

from conduit.composer.brief import Brief
from conduit.composer.reading import MAX_BARS
from conduit.errors import ClipError
from conduit.music import Clip, read_clip
from conduit.music.estimate import estimate_key

__all__ = ["fitting", "without_data"]

_BLOCK = re.compile(r'<data name="(?P<name>[^"\n]*)">\n(?P<data>.*?)\n</data>', re.DOTALL)
_SURE = 0.5


def without_data(text: str) -> tuple[str, list[Clip]]:
    r"""Split a question into its words and the clips that go with it.

    >>> words, clips = without_data('<data name="a">\nclip A | 1 bar\n1 | 1:C3\n</data>\n\na bass')
    >>> words, [clip.name for clip in clips]
    ('a bass', ['A'])
    """
    clips = []
    words = _BLOCK.sub("", text)
    for block in _BLOCK.finditer(text):
        # A name says nothing about music: a part for @"acid bass" is no bass.
        name = re.escape(block["name"])
        words = re.sub(rf'@(?:"{name}"|{name}(?!\w))', "", words)
        try:
            clips.append(read_clip(block["data"]))
        except (ClipError, TypeError):
            continue  # what a model may read, and this composer cannot
    return words.strip(), clips


def fitting(clips: list[Clip], before: Brief | None) -> Brief | None:
    """Give the brief that holds where the words are silent, so that a part fits the clips that go with them.

    Args:
        clips: The first that is no drums gives key and chords, the first of all the time.
        before: The brief of the conversation so far.
    """
    if not clips:
        return before
    first = clips[0]
    made = before or Brief(role="chords" if first.instrument == "bass" else "bass")
    made = replace(
        made,
        bars=max(1, min(MAX_BARS, round(first.bars))),
        meter=first.meter,
        bpm=first.bpm,
    )
    pitched = next((clip for clip in clips if not clip.is_drums and len(clip)), None)
    if pitched is None:
        return made
    spans = pitched.chords()
    whole = len(spans) == made.bars and all(span.fit >= _SURE for span in spans)
    return replace(
        made,
        key=pitched.key or estimate_key(pitched)[0],
        chords=tuple(span.chord for span in spans) if whole else (),
    )
