"""What a person or a model may want changed in a Live set, in simple words, and the changes that do it.

One wish is one row of plain fields, so that small models can fill it in too; many make one plan.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from conduit.engine.plan import Change
from conduit.errors import SetupError
from conduit.live import (
    AddScene,
    AddTrack,
    LiveLink,
    LoadDevice,
    RestoreSlot,
    Setting,
    SetValues,
    Several,
)
from conduit.live.snapshot import QUANTIZATION, live_scale
from conduit.music import Key, Meter

__all__ = ["WISHES", "Wish", "change_of"]

Value = float | bool | str | None

_SLOWEST_BPM, _FASTEST_BPM = 20, 999  # Live's own limits
_SWITCHES: dict[Value, int] = {True: 1, False: 0, "true": 1, "false": 0, "on": 1, "off": 0}


class Wish(BaseModel):
    """One thing to change. Numbers count from 1 as in Live's window."""

    model_config = ConfigDict(extra="forbid")

    what: str = Field(
        description="tempo, metre, key, metronome, launch (quantization); name, colour, mute, solo, arm, volume, "
        "panning, send, parameter; delete clip, new midi track, new audio track, new scene, load."
    )
    value: Value = Field(
        default=None,
        description="128; '7/8'; 'A minor'; 'Bass'; '#ff8800'; true; volume 0-1 (0.85 is 0 dB); panning -1 to 1; "
        "a new track's or scene's name; the name of what to load.",
    )
    track: int | None = Field(default=None, ge=1, description="Track number.")
    slot: int | None = Field(
        default=None, ge=1, description="Clip slot, for a clip's name or colour, or delete clip."
    )
    scene: int | None = Field(default=None, ge=1, description="Scene number, for its name, colour or tempo.")
    device: int | None = Field(default=None, ge=1, description="Device on the track, for parameter.")
    parameter: str | int | None = Field(
        default=None, description="The parameter's name or number, for parameter."
    )
    send: int | None = Field(default=None, ge=1, description="Send number, for send.")
    kind: str | None = Field(
        default=None, description="For load: instrument, drum_kit, audio_effect, midi_effect, sound, plugin."
    )


async def change_of(link: LiveLink, wishes: Sequence[Wish]) -> Change:
    """Read what the wishes are about and give the one change that does all of them.

    Args:
        link: The way to Live.
        wishes: At least one; of two about one value the later counts.

    Raises:
        SetupError: A wish cannot be understood; the message says what would be.
        LinkError: ``refused``: the set has no such thing; or Live does not answer.
    """
    if not wishes:
        raise SetupError("nothing to change: give at least one change")
    _check_sense(wishes)
    settings: list[Setting] = []
    names: list[Setting] = []
    made: list[Change] = []
    for wish in wishes:
        if wish.what in _MAKERS:
            made.append(await _MAKERS[wish.what](link, wish))
        else:
            (names if wish.what == "name" else settings).extend(await _SETTERS[wish.what](link, wish))
    # Names come last: what else is done looks for things by the names that they had when it was planned.
    changes = [*await _values(link, settings), *made, *await _values(link, names)]
    return changes[0] if len(changes) == 1 else Several(tuple(changes))


def _check_sense(wishes: Sequence[Wish]) -> None:
    """Make sure that every wish is known, and that no clip is deleted that another wish is about.

    Raises:
        SetupError: It is not so.
    """
    for wish in wishes:
        if wish.what not in WISHES:
            raise SetupError(f"no plan can change {wish.what!r}; choose of {', '.join(WISHES)}", valid=WISHES)
    gone = [(wish.track, wish.slot) for wish in wishes if wish.what == "delete clip"]
    for place in gone:
        if sum((wish.track, wish.slot) == place for wish in wishes) > 1:
            text = "a clip that is deleted cannot be changed too, nor deleted twice; make two plans"
            raise SetupError(f"{text}: track {place[0]}, slot {place[1]}")


async def _values(link: LiveLink, settings: Iterable[Setting]) -> list[Change]:
    wanted = list(settings)
    return [await SetValues.plan(link, wanted)] if wanted else []


def _needed(wish: Wish, *names: str) -> tuple[int, ...]:
    """Give the numbers that a wish needs.

    Raises:
        SetupError: One is missing.
    """
    found = [getattr(wish, name) for name in names]
    if None in found:
        raise SetupError(f"{wish.what} needs its {' and '.join(names)}")
    return tuple(found)


def _number(wish: Wish, *, least: float = -math.inf, most: float = math.inf) -> float:
    value = wish.value
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            value = float(value)
    if isinstance(value, bool | str | None) or not least <= value <= most:
        span = f" from {least:g} to {most:g}" if math.isfinite(most) else ""
        raise SetupError(f"{wish.what} needs a number{span} as its value, not {wish.value!r}")
    return float(value)


def _between(least: float, most: float) -> Callable[[Wish], float]:
    return lambda wish: _number(wish, least=least, most=most)


def _text(wish: Wish) -> str:
    if not isinstance(wish.value, str):
        raise SetupError(f"{wish.what} needs a text as its value, not {wish.value!r}")
    return wish.value


def _switch(wish: Wish) -> int:
    found = _SWITCHES.get(wish.value.casefold() if isinstance(wish.value, str) else wish.value)
    if found is None:
        raise SetupError(f"{wish.what} needs true or false as its value, not {wish.value!r}")
    return found


