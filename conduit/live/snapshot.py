"""What a Live set holds at one moment: tempo, metre, tracks, scenes, which clips are where. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from conduit.music import Key, Meter

__all__ = ["SetSnapshot", "TrackSnapshot"]


@dataclass(frozen=True, slots=True)
class TrackSnapshot:
    """One track.

    Attributes:
        number: Its place in the set, from 1.
        name: Its name.
        is_midi: Whether it takes MIDI clips.
        clips: The clips' names by slot, None where a slot is empty; shape ``(n_scenes,)``.
    """

    number: int
    name: str
    is_midi: bool
    clips: tuple[str | None, ...]

    @property
    def free_slot(self) -> int | None:
        """The first empty slot, from 1, or None when all are taken."""
        return next((slot for slot, name in enumerate(self.clips, start=1) if name is None), None)


@dataclass(frozen=True, slots=True)
class SetSnapshot:
    """A Live set.

    Attributes:
        tempo: Beats a minute.
        meter: Time signature.
        key: The set's root and scale, or None where Live's scale is unknown here.
        is_playing: Whether the transport runs.
        tracks: In order, without returns and main.
        scenes: Their names in order.
        selected_track: Number of the selected track from 1, or None when it is a return or the main track.
    """

    tempo: float
    meter: Meter
    key: Key | None
    is_playing: bool
    tracks: tuple[TrackSnapshot, ...]
    scenes: tuple[str, ...]
    selected_track: int | None

    @property
    def midi_tracks(self) -> tuple[TrackSnapshot, ...]:
        """The tracks that take MIDI clips."""
        return tuple(track for track in self.tracks if track.is_midi)
