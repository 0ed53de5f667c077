"""The tools with which a model reads a Live set and asks to change it; a person approves what is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from conduit.engine.plan import Change
from conduit.engine.risk import Tier
from conduit.engine.tool import Tool
from conduit.errors import ClipError
from conduit.live.device import DeviceSnapshot
from conduit.live.summary import set_text
from conduit.music import Clip, write_clip
from conduit.studio.wishes import Wish

if TYPE_CHECKING:
    from conduit.studio.live_desk import LiveDesk

__all__ = ["live_tools"]

_FOUND = 40


class PushClip(BaseModel):
    """The arguments of ``push_clip``."""

    model_config = ConfigDict(extra="forbid")

    track: int = Field(ge=1, description="Track number, counted from 1 as in Live.")
    slot: int | None = Field(
        default=None, ge=1, description="Clip slot, from 1; by default the first empty one."
    )


class ReadSet(BaseModel):
    """The arguments of ``read_set``: none."""

    model_config = ConfigDict(extra="forbid")


class ReadClip(BaseModel):
    """The arguments of ``read_clip``."""

    model_config = ConfigDict(extra="forbid")

    track: int = Field(ge=1, description="Track number, counted from 1 as in Live.")
    slot: int = Field(ge=1, description="Clip slot, from 1.")


class ReadDevice(BaseModel):
    """The arguments of ``read_device``."""

    model_config = ConfigDict(extra="forbid")

    track: int = Field(ge=1, description="Track number, counted from 1 as in Live.")
    device: int = Field(default=1, ge=1, description="Device on the track, from 1.")


class SearchBrowser(BaseModel):
    """The arguments of ``search_browser``."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, description="A part of the name of a device, sound or preset.")


class ChangeSet(BaseModel):
    """The arguments of ``change_set``."""

    model_config = ConfigDict(extra="forbid")

    changes: list[Wish] = Field(min_length=1, max_length=64, description="All of them are one plan.")


def live_tools(desk: LiveDesk, latest: Callable[[], Clip | None]) -> list[Tool]:
    """Give the tools.

    Args:
        desk: The way to Live.
        latest: Gives the clip a model means when it pushes one.
    """

    async def push_clip(arguments: PushClip) -> Change:
        clip = latest()
        if clip is None:
            raise ClipError("there is no clip to push yet; write one first")
        return await desk.placed(clip, track=arguments.track, slot=arguments.slot)

    async def change_set(arguments: ChangeSet) -> Change:
        return await desk.changes(arguments.changes)

    async def read_set(_: ReadSet) -> str:
        return set_text((await desk.state()).snapshot)

    async def read_clip(arguments: ReadClip) -> str:
        return write_clip(await desk.pull(arguments.track, arguments.slot))

    async def read_device(arguments: ReadDevice) -> str:
        return device_text(await desk.device(arguments.track, arguments.device))

    async def search_browser(arguments: SearchBrowser) -> str:
        found = await desk.search(arguments.text)
        more = f"\nand {len(found) - _FOUND} more: search for more letters" if len(found) > _FOUND else ""
        return "\n".join(found[:_FOUND]) + more if found else "nothing of that name"

    changing, reading = Tier.CONFIG_CHANGE, Tier.READ_ONLY
    return [
        Tool(
            "push_clip",
            "Ask to put the latest clip into a clip slot of the Live set. A person decides.",
            PushClip,
            changing,
            push_clip,
        ),
        Tool(
            "change_set",
            "Ask to change the Live set: tempo, metre, key, mixer, names, colours, device parameters, tracks, "
            "scenes, clips. All changes of one call are one plan. A person decides.",
            ChangeSet,
            changing,
            change_set,
        ),
        Tool(
            "read_set",
            "Read the Live set: tempo, metre, key, tracks with their devices, scenes and the names of the clips.",
            ReadSet,
            reading,
            read_set,
        ),
        Tool(
            "read_clip",
            "Read the notes of a clip in the Live set, in the notation in which clips are written.",
            ReadClip,
            reading,
            read_clip,
        ),
        Tool(
            "read_device",
            "Read a device's parameters: number, name, value and range.",
            ReadDevice,
            reading,
            read_device,
        ),
        Tool(
            "search_browser",
            "Find devices, sounds and presets in Live's browser by name, to load with change_set.",
            SearchBrowser,
            reading,
            search_browser,
        ),
    ]


def device_text(device: DeviceSnapshot) -> str:
    """Write a device as lines: number, name, value and range of each parameter."""
    lines = [f"track {device.track}, device {device.number}: {device.name!r} ({device.class_name})"]
    for found in device.parameters:
        span = f"{found.minimum:g} to {found.maximum:g}{', whole' if found.is_quantized else ''}"
        lines.append(f"{found.number} {found.name!r}: {found.value:g} ({found.display}), {span}")
    return "\n".join(lines)
