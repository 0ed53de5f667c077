"""A reading of the set is of one moment, whatever is moved meanwhile, and fits the answers a system can send."""

from __future__ import annotations

import pytest

from conduit.errors import LinkError
from conduit.live import Faults, LiveSet
from conduit.live.osc import Message
from conduit.live.simulator.handlers import Outcome
from conduit.live.survey import track_of

DATA = "/live/song/get/track_data"


def after(simulator, address, change, *, times=1):
    """Change the set right behind the answers to an address."""
    handle = simulator.handlers.handle
    left = [None] * times

    def handled(message):
        outcome = handle(message)
        if message.address == address and left:
            left.pop()
            change(simulator.live_set)
        return outcome

    simulator.handlers.handle = handled


CHANGES = {
    "scene added": lambda live: live.create_scene(0),
    "scene deleted": lambda live: live.delete_scene(0),
    "track added": lambda live: live.create_midi_track(0),
    "track deleted": lambda live: live.delete_track(0),
    "track replaced": lambda live: (live.delete_track(0), live.create_midi_track(-1)),
}


@pytest.mark.parametrize("address", ["/live/song/get/num_scenes", DATA, "/live/track/get/arm"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_set_that_changes_while_it_is_read_is_read_as_it_is_afterwards(live, address, change):
    async def journey(link, simulator):
        for number, track in enumerate(simulator.live_set.tracks):
            track.set("name", f"track {number}")
            track.set("volume", number / 10)
        after(simulator, address, change)
        found = await link.snapshot()
        return found, await link.snapshot()

    found, later = live(journey)

    assert found == later


def test_a_set_that_changes_at_each_reading_is_one_error(live):
    async def journey(link, simulator):
        after(simulator, DATA, CHANGES["scene added"], times=99)
        with pytest.raises(LinkError, match="changed while it was read") as error:
            await link.snapshot()
        return error.value.kind

    assert live(journey) == "protocol"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("signature_denominator", 3),
        ("signature_denominator", None),
        ("root_note", None),
        ("num_tracks", None),
        ("num_scenes", None),
        ("tempo", "x"),
    ],
)
def test_what_no_set_can_hold_is_one_error(live, name, value):
    async def journey(link, simulator):
        handle, address = simulator.handlers.handle, f"/live/song/get/{name}"

        def handled(message):
            return Outcome((Message(address, (value,)),)) if message.address == address else handle(message)

        simulator.handlers.handle = handled
        with pytest.raises(LinkError) as error:
            await link.snapshot()
        return error.value.kind

    assert live(journey) == "protocol"


@pytest.mark.parametrize("n_scenes", [8, 45, 120])
def test_names_too_long_for_one_answer_are_read_in_parts(live, n_scenes):
    held = LiveSet(n_midi=3, n_audio=0, n_scenes=n_scenes)
    for scene in range(n_scenes):
        held.scenes[scene].set("name", f"{scene} " + "s" * 200)
        held.create_clip(1, scene, 4.0)
        held.slot(1, scene).clip.set("name", f"{scene} " + "c" * 200)
    held.delete_clip(1, 2)

    async def journey(link, _):
        return await link.snapshot()

    found = live(journey, live_set=held, faults=Faults(reply_limit=9216))

    clips = found.tracks[1].clips
    assert [name.split()[0] for name in found.scenes] == [str(scene) for scene in range(n_scenes)]
    assert clips[2] is None
    assert all(name.startswith(f"{slot} c") for slot, name in enumerate(clips) if slot != 2)


def test_an_answer_with_values_left_over_is_no_track():
    values = ("Bass", True, 0, False, False, -1, -1, 0, *[None] * 4)

    with pytest.raises(LinkError, match="changed while it was read"):
        track_of(0, [values, 0.85, 0.0, False])
