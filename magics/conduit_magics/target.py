"""Where a clip is offered to be pushed: what the cell asked for, where the set has it."""

from __future__ import annotations

from conduit.studio import LiveState

__all__ = ["aim"]


def aim(state: LiveState, wanted: tuple[int | None, int | None]) -> tuple[int, int, str]:
    """Give the track and slot to offer, and what to say where the set has not what was asked for.

    Args:
        state: The set.
        wanted: Track and slot, from 1, where they were given.
    """
    track, slot = state.target() or (1, 1)
    tracks = {found.number: found for found in state.snapshot.midi_tracks}
    if wanted[0] in tracks:
        track = wanted[0]
        slot = tracks[track].free_slot or 1
    if wanted[1] is not None and wanted[1] <= len(state.snapshot.scenes):
        slot = wanted[1]
    pairs = zip(("MIDI track", "slot"), wanted, (track, slot), strict=True)
    missing = [f"{what} {asked}" for what, asked, got in pairs if asked not in {None, got}]
    return track, slot, f"The set has no {' and no '.join(missing)}." if missing else ""
