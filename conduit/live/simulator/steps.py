"""Which messages are steps that undo takes back, and what of a set each may change."""

from __future__ import annotations

from typing import Any

from conduit.live.endpoints import Endpoint, Kind
from conduit.live.simulator.live_set import LiveSet

__all__ = ["is_step", "remember"]

_NO_STEPS = {
    "fire", "stop", "fire_as_selected", "fire_selected", "start_playing", "stop_playing", "continue_playing",
    "stop_all_clips", "undo", "redo", "show_message", "selected_scene", "selected_track", "selected_clip",
    "selected_device", "jump_by", "jump_to_next_cue", "jump_to_prev_cue", "jump", "current_song_time",
    "trigger_session_record", "force_link_beat_time", "re_enable_automation", "capture_midi", "reload",
    "log_level", "map_cc", "preview_sample", "stop_preview", "hotswap_start", "is_ableton_link_enabled",
    "metronome", "session_record", "nudge_down", "nudge_up",
}  # fmt: skip
_PLACED = {"track", "clip", "clip_slot", "device", "arrangement_clip"}
_LAST_WORDS_OF_TWO = "/duplicate_clip_to"


def is_step(endpoint: Endpoint) -> bool:
    """Tell whether undo takes back what an address does."""
    writes = endpoint.kind in {Kind.SET, Kind.METHOD, Kind.CALL}
    return writes and endpoint.address.rpartition("/")[2] not in _NO_STEPS


def remember(live: LiveSet, endpoint: Endpoint, args: list[Any]) -> None:
    """Keep for undo what a message may change; one that names nothing that is there changes nothing."""
    n_tracks, n_scenes = len(live.tracks), len(live.scenes)
    if endpoint.owner == "scene":
        live.remember(tracks=(), scenes=_present(args[:1], n_scenes))
    elif endpoint.owner in _PLACED:
        places = args[: 2 * endpoint.ids : 2]  # the second one, of duplicate_clip_to, is its target
        if not endpoint.address.endswith(_LAST_WORDS_OF_TWO):
            places = places[:1]
        live.remember(tracks=_present(places, n_tracks))
    else:
        whole = endpoint.kind is not Kind.SET
        live.remember(tracks=range(n_tracks if whole else 0), scenes=range(n_scenes if whole else 0))


def _present(indices: list[Any], count: int) -> set[int]:
    """Give the places from 0 of those indices that name something; negative ones count from the end."""
    return {
        range(count)[int(i)] for i in indices if isinstance(i, int | float | str) and -count <= int(i) < count
    }
