"""Every address of the table, sent to a set that has something of everything."""

from __future__ import annotations

import re

import pytest

from conduit.live import LiveSet
from conduit.live.endpoints import ENDPOINTS, ERROR, Kind
from conduit.live.osc import Message
from conduit.live.simulator.arrangement import placed
from conduit.live.simulator.device_library import device
from conduit.live.simulator.faults import Faults
from conduit.live.simulator.handlers import Handlers

SAMPLES = {"i": 0, "f": 1.0, "b": True, "s": "a"}
SPECIAL = {
    "api/set/log_level": ("debug",),
    "song/get/track_data": (0, -1, "track.name", "clip.length", "clip_slot.has_clip", "device.name"),
    "song/get/track_names": (0, 2),
    "song/get/scenes/name": (0, 2),
    "track/get/send": (0, 1),
    "track/duplicate_to_arrangement": (0, 0, 64.0),
    "track/split_arrangement_clip": (0, 0, 2.0),
    "track/duplicate_arrangement_clip": (0, 0, 64.0),
    "track/move_arrangement_clip": (0, 0, 64.0),
    "track/create_arrangement_clip": (0, 64.0, 4.0),
    "clip_slot/create_clip": (0, 1, 4.0),
    "clip_slot/duplicate_clip_to": (0, 0, 1, 0),
    "clip/set/loop_start": (0, 0, 1.0),
    "clip/set/loop_end": (0, 0, 3.0),
    "clip/set/start_marker": (0, 0, 1.0),
    "clip/set/end_marker": (0, 0, 3.0),
    "arrangement_clip/set/loop_end": (0, 0, 3.0),
    "arrangement_clip/set/end_marker": (0, 0, 3.0),
    "song/set/tempo": (99.0,),
    "song/set/signature_numerator": (3,),
    "song/set/signature_denominator": (8,),
    "browser/load_instrument": ("Operator",),
    "browser/load_drum_kit": ("808 Core Kit.adg",),
    "browser/load_audio_effect": ("Reverb",),
    "browser/load_midi_effect": ("Chord",),
    "browser/load_sound": ("Bass",),
    "browser/load_sample": ("Kick 808.wav",),
    "browser/load_clip": ("Four on the Floor.alc",),
    "browser/load_plugin": ("Simulated Synth",),
    "browser/load_max_device": ("Shaper.amxd",),
    "browser/load_user_preset": ("My Lead.adv",),
    "browser/hotswap_load": ("Drift",),
    "browser/preview_sample": ("Kick 808.wav",),
    "browser/browse": ("instruments",),
    "browser/browse_path": ("sounds", "Bass"),
    "browser/search": ("bass",),
    "browser/get_item_info": ("sounds", "Bass"),
    "browser/list_samples": ("Drums",),
    "browser/list_clips": (),
    "browser/list_user_presets": ("Presets",),
}
"""Arguments where those made from the signature name nothing, or are out of range."""

AUDIO_ONLY = (
    "file_path gain_display_string sample_length gain pitch_coarse pitch_fine ram_mode warp_mode warping"
)
REFUSED = {
    "clip/remove_notes_by_id": "did not match C++ signature",
    "track/set/fold_state": "Only foldable tracks",
    **{f"clip/set/{name}": "is only available for Audio Clips" for name in AUDIO_ONLY.split()},
    **{f"clip/start_listen/{name}": "is only available for Audio Clips" for name in AUDIO_ONLY.split()},
}
"""What the reference says is refused in a set of MIDI clips, and the words."""

NOTHING_THERE = {*(f"clip/get/{name}" for name in AUDIO_ONLY.split()), "track/get/fold_state"}
NOTHING_THERE |= {f"scene/get/{name}" for name in ("color", "color_index")}
NOTHING_THERE |= {f"scene/start_listen/{name}" for name in ("color", "color_index")}
ACCIDENTS = re.compile(
    "not supported between|not subscriptable|not iterable|unhashable|unsupported operand|positional argument|"
    "'(LiveSet|LiveSetClip|Chain|Parameter|ArrangementClip|function|list|dict|tuple)' object|"
    "no attribute '(get|set|copy|values)'|message: '[^']*'$"
)
"""Texts that would come from how the simulator is written."""


@pytest.fixture
def handlers():
    return full_set()


def full_set():
    live = LiveSet(n_scenes=4)
    live.faults = Faults(fork=True)
    live.create_clip(0, 0, 4.0)
    track = live.tracks[0]
    track.devices = [device("Drum Rack", name="Kit"), device("Reverb")]
    track.arrangement_clips = placed([], track.clip_slots[0].clip, at=0.0)
    handlers = Handlers(live)
    sent(handlers, "/live/song/set_or_delete_cue")
    sent(handlers, "/live/browser/hotswap_start", 0, 1)
    return handlers


def sent(handlers, address, *args):
    return list(handlers.handle(Message(address, args)).replies)


