"""Parts: who plays what. A renderer is a pure function of a setting and a seeded ``Random``.

Every renderer keeps to the clip's length, and to the key but for the chords it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from conduit.band.arpeggio import render_arp
from conduit.band.bass import render_bass
from conduit.band.comping import render_chords
from conduit.band.groove import render_drums
from conduit.band.melody import render_lead
from conduit.band.pads import render_pad
from conduit.band.phrase import Setting
from conduit.band.texture import render_texture
from conduit.music.note import Note

__all__ = ["INSTRUMENTS", "RENDERERS", "Renderer"]

Renderer = Callable[[Setting, Random], list[Note]]

RENDERERS: dict[str, Renderer] = {
    "bass": render_bass,
    "drums": render_drums,
    "chords": render_chords,
    "pad": render_pad,
    "lead": render_lead,
    "arp": render_arp,
    "texture": render_texture,
}
"""The renderer of each role."""

INSTRUMENTS = {
    "bass": "bass",
    "drums": "drums",
    "chords": "keys",
    "pad": "pad",
    "lead": "lead",
    "arp": "pluck",
    "texture": "pad",
}
"""The instrument that plays each role."""
