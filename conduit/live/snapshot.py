"""What a Live set holds at one moment: tempo, metre, tracks, scenes, which clips are where. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from conduit.music import Key, Meter

__all__ = ["SetSnapshot", "SongSnapshot", "TrackSnapshot", "live_key"]

_INSTRUMENT = 1


def live_key(root: int, scale: str) -> Key | None:
    """Give Live's root note, 0-11 from C, and scale name as a key; None where Live's scale is unknown here.

    >>> live_key(9, "Minor")
    'A minor'
    """
    try:
        return Key.on(root % 12, scale)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class TrackSnapshot:
    """One track.

    Attributes:
        number: Its place in the set, from 1.
        name: Its name.
        is_midi: Whether it takes MIDI clips.
        clips: The clips' names by slot, None where a slot is empty; shape ``(n_scenes,)``.
        devices: The kinds of its devices in order: 1 instrument, 2 audio effect, 4 MIDI effect.
    """

    number: int
    name: str
    is_midi: bool
    clips: tuple[str | None, ...]
    devices: tuple[int, ...] = ()

    @property
    def has_instrument(self) -> bool:
        """Whether a device on it makes sound; without one its MIDI clips are silent."""
        return _INSTRUMENT in self.devices

    @property
    def free_slot(self) -> int | None:
        """The first empty slot, from 1, or None when all are taken."""
        return next((slot for slot, name in enumerate(self.clips, start=1) if name is None), None)


@dataclass(frozen=True, slots=True)
class SongSnapshot:
    """What holds for a whole set.

    Attributes:
        tempo: Beats a minute.
        meter: Time signature.
        key: The set's root and scale, or None where Live's scale is unknown here.
        is_playing: Whether the transport runs.
        n_tracks: How many tracks there are, without returns and main.
        n_scenes: How many slots each of them has.
    """

    tempo: float
    meter: Meter
    key: Key | None
    is_playing: bool
    n_tracks: int
    n_scenes: int


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
