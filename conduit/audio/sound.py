"""Sound: rendered audio as a value that a notebook plays."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conduit.audio.formats import encoded
from conduit.audio.loudness import loudness_lufs
from conduit.audio.wav import decode_wav, encode_wav
from conduit.errors import SetupError

__all__ = ["PREVIEW_BYTES", "Sound"]

PREVIEW_BYTES = 256 * 1024
"""Size of a preview unless asked otherwise."""

_PLAYER_BYTES = 4 * 2**20
_HEADER_BYTES = 44
_FADE_S = 1.5
# Rates are whole parts of the sound's; the last is for long sounds, whose previews are shortened.
_PREVIEW_FORMATS = ((2, 16), (3, 16), (4, 16), (4, 8))


@dataclass(frozen=True, eq=False)
class Sound:
    """Stereo audio.

    Attributes:
        samples: Shape ``(n_frames, 2)``, float32 within [-1, 1]; read-only.
        sample_rate_hz: Frames in a second.
        engine: What rendered it.

    Raises:
        ValueError: The samples have another shape, or exceed [-1, 1].
    """

    samples: NDArray[np.float32]
    sample_rate_hz: int
    engine: str = ""

    def __post_init__(self) -> None:
        shape = self.samples.shape
        if len(shape) != 2 or shape[1] != 2:
            raise ValueError(f"samples of shape {shape} are not stereo: (n_frames, 2)")
        if len(self.samples) and not -1 <= self.samples.min() <= self.samples.max() <= 1:
            raise ValueError("samples must be finite and within [-1, 1]")
        self.samples.flags.writeable = False

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate_hz

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the samples, ``(n_frames, 2)``."""
        return self.samples.shape

    @cached_property
    def digest(self) -> str:
        """A hash of the samples and their rate, 16 hexadecimal digits."""
        content = f"{self.sample_rate_hz} ".encode() + np.ascontiguousarray(self.samples).tobytes()
        return hashlib.blake2b(content, digest_size=8).hexdigest()

    @cached_property
    def loudness_lufs(self) -> float:
        """Integrated loudness by ITU-R BS.1770, at least -70."""
        return loudness_lufs(self.samples.T, sample_rate_hz=self.sample_rate_hz)

    def wav(self) -> bytes:
        """Give a WAV file: 16-bit PCM, stereo."""
        return encode_wav(self.samples, sample_rate_hz=self.sample_rate_hz)

    def save(self, path: str | Path, *, bits: int = 16) -> Path:
        """Write a sound file: WAV, or by the end of its name FLAC (``.flac``) or Ogg Vorbis (``.ogg``).

        Args:
            path: Where to.
            bits: 16 or 24 a sample, for WAV and FLAC.

        Raises:
            SetupError: The file cannot be written, its name is that of another kind of file, or the package
                ``soundfile``, which FLAC and Ogg need, is missing.
            ValueError: Another number of bits.
        """
        target = Path(path).expanduser()
        data = encoded(self.samples, sample_rate_hz=self.sample_rate_hz, suffix=target.suffix, bits=bits)
        try:
            target.write_bytes(data)
        except OSError as error:
            raise SetupError(
                f"cannot write {target}: {error.strerror}; choose a folder that exists and is yours"
            ) from error
        return target

    @classmethod
    def load(cls, path: str | Path) -> Sound:
        """Read a WAV file, mono or stereo.

        Raises:
            SetupError: There is no such file.
            ValueError: It is not a WAV file of PCM samples.
        """
        source = Path(path).expanduser()
        try:
            data = source.read_bytes()
        except OSError as error:
            raise SetupError(
                f"cannot read {source}: {error.strerror}; give the path of a WAV file"
            ) from error
        samples, rate = decode_wav(data)
        stereo = samples[:, :2] if samples.shape[1] > 1 else np.repeat(samples, 2, axis=1)
        return cls(np.ascontiguousarray(stereo), rate, "file")

    def preview(self, *, max_bytes: int = PREVIEW_BYTES) -> bytes:
        """Give a small mono WAV for the record that a saved notebook keeps.

        Quality goes down in steps until it fits (22,050 Hz in 16 bits first, 11,025 Hz in 8 bits last); what
        is still too long is cut, with a fade.

        Args:
            max_bytes: Size of the file at most, at least 1,024.
        """
        if max_bytes < 1024:
            raise ValueError(f"a preview of {max_bytes} bytes cannot be: give at least 1024")
        mono = self.samples.mean(axis=1)
        room = max_bytes - _HEADER_BYTES
        formats = ((step, bits) for step, bits in _PREVIEW_FORMATS if _n_bytes(len(mono), step, bits) <= room)
        step, bits = next(formats, _PREVIEW_FORMATS[-1])
        n_frames = min(len(mono), (room * 8 // bits - 1) * step)
        short = np.array(mono[:n_frames])
        if n_frames < len(mono):
            n_fade = min(n_frames, int(_FADE_S * self.sample_rate_hz))
            short[n_frames - n_fade :] *= np.linspace(1, 0, n_fade, dtype=np.float32)
        return encode_wav(
            _decimated(short, step)[:, None], sample_rate_hz=self.sample_rate_hz // step, bits=bits
        )

    def _repr_html_(self) -> str:
        """Show a player; sounds over 4 MiB are played in preview quality."""
        whole = _HEADER_BYTES + len(self.samples) * 4 <= _PLAYER_BYTES
        data = base64.b64encode(self.wav() if whole else self.preview(max_bytes=_PLAYER_BYTES)).decode(
            "ascii"
        )
        return f'<audio controls src="data:audio/wav;base64,{data}"></audio>'

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:  # noqa: FBT001  numpy's
        return np.array(self.samples, dtype=dtype, copy=copy)

    def __len__(self) -> int:
        return len(self.samples)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sound) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"<Sound {self.duration_s:.2f} s, {self.sample_rate_hz} Hz, {self.engine or 'no engine'}>"


def _n_bytes(n_frames: int, step: int, bits: int) -> int:
    return (n_frames // step + 1) * bits // 8


def _decimated(mono: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    """Keep every ``step``-th frame, after a windowed-sinc low-pass at 90 % of the new band."""
    if not len(mono):
        return mono
    reach = 16 * step
    n = np.arange(-reach, reach + 1)
    kernel = np.sinc(n * 0.9 / step) * np.hanning(len(n))
    smooth = np.convolve(mono, (kernel / kernel.sum()).astype(np.float32))[reach : reach + len(mono)]
    return smooth[::step].astype(np.float32)
