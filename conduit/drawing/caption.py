"""What is said about a clip beside its picture: name, bars, tempo, key. Names are cleaned here alone."""

from __future__ import annotations

import re
import unicodedata

from conduit.music import DRUM_NAMES, Clip
from conduit.music.spelling import spell

__all__ = ["caption", "columns", "facts", "fit", "past_the_end", "printable", "row_name", "title"]

# What XML 1.0 cannot carry, what a terminal acts upon, and what turns the direction of a line.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_MOST_METERS = 3


def printable(text: str) -> str:
    """Give the text with each character that no page or terminal should meet replaced by U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)


def title(clip: Clip) -> str:
    """Give the clip's name in one printable line, or ``untitled``."""
    return " ".join(printable(clip.name).split()) or "untitled"


def past_the_end(clip: Clip) -> int:
    """Count the notes that start at or after the clip's end; a picture does not show them."""
    return int((clip.table["start"] >= clip.length_ticks).sum())


def facts(clip: Clip) -> list[str]:
    """Say what a header says after the name.

    >>> facts(Clip.of([], key="A minor"))
    ['1 bar', '4/4', '120 bpm', 'A minor']
    """
    meters = [clip.meter, *(meter for _, meter in clip.meter_changes)]
    shown = " → ".join(map(str, meters[:_MOST_METERS])) + " …" * (len(meters) > _MOST_METERS)
    said = [_counted(clip.bars, "bar"), shown, f"{clip.bpm:g} bpm"]
    if clip.key:
        said.append(str(clip.key))
    if hidden := past_the_end(clip):
        said.append(f"{_counted(hidden, 'note')} past the end")
    return said


def caption(clip: Clip) -> str:
    """Say in one line what a picture of the clip shows.

    >>> caption(Clip.of([], name="Acid"))
    'Acid · 1 bar · 4/4 · 120 bpm · 0 notes'
    """
    return " · ".join([title(clip), *facts(clip), _counted(len(clip), "note")])


def row_name(clip: Clip, pitch: int) -> str:
    """Name a pitch as the clip's roll does: the drum, or the pitch in Live's naming (60 is C3)."""
    if clip.is_drums and pitch in DRUM_NAMES:
        return DRUM_NAMES[pitch]
    return spell(pitch, clip.key)


def columns(text: str) -> int:
    """Count the columns of a text in a monospaced font; East Asian wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def fit(text: str, width: int) -> str:
    """Cut a text to a number of columns, at least 1, with an ellipsis where it was cut.

    >>> fit("a long name", 7)
    'a long…'
    """
    if columns(text) <= width:
        return text
    kept = ""
    for character in text:
        if columns(kept + character) > width - 1:
            break
        kept += character
    return kept.rstrip() + "…"


def _counted(number: float, noun: str) -> str:
    return f"{round(number, 2):g} {noun}{'s' if number != 1 else ''}"
