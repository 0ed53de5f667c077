"""What a person or a model may want changed in simple words, and the changes that do it."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import ValidationError

from conduit.errors import LinkError, SetupError
from conduit.live import AddTrack, Faults, SetValues, Several, start_simulated
from conduit.live.simulator import to_json
from conduit.live.simulator.device_library import device
from conduit.live.snapshot import QUANTIZATION
from conduit.music import SCALES, Clip, Key, Note
from conduit.studio.wishes import WISHES, Wish, change_of

CLIP = Clip.of([Note(36, i, 0.5) for i in range(4)], name="riff")


@pytest.fixture
def wishing():
    """Plan wishes for a set with a device and a clip, do them, undo them; give lines, what is there, and whether
    all is as it was."""

    def run(*wishes, seen=lambda _: None):
        async def journey():
            link, simulator = await start_simulated(faults=Faults(fork=True))
            async with link, simulator:
                for track in simulator.live_set.tracks:
                    track.set("volume", 0.5)
                simulator.live_set.tracks[0].devices = [device("Operator")]
                await link.write_slot(1, 1, CLIP)
                before = to_json(simulator.live_set)
                change = await change_of(link, [Wish(**wish) for wish in wishes])
                inverse = await change.apply()
                there = seen(simulator.live_set)
                await inverse.apply()
                return change, there, before == to_json(simulator.live_set)

        return asyncio.run(journey())

    return run


BY_WHAT = {
    "tempo": ({"value": 90}, lambda s: s.get("tempo"), 90.0),
    "metre": ({"value": "7/8"}, lambda s: [s.get("signature_numerator"), s.get("signature_denominator")], [7, 8]),
    "key": ({"value": "f# minor"}, lambda s: [s.get("root_note"), s.get("scale_name")], [6, "Minor"]),
    "metronome": ({"value": True}, lambda s: s.get("metronome"), True),
    "launch": ({"value": "1/16"}, lambda s: s.get("clip_trigger_quantization"), 11),
    "name": ({"value": "Bass", "track": 2}, lambda s: s.tracks[1].get("name"), "Bass"),
    "colour": ({"value": "#ff3636", "track": 1, "slot": 1}, lambda s: s.slot(0, 0).clip.get("color"), 0xFF3636),
    "mute": ({"value": "on", "track": 2}, lambda s: s.tracks[1].get("mute"), True),
    "solo": ({"value": 1, "track": 2}, lambda s: s.tracks[1].get("solo"), True),
    "arm": ({"value": True, "track": 2}, lambda s: s.tracks[1].get("arm"), True),
    "volume": ({"value": "0.25", "track": 2}, lambda s: s.tracks[1].get("volume"), 0.25),
    "panning": ({"value": -1, "track": 2}, lambda s: s.tracks[1].get("panning"), -1.0),
    "send": ({"value": 0.5, "track": 2, "send": 2}, lambda s: s.tracks[1].sends, [0.0, 0.5]),
    "parameter": (
        {"value": 0, "track": 1, "device": 1, "parameter": "device on"},
        lambda s: s.tracks[0].devices[0].parameters[0].value,
        0.0,
    ),
    "delete clip": ({"track": 1, "slot": 1}, lambda s: s.slot(0, 0).clip, None),
    "new midi track": ({"value": "Lead"}, lambda s: [s.tracks[4].get("name"), s.tracks[4].is_midi], ["Lead", True]),
    "new audio track": ({}, lambda s: [s.tracks[4].get("name"), s.tracks[4].is_midi], ["5-Audio", False]),
    "new scene": ({"value": "Drop"}, lambda s: s.scenes[8].get("name"), "Drop"),
    "load": (
        {"value": "Reverb", "track": 1, "kind": "audio_effect"},
        lambda s: [found.name for found in s.tracks[0].devices],
        ["Operator", "Reverb"],
    ),
}  # fmt: skip


def test_the_table_of_examples_has_every_wish():
    assert list(BY_WHAT) == WISHES


@pytest.mark.parametrize("what", [what for what in BY_WHAT if what != "colour"])
def test_every_wish_is_done_and_undone(wishing, what):
    fields, seen, wanted = BY_WHAT[what]

    change, there, restored = wishing({"what": what, **fields}, seen=seen)

    assert there == wanted
    assert restored
    assert change.lines


def test_a_colour_is_done_and_undone(wishing):
    fields, seen, wanted = BY_WHAT["colour"]

    change, there, _ = wishing({"what": "colour", **fields}, seen=seen)

    assert there == wanted
    assert change.lines == ("colour of the clip 'riff', track 1 '1-MIDI' slot 1: #1aff2f → #ff3636",)


@pytest.mark.parametrize(
    ("wish", "seen", "wanted"),
    [
        ({"what": "name", "value": "x", "track": 1, "slot": 1}, lambda s: s.slot(0, 0).clip.get("name"), "x"),
        ({"what": "name", "value": "x", "scene": 2}, lambda s: s.scenes[1].get("name"), "x"),
        ({"what": "tempo", "value": 90, "scene": 2}, lambda s: s.scenes[1].get("tempo"), 90.0),
    ],
    ids=["clip", "scene", "scene's tempo"],
)
def test_a_wish_is_about_what_its_numbers_name(wishing, wish, seen, wanted):
    _, there, restored = wishing(wish, seen=seen)

    assert (there, restored) == (wanted, True)


def test_a_plan_with_everything_holds_in_one_go(wishing):
    wishes = [{"what": what, **fields} for what, (fields, *_) in BY_WHAT.items()]
    wishes.remove({"what": "delete clip", "track": 1, "slot": 1})
    wishes.remove({"what": "colour", **BY_WHAT["colour"][0]})

    change, _, restored = wishing(*wishes)

    assert isinstance(change, Several)
    assert restored


def test_a_track_is_renamed_last_because_all_else_is_found_by_its_name(wishing):
    change, there, restored = wishing(
        {"what": "name", "value": "Bass", "track": 1},
        {"what": "delete clip", "track": 1, "slot": 1},
        {"what": "load", "value": "Reverb", "track": 1, "kind": "audio_effect"},
        {"what": "volume", "value": 0.1, "track": 1},
        seen=lambda s: s.tracks[0].get("name"),
    )

    assert change.lines[-1] == "name of track 1 '1-MIDI': '1-MIDI' → 'Bass'"
    assert (there, restored) == ("Bass", True)


def test_one_kind_of_change_is_not_wrapped(wishing):
    assert isinstance(wishing({"what": "tempo", "value": 90})[0], SetValues)
    assert isinstance(wishing({"what": "new midi track"})[0], AddTrack)


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"what": "record", "value": True}, "no plan can change 'record'; choose of tempo"),
        ({"what": "delete track", "track": 1}, "no plan can change 'delete track'"),
        ({"what": "undo"}, "no plan can change 'undo'"),
        ({"what": "tempo"}, "tempo needs a number from 20 to 999"),
        ({"what": "tempo", "value": "fast"}, "not 'fast'"),
        ({"what": "tempo", "value": 5}, "from 20 to 999 as its value, not 5"),
        ({"what": "tempo", "value": "nan"}, "needs a number"),
        ({"what": "tempo", "value": True}, "not True"),
        ({"what": "volume", "value": 2, "track": 1}, "from 0 to 1"),
        ({"what": "panning", "value": -2, "track": 1}, "from -1 to 1"),
        ({"what": "send", "value": 2, "track": 1, "send": 1}, "from 0 to 1"),
        ({"what": "send", "value": 0.5, "track": 1}, "send needs its track and send"),
        ({"what": "volume", "value": 0.5}, "volume needs its track"),
        ({"what": "mute", "value": "perhaps", "track": 1}, "true or false"),
        ({"what": "metre", "value": "7/9"}, "not a metre"),
        ({"what": "metre", "value": 7}, "needs a text"),
        ({"what": "key", "value": "H major"}, "H"),
        ({"what": "key", "value": "C todi"}, "Live has no scale like 'todi'"),
        ({"what": "launch", "value": "1 beat"}, "launch needs one of none, 8 bars"),
        ({"what": "colour", "value": "red", "track": 1}, "like #ff8800"),
        ({"what": "colour", "value": "#ff8800ff", "track": 1}, "like #ff8800"),
        ({"what": "parameter", "value": 1, "track": 1, "device": 1}, "name or number"),
        ({"what": "parameter", "value": 9, "track": 1, "device": 1, "parameter": 1}, "takes 0 to 1"),
        ({"what": "parameter", "value": 0.5, "track": 1, "device": 1, "parameter": 1}, "takes whole numbers"),
        ({"what": "load", "track": 1}, "load needs a text"),
    ],
)
def test_a_wish_that_cannot_be_understood_says_what_would_be(wishing, wish, reason):
    with pytest.raises(SetupError, match=reason):
        wishing(wish)


@pytest.mark.parametrize(
    "wish",
    [
        {"what": "delete clip", "track": 1, "slot": 2},
        {"what": "volume", "value": 0.5, "track": 9},
        {"what": "parameter", "value": 1, "track": 1, "device": 4, "parameter": 1},
        {"what": "parameter", "value": 1, "track": 1, "device": 1, "parameter": "nonesuch"},
        {"what": "load", "value": "Operator", "track": 1, "kind": "everything"},
    ],
)
def test_a_wish_about_what_is_not_there_is_refused(wishing, wish):
    with pytest.raises(LinkError):
        wishing(wish)


@pytest.mark.parametrize(
    "other",
    [{"what": "delete clip"}, {"what": "name", "value": "x"}, {"what": "colour", "value": "#ff8800"}],
    ids=lambda wish: wish["what"],
)
def test_a_clip_that_is_deleted_is_not_changed_too(wishing, other):
    with pytest.raises(SetupError, match="track 1, slot 1"):
        wishing({"what": "delete clip", "track": 1, "slot": 1}, {**other, "track": 1, "slot": 1})


def test_nothing_is_no_plan(wishing):
    with pytest.raises(SetupError, match="nothing to change"):
        wishing()


@pytest.mark.parametrize("field", ["track", "slot", "scene", "device", "send"])
def test_numbers_count_from_1(field):
    with pytest.raises(ValidationError):
        Wish(what="mute", **{field: 0})


def test_every_launch_quantization_can_be_wished_for(wishing):
    for number, name in enumerate(QUANTIZATION):
        _, there, _ = wishing(
            {"what": "launch", "value": name}, seen=lambda s: s.get("clip_trigger_quantization")
        )
        assert there == number


def test_a_scale_that_live_has_is_read_back_as_the_same_key():
    from conduit.live.snapshot import live_key, live_scale  # noqa: PLC0415

    keys = [Key(f"C {scale}") for scale in SCALES]
    known = [key for key in keys if live_scale(key)]

    assert [live_key(0, live_scale(key)).scale for key in known] == [key.scale for key in known]
    assert len(known) >= 30
