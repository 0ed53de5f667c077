from __future__ import annotations

import pytest

from conduit.live.endpoints import ENDPOINTS, NEVER, PROPERTIES, SIMULATED, Kind, checked
from conduit.live.simulator.methods import METHODS

SONG = "tempo signature_numerator signature_denominator root_note scale_name is_playing num_tracks num_scenes"
CLIP = "name length loop_start loop_end start_marker end_marker looping color is_midi_clip notes"
TIER_1 = [
    "test",
    "application/get/version",
    "api/show_message",
    *(f"song/get/{name}" for name in [*SONG.split(), "track_names", "scenes/name", "track_data"]),
    *(f"clip/get/{name}" for name in CLIP.split()),
    *(f"clip/set/{name}" for name in CLIP.split() if name not in {"length", "is_midi_clip", "notes"}),
    *(f"clip/{name}" for name in ("add/notes", "remove/notes", "fire", "stop")),
    *(
        f"clip_slot/{name}"
        for name in ("get/has_clip", "create_clip", "delete_clip", "duplicate_clip_to", "fire")
    ),
    *(f"song/{name}" for name in ("start_playing", "stop_playing", "stop_all_clips", "undo", "redo")),
    *(f"song/{name}" for name in ("create_midi_track", "create_scene")),
    *(f"view/{verb}/selected_{what}" for verb in ("get", "set") for what in ("track", "scene", "clip")),
]


@pytest.mark.parametrize("path", TIER_1)
def test_every_address_of_the_first_tier_is_in_the_table(path):
    assert f"/live/{path}" in ENDPOINTS


RELOAD = "/live/api/reload"


def test_every_special_address_but_listening_and_reloading_has_a_method_in_the_simulator_and_no_other():
    special = {
        endpoint.address
        for endpoint in ENDPOINTS.values()
        if endpoint.prop is None and "listen" not in endpoint.kind and endpoint.address != RELOAD
    }

    assert set(METHODS) == special


def test_every_property_has_a_getter_and_only_settable_ones_a_setter():
    for owner, properties in PROPERTIES.items():
        for prop in properties:
            assert ENDPOINTS[f"/live/{owner}/get/{prop.name}"].kind is Kind.GET
            assert (f"/live/{owner}/set/{prop.name}" in ENDPOINTS) == prop.settable


def test_only_queries_calls_listening_and_one_setter_are_answered():
    answered = {endpoint.kind for endpoint in ENDPOINTS.values() if endpoint.gives is not None}

    assert answered == {Kind.GET, Kind.CALL, Kind.LISTEN, Kind.SET}
    assert [e.address for e in ENDPOINTS.values() if e.kind is Kind.SET and e.gives] == [
        "/live/view/set/selected_device"
    ]


@pytest.mark.parametrize(
    ("address", "args"),
    [
        ("/live/clip/add/notes", (0, 0, 60.0, 0.0, 1.0, 100, False)),
        ("/live/clip/add/notes", (0, 0, 60, 0.0, 1.0, 100)),
        ("/live/clip/set/name", (0, 0, 5)),
        ("/live/song/set/tempo", ("fast",)),
        ("/live/clip/get/notes", (0, 0, 0, 128)),
        ("/live/track/get/name", ()),
    ],
    ids=["pitch as a float", "half a note", "name as a number", "tempo as text", "half a range", "no id"],
)
def test_arguments_that_do_not_fit_the_table_are_refused(address, args):
    with pytest.raises(ValueError, match=f"{address} takes"):
        ENDPOINTS[address].check(args)


def test_whole_numbers_and_flags_fit_where_numbers_and_flags_are_taken():
    ENDPOINTS["/live/clip/add/notes"].check((0, 0, 60, 0, 1, 100, 0))
    ENDPOINTS["/live/song/set/tempo"].check((130,))


def test_the_table_holds_every_address_of_upstream_and_of_the_fork():
    forks = [endpoint.fork for endpoint in ENDPOINTS.values() if endpoint.address != SIMULATED]

    assert (forks.count(False), forks.count(True)) == (494, 84)


@pytest.mark.parametrize("address", NEVER)
def test_what_is_never_sent_is_refused_with_the_reason(address):
    kind = ENDPOINTS[address].kind

    with pytest.raises(ValueError, match=NEVER[address]):
        checked(address, (), kinds={kind})
