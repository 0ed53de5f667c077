"""Sound files by the ends of their names: WAV by the standard library, FLAC and Ogg Vorbis by ``soundfile``."""

from __future__ import annotations

import io
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from conduit.audio.wav import encode_wav
from conduit.errors import SetupError

__all__ = ["encoded"]

_WAV = frozenset({"", ".wav", ".wave"})
_PACKED = {".flac": "FLAC", ".ogg": "OGG"}
_AT_ONCE = 65_536  # libsndfile puts what it is given for Vorbis on the stack


def encoded(samples: NDArray[np.float32], *, sample_rate_hz: int, suffix: str, bits: int = 16) -> bytes:
    """Give the bytes of a sound file.

    Args:
        samples: Shape ``(n_frames, 2)``, within [-1, 1].
        sample_rate_hz: Frames in a second.
        suffix: ``.wav``, ``.flac`` or ``.ogg``; none means ``.wav``.
        bits: 16 or 24 a sample; Ogg Vorbis has none.

    Raises:
        SetupError: Of another suffix nothing is known, or the package ``soundfile`` is missing.
        ValueError: Another number of bits.
    """
    kind = suffix.lower()
    if bits not in (16, 24):
        raise ValueError(f"{bits} bits a sample are not written: 16 or 24")
    if kind in _WAV:
        return encode_wav(samples, sample_rate_hz=sample_rate_hz, bits=bits)
    if kind not in _PACKED:
        raise SetupError(
            f"{suffix} is not a kind of sound file that is written; end the name in .wav, .flac or .ogg"
        )
    try:
        soundfile = import_module("soundfile")
    except (ImportError, OSError) as error:  # OSError: it is there, its library is not
        raise SetupError(
            f"{suffix} files need the package soundfile: pip install 'conduit-live[audio]'"
        ) from error
    out = io.BytesIO()
    subtype = f"PCM_{bits}" if kind == ".flac" else "VORBIS"
    with soundfile.SoundFile(out, "w", sample_rate_hz, 2, subtype, format=_PACKED[kind]) as file:
        for first in range(0, len(samples), _AT_ONCE):
            file.write(samples[first : first + _AT_ONCE])
    return out.getvalue()
