import json
import tempfile
from pathlib import Path

import pytest

from conduit.errors import LinkError
from conduit.live.osc import Message
from conduit.live.simulator import load
from conduit.live.simulator.handlers import Handlers
from conduit.live.simulator.saved import from_json, to_json

SAVED = Path(__file__).parents[1] / "data" / "pylive-set.json"
GROUP, FIRST, SECOND, OUTSIDE, AUDIO = 0, 1, 2, 3, 4


@pytest.fixture
def handlers():
    found = Handlers(load(SAVED))
    found.live_set.advance(0.0)
    return found


def answer(handlers, address, *args):
    return [reply.args for reply in handlers.handle(Message(f"/live/{address}", args)).replies]


def playing(handlers):
    return [answer(handlers, "track/get/playing_slot_index", track)[0][1] for track in range(4)]


def test_a_track_tells_which_group_it_is_in(handlers):
    found = answer(handlers, "song/get/track_data", 0, 4, "track.is_foldable", "track.group_track")

    assert found == [(True, None, False, 0, False, 0, False, None)]
    assert answer(handlers, "track/get/is_grouped", FIRST) == [(FIRST, True)]


def test_a_group_is_found_where_it_stands_after_tracks_have_moved(handlers):
    answer(handlers, "song/create_midi_track", 0)

    found = answer(handlers, "song/get/track_data", 0, 5, "track.group_track")

    assert found == [(None, None, 1, 1, None)]


@pytest.mark.parametrize("quantization", [0, 4], ids=["none", "a bar"])
def test_a_slot_of_a_group_launches_its_tracks_together_and_the_group_stops_them(handlers, quantization):
    answer(handlers, "song/set/clip_trigger_quantization", quantization)

    answer(handlers, "clip_slot/fire", GROUP, 2)
    launched = playing(handlers)
    answer(handlers, "song/set/clip_trigger_quantization", 0)
    answer(handlers, "track/stop_all_clips", GROUP)

    assert launched == [-1, 2, 2, -1]
    assert playing(handlers) == [-1] * 4


def test_a_slot_of_a_group_tells_whether_it_launches_anything(handlers):
    answer(handlers, "clip_slot/delete_clip", FIRST, 3)
    answer(handlers, "clip_slot/delete_clip", SECOND, 3)

    found = [answer(handlers, "clip_slot/get/controls_other_clips", GROUP, slot)[0][2] for slot in range(5)]

    assert found == [True, True, True, False, False]
    assert answer(handlers, "clip_slot/get/is_group_slot", FIRST, 0) == [(FIRST, 0, False)]


def test_a_group_goes_with_the_tracks_in_it_and_comes_back_with_them(handlers):
    before = to_json(handlers.live_set)

    answer(handlers, "song/delete_track", GROUP)
    left = answer(handlers, "song/get/track_names")
    answer(handlers, "song/undo")

    assert left == [("1-MIDI", "5-Conga", "3-Audio")]
    assert to_json(handlers.live_set) == before


@pytest.mark.parametrize("place", [1, 3, 9, -1, True, "0"])
def test_a_saved_track_is_in_no_group_that_is_not_there(place):
    data = json.loads(SAVED.read_text())
    data["tracks"][FIRST]["values"]["group_track"] = place

    with pytest.raises(ValueError, match=r"tracks\.1\.values\.group_track"):
        from_json(data)


def test_the_structure_is_left_in_a_file_as_abletonosc_leaves_it(handlers, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    assert answer(handlers, "song/export/structure") == [(1,)]

    (path,) = tmp_path.iterdir()
    tracks = json.loads(path.read_text())["tracks"]
    assert path.name == "abletonosc-song-structure.json"
    assert [track["group_track"] for track in tracks] == [None, 0, 0, None, None, None]
    assert tracks[FIRST]["clips"][3] == {"index": 3, "name": "four", "length": 4.0}
    assert tracks[FIRST]["devices"][0]["parameters"][0] == {
        "name": "Device On",
        "value": 1.0,
        "min": 0.0,
        "max": 1.0,
        "is_quantized": True,
    }


def test_a_structure_that_cannot_be_written_is_an_error(handlers, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))

    (said,) = answer(handlers, "song/export/structure")

    assert said[0].startswith("Error handling OSC message: [Errno 2] No such file or directory")


def test_only_a_clip_of_audio_has_a_pitch_and_only_one_of_notes_has_notes(handlers):
    answer(handlers, "clip/set/pitch_coarse", AUDIO, 0, -24)

    assert answer(handlers, "clip/get/pitch_coarse", AUDIO, 0) == [(AUDIO, 0, -24)]
    assert answer(handlers, "clip/get/pitch_coarse", FIRST, 0) == [(FIRST, 0, None)]
    for verb in ("get", "remove"):
        (said,) = answer(handlers, f"clip/{verb}/notes", AUDIO, 0)
        assert said == ("Error handling OSC message: Notes are only available for MIDI Clips",)


def test_a_clip_of_audio_is_named_as_such_to_who_wants_its_notes(live):
    async def journey(link, _):
        with pytest.raises(LinkError, match="'conga' is an audio clip; only MIDI clips can be read"):
            await link.read_slot(AUDIO + 1, 1)

    live(journey, live_set=load(SAVED))


@pytest.mark.parametrize(
    ("values", "notes"),
    [
        ({"is_audio_clip": True}, []),
        ({"is_audio_clip": True, "is_midi_clip": False}, [[60, 0.0, 1.0, 100.0, False]]),
        ({"pitch_coarse": 1}, []),
    ],
    ids=["of both kinds", "notes in audio", "a pitch for notes"],
)
def test_a_saved_clip_is_of_one_kind(values, notes):
    data = json.loads(SAVED.read_text())
    data["tracks"][AUDIO]["slots"][0]["clip"] |= {"values": values, "notes": notes}

    with pytest.raises(ValueError, match=r"tracks\.4|value"):
        from_json(data)
