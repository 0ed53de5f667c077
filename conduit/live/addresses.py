"""AbletonOSC's addresses as rows of text; ``endpoints`` reads them, and says what the letters mean."""

from __future__ import annotations

__all__ = ["FORK", "PROPERTIES", "SPECIAL"]

PROPERTIES: dict[str, str] = {
    "song": (
        "can_redo:b: can_undo:b: is_playing:b:l song_length:f:l session_record_status:i:l "
        "arrangement_overdub:b:wl back_to_arranger:b:wl clip_trigger_quantization:i:wl "
        "current_song_time:f:wl groove_amount:f:wl is_ableton_link_enabled:b:wl loop:b:wl "
        "loop_length:f:wl loop_start:f:wl metronome:b:wl midi_recording_quantization:i:wl "
        "nudge_down:b:wl nudge_up:b:wl punch_in:b:wl punch_out:b:wl record_mode:b:wl root_note:i:wl "
        "scale_name:s:wl session_record:b:wl signature_denominator:i:wl signature_numerator:i:wl tempo:f:wl"
    ),
    "track": (
        "can_be_armed:b: fired_slot_index:i:l has_audio_input:b:l has_audio_output:b:l has_midi_input:b:l "
        "has_midi_output:b:l is_foldable:b: is_grouped:b: is_visible:b: output_meter_level:f:l "
        "output_meter_left:f:l output_meter_right:f:l playing_slot_index:i:l arm:b:wl color:i:wl "
        "color_index:i:wl current_monitoring_state:i:wl fold_state:b:w mute:b:wl solo:b:wl name:s:wl "
        "volume:f:wl panning:f:wl"
    ),
    "clip": (
        "end_time:f:l file_path:s:l gain_display_string:s: has_groove:b: is_midi_clip:b: is_audio_clip:b: "
        "is_overdubbing:b:l is_playing:b: is_recording:b:l is_triggered:b: length:f: playing_position:f:l "
        "sample_length:i: start_time:f:l will_record_on_start:b: color:i:wl color_index:i:wl "
        "end_marker:f:wl gain:f:wl launch_mode:i:wl launch_quantization:i:wl legato:b:wl loop_end:f:wl "
        "loop_start:f:wl looping:b:wl muted:b:wl name:s:wl pitch_coarse:i:wl pitch_fine:f:wl position:f:wl "
        "ram_mode:b:wl start_marker:f:wl velocity_amount:f:wl warp_mode:i:wl warping:b:wl"
    ),
    "clip_slot": (
        "has_clip:b:l controls_other_clips:b:l is_group_slot:b: is_playing:b: is_triggered:b:l "
        "playing_status:i:l will_record_on_start:b: has_stop_button:b:wl"
    ),
    "scene": (
        "is_empty:b: is_triggered:b:l color:i:wl color_index:i:wl name:s:wl tempo:f:wl tempo_enabled:b:wl "
        "time_signature_numerator:i:wl time_signature_denominator:i:wl time_signature_enabled:b:wl"
    ),
    "device": "class_name:s: name:s:l type:i:",
    "arrangement_clip": (
        "start_time:f:l end_time:f:l length:f:l is_midi_clip:b:l color:i:l name:s:wl loop_start:f:wl "
        "loop_end:f:wl start_marker:f:wl end_marker:f:wl looping:b:wl"
    ),
}
"""The generic properties of each owner, ``name:letter:marks``: w settable, l listenable."""

