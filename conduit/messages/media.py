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
from collections.abc import Callable
from functools import partial
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any

from conduit.errors import SetupError
from conduit.messages.arrays import MAX_MEDIA_BYTES, audio_of_array, either, image_of_array, part_of_array
from conduit.messages.content import AudioPart, ImagePart

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MAX_MEDIA_BYTES", "audio_part", "image_part", "media_part"]

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
    part = _part(source, kind="image", of_array=image_of_array)
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
    part = _part(source, kind="audio", of_array=partial(audio_of_array, sample_rate_hz=sample_rate_hz))
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
    return _part(source, kind="", of_array=part_of_array)


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
        return audio_of_array(_asked(source, _as_array, source.samples), sample_rate_hz=source.sample_rate_hz)
    if _has(source, "_repr_png_") or _has(source, "_repr_jpeg_"):
        return _of_bytes(_asked(source, _shown), source=source, kind=kind)
    if _has(source, "savefig"):
        return _of_bytes(_asked(source, _drawn), source=source, kind=kind)
    if _has(source, "__array__"):
        part = of_array(_asked(source, _as_array))
        _check_size(len(part.data), _name(source))
        return part
    raise SetupError(
        f"{_name(source)} is neither a picture nor a sound; give {either(_VARIABLES)}", valid=_VARIABLES
    )


def _of_bytes(data: bytes, *, source: object, kind: str) -> _Part:
    what = "data" if isinstance(source, bytes | bytearray | memoryview) else _name(source)
    if not data:
        raise SetupError(f"{what} is empty; there is no picture or sound in it")
    _check_size(len(data), what)
    media_type = next((name for name, magic in _MAGIC.items() if re.match(magic, data, re.DOTALL)), None)
    if media_type is None:
        valid = [name for name in _MAGIC if name.startswith(kind)]
        raise SetupError(f"{what} is none of the kinds that models take: {', '.join(valid)}", valid=valid)
    part = ImagePart if media_type.startswith("image") else AudioPart
    return part(media_type=media_type, data=data)


def _read(source: str | Path) -> bytes:
    """Read a regular file, and nothing that only looks like one."""
    try:
        path = Path(source).expanduser()
        status = path.lstat()
        if not S_ISREG(status.st_mode):
            raise SetupError(f"{_name(source)} is not a file; name the picture or sound itself")
        _check_size(status.st_size, _name(source))
        with path.open("rb") as file:
            # The file may grow while it is read.
            return file.read(MAX_MEDIA_BYTES + 1)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SetupError(f"{_name(source)} cannot be read: {reason}; name a file that is there") from error


def _check_size(n_bytes: int, what: str) -> None:
    if n_bytes > MAX_MEDIA_BYTES:
        raise SetupError(
            f"{what} has {n_bytes / 1e6:.1f} MB as a file; at most {MAX_MEDIA_BYTES / 1e6:.0f} MB go to a model"
        )


def _check_rate(sample_rate_hz: int) -> None:
    if not 1 <= sample_rate_hz <= MAX_SAMPLE_RATE_HZ:
        raise ValueError(f"sample_rate_hz {sample_rate_hz} is outside 1-{MAX_SAMPLE_RATE_HZ}")


def _as_array(source: Any) -> NDArray[Any]:
    import numpy as np  # noqa: PLC0415  only for arrays

    array = np.asarray(source)
    # A half float cannot hold 32767, the loudest sample of a WAV.
    return array.astype(np.float32) if array.dtype == np.float16 else array


def _shown(source: Any) -> bytes:
    """Ask a variable for the picture that a notebook would show."""
    for name in ("_repr_png_", "_repr_jpeg_"):
        data = getattr(source, name)() if _has(source, name) else None
        data = data[0] if isinstance(data, tuple) else data
        if data:
            return base64.b64decode(data) if isinstance(data, str) else bytes(data)
    raise SetupError(
        f"{_name(source)} shows itself neither as PNG nor as JPEG; give the bytes or the name of its file"
    )


def _drawn(figure: Any) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def _asked(source: Any, ask: Callable[[Any], Any], given: Any = None) -> Any:
    """Ask a variable for what it has; its own code may fail."""
    try:
        return ask(source if given is None else given)
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        OSError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        raise SetupError(f"{_name(source)} cannot be shown: {error!r}") from error


def _has(source: object, name: str) -> bool:
    return callable(getattr(source, name, None))


def _name(source: object) -> str:
    if not isinstance(source, str | Path):
        return f"a {type(source).__name__}"
    # Cut, because a picture pasted as base64 is a string too.
    text = str(source)
    return repr(text if len(text) <= 200 else text[:200] + "...")


def _wrong_kind(source: object, part: _Part, *, wanted: str) -> SetupError:
    valid = [name for name in _MAGIC if name.startswith(wanted)]
    return SetupError(
        f"{_name(source)} is {part.media_type}; an {wanted} is wanted: {', '.join(valid)}", valid=valid
    )
