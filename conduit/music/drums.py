"""Drum names of the General MIDI percussion key map, from 35 to 59.

Names are what a clip text says and what a drum clip's roll shows; the table is the one source of both.
"""

from __future__ import annotations

__all__ = ["DRUM_NAMES", "DRUM_PITCHES"]

DRUM_PITCHES: dict[str, int] = {
    "kick2": 35,
    "kick": 36,
    "rim": 37,
    "snare": 38,
    "clap": 39,
    "snare2": 40,
    "tom1": 41,
    "hat": 42,
    "tom2": 43,
    "pedalhat": 44,
    "tom3": 45,
    "openhat": 46,
    "tom4": 47,
    "tom5": 48,
    "crash": 49,
    "tom6": 50,
    "ride": 51,
    "china": 52,
    "ridebell": 53,
    "tambourine": 54,
    "splash": 55,
    "cowbell": 56,
    "crash2": 57,
    "vibraslap": 58,
    "ride2": 59,
    "conga": 63,
    "shaker": 70,
    "clave": 75,
}
"""MIDI pitch of each drum (General MIDI 1 percussion key map)."""

DRUM_NAMES: dict[int, str] = {pitch: name for name, pitch in DRUM_PITCHES.items()}
"""Drum of each MIDI pitch."""
