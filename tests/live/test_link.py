from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.errors import LinkError
from conduit.live import Faults, LiveClip, LiveNote, start_simulated
from conduit.music import Clip, Key, Meter, Note

BASS = Clip.of([Note(45, 0, 0.5), Note(48, 1.25, 0.25, 127, mute=True)], name="Bass")


def test_a_new_set_is_read_as_lives_default_set(live):
    async def journey(link, _):
        return await link.snapshot(), await link.version()

    found, version = live(journey)

    assert (found.tempo, found.meter, found.key, found.is_playing) == (120.0, Meter(), Key("C major"), False)
    assert [(t.number, t.name, t.is_midi) for t in found.tracks] == [
        (1, "1-MIDI", True), (2, "2-MIDI", True), (3, "3-Audio", False), (4, "4-Audio", False),
    ]  # fmt: skip
    assert (found.scenes, found.selected_track, version) == (("",) * 8, 1, "12.3")
    assert [track.free_slot for track in found.midi_tracks] == [1, 1]


def test_a_snapshot_shows_which_clips_are_where(live):
    async def journey(link, _):
        await link.write_slot(2, 3, BASS)
        return await link.snapshot()

    track = live(journey).tracks[1]

    assert (track.clips[2], track.free_slot, track.has_instrument) == ("Bass", 1, False)


def test_a_clip_is_read_back_as_it_was_written(live):
    async def journey(link, _):
        await link.write_slot(1, 1, BASS)
        return await link.read_slot(1, 1)

    assert live(journey) == BASS


def test_an_empty_slot_is_read_as_none(live):
    async def journey(link, _):
        return await link.read_slot(1, 1)

    assert live(journey) is None


def test_a_thousand_notes_survive_datagrams_of_macos_size(live):
    clip = Clip.of([Note(24 + i % 90, i / 16, 0.05) for i in range(1000)], name="dense")

    async def journey(link, simulator):
        simulator.faults = Faults(reply_limit=9216)
        await link.write_slot(1, 1, clip)
        return await link.read_slot(1, 1)

    assert live(journey) == clip


def test_more_notes_at_one_instant_than_a_datagram_holds_are_read(live):
    notes = tuple(
        LiveNote(p, beat, 0.25, 90.0, mute=False) for p in range(128) for beat in (0.0, 0.001, 0.002, 0.003)
    )
    clip = LiveClip("wall", notes, (0.0, 4.0), (0.0, 4.0))

    async def journey(link, simulator):
        await link.write_slot(1, 1, clip)
        simulator.faults = Faults(reply_limit=2000)
        return await (await link.slot(1, 1)).read()

    assert len(live(journey).notes) == 512


@pytest.mark.parametrize("pitch", [0, 127])
def test_the_highest_and_lowest_pitch_are_kept(live, pitch):
    clip = Clip.of([Note(pitch, 0, 1)])

    async def journey(link, _):
        await link.write_slot(1, 1, clip)
        return await link.read_slot(1, 1)

    assert list(live(journey).notes) == [Note(pitch, 0, 1)]


def test_notes_before_the_start_and_after_beat_8192_are_read(live):
    notes = tuple(LiveNote(60, start, 1.0, 100.0, mute=False) for start in (-4.0, 0.0, 8192.0, 9000.0))
    clip = LiveClip("long", notes, (0.0, 8400.0), (0.0, 8400.0))

    async def journey(link, _):
        await link.write_slot(1, 1, clip)
        return await (await link.slot(1, 1)).read()

    assert live(journey).notes == notes


@pytest.mark.parametrize("name", ["Bäss ♫ 低音", "", 'it\'s "quoted"'], ids=["unicode", "empty", "quotes"])
def test_names_of_every_kind_are_kept(live, name):
    async def journey(link, _):
        await link.write_slot(1, 1, BASS.with_(name=name))
        track = await link.create_track(name or "x")
        return (await link.read_slot(1, 1)).name, (await link.track(track)).name

    assert live(journey) == (name, name or "x")


