"""The table of AbletonOSC's addresses: what each takes, and what comes back.

The link checks what it sends against it; the simulator answers by it. The order within an owner is
AbletonOSC's own, which wildcards show. Source: ideoforms/AbletonOSC of 2025-11.

Signatures are written in letters: ``i`` integer, ``f`` number, ``b`` flag (bool, 0 or 1), ``s`` text, with
the signs of regular expressions: ``[x]?`` may be missing, ``(…)*`` is repeated. Ids (track, slot, scene)
count from 0 and stand first in request and reply; negative ones count from the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from conduit.live.osc import Value, plain

__all__ = ["ENDPOINTS", "ERROR", "N_IDS", "PROPERTIES", "STARTUP", "Endpoint", "Kind", "Property", "checked"]

ERROR = "/live/error"
"""Where AbletonOSC says what went wrong: one text, without the request it belongs to."""

STARTUP = "/live/startup"
"""Sent without arguments when AbletonOSC starts, and again whenever another set is loaded."""

N_IDS = {"song": 0, "view": 0, "scene": 1, "track": 1, "clip_slot": 2, "clip": 2, "device": 2}
"""How many ids name one object of each owner."""


class Kind(StrEnum):
    """What an address does. Only ``GET`` and ``LISTEN`` are answered."""

    GET = "get"
    SET = "set"
    METHOD = "method"
    LISTEN = "start_listen"
    UNLISTEN = "stop_listen"


@dataclass(frozen=True, slots=True)
class Property:
    """A value of an object in Live that is read, and perhaps set and listened to, in one generic way.

    Attributes:
        name: Its name in Live's object model.
        letter: Its type, in the letters of signatures.
        settable: Whether there is a ``set`` address.
        listenable: Whether listening works; the addresses exist for every property.
    """

    name: str
    letter: str
    settable: bool
    listenable: bool


def _properties(rows: str) -> tuple[Property, ...]:
    found = (row.split(":") for row in rows.split())
    return tuple(Property(name, letter, "w" in marks, "l" in marks) for name, letter, marks in found)


PROPERTIES: dict[str, tuple[Property, ...]] = {
    "song": _properties(
        "can_redo:b: can_undo:b: is_playing:b:l song_length:f:l session_record_status:i:l "
        "arrangement_overdub:b:wl back_to_arranger:b:wl clip_trigger_quantization:i:wl "
        "current_song_time:f:wl groove_amount:f:wl is_ableton_link_enabled:b:wl loop:b:wl "
        "loop_length:f:wl loop_start:f:wl metronome:b:wl midi_recording_quantization:i:wl "
        "nudge_down:b:wl nudge_up:b:wl punch_in:b:wl punch_out:b:wl record_mode:b:wl root_note:i:wl "
        "scale_name:s:wl session_record:b:wl signature_denominator:i:wl signature_numerator:i:wl tempo:f:wl"
    ),
    "track": _properties(
        "can_be_armed:b: fired_slot_index:i:l has_audio_input:b:l has_audio_output:b:l has_midi_input:b:l "
        "has_midi_output:b:l is_foldable:b: is_grouped:b: is_visible:b: output_meter_level:f:l "
        "output_meter_left:f:l output_meter_right:f:l playing_slot_index:i:l arm:b:wl color:i:wl "
        "color_index:i:wl current_monitoring_state:i:wl fold_state:b:w mute:b:wl solo:b:wl name:s:wl "
        "volume:f:wl panning:f:wl"
    ),
    "clip": _properties(
        "end_time:f:l file_path:s:l gain_display_string:s: has_groove:b: is_midi_clip:b: is_audio_clip:b: "
        "is_overdubbing:b:l is_playing:b: is_recording:b:l is_triggered:b: length:f: playing_position:f:l "
        "sample_length:i: start_time:f:l will_record_on_start:b: color:i:wl color_index:i:wl "
        "end_marker:f:wl gain:f:wl launch_mode:i:wl launch_quantization:i:wl legato:b:wl loop_end:f:wl "
        "loop_start:f:wl looping:b:wl muted:b:wl name:s:wl pitch_coarse:i:wl pitch_fine:f:wl position:f:wl "
        "ram_mode:b:wl start_marker:f:wl velocity_amount:f:wl warp_mode:i:wl warping:b:wl"
    ),
    "clip_slot": _properties(
        "has_clip:b:l controls_other_clips:b:l is_group_slot:b: is_playing:b: is_triggered:b:l "
        "playing_status:i:l will_record_on_start:b: has_stop_button:b:wl"
    ),
    "scene": _properties(
        "is_empty:b: is_triggered:b:l color:i:wl color_index:i:wl name:s:wl tempo:f:wl tempo_enabled:b:wl "
        "time_signature_numerator:i:wl time_signature_denominator:i:wl time_signature_enabled:b:wl"
    ),
    "device": _properties("class_name:s: name:s:l type:i:"),
}
"""The generic properties of each owner: ``name:letter:marks``, w settable, l listenable."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address.

    Attributes:
        address: The whole address.
        kind: What it does.
        owner: Whose it is: a key of ``N_IDS``, or ``application``, ``api``, ``test``.
        ids: How many of the first arguments are ids, echoed first in the reply.
        takes: Signature of the arguments after the ids.
        gives: Signature of the reply after the ids, or None where none ever comes.
        prop: The generic property it reads, sets or listens to, or None.
    """

    address: str
    kind: Kind
    owner: str
    ids: int
    takes: str = ""
    gives: str | None = None
    prop: Property | None = None

    def check(self, args: Sequence[Value]) -> None:
        """Compare arguments with the signature.

        Raises:
            ValueError: They do not fit; the message shows both.
        """
        letters = "".join(map(_letter, args))
        wanted = "i" * self.ids + self.takes
        if re.fullmatch(wanted.replace("f", "[if]").replace("b", "[bi]"), letters) is None:
            shown = ", ".join(map(repr, args[:8])) + (", …" if len(args) > 8 else "")
            raise ValueError(f"{self.address} takes {wanted or 'nothing'!r}, not ({shown})")


def _letter(value: Value) -> str:
    if value is None:
        return "N"
    return {bool: "b", int: "i", float: "f", str: "s"}[type(value)]


def _generic(owner: str) -> Iterator[Endpoint]:
    ids = N_IDS[owner]
    for verb in (Kind.GET, Kind.SET, Kind.LISTEN, Kind.UNLISTEN):
        for prop in PROPERTIES.get(owner, ()):
            if verb is Kind.SET and not prop.settable:
                continue
            takes = prop.letter if verb is Kind.SET else ""
            if verb is Kind.GET:
                takes = "i?"  # getters echo what follows the ids after the value
            gives = prop.letter if verb in {Kind.GET, Kind.LISTEN} else None
            yield Endpoint(f"/live/{owner}/{verb}/{prop.name}", verb, owner, ids, takes, gives, prop)


# path after /live/, kind, signature taken, signature given; ids come from the owner unless written with @.
# test/simulated is Conduit's own: the simulator answers it, Live calls it unknown.
_SPECIAL = """
test                                  get     -        s
test/simulated                        get     -        b
application/get/version               get     -        ii
application/get/average_process_usage get     -        f
api/get/log_level                     get     -        s
api/show_message                      method  s        -
song/get/num_tracks                   get     -        i
song/get/track_names                  get     (ii)?    s*
song/get/num_scenes                   get     -        i
song/get/scenes/name                  get     (ii)?    s*
song/get/cue_points                   get     -        (sf)*
song/get/track_data                   get     iis*     .*
song/start_playing                    method  -        -
song/stop_playing                     method  -        -
song/continue_playing                 method  -        -
song/stop_all_clips                   method  -        -
song/undo                             method  -        -
song/redo                             method  -        -
song/create_midi_track                method  i?       -
song/create_audio_track               method  i?       -
song/create_scene                     method  i?       -
song/delete_track                     method  i        -
song/delete_scene                     method  i        -
song/duplicate_track                  method  i        -
song/duplicate_scene                  method  i        -
track/get/send                        get@2   -        f
track/set/send                        set@2   f        -
track/get/clips/name                  get     -        [sN]*
track/get/clips/length                get     -        [fN]*
track/get/clips/color                 get     -        [iN]*
track/get/arrangement_clips/name      get     -        s*
track/get/arrangement_clips/length    get     -        f*
track/get/arrangement_clips/start_time get    -        f*
track/get/num_devices                 get     -        i
track/get/devices/name                get     -        s*
track/get/devices/type                get     -        i*
track/get/devices/class_name          get     -        s*
track/get/devices/can_have_chains     get     -        b*
track/get/available_output_routing_types    get -      s*
track/get/available_output_routing_channels get -      s*
track/get/output_routing_type         get     -        s
track/get/output_routing_channel      get     -        s
track/get/available_input_routing_types     get -      s*
track/get/available_input_routing_channels  get -      s*
track/get/input_routing_type          get     -        s
track/get/input_routing_channel       get     -        s
track/stop_all_clips                  method  -        -
track/delete_clip                     method  i        -
clip_slot/create_clip                 method  f        -
clip_slot/delete_clip                 method  -        -
clip_slot/duplicate_clip_to           method  ii       -
clip_slot/fire                        method  -        -
clip_slot/stop                        method  -        -
clip/fire                             method  -        -
clip/stop                             method  -        -
clip/get/notes                        get     (iiff)?  (ifffb)*
clip/add/notes                        method  (ifffb)* -
clip/remove/notes                     method  (iiff)?  -
scene/fire                            method  -        -
device/get/num_parameters             get     -        i
device/get/parameters/name            get     -        s*
device/get/parameters/value           get     -        f*
device/get/parameters/min             get     -        f*
device/get/parameters/max             get     -        f*
device/get/parameters/is_quantized    get     -        b*
device/get/parameter/value            get@3   -        f
device/get/parameter/value_string     get@3   -        s
device/get/parameter/name             get@3   -        s
device/start_listen/parameter/value   start_listen@3 - f
device/stop_listen/parameter/value    stop_listen@3  - -
view/get/selected_scene               get     -        i
view/get/selected_track               get     -        i
view/get/selected_clip                get     -        ii
view/get/selected_device              get     -        ii
view/set/selected_scene               set     i        -
view/set/selected_track               set     i        -
view/set/selected_clip                set     ii       -
view/start_listen/selected_scene      start_listen - i
view/start_listen/selected_track      start_listen - i
view/stop_listen/selected_scene       stop_listen  - -
view/stop_listen/selected_track       stop_listen  - -
"""


def _special(row: str) -> Endpoint:
    path, mark, takes, gives = row.split()
    verb, _, n_ids = mark.partition("@")
    owner = path.split("/")[0]
    ids = int(n_ids) if n_ids else N_IDS.get(owner, 0)
    takes = takes.replace("-", "")
    return Endpoint(f"/live/{path}", Kind(verb), owner, ids, takes, None if gives == "-" else gives)


def _table() -> dict[str, Endpoint]:
    generic = [endpoint for owner in PROPERTIES for endpoint in _generic(owner)]
    special = [_special(row) for row in _SPECIAL.strip().splitlines()]
    return {endpoint.address: endpoint for endpoint in [*generic, *special]}


ENDPOINTS: dict[str, Endpoint] = _table()
"""Every address that Conduit knows, by address."""


def checked(address: str, args: Sequence[object], *, kinds: set[Kind]) -> tuple[Endpoint, tuple[Value, ...]]:
    """Find an address, and give its arguments as they go on the wire.

    Raises:
        ValueError: It is none of the kinds wanted, or the arguments do not fit it.
    """
    endpoint = ENDPOINTS.get(address)
    if endpoint is None or endpoint.kind not in kinds:
        raise ValueError(f"{address} is not a {' or '.join(sorted(kinds))} address of AbletonOSC known here")
    values = tuple(plain(arg) for arg in args)
    endpoint.check(values)
    return endpoint, values
