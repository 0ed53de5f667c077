"""What the addresses of the transport, of launching, cue points and returns do: one table, address to function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conduit.live.osc import Value
from conduit.live.simulator.cues import after, before, named, renamed, toggled
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.objects import Track, at
from conduit.live.simulator.refusals import checked_value
from conduit.live.simulator.targets import Args, Method, clip
from conduit.live.simulator.twins import twin_clip

__all__ = ["PERFORMING"]


def _start(live: LiveSet, _args: Args) -> Sequence[Value]:
    live.performance.start(at=live.performance.clock.marker)
    return ()


def _continue(live: LiveSet, _args: Args) -> Sequence[Value]:
    live.performance.go_on()
    return ()


def _stop(live: LiveSet, _args: Args) -> Sequence[Value]:
    live.performance.stop()
    return ()


def _stop_all(live: LiveSet, _args: Args) -> Sequence[Value]:
    for index in range(len(live.tracks)):
        live.stop_track(index)
    return ()


def _stop_track(live: LiveSet, args: Args) -> Sequence[Value]:
    live.stop_track(int(args[0]))
    return ()


def _jump_by(live: LiveSet, args: Args) -> Sequence[Value]:
    live.performance.go_to(live.performance.clock.position + args[0])
    return ()


def _jump_to_cue(live: LiveSet, args: Args) -> Sequence[Value]:
    cue = named(live.cue_points, args[0])
    if cue is not None:
        live.performance.jump_to(cue.time)
    return ()


def _jump_to_next(live: LiveSet, _args: Args) -> Sequence[Value]:
    cue = after(live.cue_points, live.performance.clock.position)
    if cue is not None:
        live.performance.jump_to(cue.time)
    return ()


def _jump_to_previous(live: LiveSet, _args: Args) -> Sequence[Value]:
    cue = before(live.cue_points, live.performance.clock.position)
    live.performance.jump_to(cue.time if cue else 0.0)
    return ()


def _toggle_cue(live: LiveSet, _args: Args) -> Sequence[Value]:
    live.cue_points = toggled(live.cue_points, live.performance.clock.position)
    return ()


def _name_cue(live: LiveSet, args: Args) -> Sequence[Value]:
    index, name = args[0], args[1]
    at(live.cue_points, index)
    text = checked_value(name, letter="s", owner="CuePoint")
    live.cue_points = renamed(live.cue_points, index, text)
    return ()


def _cue_points(live: LiveSet, _args: Args) -> Sequence[Value]:
    return [value for cue in live.cue_points for value in (cue.name, cue.time)]


def _tap(live: LiveSet, _args: Args) -> Sequence[Value]:
    live.performance.tap()
    return ()


def _record(live: LiveSet, _args: Args) -> Sequence[Value]:
    """Turn session recording on or off; what would be recorded is not simulated."""
    records = not live.values["session_record"]
    live.values |= {"session_record": records, "session_record_status": int(records)}
    return ()


def _no_effect(_live: LiveSet, _args: Args) -> Sequence[Value]:
    return ()


def _capture_scene(live: LiveSet, _args: Args) -> Sequence[Value]:
    """Insert a scene behind the selected one with copies of the clips that play, and select it."""
    live.create_scene()
    live.selected_scene += 1
    for track, slot, _ in live.performance.playing_slots():
        if slot.clip is not None:
            track.clip_slots[live.selected_scene].clip = twin_clip(slot.clip)
    return ()


def _create_return(live: LiveSet, _args: Args) -> Sequence[Value]:
    live.returns.append(Track(is_midi=False, clip_slots=[]))
    for track in live.tracks:
        track.sends.append(0.0)
    live.arrange()
    return ()


def _delete_return(live: LiveSet, args: Args) -> Sequence[Value]:
    index = args[0]
    at(live.returns, index)
    del live.returns[index]
    for track in live.tracks:
        del track.sends[index]
    live.arrange()
    return ()


def _fire_slot(live: LiveSet, args: Args) -> Sequence[Value]:
    live.fire(int(args[0]), int(args[1]))
    return ()


def _stop_slot(live: LiveSet, args: Args) -> Sequence[Value]:
    live.stop(int(args[0]), int(args[1]))
    return ()


def _fire_clip(live: LiveSet, args: Args) -> Sequence[Value]:
    clip(live, args, wanted="fire")
    return _fire_slot(live, args)


def _stop_clip(live: LiveSet, args: Args) -> Sequence[Value]:
    clip(live, args, wanted="stop")
    return _stop_slot(live, args)


def _fire_scene(live: LiveSet, args: Args) -> Sequence[Value]:
    live.fire_scene(int(args[0]))
    return ()


def _fire_selected(live: LiveSet, _args: Args) -> Sequence[Value]:
    """Fire the selected scene, whichever was named, and select the next one, as Live does."""
    live.fire_scene(live.selected_scene)
    live.selected_scene = min(live.selected_scene + 1, len(live.scenes) - 1)
    return ()


PERFORMING: Mapping[str, Method] = {
    "/live/song/start_playing": _start,
    "/live/song/continue_playing": _continue,
    "/live/song/stop_playing": _stop,
    "/live/song/stop_all_clips": _stop_all,
    "/live/song/jump_by": _jump_by,
    "/live/song/jump_to_next_cue": _jump_to_next,
    "/live/song/jump_to_prev_cue": _jump_to_previous,
    "/live/song/set_or_delete_cue": _toggle_cue,
    "/live/song/cue_point/jump": _jump_to_cue,
    "/live/song/cue_point/add_or_delete": _toggle_cue,
    "/live/song/cue_point/set/name": _name_cue,
    "/live/song/get/cue_points": _cue_points,
    "/live/song/tap_tempo": _tap,
    "/live/song/trigger_session_record": _record,
    "/live/song/capture_and_insert_scene": _capture_scene,
    "/live/song/create_return_track": _create_return,
    "/live/song/delete_return_track": _delete_return,
    "/live/song/capture_midi": _no_effect,
    "/live/song/force_link_beat_time": _no_effect,
    "/live/song/re_enable_automation": _no_effect,
    "/live/track/stop_all_clips": _stop_track,
    "/live/clip_slot/fire": _fire_slot,
    "/live/clip_slot/stop": _stop_slot,
    "/live/clip/fire": _fire_clip,
    "/live/clip/stop": _stop_clip,
    "/live/scene/fire": _fire_scene,
    "/live/scene/fire_as_selected": _fire_selected,
    "/live/scene/fire_selected": _fire_selected,
}
