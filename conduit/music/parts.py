"""Parts: who plays what. A renderer is a pure function of a setting and a seeded ``Random``.

Every renderer keeps to the clip's length, and to the key but for the chords it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from conduit.music.arpeggio import render_arp
from conduit.music.bass import render_bass
from conduit.music.comping import render_chords
from conduit.music.groove import render_drums
from conduit.music.melody import render_lead
from conduit.music.note import Note
from conduit.music.pads import render_pad
from conduit.music.phrase import Setting
from conduit.music.texture import render_texture

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
