"""Where a clip is offered to be pushed: where its conversation wants it, if the set has it."""

from __future__ import annotations

from conduit.composer.aim import Aim
from conduit.errors import ConduitError
from conduit.studio import LiveState, Studio
from conduit.widgets import ClipView

__all__ = ["offer_places", "place"]


async def offer_places(view: ClipView, studio: Studio, wanted: Aim) -> None:
    """Offer the set's tracks and slots to push to; a set that cannot be read is said, nothing is lost.

    Args:
        view: Where they are offered.
        studio: The way to the set.
        wanted: Where the clip is meant to go.
    """
    try:
        state = await studio.live.state()
    except ConduitError as error:
        view.show_live(error.message, simulated=False, connected=False)
        return
    track, slot, missing = place(state, wanted)
    if missing:
        view.toast(missing)
    view.show_live(
        state.label,
        simulated=state.simulated,
        connected=True,
        tracks=[(track.name, track.is_midi) for track in state.snapshot.tracks],
        scenes=len(state.snapshot.scenes),
        target=(track, slot),
    )


def place(state: LiveState, wanted: Aim) -> tuple[int, int, str]:
    """Give the track and slot to offer, and what to say where the set has not what was asked for.

    Args:
        state: The set.
        wanted: Where the clip is meant to go.
    """
    track, slot = state.target() or (1, 1)
    tracks = {found.number: found for found in state.snapshot.midi_tracks}
    if wanted.track in tracks:
        track = wanted.track
        slot = tracks[track].free_slot or 1
    if wanted.slot is not None and wanted.slot <= len(state.snapshot.scenes):
        slot = wanted.slot
    asked = (("MIDI track", wanted.track, track), ("slot", wanted.slot, slot))
    missing = [f"{what} {number}" for what, number, got in asked if number not in {None, got}]
    return track, slot, f"The set has no {' and no '.join(missing)}." if missing else ""
