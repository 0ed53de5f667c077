"""A set in few words: what a model and a person read of it."""

from __future__ import annotations

from conduit.live import DeviceName, SetSnapshot, SlotSnapshot, TrackSnapshot
from conduit.live.summary import set_text
from conduit.music import Key, Meter

EMPTY = (None,) * 3
OPERATOR = DeviceName("Operator", 1, "Operator")


def snapshot(*tracks, **facts):
    given = {"tempo": 128.5, "meter": Meter(7, 8), "key": Key("A minor"), "is_playing": True} | facts
    return SetSnapshot(tracks=tracks, scenes=("", "Drop", ""), selected_track=1, **given)


def test_the_first_line_says_what_holds_for_the_whole_set():
    text = set_text(snapshot())

    assert text == "128.5 bpm, 7/8, A minor, playing, 3 scenes (2 'Drop')"


def test_what_is_not_known_is_not_said():
    text = set_text(snapshot(key=None, is_playing=False))

    assert text == "128.5 bpm, 7/8, stopped, 3 scenes (2 'Drop')"


def test_a_track_tells_of_its_devices_its_mixer_and_its_clips():
    slots = (SlotSnapshot("riff", 7.0, 0), None, SlotSnapshot("fill", 3.5, 0))
    track = TrackSnapshot(
        2, "Bass", is_midi=True, slots=slots, devices=(OPERATOR,), mute=True, solo=True, arm=True, volume=0.5,
        panning=-0.25, playing_slot=1, fired_slot=3,
    )  # fmt: skip

    line = set_text(snapshot(track)).splitlines()[1]

    assert line == (
        "track 2 'Bass' (MIDI: Operator; muted; solo; armed; volume 0.50; pan -0.25): "
        "slot 1 'riff' 2 bars playing, slot 3 'fill' 1 bar fired"
    )


def test_a_track_that_cannot_sound_says_so():
    arp = DeviceName("Arp", 4, "MidiArpeggiator")

    lines = set_text(
        snapshot(
            TrackSnapshot(1, "A", is_midi=True, slots=EMPTY, devices=(arp,)),
            TrackSnapshot(2, "B", is_midi=False, slots=EMPTY),
            TrackSnapshot(3, "C", is_midi=True, slots=EMPTY),
        )
    ).splitlines()

    assert lines[1:] == [
        "track 1 'A' (MIDI: Arp, no instrument): no clips",
        "track 2 'B' (audio): no clips",
        "track 3 'C' (MIDI: no instrument): no clips",
    ]


def test_tracks_that_stand_together_and_hold_nothing_share_a_line():
    tracks = [TrackSnapshot(number, f"{number}-x", is_midi=number < 5, slots=EMPTY) for number in range(1, 7)]

    lines = set_text(snapshot(*tracks)).splitlines()

    assert lines[1:] == [
        "tracks 1-4 (MIDI, no instrument), empty: '1-x', '2-x', '3-x', '4-x'",
        "tracks 5-6 (audio), empty: '5-x', '6-x'",
    ]


def test_a_moved_fader_is_something(live):
    async def journey(link, simulator):
        simulator.live_set.tracks[1].set("volume", 0.5)
        return set_text(await link.snapshot())

    assert live(journey).splitlines()[1:] == [
        "track 1 '1-MIDI' (MIDI: no instrument): no clips",
        "track 2 '2-MIDI' (MIDI: no instrument; volume 0.50): no clips",
        "tracks 3-4 (audio), empty: '3-Audio', '4-Audio'",
    ]