# path after /live/, kind, signature taken, signature given; ids come from the owner unless written with @.
# test/simulated is Conduit's own: the simulator answers it, Live calls it unknown.
SPECIAL = """
test                                  get     -        s
test/simulated                        get     -        b
application/get/version               get     -        ii
application/get/average_process_usage get     -        f
api/get/log_level                     get     -        s
api/set/log_level                     set     s        -
api/reload                            method  -        -
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
song/capture_and_insert_scene         method  -        -
song/capture_midi                     method  -        -
song/force_link_beat_time             method  -        -
song/jump_by                          method  f        -
song/jump_to_prev_cue                 method  -        -
song/jump_to_next_cue                 method  -        -
song/re_enable_automation             method  -        -
song/set_or_delete_cue                method  -        -
song/tap_tempo                        method  -        -
song/trigger_session_record           method  -        -
song/create_return_track              method  -        -
song/delete_return_track              method  i        -
song/cue_point/jump                   method  [is]     -
song/cue_point/add_or_delete          method  -        -
song/cue_point/set/name               method  is       -
song/export/structure                 get     -        i
song/start_listen/beat                start_listen -   i
song/stop_listen/beat                 stop_listen  -   -
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
track/set/output_routing_type         set     s        -
track/set/output_routing_channel      set     s        -
track/set/input_routing_type          set     s        -
track/set/input_routing_channel       set     s        -
track/stop_all_clips                  method  -        -
track/delete_clip                     method  i        -
track/delete_device                   method  i        -
clip_slot/create_clip                 method  f        -
clip_slot/delete_clip                 method  -        -
clip_slot/duplicate_clip_to           method  ii       -
clip_slot/fire                        method  -        -
clip_slot/stop                        method  -        -
clip/fire                             method  -        -
clip/stop                             method  -        -
clip/duplicate_loop                   method  -        -
clip/remove_notes_by_id               method  i*       -
clip/get/notes                        get     (iiff)?  (ifffb)*
clip/add/notes                        method  (ifffb)* -
clip/remove/notes                     method  (iiff)?  -
clips/filter                          method  s*       -
clips/unfilter                        method  (ii?)?   -
scene/fire                            method  -        -
scene/fire_as_selected                method  -        -
scene/fire_selected                   method@0 -       -
device/get/num_parameters             get     -        i
device/get/parameters/name            get     -        s*
device/get/parameters/value           get     -        f*
device/get/parameters/min             get     -        f*
device/get/parameters/max             get     -        f*
device/get/parameters/is_quantized    get     -        b*
device/get/parameter/value            get@3   -        f
device/get/parameter/value_string     get@3   -        s
device/get/parameter/name             get@3   -        s
device/set/parameters/value           set     f*       -
device/set/parameter/value            set@3   f        -
device/start_listen/parameter/value   start_listen@3 - f
device/stop_listen/parameter/value    stop_listen@3  - -
view/get/selected_scene               get     -        i
view/get/selected_track               get     -        i
view/get/selected_clip                get     -        ii
view/get/selected_device              get     -        ii
view/set/selected_scene               set     i        -
view/set/selected_track               set     i        -
view/set/selected_clip                set     ii       -
view/set/selected_device              set     ii       ii
view/start_listen/selected_scene      start_listen - i
view/start_listen/selected_track      start_listen - i
view/stop_listen/selected_scene       stop_listen  - -
view/stop_listen/selected_track       stop_listen  - -
midimap/map_cc                        method@3 ii      -
"""

# The same for the fork: a call answers with the index of the clip it made (-1 for none) or with the name of
# what it loaded; where nothing was found, browser/load_* does not answer at all. Searching gives pairs of category
# and name; splitting gives both parts.
FORK = """
arrangement_clip/get/notes            get     (iiff)?  (ifffb)*
arrangement_clip/add/notes            method  (ifffb)* -
arrangement_clip/remove/notes         method  (iiff)?  -
track/create_arrangement_clip         call    ff       i
track/duplicate_to_arrangement        call    if       i
track/split_arrangement_clip          call    if       ii
track/move_arrangement_clip           call    if       i
track/duplicate_arrangement_clip      call    if       i
track/delete_arrangement_clip         method  i        -
device/get/num_chains                 get     -        i
device/get/chains/name                get     -        s*
device/get/chains/mute                get     -        b*
device/get/chains/volume              get     -        f*
device/set/chain/name                 set@3   s        -
device/set/chain/volume               set@3   f        -
device/set/chain/mute                 set@3   b        -
browser/load_instrument               call    s        s*
browser/load_drum_kit                 call    s?       s*
browser/load_default_instrument       call    -        s*
browser/load_audio_effect             call    s        s*
browser/load_midi_effect              call    s        s*
browser/load_default_audio_effect     call    -        s*
browser/load_default_midi_effect      call    -        s*
browser/load_sound                    call    s        s*
browser/load_sample                   call    s        s*
browser/load_clip                     call    s        s*
browser/load_plugin                   call    s        s*
browser/load_max_device               call    s        s*
browser/load_user_preset              call    s        s*
browser/list_audio_effects            get     -        s*
browser/list_midi_effects             get     -        s*
browser/list_sounds                   get     -        s*
browser/list_samples                  get     s?       s*
browser/list_clips                    get     s?       s*
browser/list_plugins                  get     -        s*
browser/list_max_devices              get     -        s*
browser/list_user_presets             get     s?       s*
browser/browse                        get     s        s*
browser/browse_path                   get     ss       s*
browser/search                        get     s        (ss)*
browser/get_item_info                 get     ss       (sbbbi)?
browser/hotswap_start                 call    ii       s*
browser/hotswap_load                  call    s        s*
browser/preview_sample                call    s        s*
browser/stop_preview                  call    -        b
"""
