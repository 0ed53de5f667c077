"""A set as JSON: all of it comes back, and what is no set is refused with one clear error."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.live import Faults, LiveSet
from conduit.live.osc import Message
from conduit.live.simulator import from_json, load, save, to_json
from conduit.live.simulator.handlers import Handlers

EVERYTHING = (
    ("song/set/tempo", 93.5),
    ("song/set/signature_numerator", 7),
    ("song/set/scale_name", "Dorian"),
    ("song/create_return_track",),
    ("song/create_audio_track", 0),
    ("track/set/name", 1, "Bässe"),
    ("track/set/volume", 1, 0.5),
    ("track/set/solo", 1, 1),
    ("track/set/send", 1, 2, 0.25),
    ("track/set/input_routing_type", 1, "Computer Keyboard"),
    ("clip_slot/create_clip", 1, 3, 8.0),
    ("clip/add/notes", 1, 3, 60, 0.0, 0.5, 100.0, 0, 127, 7.75, 0.25, 1, 1),
    ("clip/set/name", 1, 3, "Riff"),
    ("clip/set/looping", 1, 3, 0),
    ("clip/set/color_index", 1, 3, 3),
    ("clip_slot/set/has_stop_button", 2, 0, 0),
    ("scene/set/name", 7, "Outro"),
    ("scene/set/tempo", 7, 80.0),
    ("song/set/current_song_time", 16.0),
    ("song/set_or_delete_cue",),
    ("view/set/selected_track", 1),
    ("browser/load_instrument", "Operator"),
    ("browser/load_audio_effect", "Reverb"),
    ("device/set/parameter/value", 1, 1, 1, 0.75),
    ("track/create_arrangement_clip", 1, 4.0, 8.0),
)


def edited(*steps):
    """A set with something of everything, or after some steps of it."""
    handlers = Handlers(LiveSet())
    handlers.live_set.faults = Faults(fork=True)
    for path, *args in steps:
        handlers.handle(Message(f"/live/{path}", tuple(args)))
    return handlers.live_set


SAVED = to_json(edited(*EVERYTHING))


def test_a_set_comes_back_as_it_was():
    again = from_json(json.loads(json.dumps(SAVED, allow_nan=False)))

    assert to_json(again) == SAVED
    assert again.tracks[1].get("name") == "Bässe"
    assert [tuple(note) for note in again.slot(1, 3).clip.notes] == [
        (60, 0.0, 0.5, 100.0, False),
        (127, 7.75, 0.25, 1.0, True),
    ]


def test_two_sets_that_hold_the_same_give_the_same_and_others_do_not():
    assert to_json(LiveSet()) == to_json(LiveSet())
    assert to_json(LiveSet()) != SAVED


@pytest.mark.parametrize("step", EVERYTHING, ids=lambda step: step[0])
def test_whatever_was_changed_can_be_seen(step):
    without = edited(*(other for other in EVERYTHING if other is not step))

    assert to_json(without) != SAVED


def test_what_plays_is_no_part_of_a_set():
    live_set = edited(*EVERYTHING)
    live_set.fire(1, 3)
    live_set.fire_scene(0)

    assert to_json(live_set) == SAVED


def test_undo_gives_back_the_whole_of_it_step_by_step():
    handlers = Handlers(edited(*EVERYTHING))
    states = []
    while handlers.live_set.get("can_undo"):
        states.append(content(handlers.live_set))
        handlers.handle(Message("/live/song/undo"))

    assert content(handlers.live_set) == content(LiveSet())
    for state in reversed(states):
        handlers.handle(Message("/live/song/redo"))
        assert content(handlers.live_set) == state


def content(live_set):
    """What undo takes back, which is all but what is selected."""
    return to_json(live_set) | {"selected_track": 0, "selected_scene": 0}


def changed(path, value):
    data = copy.deepcopy(SAVED)
    at = data
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["format"], "als", "format"),
        (["version"], 2, "version"),
        (["more"], 1, "more"),
        (["song", "tempo"], 5.0, "song.tempo"),
        (["song", "tempo"], "fast", "song.tempo"),
        (["song", "tempo"], float("nan"), "song.tempo"),
        (["song", "is_playing"], True, "song.is_playing"),
        (["tracks"], [], "tracks"),
        (["tracks", 1, "values", "volume"], 2.0, r"tracks\.1\.values\.volume"),
        (["tracks", 1, "values", "volume"], None, r"tracks\.1\.values\.volume"),
        (["tracks", 1, "sends"], [0.0], "sends"),
        (["tracks", 1, "slots"], [], "slots"),
        (["tracks", 0, "slots", 0, "clip"], SAVED["tracks"][1]["slots"][3]["clip"], "audio track"),
        (["tracks", 1, "slots", 3, "clip", "loop"], [4.0, 4.0], "start before they end"),
        (["tracks", 1, "slots", 3, "clip", "notes", 0, 0], 128, "notes"),
        (["tracks", 1, "slots", 3, "clip", "notes", 0, 2], 0.0, "notes"),
        (["tracks", 1, "slots", 3, "clip", "values", "nix"], 1, "no such value"),
        (["tracks", 1, "devices", 0, "kind"], 3, "kind"),
        (["tracks", 1, "devices", 1, "parameters", 1, "value"], 99.0, "parameters"),
        (["scenes", 7, "name"], 5, r"scenes\.7\.name"),
        (["cue_points"], [["a", -1.0]], "cue_points"),
        (["selected_track"], -1, "selected_track"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, list) and len(value) < 9 else None,
)
def test_what_is_wrong_is_said_with_its_place(path, value, said):
    with pytest.raises(ValueError, match=f"^this is not a saved Live set of version 1: .*{said}"):
        from_json(changed(path, value))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def places(data, path=()):
    yield path
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(value, (*path, key))


@settings(max_examples=150)
@given(st.sampled_from([path for path in places(SAVED) if path]), ANYTHING)
def test_anything_anywhere_is_either_a_set_that_works_or_one_error(path, value):
    try:
        live_set = from_json(changed(list(path), value))
    except ValueError:
        return
    handlers = Handlers(live_set)
    live_set.fire_scene(0)
    live_set.fire(1, 3)
    live_set.advance(0.0)
    live_set.advance(9.0)
    handlers.handle(Message("/live/song/get/track_data", (0, -1, "track.name", "clip.name", "device.name")))

    assert to_json(from_json(to_json(live_set))) == to_json(live_set)


@given(ANYTHING)
def test_what_is_no_set_at_all_is_refused(data):
    with pytest.raises(ValueError, match="not a saved Live set"):
        from_json(data)


def test_a_file_keeps_a_set(tmp_path):
    path = tmp_path / "set.json"
    save(edited(*EVERYTHING), path)

    assert to_json(load(path)) == SAVED
    assert [file.name for file in tmp_path.iterdir()] == ["set.json"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[" * 100_000], ids=["empty", "cut", "bytes", "deep"]
)
def test_a_file_that_holds_no_json_is_refused(tmp_path, content):
    path = tmp_path / "set.json"
    path.write_bytes(content)

    with pytest.raises(ValueError, match="is not JSON"):
        load(path)