@pytest.mark.parametrize(
    ("loop", "markers", "looping"),
    [((4.0, 8.0), (2.0, 16.0), True), ((-2.0, 2.0), (-2.0, 4.0), True), ((1.0, 5.0), (1.0, 5.0), False)],
    ids=["inside", "before zero", "not looping"],
)
def test_loop_markers_and_settings_are_restored(live, loop, markers, looping):
    settings = {"color": 0x1A2F96, "muted": True, "launch_mode": 1, "legato": True, "velocity_amount": 0.5}
    clip = LiveClip("x", (), loop, markers, looping, settings)

    async def journey(link, _):
        await link.write_slot(1, 1, clip)
        return await (await link.slot(1, 1)).read()

    got = live(journey)

    assert (got.loop, got.markers, got.looping) == (loop, markers, looping)
    assert got.settings == {**settings, "launch_quantization": 0}


@pytest.mark.parametrize(
    ("track", "slot", "reason"),
    [(1, 1, "holds a clip"), (3, 1, "not a MIDI track"), (9, 1, "no track 9"), (1, 9, "no slot 9")],
    ids=["occupied", "audio track", "no such track", "no such slot"],
)
def test_a_clip_is_not_written_where_it_cannot_be(live, track, slot, reason):
    async def journey(link, _):
        await link.write_slot(1, 1, BASS)
        with pytest.raises(LinkError, match=reason) as refused:
            await link.write_slot(track, slot, BASS.with_(name="other"))
        return refused.value.kind, await link.read_slot(1, 1)

    assert live(journey) == ("refused", BASS)


@pytest.mark.parametrize(("track", "slot"), [(0, 1), (-1, 1), (1, 0), (1, -3)])
def test_numbers_below_one_are_refused(live, track, slot):
    async def journey(link, _):
        with pytest.raises(ValueError, match="count from 1"):
            await link.write_slot(track, slot, BASS)

    live(journey)


def test_nothing_is_written_to_a_track_that_is_not_the_one_meant(live):
    async def journey(link, simulator):
        await link.tell("/live/track/set/name", 1, "Bass")
        simulator.live_set.create_midi_track(0)
        with pytest.raises(LinkError, match="tracks have moved"):
            await link.write_slot(2, 1, BASS, track_name="Bass")
        with pytest.raises(LinkError, match="tracks have moved"):
            await link.delete_track(1, track_name="Drums")

    live(journey)


def test_clearing_empties_a_slot_and_leaves_an_empty_one(live):
    async def journey(link, _):
        await link.write_slot(1, 1, BASS)
        await link.clear_slot(1, 1)
        await link.clear_slot(1, 1)
        return await link.read_slot(1, 1)

    assert live(journey) is None


def test_tracks_are_made_at_the_end_and_deleted(live):
    async def journey(link, _):
        number = await link.create_track("Lead")
        made = await link.track(number)
        await link.delete_track(number)
        return number, made.name, made.is_midi, (await link.song()).n_tracks

    assert live(journey) == (5, "Lead", True, 4)


def test_the_selected_track_counts_from_one(live):
    async def journey(link, _):
        await link.tell("/live/view/set/selected_track", 3)
        return (await link.snapshot()).selected_track

    assert live(journey) == 4


def test_a_selected_return_track_is_none(live, moody):
    async def journey(link, simulator):
        moody(simulator, refuses="/live/view/get/selected_track")
        return (await link.snapshot()).selected_track

    assert live(journey) is None


def test_a_track_that_cannot_be_named_is_not_left_behind(live, moody):
    async def journey(link, simulator):
        moody(simulator, refuses="/live/track/set/name")
        with pytest.raises(LinkError, match="not in list"):
            await link.create_track("Lead")
        return (await link.song()).n_tracks

    assert live(journey) == 4


NOTES = st.builds(
    Note,
    pitch=st.integers(0, 127),
    start=st.integers(0, 16 * 960).map(lambda ticks: ticks / 960),
    duration=st.integers(1, 4 * 960).map(lambda ticks: ticks / 960),
    velocity=st.integers(1, 127),
    mute=st.booleans(),
)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(NOTES, max_size=40), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
)
def test_any_clip_is_read_back_in_its_normal_form(notes, name):
    clip = Clip.of(notes, length=17, name=name)

    async def journey():
        link, simulator = await start_simulated()
        async with link, simulator:
            await link.write_slot(1, 1, clip)
            return await link.read_slot(1, 1)

    assert asyncio.run(journey()) == LiveClip.of(clip).clip()
