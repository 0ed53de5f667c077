"""What the fork's addresses of the browser do. What is not found is not answered, or answered with nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from conduit.live.osc import Value
from conduit.live.simulator.browser import CATEGORIES, Item, find, first_loadable, load, search
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.targets import Args, Method, device

__all__ = ["BROWSER"]

_DEFAULTS = {
    "instrument": ("instruments", ("Drift", "Analog", "Wavetable", "Operator", "Tension", "Collision")),
    "audio_effect": ("audio_effects", ("Reverb", "Delay", "EQ Eight", "Compressor", "Utility")),
    "midi_effect": ("midi_effects", ("Arpeggiator", "Chord", "Scale", "Note Length", "Pitch")),
}
_LOADS = {
    "audio_effect": "audio_effects", "midi_effect": "midi_effects", "sound": "sounds", "sample": "samples",
    "clip": "clips", "plugin": "plugins", "max_device": "max_for_live", "user_preset": "user_library",
}  # fmt: skip
_LISTS = {
    "audio_effects": "audio_effects", "midi_effects": "midi_effects", "sounds": "sounds", "plugins": "plugins",
    "max_devices": "max_for_live",
}  # fmt: skip
_LISTS_OF_FOLDERS = {"samples": "samples", "clips": "clips", "user_presets": "user_library"}
_SWAPPED = ("instruments", "audio_effects", "midi_effects", "sounds")


def _said(args: Args, place: int = 0) -> str:
    """Give a name. Where none came, AbletonOSC stumbles over its own log line, which has no colon."""
    if len(args) <= place:
        raise ValueError("substring not found")
    return str(args[place])


def _names(parent: Item | None) -> Sequence[Value]:
    return [item.name for item in parent.children] if parent else []


def _loaded(live: LiveSet, found: Item | None) -> Sequence[Value] | None:
    item = first_loadable(found) if found else None
    if item is None:
        return None
    load(live, item)
    return [item.name]


def _load(category: str) -> Method:
    return lambda live, args: _loaded(live, find(CATEGORIES[category], _said(args)))


def _load_instrument(live: LiveSet, args: Args) -> Sequence[Value] | None:
    """Load the first instrument whose name has the text in it."""
    text = _said(args).lower()
    instruments = CATEGORIES["instruments"]
    partly = (item for item in instruments.children if text in item.name.lower())
    return _loaded(live, next(partly, None) or find(instruments, text))


def _load_drum_kit(live: LiveSet, args: Args) -> Sequence[Value] | None:
    drums = CATEGORIES["drums"]
    return _loaded(live, find(drums, str(args[0])) if args else first_loadable(drums))


def _load_default(kind: str) -> Method:
    category, preferred = _DEFAULTS[kind]
    parent = CATEGORIES[category]
    found = next(item for name in preferred if (item := find(parent, name)))
    return lambda live, _args: _loaded(live, found)


def _list(category: str) -> Method:
    return lambda _live, _args: _names(CATEGORIES[category])


def _list_folder(category: str) -> Method:
    def answer(_live: LiveSet, args: Args) -> Sequence[Value]:
        parent = CATEGORIES[category]
        return _names(find(parent, str(args[0])) if args else parent)

    return answer


def _browse(_live: LiveSet, args: Args) -> Sequence[Value]:
    return _names(CATEGORIES.get(_said(args).lower()))


def _found(args: Args) -> Item | None:
    name = _said(args, 1)
    parent = CATEGORIES.get(str(args[0]).lower())
    return find(parent, name) if parent else None


def _item_info(_live: LiveSet, args: Args) -> Sequence[Value]:
    item = _found(args)
    if item is None:
        return []
    return [item.name, bool(item.loads), item.is_device, bool(item.children), len(item.children)]


def _hotswap_start(live: LiveSet, args: Args) -> Sequence[Value] | None:
    _said(args, 1)
    try:
        target = device(live, args)
    except (LookupError, TypeError, ValueError) as error:
        live.script.complain(str(error))
        return None
    live.script.hotswap = target.key
    return [target.name]


def _hotswap_load(live: LiveSet, args: Args) -> Sequence[Value] | None:
    """Load something in the place of the device chosen before; if that is gone, onto the selected track."""
    name = _said(args)
    if live.script.hotswap is None:
        return None
    found = next((item for category in _SWAPPED if (item := find(CATEGORIES[category], name))), None)
    item = first_loadable(found) if found else None
    if item is None:
        return None
    selected = live.selected_track
    for number, track in enumerate(live.tracks):
        if any(old.key is live.script.hotswap for old in track.devices):
            track.devices = [old for old in track.devices if old.key is not live.script.hotswap]
            live.selected_track = number
    load(live, item)
    live.selected_track = selected
    return [item.name]


def _preview(_live: LiveSet, args: Args) -> Sequence[Value] | None:
    found = find(CATEGORIES["samples"], _said(args))
    return [(first_loadable(found) or found).name] if found else None


_OWN: Mapping[str, Callable[[LiveSet, Args], Sequence[Value] | None]] = {
    "load_instrument": _load_instrument,
    "load_drum_kit": _load_drum_kit,
    "browse": _browse,
    "browse_path": lambda _live, args: _names(_found(args)),
    "search": lambda _live, args: [text for pair in search(_said(args)) for text in pair],
    "get_item_info": _item_info,
    "hotswap_start": _hotswap_start,
    "hotswap_load": _hotswap_load,
    "preview_sample": _preview,
    "stop_preview": lambda _live, _args: [True],
}

BROWSER: Mapping[str, Method] = {
    **{f"/live/browser/{name}": method for name, method in _OWN.items()},
    **{f"/live/browser/load_{name}": _load(category) for name, category in _LOADS.items()},
    **{f"/live/browser/load_default_{name}": _load_default(name) for name in _DEFAULTS},
    **{f"/live/browser/list_{name}": _list(category) for name, category in _LISTS.items()},
    **{f"/live/browser/list_{name}": _list_folder(category) for name, category in _LISTS_OF_FOLDERS.items()},
}
