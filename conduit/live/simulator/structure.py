"""The structure of a set as a file, where AbletonOSC leaves it for programs on the same machine."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from conduit.live.simulator.devices import Device
from conduit.live.simulator.live_set import LiveSet
from conduit.live.simulator.objects import Track

__all__ = ["structure", "write_structure"]

_NAME = "abletonosc-song-structure.json"


def structure(live: LiveSet) -> dict[str, Any]:
    """Give tracks, the names and lengths of their clips, and their devices, in AbletonOSC's form."""
    return {"tracks": [_track(track) for track in live.tracks]}


def _track(track: Track) -> dict[str, Any]:
    return {
        "index": track.place,
        "name": track.get("name"),
        "is_foldable": track.values["is_foldable"],
        "group_track": track.values["group_track"],
        "clips": [
            {"index": number, "name": slot.clip.get("name"), "length": slot.clip.get("length")}
            for number, slot in enumerate(track.clip_slots)
            if slot.clip
        ],
        "devices": [_device(device) for device in track.devices],
    }


def _device(device: Device) -> dict[str, Any]:
    return {
        **{name: device.get(name) for name in ("class_name", "type", "name")},
        "parameters": [
            {
                "name": parameter.name,
                "value": parameter.value,
                "min": parameter.minimum,
                "max": parameter.maximum,
                "is_quantized": parameter.is_quantized,
            }
            for parameter in device.parameters
        ],
    }


def write_structure(live: LiveSet) -> Path:
    """Write the file, over the one that is there, and give its path.

    Raises:
        OSError: It cannot be written.
    """
    # On macOS the folder for temporary files is another one for each program, so that AbletonOSC uses /tmp.
    folder = Path("/tmp") if sys.platform == "darwin" else Path(tempfile.gettempdir())  # noqa: S108
    path = folder / _NAME
    number, name = tempfile.mkstemp(
        dir=folder, prefix=_NAME
    )  # a link that somebody left is replaced, not followed
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            json.dump(structure(live), file)
        os.replace(name, path)  # noqa: PTH105  the name comes from mkstemp
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