def of_signature(takes):
    """Make the shortest arguments of a signature in which nothing is left out."""
    letters = re.sub(r"\[(\w)\w*\]", r"\1", takes)
    return tuple(SAMPLES[letter] for letter in letters if letter in SAMPLES)


def arguments(endpoint):
    path = endpoint.address.removeprefix("/live/")
    if path in SPECIAL:
        return SPECIAL[path]
    args = (*(0,) * endpoint.ids, *of_signature(endpoint.takes))
    return args[: endpoint.ids] if endpoint.prop and endpoint.kind is Kind.GET else args


def letters_of(values):
    names = {bool: "b", int: "i", float: "f", str: "s", type(None): "N"}
    return "".join(names[type(value)] for value in values)


def errors(replies):
    return [reply.args[0] for reply in replies if reply.address == ERROR]


def of_kind(*kinds):
    found = [endpoint for endpoint in ENDPOINTS.values() if endpoint.kind in kinds]
    return pytest.mark.parametrize("endpoint", found, ids=[e.address for e in found])


@of_kind(Kind.GET, Kind.CALL)
def test_what_is_asked_is_answered_once_as_the_table_says(handlers, endpoint):
    args = arguments(endpoint)

    replies = sent(handlers, endpoint.address, *args)

    assert [reply.address for reply in replies] == [endpoint.address]
    assert replies[0].args[: endpoint.ids] == args[: endpoint.ids]
    wanted = "N" if endpoint.address.removeprefix("/live/") in NOTHING_THERE else endpoint.gives
    assert re.fullmatch(wanted, letters_of(replies[0].args[endpoint.ids :]))


@of_kind(Kind.SET, Kind.METHOD)
def test_what_is_set_or_done_is_silent_unless_it_is_refused(handlers, endpoint):
    path = endpoint.address.removeprefix("/live/")
    if path == "api/reload":
        return
    args = arguments(endpoint)

    replies = sent(handlers, endpoint.address, *args)

    if path in REFUSED:
        assert len(replies) == 1
        assert REFUSED[path] in errors(replies)[0]
    elif endpoint.gives:
        assert replies == [Message(endpoint.address, args)]
    else:
        assert replies == []


@of_kind(Kind.LISTEN)
def test_listening_tells_the_value_at_once_or_is_refused_as_the_table_says(handlers, endpoint):
    path = endpoint.address.removeprefix("/live/")
    if path == "song/start_listen/beat":
        return

    replies = sent(handlers, endpoint.address, *(0,) * endpoint.ids)

    if path in REFUSED:
        words = REFUSED[path] if endpoint.prop.listenable else "has no attribute 'add_"
        assert words in errors(replies)[0]
    elif endpoint.prop and not endpoint.prop.listenable:
        assert f"has no attribute 'add_{endpoint.prop.name}_listener'" in errors(replies)[0]
    else:
        wanted = "N" if path in NOTHING_THERE else endpoint.gives
        assert replies[0].address == endpoint.address.replace("start_listen", "get")
        assert re.fullmatch(wanted, letters_of(replies[0].args[-1:]))


@of_kind(Kind.UNLISTEN)
def test_no_longer_listening_is_silent(handlers, endpoint):
    assert sent(handlers, endpoint.address, *(0,) * endpoint.ids) == []


def known_in(mode, endpoint):
    live = LiveSet()
    live.faults = Faults(fork=mode == "fork")
    replies = sent(Handlers(live), endpoint.address, *arguments(endpoint))
    return f"Unknown OSC address: {endpoint.address}" not in errors(replies)


@pytest.mark.parametrize("mode", ["upstream", "fork"])
def test_an_address_is_unknown_only_where_it_is_the_forks_and_the_fork_is_not_there(mode):
    unknown = {endpoint.address for endpoint in ENDPOINTS.values() if not known_in(mode, endpoint)}

    forked = {endpoint.address for endpoint in ENDPOINTS.values() if endpoint.fork}
    assert unknown == (forked if mode == "upstream" else set())


WRONG = {
    "nothing": lambda _args: (),
    "one too few": lambda args: args[:-1],
    "texts": lambda args: ("x",) * len(args),
    "nils": lambda args: (None,) * len(args),
    "floats": lambda args: tuple(float(arg) if isinstance(arg, int) else arg for arg in args),
    "far off": lambda args: tuple(999 if isinstance(arg, int) else arg for arg in args),
    "negative": lambda args: tuple(-99 if type(arg) is int else arg for arg in args),
    "values as texts": lambda args: (*args[:-1], "x"),
    "values as nils": lambda args: (*args[:-1], None),
    "values as texts, two": lambda args: (*args[:-2], "x", "y"),
    "one too many": lambda args: (*args, 1),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_arguments_are_answered_or_refused_in_words_of_live_or_abletonosc(wrong):
    strange = {}
    for endpoint in ENDPOINTS.values():
        args = WRONG[wrong](arguments(endpoint))
        for error in errors(sent(full_set(), endpoint.address, *args)):
            if ACCIDENTS.search(error):
                strange[endpoint.address] = error

    assert strange == {}
