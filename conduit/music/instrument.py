"""What plays a clip in a preview: one name for the offline synth, General MIDI and the browser.

Programs are those of the General MIDI 1 sound set, counted from 0.
"""

from __future__ import annotations

__all__ = ["DRUMS", "GM_PROGRAMS", "instrument_of_program"]

DRUMS = "drums"

GM_PROGRAMS: dict[str, int] = {
    "bass": 38,  # Synth Bass 1
    "keys": 4,  # Electric Piano 1
    "pad": 89,  # Pad 2 (warm)
    "lead": 81,  # Lead 2 (sawtooth)
    "pluck": 45,  # Pizzicato Strings
    "piano": 0,  # Acoustic Grand Piano
}
"""General MIDI program of each pitched instrument; drums have none, they are channel 10."""

# General MIDI families of eight programs, named by the instrument that is nearest.
_FAMILIES = (
    "piano", "pluck", "keys", "pluck", "bass", "pad", "pad", "lead",
    "lead", "lead", "lead", "pad", "pad", "pluck", "pluck", "pad",
)  # fmt: skip


def instrument_of_program(program: int) -> str:
    """Name the instrument nearest to a General MIDI program, 0-127.

    >>> instrument_of_program(33)
    'bass'
    """
    exact = {number: name for name, number in GM_PROGRAMS.items()}
    return exact.get(program, _FAMILIES[program // 8])
