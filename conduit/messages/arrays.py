"""Arrays as files: PNG for pictures, 16-bit WAV for sounds. The same array always gives the same bytes.

Source: PNG, W3C Recommendation, third edition. numpy is imported only when there is an array.
"""

from __future__ import annotations

import io
import struct
import wave
import zlib
from typing import TYPE_CHECKING, Any

from conduit.errors import SetupError
from conduit.messages.content import AudioPart, ImagePart

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MAX_MEDIA_BYTES", "audio_of_array", "either", "image_of_array", "part_of_array"]

MAX_MEDIA_BYTES = 20_000_000
"""Size of a picture's or a sound's file at most: 20 MB."""

_PNG_COLOUR = {1: 0, 3: 2, 4: 6}
"""PNG's number for grey, RGB and RGBA, by how many values a pixel has."""

_IMAGE_ARRAYS = [
    "(h, w), (h, w, 3) or (h, w, 4), uint8",
    "(h, w), (h, w, 3) or (h, w, 4), float within [0, 1]",
]
_AUDIO_ARRAYS = ["(n,), (n, 1) or (n, 2), int16", "(n,), (n, 1) or (n, 2), float within [-1, 1]"]


def image_of_array(array: NDArray[Any]) -> ImagePart:
    """Write a picture as PNG.

    Args:
        array: Shape ``(h, w)``, ``(h, w, 3)`` or ``(h, w, 4)``; uint8, or float within [0, 1].

    Raises:
        SetupError: It is no picture.
    """
    shape = array.shape
    values = 1 if array.ndim == 2 else shape[2] if array.ndim == 3 else 0
    if values not in _PNG_COLOUR or not array.size:
        raise SetupError(
            f"an array of shape {shape} is no picture; it is {either(_IMAGE_ARRAYS)}", valid=_IMAGE_ARRAYS
        )
    if array.dtype.kind == "f":
        array = (_within(array, low=0.0, high=1.0, valid=_IMAGE_ARRAYS) * 255).round().astype("uint8")
    if array.dtype != "uint8":
        raise SetupError(
            f"an array of {array.dtype} is no picture; it is {either(_IMAGE_ARRAYS)}", valid=_IMAGE_ARRAYS
        )
    height, width = shape[:2]
    rows = b"".join(b"\x00" + row.tobytes() for row in array)
    header = struct.pack(">IIBBBBB", width, height, 8, _PNG_COLOUR[values], 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b"")
    return ImagePart(media_type="image/png", data=b"\x89PNG\r\n\x1a\n" + chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def audio_of_array(array: NDArray[Any], *, sample_rate_hz: int) -> AudioPart:
    """Write a sound as 16-bit WAV.

    Args:
        array: Shape ``(n,)``, ``(n, 1)`` or ``(n, 2)``; int16, or float within [-1, 1].
        sample_rate_hz: Frames in a second.

    Raises:
        SetupError: It is no sound, or too long.
    """
    channels = 1 if array.ndim == 1 else array.shape[1] if array.ndim == 2 else 0
    if channels not in {1, 2} or not array.size:
        raise SetupError(
            f"an array of shape {array.shape} is no sound; it is {either(_AUDIO_ARRAYS)}",
            valid=_AUDIO_ARRAYS,
        )
    if array.dtype.kind == "f":
        array = (_within(array, low=-1.0, high=1.0, valid=_AUDIO_ARRAYS) * 32767).round().astype("int16")
    if array.dtype != "int16":
        raise SetupError(
            f"an array of {array.dtype} is no sound; it is {either(_AUDIO_ARRAYS)}", valid=_AUDIO_ARRAYS
        )
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(sample_rate_hz)
        sound.writeframes(array.astype("<i2").tobytes())
    return _sized(AudioPart(media_type="audio/wav", data=file.getvalue()))


def _sized(part: AudioPart) -> AudioPart:
    if len(part.data) > MAX_MEDIA_BYTES:
        raise SetupError(
            f"the sound has {len(part.data) / 1e6:.0f} MB; at most {MAX_MEDIA_BYTES / 1e6:.0f} MB go to a model"
        )
    return part


def part_of_array(array: NDArray[Any]) -> ImagePart | AudioPart:
    """Write a sound if an array looks like one, else a picture."""
    is_sound = array.ndim == 1 or array.dtype == "int16"
    is_sound = is_sound or (array.ndim == 2 and array.dtype.kind == "f" and array.shape[1] <= 2)
    return audio_of_array(array, sample_rate_hz=44_100) if is_sound else image_of_array(array)


def _within(array: NDArray[Any], *, low: float, high: float, valid: list[str]) -> NDArray[Any]:
    import numpy as np  # noqa: PLC0415  there is an array, so it is imported already

    if not np.isfinite(array).all() or array.min() < low or array.max() > high:
        raise SetupError(
            f"the array has values that are not within [{low:g}, {high:g}]; scale it", valid=valid
        )
    return array


def either(choices: list[str]) -> str:
    """Join what would be valid."""
    return " or ".join((", ".join(choices[:-1]), choices[-1])) if len(choices) > 1 else choices[0]
