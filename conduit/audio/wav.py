"""WAV files as bytes: integer PCM in and out, with the standard library's ``wave``."""

from __future__ import annotations

import io
import wave

import numpy as np
from numpy.typing import NDArray

__all__ = ["decode_wav", "encode_wav"]

_WRITTEN = (8, 16, 24)
_FULL = {8: 127.0, 16: 32767.0, 24: 8388607.0, 32: 2147483647.0}


def encode_wav(samples: NDArray[np.floating], *, sample_rate_hz: int, bits: int = 16) -> bytes:
    """Write PCM.

    Args:
        samples: Shape ``(n_frames,)`` or ``(n_frames, n_channels)``; what exceeds [-1, 1] is clipped.
        sample_rate_hz: Frames in a second.
        bits: 8, 16 or 24 a sample.

    Raises:
        ValueError: Another number of bits.
    """
    if bits not in _WRITTEN:
        raise ValueError(f"{bits} bits a sample are not written: 8, 16 or 24")
    table = samples[:, None] if samples.ndim == 1 else samples
    full = np.float32(_FULL[bits]) if bits < 24 else np.float64(_FULL[bits])
    whole = np.rint(np.clip(table, -1, 1) * full)
    if bits == 8:
        pcm = (whole + 128).astype(np.uint8)
    elif bits == 16:
        pcm = whole.astype("<i2", order="C").view(np.uint8)
    else:
        pcm = np.ascontiguousarray(whole.astype("<i4", order="C").view(np.uint8).reshape(-1, 4)[:, :3])
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(table.shape[1])
        file.setsampwidth(bits // 8)
        file.setframerate(sample_rate_hz)
        file.writeframes(pcm.tobytes())
    return out.getvalue()


def decode_wav(data: bytes) -> tuple[NDArray[np.float32], int]:
    """Read PCM of 8, 16, 24 or 32 bits.

    Returns:
        Samples, shape ``(n_frames, n_channels)`` within [-1, 1], and frames in a second.

    Raises:
        ValueError: The bytes are no WAV file of integer PCM.
    """
    try:
        with wave.open(io.BytesIO(data), "rb") as file:
            n_channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            raw = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise ValueError(f"not a WAV file of PCM samples: {error}") from error
    values = np.frombuffer(raw[: len(raw) // (width * n_channels) * width * n_channels], dtype=np.uint8)
    if width == 1:
        whole = values.astype(np.float64) - 128
    else:
        padded = np.zeros((len(values) // width, 4), dtype=np.uint8)
        padded[:, 4 - width :] = values.reshape(-1, width)
        whole = (padded.view("<i4")[:, 0] >> (32 - 8 * width)).astype(np.float64)
    samples = np.clip(whole / _FULL[8 * width], -1, 1).astype(np.float32)
    return samples.reshape(-1, n_channels), rate
