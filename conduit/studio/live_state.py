"""What is in a Live set, and where in it a clip goes. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from conduit.errors import SetupError
from conduit.live import SetSnapshot, TrackSnapshot
from conduit.live.summary import set_text

__all__ = ["LiveState", "free_slot", "slot_of", "track_of"]


@dataclass(frozen=True, slots=True)
class LiveState:
    """What is in the set now.

    Attributes:
        label: What is there, in words for a person.
        simulated: Whether it is a simulated set.
        snapshot: The tracks, scenes and clips.
    """

    label: str
    simulated: bool
    snapshot: SetSnapshot

    @property
    def text(self) -> str:
        """The set in lines of text."""
        return set_text(self.snapshot)

    def target(self) -> tuple[int, int] | None:
        """Give the track and slot, from 1, that a push goes to by default; None where there is no MIDI track."""
        number = _default_track(self.snapshot)
        return None if number is None else (number, self.snapshot.tracks[number - 1].free_slot or 1)


def track_of(snapshot: SetSnapshot, number: int | None) -> TrackSnapshot:
    """Give a track, by default the one that a clip goes to.

    Raises:
        SetupError: There is no such track.
    """
    wanted = _default_track(snapshot) if number is None else number
    if wanted is None:
        raise SetupError("the set has no MIDI track; push to a new track instead")
    if not 1 <= wanted <= len(snapshot.tracks):
        raise SetupError(f"there is no track {wanted}; the set has tracks 1 to {len(snapshot.tracks)}")
    return snapshot.tracks[wanted - 1]


def slot_of(snapshot: SetSnapshot, number: int) -> int:
    """Give a slot's number back.

    Raises:
        SetupError: There is no such slot.
    """
    if not 1 <= number <= len(snapshot.scenes):
        raise SetupError(f"there is no slot {number}; the set has slots 1 to {len(snapshot.scenes)}")
    return number


def free_slot(track: TrackSnapshot) -> int:
    """Give the first empty slot of a track.

    Raises:
        SetupError: All are taken.
    """
    if track.free_slot is None:
        raise SetupError(f"every slot of track {track.number} {track.name!r} is taken; say which to replace")
    return track.free_slot


def _default_track(snapshot: SetSnapshot) -> int | None:
    """Give the number of the track a clip goes to: the selected MIDI track, or the first; None without one."""
    numbers = [track.number for track in snapshot.midi_tracks]
    if snapshot.selected_track in numbers:
        return snapshot.selected_track
    return numbers[0] if numbers else None
