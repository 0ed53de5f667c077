"""The song's own values: what they are in Live's default set, and which ones are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["MAX_BPM", "MIN_BPM", "SONG", "check_song_value", "loop_of"]

MIN_BPM, MAX_BPM = 20.0, 999.0
"""The slowest and the fastest tempo."""

SONG: Mapping[str, Any] = {
    "song_length": 128.0, "session_record_status": 0, "arrangement_overdub": False, "back_to_arranger": False,
    "clip_trigger_quantization": 4, "groove_amount": 1.0, "is_ableton_link_enabled": False, "loop": False,
    "loop_length": 16.0, "loop_start": 8.0, "metronome": False, "midi_recording_quantization": 0,
    "nudge_down": False, "nudge_up": False, "punch_in": False, "punch_out": False, "record_mode": False,
    "root_note": 0, "scale_name": "Major", "session_record": False, "signature_denominator": 4,
    "signature_numerator": 4, "tempo": 120.0,
}  # fmt: skip
"""The values by their names in Live's object model. Whether it plays, and where, is the performance's."""

_MAX_BEATS = 1_576_800
_MIN_LOOP_BEATS = 0.25
_RANGES: Mapping[str, tuple[float, float]] = {
    "tempo": (MIN_BPM, MAX_BPM), "signature_numerator": (1, 99), "clip_trigger_quantization": (0, 13),
    "loop_start": (0, _MAX_BEATS), "loop_length": (0, _MAX_BEATS),
}  # fmt: skip
_DENOMINATORS = (1, 2, 4, 8, 16)


def check_song_value(name: str, value: Any) -> None:
    """Refuse a value that Live does not take.

    Raises:
        RuntimeError: It is outside its range, such as 20-999 of the tempo.
    """
    least, most = _RANGES.get(name, (value, value))
    if not least <= value <= most or (name == "signature_denominator" and value not in _DENOMINATORS):
        raise RuntimeError("Invalid value. Check the parameters range with min/max")


def loop_of(values: Mapping[str, Any]) -> tuple[float, float]:
    """Give start and end of the song's loop in beats; one that is off ends before the song starts."""
    if not values["loop"]:
        return 0.0, -1.0
    return values["loop_start"], values["loop_start"] + max(values["loop_length"], _MIN_LOOP_BEATS)
