"""Parts: who plays what. A renderer is a pure function of a setting and a seeded ``Random``.

Every renderer keeps to the clip's length, and to the key but for the chords it was asked for; with more energy none
plays fewer notes.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from conduit.band.arpeggio import render_arp
from conduit.band.bass import render_bass
from conduit.band.comping import render_chords
from conduit.band.groove import render_drums
from conduit.band.intensity import steady
from conduit.band.melody import render_lead
from conduit.band.pads import render_pad
from conduit.band.phrase import Setting
from conduit.band.texture import render_texture
from conduit.music.note import Note

__all__ = ["INSTRUMENTS", "RENDERERS", "Renderer"]

Renderer = Callable[[Setting, Random], list[Note]]

RENDERERS: dict[str, Renderer] = {
    "bass": steady(render_bass),
    "drums": steady(render_drums),
    "chords": steady(render_chords),
    "pad": steady(render_pad),
    "lead": steady(render_lead),
    "arp": steady(render_arp),
    "texture": steady(render_texture),
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