def _colour(wish: Wish) -> int:
    text = _text(wish).removeprefix("#")
    if re.fullmatch("[0-9a-fA-F]{6}", text) is None:
        raise SetupError(f"{wish.value!r} is not a colour: write it like #ff8800")
    return int(text, 16)


async def _tempo(_link: LiveLink, wish: Wish) -> list[Setting]:
    bpm = _number(wish, least=_SLOWEST_BPM, most=_FASTEST_BPM)
    if wish.scene is None:
        return [Setting("song", (), "tempo", bpm)]
    place = (wish.scene,)
    return [Setting("scene", place, "tempo_enabled", 1), Setting("scene", place, "tempo", bpm)]


async def _metre(_link: LiveLink, wish: Wish) -> list[Setting]:
    try:
        meter = Meter.parse(_text(wish))
    except ValueError as error:
        raise SetupError(str(error)) from error
    return [
        Setting("song", (), "signature_numerator", meter.numerator),
        Setting("song", (), "signature_denominator", meter.denominator),
    ]


async def _key(_link: LiveLink, wish: Wish) -> list[Setting]:
    try:
        key = Key(_text(wish))
    except ValueError as error:
        raise SetupError(str(error)) from error
    scale = live_scale(key)
    if scale is None:
        raise SetupError(f"Live has no scale like {key.scale!r}; choose another, such as minor or dorian")
    return [Setting("song", (), "root_note", key.root), Setting("song", (), "scale_name", scale)]


async def _launch(_link: LiveLink, wish: Wish) -> list[Setting]:
    if wish.value not in QUANTIZATION:
        text = f"launch needs one of {', '.join(QUANTIZATION)} as its value, not {wish.value!r}"
        raise SetupError(text, valid=list(QUANTIZATION))
    return [Setting("song", (), "clip_trigger_quantization", QUANTIZATION.index(str(wish.value)))]


def _of_song(name: str, read: Callable[[Wish], Any]) -> Callable[[LiveLink, Wish], Awaitable[list[Setting]]]:
    async def made(_link: LiveLink, wish: Wish) -> list[Setting]:
        return [Setting("song", (), name, read(wish))]

    return made


def _of_track(name: str, read: Callable[[Wish], Any]) -> Callable[[LiveLink, Wish], Awaitable[list[Setting]]]:
    async def made(_link: LiveLink, wish: Wish) -> list[Setting]:
        return [Setting("track", _needed(wish, "track"), name, read(wish))]

    return made


def _of_any(name: str, read: Callable[[Wish], Any]) -> Callable[[LiveLink, Wish], Awaitable[list[Setting]]]:
    async def made(_link: LiveLink, wish: Wish) -> list[Setting]:
        if wish.scene is not None:
            return [Setting("scene", (wish.scene,), name, read(wish))]
        if wish.slot is not None:
            return [Setting("clip", _needed(wish, "track", "slot"), name, read(wish))]
        return [Setting("track", _needed(wish, "track"), name, read(wish))]

    return made


async def _send(_link: LiveLink, wish: Wish) -> list[Setting]:
    return [Setting("send", _needed(wish, "track", "send"), "level", _number(wish, least=0, most=1))]


async def _parameter(link: LiveLink, wish: Wish) -> list[Setting]:
    track, device = _needed(wish, "track", "device")
    if wish.parameter is None:
        raise SetupError("parameter needs the parameter's name or number")
    found = (await link.device(track, device)).parameter(wish.parameter)
    value = _number(wish)
    if not found.minimum <= value <= found.maximum:
        span = f"{found.minimum:g} to {found.maximum:g}; it is {found.value:g} ({found.display})"
        raise SetupError(f"{found.name!r} takes {span}, not {value:g}")
    if found.is_quantized and value != round(value):
        raise SetupError(f"{found.name!r} takes whole numbers, not {value:g}")
    return [Setting("parameter", (track, device, found.number), "value", value)]


async def _delete_clip(link: LiveLink, wish: Wish) -> Change:
    track, slot = _needed(wish, "track", "slot")
    return await RestoreSlot.emptying(link, track=track, slot=slot)


async def _new_track(link: LiveLink, wish: Wish) -> Change:
    return AddTrack.empty(link, name=str(wish.value or ""), midi=wish.what == "new midi track")


async def _new_scene(link: LiveLink, wish: Wish) -> Change:
    return AddScene(link, str(wish.value or ""))


async def _load(link: LiveLink, wish: Wish) -> Change:
    (track,) = _needed(wish, "track")
    return await LoadDevice.plan(link, track=track, kind=wish.kind or "instrument", name=_text(wish))


_SETTERS: dict[str, Callable[[LiveLink, Wish], Awaitable[list[Setting]]]] = {
    "tempo": _tempo,
    "metre": _metre,
    "key": _key,
    "metronome": _of_song("metronome", _switch),
    "launch": _launch,
    "name": _of_any("name", _text),
    "colour": _of_any("color", _colour),
    "mute": _of_track("mute", _switch),
    "solo": _of_track("solo", _switch),
    "arm": _of_track("arm", _switch),
    "volume": _of_track("volume", _between(0, 1)),
    "panning": _of_track("panning", _between(-1, 1)),
    "send": _send,
    "parameter": _parameter,
}
_MAKERS: dict[str, Callable[[LiveLink, Wish], Awaitable[Change]]] = {
    "delete clip": _delete_clip,
    "new midi track": _new_track,
    "new audio track": _new_track,
    "new scene": _new_scene,
    "load": _load,
}
WISHES = [*_SETTERS, *_MAKERS]
"""Everything that can be wished for."""
