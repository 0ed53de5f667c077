"""What a person or a model may want changed in a Live set, in simple words, and the changes that do it.

One wish is one row of plain fields, so that small models can fill it in too; many make one plan.
"""

from __future__ import annotations

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
from conduit.live.summary import QUANTIZATION
from conduit.music import Key, Meter

__all__ = ["WISHES", "Wish", "change_of"]

Value = float | bool | str | None


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
        wishes: In the order in which they are to be done; at least one.

    Raises:
        SetupError: A wish cannot be understood; the message says what would be.
        LinkError: ``refused``: the set has no such thing; or Live does not answer.
    """
    if not wishes:
        raise SetupError("nothing to change: give at least one change")
    changes: list[Change] = []
    settings: list[Setting] = []
    for wish in wishes:
        if wish.what in _MAKERS:
            changes += await _values(link, settings)
            settings = []
            changes.append(await _MAKERS[wish.what](link, wish))
        elif wish.what in _SETTERS:
            settings += await _SETTERS[wish.what](link, wish)
        else:
            raise SetupError(f"no plan can change {wish.what!r}; choose of {', '.join(WISHES)}", valid=WISHES)
    changes += await _values(link, settings)
    return changes[0] if len(changes) == 1 else Several(tuple(changes))


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


def _number(wish: Wish) -> float:
    if isinstance(wish.value, bool | str | None):
        raise SetupError(f"{wish.what} needs a number as its value, not {wish.value!r}")
    return float(wish.value)


def _text(wish: Wish) -> str:
    if not isinstance(wish.value, str):
        raise SetupError(f"{wish.what} needs a text as its value, not {wish.value!r}")
    return wish.value


def _switch(wish: Wish) -> int:
    if not isinstance(wish.value, bool):
        raise SetupError(f"{wish.what} needs true or false as its value, not {wish.value!r}")
    return int(wish.value)


def _colour(wish: Wish) -> int:
    text = _text(wish).removeprefix("#")
    try:
        return int(text, 16) & 0xFFFFFF
    except ValueError:
        raise SetupError(f"{wish.value!r} is not a colour: write it like #ff8800") from None


async def _tempo(_link: LiveLink, wish: Wish) -> list[Setting]:
    if wish.scene is None:
        return [Setting("song", (), "tempo", _number(wish))]
    place = (wish.scene,)
    return [Setting("scene", place, "tempo_enabled", 1), Setting("scene", place, "tempo", _number(wish))]


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
    return [Setting("song", (), "root_note", key.root), Setting("song", (), "scale_name", key.scale.title())]


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
    return [Setting("send", _needed(wish, "track", "send"), "level", _number(wish))]


async def _parameter(link: LiveLink, wish: Wish) -> list[Setting]:
    track, device = _needed(wish, "track", "device")
    if wish.parameter is None:
        raise SetupError("parameter needs the parameter's name or number")
    found = (await link.device(track, device)).parameter(wish.parameter)
    value = _number(wish)
    if not found.minimum <= value <= found.maximum:
        span = f"{found.minimum:g} to {found.maximum:g}; it is {found.value:g} ({found.display})"
        raise SetupError(f"{found.name!r} takes {span}, not {value:g}")
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
    "volume": _of_track("volume", _number),
    "panning": _of_track("panning", _number),
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
