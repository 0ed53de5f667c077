"""The simulator's answers to every address that is no generic property and is not about listening.

The files named after owners hold theirs; this is the table of them all, and what is nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conduit.live.osc import Value
from conduit.live.simulator.arrangement_methods import ARRANGEMENT
from conduit.live.simulator.browser_methods import BROWSER
from conduit.live.simulator.clip_methods import CLIP
from conduit.live.simulator.device_methods import DEVICE
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.performing import PERFORMING
from conduit.live.simulator.song_methods import SONG_METHODS
from conduit.live.simulator.targets import Args, Method, read
from conduit.live.simulator.track_methods import TRACK
from conduit.live.simulator.view_methods import VIEW

__all__ = ["METHODS", "Method", "read"]

_LOG_LEVELS = {"debug", "info", "warning", "error", "critical"}


def _set_log_level(live: LiveSet, args: Args) -> Sequence[Value]:
    if args[0] not in _LOG_LEVELS:
        raise RuntimeError  # without a text, as the assertion in AbletonOSC
    live.script.log_level = args[0]
    return ()


def _show(live: LiveSet, args: Args) -> Sequence[Value]:
    live.show_message(str(args[0]))
    return ()


METHODS: Mapping[str, Method] = {
    "/live/test": lambda _live, _args: ["ok"],
    "/live/test/simulated": lambda _live, _args: [True],
    "/live/application/get/version": lambda live, _args: live.version,
    "/live/application/get/average_process_usage": lambda _live, _args: [0.0],
    "/live/api/get/log_level": lambda live, _args: [live.script.log_level],
    "/live/api/set/log_level": _set_log_level,
    "/live/api/show_message": _show,
    **SONG_METHODS,
    **PERFORMING,
    **TRACK,
    **CLIP,
    **DEVICE,
    **VIEW,
    **ARRANGEMENT,
    **BROWSER,
}
"""What each address does."""
