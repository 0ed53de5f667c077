"""Pictures and sounds for a model, made from what a person has at hand.

A source is bytes, the name of a file, a numpy array, a notebook variable, or a part already. The media type is
told from the first bytes, never from a file's name. Arrays become PNG and 16-bit WAV, and the same array always
gives the same bytes. numpy is imported only when there is an array.

This is the one module of the package that reads a file. It opens regular files only: a folder, a link, a pipe
or a device is refused by what the file system says of it, before it is opened.

Sources: PNG, W3C Recommendation, third edition; the signatures, the specifications of each format.
"""

from __future__ import annotations

import base64
import io
import re
import struct
import wave
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any

from conduit.errors import SetupError
from conduit.messages.content import AudioPart, ImagePart

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MAX_MEDIA_BYTES", "audio_part", "image_part", "media_part"]

MAX_MEDIA_BYTES = 20_000_000
"""Size of a picture's or a sound's file at most: 20 MB."""

MAX_SAMPLE_RATE_HZ = 768_000

_MAGIC = {
    "image/png": rb"\x89PNG\r\n\x1a\n",
    "image/jpeg": rb"\xff\xd8\xff",
    "image/gif": rb"GIF8[79]a",
    "image/webp": rb"RIFF.{4}WEBP",
    "audio/wav": rb"RIFF.{4}WAVE",
    # A tag, or the header of a frame of layer III, whose first 11 bits are ones.
    "audio/mpeg": rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]",
    "audio/ogg": rb"OggS",
    "audio/flac": rb"fLaC",
}
"""How a file of each media type starts."""

_PNG_COLOUR = {1: 0, 3: 2, 4: 6}
"""PNG's number for grey, RGB and RGBA, by how many values a pixel has."""

_WAV_HEADER_BYTES = 44

_IMAGE_ARRAYS = ["(h, w), (h, w, 3) or (h, w, 4), uint8", "(h, w), (h, w, 3) or (h, w, 4), float within [0, 1]"]
_AUDIO_ARRAYS = ["(n,), (n, 1) or (n, 2), int16", "(n,), (n, 1) or (n, 2), float within [-1, 1]"]
_VARIABLES = [
    "bytes",
    "the name of a file",
    "a numpy array",
    "a variable with _repr_png_, _repr_jpeg_ or savefig",
    "a Sound",
    "an ImagePart or AudioPart",
]

_Part = ImagePart | AudioPart
_OfArray = Callable[["NDArray[Any]"], _Part]


def image_part(source: object) -> ImagePart:
    r"""Make a picture for a model.

    Args:
        source: Bytes of a PNG, JPEG, GIF or WebP; the name of such a file; an array of shape ``(h, w)``,
            ``(h, w, 3)`` or ``(h, w, 4)``, uint8 or float within [0, 1]; what shows itself as PNG or JPEG in a
            notebook, such as a Pillow image; a matplotlib figure; or an ``ImagePart``, given back as it is.

    Raises:
        SetupError: It is none of these, empty, not there, or larger than ``MAX_MEDIA_BYTES``.

    >>> image_part(b"GIF89a\x01\x00\x01\x00").media_type
    'image/gif'
    """
    part = _part(source, kind="image", of_array=_image_of_array)
    if isinstance(part, ImagePart):
        return part
    raise _wrong_kind(source, part, wanted="image")


def audio_part(source: object, *, sample_rate_hz: int = 44_100) -> AudioPart:
    r"""Make a sound for a model.

    Args:
        source: Bytes of a WAV, MP3, Ogg or FLAC; the name of such a file; an array of shape ``(n,)``, ``(n, 1)``
            or ``(n, 2)``, int16 or float within [-1, 1]; a ``Sound``; or an ``AudioPart``, given back as it is.
        sample_rate_hz: Frames in a second of an array, 1-768,000; every other source says its own.

    Raises:
        SetupError: It is none of these, empty, not there, or larger than ``MAX_MEDIA_BYTES``.
        ValueError: The sample rate is out of range.

    >>> audio_part(b"fLaC\x00\x00\x00\x22").media_type
    'audio/flac'
    """
    _check_rate(sample_rate_hz)
    part = _part(source, kind="audio", of_array=partial(_audio_of_array, sample_rate_hz=sample_rate_hz))
    if isinstance(part, AudioPart):
        return part
    raise _wrong_kind(source, part, wanted="audio")


def media_part(source: object) -> ImagePart | AudioPart:
    """Make a picture or a sound for a model, whichever the source is.

    Args:
        source: What ``image_part`` or ``audio_part`` takes. An array is a sound if it has one dimension, is
            int16, or is float with one or two columns; at 44,100 Hz. Any other array is a picture.

    Raises:
        SetupError: It is none of these, empty, not there, or larger than ``MAX_MEDIA_BYTES``.
    """
    return _part(source, kind="", of_array=_either_of_array)


def _part(source: object, *, kind: str, of_array: _OfArray) -> _Part:
    match source:
        case ImagePart() | AudioPart():
            return source
        case bytes() | bytearray() | memoryview():
            return _of_bytes(bytes(source), source=source, kind=kind)
        case str() | Path():
            return _of_bytes(_read(source), source=source, kind=kind)
        case _:
            return _of_variable(source, kind=kind, of_array=of_array)


def _of_variable(source: Any, *, kind: str, of_array: _OfArray) -> _Part:
    # A Sound comes first, because it offers itself as an array too and that would lose its rate.
    if hasattr(source, "samples") and hasattr(source, "sample_rate_hz"):
        _check_rate(source.sample_rate_hz)
        return _audio_of_array(_asked(source, _as_array)(source.samples), sample_rate_hz=source.sample_rate_hz)
    if _has(source, "_repr_png_") or _has(source, "_repr_jpeg_"):
        return _of_bytes(_asked(source, _shown), source=source, kind=kind)
    if _has(source, "savefig"):
        return _of_bytes(_asked(source, _drawn), source=source, kind=kind)
    if _has(source, "__array__"):
        return of_array(_asked(source, _as_array))
    raise SetupError(
        f"{_name(source)} is neither a picture nor a sound; give {_either(_VARIABLES)}", valid=_VARIABLES
    )
