"""The colours of every picture: the light theme's tokens and the twelve clip colours.

The tokens are JupyterLab's light theme where it has one; each ink reaches 4.5:1 on ``surface``. The clip
colours were searched for in OKLCH: at least 3:1 against white and against #111111, and no two nearer than
0.07 (OKLab distance) for protan, deutan and tritan eyes (matrices of Machado, Oliveira and Fernandes, 2009).
"""

from __future__ import annotations

import zlib

from conduit.music import DRUMS, Clip

__all__ = ["CLIP_COLOURS", "LIGHT", "colour_of", "mix"]

LIGHT: dict[str, str] = {
    "surface": "#ffffff",
    "surface1": "#fafafa",
    "row": "#f1f2f4",  # the row of a black key
    "hair": "#e9ebee",  # sixteenths, and the lines between rows
    "beat": "#d9dce1",
    "octave": "#c3c8d0",
    "bar": "#a4aab5",
    "border": "#e0e0e0",
    "text": "#1f2328",
    "text2": "#616161",
    "key": "#454b55",  # a black key
    "accent": "#1976d2",
    "warn": "#a35300",
    "error": "#c62828",
    "success": "#2e7d32",
}
"""Hexadecimal colour of each token."""

CLIP_COLOURS: tuple[str, ...] = (
    "#5d5eb2",  # indigo
    "#2b8195",  # teal
    "#07a269",  # green
    "#a08a01",  # mustard
    "#ef646b",  # coral
    "#9151e9",  # violet
    "#8388fd",  # periwinkle
    "#64692b",  # olive
    "#ce61d5",  # orchid
    "#d40824",  # red
    "#9090a4",  # grey
    "#986069",  # mauve
)
"""Hexadecimal colour of each clip colour, 0-11."""

_INSTRUMENT_COLOURS = {"bass": 0, "keys": 1, "pad": 2, "pluck": 3, DRUMS: 4, "lead": 5, "piano": 6}


def colour_of(clip: Clip) -> int:
    """Give the clip's colour, an index of ``CLIP_COLOURS``: of its name, or of its instrument if it has none.

    >>> colour_of(Clip.of([], instrument="bass"))
    0
    """
    name = clip.name.strip().casefold()
    if not name:
        return _INSTRUMENT_COLOURS[clip.instrument]
    return zlib.crc32(name.encode(errors="replace")) % len(CLIP_COLOURS)


def mix(colour: str, other: str, *, share: float) -> str:
    """Blend two hexadecimal colours; ``share`` (0-1) of the first.

    >>> mix("#000000", "#ffffff", share=0.5)
    '#808080'
    """
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{int(a * share + b * (1 - share) + 0.5):02x}" for a, b in pairs)
