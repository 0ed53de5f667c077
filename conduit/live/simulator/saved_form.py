"""The form of a saved set: what stands in its JSON, with ranges. Values by name are compared by ``saved``."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = [
    "FORMAT",
    "VERSION",
    "SavedArrangementClip",
    "SavedChain",
    "SavedClip",
    "SavedDevice",
    "SavedParameter",
    "SavedSet",
    "SavedSlot",
    "SavedTrack",
]

FORMAT = "conduit live set"
VERSION = 1

_MAX_BEATS = 1_576_800

Text = Annotated[str, Field(strict=True, pattern=r"^[^\x00]*$")]
Flag = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(strict=True, ge=0)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Beats = Number
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Integer = Annotated[int, Field(strict=True, ge=-(2**63), lt=2**63)]
Plain = Flag | Integer | Number | Text | None
Values = dict[Text, Plain]
Pitch = Annotated[int, Field(strict=True, ge=0, le=127)]
Length = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0)]
Velocity = Annotated[float, Field(strict=True, ge=0, le=127)]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SavedClip(_Form):
    """A clip of the session or the arrangement."""

    loop: tuple[Beats, Beats]
    markers: tuple[Beats, Beats]
    looping: Flag
    values: Values
    notes: list[tuple[Pitch, Beats, Length, Velocity, Flag]]

    @property
    def is_audio(self) -> bool:
        """Whether it is a clip of audio."""
        return self.values.get("is_audio_clip") is True

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        if self.values.get("is_midi_clip", True) is self.is_audio or (self.notes and self.is_audio):
            raise ValueError("a clip is of audio or of notes")
        return self

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for start, end in (self.loop, self.markers):
            if start >= end:
                raise ValueError(f"loop and markers start before they end, not {start} and {end}")
        return self


class SavedSlot(_Form):
    """A slot of a track."""

    values: Values
    clip: SavedClip | None


class SavedChain(_Form):
    """A chain of a rack."""

    name: Text
    mute: Flag
    volume: Share


class SavedParameter(_Form):
    """A parameter of a device; None as the least number shown is the -inf of dB."""

    name: Text
    value: Number
    minimum: Number
    maximum: Number
    labels: tuple[Text, ...]
    unit: Text
    shown: tuple[Number | None, Number]

    @model_validator(mode="after")
    def _in_range(self) -> Self:
        if not self.minimum <= self.value <= self.maximum or self.minimum >= self.maximum:
            raise ValueError(f"{self.value} is not within {self.minimum} and {self.maximum}")
        if self.labels and len(self.labels) <= self.maximum - self.minimum:
            raise ValueError(f"{len(self.labels)} labels are too few for {self.minimum} to {self.maximum}")
        return self


class SavedDevice(_Form):
    """A device of a track."""

    name: Text
    class_name: Text
    kind: Literal[1, 2, 4]
    parameters: list[SavedParameter]
    chains: list[SavedChain] | None


class SavedArrangementClip(_Form):
    """A clip in the arrangement; start and end in the song, in beats."""

    start: Beats
    end: Beats
    clip: SavedClip

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start > self.end:
            raise ValueError(f"a clip starts before it ends, not at {self.start} and {self.end}")
        return self


class SavedTrack(_Form):
    """A track, or a return track, which has no slots."""

    is_midi: Flag
    name: Text
    values: Values
    sends: list[Share]
    routing: dict[Text, Text]
    slots: list[SavedSlot]
    devices: list[SavedDevice]
    selected_device: Count
    arrangement: list[SavedArrangementClip]

    @model_validator(mode="after")
    def _of_its_kind(self) -> Self:
        slots = [slot.clip for slot in self.slots if slot.clip]
        if any(clip.is_audio is self.is_midi for clip in [*slots, *(one.clip for one in self.arrangement)]):
            raise ValueError("a MIDI track holds clips of notes, an audio track clips of audio")
        return self


class SavedSet(_Form):
    """A set."""

    format: Literal["conduit live set"]
    version: Literal[1]
    song: Values
    tracks: Annotated[list[SavedTrack], Field(min_length=1)]
    returns: Annotated[list[SavedTrack], Field(max_length=12)]
    scenes: Annotated[list[Values], Field(min_length=1)]
    cue_points: list[tuple[Text, Annotated[float, Field(strict=True, ge=0, le=_MAX_BEATS)]]]
    selected_track: Count
    selected_scene: Count

    @model_validator(mode="after")
    def _square(self) -> Self:
        if any(track.slots for track in self.returns):
            raise ValueError("return tracks have no slots")
        for number, track in enumerate(self.tracks):
            if len(track.slots) != len(self.scenes):
                raise ValueError(f"track {number} has {len(track.slots)} slots for {len(self.scenes)} scenes")
            if len(track.sends) != len(self.returns):
                raise ValueError(
                    f"track {number} has {len(track.sends)} sends for {len(self.returns)} returns"
                )
        return self
