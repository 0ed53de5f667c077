"""The engine that is always there: six synthesised instruments and a drum kit, with numpy alone.

The same notes give the same samples every time.
"""

from __future__ import annotations

from functools import partial

from conduit.audio.kit import drum_of
from conduit.audio.patches import PATCHES
from conduit.audio.voice import Bodies, Stereo, Voice, body_frames
from conduit.music import DRUMS

__all__ = ["Synth"]

_COLOURS = 8
_DRUM_COLOURS = 4
_REFERENCE_VELOCITY = 96
_VELOCITY_POWER = 1.4


class Synth:
    """Render notes with the built-in instruments."""

    def __init__(self) -> None:
        self._bodies = Bodies()

    @property
    def name(self) -> str:
        """The engine's name."""
        return "synth"

    def voices(self, instrument: str, pitch: int, *, velocity: int, held_s: float) -> tuple[Voice, ...]:
        """Give what sounds for one key, as ``Engine.voices`` says."""
        gain = (velocity / _REFERENCE_VELOCITY) ** _VELOCITY_POWER
        if instrument == DRUMS:
            return (self._drum(pitch, velocity, gain),)
        patch = PATCHES[instrument]
        n_frames = body_frames(held_s, release_s=patch.release_s)
        colour = _middle(velocity, _COLOURS)
        body = self._bodies.get(
            (instrument, pitch, colour, n_frames), partial(_play, instrument, pitch, colour, n_frames)
        )
        return (Voice(body, gain, patch.release_s),)

    def _drum(self, pitch: int, velocity: int, gain: float) -> Voice:
        drum = drum_of(pitch)
        colour = _middle(velocity, _DRUM_COLOURS)
        body = self._bodies.get((DRUMS, pitch, colour), partial(drum.body, colour / 127))
        return Voice(body, gain, choke=drum.choke)


def _play(instrument: str, pitch: int, velocity: int, n_frames: int) -> Stereo:
    patch = PATCHES[instrument]
    body = patch.play(pitch, velocity, n_frames)
    body *= 10 ** (patch.level_db / 20)
    return body


def _middle(velocity: int, n_buckets: int) -> int:
    """Give the middle of a velocity's bucket: the colour that its notes share."""
    width = 128 // n_buckets
    return velocity // width * width + width // 2
