"""A clip of notes, by Live's rules: its loop and markers, and the notes in it.

Notes of one pitch never overlap, the loop's start stays before its end, markers and loop are one when looping is
off. What only clips of audio have is refused of others in Live's words; what sounds in one is not simulated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conduit.live.simulator.note_rows import LiveSetNote, NoteRows
from conduit.live.simulator.palette import coloured

__all__ = ["AUDIO", "COLOR", "COLOR_INDEX", "LiveSetClip"]

COLOR = 1769263
COLOR_INDEX = 15
"""The colour that the default set's tracks and clips have, and its place in the palette, both as recorded."""

_CLIP: Mapping[str, Any] = {
    "has_groove": False, "is_midi_clip": True, "is_audio_clip": False, "is_overdubbing": False,
    "is_playing": False, "is_recording": False, "is_triggered": False, "playing_position": 0.0,
    "start_time": 0.0, "will_record_on_start": False, "color": COLOR, "color_index": COLOR_INDEX,
    "launch_mode": 0, "launch_quantization": 0, "legato": False, "muted": False, "name": "",
    "velocity_amount": 0.0,
}  # fmt: skip
AUDIO: Mapping[str, Any] = {
    "file_path": "", "gain_display_string": "0.0 dB", "sample_length": 0, "gain": 0.4, "pitch_coarse": 0,
    "pitch_fine": 0.0, "ram_mode": False, "warp_mode": 0, "warping": True,
}  # fmt: skip
"""What only clips of audio have, as a clip begins; not seen on Live."""


@dataclass(slots=True)
class LiveSetClip:
    """A clip: of audio where its values say so, otherwise of notes. Times in beats."""

    loop: tuple[float, float]
    markers: tuple[float, float]
    looping: bool = True
    rows: NoteRows = field(default_factory=NoteRows)
    values: dict[str, Any] = field(default_factory=lambda: dict(_CLIP))

    def get(self, name: str) -> Any:
        """Read a property.

        Raises:
            AttributeError: There is none of this name.
            RuntimeError: It is one of audio clips only.
        """
        start, end = self.loop if self.looping else self.markers
        if name in AUDIO and not self.values["is_audio_clip"]:
            title = "".join(word.title() for word in name.split("_"))
            raise RuntimeError(f"{title} is only available for Audio Clips")
        shown = {
            "loop_start": start, "loop_end": end, "position": start, "length": end - start,
            "start_marker": self.markers[0], "end_marker": self.markers[1], "end_time": self.markers[1],
            "looping": self.looping,
        }  # fmt: skip
        if name in shown:
            return shown[name]
        if name not in self.values:
            raise AttributeError(f"'Clip' object has no attribute '{name}'")
        return self.values[name]

    def set(self, name: str, value: Any) -> None:
        """Set a property; the loop and the markers keep Live's rules.

        Raises:
            RuntimeError: It cannot be set to this.
        """
        start, end = self.loop if self.looping else self.markers
        match name:
            case "looping":
                self.looping = bool(value)
            case "loop_start":
                self._region(value, end)
            case "loop_end":
                self._region(start, value)
            case "position":
                self._region(value, value + end - start)
            case "start_marker" | "end_marker":
                self._mark(name, value)
            case "color" | "color_index":
                self.values |= coloured(name, value)
            case _:
                self.get(name)
                self.values[name] = value

    def _region(self, start: float, end: float) -> None:
        if start >= end:
            raise RuntimeError("The loop start must be before the loop end")
        if self.looping:
            self.loop = (start, end)
        else:
            self.markers = (start, end)

    def _mark(self, name: str, value: float) -> None:
        if not self.looping and name == "start_marker":
            return  # Live ignores it
        start, end = (value, self.markers[1]) if name == "start_marker" else (self.markers[0], value)
        if start >= end:
            raise RuntimeError("The start marker must be before the end marker")
        self.markers = (start, end)

    @property
    def notes(self) -> list[LiveSetNote]:
        """Every note, sorted by pitch, then start."""
        return self.rows.all()

    def add_new_notes(self, notes: Iterable[LiveSetNote]) -> None:
        """Add notes; the newer of equal starts stays, and a note is cut where the next of its pitch starts."""
        self.rows.add(notes)

    def notes_in(self, pitch: int, span: int, start: float, length: float) -> list[LiveSetNote]:
        """Give the notes that start in a range, its ends not included."""
        return self.rows.within(pitch, span, start, length)

    def remove_notes(self, pitch: int, span: int, start: float, length: float) -> None:
        """Remove the notes that start in a range."""
        self.rows.remove(self.notes_in(pitch, span, start, length))

    def duplicate_loop(self) -> None:
        """Make the loop twice as long, and repeat its notes; the end marker goes along where it is passed."""
        start, end = self.loop if self.looping else self.markers
        length = end - start
        repeated = [note._replace(start=note.start + length) for note in self.notes_in(0, 128, start, length)]
        self.remove_notes(0, 128, end, length)
        self.rows.add(repeated)
        self._region(start, end + length)
        self.markers = (self.markers[0], max(self.markers[1], end + length))

    def copy(self) -> LiveSetClip:
        """Give a clip of its own with the same content."""
        return LiveSetClip(self.loop, self.markers, self.looping, self.rows.copy(), dict(self.values))
